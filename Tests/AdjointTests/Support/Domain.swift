import Adjoint

/// Where a function is tried: random points that keep away from its kinks and poles.
struct Domain: Sendable {
  /// The elements for input number `input`.
  private let sample: @Sendable (_ input: Int, _ shape: Shape, inout Generator) -> Tensor

  /// Random `float64` tensors of the given shapes, the same for the same seed.
  func inputs(_ shapes: [Shape], seed: UInt64 = 3) -> [Tensor] {
    var generator = Generator(seed: seed)
    return shapes.enumerated().map { sample($0, $1, &generator) }
  }

  static func uniform(_ range: ClosedRange<Double>) -> Domain {
    Domain { _, shape, generator in
      Tensor.uniform(shape, in: range, dtype: .float64, using: &generator)
    }
  }

  static let everywhere = uniform(-2...2)
  static let positive = uniform(0.3...2.5)
  /// Inside (-1, 1), for inverse sine and cosine.
  static let unit = uniform(-0.8...0.8)

  /// Of either sign, at least 0.3 from zero.
  static let offZero = Domain { _, shape, generator in
    let sizes = Tensor.uniform(shape, in: 0.3...2, dtype: .float64, using: &generator)
    return `where`(Tensor.bernoulli(shape, probability: 0.5, using: &generator), sizes, -sizes)
  }

  /// At least 0.1 from every integer and every half.
  static let betweenHalves = Domain { _, shape, generator in
    let halves = Tensor.uniform(shape, in: -6...6, dtype: .float64, using: &generator)
    let fractions = Tensor.uniform(shape, in: 0.1...0.4, dtype: .float64, using: &generator)
    return floor(halves) * 0.5 + fractions
  }

  /// All elements of all inputs at least 0.05 apart.
  static let distinct = Domain { input, shape, generator in
    let order = Tensor.permutation(shape.elementCount, using: &generator).cast(to: .float64)
    let start = 0.11 * Double(input) - 0.1 * Double(shape.elementCount)
    return (order * 0.25 + Tensor(start, dtype: .float64)).reshaped(shape)
  }

  /// The first input from one domain, the others from another.
  static func first(_ first: Domain, others: Domain) -> Domain {
    Domain { input, shape, generator in
      (input == 0 ? first : others).sample(input, shape, &generator)
    }
  }
}
