import Adjoint
import Testing

/// Linear algebra and products under the names they have in Fixtures/linear_algebra.json.
private let operations: [ReferenceOperation] =
  [
    linear("cholesky") { cholesky($0[0], upper: $1[0] == 1) },
    linear("choleskySolve") { choleskySolve($0[0], $0[1], upper: $1[0] == 1) },
    linear("solve") { x, _ in solve(x[0], x[1]) },
    linear("triangularSolve") {
      triangularSolve(
        $0[0], $0[1], upper: $1[0] == 1, transposed: $1[1] == 1, unitDiagonal: $1[2] == 1,
        fromRight: $1[3] == 1)
    },
    linear("inverse") { x, _ in inverse(x[0]) },
    linear("pseudoInverse") { x, _ in pseudoInverse(x[0]) },
    linear("determinant") { x, _ in determinant(x[0]) },
    linear("slogSign") { x, _ in slogDeterminant(x[0]).sign },
    linear("slogLogarithm") { x, _ in slogDeterminant(x[0]).logarithm },
    linear("luP") { x, _ in lu(x[0]).p },
    linear("luL") { x, _ in lu(x[0]).l },
    linear("luU") { x, _ in lu(x[0]).u },
    linear("qrQ") { qr($0[0], complete: $1[0] == 1).q },
    linear("qrR") { qr($0[0], complete: $1[0] == 1).r },
    linear("qrOthers") { x, _ in
      let q = qr(x[0], complete: true).q.additional(x[0])
      return matmul(q, q.transposed())
    },
    linear("singularValues") { x, _ in singularValues(x[0]) },
    linear("svdU") { x, _ in abs(svd(x[0]).u) },
    linear("svdV") { x, _ in abs(svd(x[0]).vh) },
    linear("svdOthersU") { x, _ in
      let u = svd(x[0], full: true).u.additional(x[0])
      return matmul(u, u.transposed())
    },
    linear("svdOthersV") { x, _ in
      let v = svd(x[0], full: true).vh.transposed().additional(x[0])
      return matmul(v, v.transposed())
    },
    linear("eighValues") { x, _ in eigh(x[0]).values },
    linear("eighVectors") { x, _ in abs(eigh(x[0]).vectors) },
    linear("eigenvaluesSymmetric") { x, _ in eigenvaluesSymmetric(x[0]) },
    linear("eigReal") { x, _ in eig(x[0]).values.real },
    linear("eigImaginary") { x, _ in eig(x[0]).values.imaginary },
    linear("eigVectors") { x, _ in
      let (real, imaginary) = eig(x[0]).vectors
      return sqrt(square(real) + square(imaginary))
    },
    linear("leastSquares") { x, _ in leastSquares(x[0], x[1]) },
    linear("matrixRank") { x, _ in matrixRank(x[0]) },
    linear("matrixNorm") { matrixNorm($0[0], MatrixNorm.inReferenceOrder[$1[0]]) },
    linear("conditionNumber") { conditionNumber($0[0], MatrixNorm.inReferenceOrder[$1[0]]) },
    linear("trace") { x, _ in trace(x[0]) },
    linear("matrixPower") { matrixPower($0[0], $1[0]) },
    linear("matrixExponential") { x, _ in matrixExponential(x[0]) },
    linear("householderProduct") { x, _ in householderProduct(x[0], x[1]) },
  ] + [
    linear("dot") { x, _ in dot(x[0], x[1]) },
    linear("outer") { x, _ in outer(x[0], x[1]) },
    linear("inner") { x, _ in inner(x[0], x[1]) },
    linear("tensordot") { tensordot($0[0], $0[1], axes: $1[0]) },
    linear("tensordotPairs") { x, axes in
      let half = axes.count / 2
      return tensordot(x[0], x[1], axes: (Array(axes[..<half]), Array(axes[half...])))
    },
    linear("kron") { x, _ in kron(x[0], x[1]) },
    linear("cross") { cross($0[0], $0[1], axis: $1[0]) },
    linear("bilinear") { x, _ in bilinear(x[0], x[1], weight: x[2]) },
    linear("multiDot") { x, _ in multiDot(x) },
  ]

private func linear(
  _ name: String, _ f: @escaping @Sendable (_ inputs: [Tensor], _ arguments: [Int]) -> Tensor
) -> ReferenceOperation {
  ReferenceOperation(name: name, isElementwise: false, tolerance: (2e-5, 1e-12), function: f)
}

extension MatrixNorm {
  fileprivate static let inReferenceOrder: [MatrixNorm] = [
    .frobenius, .nuclear, .spectral, .one, .infinity,
  ]
}

extension Tensor {
  /// The columns beyond those that the decomposition of `a` determines.
  fileprivate func additional(_ a: Tensor) -> Tensor {
    sliced(Swift.min(a.shape[a.rank - 1], a.shape[a.rank - 2])..., axis: -1)
  }
}

@Suite("Linear algebra and products are those of NumPy, SciPy and PyTorch")
struct LinearAlgebraValuesTests {
  private static let reference = ReferenceValues.load("linear_algebra.json")
  /// Each equation is an operation of its own.
  private static let sums: [ReferenceOperation] = {
    let names = (try? reference.get().cases.map(\.operation)) ?? []
    return Set(names).filter { $0.hasPrefix("einsum ") }.sorted().map { name in
      linear(name) { x, _ in einsum(String(name.dropFirst("einsum ".count)), x) }
    }
  }()

  @Test("for whole arrays, row-major or as views", arguments: operations + sums)
  func agrees(_ operation: ReferenceOperation) throws {
    for (inputs, expected, arguments) in try Self.reference.get().examples(of: operation.name) {
      let relative = expected.dtype == .float32 ? operation.tolerance.0 : operation.tolerance.1
      for (layout, x) in [
        ("row-major", inputs), ("transposed", inputs.map(\.asTransposedView)),
        ("sliced", inputs.map(\.asSlicedView)),
      ] {
        expectClose(
          operation.function(x, arguments), expected, absolute: relative,
          relative: relative, "\(operation) of \(inputs) with \(arguments), \(layout)")
      }
    }
  }

  @Test("every reference value is compared")
  func isComplete() throws {
    let names = Set(try Self.reference.get().cases.map(\.operation))
    #expect(names.subtracting((operations + Self.sums).map(\.name)) == [])
    #expect(Self.sums.count > 20)
  }
}
