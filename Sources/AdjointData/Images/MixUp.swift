import Adjoint

/// Averages every image and its target with another of the batch.
///
/// With a weight w drawn from Beta(alpha, alpha), one for the batch: x' = w x + (1 - w) x[order] and the
/// same for the targets, for a random order.
///
/// Source: Zhang et al., "mixup: beyond empirical risk minimization", ICLR 2018.
public struct MixUp: Sendable {
  /// Both parameters of the beta distribution.
  public let alpha: Double

  /// A mixture with weights from Beta(alpha, alpha).
  public init(alpha: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    checkAlpha("MixUp", alpha, file, line)
    self.alpha = alpha
  }

  /// Mixed images and targets; equal generators give equal results.
  ///
  /// Shapes: images `[n, ...]` and floating targets `[n, classes]`, as `oneHot` makes them, and the
  /// same.
  public func callAsFunction(
    _ images: Tensor, _ targets: Tensor, using generator: inout Generator,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (images: Tensor, targets: Tensor) {
    checkMixing("MixUp", images, targets, leastRank: 1, file, line)
    let weight = drawnWeight(alpha, &generator)
    let order = Tensor.permutation(images.shape[0], using: &generator)
    func mixed(_ x: Tensor) -> Tensor { x * weight + x.gathering(order) * (1 - weight) }
    return (images.changingLevels(mixed), mixed(targets))
  }

  /// Mixed images and targets, with draws from the scoped generator.
  public func callAsFunction(
    _ images: Tensor, _ targets: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> (images: Tensor, targets: Tensor) {
    var generator = Generator.split()
    return self(images, targets, using: &generator, file: file, line: line)
  }
}

/// A weight from Beta(alpha, alpha).
func drawnWeight(_ alpha: Double, _ generator: inout Generator) -> Double {
  let concentration = Tensor(alpha, dtype: .float64)
  return Beta(alpha: concentration, beta: concentration).sample([], using: &generator).scalar
}

func checkAlpha(_ name: String, _ alpha: Double, _ file: StaticString, _ line: UInt) {
  if !(alpha > 0 && alpha.isFinite) {
    programmingError(name, "alpha must be positive, not \(alpha)", file: file, line: line)
  }
}

func checkMixing(
  _ name: String, _ images: Tensor, _ targets: Tensor, leastRank: Int, _ file: StaticString,
  _ line: UInt
) {
  if images.rank < leastRank || targets.shape.first != images.shape.first
    || !targets.dtype.isFloatingPoint
  {
    programmingError(
      name,
      "needs images and as many floating targets, such as oneHot makes of labels, not"
        + " \(images.dtype) \(images.shape) and \(targets.dtype) \(targets.shape)", file: file,
      line: line)
  }
}
