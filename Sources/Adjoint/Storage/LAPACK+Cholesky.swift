import CLAPACKE
import COpenBLAS

// Cholesky factors of one matrix and the gradient through them, by halves. A half is factored
// recursively; what is between the halves are a triangular solve and a product, which the pool shares.

extension LAPACK {
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
      substitute(
        Triangle(isUpper: false, isTransposed: true), half, a, stride, fromRight: true,
        below + rows.lowerBound * stride, stride, count: rows.count)
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

  /// The gradient S of a symmetric matrix, all of it, in the place of H, half the gradient of its
  /// factor L; H is a lower triangle, and what is above it must be finite.
  ///
  /// The steps of `cholesky` backwards, so it has twice their operations. L21 = A21 L11^-T gives
  /// S21 = H21 L11^-1 and takes S21^T L21 from H11; L21 L21^T was taken from A22, which takes
  /// S22 L21 from H21. Source: I. Murray, "Differentiation of the Cholesky decomposition", 2016,
  /// section 3, with halves for his blocks.
  static func choleskyGradient<T: LAPACKScalar>(
    _ n: Int, _ l: UnsafePointer<T>, _ s: UnsafeMutablePointer<T>, _ stride: Int
  ) {
    if n <= 64 { return smallCholeskyGradient(n, l, s, stride) }
    let half = (n / 2 + 31) & ~31
    let rest = n - half
    let (l21, s21) = (l + half * stride, s + half * stride)
    choleskyGradient(rest, l21 + half, s21 + half, stride)
    pieces(of: rest, work: Double(rest) * Double(half) * Double(n)) { rows in
      let block = s21 + rows.lowerBound * stride
      T.gemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(rows.count), Int32(half), Int32(rest), -1,
        block + half, Int32(stride), l21, Int32(stride), 1, block, Int32(stride))
      substitute(
        Triangle(isUpper: false), half, l, stride, fromRight: true, block, stride,
        count: rows.count)
      for row in rows {
        for column in 0..<half { s[column * stride + half + row] = s21[row * stride + column] }
      }
    }
    pieces(of: half, work: Double(half * half) * Double(rest)) { rows in
      T.gemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, Int32(rows.count), Int32(rows.upperBound),
        Int32(rest), -1, s21 + rows.lowerBound, Int32(stride), l21, Int32(stride), 1,
        s + rows.lowerBound * stride, Int32(stride))
    }
    choleskyGradient(half, l, s, stride)
  }

  /// S = L^-T M L^-1, where M is the symmetric matrix with the lower triangle of L^T H.
  private static func smallCholeskyGradient<T: LAPACKScalar>(
    _ n: Int, _ l: UnsafePointer<T>, _ s: UnsafeMutablePointer<T>, _ stride: Int
  ) {
    withUnsafeTemporaryAllocation(of: T.self, capacity: n * n) { m in
      let (m, size) = (m.baseAddress!, Int32(n))
      T.gemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, size, size, size, 1, l, Int32(stride), s,
        Int32(stride), 0, m, size)
      for row in 0..<n {
        for column in 0..<row { m[column * n + row] = m[row * n + column] }
      }
      substitute(Triangle(isUpper: false, isTransposed: true), n, l, stride, m, n, count: n)
      substitute(Triangle(isUpper: false), n, l, stride, fromRight: true, m, n, count: n)
      for row in 0..<n {
        for column in 0...row {
          s[row * stride + column] = m[row * n + column]
          s[column * stride + row] = m[row * n + column]
        }
      }
    }
  }
}
