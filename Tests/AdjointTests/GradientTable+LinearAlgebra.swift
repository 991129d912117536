import Adjoint

// Rows for linear algebra. Functions make their matrices well-conditioned first, with eigenvalues
// apart where that matters, and look at vectors only where their signs do not.

extension GradientTable {
  static let linearAlgebra: [GradientRow] =
    factors + systems + inverses + determinants + spectra + norms + matrixFunctions

  private static func matrix(
    _ name: String, _ operation: String, _ shape: Shape = [3, 3], fixed: Set<Int> = [],
    allowsEmpty: Bool = true, tolerance: Double = 1e-6,
    _ f: @escaping @Sendable (Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: [operation], shapes: [shape], fixedSizes: fixed,
      allowsEmpty: allowsEmpty, tolerance: tolerance, function: { f($0[0]) })
  }

  private static let factors: [GradientRow] = [
    matrix("cholesky", "cholesky") { sin(cholesky($0.positiveDefinite)) },
    matrix("cholesky, upper", "cholesky") { sin(cholesky($0.positiveDefinite, upper: true)) },
    matrix("cholesky of a batch", "cholesky", [2, 3, 3]) { square(cholesky($0.positiveDefinite)) },
    matrix("cholesky and back", "cholesky") {
      let l = cholesky($0.positiveDefinite)
      return matmul(l, l.transposed())
    },
    matrix("lu of square matrices", "lu") {
      let (_, l, u) = lu($0.dominant)
      return sin(l) + u * u
    },
    matrix("lu of a batch", "lu", [2, 3, 3]) {
      let (_, l, u) = lu($0)
      return matmul(square(l), u)
    },
    matrix("lu of tall matrices", "lu", [4, 2]) {
      let (p, l, u) = lu($0.dominant)
      return matmul(matmul(p, sin(l)), square(u))
    },
    matrix("lu of wide matrices", "lu", [2, 4]) {
      let (p, l, u) = lu($0.dominant)
      return matmul(matmul(p, sin(l)), square(u))
    },
    matrix("qr of square matrices", "qr") {
      let (q, r) = qr($0.dominant)
      return sin(q) + square(r)
    },
    matrix("qr of tall matrices", "qr", [2, 4, 3]) {
      let (q, r) = qr($0.dominant)
      return matmul(sin(q), square(r))
    },
    matrix("qr of wide matrices", "qr", [2, 4]) {
      let (q, r) = qr($0.dominant)
      return matmul(sin(q), square(r))
    },
    matrix("qr, complete", "qr", [4, 2], fixed: [4]) {
      let (q, r) = qr($0.dominant, complete: true)
      let others = q.sliced(min(2, $0.shape[1])..., axis: -1)
      return matmul(others, others.transposed()) * matmul(square(q), square(r)).sum()
    },
    GradientRow(
      name: "householderProduct", operations: ["matmul"], shapes: [[4, 3], [2]],
      fixedSizes: [4, 3, 2], function: { sin(householderProduct($0[0], $0[1])) }),
  ]

  private static func pair(
    _ name: String, _ operations: [String], _ a: Shape, _ b: Shape, allowsEmpty: Bool = true,
    fixed: Set<Int> = [], _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor
  ) -> GradientRow {
    GradientRow(
      name: name, operations: operations, shapes: [a, b], fixedSizes: fixed,
      allowsEmpty: allowsEmpty, function: { f($0[0], $0[1]) })
  }

  private static let systems: [GradientRow] =
    [
      pair("solve", ["solve", "augmented"], [3, 3], [3, 2]) { solve($0.dominant, $1) },
      pair("solve of a square right-hand side", ["solve"], [3, 3], [3, 3]) {
        square(solve($0.dominant, $1))
      },
      pair("solve for a vector", ["solve"], [3, 3], [3]) { solve($0.dominant, $1) },
      pair("solve of a batch for a vector", ["solve"], [2, 3, 3], [3]) { solve($0.dominant, $1) },
      pair("solve of a batch", ["solve"], [2, 3, 3], [2, 3, 4]) { solve($0.dominant, $1) },
      pair("solve of one matrix for a batch", ["solve"], [3, 3], [2, 3, 4]) {
        solve($0.dominant, $1)
      },
      pair("solve of batches that broadcast", ["solve"], [2, 1, 3, 3], [4, 3, 2]) {
        solve($0.dominant, $1)
      },
      pair("solve with a transposed matrix", ["solve"], [3, 3], [2, 3]) {
        sin(solve($0.dominant.transposed(), $1.transposed()))
      },
      pair("choleskySolve", ["triangularSolve"], [3, 3], [3, 2]) {
        choleskySolve(cholesky($0.positiveDefinite), $1)
      },
      pair("choleskySolve, upper, for a vector", ["triangularSolve"], [2, 3, 3], [3]) {
        choleskySolve($0.dominant, $1, upper: true)
      },
      pair("leastSquares of tall matrices", ["qr"], [4, 2], [4, 3], fixed: [4]) {
        leastSquares($0.dominant, $1)
      },
      pair("leastSquares of wide matrices for a vector", ["qr"], [2, 4], [2]) {
        leastSquares($0.dominant, $1)
      },
      pair("leastSquares of a batch", ["qr"], [2, 4, 3], [4, 3], fixed: [4]) {
        square(leastSquares($0.dominant, $1))
      },
      pair("leastSquares without full rank", ["pseudoInverse"], [3, 1], [1, 2], fixed: [2, 3]) {
        leastSquares(matmul($0 + 3, $1 + 3), $0)
      },
    ]
    + [false, true].flatMap { upper in
      [false, true].flatMap { transposed in
        [false, true].flatMap { unit in
          [false, true].map { fromRight in
            let options = "upper \(upper), transposed \(transposed), unit \(unit)"
            return pair(
              "triangularSolve, \(options), from the right \(fromRight)",
              ["triangularSolve", "augmented"], [3, 3], fromRight ? [2, 3] : [3, 2]
            ) {
              triangularSolve(
                $0.dominant, $1, upper: upper, transposed: transposed, unitDiagonal: unit,
                fromRight: fromRight)
            }
          }
        }
      }
    } + [
      pair("triangularSolve of batches", ["triangularSolve"], [2, 1, 3, 3], [4, 3, 2]) {
        triangularSolve($0.dominant.transposed(), $1, upper: false)
      }
    ]

  private static let inverses: [GradientRow] = [
    matrix("inverse", "inverse") { sin(inverse($0.dominant)) },
    matrix("inverse of a batch", "inverse", [2, 3, 3]) { inverse($0.dominant.transposed()) },
    matrix("pseudoInverse of tall matrices", "pseudoInverse", [2, 4, 3]) {
      pseudoInverse($0.dominant)
    },
    matrix("pseudoInverse of wide matrices", "pseudoInverse", [2, 3]) {
      square(pseudoInverse($0.dominant))
    },
    pair("pseudoInverse of rank 1", ["pseudoInverse"], [3, 1], [1, 2], fixed: [2, 3]) {
      pseudoInverse(matmul($0 + 3, $1 + 3), tolerance: 1e-4)
    },
  ]

  private static let determinants: [GradientRow] = [
    matrix("determinant", "determinant") { determinant($0) },
    matrix("determinant of a batch", "determinant", [2, 3, 3]) { determinant($0) },
    GradientRow(
      name: "determinant of a singular matrix", operations: ["determinant"], shapes: [[2, 3, 3]],
      domain: .uniform(0.5...0.5), fixedSizes: [2, 3],
      function: {
        let singular = Tensor([[2, 1, 1], [0, 3, 1], [0, 0, 0]], dtype: $0[0].dtype)
        return determinant(singular + ($0[0] - 0.5))
      }),
    matrix("slogDeterminant", "slogDeterminant") { slogDeterminant($0).logarithm },
    matrix("slogDeterminant of a batch", "slogDeterminant", [2, 3, 3]) {
      let (sign, logarithm) = slogDeterminant($0)
      return sign * exp(logarithm)
    },
  ]

  private static let spectra: [GradientRow] = [
    matrix("svd of square matrices", "svd") {
      let (u, s, vh) = svd($0.spread)
      return matmul(u * sin(s).expandingDimension(at: -2), vh) + square(u) + square(vh)
    },
    matrix("svd of tall matrices", "svd", [2, 4, 3]) {
      let (u, s, vh) = svd($0.spread)
      return matmul(square(u) * sin(s).expandingDimension(at: -2), square(vh))
    },
    matrix("svd of wide matrices", "svd", [3, 4]) {
      let (u, s, vh) = svd($0.spread)
      return matmul(square(u) * sin(s).expandingDimension(at: -2), square(vh))
    },
    matrix("svd, full, of tall matrices", "svd", [4, 2], fixed: [4]) {
      let (u, s, _) = svd($0.spread, full: true)
      let others = u.sliced(min(2, $0.shape[1])..., axis: -1)
      return matmul(others, others.transposed()) * (1 + square(s).sum())
    },
    matrix("svd, full, of wide matrices", "svd", [2, 4], fixed: [4]) {
      let (_, s, vh) = svd($0.spread, full: true)
      let others = vh.sliced(min(2, $0.shape[0])..., axis: -2)
      return matmul(others.transposed(), others) * (1 + square(s).sum())
    },
    matrix("singularValues", "singularValues", [2, 3, 4]) { sin(singularValues($0.spread)) },
    matrix("eigh", "eigh") {
      let (values, vectors) = eigh($0.symmetricSpread)
      return square(vectors) * sin(values)
    },
    matrix("eigh of a batch", "eigh", [2, 3, 3]) {
      let (values, vectors) = eigh($0.symmetricSpread)
      let scaled = vectors * exp(values * 0.2).expandingDimension(at: -2)
      return matmul(scaled, vectors.transposed())
    },
    matrix("eigenvaluesSymmetric", "eigenvaluesSymmetric", [2, 3, 3]) {
      sin(eigenvaluesSymmetric($0.symmetricSpread))
    },
    matrix("eig with real eigenvalues", "eig") {
      let (values, vectors) = eig($0.spread)
      return sin(values.real) * square(vectors.real) + values.imaginary
    },
    matrix("eig, the values alone", "eigenvalues", [2, 3, 3]) {
      let (values, _) = eig($0)
      return sin(values.real) + square(values.imaginary)
    },
    matrix("eig with complex eigenvalues", "eig", [2, 3, 3], fixed: [3]) {
      let turning = Tensor([[1, 3, 0], [-3, 1, 0], [0, 0, 4]], dtype: $0.dtype)
      let (values, vectors) = eig($0 * 0.3 + turning)
      let sizes = square(vectors.real) + square(vectors.imaginary)
      return sizes * (sin(values.real) + cos(values.imaginary)).expandingDimension(at: -2)
    },
  ]

  private static let norms: [GradientRow] =
    MatrixNorm.allCases.map { norm in
      matrix("matrixNorm, \(norm)", "singularValues", [2, 3, 4]) { matrixNorm($0.spread, norm) }
    } + [
      matrix("conditionNumber, spectral", "singularValues", [3, 4], tolerance: 1e-5) {
        conditionNumber($0.spread)
      },
      matrix("conditionNumber, one", "inverse", [2, 3, 3]) { conditionNumber($0.spread, .one) },
      matrix("conditionNumber, frobenius", "inverse") { conditionNumber($0.spread, .frobenius) },
      matrix("trace", "sum", [2, 3, 4]) { square(trace($0)) },
    ]

  private static let matrixFunctions: [GradientRow] =
    [3, 1, 0, -2, 6].map { exponent in
      matrix("matrixPower with exponent \(exponent)", "matmul") {
        matrixPower($0.dominant * 0.4, exponent)
      }
    } + [
      matrix("matrixExponential", "matmul") { matrixExponential($0 * 0.5) },
      matrix("matrixExponential of a batch, with scaling", "matmul", [2, 3, 3]) {
        let scales = Tensor([0.1, 1.3], shape: [2, 1, 1], dtype: $0.dtype)
        return matrixExponential($0 * ($0.shape[0] == 2 ? scales : 1))
      },
    ]
}

extension Tensor {
  /// Ones on the diagonals of matrices of this shape, times a function of the position.
  private func diagonal(_ value: (Tensor) -> Tensor) -> Tensor {
    let (rows, columns) = (Tensor.arange(shape[rank - 2]), Tensor.arange(shape[rank - 1]))
    let mask = rows.expandingDimension(at: 1) .== columns
    return mask.cast(to: dtype) * value(columns.cast(to: dtype))
  }

  /// A symmetric positive definite matrix made from this one.
  fileprivate var positiveDefinite: Tensor {
    matmul(self, transposed()) * 0.3 + diagonal { $0 * 0 + 2 }
  }

  /// Well-conditioned.
  fileprivate var dominant: Tensor { self * 0.5 + diagonal { $0 * 0 + 3 } }

  /// With real eigenvalues and singular values apart.
  fileprivate var spread: Tensor { self * 0.25 + diagonal { $0 * 2 + 2 } }

  /// Symmetric with eigenvalues apart.
  fileprivate var symmetricSpread: Tensor {
    (self + transposed()) * 0.15 + diagonal { $0 * 2 - 1 }
  }
}
