import Adjoint

/// Replaces a rectangle of every image by another image's, and mixes the targets by its area.
///
/// The other image is one of the same batch.
///
/// The rectangle, the same for the whole batch, has the share 1 - w of the image's area, with w drawn
/// from Beta(alpha, alpha), and its centre anywhere; what is cut off at the edges counts as not
/// replaced.
///
/// Source: Yun et al., "CutMix: regularization strategy to train strong classifiers with localizable
/// features", ICCV 2019.
public struct CutMix: Sendable {
  /// Both parameters of the beta distribution.
  public let alpha: Double

  /// Rectangles with areas from Beta(alpha, alpha).
  public init(alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    checkAlpha("CutMix", alpha, file, line)
    self.alpha = alpha
  }

  /// Mixed images and targets; equal generators give equal results.
  ///
  /// Shapes: images `[n, channels, height, width]` and floating targets `[n, classes]`, as `oneHot`
  /// makes them, and the same.
  public func callAsFunction(
    _ images: Tensor, _ targets: Tensor, using generator: inout Generator,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (images: Tensor, targets: Tensor) {
    checkMixing("CutMix", images, targets, leastRank: 4, file, line)
    if images.elementCount == 0 { return (images, targets) }
    let (height, width) = (images.shape[2], images.shape[3])
    let side: Double = (1 - drawnWeight(alpha, &generator)).squareRoot()
    let order = Tensor.permutation(images.shape[0], using: &generator)
    func span(_ size: Int) -> Range<Int> {
      let half = Int(side * Double(size) / 2)
      let middle = Int.random(in: 0..<size, using: &generator)
      return max(middle - half, 0)..<min(middle + half, size)
    }
    let (rows, columns) = (span(height), span(width))
    func isIn(_ range: Range<Int>, of size: Int) -> Tensor {
      Tensor((0..<size).map(range.contains))
    }
    let isReplaced = isIn(rows, of: height).reshaped(height, 1) .& isIn(columns, of: width)
    let kept = 1 - Double(rows.count * columns.count) / Double(height * width)
    return (
      `where`(isReplaced, images.gathering(order), images),
      targets * kept + targets.gathering(order) * (1 - kept)
    )
  }

  /// Mixed images and targets, with draws from the scoped generator.
  public func callAsFunction(
    _ images: Tensor, _ targets: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> (images: Tensor, targets: Tensor) {
    var generator = Generator.split()
    return self(images, targets, using: &generator, file: file, line: line)
  }
}
