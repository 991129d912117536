import CLAPACKE
import COpenBLAS

/// Factorisations of one matrix, cut so that the pool shares the work of a large one.
///
/// Halves are factored recursively; what is between them is a triangular solve and a product, in
/// blocks by size alone. So the bits do not depend on the number of threads, which they would if
/// OpenBLAS's own threads did the work, and those would fight the pool for the processors.
enum LAPACK {
  /// The status of a matrix that holds a NaN or an infinity.
  ///
  /// LAPACK was not asked, because some of its iterations do not end then. The results are NaN.
  static let notFinite = Int32.min

  static let columnMajor = LAPACK_COL_MAJOR

  /// How a triangular matrix, row-major, is to be read.
  struct Triangle: Sendable {
    var isUpper: Bool
    var isTransposed = false
    var hasUnitDiagonal = false
  }

  /// The operations from which on a step is worth being cut.
  private static let worthSharing = 4e6

  /// The sizes of about eight pieces of a dimension, never narrow ones.
  private static func pieces(of count: Int, work: Double, _ body: (Range<Int>) -> Void) {
    let size = work < worthSharing ? count : max(64, (count / 8 + 15) & ~15)
    parallel(count, grain: max(size, 1)) { body($0..<$1) }
  }

  // MARK: Cholesky

  /// L in the lower triangle of the row-major matrix `a`; the order of the first minor that is not
  /// positive, else 0.
  static func cholesky<T: LAPACKScalar>(_ n: Int, _ a: UnsafeMutablePointer<T>, _ stride: Int)
    -> Int32
  {
    if n <= 128 {
      return T.potrf(columnMajor, CChar(UInt8(ascii: "U")), Int32(n), a, Int32(stride))
    }
    let half = (n / 2 + 31) & ~31
    let rest = n - half
    let info = cholesky(half, a, stride)
    if info != 0 { return info }
    let below = a + half * stride
    pieces(of: rest, work: Double(half * half) * Double(rest)) { rows in
      T.trsm(
        CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, Int32(rows.count),
        Int32(half), 1, a, Int32(stride), below + rows.lowerBound * stride, Int32(stride))
    }
    pieces(of: rest, work: Double(rest * rest) * Double(half)) { rows in
      let first = below + rows.lowerBound * stride
      T.gemm(
        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows.count), Int32(rows.upperBound),
        Int32(half), -1, first, Int32(stride), below, Int32(stride), 1, first + half,
        Int32(stride))
    }
    let second = cholesky(rest, below + half, stride)
    return second == 0 ? 0 : second + Int32(half)
  }

  // MARK: LU

  /// P L U of the column-major matrix `a` of m x n in its place, pivots counted from 1; the first
  /// column whose pivot is 0, else 0.
  static func lu<T: LAPACKScalar>(
    _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<T>, _ stride: Int,
    _ pivots: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    let k = min(m, n)
    if k <= 64 || Double(m * n) * Double(k) < worthSharing {
      return T.getrf(columnMajor, Int32(m), Int32(n), a, Int32(stride), pivots)
    }
    let half = k / 2
    let rest = n - half
    let first = lu(m, half, a, stride, pivots)
    let right = a + half * stride
    pieces(of: rest, work: Double(rest) * Double(half) * Double(m)) { columns in
      let block = right + columns.lowerBound * stride
      swap(columns.count, block, stride, pivots, 0..<half)
      T.trsm(
        CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasUnit, Int32(half),
        Int32(columns.count), 1, a, Int32(stride), block, Int32(stride))
      T.gemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(m - half), Int32(columns.count),
        Int32(half), -1, a + half, Int32(stride), block, Int32(stride), 1, block + half,
        Int32(stride))
    }
    let second = lu(m - half, rest, right + half, stride, pivots + half)
    for index in half..<k { pivots[index] += Int32(half) }
    pieces(of: half, work: Double(half) * Double(k) * 16) { columns in
      swap(columns.count, a + columns.lowerBound * stride, stride, pivots, half..<k)
    }
    return first != 0 ? first : second == 0 ? 0 : second + Int32(half)
  }

  /// Exchanges the elements of each column as the pivots say.
  private static func swap<T>(
    _ columns: Int, _ a: UnsafeMutablePointer<T>, _ stride: Int,
    _ pivots: UnsafeMutablePointer<Int32>, _ range: Range<Int>
  ) {
    for column in 0..<columns {
      let x = a + column * stride
      for row in range {
        let other = Int(pivots[row]) - 1
        let value = x[row]
        x[row] = x[other]
        x[other] = value
      }
    }
  }

  // MARK: Triangular systems

  /// Solves with the triangle of `a`, n x n and row-major, for a block of right-hand sides.
  static func substitute<T: LAPACKScalar>(
    _ triangle: Triangle, _ n: Int, _ a: UnsafePointer<T>, _ b: UnsafeMutablePointer<T>,
    columns: Range<Int>, stride: Int
  ) {
    T.trsm(
      CblasRowMajor, CblasLeft, triangle.isUpper ? CblasUpper : CblasLower,
      triangle.isTransposed ? CblasTrans : CblasNoTrans,
      triangle.hasUnitDiagonal ? CblasUnit : CblasNonUnit, Int32(n), Int32(columns.count), 1, a,
      Int32(n), b + columns.lowerBound, Int32(stride))
  }

  /// Blocks of right-hand sides for systems of n unknowns, spread over the pool.
  static func rightHandSides(_ count: Int, unknowns n: Int, _ body: (Range<Int>) -> Void) {
    let size =
      Double(n * n) * Double(count) < worthSharing ? count : max(128, (count / 8 + 15) & ~15)
    parallel(count, grain: max(size, 1)) { body($0..<$1) }
  }
}

/// The matrices of a payload: its last two axes, row-major, one matrix after another.
struct MatrixBatch {
  let count: Int
  let rows: Int
  let columns: Int
  var size: Int { rows * columns }

  init(_ shape: Shape) {
    count = Shape(unchecked: shape.dropLast(2)).elementCount
    rows = shape[shape.rank - 2]
    columns = shape[shape.rank - 1]
  }

  /// The operations for all matrices of a shape; `count` has those for one of some rows and columns.
  static func flops(_ shape: Shape, _ count: (Double, Double) -> Double) -> Double {
    let batch = MatrixBatch(shape)
    return Double(batch.count) * count(Double(batch.rows), Double(batch.columns))
  }

  /// Runs `body` for every matrix and collects LAPACK's word on each: 0 where all went well.
  ///
  /// Small matrices go to the pool in groups. Empty ones need nothing done.
  func forEach(work: Double, _ body: (Int) -> Int32) -> [Int32] {
    _ = BLAS.singleThreaded
    var status = [Int32](repeating: 0, count: count)
    if size == 0 { return status }
    status.withUnsafeMutableBufferPointer { status in
      parallel(count, grain: max(1, Int(2e5 / (work + 1)))) { begin, end in
        for index in begin..<end { status[index] = body(index) }
      }
    }
    return status
  }
}

extension UnsafeMutablePointer where Pointee: LAPACKScalar {
  /// Whether there is neither a NaN nor an infinity.
  func isFinite(_ count: Int) -> Bool {
    // What is not finite differs from itself by NaN. Four sums at a time, so that none waits.
    var (a, b, c, d): (Pointee, Pointee, Pointee, Pointee) = (0, 0, 0, 0)
    let whole = count & ~3
    for index in stride(from: 0, to: whole, by: 4) {
      a += self[index] - self[index]
      b += self[index + 1] - self[index + 1]
      c += self[index + 2] - self[index + 2]
      d += self[index + 3] - self[index + 3]
    }
    for index in whole..<count { a += self[index] - self[index] }
    return a + b + c + d == 0
  }
}

extension UnsafeMutableRawPointer {
  /// The elements from `offset` on.
  func elements<T>(_ type: T.Type, from offset: Int = 0) -> UnsafeMutablePointer<T> {
    assumingMemoryBound(to: T.self) + offset
  }
}
