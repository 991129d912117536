import Adjoint

/// The order in which a ``Loader`` takes the examples of one epoch.
///
/// ```swift
/// Loader(dataset, batchSize: 128, sampler: .shuffled)
/// Loader(dataset, batchSize: 128, sampler: .weighted(weights))
/// Loader(dataset, batchSize: 128, sampler: Sampler { count, _ in Array((0..<count).reversed()) })
/// ```
public struct Sampler: Sendable {
  typealias Site = (file: StaticString, line: UInt)
  private let drawnCount: Int?
  private let draw: @Sendable (_ count: Int, inout Generator, Site) -> [Int]

  /// An order of one's own: indices in `0 ..< count` for a dataset of `count` examples.
  /// - Parameters:
  ///   - drawnCount: how many indices it gives; nil for as many as there are examples.
  ///   - order: gives the indices; it must depend on nothing but its arguments.
  public init(
    drawnCount: Int? = nil,
    order: @escaping @Sendable (_ count: Int, _ generator: inout Generator) -> [Int]
  ) {
    self.drawnCount = drawnCount
    draw = { count, generator, _ in order(count, &generator) }
  }

  private init(
    drawnCount: Int?, draw: @escaping @Sendable (Int, inout Generator, Site) -> [Int]
  ) {
    (self.drawnCount, self.draw) = (drawnCount, draw)
  }

  /// First to last.
  public static let sequential = Sampler { count, _ in Array(0..<count) }

  /// Every example once, in random order.
  public static let shuffled = Sampler { count, generator in
    Array(0..<count).shuffled(using: &generator)
  }

  /// Examples drawn with replacement, each as often on average as its weight says.
  /// - Parameters:
  ///   - weights: one for each example, finite and not negative, in any scale.
  ///   - drawnCount: how many are drawn; nil for as many as there are examples.
  public static func weighted(_ weights: [Double], drawnCount: Int? = nil) -> Sampler {
    let tensor = Tensor(weights, dtype: .float64)
    return Sampler(drawnCount: drawnCount) { count, generator, site in
      if weights.count != count {
        programmingError(
          "Sampler", "\(weights.count) weights for \(count) examples", file: site.file,
          line: site.line)
      }
      return Tensor.arange(count).choice(
        drawnCount ?? count, replacing: true, weights: tensor, using: &generator, file: site.file,
        line: site.line
      ).scalars(as: Int.self)
    }
  }

  /// Examples drawn with replacement, every class equally often on average however rare it is.
  /// - Parameters:
  ///   - labels: the class of each example, integers `[count]`.
  ///   - drawnCount: how many are drawn; nil for as many as there are examples.
  public static func balanced(by labels: Tensor, drawnCount: Int? = nil) -> Sampler {
    Sampler(drawnCount: drawnCount) { count, generator, site in
      let found = classes(labels, of: count, "Sampler", site.file, site.line)
      let weights = (0..<count).map { 1 / Double(found.sizes[found[$0]]) }
      return weighted(weights, drawnCount: drawnCount).draw(count, &generator, site)
    }
  }

  /// Every example once, in a random order that gives each batch its share of every class.
  ///
  /// It does so for batches of whatever size, as nearly as whole examples allow.
  /// - Parameters:
  ///   - labels: the class of each example, integers `[count]`.
  public static func stratified(by labels: Tensor) -> Sampler {
    Sampler(drawnCount: nil) { count, generator, site in
      let found = classes(labels, of: count, "Sampler", site.file, site.line)
      let order = Array(0..<count).shuffled(using: &generator)
      // Members of a class at equal distances on the way from 0 to 1; of equal places, which come in
      // groups where classes are of one size, the order of classes is random.
      let ranks = Array(found.sizes.indices).shuffled(using: &generator)
      var places: [(place: Double, rank: Int, example: Int)] = []
      places.reserveCapacity(count)
      for (number, members) in found.members(in: order).enumerated() {
        for (turn, example) in members.enumerated() {
          let place = (Double(turn) + 0.5) / Double(members.count)
          places.append((place, ranks[number], example))
        }
      }
      return places.sorted { ($0.place, $0.rank) < ($1.place, $1.rank) }.map(\.example)
    }
  }

  /// How many indices it gives for a dataset of `count` examples.
  func drawnCount(of count: Int) -> Int { drawnCount ?? count }

  /// The indices, checked: a function of `count` and the generator alone.
  func order(
    of count: Int, using generator: inout Generator, file: StaticString, line: UInt
  ) -> [Int] {
    let order = draw(count, &generator, (file, line))
    if order.count != drawnCount(of: count) {
      programmingError(
        "Sampler", "gave \(order.count) indices where \(drawnCount(of: count)) were announced",
        file: file, line: line)
    }
    if let wrong = order.first(where: { $0 < 0 || $0 >= count }) {
      programmingError(
        "Sampler", "gave the index \(wrong) for a dataset of \(count) examples", file: file,
        line: line)
    }
    return order
  }
}
