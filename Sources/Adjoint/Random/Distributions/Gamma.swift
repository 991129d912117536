/// The gamma distribution.
///
/// Density: rate^a x^(a - 1) exp(-rate x) / gamma(a). Samples come from rejection (Marsaglia and
/// Tsang, 2000); gradients flow through them to both parameters, once: see ``Distribution``.
public struct Gamma: Distribution {
  /// The shape parameter a.
  public let concentration: Tensor
  /// The inverse of the scale.
  public let rate: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A gamma distribution for each element of the parameters.
  public init(
    concentration: Tensor, rate: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    let found = parameters(
      "Gamma", [("concentration", concentration, .positive), ("rate", rate, .positive)], file, line)
    (self.concentration, self.rate) = (found[0], found[1])
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { concentration.shape }
  /// The expectation.
  public var mean: Tensor { concentration / rate }
  /// The variance of each element of a draw.
  public var variance: Tensor { concentration / square(rate) }
  /// The entropy, in nats.
  public var entropy: Tensor {
    concentration - log(rate) + lgamma(concentration) + (1 - concentration) * digamma(concentration)
  }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    exp(Tensor.logGammaDraw(sampleShape(shape), concentration, using: &generator)) / rate
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(concentration)
    let inside = value .> 0
    let x = `where`(inside, value, 1)
    let density =
      concentration * log(rate) + (concentration - 1) * log(x) - rate * x - lgamma(concentration)
    return density.orImpossible(unless: inside)
  }
}

/// The chi-squared distribution: the sum of the squares of n standard normal numbers.
public struct ChiSquared: Distribution {
  /// The number n; it need not be whole.
  public let degreesOfFreedom: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A chi-squared distribution for each element of the parameter.
  public init(degreesOfFreedom: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    self.degreesOfFreedom =
      parameters(
        "ChiSquared", [("degreesOfFreedom", degreesOfFreedom, .positive)], file, line)[0]
  }

  /// The same as a gamma distribution.
  private var gamma: Gamma { Gamma(concentration: 0.5 * degreesOfFreedom, rate: 0.5) }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { degreesOfFreedom.shape }
  /// The expectation.
  public var mean: Tensor { degreesOfFreedom }
  /// The variance of each element of a draw.
  public var variance: Tensor { 2 * degreesOfFreedom }
  /// The entropy, in nats.
  public var entropy: Tensor { gamma.entropy }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    gamma.sample(shape, using: &generator)
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor { gamma.logProbability(of: value) }
}

/// The exponential distribution: the waiting time for an event that comes `rate` times per unit.
///
/// Density: rate exp(-rate x).
public struct Exponential: Distribution {
  /// The inverse of the mean.
  public let rate: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// An exponential distribution for each element of the parameter.
  public init(rate: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    self.rate = parameters("Exponential", [("rate", rate, .positive)], file, line)[0]
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { rate.shape }
  /// The expectation.
  public var mean: Tensor { 1 / rate }
  /// The variance of each element of a draw.
  public var variance: Tensor { 1 / square(rate) }
  /// The entropy, in nats.
  public var entropy: Tensor { 1 - log(rate) }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    exponentialNoise(sampleShape(shape), rate.dtype, using: &generator) / rate
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(rate)
    return (log(rate) - rate * value).orImpossible(unless: value .>= 0)
  }
}
