/// The solution X of the linear systems A X = B, by LU factors with row exchanges.
///
/// A singular matrix stops the program; `solve(checking:_:)` throws. It is singular if a pivot is
/// exactly 0: nearly singular matrices give large numbers, see `conditionNumber`.
///
/// Shapes: `[..., n, n]` and `[..., n, k]` give `[..., n, k]`, batches broadcast; a vector `[n]` is a
/// right-hand side for every matrix and gives `[..., n]`. Vectors in a batch are columns: give them
/// an axis of size 1 at the end.
public func solve(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  orStop(file, line, try solve(checking: a, b, file: file, line: line))
}

/// The solution of A X = B, or an error where a matrix is singular; see `solve(_:_:)`.
public func solve(
  checking a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) throws(LinearAlgebraError) -> Tensor {
  let system = LinearSystem("solve", a, b, file, line)
  let factors = LUFactors(a.payload)
  try LinearAlgebraError.check(factors.status, "solve", .singular, a.batch)
  return system.solved { solved($0, $1, factors) }
}

/// The inverse of each matrix.
///
/// A singular matrix stops the program; `inverse(checking:)` throws. To solve a system use `solve`,
/// which is faster and more accurate than a product with the inverse.
///
/// Shapes: `[..., n, n]` gives `[..., n, n]`.
public func inverse(
  _ a: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  orStop(file, line, try inverse(checking: a, file: file, line: line))
}

/// The inverse, or an error where a matrix is singular; see `inverse(_:)`.
public func inverse(
  checking a: Tensor, file: StaticString = #fileID, line: UInt = #line
) throws(LinearAlgebraError) -> Tensor {
  checkMatrices("inverse", a, file, line)
  let factors = LUFactors(a.payload)
  try LinearAlgebraError.check(factors.status, "inverse", .singular, a.batch)
  let result = solved(a.detached, a.identity(a.rows), factors)
  guard a.isTracked else { return result }
  return result.recorded(
    "inverse", a,
    .gradientAndOutput { g, y in
      let adjoint = y.transposed()
      return -matmul(adjoint, matmul(g, adjoint))
    })
}

/// The solution by factors that are there already, of A X = B or of A^T X = B.
func solved(_ a: Tensor, _ b: Tensor, _ factors: LUFactors, transposed: Bool = false) -> Tensor {
  let (wide, map) = rightHandSides(b, a)
  let result = Tensor(factors.solve(wide, map, transposed: transposed))
  return recordedSolution("solve", result, a, b) {
    solved(a, $0, factors, transposed: !transposed)
  } matrixGradient: { z, x in
    transposed ? -matmul(x, z.transposed()) : -matmul(z, x.transposed())
  }
}
