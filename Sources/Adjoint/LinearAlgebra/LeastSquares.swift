/// The X for which A X is nearest to B, column by column in the 2-norm, and of these the smallest.
///
/// By QR factors; matrices without full rank take the way over `pseudoInverse`.
///
/// Shapes: `[..., m, n]` and `[..., m, k]` give `[..., n, k]`, batches broadcast; a vector `[m]` is
/// one column.
public func leastSquares(
  _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("leastSquares", a, square: false, file, line)
  let size = b.rank == 0 ? nil : b.rank == 1 ? b.shape[0] : b.rows
  let fits = b.rank == 1 || b.rank > 1 && a.batch.broadcast(with: b.batch) != nil
  if a.dtype != b.dtype || size != a.rows || !fits {
    programmingError(
      "leastSquares",
      "right-hand sides of \(b.dtype) \(b.shape) do not fit matrices of \(a.dtype) \(a.shape): they "
        + "must be [\(a.rows)] or [..., \(a.rows), k]", file: file, line: line)
  }
  if b.rank == 1 {
    return leastSquares(a, b.expandingDimension(at: 1), file: file, line: line).squeezed(-1)
  }
  let isWide = a.rows < a.columns
  let (q, r) = qr(isWide ? a.transposed() : a, file: file, line: line)
  if !r.hasFullRank(of: max(a.rows, a.columns)) {
    return matmul(pseudoInverse(a, file: file, line: line), b)
  }
  if isWide {
    return matmul(q, substituted(r, b, LAPACK.Triangle(isUpper: true, isTransposed: true)))
  }
  return substituted(r, matmul(q.transposed(), b), LAPACK.Triangle(isUpper: true))
}

/// The Moore-Penrose inverse of each matrix.
///
/// Singular values below `tolerance` times the largest count as 0. The derivative is that among
/// matrices of the same rank. Source: G. Golub and V. Pereyra, "The differentiation of
/// pseudo-inverses", 1973.
///
/// Shapes: `[..., m, n]` gives `[..., n, m]`.
/// - Parameters:
///   - a: matrices of any rank.
///   - tolerance: by default the larger size times the precision of the dtype.
public func pseudoInverse(
  _ a: Tensor, tolerance: Double? = nil, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("pseudoInverse", a, square: false, file, line)
  let (u, s, vh) = svd(a.detached, file: file, line: line)
  let kept = s.isSignificant(tolerance, max(a.rows, a.columns))
  let inverted = `where`(kept, 1 / `where`(kept, s, 1), s * 0)
  let result = matmul(
    vh.transposed() * inverted.expandingDimension(at: -2), u.transposed())
  guard a.isTracked else { return result }
  return result.recorded(
    "pseudoInverse", a,
    .gradientAndOutput { g, p in
      let (pt, gt) = (p.transposed(), g.transposed())
      let within = matmul(pt, matmul(g, pt))
      let left = matmul(gt, matmul(p, pt))
      let right = matmul(matmul(pt, p), gt)
      return left - matmul(a, matmul(p, left)) + right - matmul(matmul(right, p), a) - within
    })
}

/// The number of singular values of each matrix above `tolerance` times the largest, as `int64`.
///
/// Shapes: `[..., m, n]` gives `[...]`.
/// - Parameters:
///   - a: the matrices.
///   - tolerance: by default the larger size times the precision of the dtype.
public func matrixRank(
  _ a: Tensor, tolerance: Double? = nil, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("matrixRank", a, square: false, file, line)
  let values = singularValues(a.detached, file: file, line: line)
  return values.isSignificant(tolerance, max(a.rows, a.columns)).sum(axes: [-1])
}

extension Tensor {
  /// Which of these singular values do not count as 0.
  fileprivate func isSignificant(_ tolerance: Double?, _ size: Int) -> Tensor {
    if shape.last == 0 { return self .> 0 }
    let relative = tolerance ?? dtype.precision * Double(size)
    return self .> max(axes: [-1], keepingDimensions: true) * relative
  }

  /// Whether no diagonal element of a triangle is 0 but for rounding.
  fileprivate func hasFullRank(of size: Int) -> Bool {
    if rows == 0 || elementCount == 0 { return true }
    let sizes = abs(detached.diagonalElements)
    let limit = sizes.max(axes: [-1], keepingDimensions: true) * (dtype.precision * Double(size))
    return !(sizes .<= limit).scalars(as: Bool.self).contains(true)
  }
}

extension DType {
  /// The distance from 1 to the next number of a floating dtype.
  var precision: Double {
    self == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
  }
}
