import CLAPACKE
import COpenBLAS
import Synchronization

/// Factorisations of one matrix, cut so that the pool shares the work of a large one.
///
/// What the pool shares are triangular solves and products, in blocks by size alone. So the bits do
/// not depend on the number of threads, which they would if OpenBLAS's own threads did the work, and
/// those would fight the pool for the processors.
enum LAPACK {
  /// The status of a matrix that holds a NaN or an infinity.
  ///
  /// LAPACK was not asked, because some of its iterations do not end then. The results are NaN.
  static let notFinite = Int32.min

  static let columnMajor = LAPACK_COL_MAJOR

  /// The operations from which on a step is worth being cut.
  static let worthSharing = 4e6

  /// The sizes of about eight pieces of a dimension, never narrow ones.
  static func pieces(of count: Int, work: Double, _ body: (Range<Int>) -> Void) {
    let size = work < worthSharing ? count : max(64, (count / 8 + 15) & ~15)
    parallel(count, grain: max(size, 1)) { body($0..<$1) }
  }

  /// Blocks of right-hand sides for systems of n unknowns, spread over the pool.
  static func rightHandSides(_ count: Int, unknowns n: Int, _ body: (Range<Int>) -> Void) {
    let isSmall = Double(n * n) * Double(count) < worthSharing
    let wide = min(max(128, count / 8), count / 2)
    let size = isSmall ? count : max(32, (wide + 15) & ~15)
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
  /// Copies `count` elements, on the pool if they are many; whether all of them are finite.
  func update(checking source: UnsafePointer<Pointee>, count: Int) -> Bool {
    let isFinite = Atomic(true)
    parallel(count, grain: 1 << 16) { begin, end in
      (self + begin).update(from: source + begin, count: end - begin)
      if !UnsafePointer(self + begin).isFinite(end - begin) {
        isFinite.store(false, ordering: .relaxed)
      }
    }
    return isFinite.load(ordering: .relaxed)
  }

  /// Whether there is neither a NaN nor an infinity.
  func isFinite(_ count: Int) -> Bool { UnsafePointer(self).isFinite(count) }
}

extension UnsafePointer where Pointee: LAPACKScalar {
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
