import Adjoint

/// Multiplies each image by a random factor: torchvision's `brightness`.
///
/// Results are cut to 0 ... 1, or 0 ... 255 of uint8, so it belongs before ``Normalize``.
public struct RandomBrightness: ImageTransform {
  /// The range of the factor.
  public let factor: ClosedRange<Double>

  /// Factors drawn uniformly from a range: `RandomBrightness(factor: 0.8...1.2)`.
  public init(
    factor: ClosedRange<Double>, file: StaticString = #fileID, line: UInt = #line
  ) {
    checkFactor("RandomBrightness", factor, file, line)
    self.factor = factor
  }

  /// The brighter and darker images.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    images.changingLevels { levels in
      clamp(levels * factors(factor, levels, &generator), min: 0, max: images.white)
    }
  }
}

/// Moves each image away from its mean grey or towards it, by a random factor.
///
/// The `contrast` of torchvision.
///
/// The result is factor x + (1 - factor) grey; grey is the mean of 0.2989 red + 0.587 green + 0.114
/// blue, or of all elements where there are not three channels. Results are cut to 0 ... 1, or 0 ... 255
/// of uint8, so it belongs before ``Normalize``.
public struct RandomContrast: ImageTransform {
  /// The range of the factor.
  public let factor: ClosedRange<Double>

  /// Factors drawn uniformly from a range: `RandomContrast(factor: 0.8...1.2)`.
  public init(
    factor: ClosedRange<Double>, file: StaticString = #fileID, line: UInt = #line
  ) {
    checkFactor("RandomContrast", factor, file, line)
    self.factor = factor
  }

  /// The images of more and of less contrast.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    images.changingLevels { levels in
      let means = levels.mean(axes: [2, 3], keepingDimensions: true)
      let shares = Tensor([0.2989, 0.587, 0.114], dtype: levels.dtype).reshaped(1, 3, 1, 1)
      let grey =
        levels.shape[1] == 3
        ? (means * shares).sum(axes: [1], keepingDimensions: true)
        : means.mean(axes: [1], keepingDimensions: true)
      let factor = factors(factor, levels, &generator)
      return clamp(factor * levels + (1 - factor) * grey, min: 0, max: images.white)
    }
  }
}

/// One factor for each image.
private func factors(
  _ range: ClosedRange<Double>, _ levels: Tensor, _ generator: inout Generator
) -> Tensor {
  Tensor.uniform([levels.shape[0], 1, 1, 1], in: range, dtype: levels.dtype, using: &generator)
}

private func checkFactor(
  _ name: String, _ factor: ClosedRange<Double>, _ file: StaticString, _ line: UInt
) {
  if factor.lowerBound < 0 || !factor.upperBound.isFinite {
    programmingError(
      name, "factors must be finite and not negative, not \(factor)", file: file, line: line)
  }
}
