// Where elements are true or not zero.

extension Tensor {
  /// The indices of the elements that are not zero, in row-major order, one row for each: PyTorch's
  /// `nonzero`, NumPy's `argwhere`.
  ///
  /// NaN is not zero. The result is `int64` and has no derivative.
  ///
  /// Shapes: `[a, b]` gives `[n, 2]`.
  public func nonzero() -> Tensor {
    let mask = dtype == .bool ? self : self .!= 0
    return Tensor(mask.payload.truePositions.unravelled(in: shape))
  }
}

/// The indices of the elements that are true, one vector for each axis, as subscripts take them:
/// `x[where(mask)[0], where(mask)[1]]` is `x[mask]` for a matrix.
public func `where`(
  _ condition: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> [Tensor] {
  if condition.dtype != .bool {
    programmingError(
      "where", "the condition must be bool, not \(condition.dtype)", file: file, line: line)
  }
  let rows = condition.nonzero()
  return (0..<condition.rank).map { rows[.all, $0] }
}
