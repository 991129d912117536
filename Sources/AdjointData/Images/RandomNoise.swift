import Adjoint

/// Adds normally distributed noise to every element.
public struct RandomNoise: ImageTransform {
  /// The noise's standard deviation, in the units of the images.
  public let standardDeviation: Double

  /// Noise of the given strength: 8 for grey levels of uint8, 0.03 for numbers from 0 to 1.
  public init(
    standardDeviation: Double, file: StaticString = #fileID, line: UInt = #line
  ) {
    if !(standardDeviation >= 0 && standardDeviation.isFinite) {
      programmingError(
        "RandomNoise", "the standard deviation must be at least 0, not \(standardDeviation)",
        file: file, line: line)
    }
    self.standardDeviation = standardDeviation
  }

  /// The noisy images.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    images.changingLevels { levels in
      levels
        + Tensor.normal(
          levels.shape, standardDeviation: standardDeviation, dtype: levels.dtype,
          using: &generator)
    }
  }
}
