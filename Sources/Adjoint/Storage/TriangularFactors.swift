// Cholesky and LU factors of batches of matrices, and solving with triangles. Everything is row-major:
// LAPACK sees the transposed matrix, whose factors are the transposed ones.

extension Payload {
  /// The lower triangles L with L L^T = A, reading the lower triangles alone.
  func choleskyFactors() -> (factors: Payload, status: [Int32]) {
    let span = Profiling.begin(
      "cholesky", shape, dtype, flops: MatrixBatch.flops(shape) { m, n in n * n * n / 3 },
      bytes: 2 * shape.elementCount * dtype.byteCount)
    defer { span?.end() }
    return dtype == .float32 ? choleskyFactors(Float.self) : choleskyFactors(Double.self)
  }

  private func choleskyFactors<T: LAPACKScalar>(_: T.Type) -> (Payload, [Int32]) {
    let (batch, source) = (MatrixBatch(shape), contiguous)
    let n = batch.rows
    var status: [Int32] = []
    let factors = Payload(shape: shape, dtype: dtype) { out in
      let a = source.address
      status = batch.forEach(work: Double(n * n * n) / 3) { index in
        let from = a.elements(T.self, from: index * batch.size)
        let l = out.elements(T.self, from: index * batch.size)
        var finite = true
        for row in 0..<n {
          (l + row * n).update(from: from + row * n, count: row + 1)
          finite = finite && (l + row * n).isFinite(row + 1)
        }
        let info = finite ? LAPACK.cholesky(n, l, n) : LAPACK.notFinite
        for row in 0..<n {
          if !finite { (l + row * n).update(repeating: .nan, count: row + 1) }
          (l + row * n + row + 1).update(repeating: 0, count: n - row - 1)
        }
        return info
      }
    }
    return (factors, status)
  }

  /// The gradients of symmetric matrices from `gradient`, that of their lower triangular factors.
  static func choleskyGradients(factors: Payload, gradient: Payload) -> Payload {
    factors.dtype == .float32
      ? choleskyGradients(Float.self, factors, gradient)
      : choleskyGradients(Double.self, factors, gradient)
  }

  private static func choleskyGradients<T: LAPACKScalar>(
    _: T.Type, _ factors: Payload, _ gradient: Payload
  ) -> Payload {
    let (batch, factors, gradient) = (
      MatrixBatch(factors.shape), factors.contiguous, gradient.contiguous
    )
    let n = batch.rows
    return Payload(shape: factors.shape, dtype: factors.dtype) { out in
      let (l, g) = (factors.address.elements(T.self), gradient.address.elements(T.self))
      _ = batch.forEach(work: 2 * Double(n * n * n) / 3) { index in
        let s = out.elements(T.self, from: index * batch.size)
        let from = g + index * batch.size
        for row in 0..<n {
          for at in row * n...row * (n + 1) { s[at] = from[at] / 2 }
          (s + row * (n + 1) + 1).update(repeating: 0, count: n - row - 1)
        }
        LAPACK.choleskyGradient(n, l + index * batch.size, s, n)
        return 0
      }
    }
  }

  /// X with T X = B for the triangles T of `a`; matrix `i` of `b` belongs to matrix `map[i]` of `a`.
  static func triangularSolution(
    _ a: Payload, _ b: Payload, _ map: [Int], _ triangle: LAPACK.Triangle
  ) -> Payload {
    let span = Profiling.begin(
      "triangularSolve", b.shape, b.dtype, flops: MatrixBatch.flops(b.shape) { n, k in n * n * k },
      bytes: a.readByteCount + 2 * b.shape.elementCount * b.dtype.byteCount)
    defer { span?.end() }
    return a.dtype == .float32
      ? triangularSolution(Float.self, a, b, map, triangle)
      : triangularSolution(Double.self, a, b, map, triangle)
  }

  private static func triangularSolution<T: LAPACKScalar>(
    _: T.Type, _ a: Payload, _ b: Payload, _ map: [Int], _ triangle: LAPACK.Triangle
  ) -> Payload {
    let (batch, a, source) = (MatrixBatch(b.shape), a.contiguous, b.contiguous)
    let (n, count) = (batch.rows, batch.columns)
    return Payload(shape: b.shape, dtype: b.dtype) { out in
      let (triangles, from) = (a.address.elements(T.self), source.address.elements(T.self))
      _ = batch.forEach(work: Double(n * n) * Double(count)) { index in
        let x = out.elements(T.self, from: index * batch.size)
        let matrix = triangles + map[index] * n * n
        LAPACK.rightHandSides(count, unknowns: n) { columns in
          for row in 0..<n {
            let start = row * count + columns.lowerBound
            (x + start).update(from: from + index * batch.size + start, count: columns.count)
          }
          LAPACK.substitute(
            triangle, n, matrix, n, x + columns.lowerBound, count, count: columns.count)
        }
        return 0
      }
    }
  }
}

/// A batch of square matrices as P L U, seen column-major.
///
/// Row-major, A is then `lower upper P^T`: the lower triangle with the diagonal, the upper one with
/// ones on it, and exchanged columns.
struct LUFactors: Sendable {
  /// Both triangles of each matrix in one.
  let factors: Payload
  /// The row exchanged with each row, counted from 1.
  let pivots: [Int32]
  /// How many pivots a matrix has.
  let pivotCount: Int
  /// 0, or the first column whose pivot is 0, counted from 1.
  let status: [Int32]

  /// Factors the matrices of `a`: row-major ones transposed, that is, or column-major ones.
  init(_ a: Payload) {
    // Of rows and columns, as LAPACK sees them.
    let span = Profiling.begin(
      "lu", a.shape, a.dtype,
      flops: MatrixBatch.flops(a.shape) { n, m in
        let k = Swift.min(m, n)
        return k * k * (Swift.max(m, n) - k / 3)
      }, bytes: 2 * a.shape.elementCount * a.dtype.byteCount)
    defer { span?.end() }
    self = a.dtype == .float32 ? Self(Float.self, a) : Self(Double.self, a)
  }

  private init<T: LAPACKScalar>(_: T.Type, _ a: Payload) {
    let (batch, source) = (MatrixBatch(a.shape), a.contiguous)
    let (m, n) = (batch.columns, batch.rows)
    let k = min(m, n)
    var pivots = [Int32](repeating: 1, count: batch.count * k)
    var status: [Int32] = []
    factors = Payload(shape: a.shape, dtype: a.dtype) { out in
      let from = source.address.elements(T.self)
      pivots.withUnsafeMutableBufferPointer { pivots in
        guard let pivots = pivots.baseAddress else { return }
        status = batch.forEach(work: Double(m * n) * Double(k)) { index in
          let lu = out.elements(T.self, from: index * batch.size)
          if lu.update(checking: from + index * batch.size, count: batch.size) {
            return LAPACK.lu(m, n, lu, m, pivots + index * k)
          }
          lu.update(repeating: .nan, count: batch.size)
          for row in 0..<k { pivots[index * k + row] = Int32(row + 1) }
          return LAPACK.notFinite
        }
      }
    }
    (self.pivots, pivotCount) = (pivots, k)
    self.status = status.isEmpty ? [Int32](repeating: 0, count: batch.count) : status
  }

  /// The pivots themselves: the diagonals of square matrices.
  var diagonals: Payload {
    let n = pivotCount
    var (shape, strides) = (factors.shape, factors.strides)
    shape.remove(at: shape.rank - 1)
    strides.remove(at: strides.rank - 1)
    strides[strides.rank - 1] = n + 1
    return Payload(viewOf: factors, offset: 0, shape: shape, strides: strides)
  }

  /// X with A X = B, or A^T X = B; matrix `i` of `b` belongs to matrix `map[i]`.
  func solve(_ b: Payload, _ map: [Int], transposed: Bool) -> Payload {
    let span = Profiling.begin(
      "solve", b.shape, b.dtype, flops: MatrixBatch.flops(b.shape) { n, k in 2 * n * n * k },
      bytes: factors.readByteCount + 2 * b.shape.elementCount * b.dtype.byteCount)
    defer { span?.end() }
    return b.dtype == .float32
      ? solve(Float.self, b, map, transposed) : solve(Double.self, b, map, transposed)
  }

  private func solve<T: LAPACKScalar>(
    _: T.Type, _ b: Payload, _ map: [Int], _ transposed: Bool
  ) -> Payload {
    let (batch, source) = (MatrixBatch(b.shape), b.contiguous)
    let (n, count) = (batch.rows, batch.columns)
    let lower = LAPACK.Triangle(isUpper: false, isTransposed: transposed)
    let upper = LAPACK.Triangle(isUpper: true, isTransposed: transposed, hasUnitDiagonal: true)
    // Row `order[i]` of B, or of what the triangles give, is row `i`.
    let orders = Set(map).reduce(into: [Int: [Int]]()) { $0[$1] = order(of: $1, n) }
    return Payload(shape: b.shape, dtype: b.dtype) { out in
      let (matrices, from) = (factors.address.elements(T.self), source.address.elements(T.self))
      _ = batch.forEach(work: 2 * Double(n * n) * Double(count)) { index in
        let (x, right) = (out.elements(T.self, from: index * batch.size), from + index * batch.size)
        let lu = matrices + map[index] * n * n
        let order = orders[map[index]]!
        LAPACK.rightHandSides(count, unknowns: n) { columns in
          let start = columns.lowerBound
          if transposed {
            for row in 0..<n {
              (x + row * count + start).update(
                from: right + order[row] * count + start, count: columns.count)
            }
            LAPACK.substitute(upper, n, lu, n, x + start, count, count: columns.count)
            LAPACK.substitute(lower, n, lu, n, x + start, count, count: columns.count)
            return
          }
          withUnsafeTemporaryAllocation(of: T.self, capacity: n * columns.count) { y in
            let (y, width) = (y.baseAddress!, columns.count)
            for row in 0..<n {
              (y + row * width).initialize(from: right + row * count + start, count: width)
            }
            // Rows of zeros in front stay so. In the inverse, where B is the identity, they are many.
            let zeros = (0..<n * width).first { y[$0] != 0 }.map { $0 / width } ?? 0
            LAPACK.substitute(
              lower, n - zeros, lu + zeros * (n + 1), n, y + zeros * width, width, count: width)
            LAPACK.substitute(upper, n, lu, n, y, width, count: width)
            for row in 0..<n {
              (x + order[row] * count + start).update(from: y + row * width, count: width)
            }
          }
        }
        return 0
      }
    }
  }

  /// The rows of a matrix of `count` after all exchanges: row `i` is then what was `order[i]`.
  func order(of matrix: Int, _ count: Int) -> [Int] {
    var order = Array(0..<count)
    for row in 0..<pivotCount {
      order.swapAt(row, Int(pivots[matrix * pivotCount + row]) - 1)
    }
    return order
  }
}
