import COpenBLAS

extension LAPACK {
  /// How a triangular matrix, row-major, is to be read.
  struct Triangle: Sendable {
    var isUpper: Bool
    var isTransposed = false
    var hasUnitDiagonal = false
  }

  /// Solves T X = B, or X T = B from the right, for the triangle T of `a`; X takes the place of B.
  ///
  /// `a` is n x n, B is n x `count`, or `count` x n. By halves, down to triangles of 32: products do
  /// most of the work then, which OpenBLAS does up to three times as fast as its triangular solves, even
  /// for one right-hand side.
  static func substitute<T: LAPACKScalar>(
    _ triangle: Triangle, _ n: Int, _ a: UnsafePointer<T>, _ stride: Int, fromRight: Bool = false,
    _ b: UnsafeMutablePointer<T>, _ width: Int, count: Int
  ) {
    let transposition = triangle.isTransposed ? CblasTrans : CblasNoTrans
    if n <= 32 {
      T.trsm(
        CblasRowMajor, fromRight ? CblasRight : CblasLeft,
        triangle.isUpper ? CblasUpper : CblasLower, transposition,
        triangle.hasUnitDiagonal ? CblasUnit : CblasNonUnit, Int32(fromRight ? count : n),
        Int32(fromRight ? n : count), 1, a, Int32(stride), b, Int32(width))
      return
    }
    let half = (n / 2 + 15) & ~15
    let halves = [
      (size: half, a: a, b: b),
      (size: n - half, a: a + half * (stride + 1), b: b + (fromRight ? half : half * width)),
    ]
    let beginsAbove = (triangle.isUpper == triangle.isTransposed) != fromRight
    let (first, second) = beginsAbove ? (halves[0], halves[1]) : (halves[1], halves[0])
    substitute(
      triangle, first.size, first.a, stride, fromRight: fromRight, first.b, width, count: count)
    let between = triangle.isUpper ? a + half : a + half * stride
    let (known, unknown) = (Int32(first.size), Int32(second.size))
    if fromRight {
      T.gemm(
        CblasRowMajor, CblasNoTrans, transposition, Int32(count), unknown, known, -1, first.b,
        Int32(width), between, Int32(stride), 1, second.b, Int32(width))
    } else {
      T.gemm(
        CblasRowMajor, transposition, CblasNoTrans, unknown, Int32(count), known, -1, between,
        Int32(stride), first.b, Int32(width), 1, second.b, Int32(width))
    }
    substitute(
      triangle, second.size, second.a, stride, fromRight: fromRight, second.b, width, count: count)
  }
}
