/// The solution X of A X = B from the factors that `lu` found, for further right-hand sides.
///
/// X = U^-1 L^-1 P^T B by exchanging rows and substitution. A zero on the diagonal of U is no error: it
/// gives infinities and NaN. Gradients flow to B, L and U, and through these to A.
///
/// Shapes: those of `solve`: factors of `[..., n, n]` and B of `[..., n, k]` give `[..., n, k]`,
/// batches broadcast; a vector `[n]` is a right-hand side for every matrix.
public func luSolve(
  _ factors: (p: Tensor, l: Tensor, u: Tensor), _ b: Tensor, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let (p, l, u) = factors
  if p.shape != l.shape || l.shape != u.shape {
    programmingError(
      "luSolve",
      "needs the factors of square matrices, all of one shape, not \(p.shape), \(l.shape) and "
        + "\(u.shape)", file: file, line: line)
  }
  return LinearSystem("luSolve", u, b, file, line).solved { u, b in
    if b.rows == 0 { return triangularSolve(u, b, upper: true) }
    // Column j of P has its one in the row that elimination moved to row j.
    let order = p.detached.argMax(axis: -2).expandingDimension(at: -1)
    let rank = max(order.rank, b.rank)
    let rows = b.expanded(toRank: rank).gatheringAlongAxis(order.expanded(toRank: rank), axis: -2)
    let y = triangularSolve(
      l, rows, upper: false, unitDiagonal: true, file: file, line: line)
    return triangularSolve(u, y, upper: true)
  }
}
