/// The lower triangle of matrices: elements above the diagonal become zero.
///
/// With `diagonal` 1 the diagonal above the main one stays too; with -1 the main one goes.
///
/// Shapes: `[..., m, n]` stays.
public func tril(
  _ x: Tensor, diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  `where`(triangle(x, diagonal, "tril", file, line) { $0 .<= $1 }, x, 0)
}

/// The upper triangle of matrices: elements below the diagonal become zero.
///
/// See `tril` for `diagonal`.
public func triu(
  _ x: Tensor, diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  `where`(triangle(x, diagonal, "triu", file, line) { $0 .>= $1 }, x, 0)
}

/// Compares columns with rows shifted by the diagonal's offset.
private func triangle(
  _ x: Tensor, _ diagonal: Int, _ name: String, _ file: StaticString, _ line: UInt,
  _ isInside: (_ column: Tensor, _ row: Tensor) -> Tensor
) -> Tensor {
  if x.rank < 2 {
    programmingError(
      name, "needs matrices, not a tensor of shape \(x.shape)", file: file, line: line)
  }
  let (rows, columns) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
  // Beyond the matrix, one diagonal is like another.
  let offset = Swift.min(Swift.max(diagonal, -rows), columns)
  let row = Tensor.arange(rows).reshaped([rows, 1]) + Tensor(Double(offset), dtype: .int64)
  return isInside(Tensor.arange(columns), row)
}
