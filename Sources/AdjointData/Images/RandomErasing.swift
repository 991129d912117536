import Adjoint

/// Blots out a random rectangle of each image with a probability.
///
/// Parameters and defaults are torchvision's; a side longer than the image is cut to it, where
/// torchvision draws again.
///
/// Source: Zhong et al., "Random erasing data augmentation", AAAI 2020.
public struct RandomErasing: ImageTransform {
  /// How likely an image loses a rectangle.
  public let probability: Double
  /// The rectangle's share of the image's area.
  public let scale: ClosedRange<Double>
  /// The rectangle's height divided by its width.
  public let ratio: ClosedRange<Double>
  /// What the rectangle is filled with.
  public let value: Double

  /// Rectangles of the given sizes.
  public init(
    probability: Double = 0.5, scale: ClosedRange<Double> = 0.02...0.33,
    ratio: ClosedRange<Double> = 0.3...3.3, value: Double = 0, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    checkProbability("RandomErasing", probability, file, line)
    if scale.lowerBound < 0 || scale.upperBound > 1 || !(ratio.lowerBound > 0) {
      programmingError(
        "RandomErasing",
        "shares of the area are in 0 ... 1 and ratios positive, not \(scale) and \(ratio)",
        file: file, line: line)
    }
    (self.probability, self.scale, self.ratio, self.value) = (probability, scale, ratio, value)
  }

  /// The images, some of them with a rectangle blotted out.
  public func apply(to images: Tensor, using generator: inout Generator) -> Tensor {
    let each: Shape = [images.shape[0], 1, 1, 1]
    let (height, width) = (Double(images.shape[2]), Double(images.shape[3]))
    func drawn(_ range: ClosedRange<Double> = 0...1) -> Tensor {
      Tensor.uniform(each, in: range, using: &generator)
    }
    let area = drawn(scale) * (height * width)
    // As likely twice as high as twice as wide.
    let logs = Tensor([ratio.lowerBound, ratio.upperBound], dtype: .float64)
    let bounds = log(logs).scalars
    let proportion = exp(drawn(bounds[0]...bounds[1]))
    let rows = minimum(round(sqrt(area * proportion)), height)
    let columns = minimum(round(sqrt(area / proportion)), width)
    let isInRows = Self.isInSpan(rows, start: drawn(), of: images.shape[2])
    let isInColumns = Self.isInSpan(columns, start: drawn(), of: images.shape[3])
    let isInside = isInRows.transposed() .& isInColumns
    let isErased =
      isInside .& Tensor.bernoulli(each, probability: probability, using: &generator)
    return `where`(isErased, Tensor(value, dtype: images.dtype), images)
  }
  /// Which places `[n, 1, 1, size]` of an axis lie in a span of the given lengths; `start` from 0 to 1
  /// says where it begins, among all whole numbers for which it fits.
  private static func isInSpan(_ length: Tensor, start: Tensor, of size: Int) -> Tensor {
    let first = floor(start * (Double(size) + 1 - length))
    let place = Tensor.arange(size, dtype: .float32)
    return (place .>= first) .& (place .< first + length)
  }
}
