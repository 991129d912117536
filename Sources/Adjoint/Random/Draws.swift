import CAdjoint

extension Tensor {
  /// A random instruction over `shape`, waiting like any elementwise result.
  private static func draw(
    _ op: adj_op, _ shape: Shape, _ dtype: DType, _ generator: inout Generator, _ name: String,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if !dtype.isFloatingPoint {
      programmingError(
        name, "draws floating numbers, not \(dtype); cast the result", file: file, line: line)
    }
    let perBlock = dtype == .float32 ? 4 : 2
    let counter = generator.reserve((shape.elementCount + perBlock - 1) / perBlock)
    let expression = Expression(op, key: generator.seed, counter: counter)
    return Tensor(deferred(expression, shape: shape, dtype: dtype))
  }

  /// Numbers drawn uniformly from `[range.lowerBound, range.upperBound)`.
  public static func uniform(
    _ shape: Shape, in range: ClosedRange<Double> = 0...1, dtype: DType = .float32,
    using generator: inout Generator, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let unit = draw(ADJ_UNIFORM, shape, dtype, &generator, "uniform", file, line)
    if range == 0...1 { return unit }
    let width = Tensor(range.upperBound - range.lowerBound, dtype: dtype)
    return unit * width + Tensor(range.lowerBound, dtype: dtype)
  }

  /// Numbers drawn from the normal distribution.
  public static func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32,
    using generator: inout Generator, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let standard = draw(ADJ_NORMAL, shape, dtype, &generator, "normal", file, line)
    if mean == 0 && standardDeviation == 1 { return standard }
    return standard * Tensor(standardDeviation, dtype: dtype) + Tensor(mean, dtype: dtype)
  }

  /// Bools that are true with the given probability.
  public static func bernoulli(
    _ shape: Shape, probability: Double, using generator: inout Generator,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if !(0...1).contains(probability) {
      programmingError("bernoulli", "\(probability) is no probability", file: file, line: line)
    }
    let unit = draw(ADJ_UNIFORM, shape, .float32, &generator, "bernoulli", file, line)
    return unit .< Tensor(probability)
  }

  /// The integers `0 ..< count` in random order, as `int64`; every order is equally likely.
  public static func permutation(_ count: Int, using generator: inout Generator) -> Tensor {
    Tensor(Array(0..<Swift.max(count, 0)).shuffled(using: &generator))
  }

  // MARK: From the scoped default generator

  /// Numbers drawn uniformly, from the generator of `withGenerator(seed:)`.
  public static func uniform(
    _ shape: Shape, in range: ClosedRange<Double> = 0...1, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Generator.current.draw {
      uniform(shape, in: range, dtype: dtype, using: &$0, file: file, line: line)
    }
  }

  /// Normally distributed numbers, from the generator of `withGenerator(seed:)`.
  public static func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, dtype: DType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Generator.current.draw {
      normal(
        shape, mean: mean, standardDeviation: standardDeviation, dtype: dtype, using: &$0,
        file: file, line: line)
    }
  }

  /// Bools that are true with the given probability, from the generator of `withGenerator(seed:)`.
  public static func bernoulli(
    _ shape: Shape, probability: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    Generator.current.draw {
      bernoulli(shape, probability: probability, using: &$0, file: file, line: line)
    }
  }

  /// The integers `0 ..< count` in random order, from the generator of `withGenerator(seed:)`.
  public static func permutation(_ count: Int) -> Tensor {
    Generator.current.draw { permutation(count, using: &$0) }
  }
}

/// Zeroes each element with probability `rate` and scales the rest by 1 / (1 - rate).
///
/// The expectation of the result is `x` ("inverted" dropout: nothing is to be done at inference). The
/// mask is not stored: the backward pass draws it again from the same place of the random stream.
///
/// Source: Srivastava et al., "Dropout", JMLR 15 (2014).
public func dropout(
  _ x: Tensor, rate: Double, using generator: inout Generator, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  if !x.dtype.isFloatingPoint || !(0..<1).contains(rate) {
    programmingError(
      "dropout", "needs a floating tensor and a rate in 0 ..< 1, not \(x.dtype) and \(rate)",
      file: file, line: line)
  }
  if rate == 0 { return x }
  let start = generator
  let shape = x.shape
  @Sendable func masked(_ x: Tensor) -> Tensor {
    var replay = start
    let kept = Tensor.bernoulli(shape, probability: 1 - rate, using: &replay)
    return `where`(kept, x * Tensor(1 / (1 - rate), dtype: x.dtype), 0)
  }
  _ = generator.reserve((shape.elementCount + 3) / 4)
  // The mask is constant, so the derivative is the function itself.
  let result = masked(x.detached)
  guard x.isTracked else { return result }
  return result.recorded("dropout", x) { masked($0) }
}

/// Dropout with the scoped default generator; see the variant that takes one.
public func dropout(
  _ x: Tensor, rate: Double, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  Generator.current.draw { dropout(x, rate: rate, using: &$0, file: file, line: line) }
}
