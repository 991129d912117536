/// The mean of each window.
///
/// Shapes and parameters are those of `maxPooling`, without dilation.
/// - Parameters:
///   - x: the input `[batch, channels, a, ...]`.
///   - size: the windows' size.
///   - stride: how far windows are apart; their size if left out.
///   - padding: how far windows may reach over the edges, at most half their size.
///   - roundingUp: whether a last window may be incomplete, as long as it starts inside.
///   - includingPadding: whether padding counts as zeros; else the mean is that of the elements
///     that exist. What lies behind the padding, with `roundingUp`, never counts.
public func averagePooling(
  _ x: Tensor, size: PerAxis, stride: PerAxis? = nil, padding: PerAxis = 0,
  roundingUp: Bool = false, includingPadding: Bool = true, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let check = PoolingCheck("averagePooling", x, file, line)
  let windows = check.windows(size, stride, padding, 1, roundingUp)
  return bandedSum(
    x, windows.map { Band($0) { includingPadding ? 1 / Double($0.padded) : 1 / Double($0.count) } })
}

/// The mean of each of `outputSize` windows that share the axes as evenly as possible.
///
/// The windows are those of `adaptiveMaxPooling`; 1 gives the mean over all positions.
///
/// Shapes: `[batch, channels, a, ...]` gives `[batch, channels, n, ...]`.
public func adaptiveAveragePooling(
  _ x: Tensor, outputSize: PerAxis, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = PoolingCheck("adaptiveAveragePooling", x, file, line)
  let sizes = check.values(outputSize, atLeast: 0, "outputSize")
  check.refuse(sizes)
  if sizes.allSatisfy({ $0 == 1 }) {
    return x.mean(axes: Array(2..<x.rank), keepingDimensions: true)
  }
  return bandedSum(
    x, sizes.enumerated().map { Band(WindowAxis(size: x.shape[$0 + 2], adaptingTo: $1)) })
}

/// The p-norm (sum |x|^p)^(1/p) of each window.
///
/// Shapes and parameters are those of `maxPooling`. The derivative is 0 where a whole window is 0.
/// PyTorch leaves out the absolute value, which matters for odd exponents.
public func lpPooling(
  _ x: Tensor, exponent: Double, size: PerAxis, stride: PerAxis? = nil, roundingUp: Bool = false,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let check = PoolingCheck("lpPooling", x, file, line)
  if !(exponent > 0) { check.fail("the exponent \(exponent) is not positive") }
  let windows = check.windows(size, stride, 0, 1, roundingUp)
  let p = Tensor(exponent, dtype: x.dtype)
  let powers = exponent == 2 ? square(x) : pow(abs(x), p)
  let sums = bandedSum(powers, windows.map { Band($0) { _ in 1 } })
  let vanishes = sums .== 0
  let root = pow(`where`(vanishes, 1, sums), Tensor(1 / exponent, dtype: x.dtype))
  return `where`(vanishes, 0, root)
}

/// x / (k + alpha / n * sum of x^2 over the n channels around each one)^beta.
///
/// Channels that are missing at the edges count as zeros. The window starts n / 2 channels before.
///
/// Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural
/// networks", NIPS 2012; PyTorch divides alpha by n.
public func localResponseNorm(
  _ x: Tensor, size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if !x.dtype.isFloatingPoint || x.rank < 3 || size < 1 {
    programmingError(
      "localResponseNorm",
      "needs a floating [batch, channels, ...] and a size of at least 1, not \(x.dtype) "
        + "\(x.shape) and \(size)", file: file, line: line)
  }
  let channels = x.shape[1]
  let rows = (0..<channels).map { channel in
    let low = max(channel - size / 2, 0)
    let high = min(channel - size / 2 + size, channels)
    return (start: low, weights: Array(repeating: alpha / Double(size), count: high - low))
  }
  let area = Shape(x.shape.dropFirst(2)).elementCount
  let squares = square(x).reshaped([x.shape[0], channels, area])
  let sums = bandedSum(squares, [Band(size: channels, rows: rows), nil]).reshaped(x.shape)
  return x / pow(sums + Tensor(k, dtype: x.dtype), Tensor(beta, dtype: x.dtype))
}

/// The bands applied to the last axes: a linear map whose transpose is one of the same kind.
func bandedSum(_ x: Tensor, _ bands: [Band?]) -> Tensor {
  Tensor(x.payload.banded(bands))
    .recorded("bandedSum", x) { bandedSum($0, bands.map { $0?.transposed }) }
}

extension Band {
  /// Windows with one weight for each, which may depend on how many elements they have and on how
  /// many with the padding.
  fileprivate init(
    _ windows: PoolingCheck.Windows, weight: ((count: Int, padded: Int)) -> Double
  ) {
    let rows = (0..<windows.count).map { index in
      let start = index * windows.stride - windows.padding
      let end = min(start + windows.kernel, windows.size + windows.padding)
      let (low, high) = (max(start, 0), min(end, windows.size))
      let factor = weight((high - low, end - start))
      return (start: low, weights: Array(repeating: factor, count: high - low))
    }
    self.init(size: windows.size, rows: rows)
  }

  /// The mean of each window.
  fileprivate init(_ axis: WindowAxis) {
    let rows = zip(axis.low, axis.high).map { low, high in
      (start: Int(low), weights: Array(repeating: 1 / Double(high - low), count: Int(high - low)))
    }
    self.init(size: axis.size, rows: rows)
  }
}
