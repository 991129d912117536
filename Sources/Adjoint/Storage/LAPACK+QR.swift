import COpenBLAS

extension LAPACK {
  /// Whether `orthogonalize` is faster than LAPACK's routine.
  static func isWorthSharing(_ m: Int, _ n: Int) -> Bool {
    n >= 128 && Double(m * n) * Double(n) >= worthSharing
  }

  /// Q in the place of the column-major matrix `a` of m x n, m >= n, and R^T row-major in `r`.
  ///
  /// Panels of reflectors, with look-ahead as in `lu`.
  static func orthogonalize<T: LAPACKScalar>(
    _ m: Int, _ n: Int, _ a: UnsafeMutablePointer<T>, r: UnsafeMutablePointer<T>
  ) -> Int32 {
    let memory = Buffer(elementCount: m * n + n, dtype: T.dtype)
    let vectors = memory.address.elements(T.self)
    let tau = vectors + m * n
    let reflectors = Reflectors(vectors, m, n, m)
    let width = Reflectors<T>.width
    var status: Int32 = 0
    func factor(_ panel: Range<Int>) {
      let start = panel.lowerBound
      let info = T.geqrf(
        columnMajor, Int32(m - start), Int32(panel.count), a + start * (m + 1), Int32(m),
        tau + start)
      if info != 0 { status = info }
      for column in panel {
        let (from, to) = (a + column * m, vectors + column * m)
        (to + start).update(repeating: 0, count: column - start)
        to[column] = 1
        (to + column + 1).update(from: from + column + 1, count: m - column - 1)
      }
      reflectors.complete(start / width, tau)
    }
    lookingAhead(width, of: n, columns: n, factor: factor) { columns, panel in
      reflectors.applyTransposed(
        panel: panel.lowerBound / width, to: a + columns.lowerBound * m, m, columns: columns.count)
    }
    for column in 0..<n {
      let row = r + column * n
      row.update(from: a + column * m, count: column + 1)
      (row + column + 1).update(repeating: 0, count: n - column - 1)
    }
    pieces(of: n, work: Double(m * n) * Double(n)) {
      reflectors.write($0, to: a + $0.lowerBound * m, m)
    }
    withExtendedLifetime(memory) {}
    return status
  }
}
