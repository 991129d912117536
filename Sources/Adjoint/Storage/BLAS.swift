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

  static let singleThreaded: Void = openblas_set_num_threads(1)

  /// `c = a b` for `a` of m x k, `b` of k x n and a contiguous `c` of m x n.
  ///
  /// The blocks run on the pool, or one after another on this thread, where a batch of products is
  /// spread over the pool already.
  static func product(
    _ dtype: DType, m: Int, n: Int, k: Int, _ a: Matrix, _ b: Matrix,
    into c: UnsafeMutableRawPointer, onPool: Bool = true
  ) {
    if m == 0 || n == 0 { return }
    let cut = blocks(m: m, n: n, k: k, isTransposed: b.transposed)
    let (down, across) = ((m + cut.rows - 1) / cut.rows, (n + cut.columns - 1) / cut.columns)
    func run(_ index: Int) {
      let (row, column) = (index % down * cut.rows, index / down * cut.columns)
      block(
        dtype, row..<min(row + cut.rows, m), column..<min(column + cut.columns, n), n: n, k: k, a,
        b, c)
    }
    if onPool {
      ThreadPool.shared.run(chunks: down * across, run)
    } else {
      for index in 0..<down * across { run(index) }
    }
  }

  private static func block(
    _ dtype: DType, _ rows: Range<Int>, _ columns: Range<Int>, n: Int, k: Int, _ a: Matrix,
    _ b: Matrix, _ c: UnsafeMutableRawPointer
  ) {
    let size = dtype.byteCount
    multiply(
      dtype, m: rows.count, n: columns.count, k: k,
      Matrix(
        address: a.rows(from: rows.lowerBound, size), leadingDimension: a.leadingDimension,
        transposed: a.transposed),
      Matrix(
        address: b.columns(from: columns.lowerBound, size), leadingDimension: b.leadingDimension,
        transposed: b.transposed),
      into: c + (rows.lowerBound * n + columns.lowerBound) * size, leadingDimension: n)
  }

  /// `c = alpha a b + beta c` on this thread, for rows of `c` that start `leadingDimension` apart.
  static func multiply(
    _ dtype: DType, m: Int, n: Int, k: Int, alpha: Double = 1, _ a: Matrix, _ b: Matrix,
    beta: Double = 0, into c: UnsafeMutableRawPointer, leadingDimension: Int
  ) {
    _ = singleThreaded
    let ta = a.transposed ? CblasTrans : CblasNoTrans
    let tb = b.transposed ? CblasTrans : CblasNoTrans
    let (lda, ldb) = (Int32(a.leadingDimension), Int32(b.leadingDimension))
    let (m, n, k, ldc) = (Int32(m), Int32(n), Int32(k), Int32(leadingDimension))
    if dtype == .float32 {
      cblas_sgemm(
        CblasRowMajor, ta, tb, m, n, k, Float(alpha), a.address.assumingMemoryBound(to: Float.self),
        lda, b.address.assumingMemoryBound(to: Float.self), ldb, Float(beta),
        c.assumingMemoryBound(to: Float.self), ldc)
    } else {
      cblas_dgemm(
        CblasRowMajor, ta, tb, m, n, k, alpha, a.address.assumingMemoryBound(to: Double.self), lda,
        b.address.assumingMemoryBound(to: Double.self), ldb, beta,
        c.assumingMemoryBound(to: Double.self), ldc)
    }
  }

  /// The size of the blocks a product is cut into.
  ///
  /// Every block packs its rows and columns anew, so blocks of a large product are few: two as soon
  /// as a hand-over is worth it, more where each still has 500 million operations. Columns are cut
  /// first: OpenBLAS keeps more of its speed on narrow products than on flat ones.
  ///
  /// On AVX-512 processors it has kernels without packing for products of up to a million
  /// multiplications, which a product of the size of a layer gains from: 10 to 30 percent. With the
  /// second operand transposed they are good for a few rows only.
  private static func blocks(
    m: Int, n: Int, k: Int, isTransposed: Bool
  ) -> (rows: Int, columns: Int) {
    let operations = 2 * Double(m) * Double(n) * Double(max(k, 1))
    if operations < 1e6 { return (m, n) }
    if operations < 3e8, hasSmallKernels {
      let most = min(1_000_000 / (64 * k), isTransposed ? (k < 512 ? 16 : 8) : 64)
      if most >= 8 {
        let count = (m + most - 1) / most
        return (min(((m + count - 1) / count + 7) & ~7, most), 64)
      }
    }
    if operations < 4e6 { return (m, n) }
    var left = Int(max(2, min(operations / 5e8, 64)))
    var (rows, columns) = (m, n)
    while left >= 2, rows >= 32 || columns >= 32 {
      // Whole vectors stay whole.
      if 2 * columns >= rows {
        columns = (columns / 2 + 15) & ~15
      } else {
        rows = (rows / 2 + 15) & ~15
      }
      left /= 2
    }
    return (rows, columns)
  }

  private static let hasSmallKernels = ["SkylakeX", "Cooperlake", "SapphireRapids"].contains(
    coreName)

  /// The kernel family OpenBLAS chose for this processor, such as `SkylakeX`.
  static var coreName: String { String(cString: openblas_get_corename()) }
}
