import Adjoint

extension Convention {
  private static let inf = Double.infinity
  private static let nan = Double.nan

  private static func square(_ x: Tensor) -> Tensor { x.reshaped(2, 2) }

  /// Matrices of two rows, given row by row.
  static let linearAlgebra = [
    Convention(
      "`cholesky` of NaN 1 / 1 2", at: [nan, 1, 1, 2], gives: [nan, 0, nan, nan]
    ) { cholesky(square($0)) },
    Convention(
      "`cholesky` of 4 NaN / 2 5, whose upper triangle is not read", at: [4, nan, 2, 5],
      gives: [2, 0, 1, 2]
    ) { cholesky(square($0)) },
    Convention(
      "`solve` with inf 0 / 0 1 for 1, 1", at: [inf, 0, 0, 1], gives: [nan, nan]
    ) { solve(square($0), Tensor([1, 1], dtype: .float64)) },
    Convention(
      "`triangularSolve` with 0 0 / 0 2 for 1, 1", at: [0, 0, 0, 2], gives: [inf, nan]
    ) { triangularSolve(square($0), Tensor([1, 1], dtype: .float64), upper: false) },
    Convention(
      "`inverse` of NaN 0 / 0 1", at: [nan, 0, 0, 1], gives: [nan, nan, nan, nan]
    ) { inverse(square($0)) },
    Convention(
      "`determinant` of the singular 2 0 / 0 0", at: [2, 0, 0, 0], gives: [0],
      derivative: [0, 0, 0, 2]
    ) { determinant(square($0)) },
    Convention("`determinant` of no rows", at: [], gives: [1], derivative: []) {
      determinant($0.reshaped([0, 0]))
    },
    Convention(
      "`slogDeterminant` of the singular 1 2 / 2 4: sign and logarithm", at: [1, 2, 2, 4],
      gives: [0, -inf]
    ) {
      let (sign, logarithm) = slogDeterminant(square($0))
      return stacked([sign, logarithm])
    },
    Convention(
      "`singularValues` of 1 NaN / 0 1", at: [1, nan, 0, 1], gives: [nan, nan]
    ) { singularValues(square($0)) },
    Convention(
      "`singularValues` of the identity", at: [1, 0, 0, 1], gives: [1, 1], derivative: [1, 0, 0, 1]
    ) { singularValues(square($0)) },
    Convention(
      "`eigenvaluesSymmetric` of the identity", at: [1, 0, 0, 1], gives: [1, 1],
      derivative: [1, 0, 0, 1]
    ) { eigenvaluesSymmetric(square($0)) },
    Convention(
      "`eigh` of the identity: V diag(values^2) V^T", at: [1, 0, 0, 1], gives: [1, 0, 0, 1],
      derivative: [nan, nan, nan, nan]
    ) {
      let (values, vectors) = eigh(square($0))
      return matmul(vectors * values * values, vectors.transposed())
    },
    Convention(
      "`svd` of the identity: S, U diag(S) V^T", at: [1, 0, 0, 1],
      gives: [1, 1, 1, 0, 0, 1], derivative: [nan, nan, nan, nan]
    ) {
      let (u, s, vh) = svd(square($0))
      return concatenated([s, matmul(u * s, vh).reshaped(4)])
    },
    Convention(
      "`svd` of the identity: S alone", at: [1, 0, 0, 1], gives: [1, 1], derivative: [1, 0, 0, 1]
    ) { svd(square($0)).s },
    Convention(
      "`eigh` of inf 0 / 0 1: the values", at: [inf, 0, 0, 1], gives: [nan, nan]
    ) { eigh(square($0)).values },
    Convention(
      "`pseudoInverse` of zeros", at: [0, 0, 0, 0], gives: [0, 0, 0, 0],
      derivative: [0, 0, 0, 0]
    ) { pseudoInverse(square($0)) },
    Convention("`matrixRank` of zeros", at: [0, 0, 0, 0], gives: [0]) { matrixRank(square($0)) },
    Convention(
      "`matrixNorm` of zeros", at: [0, 0, 0, 0], gives: [0], derivative: [0, 0, 0, 0]
    ) { matrixNorm(square($0)) },
    Convention(
      "`matrixNorm`, `infinity`, of 1 2 / 2 1", at: [1, 2, 2, 1], gives: [3],
      derivative: [0.5, 0.5, 0.5, 0.5]
    ) { matrixNorm(square($0), .infinity) },
    Convention(
      "`conditionNumber` of 1 0 / 0 0", at: [1, 0, 0, 0], gives: [inf]
    ) { conditionNumber(square($0)) },
    Convention(
      "`matrixPower` with exponent 0", at: [1, 2, 3, 4], gives: [1, 0, 0, 1],
      derivative: [0, 0, 0, 0]
    ) { matrixPower(square($0), 0) },
    Convention(
      "`matrixExponential` of NaN 0 / 0 1", at: [nan, 0, 0, 1], gives: [nan, nan, nan, nan]
    ) { matrixExponential(square($0)) },
  ]
}
