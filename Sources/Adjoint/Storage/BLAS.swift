import COpenBLAS

/// Matrix products on OpenBLAS, one thread inside each call.
///
/// The library's own threads and our pool would fight for the processors, so a product is cut into
/// blocks of rows and columns and the pool runs the blocks. The cut depends on the sizes alone: any
/// number of threads does the same calls and gives the same bits.
enum BLAS {
  /// One operand of a product, row-major or, with `transposed`, column-major.
  struct Matrix {
    var address: UnsafeRawPointer
    var leadingDimension: Int
    var transposed: Bool

    /// The matrix from row (or, in the second function, column) `start` on.
    func rows(from start: Int, _ size: Int) -> UnsafeRawPointer {
      address + (transposed ? start : start * leadingDimension) * size
    }
    func columns(from start: Int, _ size: Int) -> UnsafeRawPointer {
      address + (transposed ? start * leadingDimension : start) * size
    }
  }

  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// `c = a b + beta c` for `a` of m x k, `b` of k x n and a contiguous `c` of m x n.
  static func product(
    _ dtype: DType, m: Int, n: Int, k: Int, _ a: Matrix, _ b: Matrix, beta: Double = 0,
    into c: UnsafeMutableRawPointer
  ) {
    if m == 0 || n == 0 { return }
    let cut = blocks(m: m, n: n, k: k)
    ThreadPool.shared.run(chunks: cut.rows * cut.columns) { index in
      let rows = range(index / cut.columns, of: cut.rows, m)
      let columns = range(index % cut.columns, of: cut.columns, n)
      block(dtype, rows, columns, n: n, k: k, a, b, beta, c)
    }
  }

  /// One product by the calling thread: what a batch of small products is made of.
  static func block(
    _ dtype: DType, _ rows: Range<Int>, _ columns: Range<Int>, n: Int, k: Int, _ a: Matrix,
    _ b: Matrix, _ beta: Double, _ c: UnsafeMutableRawPointer
  ) {
    _ = singleThreaded
    let size = dtype.byteCount
    let (lda, ldb) = (Int32(a.leadingDimension), Int32(b.leadingDimension))
    let (ta, tb) = (a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans)
    let pa = a.rows(from: rows.lowerBound, size)
    let pb = b.columns(from: columns.lowerBound, size)
    let pc = c + (rows.lowerBound * n + columns.lowerBound) * size
    if dtype == .float32 {
      cblas_sgemm(
        CblasRowMajor, ta, tb, Int32(rows.count), Int32(columns.count), Int32(k), 1,
        pa.assumingMemoryBound(to: Float.self), lda, pb.assumingMemoryBound(to: Float.self), ldb,
        Float(beta), pc.assumingMemoryBound(to: Float.self), Int32(n))
    } else {
      cblas_dgemm(
        CblasRowMajor, ta, tb, Int32(rows.count), Int32(columns.count), Int32(k), 1,
        pa.assumingMemoryBound(to: Double.self), lda, pb.assumingMemoryBound(to: Double.self), ldb,
        beta, pc.assumingMemoryBound(to: Double.self), Int32(n))
    }
  }

  /// How many blocks of rows and of columns.
  ///
  /// Every block packs its rows and columns anew, so blocks are few: two as soon as a hand-over is
  /// worth it, more where each still has 130 million operations. Columns are cut first: OpenBLAS
  /// keeps more of its speed on narrow products than on flat ones.
  private static func blocks(m: Int, n: Int, k: Int) -> (rows: Int, columns: Int) {
    let operations = 2 * Double(m) * Double(n) * Double(max(k, 1))
    if operations < 4e6 { return (1, 1) }
    var left = Int(max(2, min(operations / 1.3e8, 64)))
    var (rows, columns) = (1, 1)
    while left >= 2, m / rows >= 32 || n / columns >= 32 {
      if 2 * (n / columns) >= m / rows { columns *= 2 } else { rows *= 2 }
      left /= 2
    }
    return (rows, columns)
  }

  /// Part `index` of `0 ..< length` in `parts` parts, aligned to 16 so that whole vectors stay whole.
  private static func range(_ index: Int, of parts: Int, _ length: Int) -> Range<Int> {
    func bound(_ index: Int) -> Int {
      index == parts ? length : min(length, (length * index / parts + 15) & ~15)
    }
    return bound(index)..<bound(index + 1)
  }

  /// The kernel family OpenBLAS chose for this processor, such as `SkylakeX`.
  static var coreName: String { String(cString: openblas_get_corename()) }
}
