/// The eigenvalues, in ascending order, and orthonormal eigenvectors of symmetric matrices.
///
/// A = V diag(values) V^T. Only the lower triangle is read, but the gradient is that of symmetric
/// matrices, and symmetric. Eigenvectors are determined up to signs only, and up to rotations where
/// eigenvalues are equal, so derivatives hold for functions that do not depend on that choice. They
/// divide by the gaps between eigenvalues: where two are equal, what depends on V has a derivative
/// that is not finite; what depends on the values alone has a finite one.
///
/// Shapes: `[..., n, n]` gives values of `[..., n]` and vectors of `[..., n, n]`, one in each column.
public func eigh(
  _ a: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> (values: Tensor, vectors: Tensor) {
  orStop(file, line, try eigh(checking: a, file: file, line: line))
}

/// The symmetric eigenproblem, or an error where the iteration fails; see `eigh(_:)`.
public func eigh(
  checking a: Tensor, file: StaticString = #fileID, line: UInt = #line
) throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
  checkMatrices("eigh", a, file, line)
  let (parts, status) = a.payload.symmetricEigen(vectors: true)
  try LinearAlgebraError.check(status, "eigh", .noConvergence, a.batch)
  let shapes = [a.batch.followed(by: a.rows), a.shape]
  var result = Tensor(parts)
  if a.isTracked {
    result = result.recorded(
      "eigh", a,
      .gradientAndOutput { g, y in
        let (y, g) = (y.unpacked(shapes), g.unpacked(shapes))
        let (values, rows) = (y[0], y[1])
        let gaps = values.expandingDimension(at: -2) - values.expandingDimension(at: -1)
        let turned = matmul(rows, g[1].transposed()).skew * 0.5
        let core = turned.dividedUnlessZero(by: gaps) + g[0].onDiagonal
        return matmul(matmul(rows.transposed(), core), rows)
      })
  }
  let found = result.unpacked(shapes)
  return (found[0], found[1].transposed())
}

/// The eigenvalues of symmetric matrices in ascending order.
///
/// Only the lower triangle is read. The gradient is V diag(g) V^T, also where eigenvalues are equal.
///
/// Shapes: `[..., n, n]` gives `[..., n]`.
public func eigenvaluesSymmetric(
  _ a: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("eigenvaluesSymmetric", a, file, line)
  if a.isTracked { return eigh(a, file: file, line: line).values }
  let (parts, status) = a.payload.symmetricEigen(vectors: false)
  func values() throws(LinearAlgebraError) -> Tensor {
    try LinearAlgebraError.check(status, "eigenvaluesSymmetric", .noConvergence, a.batch)
    return Tensor(parts).reshaped(a.batch.followed(by: a.rows))
  }
  return orStop(file, line, try values())
}
