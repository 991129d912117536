/// The solution X of T X = B, or of X T = B, where T is one triangle of A.
///
/// The other triangle of A is not read and has gradient zero. A zero on the diagonal is no error: as
/// in a division, it gives infinities and NaN.
///
/// Shapes: `[..., n, n]` and `[..., n, k]` give `[..., n, k]`, batches broadcast; a vector `[n]` is
/// one column. From the right: `[..., n, n]` and `[..., k, n]` give `[..., k, n]`.
/// - Parameters:
///   - a: the matrices that hold the triangles.
///   - b: the right-hand sides.
///   - upper: which triangle.
///   - transposed: whether T is the transposed triangle.
///   - unitDiagonal: whether the diagonal counts as ones, whatever stands there.
///   - fromRight: whether T stands on the right of X.
public func triangularSolve(
  _ a: Tensor, _ b: Tensor, upper: Bool, transposed: Bool = false, unitDiagonal: Bool = false,
  fromRight: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let triangle = LAPACK.Triangle(
    isUpper: upper, isTransposed: transposed != fromRight, hasUnitDiagonal: unitDiagonal)
  if fromRight {
    if b.rank < 2 {
      programmingError(
        "triangularSolve", "from the right needs matrices [..., k, n], not shape \(b.shape)",
        file: file, line: line)
    }
    let system = LinearSystem("triangularSolve", a, b.transposed(), file, line)
    return system.solved { substituted($0, $1, triangle) }.transposed()
  }
  return LinearSystem("triangularSolve", a, b, file, line).solved { substituted($0, $1, triangle) }
}

/// `triangularSolve` of matrices that fit.
func substituted(_ a: Tensor, _ b: Tensor, _ triangle: LAPACK.Triangle) -> Tensor {
  var adjoint = triangle
  adjoint.isTransposed.toggle()
  if a.isTransposedView {
    adjoint.isUpper.toggle()
    return substituted(a.transposed(), b, adjoint)
  }
  let (wide, map) = rightHandSides(b, a)
  let result = Tensor(Payload.triangularSolution(a.payload, wide, map, triangle))
  return recordedSolution("triangularSolve", result, a, b) { [adjoint] in
    substituted(a, $0, adjoint)
  } matrixGradient: { z, x in
    let full = triangle.isTransposed ? matmul(x, z.transposed()) : matmul(z, x.transposed())
    return triangle.isUpper
      ? -full.keepingUpper(strictly: triangle.hasUnitDiagonal)
      : -full.keepingLower(strictly: triangle.hasUnitDiagonal)
  }
}

extension Tensor {
  /// Whether the matrices are row-major when transposed.
  fileprivate var isTransposedView: Bool {
    !payload.isContiguous && transposed().payload.isContiguous
  }
}
