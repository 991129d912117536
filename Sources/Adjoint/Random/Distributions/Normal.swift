import CAdjoint

/// log(2 pi) / 2.
let halfLogTwoPi: Double = 0.91893853320467274178
/// (1 + log(2 pi)) / 2: the entropy of the standard normal distribution.
let normalEntropy: Double = 1.41893853320467274178

/// The normal distribution.
///
/// Density: exp(-((x - mean) / s)^2 / 2) / (s sqrt(2 pi)). Samples are mean + s * noise, so gradients
/// flow through them.
public struct Normal: Distribution {
  /// The expectation.
  public let mean: Tensor
  /// The standard deviation.
  public let standardDeviation: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A normal distribution for each element of the parameters.
  public init(
    mean: Tensor, standardDeviation: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    let found = parameters(
      "Normal",
      [("mean", mean, .real), ("standardDeviation", standardDeviation, .positive)], file, line)
    (self.mean, self.standardDeviation) = (found[0], found[1])
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { mean.shape }
  /// The variance of each element of a draw.
  public var variance: Tensor { square(standardDeviation) }
  /// The entropy, in nats.
  public var entropy: Tensor { log(standardDeviation) + normalEntropy }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let noise = Tensor.normal(sampleShape(shape), dtype: mean.dtype, using: &generator)
    return noise * standardDeviation + mean
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(mean)
    let distance = (value - mean) / standardDeviation
    return -0.5 * square(distance) - log(standardDeviation) - halfLogTwoPi
  }
}

/// The distribution of e^x for a normal x.
///
/// `logMean` and `logStandardDeviation` are those of the logarithm.
public struct LogNormal: Distribution {
  /// The distribution of the logarithm.
  public let logarithm: Normal
  /// Always true.
  public static let isReparameterized = true

  /// A log-normal distribution for each element of the parameters.
  public init(
    logMean: Tensor, logStandardDeviation: Tensor, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let found = parameters(
      "LogNormal",
      [("logMean", logMean, .real), ("logStandardDeviation", logStandardDeviation, .positive)],
      file, line)
    logarithm = Normal(mean: found[0], standardDeviation: found[1], file: file, line: line)
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { logarithm.batchShape }
  /// The expectation.
  public var mean: Tensor { exp(logarithm.mean + 0.5 * logarithm.variance) }
  /// The variance of each element of a draw.
  public var variance: Tensor { expm1(logarithm.variance) * square(mean) }
  /// The entropy, in nats.
  public var entropy: Tensor { logarithm.entropy + logarithm.mean }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    exp(logarithm.sample(shape, using: &generator))
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(logarithm.mean)
    let inside = value .> 0
    let logValue = log(`where`(inside, value, 1))
    return (logarithm.logProbability(of: logValue) - logValue).orImpossible(unless: inside)
  }
}

/// The normal distribution of x, given that `lower` <= x <= `upper`.
///
/// `location` and `scale` are the mean and the standard deviation before the cut; either bound may be
/// infinite. Samples come from rejection, also far out in a tail, and carry no gradient.
public struct TruncatedNormal: Distribution {
  /// The mean before the cut.
  public let location: Tensor
  /// The standard deviation before the cut.
  public let scale: Tensor
  /// The smallest value.
  public let lower: Tensor
  /// The largest value.
  public let upper: Tensor
  /// Always false: samples come from rejection.
  public static let isReparameterized = false

  /// A truncated normal distribution for each element of the parameters.
  public init(
    location: Tensor, scale: Tensor, lower: Tensor, upper: Tensor, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let found = parameters(
      "TruncatedNormal",
      [
        ("location", location, .real), ("scale", scale, .positive), ("lower", lower, .notNaN),
        ("upper", upper, .notNaN),
      ], file, line)
    (self.location, self.scale) = (found[0], found[1])
    (self.lower, self.upper) = (found[2], found[3])
    checkOrder("TruncatedNormal", found[2], found[3], file, line)
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { location.shape }

  /// The bounds in standard deviations from the location.
  private var bounds: (Tensor, Tensor) {
    ((lower - location) / scale, (upper - location) / scale)
  }

  /// The probability of the range before the cut, from the tail that loses no digits.
  private var mass: Tensor {
    let (a, b) = bounds
    let root = 0.7071067811865476
    let isUpperTail = a .> 0
    let near = `where`(isUpperTail, a, -b)
    let far = `where`(isUpperTail, b, -a)
    return 0.5 * (erfc(near * root) - erfc(far * root))
  }

  /// The standard normal density at a bound, and the bound times it: 0 at infinity.
  private func ends(_ bound: Tensor) -> (density: Tensor, product: Tensor) {
    let isFinite = abs(bound) .< .infinity
    let finite = `where`(isFinite, bound, 0)
    let density = `where`(isFinite, exp(-0.5 * square(finite) - halfLogTwoPi), 0)
    return (density, finite * density)
  }

  /// The expectation.
  public var mean: Tensor {
    let (a, b) = bounds
    return location + scale * ((ends(a).density - ends(b).density) / mass)
  }

  /// The variance of each element of a draw.
  public var variance: Tensor {
    let (a, b) = (ends(bounds.0), ends(bounds.1))
    let z = mass
    let shift = (a.density - b.density) / z
    return square(scale) * (1 + (a.product - b.product) / z - square(shift))
  }

  /// The entropy, in nats.
  public var entropy: Tensor {
    let (a, b) = (ends(bounds.0), ends(bounds.1))
    let z = mass
    return log(scale * z) + normalEntropy + 0.5 * ((a.product - b.product) / z)
  }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let (a, b) = bounds
    let noise = Tensor.sampled(
      ADJ_DRAW_TRUNCATED, sampleShape(shape), a, b, using: &generator)
    // Rounding must not leave the range.
    return minimum(maximum(noise * scale + location, lower), upper).detached
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(location)
    let distance = (value - location) / scale
    let density = -0.5 * square(distance) - log(scale * mass) - halfLogTwoPi
    return density.orImpossible(unless: (value .>= lower) .& (value .<= upper))
  }
}

/// Checks that lower bounds lie below upper ones.
func checkOrder(
  _ distribution: String, _ lower: Tensor, _ upper: Tensor, _ file: StaticString, _ line: UInt
) {
  let fine = (lower.detached .< upper.detached).cast(to: .uint8)
  if lower.elementCount == 0 || fine.min().scalar == 1 { return }
  let at = Int(fine.argMin().scalar)
  programmingError(
    distribution,
    "lower must be less than upper, but \(lower.scalars[at]) is not less than \(upper.scalars[at])",
    file: file, line: line)
}
