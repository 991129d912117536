/// The powers of each element as rows: a Vandermonde matrix.
///
/// Shapes: `[..., n]` gives `[..., n, columns]` with powers 0, 1, ... or, decreasing, ..., 1, 0.
public func vander(
  _ x: Tensor, columns: Int? = nil, increasing: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  if x.rank == 0 || !x.dtype.isFloatingPoint || columns ?? 0 < 0 {
    programmingError(
      "vander",
      "needs a floating tensor with an axis and a number of columns, not \(x.dtype) "
        + "\(x.shape) and \(columns ?? 0)", file: file, line: line)
  }
  let powers = Tensor.arange(columns ?? x.shape[x.rank - 1], dtype: x.dtype)
  return pow(x.expandingDimension(at: -1), increasing ? powers : powers.flipped())
}
