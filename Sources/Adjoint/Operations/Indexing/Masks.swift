// Where elements are true or not zero.

extension Tensor {
  /// The indices of the elements that are not zero, one row for each.
  ///
  /// They are in row-major order: PyTorch's `nonzero`, NumPy's `argwhere`.
  ///
  /// NaN is not zero. The result is `int64` and has no derivative.
  ///
  /// Shapes: `[a, b]` gives `[n, 2]`.
  public func nonzero() -> Tensor {
    let mask = dtype == .bool ? self : self .!= 0
    return Tensor(mask.payload.truePositions.unravelled(in: shape))
  }

  /// Positions in row-major order of an array as rows of one index for each axis.
  ///
  /// `unravel_index` of NumPy and PyTorch.
  ///
  /// Shapes: positions `[...]` in an array of n axes give `[..., n]`, `int64`.
  public func unravelled(
    in base: Shape, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if rank == Shape.maximumRank {
      programmingError(
        "unravelled", "positions of shape \(shape) leave no room for an axis of indices",
        file: file, line: line)
    }
    let checked = checkedIndices(
      below: base.elementCount, "unravelled", "elements in shape \(base)", file, line)
    return Tensor(checked.payload.contiguous.unravelled(in: base))
      .reshaped(Shape(unchecked: Array(shape) + [base.rank]))
  }
}

/// The indices of the elements that are true, one vector for each axis, as subscripts take them.
///
/// `x[where(mask)[0], where(mask)[1]]` is `x[mask]` for a matrix.
public func `where`(
  _ condition: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> [Tensor] {
  if condition.dtype != .bool {
    programmingError(
      "where",
      "the condition must be bool, not \(condition.dtype); a comparison such as x .!= 0 gives one",
      file: file, line: line)
  }
  let rows = condition.nonzero()
  return (0..<condition.rank).map { rows[.all, $0] }
}
