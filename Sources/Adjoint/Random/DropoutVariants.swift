/// Zeroes whole channels with probability `rate` and scales the rest by 1 / (1 - rate).
///
/// PyTorch's `dropout1d`, `dropout2d` and `dropout3d`.
///
/// Shapes: `[n, c, ...]`; each of the n * c channels is kept or zeroed as a whole.
///
/// Source: Tompson et al., "Efficient object localization using convolutional networks", CVPR 2015.
public func channelDropout(
  _ x: Tensor, rate: Double, using generator: inout Generator, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  checkDropout("channelDropout", x, rate, file, line)
  if x.rank < 2 {
    programmingError(
      "channelDropout", "needs channels [n, c, ...], not shape \(x.shape)", file: file, line: line)
  }
  if rate == 0 { return x }
  var sizes = Shape(repeating: 1, count: x.rank)
  (sizes[0], sizes[1]) = (x.shape[0], x.shape[1])
  let isKept = Tensor.bernoulli(sizes, probability: 1 - rate, using: &generator)
  let scale: Double = 1 / (1 - rate)
  return `where`(isKept, x * scale, 0)
}

/// Channel dropout with the scoped default generator; see the variant that takes one.
public func channelDropout(
  _ x: Tensor, rate: Double, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  Generator.current.draw { channelDropout(x, rate: rate, using: &$0, file: file, line: line) }
}

/// Dropout for networks of `selu`, which keeps mean 0 and variance 1.
///
/// Elements become the function's limit at minus infinity, and an affine map restores mean and
/// variance.
///
/// Source: Klambauer et al., "Self-normalizing neural networks", NeurIPS 2017.
public func alphaDropout(
  _ x: Tensor, rate: Double, using generator: inout Generator, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  checkDropout("alphaDropout", x, rate, file, line)
  if rate == 0 { return x }
  let limit: Double = -1.7580993408473766
  let kept: Double = 1 - rate
  let spread: Double = kept + limit * limit * kept * rate
  let scale: Double = 1 / spread.squareRoot()
  let shift: Double = -scale * rate * limit
  let isKept = Tensor.bernoulli(x.shape, probability: kept, using: &generator)
  return `where`(isKept, x, Tensor(limit, dtype: x.dtype)) * scale + shift
}

/// Alpha dropout with the scoped default generator; see the variant that takes one.
public func alphaDropout(
  _ x: Tensor, rate: Double, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  Generator.current.draw { alphaDropout(x, rate: rate, using: &$0, file: file, line: line) }
}

private func checkDropout(
  _ name: StaticString, _ x: Tensor, _ rate: Double, _ file: StaticString, _ line: UInt
) {
  if !x.dtype.isFloatingPoint || !(0..<1).contains(rate) {
    programmingError(
      "\(name)", "needs a floating tensor and a rate in 0 ..< 1, not \(x.dtype) and \(rate)",
      file: file, line: line)
  }
}
