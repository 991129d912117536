/// The singular value decomposition A = U diag(S) V^T, with S in descending order.
///
/// U and V are determined up to signs only, and up to rotations where singular values are equal. So
/// derivatives hold for functions that do not depend on that choice. They divide by the gaps between
/// the squares of the singular values: where two are equal, what depends on U and V has a derivative
/// that is not finite; what depends on S alone has a finite one. Source: J. Townsend, "Differentiating
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
  var result = Tensor(parts)
  if a.isTracked {
    result = result.recorded(
      "svd", a,
      .gradientAndOutput { g, y in singularGradient(y.unpacked(shapes), g.unpacked(shapes), k) })
  }
  let found = result.unpacked(shapes)
  return (found[0], found[1], found[2])
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

private func singularGradient(_ y: [Tensor], _ g: [Tensor], _ k: Int) -> Tensor {
  /// The first k vectors, and their gradient with that of the others: those turn with the first,
  /// dU2 = -U1 dU1^T U2.
  func thin(_ x: Tensor, _ gx: Tensor) -> (Tensor, Tensor) {
    if x.columns == k { return (x, gx) }
    let (first, others) = (x.sliced(..<k, axis: -1), x.sliced(k..., axis: -1))
    let turned = matmul(others, matmul(gx.sliced(k..., axis: -1).transposed(), first))
    return (first, gx.sliced(..<k, axis: -1) - turned)
  }
  let (u, gu) = thin(y[0], g[0])
  let (v, gv) = thin(y[2].transposed(), g[2].transposed())
  let (row, column) = (y[1].expandingDimension(at: -2), y[1].expandingDimension(at: -1))
  let gaps = (row - column) * (row + column)
  let (projectedU, projectedV) = (matmul(u.transposed(), gu), matmul(v.transposed(), gv))
  let left = projectedU.skew.dividedUnlessZero(by: gaps)
  let right = projectedV.skew.dividedUnlessZero(by: gaps)
  let core = left * row + column * right + g[1].onDiagonal
  var result = matmul(matmul(u, core), v.transposed())
  if u.rows > k {
    let outside = (gu - matmul(u, projectedU)).dividedUnlessZero(by: row)
    result = result + matmul(outside, v.transposed())
  }
  if v.rows > k {
    let outside = (gv - matmul(v, projectedV)).dividedUnlessZero(by: row)
    result = result + matmul(u, outside.transposed())
  }
  return result
}
