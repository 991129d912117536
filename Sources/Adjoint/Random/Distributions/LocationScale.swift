// Families of one shape, moved by a location and stretched by a scale.

/// The Laplace distribution.
///
/// Density: exp(-|x - location| / scale) / (2 scale).
public struct Laplace: Distribution {
  /// The middle: mean, median and mode.
  public let location: Tensor
  /// The expectation of the distance from the location.
  public let scale: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A Laplace distribution for each element of the parameters.
  public init(
    location: Tensor, scale: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    (self.location, self.scale) = locationAndScale("Laplace", location, scale, file, line)
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { location.shape }
  /// The expectation.
  public var mean: Tensor { location }
  /// The variance of each element of a draw.
  public var variance: Tensor { 2 * square(scale) }
  /// The entropy, in nats.
  public var entropy: Tensor { log(scale) + 1.6931471805599453 }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    // In [-1, 1): 1 - |u| is 0 only for u = -1, where the logarithm would be infinite.
    let u = 2 * Tensor.uniform(sampleShape(shape), dtype: location.dtype, using: &generator) - 1
    let room = maximum(1 - abs(u), Tensor(floatLiteral: leastUniform(u.dtype)))
    return location - scale * (sign(u) * log(room))
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(location)
    return -(abs(value - location) / scale) - log(2 * scale)
  }
}

/// The Gumbel distribution, of the largest of many numbers.
///
/// Distribution function: exp(-exp(-(x - location) / scale)).
public struct Gumbel: Distribution {
  /// The mode.
  public let location: Tensor
  /// The scale.
  public let scale: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A Gumbel distribution for each element of the parameters.
  public init(
    location: Tensor, scale: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    (self.location, self.scale) = locationAndScale("Gumbel", location, scale, file, line)
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { location.shape }
  /// The expectation.
  public var mean: Tensor { location + scale * 0.57721566490153286 }
  /// The variance of each element of a draw.
  public var variance: Tensor { square(scale) * 1.6449340668482264 }
  /// The entropy, in nats.
  public var entropy: Tensor { log(scale) + 1.57721566490153286 }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    location
      - scale * log(exponentialNoise(sampleShape(shape), location.dtype, using: &generator))
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(location)
    let z = (location - value) / scale
    return z - exp(z) - log(scale)
  }
}

/// The Cauchy distribution, whose tails are so heavy that it has no mean.
///
/// Density: 1 / (pi scale (1 + ((x - location) / scale)^2)).
public struct Cauchy: Distribution {
  /// The median and mode.
  public let location: Tensor
  /// Half the distance between the quartiles.
  public let scale: Tensor
  /// Always true.
  public static let isReparameterized = true

  /// A Cauchy distribution for each element of the parameters.
  public init(
    location: Tensor, scale: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) {
    (self.location, self.scale) = locationAndScale("Cauchy", location, scale, file, line)
  }

  /// The shape of the parameters after broadcasting.
  public var batchShape: Shape { location.shape }
  /// The expectation.
  public var mean: Tensor { location.filled(with: .nan) }
  /// The variance of each element of a draw.
  public var variance: Tensor { location.filled(with: .nan) }
  /// The entropy, in nats.
  public var entropy: Tensor { log(scale) + 2.5310242469692907 }

  /// Independent draws of the shape `shape` + `batchShape`.
  public func sample(_ shape: Shape, using generator: inout Generator) -> Tensor {
    let unit = Tensor.uniform(sampleShape(shape), dtype: location.dtype, using: &generator)
    return location + scale * tan((unit - 0.5) * Double.pi)
  }

  /// The logarithm of the density.
  public func logProbability(of value: Tensor) -> Tensor {
    let value = value.matching(location)
    return -log1p(square((value - location) / scale)) - log(scale) - 1.1447298858494002
  }
}

private func locationAndScale(
  _ name: String, _ location: Tensor, _ scale: Tensor, _ file: StaticString, _ line: UInt
) -> (Tensor, Tensor) {
  let found = parameters(
    name, [("location", location, .real), ("scale", scale, .positive)], file, line)
  return (found[0], found[1])
}

/// Half the distance of two neighbouring uniform numbers: what stands for zero under a logarithm.
private func leastUniform(_ dtype: DType) -> Double { dtype == .float32 ? 0x1p-25 : 0x1p-54 }

/// Exponentially distributed numbers of rate 1, none of them 0.
func exponentialNoise(
  _ shape: Shape, _ dtype: DType, using generator: inout Generator
) -> Tensor {
  let unit = Tensor.uniform(shape, dtype: dtype, using: &generator)
  return maximum(-log1p(-unit), Tensor(floatLiteral: leastUniform(dtype)))
}
