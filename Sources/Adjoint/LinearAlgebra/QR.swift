/// The factors A = Q R: Q has orthonormal columns, R is upper triangular.
///
/// The signs are LAPACK's: the diagonal of R may be negative. The derivative needs the first
/// min(m, n) columns to be independent, else it is not finite; that of a complete Q holds for
/// functions that do not depend on the choice of the additional columns. Source: H. Liao and others,
/// "Differentiable programming tensor networks", 2019.
///
/// Shapes: `[..., m, n]` gives Q of `[..., m, k]` and R of `[..., k, n]` with k = min(m, n), or m
/// where `complete`.
public func qr(
  _ a: Tensor, complete: Bool = false, file: StaticString = #fileID, line: UInt = #line
) -> (q: Tensor, r: Tensor) {
  checkMatrices("qr", a, square: false, file, line)
  let (m, n) = (a.rows, a.columns)
  if m < n {
    // Q belongs to the first m columns alone.
    let (q, r) = qr(a.sliced(..<m, axis: -1))
    return (q, concatenated([r, matmul(q.transposed(), a.sliced(m..., axis: -1))], axis: -1))
  }
  let size = complete ? m : n
  let shapes = [a.batch.followed(by: size, m), a.batch.followed(by: n, size)]
  let (parts, status) = a.detached.transposed().payload.orthogonalTriangular(complete: complete)
  if let info = status.first(where: { $0 != 0 && $0 != LAPACK.notFinite }) {
    programmingError("qr", "LAPACK could not work: info \(info)", file: file, line: line)
  }
  var both = Tensor(parts)
  if a.isTracked {
    both = both.recorded(
      "qr", a,
      .gradientAndOutput { g, y in
        let (y, g) = (y.unpacked(shapes), g.unpacked(shapes))
        return orthogonalGradient(
          y[0].transposed(), y[1].transposed(), g[0].transposed(), g[1].transposed(), n)
      })
  }
  let found = both.unpacked(shapes)
  return (found[0].transposed(), found[1].transposed())
}

private func orthogonalGradient(
  _ q: Tensor, _ r: Tensor, _ gq: Tensor, _ gr: Tensor, _ n: Int
) -> Tensor {
  let (q1, r1) = (q.sliced(..<n, axis: -1), r.sliced(..<n, axis: -2))
  var gq1 = gq.sliced(..<n, axis: -1)
  if q.columns > n {
    // The additional columns turn with the others: dQ2 = -Q1 dQ1^T Q2.
    let (q2, gq2) = (q.sliced(n..., axis: -1), gq.sliced(n..., axis: -1))
    gq1 = gq1 - matmul(q2, matmul(gq2.transposed(), q1))
  }
  let gr1 = gr.sliced(..<n, axis: -2)
  let inner = matmul(r1, gr1.transposed()) - matmul(gq1.transposed(), q1)
  let lower = inner.keepingLower(strictly: true)
  let symmetric = lower + lower.transposed() + inner.keepingDiagonal
  let sum = gq1 + matmul(q1, symmetric)
  return substituted(r1, sum.transposed(), LAPACK.Triangle(isUpper: true)).transposed()
}

/// The first n columns of the product of Householder reflections I - tau_i v_i v_i^T.
///
/// `v_i` is 0 before row i, 1 there, and below it column i of `vectors`: the form in which LAPACK
/// gives the Q of a QR decomposition.
///
/// Shapes: vectors of `[..., m, n]` and tau of `[..., k]` with k <= n <= m give `[..., m, n]`.
public func householderProduct(
  _ vectors: Tensor, _ tau: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("householderProduct", vectors, square: false, file, line)
  let (m, n, count) = (vectors.rows, vectors.columns, tau.shape.last ?? 0)
  if tau.dtype != vectors.dtype || tau.rank != vectors.rank - 1 || count > n || n > m
    || Shape(unchecked: tau.shape.dropLast()) != vectors.batch
  {
    programmingError(
      "householderProduct",
      "needs vectors [..., m, n] and tau [..., k] with k <= n <= m, not \(vectors.dtype) "
        + "\(vectors.shape) and \(tau.dtype) \(tau.shape)", file: file, line: line)
  }
  let ones = Tensor.ones(vectors.shape, dtype: vectors.dtype).keepingDiagonal
  let v = vectors.keepingLower(strictly: true) + ones
  var product = ones
  for index in (0..<count).reversed() {
    let column = v.sliced(index..<index + 1, axis: -1)
    let factor = tau.sliced(index..<index + 1, axis: -1).expandingDimension(at: -1)
    product = product - factor * matmul(column, matmul(column.transposed(), product))
  }
  return product
}
