/// The factors A = P L U by Gaussian elimination with row exchanges.
///
/// P is a permutation matrix and has no derivative, L has ones on its diagonal. The derivative needs
/// the first min(m, n) columns to be independent; else it is not finite.
///
/// Shapes: `[..., m, n]` gives P of `[..., m, m]`, L of `[..., m, k]` and U of `[..., k, n]` with
/// k = min(m, n).
public func lu(
  _ a: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> (p: Tensor, l: Tensor, u: Tensor) {
  checkMatrices("lu", a, square: false, file, line)
  let (m, k) = (a.rows, min(a.rows, a.columns))
  let factors = LUFactors(a.detached.transposed().payload)
  let orders = (0..<a.batch.elementCount).flatMap { factors.order(of: $0, m) }
  let order = Tensor(orders, shape: a.batch.followed(by: m))
  let p = oneHot(order, count: m, dtype: a.dtype).transposed()
  var both = Tensor(factors.factors).transposed()
  if a.isTracked {
    both = both.recorded(
      "lu", a,
      .gradientAndOutput { g, y in
        let (l, u) = (y.unitLower(k), y.upper(k))
        let (gl, gu) = (g.keepingLower(strictly: true).sliced(..<k, axis: -1), g.upper(k))
        return matmul(p, eliminationGradient(l, u, gl, gu, k))
      })
  }
  return (p, both.unitLower(k), both.upper(k))
}

/// The gradient of P^T A.
///
/// With the square leading blocks L1 and U1, and F = L1^-1 dB U1^-1 for B = P^T A:
/// dL1 = L1 lower(F), dU1 = upper(F) U1; what is left over of L and U depends on both.
private func eliminationGradient(
  _ l: Tensor, _ u: Tensor, _ gl: Tensor, _ gu: Tensor, _ k: Int
) -> Tensor {
  func rows(_ x: Tensor) -> (Tensor, Tensor) {
    (x.sliced(..<k, axis: -2), x.sliced(k..., axis: -2))
  }
  func columns(_ x: Tensor) -> (Tensor, Tensor) {
    (x.sliced(..<k, axis: -1), x.sliced(k..., axis: -1))
  }
  let ((l1, l2), (gl1, gl2)) = (rows(l), rows(gl))
  let ((u1, u2), (gu1, gu2)) = (columns(u), columns(gu))
  let lower = matmul(l1.transposed(), gl1) - matmul(gu2, u2.transposed())
  let upper = matmul(gu1, u1.transposed()) - matmul(l2.transposed(), gl2)
  let gf = lower.keepingLower(strictly: true) + upper.keepingUpper()
  let fromLeft = LAPACK.Triangle(isUpper: false, isTransposed: true, hasUnitDiagonal: true)
  func byU(_ x: Tensor) -> Tensor {
    substituted(u1, x.transposed(), LAPACK.Triangle(isUpper: true)).transposed()
  }
  var result = byU(substituted(l1, gf, fromLeft))
  if l.rows > k { result = concatenated([result, byU(gl2)], axis: -2) }
  if u.columns > k {
    result = concatenated([result, substituted(l1, gu2, fromLeft)], axis: -1)
  }
  return result
}

extension Tensor {
  /// L of both factors in one matrix.
  fileprivate func unitLower(_ k: Int) -> Tensor {
    let first = sliced(..<k, axis: -1)
    let ones = Tensor.ones(first.shape, dtype: dtype).keepingDiagonal
    return first.keepingLower(strictly: true) + ones
  }

  /// U of both factors in one matrix.
  fileprivate func upper(_ k: Int) -> Tensor { sliced(..<k, axis: -2).keepingUpper() }
}
