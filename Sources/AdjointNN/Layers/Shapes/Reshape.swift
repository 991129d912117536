import Adjoint

/// Gives the elements of each example another shape; the batch axis stays.
///
/// Shapes: `[batch, ...]` becomes `[batch] + sizes`, as Keras's `Reshape`; one size may be -1.
public final class Reshape: SavableLayer, ConfiguredLayer {
  /// The sizes of the axes after the batch.
  public let sizes: [Int]

  /// A layer that gives examples another shape.
  /// - Parameter sizes: the sizes after the batch axis; one may be -1, which becomes what is left.
  public init(_ sizes: [Int], file: StaticString = #fileID, line: UInt = #line) {
    self.sizes = Self.checked(Settings(sizes: sizes), file, line).sizes
  }

  /// The sizes.
  public var details: [String] { ["\(sizes)"] }

  /// The elements in the other shape.
  public func forward(_ x: Tensor) -> Tensor {
    guard let batch = x.shape.first else { fail("needs an input with a batch axis, not a number") }
    let elements = x.shape.dropFirst().reduce(1, *)
    guard let sizes = fillingSizes(sizes, elements) else {
      fail("the \(elements) elements of each example of \(x.shape) do not make \(sizes)")
    }
    return x.reshaped(Shape([batch] + sizes))
  }

  struct Settings: Codable { let sizes: [Int] }
  var settings: Settings { Settings(sizes: sizes) }
  static func problem(with settings: Settings) -> String? {
    problem(withSizes: settings.sizes, limit: Shape.maximumRank - 1)
  }
  init(decoded settings: Settings) { sizes = settings.sizes }
}

extension Layer {
  /// Why these cannot be the sizes of axes, one of which may be -1; nil if they can.
  static func problem(withSizes sizes: [Int], limit: Int) -> String? {
    let known = sizes.filter { $0 != -1 }
    return firstProblem(
      unless(sizes.count <= limit, "\(sizes) has more than \(limit) axes"),
      unless(sizes.count - known.count <= 1, "only one of the sizes \(sizes) may be -1"),
      unless(Shape(exactly: known) != nil, "\(sizes) are no sizes of axes"))
  }

  /// The sizes with the one that is -1 computed; nil if they are not those of so many elements.
  func fillingSizes(_ sizes: [Int], _ count: Int) -> [Int]? {
    let known = sizes.filter { $0 != -1 }.reduce(1, *)
    guard let free = sizes.firstIndex(of: -1) else { return known == count ? sizes : nil }
    guard known > 0, count % known == 0 else { return nil }
    var filled = sizes
    filled[free] = count / known
    return filled
  }
}
