import Glibc

// Draws of integers, indices and orders.

extension Tensor {
  /// Integers drawn uniformly from a range, as `int64`.
  public static func integers(
    _ shape: Shape, in range: Range<Int>, using generator: inout Generator,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if range.isEmpty {
      programmingError("integers", "the range \(range) is empty", file: file, line: line)
    }
    let position = generator.reserve(shape.elementCount)
    return Tensor(
      Payload.integers(shape, in: range, seed: generator.seed, position: position))
  }

  /// Integers drawn uniformly, from the generator of `withGenerator(seed:)`.
  public static func integers(
    _ shape: Shape, in range: Range<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Generator.current.draw { integers(shape, in: range, using: &$0, file: file, line: line) }
  }

  /// The slices along an axis in random order; every order is equally likely.
  public func shuffled(
    axis: Int = 0, using generator: inout Generator, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    guard let at = shape.normalized(axis: axis) else {
      programmingError(
        "shuffled", "axis \(axis) is out of range for shape \(shape)", file: file, line: line)
    }
    return gathering(Tensor.permutation(shape[at], using: &generator), axis: at)
  }

  /// The slices along an axis in random order, from the generator of `withGenerator(seed:)`.
  public func shuffled(
    axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Generator.current.draw { shuffled(axis: axis, using: &$0, file: file, line: line) }
  }

  /// `count` of the slices along an axis, drawn at random.
  ///
  /// Without replacement a slice is drawn at most once, in random order: with weights, as if one
  /// after the other were drawn by the weights of what is left (Efraimidis and Spirakis, 2006).
  /// - Parameters:
  ///   - count: how many slices.
  ///   - axis: the axis of the slices.
  ///   - replacing: whether a slice may be drawn again.
  ///   - weights: one for each slice, not negative and in any scale; nil for equal ones.
  ///   - generator: where the randomness comes from.
  public func choice(
    _ count: Int, axis: Int = 0, replacing: Bool = false, weights: Tensor? = nil,
    using generator: inout Generator, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    func fail(_ message: String) -> Never {
      programmingError("choice", message, file: file, line: line)
    }
    guard let at = shape.normalized(axis: axis) else {
      fail("axis \(axis) is out of range for shape \(shape)")
    }
    let size = shape[at]
    if count < 0 || (count > 0 && size == 0) || (!replacing && count > size) {
      fail("cannot draw \(count) of \(size) slices \(replacing ? "with" : "without") replacement")
    }
    if let weights, !weights.dtype.isFloatingPoint || weights.shape != [size] {
      fail("needs [\(size)] floating weights, not \(weights.dtype) \(weights.shape)")
    }
    let values = weights?.scalars
    if let wrong = values?.first(where: { !($0 >= 0 && $0.isFinite) }) {
      fail("weights must be finite and not negative, but one is \(wrong)")
    }
    let available = values?.count { $0 > 0 } ?? size
    if available < (replacing ? Swift.min(count, 1) : count) {
      fail("only \(available) weights are positive, which is too few to draw \(count)")
    }
    return gathering(
      Tensor.chosen(count, of: size, replacing, weights?.detached, values, &generator), axis: at)
  }

  /// Randomly drawn slices, from the generator of `withGenerator(seed:)`.
  public func choice(
    _ count: Int, axis: Int = 0, replacing: Bool = false, weights: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Generator.current.draw {
      choice(
        count, axis: axis, replacing: replacing, weights: weights, using: &$0, file: file,
        line: line)
    }
  }

  private static func chosen(
    _ count: Int, of size: Int, _ replacing: Bool, _ weights: Tensor?, _ values: [Double]?,
    _ generator: inout Generator
  ) -> Tensor {
    if count == 0 { return Tensor([Int]()) }
    guard let weights, let values else {
      return replacing
        ? integers([count], in: 0..<size, using: &generator)
        : permutation(size, using: &generator)[..<count]
    }
    if replacing {
      let position = generator.reserve(count)
      return Tensor(
        weights.payload.sampledIndices([count], seed: generator.seed, position: position))
    }
    // The winners of a race with exponential times, whose rates are the weights.
    let times = uniform([size], dtype: .float64, using: &generator).scalars
    let arrivals = zip(times, values).map { $1 > 0 ? -log1p(-$0) / $1 : .infinity }
    let order = (0..<size).sorted { (arrivals[$0], $0) < (arrivals[$1], $1) }
    return Tensor(Array(order[..<count]))
  }
}
