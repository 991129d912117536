/// The eigenvalues, in ascending order, and orthonormal eigenvectors of symmetric matrices.
///
/// A = V diag(values) V^T. Only the lower triangle is read, but the gradient is that of symmetric
/// matrices, and symmetric. Eigenvectors are determined up to signs only, and up to rotations where
/// eigenvalues are equal, so derivatives hold for functions that do not depend on that choice. That of
/// V divides by the gaps between eigenvalues and is not finite where two are equal; that of the values
/// is finite there too.
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
  let found = Tensor(parts).unpacked([a.batch.followed(by: a.rows), a.shape])
  let (values, vectors) = (found[0], found[1].transposed())
  guard a.isTracked else { return (values, vectors) }
  /// What rules need: it is there already, or computed once more if they are to be differentiated.
  func current() -> (values: Tensor, vectors: Tensor) {
    Recording.isOn ? eigh(a) : (values, vectors)
  }
  // Two results with a rule each: a function of the values alone must not divide by gaps.
  return (
    values.recorded("eigenvaluesSymmetric", a) { g in
      let v = current().vectors
      return matmul(v * g.expandingDimension(at: -2), v.transposed())
    },
    vectors.recorded("eigh", a) { g in
      let (l, v) = current()
      let gaps = l.expandingDimension(at: -2) - l.expandingDimension(at: -1)
      let turned = (matmul(v.transposed(), g).skew * 0.5).dividedOffDiagonal(by: gaps)
      return matmul(v, matmul(turned, v.transposed()))
    }
  )
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
