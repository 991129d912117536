/// Student's t distribution.
///
/// A normal number over the root of an independent chi-squared one that is divided by its degrees of
/// freedom. Gradients flow through samples to all parameters, to the degrees of freedom once only.
public struct StudentT: Distribution {
  /// The degrees of freedom: the smaller, the heavier the tails.
  public let degreesOfFreedom: Tensor
  /// The median and mode.
  public let location: Tensor
  /// The scale.
  public let scale: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A t distribution for each element of the parameters.
  public init(
    degreesOfFreedom: Tensor, location: Tensor = 0, scale: Tensor = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let found = parameters(
      "StudentT",
      [
        ("degreesOfFreedom", degreesOfFreedom, .positive), ("location", location, .real),
        ("scale", scale, .positive),
      ], file, line)
    (self.degreesOfFreedom, self.location, self.scale) = (found[0], found[1], found[2])
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { location.shape }
  /// The location, for more than one degree of freedom.
  public var mean: Tensor { `where`(degreesOfFreedom .> 1, location, Tensor(floatLiteral: .nan)) }

  /// The variance of each element of a draw.
  public var variance: Tensor {
    let n = degreesOfFreedom
    let finite = square(scale) * (n / `where`(n .> 2, n - 2, 1))
    let infinite = `where`(n .> 1, Tensor.infinity, Tensor(floatLiteral: .nan))
    return `where`(n .> 2, finite, infinite.cast(to: n.dtype))
  }

  /// The entropy, in nats.
  public var entropy: Tensor {
    let n = degreesOfFreedom
    let half = 0.5 * (n + 1)
    return log(scale) + half * (digamma(half) - digamma(0.5 * n))
      + logBeta(0.5 * n, n.filled(with: 0.5))
      + 0.5 * log(n)
  }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let sizes = sampleShape(shape)
    let noise = Tensor.normal(sizes, dtype: location.dtype, using: &generator)
    let half = 0.5 * degreesOfFreedom
    let power = Tensor.logGammaDraw(sizes, half, using: &generator)
    // The root of the quotient, from logarithms: a power that underflows is no division by zero.
    return location + scale * (noise * exp(0.5 * (log(half) - power)))
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(location)
    let n = degreesOfFreedom
    let distance = (value - location) / scale
    return -0.5 * (n + 1) * log1p(square(distance) / n) - 0.5 * log(n) - log(scale)
      - logBeta(0.5 * n, n.filled(with: 0.5))
  }
}
