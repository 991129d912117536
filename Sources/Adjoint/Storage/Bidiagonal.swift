import CAdjoint
import COpenBLAS

/// A matrix as Q B P^T, with an upper bidiagonal B, by Householder reflectors.
///
/// A panel of columns at a time: B = A - V Y^T - X U^T is not formed within a panel, only after it, by
/// one product. Each step makes a reflector v of its column and u of its row,
///
///     y = tau (B^T v)    z = row - y    u = (z - |z| e) / ...    x = tau' (B u)
///
/// and A is read once for both products: u is a multiple of z but for its first element, so A z is
/// computed with y, columns by columns, while these are in the cache. The next column comes with x in
/// the same way. Sources: J. Dongarra, S. Hammarling and D. Sorensen, "Block reduction of matrices to
/// condensed forms", 1989; G. Howell et al., "Cache efficient bidiagonalization using BLAS 2.5
/// operators", 2008.
///
/// Columns and rows are cut by size alone and their shares added in order, so the bits do not depend
/// on the number of threads.
struct Bidiagonal<T: LAPACKScalar> {
  typealias Address = UnsafeMutablePointer<T>

  /// The rows and the columns, not more than the rows.
  let (m, n): (Int, Int)
  /// From column to column of `left`, which is A at first: no power of 2, and room for zeros.
  let stride: Int
  /// The reflectors as columns of m and of n elements, with ones and zeros where they have them.
  let (left, right): (Address, Address)
  let (leftTau, rightTau): (Address, Address)
  /// B: its diagonal and what is right of it.
  let (diagonal, offDiagonal): (Address, Address)

  private static var panelWidth: Int { 32 }
  private static var dtype: Int32 { T.dtype.code }
  private static var lanes: Int { 64 / MemoryLayout<T>.stride }

  static func stride(_ m: Int) -> Int { (m + 15) / 16 * 16 + 16 }

  /// A reflector 1 - tau v v^T that maps (first, rest) to (beta, 0); v = scale (first, rest) but for
  /// its first element, which is 1.
  private struct Reflector {
    var (beta, tau, scale): (T, T, T)
    /// What is added to the first element of the scaled vector.
    var correction: T

    init(first: T, squares: T) {
      // The matrix is scaled, so what is as small as that is no part of it.
      if squares <= T.leastNormalMagnitude / T.ulpOfOne {
        (beta, tau, scale, correction) = (first, 0, 0, 1)
      } else {
        let norm = (first * first + squares).squareRoot()
        beta = first > 0 ? -norm : norm
        (tau, scale) = ((beta - first) / beta, 1 / (first - beta))
        correction = 1 - scale * first
      }
    }
  }

  /// Memory for a panel.
  private struct Panel {
    /// [V X], column-major, and [Y U], row-major.
    let (left, right): (Address, Address)
    let (column, row, sum): (Address, Address, Address)
    /// What rows and columns of the two are multiplied by, and products with all their columns.
    let (first, second, projection): (Address, Address, Address)
    /// Sums and products of each piece.
    let shares: Address

    static func count(_ m: Int, _ n: Int) -> Int {
      let w = 2 * panelWidth
      return (w + 2) * (stride(m) + n) + 3 * (w + 1) + 16 * (stride(m) + w + 16)
    }

    init(_ memory: Address, _ m: Int, _ n: Int) {
      let w = 2 * panelWidth
      var next = memory
      func take(_ count: Int) -> Address {
        defer { next += count }
        return next
      }
      (left, right) = (take(w * stride(m)), take(w * n))
      (column, sum, row) = (take(stride(m)), take(stride(m)), take(n))
      (first, second, projection) = (take(w), take(w), take(w + 1))
      shares = next
    }
  }

  /// The elements of memory that `reduce` works in.
  static func scratchCount(_ m: Int, _ n: Int) -> Int { Panel.count(m, n) }

  /// Reduces the matrix in `left`, whose largest element is about 1.
  func reduce(scratch: Address) {
    let panel = Panel(scratch, m, n)
    var start = 0
    while start < n {
      let count = min(Self.panelWidth, n - start)
      reduce(panel, from: start, count)
      start += count
    }
  }

  private func reduce(_ panel: Panel, from start: Int, _ count: Int) {
    let (width, lanes) = (Self.panelWidth, Self.lanes)
    let (rows, columns) = (m - start, n - start)
    let a = left + start * (stride + 1)
    panel.left.update(repeating: 0, count: 2 * width * stride)
    panel.right.update(repeating: 0, count: 2 * width * columns)
    panel.first.update(repeating: 0, count: 4 * width)
    var job = adj_bidiagonal()
    (job.a, job.stride, job.rows) = (
      .init(a), Int64(stride), Int64((rows + lanes - 1) / lanes * lanes)
    )
    (job.width, job.left_stride) = (Int64(width), Int64(stride))
    (job.left, job.right) = (.init(panel.left), .init(panel.right))
    (job.v, job.z) = (.init(panel.column), .init(panel.row))
    (job.c, job.row) = (.init(panel.first), .init(panel.second))

    panel.column.update(from: a, count: Int(job.rows))
    panel.projection.update(repeating: 0, count: 2 * width)
    var squares = (1..<max(rows, 1)).reduce(into: T(0)) { $0 += a[$1] * a[$1] }
    for step in 0..<count {
      let v = Reflector(first: panel.column[step], squares: squares)
      (diagonal[start + step], leftTau[start + step]) = (v.beta, v.tau)
      for row in step..<rows { panel.column[row] *= v.scale }
      panel.column[step] = 1
      let reflector = a + step * stride
      (reflector - start).update(repeating: 0, count: start + step)
      for target in [reflector, panel.left + step * stride] {
        (target + step).update(from: panel.column + step, count: rows - step)
      }
      if start + step + 1 == n { return }

      for half in [0, width] {
        for k in half..<half + step {
          let w = panel.left[k * stride + step]
          panel.first[k] = v.scale * panel.projection[k] + v.correction * w
          panel.second[k] = w
        }
      }
      (job.step, job.tau) = (Int64(step), Double(v.tau))
      let piece = max(48, (columns / 8 + 3) & ~3)
      squares = addingShares(panel, step + 1..<columns, piece, Int(job.rows)) { [job] in
        var job = job
        adj_bidiagonal_columns(
          Self.dtype, &job, Int64($0.lowerBound), Int64($0.upperBound), $1, $2)
      }

      let next = step + 1
      let u = Reflector(first: panel.row[next], squares: squares)
      (offDiagonal[start + step], rightTau[start + step]) = (u.beta, u.tau)
      let corner = panel.right + next * 2 * width
      for half in [0, width] {
        for k in half..<half + next {
          panel.first[k] = u.scale * panel.projection[k] + u.correction * corner[k]
          panel.second[k] = corner[k]
        }
      }
      let column = right + (start + step) * n
      column.update(repeating: 0, count: start + next)
      for index in next..<columns {
        let value = index == next ? 1 : u.scale * panel.row[index]
        column[start + index] = value
        panel.right[index * 2 * width + width + step] = value
      }
      (job.step, job.tau) = (Int64(next), Double(u.tau))
      (job.sum_factor, job.column_factor) = (
        Double(u.tau * u.scale), Double(u.tau * u.correction)
      )
      squares = addingShares(
        panel, next / lanes * lanes..<Int(job.rows), max(512, Int(job.rows) / 8 & ~63), 0
      ) { [job] in
        var job = job
        adj_bidiagonal_rows(
          Self.dtype, &job, Int64($0.lowerBound), Int64($0.upperBound), panel.sum, $2)
      }
    }
    LAPACK.pieces(of: columns - count, work: 4 * Double(width * rows) * Double(columns)) {
      T.gemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(rows - count), Int32($0.count),
        Int32(2 * width), -1, panel.left + count, Int32(stride),
        panel.right + (count + $0.lowerBound) * 2 * width, Int32(2 * width), 1,
        a + (count + $0.lowerBound) * stride + count, Int32(stride))
    }
  }

  /// Runs `body` for pieces of a range, with memory for its share of `panel.sum`, if it has one, and
  /// of `panel.projection`; the sum of squares, which follows the projection.
  private func addingShares(
    _ panel: Panel, _ range: Range<Int>, _ piece: Int, _ sumCount: Int,
    _ body: (Range<Int>, _ sum: Address, _ projection: Address) -> Void
  ) -> T {
    let count = 2 * Self.panelWidth + 1
    let size = sumCount + (count + 15) / 16 * 16
    parallel(range.count, grain: piece) { begin, end in
      let share = panel.shares + begin / piece * size
      body(range.lowerBound + begin..<range.lowerBound + end, share, share + sumCount)
    }
    let shares = panel.shares
    panel.sum.update(from: shares, count: sumCount)
    panel.projection.update(from: shares + sumCount, count: count)
    for index in 1..<max((range.count + piece - 1) / piece, 1) {
      let share = shares + index * size
      for at in 0..<sumCount { panel.sum[at] += share[at] }
      for at in 0..<count { panel.projection[at] += share[sumCount + at] }
    }
    return panel.projection[count - 1]
  }
}
