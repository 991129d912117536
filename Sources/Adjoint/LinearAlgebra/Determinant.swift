/// The determinant of each matrix.
///
/// It overflows soon: `slogDeterminant` gives its logarithm. The determinant of the empty matrix is
/// 1. The gradient, the matrix of cofactors, is right for singular matrices too; the second
/// derivative is, where singular values are distinct.
///
/// Shapes: `[..., n, n]` gives `[...]`.
public func determinant(
  _ a: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  checkMatrices("determinant", a, file, line)
  let factors = LUFactors(a.payload)
  let result = factors.products(a) { $0 }
  guard a.isTracked else { return result }
  let isSingular = factors.status.contains { $0 > 0 }
  return result.recorded(
    "determinant", a,
    .gradientAndOutput { g, y in
      let scale = g.expandingDimension(at: -1).expandingDimension(at: -1)
      if isSingular { return scale * cofactors(a) }
      let inverse = solved(a, a.identity(a.rows), factors, transposed: true)
      return scale * (y.expandingDimension(at: -1).expandingDimension(at: -1) * inverse)
    })
}

/// The sign of the determinant of each matrix and the logarithm of its absolute value.
///
/// A singular matrix has sign 0, logarithm -infinity, and a gradient that is not finite.
///
/// Shapes: `[..., n, n]` gives two of `[...]`.
public func slogDeterminant(
  _ a: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> (sign: Tensor, logarithm: Tensor) {
  checkMatrices("slogDeterminant", a, file, line)
  let factors = LUFactors(a.payload)
  let sign = factors.products(a) { $0 == 0 || $0.isNaN ? $0 : $0 < 0 ? -1 : 1 }
  let result = log(abs(Tensor(factors.diagonals))).sum(axes: [-1])
  guard a.isTracked else { return (sign, result) }
  let logarithm = result.recorded("slogDeterminant", a) { g in
    g.expandingDimension(at: -1).expandingDimension(at: -1)
      * solved(a, a.identity(a.rows), factors, transposed: true)
  }
  return (sign, logarithm)
}

/// The gradient of the determinant, also of singular matrices: U diag(products of the other singular
/// values) V^T, with the sign of U V^T.
private func cofactors(_ a: Tensor) -> Tensor {
  let (u, s, vh) = svd(a)
  let signs = determinant(matmul(u, vh).detached)
  let n = a.rows
  let values = s.expandingDimension(at: -2).broadcast(to: a.shape)
  let others = `where`(Tensor.eye(n, dtype: .bool), 1, values).lastAxisProduct
  let scaled = u * (others * signs.expandingDimension(at: -1)).expandingDimension(at: -2)
  return matmul(scaled, vh)
}

extension LUFactors {
  /// The product of a function of the pivots of each matrix, with the sign of the row exchanges.
  fileprivate func products(_ a: Tensor, _ f: (Double) -> Double) -> Tensor {
    let diagonals = Tensor(self.diagonals).scalars
    let values = (0..<a.batch.elementCount).map { matrix in
      (0..<pivotCount).reduce(1.0) { product, index in
        let at = matrix * pivotCount + index
        let isExchanged = pivots[at] != Int32(index + 1)
        return product * (isExchanged ? -f(diagonals[at]) : f(diagonals[at]))
      }
    }
    return Tensor(values, shape: a.batch, dtype: a.dtype)
  }
}

extension Tensor {
  /// The product over the last axis, which is not empty.
  fileprivate var lastAxisProduct: Tensor {
    var result = sliced(..<1, axis: -1)
    for index in 1..<shape[rank - 1] { result = result * sliced(index..<index + 1, axis: -1) }
    return result.squeezed(-1)
  }
}
