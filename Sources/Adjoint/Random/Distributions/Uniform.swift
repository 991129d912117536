/// The uniform distribution over `[lower, upper)`.
public struct Uniform: Distribution {
  /// The smallest value.
  public let lower: Tensor
  /// The bound that values stay below.
  public let upper: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A uniform distribution for each element of the parameters.
  public init(
    lower: Tensor, upper: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    let found = parameters(
      "Uniform", [("lower", lower, .real), ("upper", upper, .real)], file, line)
    (self.lower, self.upper) = (found[0], found[1])
    checkOrder("Uniform", found[0], found[1], file, line)
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { lower.shape }
  /// The expectation.
  public var mean: Tensor { 0.5 * (lower + upper) }
  /// The variance of each element of a draw.
  public var variance: Tensor { square(upper - lower) / 12 }
  /// The entropy, in nats.
  public var entropy: Tensor { log(upper - lower) }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let unit = Tensor.uniform(sampleShape(shape), dtype: lower.dtype, using: &generator)
    return lower + (upper - lower) * unit
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(lower)
    let inside = (value .>= lower) .& (value .< upper)
    return (-log(upper - lower)).orImpossible(unless: inside)
  }
}
