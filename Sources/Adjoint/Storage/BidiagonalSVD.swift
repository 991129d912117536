import CLAPACKE
import COpenBLAS

/// The singular value decomposition of an upper bidiagonal matrix by divide and conquer.
///
/// Without one of its rows the matrix falls into two, which are decomposed side by side. The row is
/// then brought in: the singular values are the roots of a secular equation, each found by itself,
/// and the singular vectors are those of the halves times a matrix that follows from the roots. What
/// costs time in this is shared by the pool; small parts, and finding what needs no work because
/// values agree or are small, are LAPACK's. Source: M. Gu and S. Eisenstat, "A divide-and-conquer
/// algorithm for the bidiagonal SVD", 1995.
enum BidiagonalSVD<T: LAPACKScalar> {
  typealias Address = UnsafeMutablePointer<T>

  /// What LAPACK decomposes without our help.
  private static var small: Int { 100 }

  /// A matrix, column-major.
  private struct Matrix {
    var address: Address
    var stride: Int
    func at(_ row: Int, _ column: Int) -> Address { address + row + column * stride }
    func diagonalBlock(from start: Int) -> Matrix {
      Matrix(address: at(start, start), stride: stride)
    }
  }

  /// Decomposes the matrix with diagonal `d` and `e` right of it.
  ///
  /// The results are U and V^T of n x n, column-major with columns `stride` apart, the values in `d`,
  /// and their places in descending order; with them LAPACK's status, which is not 0 if an iteration
  /// did not converge.
  static func decompose(
    _ n: Int, _ d: Address, _ e: Address, _ u: Address, _ vt: Address, stride: Int
  ) -> (order: [Int], status: Int32) {
    var largest: T = 0
    for index in 0..<n { largest = max(largest, d[index].magnitude) }
    for index in 0..<n - 1 { largest = max(largest, e[index].magnitude) }
    let tolerance = T.ulpOfOne * largest
    // LAPACK decomposes the parts of a matrix that falls apart.
    if n <= small || largest == 0 || (0..<n - 1).contains(where: { e[$0].magnitude < tolerance }) {
      let status = T.bdsdc(
        LAPACK.columnMajor, CChar(UInt8(ascii: "U")), CChar(UInt8(ascii: "I")), Int32(n), d, e, u,
        Int32(stride), vt, Int32(stride), nil, nil)
      return (Array(0..<n), status)
    }
    for index in 0..<n where d[index].magnitude < tolerance {
      d[index] = d[index] < 0 ? -tolerance : tolerance
    }
    for matrix in [u, vt] {
      matrix.update(repeating: 0, count: n * stride)
      for index in 0..<n { matrix[index * (stride + 1)] = 1 }
    }
    let status = decompose(
      n, extra: 0, d, e, Matrix(address: u, stride: stride), Matrix(address: vt, stride: stride))
    return ((0..<n).sorted { d[$0] > d[$1] }, status)
  }

  /// The same of n rows and n + `extra` columns, in U and V^T that are identity matrices.
  private static func decompose(
    _ n: Int, extra: Int, _ d: Address, _ e: Address, _ u: Matrix, _ vt: Matrix
  ) -> Int32 {
    if n <= small { return decomposeSmall(n, extra, d, e, u, vt) }
    let above = n / 2
    let below = n - above - 1
    let start = above + 1
    let (lower, lowerT) = (u.diagonalBlock(from: start), vt.diagonalBlock(from: start))
    // Each is written by one chunk.
    var (first, second): (Int32, Int32) = (0, 0)
    ThreadPool.shared.run(chunks: 2) { chunk in
      if chunk == 0 {
        first = decompose(above, extra: 1, d, e, u, vt)
      } else {
        second = decompose(below, extra: extra, d + start, e + start, lower, lowerT)
      }
    }
    if first != 0 || second != 0 { return max(first, second) }
    return merge(above, below, extra, d, alpha: d[above], beta: e[above], u, vt)
  }

  private static func decomposeSmall(
    _ n: Int, _ extra: Int, _ d: Address, _ e: Address, _ u: Matrix, _ vt: Matrix
  ) -> Int32 {
    let columns = n + extra
    return withUnsafeTemporaryAllocation(of: T.self, capacity: (3 * columns + 2) * columns) {
      work in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: 8 * n) { integers in
        var (rows, more, leaf, status) = (Int32(n), Int32(extra), Int32(25), Int32(0))
        var (ldu, ldvt) = (Int32(u.stride), Int32(vt.stride))
        T.lasd0(
          &rows, &more, d, e, u.address, &ldu, vt.address, &ldvt, &leaf, integers.baseAddress,
          work.baseAddress, &status)
        return status
      }
    }
  }

  // MARK: Merging

  /// The secular equation of a merge and the vectors of the halves that take part in it.
  private struct Secular {
    /// The order of the equation, its poles and the row that was brought in.
    let k: Int
    let (poles, z): (Address, Address)
    /// Poles minus roots, squared: a column for each root.
    let gaps: Address
    /// U and V^T of the halves in groups: the row that was brought in, vectors that are zero below,
    /// those that are zero above, others.
    let (u, vt): (Matrix, Matrix)
    /// Where the last two groups begin.
    let (zeroAbove, dense): (Int, Int)
    /// The number of each pole in the order of the groups.
    let places: UnsafePointer<Int32>
  }

  private static func merge(
    _ above: Int, _ below: Int, _ extra: Int, _ d: Address, alpha: T, beta: T, _ u: Matrix,
    _ vt: Matrix
  ) -> Int32 {
    let n = above + below + 1
    let columns = n + extra
    var order = ascending(d, 0..<above) + [0] + ascending(d, above + 1..<n)
    d[above] = 0
    var scale = max(alpha.magnitude, beta.magnitude)
    for index in 0..<n { scale = max(scale, d[index].magnitude) }
    for index in 0..<n { d[index] /= scale }

    // Rows of V^T are copied, which a stride that is a power of 2 would make slow.
    let stride = Bidiagonal<T>.stride(columns)
    let memory = Buffer(
      elementCount: (n + columns) * stride + n * n + n + columns,
      dtype: T.dtype)
    let poles = memory.address.elements(T.self)
    let z = poles + n
    let (u2, vt2) = (
      Matrix(address: z + columns, stride: stride),
      Matrix(address: z + columns + n * stride, stride: stride)
    )
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 4 * n + 4) { integers in
      let integers = integers.baseAddress!
      let (places, types) = (integers, integers + 3 * n)
      var (nl, nr, more) = (Int32(above), Int32(below), Int32(extra))
      var (k, status) = (Int32(0), Int32(0))
      var (a, b) = (alpha / scale, beta / scale)
      var (ldu, ldvt, ldu2, ldvt2) = (
        Int32(u.stride), Int32(vt.stride), Int32(stride), Int32(stride)
      )
      T.lasd2(
        &nl, &nr, &more, &k, d, z, &a, &b, u.address, &ldu, vt.address, &ldvt, poles, u2.address,
        &ldu2, vt2.address, &ldvt2, integers + n, integers + 2 * n, places, &order, types, &status)
      if status != 0 { return status }
      let zeroAbove = 1 + Int(types[0])
      let secular = Secular(
        k: Int(k), poles: poles, z: z, gaps: vt2.address + columns * stride, u: u2, vt: vt2,
        zeroAbove: zeroAbove, dense: zeroAbove + Int(types[1]), places: places)
      status = findRoots(secular, d)
      if status != 0 { return status }
      updateVectors(secular, above, below, extra, u, vt)
      for index in 0..<n { d[index] *= scale }
      return 0
    }
  }

  /// The places of values in ascending order, counted from 1.
  private static func ascending(_ d: Address, _ range: Range<Int>) -> [Int32] {
    range.sorted { d[$0] < d[$1] }.map { Int32($0 - range.lowerBound + 1) }
  }

  /// About eight pieces of the roots.
  private static func roots(_ k: Int, _ body: (Range<Int>) -> Void) {
    parallel(k, grain: max(32, (k / 8 + 7) & ~7)) { body($0..<$1) }
  }

  /// Finds the roots and their gaps, and then the row whose roots they are exactly.
  ///
  /// The row differs from the given one by rounding alone, and vectors that follow from it are
  /// orthogonal, whatever the errors of the roots.
  private static func findRoots(_ secular: Secular, _ d: Address) -> Int32 {
    let (k, poles, z, gaps) = (secular.k, secular.poles, secular.z, secular.gaps)
    if k == 1 {
      d[0] = z[0].magnitude
      gaps[0] = -z[0] * z[0]
      return 0
    }
    let signs = (0..<k).map { z[$0] < 0 }
    var rho: T = 0
    for index in 0..<k { rho += z[index] * z[index] }
    let norm = rho.squareRoot()
    for index in 0..<k { z[index] /= norm }
    let failed = [Int32](unsafeUninitializedCapacity: k) { failed, count in
      count = k
      let failed = failed.baseAddress!
      roots(k) { range in
        withUnsafeTemporaryAllocation(of: T.self, capacity: k) { sums in
          let sums = sums.baseAddress!
          var (order, rho) = (Int32(k), rho)
          for root in range {
            let column = gaps + root * k
            var number = Int32(root + 1)
            T.lasd4(&order, &number, poles, z, column, &rho, d + root, sums, failed + root)
            for row in 0..<k { column[row] *= sums[row] }
          }
        }
      }
    }
    if let status = failed.first(where: { $0 != 0 }) { return status }
    roots(k) { rows in
      for row in rows { z[row] = gaps[row + (k - 1) * k] }
      for root in 0..<k - 1 {
        let column = gaps + root * k
        // The pole that a root is divided by lies on the far side of it.
        let middle = min(max(root + 1, rows.lowerBound), rows.upperBound)
        let (left, right) = (poles[root], poles[root + 1])
        for row in rows.lowerBound..<middle {
          z[row] *= column[row] / ((poles[row] - right) * (poles[row] + right))
        }
        for row in middle..<rows.upperBound {
          z[row] *= column[row] / ((poles[row] - left) * (poles[row] + left))
        }
      }
      for row in rows {
        let magnitude = z[row].magnitude.squareRoot()
        z[row] = signs[row] ? -magnitude : magnitude
      }
    }
    return 0
  }

  /// U and V^T of the roots: those of the halves times the vectors that follow from the gaps.
  private static func updateVectors(
    _ secular: Secular, _ above: Int, _ below: Int, _ extra: Int, _ u: Matrix, _ vt: Matrix
  ) {
    let (k, zeroAbove, dense) = (secular.k, secular.zeroAbove, secular.dense)
    roots(k) { range in
      withUnsafeTemporaryAllocation(of: T.self, capacity: 2 * k * (range.count + 1)) { memory in
        let left = memory.baseAddress!
        let right = left + k * range.count
        let scratch = right + k * range.count
        for root in range {
          let column = (root - range.lowerBound) * k
          vectors(secular, root, left + column, right + column, scratch, scratch + k)
        }
        /// Rows of U: vectors `group` of the halves, and perhaps those already there.
        func multiplyU(_ rows: Range<Int>, _ group: Range<Int>, adding: Bool = false) {
          T.gemm(
            CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(rows.count), Int32(range.count),
            Int32(group.count), 1, secular.u.at(rows.lowerBound, group.lowerBound),
            Int32(secular.u.stride), left + group.lowerBound, Int32(k), adding ? 1 : 0,
            u.at(rows.lowerBound, range.lowerBound), Int32(u.stride))
        }
        /// The same of columns of V^T.
        func multiplyV(_ columns: Range<Int>, _ group: Range<Int>, adding: Bool = false) {
          T.gemm(
            CblasColMajor, CblasTrans, CblasNoTrans, Int32(range.count), Int32(columns.count),
            Int32(group.count), 1, right + group.lowerBound, Int32(k),
            secular.vt.at(group.lowerBound, columns.lowerBound), Int32(secular.vt.stride),
            adding ? 1 : 0, vt.at(range.lowerBound, columns.lowerBound), Int32(vt.stride))
        }
        let n = above + below + 1
        for root in range {
          let column = u.at(0, root)
          column.update(repeating: 0, count: n)
          column[above] = left[(root - range.lowerBound) * k]
        }
        if zeroAbove > 1 { multiplyU(0..<above, 1..<zeroAbove) }
        if dense < k { multiplyU(0..<above, dense..<k, adding: true) }
        if zeroAbove < k { multiplyU(above + 1..<n, zeroAbove..<k) }
        multiplyV(0..<above + 1, 0..<zeroAbove)
        if dense < k { multiplyV(0..<above + 1, dense..<k, adding: true) }
        multiplyV(above + 1..<n + extra, 0..<1)
        if zeroAbove < k { multiplyV(above + 1..<n + extra, zeroAbove..<k, adding: true) }
      }
    }
  }

  /// The left and the right vector of a root, in the order of the groups.
  private static func vectors(
    _ secular: Secular, _ root: Int, _ left: Address, _ right: Address, _ x: Address, _ y: Address
  ) {
    let (k, poles, z, places) = (secular.k, secular.poles, secular.z, secular.places)
    let gaps = secular.gaps + root * k
    for row in 0..<k {
      y[row] = z[row] / gaps[row]
      x[row] = poles[row] * y[row]
    }
    x[0] = -1
    var (leftSquares, rightSquares): (T, T) = (0, 0)
    for row in 0..<k {
      leftSquares += x[row] * x[row]
      rightSquares += y[row] * y[row]
    }
    let (leftNorm, rightNorm) = (leftSquares.squareRoot(), rightSquares.squareRoot())
    (left[0], right[0]) = (x[0] / leftNorm, y[0] / rightNorm)
    for row in 1..<max(k, 1) {
      let place = Int(places[row]) - 1
      (left[row], right[row]) = (x[place] / leftNorm, y[place] / rightNorm)
    }
  }
}
