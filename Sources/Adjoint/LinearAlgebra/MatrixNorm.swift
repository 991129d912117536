/// A norm of matrices.
public enum MatrixNorm: Sendable, CaseIterable {
  /// The root of the sum of the squares of all elements.
  case frobenius
  /// The sum of the singular values.
  case nuclear
  /// The largest singular value: the operator norm of the 2-norm.
  case spectral
  /// The largest sum of absolute values in a column: the operator norm of the 1-norm.
  case one
  /// The largest sum of absolute values in a row: the operator norm of the maximum norm.
  case infinity
}

/// A norm of each matrix.
///
/// The norm of a matrix without elements is 0. The derivative of the Frobenius norm at 0 is 0; equal
/// largest sums share the gradient of `one` and `infinity`, equal largest singular values that of
/// `spectral`.
///
/// Shapes: `[..., m, n]` gives `[...]`.
public func matrixNorm(
  _ x: Tensor, _ norm: MatrixNorm = .frobenius, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("matrixNorm", x, square: false, file, line)
  if x.rows == 0 || x.columns == 0 { return x.sum(axes: [-2, -1]) }
  switch norm {
  case .frobenius:
    let total = square(x).sum(axes: [-2, -1])
    let vanishes = total .== 0
    return `where`(vanishes, 0, sqrt(`where`(vanishes, 1, total)))
  case .nuclear: return singularValues(x, file: file, line: line).sum(axes: [-1])
  case .spectral: return singularValues(x, file: file, line: line).max(axes: [-1])
  case .one: return abs(x).sum(axes: [-2]).max(axes: [-1])
  case .infinity: return abs(x).sum(axes: [-1]).max(axes: [-1])
  }
}

/// How much larger relative errors of the right-hand side may become in the solution of a system.
///
/// It is the norm of A times that of its inverse, infinite for singular matrices.
///
/// Shapes: `[..., n, n]` gives `[...]`; for the spectral norm, of whose largest and smallest singular
/// value it is the quotient, `[..., m, n]` too.
public func conditionNumber(
  _ a: Tensor, _ norm: MatrixNorm = .spectral, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("conditionNumber", a, square: norm != .spectral, file, line)
  if a.rows == 0 || a.columns == 0 { return a.sum(axes: [-2, -1]) }
  if norm == .spectral {
    let values = singularValues(a, file: file, line: line)
    return values.max(axes: [-1]) / values.min(axes: [-1])
  }
  let isSingular = Tensor(LUFactors(a.payload).status.map { $0 > 0 }, shape: a.batch)
  let mask = isSingular.expandingDimension(at: -1).expandingDimension(at: -1)
  let product =
    matrixNorm(a, norm) * matrixNorm(inverse(`where`(mask, a.identity(a.rows), a)), norm)
  return `where`(isSingular, Tensor(.infinity, dtype: a.dtype), product)
}

/// The sum of the diagonal of each matrix.
///
/// Integers and bools are summed as `int64`.
///
/// Shapes: `[..., m, n]` gives `[...]`.
public func trace(
  _ x: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  if x.rank < 2 {
    programmingError(
      "trace", "needs matrices [..., m, n], not shape \(x.shape)", file: file, line: line)
  }
  return x.keepingDiagonal.sum(axes: [-2, -1])
}
