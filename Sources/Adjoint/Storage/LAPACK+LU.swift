import CLAPACKE
import COpenBLAS

extension LAPACK {
  /// The columns of a panel, which one thread factors while the others update what is right of it.
  private static let panelWidth = 64

  /// P L U of the column-major matrix `a` of m x n in its place, pivots counted from 1; the first
  /// column whose pivot is 0, else 0.
  static func lu<T: LAPACKScalar>(
    _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<T>, _ stride: Int,
    _ pivots: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    let k = min(m, n)
    if k <= panelWidth || Double(m * n) * Double(k) < worthSharing {
      return T.getrf(columnMajor, Int32(m), Int32(n), a, Int32(stride), pivots)
    }
    var info: Int32 = 0
    func factor(_ panel: Range<Int>) {
      let start = panel.lowerBound
      let found = T.getrf(
        columnMajor, Int32(m - start), Int32(panel.count), a + start * (stride + 1), Int32(stride),
        pivots + start)
      for index in panel { pivots[index] += Int32(start) }
      if info == 0 && found > 0 { info = found + Int32(start) }
    }
    func update(_ columns: Range<Int>, by panel: Range<Int>) {
      let (start, end) = (panel.lowerBound, panel.upperBound)
      let (left, block) = (a + start * stride, a + columns.lowerBound * stride)
      swap(columns.count, block, stride, pivots, panel)
      // Column-major L X = B is row-major X^T L^T = B^T.
      substitute(
        Triangle(isUpper: true, hasUnitDiagonal: true), panel.count, left + start, stride,
        fromRight: true, block + start, stride, count: columns.count)
      T.gemm(
        CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(m - end), Int32(columns.count),
        Int32(panel.count), -1, left + end, Int32(stride), block + start, Int32(stride), 1,
        block + end, Int32(stride))
    }
    lookingAhead(panelWidth, of: k, columns: n, factor: factor, update: update)
    // What later panels exchanged, in the columns of the panels before them.
    parallel((k - 1) / panelWidth, grain: 1) { begin, end in
      for index in begin..<end {
        let start = index * panelWidth
        swap(panelWidth, a + start * stride, stride, pivots, start + panelWidth..<k)
      }
    }
    return info
  }

  /// Factors panel after panel of columns, the first `count` of them, and updates the columns right of it.
  ///
  /// Of these the next panel comes first, in one chunk with its factorisation, so that the pool works on
  /// the other columns meanwhile: look-ahead, as in J. Kurzak and J. Dongarra, "Implementing linear
  /// algebra routines on multi-core processors with pipelining and a look ahead", 2006.
  static func lookingAhead(
    _ width: Int, of count: Int, columns: Int, factor: (_ panel: Range<Int>) -> Void,
    update: (_ columns: Range<Int>, _ panel: Range<Int>) -> Void
  ) {
    var panel = 0..<min(width, count)
    factor(panel)
    while panel.upperBound < columns {
      let next = panel.upperBound..<max(min(panel.upperBound + width, count), panel.upperBound)
      let rest = columns - next.upperBound
      let size = max(64, (rest / 8 + 15) & ~15)
      ThreadPool.shared.run(chunks: 1 + (rest + size - 1) / size) { [panel] chunk in
        if chunk > 0 {
          let start = next.upperBound + (chunk - 1) * size
          update(start..<min(start + size, columns), panel)
        } else if !next.isEmpty {
          update(next, panel)
          factor(next)
        }
      }
      panel = next
      if next.isEmpty { break }
    }
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
}
