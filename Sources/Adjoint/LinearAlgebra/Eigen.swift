/// The eigenvalues and eigenvectors of square matrices, as real and imaginary parts.
///
/// A V = V diag(values), in LAPACK's order; complex values come in conjugate pairs. A vector has norm
/// 1 and, if complex, a real largest component. Derivatives need distinct eigenvalues, and hold for
/// functions that depend on a complex vector only up to its phase, and on a real one up to its sign.
/// Source: C. Boeddeker and others, "On the computation of complex-valued gradients", 2017.
///
/// Shapes: `[..., n, n]` gives values of `[..., n]` and vectors of `[..., n, n]`, one in each column.
public func eig(
  _ a: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> (values: (real: Tensor, imaginary: Tensor), vectors: (real: Tensor, imaginary: Tensor)) {
  orStop(file, line, try eig(checking: a, file: file, line: line))
}

/// The eigenvalues and eigenvectors, or an error where the iteration fails; see `eig(_:)`.
public func eig(
  checking a: Tensor, file: StaticString = #fileID, line: UInt = #line
) throws(LinearAlgebraError) -> (
  values: (real: Tensor, imaginary: Tensor), vectors: (real: Tensor, imaginary: Tensor)
) {
  checkMatrices("eig", a, file, line)
  let (parts, status) = a.detached.transposed().payload.generalEigen()
  try LinearAlgebraError.check(status, "eig", .noConvergence, a.batch)
  let values = a.batch.followed(by: a.rows)
  let shapes = [values, values, a.shape, a.shape]
  var result = Tensor(parts)
  if a.isTracked {
    result = result.recorded(
      "eig", a,
      .gradientAndOutput { g, y in
        let (y, g) = (y.unpacked(shapes), g.unpacked(shapes))
        return eigenGradient(
          Complex(y[0], y[1]), Complex(y[2], y[3]), Complex(g[0], g[1]), Complex(g[2], g[3]))
      })
  }
  let found = result.unpacked(shapes)
  return ((found[0], found[1]), (found[2], found[3]))
}

/// The real part of V^-H (diag(gL) + (V^H gV - V^H V Re(diag(V^H gV))) / conj(gaps)) V^H.
private func eigenGradient(_ l: Complex, _ v: Complex, _ gl: Complex, _ gv: Complex) -> Tensor {
  let inner = v.adjointTimes(gv)
  // Vectors keep their norm.
  let lengths = inner.real.diagonalElements.expandingDimension(at: -2)
  let gram = v.adjointTimes(v)
  let turned = Complex(inner.real - gram.real * lengths, inner.imaginary - gram.imaginary * lengths)
  func gaps(_ x: Tensor) -> Tensor { x.expandingDimension(at: -2) - x.expandingDimension(at: -1) }
  let (real, imaginary) = (gaps(l.real), gaps(l.imaginary))
  let sizes = real * real + imaginary * imaginary
  /// The quotient beside the diagonal, the gradient of the values on it.
  func core(_ numerator: Tensor, _ diagonal: Tensor) -> Tensor {
    (numerator - numerator.keepingDiagonal).dividedUnlessZero(by: sizes) + diagonal.onDiagonal
  }
  let x = Complex(
    core(turned.real * real - turned.imaginary * imaginary, gl.real),
    core(turned.real * imaginary + turned.imaginary * real, gl.imaginary))
  return v.solvedAdjoint(x.timesAdjoint(v)).real
}

/// A complex matrix or vector as two real ones.
private struct Complex {
  let real: Tensor
  let imaginary: Tensor

  init(_ real: Tensor, _ imaginary: Tensor) { (self.real, self.imaginary) = (real, imaginary) }

  /// This matrix, conjugated and transposed, times another.
  func adjointTimes(_ other: Complex) -> Complex {
    let (r, i) = (real.transposed(), imaginary.transposed())
    return Complex(
      matmul(r, other.real) + matmul(i, other.imaginary),
      matmul(r, other.imaginary) - matmul(i, other.real))
  }

  /// This matrix times another, conjugated and transposed.
  func timesAdjoint(_ other: Complex) -> Complex {
    let (r, i) = (other.real.transposed(), other.imaginary.transposed())
    return Complex(
      matmul(real, r) + matmul(imaginary, i), matmul(imaginary, r) - matmul(real, i))
  }

  /// X with V^H X = `right`, as a real system of twice the size.
  func solvedAdjoint(_ right: Complex) -> Complex {
    let n = real.rows
    let (r, i) = (real.transposed(), imaginary.transposed())
    let top = concatenated([r, i], axis: -1)
    let bottom = concatenated([-i, r], axis: -1)
    let x = solve(
      concatenated([top, bottom], axis: -2),
      concatenated([right.real, right.imaginary], axis: -2))
    return Complex(x.sliced(..<n, axis: -2), x.sliced(n..., axis: -2))
  }
}
