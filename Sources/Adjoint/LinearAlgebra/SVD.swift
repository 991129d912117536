/// The singular value decomposition A = U diag(S) V^T, with S in descending order.
///
/// U and V are determined up to signs only, and up to rotations where singular values are equal. So
/// derivatives hold for functions that do not depend on that choice. Those of U and V divide by the
/// gaps between the squares of the singular values, and are not finite where two are equal or, unless
/// A is square, one is 0; that of S is finite there too. Source: J. Townsend, "Differentiating
/// the singular value decomposition", 2016.
///
/// Shapes: `[..., m, n]` gives U of `[..., m, k]`, S of `[..., k]` and V^T of `[..., k, n]` with
/// k = min(m, n); with `full` U of `[..., m, m]` and V^T of `[..., n, n]`.
public func svd(
  _ a: Tensor, full: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> (u: Tensor, s: Tensor, vh: Tensor) {
  orStop(file, line, try svd(checking: a, full: full, file: file, line: line))
}

/// The singular value decomposition, or an error where the iteration fails; see `svd(_:)`.
public func svd(
  checking a: Tensor, full: Bool = false, file: StaticString = #fileID, line: UInt = #line
) throws(LinearAlgebraError) -> (u: Tensor, s: Tensor, vh: Tensor) {
  checkMatrices("svd", a, square: false, file, line)
  let (m, n, k) = (a.rows, a.columns, min(a.rows, a.columns))
  let (parts, status) = a.payload.singularValueDecomposition(vectors: true, full: full)
  try LinearAlgebraError.check(status, "svd", .noConvergence, a.batch)
  let shapes = [
    a.batch.followed(by: m, full ? m : k), a.batch.followed(by: k),
    a.batch.followed(by: full ? n : k, n),
  ]
  let found = Tensor(parts).unpacked(shapes)
  guard a.isTracked else { return (found[0], found[1], found[2]) }
  /// What rules need: it is there already, or computed once more if they are to be differentiated.
  func current() -> (u: Tensor, s: Tensor, vh: Tensor) {
    Recording.isOn ? svd(a, full: full) : (found[0], found[1], found[2])
  }
  // Three results with a rule each: a function of S alone must not divide by gaps.
  return (
    found[0].recorded("svd", a) { g in
      let (u, s, vh) = current()
      return leftGradient(g, u, s, vh.transposed(), k)
    },
    found[1].recorded("singularValues", a) { g in
      let (u, _, vh) = current()
      let left = u.sliced(..<k, axis: -1) * g.expandingDimension(at: -2)
      return matmul(left, vh.sliced(..<k, axis: -2))
    },
    found[2].recorded("svd", a) { g in
      let (u, s, vh) = current()
      return leftGradient(g.transposed(), vh.transposed(), s, u, k).transposed()
    }
  )
}

/// The singular values of each matrix in descending order.
///
/// The gradient is U diag(g) V^T, also where singular values are equal.
///
/// Shapes: `[..., m, n]` gives `[..., min(m, n)]`.
public func singularValues(
  _ a: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("singularValues", a, square: false, file, line)
  if a.isTracked { return svd(a, file: file, line: line).s }
  let (parts, status) = a.payload.singularValueDecomposition(vectors: false, full: false)
  func values() throws(LinearAlgebraError) -> Tensor {
    try LinearAlgebraError.check(status, "singularValues", .noConvergence, a.batch)
    return Tensor(parts).reshaped(a.batch.followed(by: min(a.rows, a.columns)))
  }
  return orStop(file, line, try values())
}

/// What the gradient of U adds to that of A; for V, with the roles exchanged, of A^T.
private func leftGradient(_ g: Tensor, _ u: Tensor, _ s: Tensor, _ v: Tensor, _ k: Int) -> Tensor {
  let first = u.sliced(..<k, axis: -1)
  var g1 = g.sliced(..<k, axis: -1)
  if u.columns > k {
    // The additional vectors turn with the others: dU2 = -U1 dU1^T U2.
    let (others, g2) = (u.sliced(k..., axis: -1), g.sliced(k..., axis: -1))
    g1 = g1 - matmul(others, matmul(g2.transposed(), first))
  }
  let (row, column) = (s.expandingDimension(at: -2), s.expandingDimension(at: -1))
  let projected = matmul(first.transposed(), g1)
  let turned = projected.skew.dividedOffDiagonal(by: (row - column) * (row + column))
  var inner = matmul(first, turned * row)
  if u.rows > k { inner = inner + (g1 - matmul(first, projected)) / row }
  return matmul(inner, v.sliced(..<k, axis: -1).transposed())
}
