/// The Cholesky factor: the lower triangular L with positive diagonal and L L^T = A.
///
/// Only the lower triangle of A is read (the upper one with `upper`), but the gradient is that of
/// symmetric matrices, and symmetric. A matrix that is not positive definite stops the program;
/// `cholesky(checking:)` throws. Derivative: I. Murray, "Differentiation of the Cholesky
/// decomposition", 2016.
///
/// Shapes: `[..., n, n]` gives `[..., n, n]`.
/// - Parameters:
///   - a: symmetric positive definite matrices.
///   - upper: whether to give U = L^T, with U^T U = A, instead.
public func cholesky(
  _ a: Tensor, upper: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  orStop(file, line, try cholesky(checking: a, upper: upper, file: file, line: line))
}

/// The Cholesky factor, or an error where a matrix is not positive definite; see `cholesky(_:)`.
public func cholesky(
  checking a: Tensor, upper: Bool = false, file: StaticString = #fileID, line: UInt = #line
) throws(LinearAlgebraError) -> Tensor {
  checkMatrices("cholesky", a, file, line)
  if upper {
    return try cholesky(checking: a.transposed(), file: file, line: line).transposed()
  }
  let (factors, status) = a.payload.choleskyFactors()
  try LinearAlgebraError.check(status, "cholesky", .notPositiveDefinite, a.batch)
  let result = Tensor(factors)
  guard a.isTracked else { return result }
  return result.recorded(
    "cholesky", a,
    .gradientAndOutput { g, l in
      if !Recording.isOn {
        return Tensor(Payload.choleskyGradients(factors: l.payload, gradient: g.payload))
      }
      // The same as a formula, which has derivatives itself.
      let inner = matmul(l.transposed(), g).keepingLower()
      let halved = inner - inner.keepingDiagonal * 0.5
      let transposed = LAPACK.Triangle(isUpper: false, isTransposed: true)
      let left = substituted(l, halved, transposed)
      return substituted(l, left.transposed(), transposed).symmetrised
    })
}

/// The solution of A X = B by the Cholesky factor of A.
///
/// Shapes: as in `solve`. `factor` is L with L L^T = A or, with `upper`, U with U^T U = A.
public func choleskySolve(
  _ factor: Tensor, _ b: Tensor, upper: Bool = false, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor {
  let system = LinearSystem("choleskySolve", factor, b, file, line)
  let first = LAPACK.Triangle(isUpper: upper, isTransposed: upper)
  let second = LAPACK.Triangle(isUpper: upper, isTransposed: !upper)
  return system.solved { substituted($0, substituted($0, $1, first), second) }
}
