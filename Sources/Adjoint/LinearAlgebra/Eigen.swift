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
  // Real and imaginary parts behind one another, first of the values, then of the vectors.
  let count = 2 * a.batch.elementCount * a.rows
  let found = Tensor(parts)
  let shapes = [a.batch.followed(by: a.rows), a.shape]
  func halves(_ x: Tensor, _ shape: Shape) -> Complex {
    let parts = x.unpacked([shape, shape])
    return Complex(parts[0], parts[1])
  }
  var (values, vectors) = (found[..<count], found[count...])
  if a.isTracked {
    let stored = (halves(values, shapes[0]), halves(vectors, shapes[1]))
    /// What rules need: it is there already, or computed once more if they are to be differentiated.
    func current() -> (Complex, Complex) {
      guard Recording.isOn else { return stored }
      let (l, v) = eig(a)
      return (Complex(l.real, l.imaginary), Complex(v.real, v.imaginary))
    }
    values = values.recorded("eigenvalues", a) { g in
      let (v, gl) = (current().1, halves(g, shapes[0]))
      return v.gradient(ofCore: Complex(gl.real.onDiagonal, gl.imaginary.onDiagonal))
    }
    vectors = vectors.recorded("eig", a) { g in
      let (l, v) = current()
      return v.gradient(ofCore: turned(l, v, halves(g, shapes[1])))
    }
  }
  let (l, v) = (halves(values, shapes[0]), halves(vectors, shapes[1]))
  return ((l.real, l.imaginary), (v.real, v.imaginary))
}

/// (V^H gV - V^H V Re(diag(V^H gV))) / conj(gaps), with zeros on the diagonal.
private func turned(_ l: Complex, _ v: Complex, _ g: Complex) -> Complex {
  let inner = v.adjointTimes(g)
  // Vectors keep their norm.
  let lengths = inner.real.diagonalElements.expandingDimension(at: -2)
  let gram = v.adjointTimes(v)
  let (x, y) = (inner.real - gram.real * lengths, inner.imaginary - gram.imaginary * lengths)
  func gaps(_ x: Tensor) -> Tensor { x.expandingDimension(at: -2) - x.expandingDimension(at: -1) }
  let (real, imaginary) = (gaps(l.real), gaps(l.imaginary))
  let sizes = real * real + imaginary * imaginary
  return Complex(
    (x * real - y * imaginary).dividedOffDiagonal(by: sizes),
    (x * imaginary + y * real).dividedOffDiagonal(by: sizes))
}

/// A complex matrix or vector as two real ones.
private struct Complex {
  let real: Tensor
  let imaginary: Tensor

  init(_ real: Tensor, _ imaginary: Tensor) { (self.real, self.imaginary) = (real, imaginary) }

  /// The gradient of A, for eigenvectors V: the real part of V^-H X V^H.
  func gradient(ofCore x: Complex) -> Tensor { solvedAdjoint(x.timesAdjoint(self)).real }

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
