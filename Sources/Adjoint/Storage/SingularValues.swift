import COpenBLAS

/// The singular value decomposition of one large matrix, shared by the pool.
///
/// The matrix is reduced to bidiagonal form, this is decomposed, and the reflectors of the reduction
/// are applied to the vectors. LAPACK's `gesdd` does the same on one thread.
enum SingularValues<T: LAPACKScalar> {
  typealias Address = UnsafeMutablePointer<T>

  /// Whether sharing the decomposition of a row-major m x n matrix pays.
  ///
  /// Of a very tall or wide one LAPACK takes a QR decomposition first, which is better.
  static func isWorthSharing(_ m: Int, _ n: Int) -> Bool {
    min(m, n) >= 128 && max(m, n) <= 4 * min(m, n)
  }

  /// Decomposes a finite, row-major `a` of m x n.
  ///
  /// The results are the first min(m, n) columns of U and rows of V^T, row-major, and the values in
  /// descending order; with them LAPACK's status. Without `vectors` there are only the values.
  static func decompose(
    _ m: Int, _ n: Int, _ a: UnsafePointer<T>, vectors: Bool = true, u: Address, values: Address,
    vt: Address
  ) -> Int32 {
    // Column-major, A^T = V S U^T. Its rows must not be fewer than its columns.
    let isTransposed = n < m
    let (rows, k) = (max(m, n), min(m, n))
    let (stride, innerStride) = (Bidiagonal<T>.stride(rows), Bidiagonal<T>.stride(k))
    let counts = [
      k * stride, k * k, k, k, k, k, k * innerStride, k * innerStride,
      Bidiagonal<T>.scratchCount(rows, k),
    ]
    let memory = Buffer(
      elementCount: counts.reduce(0) { $0 + ($1 + 15) / 16 * 16 } + (isTransposed ? rows * k : 0),
      dtype: T.dtype)
    var next = memory.address.elements(T.self)
    let parts = counts.map { count in
      defer { next += (count + 15) / 16 * 16 }
      return next
    }
    let scale = powerOfTwo(near: largest(a, m * n))
    load(a, m, n, into: parts[0], stride, times: 1 / scale, transposing: isTransposed)

    let form = Bidiagonal<T>(
      m: rows, n: k, stride: stride, left: parts[0], right: parts[1], leftTau: parts[2],
      rightTau: parts[3], diagonal: parts[4], offDiagonal: parts[5])
    form.reduce(scratch: parts[8])
    if !vectors {
      let status = T.bdsdc(
        LAPACK.columnMajor, CChar(UInt8(ascii: "U")), CChar(UInt8(ascii: "N")), Int32(k),
        form.diagonal, form.offDiagonal, nil, 1, nil, 1, nil, nil)
      for index in 0..<k { values[index] = form.diagonal[index] * scale }
      return status
    }
    let (inner, innerT) = (parts[6], parts[7])
    let (order, status) = BidiagonalSVD<T>.decompose(
      k, form.diagonal, form.offDiagonal, inner, innerT, stride: innerStride)
    if status != 0 { return status }
    for index in 0..<k { values[index] = form.diagonal[order[index]] * scale }

    // Columns of rows x k, and rows of k x k, column-major.
    let (left, right) = isTransposed ? (next, vt) : (vt, u)
    let reflectors = Reflectors(form.left, rows, k, stride, form.leftTau)
    let rightReflectors = Reflectors(form.right, k, k - 1, k, form.rightTau)
    let size = max(64, (k / 4 + 15) & ~15)
    let pieces = (k + size - 1) / size
    ThreadPool.shared.run(chunks: 2 * pieces) { chunk in
      let range = chunk / 2 * size..<min((chunk / 2 + 1) * size, k)
      if chunk % 2 == 0 {
        for index in range {
          let column = left + index * rows
          column.update(from: inner + order[index] * innerStride, count: k)
          (column + k).update(repeating: 0, count: rows - k)
        }
        reflectors.apply(to: left + range.lowerBound * rows, rows, columns: range.count)
      } else {
        for column in 0..<k {
          let (to, from) = (right + column * k, innerT + column * innerStride)
          for index in range { to[index] = from[order[index]] }
        }
        rightReflectors.applyTransposed(to: right + range.lowerBound, k, rows: range.count)
      }
    }
    if isTransposed {
      // Until now `left` holds U and `right` V, column-major.
      transpose(left, rows, k, into: u)
      transposeInPlace(vt, k)
    }
    withExtendedLifetime(memory) {}
    return 0
  }

  // MARK: Copies

  /// A power of 2 not far from `x`, by which numbers are divided exactly.
  private static func powerOfTwo(near x: T) -> T {
    if x == 0 { return 1 }
    return T(
      sign: .plus, exponent: max(x.exponent, T.leastNormalMagnitude.exponent), significand: 1)
  }

  private static func largest(_ a: UnsafePointer<T>, _ count: Int) -> T {
    let piece = 1 << 16
    var found = [T](repeating: 0, count: (count + piece - 1) / piece)
    found.withUnsafeMutableBufferPointer { found in
      parallel(count, grain: piece) { begin, end in
        var (x, y): (T, T) = (0, 0)
        for index in Swift.stride(from: begin, to: end - 1, by: 2) {
          x = max(x, a[index].magnitude)
          y = max(y, a[index + 1].magnitude)
        }
        found[begin / piece] = max(x, y, a[end - 1].magnitude)
      }
    }
    return found.max() ?? 0
  }

  /// A^T, or A if `transposing`, as columns with zeros behind them.
  private static func load(
    _ a: UnsafePointer<T>, _ m: Int, _ n: Int, into out: Address, _ stride: Int, times factor: T,
    transposing: Bool
  ) {
    let (rows, columns) = transposing ? (m, n) : (n, m)
    parallel(columns, grain: max(16, (1 << 16) / rows)) { begin, end in
      if transposing {
        for row in 0..<rows {
          for column in begin..<end { out[column * stride + row] = a[row * n + column] * factor }
        }
      }
      for column in begin..<end {
        let to = out + column * stride
        if !transposing {
          for row in 0..<rows { to[row] = a[column * n + row] * factor }
        }
        (to + rows).update(repeating: 0, count: stride - rows)
      }
    }
  }

  /// Column-major m x n as row-major.
  private static func transpose(_ a: Address, _ m: Int, _ n: Int, into out: Address) {
    parallel(m, grain: max(16, (1 << 16) / n)) { begin, end in
      for column in 0..<n {
        for row in begin..<end { out[row * n + column] = a[column * m + row] }
      }
    }
  }

  private static func transposeInPlace(_ a: Address, _ n: Int) {
    for row in 0..<n {
      for column in 0..<row { swap(&a[row * n + column], &a[column * n + row]) }
    }
  }
}
