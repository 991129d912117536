/// The sizes of a tensor's dimensions, outermost first.
///
/// A shape is a collection of at most eight `Int`s stored inline, so that making one never touches
/// the heap. It is written as an array literal: `[2, 3]`; `[]` is the shape of a single number.
public struct Shape: Sendable, RandomAccessCollection {
  /// The largest number of dimensions.
  public static let maximumRank = 8

  var dimensions: InlineArray<8, Int>
  /// The number of dimensions.
  public private(set) var rank: Int

  /// Makes a shape from sizes that a programmer wrote; a mistake in them stops the program.
  ///
  /// For sizes that come from outside, such as a file's header, use `init(exactly:)`.
  public init(_ dimensions: some Sequence<Int>) {
    self.init(unchecked: dimensions)
    if let problem { programmingError("Shape", problem) }
  }

  /// Makes a shape, or nil if there is no tensor of these dimensions.
  ///
  /// There is none of more than eight dimensions, a negative size, or more elements than an `Int`
  /// counts.
  public init?(exactly dimensions: [Int]) {
    guard dimensions.count <= Self.maximumRank else { return nil }
    self.init(unchecked: dimensions)
    if problem != nil { return nil }
  }

  init(unchecked dimensions: some Sequence<Int>) {
    self.dimensions = InlineArray(repeating: 1)
    rank = 0
    for size in dimensions { append(size) }
  }

  init(repeating size: Int, count: Int) {
    dimensions = InlineArray(repeating: size)
    rank = count
  }

  init(_ dimensions: InlineArray<8, Int>, rank: Int) {
    self.dimensions = dimensions
    self.rank = rank
  }

  /// What is wrong with the sizes, or nil.
  var problem: String? {
    var count = 1
    for size in self where size < 0 {
      let hint = size == -1 ? "; for what is left write reshaped(-1, ...) without brackets" : ""
      return "\(self) has the negative size \(size)\(hint)"
    }
    for size in self where size != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow { return "\(self) has more elements than an Int can count" }
      count = product
    }
    return nil
  }

  mutating func append(_ size: Int) {
    if rank == Self.maximumRank {
      programmingError("Shape", "a tensor has at most \(Self.maximumRank) dimensions")
    }
    dimensions[rank] = size
    rank += 1
  }

  mutating func insert(_ size: Int, at axis: Int) {
    append(size)
    var at = rank - 1
    while at > axis {
      dimensions[at] = dimensions[at - 1]
      at -= 1
    }
    dimensions[axis] = size
  }

  mutating func swapAt(_ a: Int, _ b: Int) { dimensions.swapAt(a, b) }

  mutating func remove(at axis: Int) {
    for at in axis..<rank - 1 { dimensions[at] = dimensions[at + 1] }
    rank -= 1
  }

  /// The number of elements: the product of the sizes.
  public var elementCount: Int {
    var count = 1
    for axis in 0..<rank { count &*= dimensions[axis] }
    return count
  }

  /// The strides, in elements, of a row-major array of this shape.
  var rowMajorStrides: Shape {
    var strides = Shape(repeating: 1, count: rank)
    var step = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      strides.dimensions[axis] = step
      step &*= Swift.max(dimensions[axis], 1)
    }
    return strides
  }

  // MARK: Collection

  /// Always 0.
  public var startIndex: Int { 0 }
  /// The rank.
  public var endIndex: Int { rank }
  /// The size of one dimension; a negative number counts from the end, as in `shape[-1]`.
  public internal(set) subscript(axis: Int) -> Int {
    get {
      guard let axis = normalized(axis: axis) else {
        programmingError("Shape", "\(self) has no axis \(axis)")
      }
      return dimensions[axis]
    }
    set { dimensions[axis] = newValue }
  }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible, Equatable, Hashable {
  /// `[2, 3]` is a shape.
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }

  /// Two shapes are equal when they have the same rank and the same sizes.
  public static func == (a: Shape, b: Shape) -> Bool {
    guard a.rank == b.rank else { return false }
    for axis in 0..<a.rank where a.dimensions[axis] != b.dimensions[axis] { return false }
    return true
  }

  /// Hashes the sizes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for size in self { hasher.combine(size) }
  }

  /// The sizes in brackets, such as `[2, 3]`.
  public var description: String { "[\(map(String.init).joined(separator: ", "))]" }
}

extension Shape {
  /// The shape two operands have after broadcasting, or nil where they do not fit.
  ///
  /// NumPy's rule: shapes are aligned at their last axes; a missing axis or one of size 1 is
  /// stretched.
  func broadcast(with other: Shape) -> Shape? {
    if self == other { return self }
    var result = Shape(repeating: 1, count: Swift.max(rank, other.rank))
    for back in 1...Swift.max(result.rank, 1) where back <= result.rank {
      let a = back <= rank ? dimensions[rank - back] : 1
      let b = back <= other.rank ? other.dimensions[other.rank - back] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result.dimensions[result.rank - back] = a == 1 ? b : a
    }
    return result
  }

  /// The axis as a number from 0, where a negative axis counts from the end; nil if there is none.
  func normalized(axis: Int) -> Int? {
    let at = axis < 0 ? axis &+ rank : axis
    return at >= 0 && at < rank ? at : nil
  }
}
