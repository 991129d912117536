import CLAPACKE

// Factors with orthogonal matrices and eigenvectors, of batches of matrices. An operation with several
// results gives one vector: all first results, then all second ones, and so on.

extension Payload {
  /// Calls `body` with memory for a copy of matrix `index` that LAPACK may spoil.
  fileprivate static func withCopy<T, Result>(
    _ source: UnsafePointer<T>, _ count: Int, _ body: (UnsafeMutablePointer<T>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: T.self, capacity: count) { copy in
      let copy = copy.baseAddress!
      copy.initialize(from: source, count: count)
      return body(copy)
    }
  }

  // MARK: QR

  /// Q^T and R^T of column-major matrices of m x n, which is row-major [n, m], with m >= n.
  ///
  /// The vector holds all Q^T of [q, m], then all R^T of [n, q]; q is n or, for a complete basis, m.
  func orthogonalTriangular(complete: Bool) -> (parts: Payload, status: [Int32]) {
    // The factors and, unless it is complete, the basis, as LAPACK's authors count.
    let span = Profiling.begin(
      "qr", shape, dtype,
      flops: complete
        ? nil : MatrixBatch.flops(shape) { n, m in 4 * m * n * n - 4 * n * n * n / 3 },
      bytes: 3 * shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    return dtype == .float32
      ? orthogonalTriangular(Float.self, complete) : orthogonalTriangular(Double.self, complete)
  }

  private func orthogonalTriangular<T: LAPACKScalar>(
    _: T.Type, _ complete: Bool
  ) -> (Payload, [Int32]) {
    let (batch, source) = (MatrixBatch(shape), contiguous)
    let (m, n) = (batch.columns, batch.rows)
    let q = complete ? m : n
    var status: [Int32] = []
    let parts = Payload(shape: [batch.count * (q * m + n * q)], dtype: dtype) { out in
      let (from, start) = (source.address.elements(T.self), batch.count * q * m)
      let first = out.elements(T.self)
      // Without columns there is nothing to factor, but a complete basis.
      if n == 0 { first.fillWithIdentities(batch.count, q) }
      status = batch.forEach(work: 4 * Double(m * n) * Double(q)) { index in
        let (basis, r) = (first + index * q * m, first + start + index * n * q)
        let a = from + index * batch.size
        basis.update(from: a, count: batch.size)
        guard basis.isFinite(batch.size) else {
          basis.update(repeating: .nan, count: q * m)
          r.update(repeating: .nan, count: n * q)
          return LAPACK.notFinite
        }
        if !complete && LAPACK.isWorthSharing(m, n) {
          return LAPACK.orthogonalize(m, n, basis, r: r)
        }
        return withUnsafeTemporaryAllocation(of: T.self, capacity: n) { tau in
          let tau = tau.baseAddress!
          let info = T.geqrf(LAPACK.columnMajor, Int32(m), Int32(n), basis, Int32(m), tau)
          for column in 0..<n {
            let row = r + column * q
            row.update(from: basis + column * m, count: column + 1)
            (row + column + 1).update(repeating: 0, count: q - column - 1)
          }
          if info != 0 { return info }
          // The additional columns are only written, but LAPACKE looks for NaN in them.
          (basis + batch.size).update(repeating: 0, count: q * m - batch.size)
          return T.orgqr(LAPACK.columnMajor, Int32(m), Int32(q), Int32(n), basis, Int32(m), tau)
        }
      }
    }
    return (parts, status)
  }

  // MARK: SVD

  /// U of [m, u], the singular values and V^T of [v, n], as one vector.
  ///
  /// `u` and `v` are min(m, n) or, with `full`, m and n. Without `vectors` only the values are found.
  func singularValueDecomposition(vectors: Bool, full: Bool) -> (parts: Payload, status: [Int32]) {
    let span = Profiling.begin(vectors ? "svd" : "singularValues", shape, dtype)
    defer { span?.end() }
    return dtype == .float32
      ? singularValueDecomposition(Float.self, vectors, full)
      : singularValueDecomposition(Double.self, vectors, full)
  }

  private func singularValueDecomposition<T: LAPACKScalar>(
    _: T.Type, _ vectors: Bool, _ full: Bool
  ) -> (Payload, [Int32]) {
    let (batch, source) = (MatrixBatch(shape), contiguous)
    let (m, n) = (batch.rows, batch.columns)
    let k = min(m, n)
    let (u, v) = !vectors ? (0, 0) : full ? (m, n) : (k, k)
    let job = CChar(UInt8(ascii: !vectors ? "N" : full ? "A" : "S"))
    let (valuesStart, rightStart) = (batch.count * m * u, batch.count * (m * u + k))
    var status: [Int32] = []
    let length = batch.count * (m * u + k + v * n)
    let parts = Payload(shape: [length], dtype: dtype) { out in
      let (from, first) = (source.address.elements(T.self), out.elements(T.self))
      if k == 0 {
        first.fillWithIdentities(batch.count, u)
        (first + rightStart).fillWithIdentities(batch.count, v)
      }
      status = batch.forEach(work: 20 * Double(m * n) * Double(k)) { index in
        let left = first + index * m * u
        let values = first + valuesStart + index * k
        let right = first + rightStart + index * v * n
        let matrix = from + index * batch.size
        let isThin = !vectors || u == k && v == k
        if isThin && SingularValues<T>.isWorthSharing(m, n) && matrix.isFinite(m * n) {
          return SingularValues.decompose(
            m, n, matrix, vectors: vectors, u: left, values: values, vt: right)
        }
        return Self.withCopy(from + index * batch.size, batch.size) { a in
          guard a.isFinite(batch.size) else {
            left.update(repeating: .nan, count: m * u)
            values.update(repeating: .nan, count: k)
            right.update(repeating: .nan, count: v * n)
            return LAPACK.notFinite
          }
          // Column-major, A is V S U^T.
          return T.gesdd(
            LAPACK.columnMajor, job, Int32(n), Int32(m), a, Int32(n), values, right, Int32(n), left,
            Int32(max(u, 1)))
        }
      }
    }
    return (parts, status)
  }

  // MARK: Eigenvalues

  /// Eigenvalues in ascending order and, as rows, eigenvectors of symmetric matrices, of which the
  /// lower triangle is read.
  func symmetricEigen(vectors: Bool) -> (parts: Payload, status: [Int32]) {
    let span = Profiling.begin(vectors ? "eigh" : "eigenvaluesSymmetric", shape, dtype)
    defer { span?.end() }
    return dtype == .float32
      ? symmetricEigen(Float.self, vectors) : symmetricEigen(Double.self, vectors)
  }

  private func symmetricEigen<T: LAPACKScalar>(
    _: T.Type, _ vectors: Bool
  ) -> (Payload, [Int32]) {
    let (batch, source) = (MatrixBatch(shape), contiguous)
    let n = batch.rows
    let job = CChar(UInt8(ascii: vectors ? "V" : "N"))
    var status: [Int32] = []
    let length = batch.count * n * (vectors ? n + 1 : 1)
    let parts = Payload(shape: [length], dtype: dtype) { out in
      let (from, first) = (source.address.elements(T.self), out.elements(T.self))
      status = batch.forEach(work: 9 * Double(n * n) * Double(n)) { index in
        let values = first + index * n
        return Self.withCopy(from + index * batch.size, batch.size) { copy in
          let a = vectors ? first + batch.count * n + index * batch.size : copy
          var finite = true
          for row in 0..<n { finite = finite && (copy + row * n).isFinite(row + 1) }
          guard finite else {
            values.update(repeating: .nan, count: n)
            a.update(repeating: .nan, count: batch.size)
            return LAPACK.notFinite
          }
          if vectors {
            // The other triangle is not read, so its NaN must not reach LAPACKE's check either.
            for row in 0..<n {
              (a + row * n).update(from: copy + row * n, count: row + 1)
              (a + row * n + row + 1).update(repeating: 0, count: n - row - 1)
            }
          }
          return T.syevd(
            LAPACK.columnMajor, job, CChar(UInt8(ascii: "U")), Int32(n), a, Int32(n), values)
        }
      }
    }
    return (parts, status)
  }

  /// Eigenvalues and, as columns, eigenvectors of column-major matrices: real parts of the values,
  /// imaginary parts, real parts of the vectors, imaginary parts.
  func generalEigen() -> (parts: Payload, status: [Int32]) {
    let span = Profiling.begin("eig", shape, dtype)
    defer { span?.end() }
    return dtype == .float32 ? generalEigen(Float.self) : generalEigen(Double.self)
  }

  private func generalEigen<T: LAPACKScalar>(_: T.Type) -> (Payload, [Int32]) {
    let (batch, source) = (MatrixBatch(shape), contiguous)
    let n = batch.rows
    var status: [Int32] = []
    let parts = Payload(shape: [2 * batch.count * n * (n + 1)], dtype: dtype) { out in
      let (from, first) = (source.address.elements(T.self), out.elements(T.self))
      status = batch.forEach(work: 25 * Double(n * n) * Double(n)) { index in
        let (real, imaginary) = (first + index * n, first + (batch.count + index) * n)
        let vectors = first + 2 * batch.count * n + index * batch.size
        let conjugate = vectors + batch.count * batch.size
        return Self.withCopy(from + index * batch.size, batch.size) { a in
          guard a.isFinite(batch.size) else {
            for part in [real, imaginary] { part.update(repeating: .nan, count: n) }
            for part in [vectors, conjugate] { part.update(repeating: .nan, count: batch.size) }
            return LAPACK.notFinite
          }
          return withUnsafeTemporaryAllocation(of: T.self, capacity: batch.size) { packed in
            let packed = packed.baseAddress!
            let info = T.geev(
              LAPACK.columnMajor, CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "V")), Int32(n), a,
              Int32(n), real, imaginary, nil, 1, packed, Int32(n))
            if info == 0 { unpack(packed, n, imaginary, vectors, conjugate) }
            return info
          }
        }
      }
    }
    return (parts, status)
  }
}

/// Eigenvectors as columns from LAPACK's form, in which a conjugate pair shares two columns: the real
/// part, then the imaginary one.
private func unpack<T: LAPACKScalar>(
  _ packed: UnsafePointer<T>, _ n: Int, _ imaginaryValues: UnsafePointer<T>,
  _ real: UnsafeMutablePointer<T>, _ imaginary: UnsafeMutablePointer<T>
) {
  var column = 0
  while column < n {
    let x = packed + column * n
    let isPair = imaginaryValues[column] != 0 && column + 1 < n
    for row in 0..<n {
      let at = row * n + column
      (real[at], imaginary[at]) = (x[row], isPair ? x[n + row] : 0)
      if isPair { (real[at + 1], imaginary[at + 1]) = (x[row], -x[n + row]) }
    }
    column += isPair ? 2 : 1
  }
}

extension UnsafeMutablePointer where Pointee: LAPACKScalar {
  /// Writes `count` identity matrices of n x n.
  fileprivate func fillWithIdentities(_ count: Int, _ n: Int) {
    update(repeating: 0, count: count * n * n)
    for index in 0..<count {
      for row in 0..<n { self[index * n * n + row * (n + 1)] = 1 }
    }
  }
}
