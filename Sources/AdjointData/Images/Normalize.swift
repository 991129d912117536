import Adjoint

/// Subtracts a mean from each channel and divides it by a standard deviation.
///
/// Grey levels (uint8) are divided by 255 first and become float32, as PyTorch's `ToTensor` and
/// `Normalize` do together.
public struct Normalize: ImageTransform {
  /// What is subtracted, for each channel.
  public let mean: [Double]
  /// What it is divided by, for each channel.
  public let standardDeviation: [Double]

  /// The given numbers for each channel, or one for all of them.
  public init(
    mean: [Double], standardDeviation: [Double], file: StaticString = #fileID, line: UInt = #line
  ) {
    if mean.isEmpty || mean.count != standardDeviation.count
      || !standardDeviation.allSatisfy({ $0 > 0 })
    {
      programmingError(
        "Normalize",
        "needs as many means as positive standard deviations, not \(mean) and \(standardDeviation)",
        file: file, line: line)
    }
    (self.mean, self.standardDeviation) = (mean, standardDeviation)
  }

  /// The normalised images, floating.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    if mean.count != 1 && mean.count != images.shape[1] {
      programmingError(
        "Normalize", "\(mean.count) means for images of shape \(images.shape)")
    }
    let x = images.dtype == .uint8 ? images.cast(to: .float32) / 255 : images
    func channels(_ values: [Double]) -> Tensor {
      Tensor(values, dtype: x.dtype).reshaped(1, values.count, 1, 1)
    }
    return (x - channels(mean)) / channels(standardDeviation)
  }
}
