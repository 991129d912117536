import CLAPACKE
import COpenBLAS

/// The element types of LAPACK and BLAS, with the routines of both under one name.
///
/// Matrices are column-major, as LAPACK has them: the row-major variants of LAPACKE make copies. A
/// row-major matrix is its own transpose, column-major, so nothing has to be copied.
protocol LAPACKScalar: BinaryFloatingPoint, TensorScalar {
  typealias Address = UnsafeMutablePointer<Self>
  typealias Source = UnsafePointer<Self>

  static var potrf: (Int32, CChar, Int32, Address?, Int32) -> Int32 { get }
  static var getrf: (Int32, Int32, Int32, Address?, Int32, UnsafeMutablePointer<Int32>?) -> Int32 {
    get
  }
  static var geqrf: (Int32, Int32, Int32, Address?, Int32, Address?) -> Int32 { get }
  static var orgqr: (Int32, Int32, Int32, Int32, Address?, Int32, Source?) -> Int32 { get }
  static var gesdd:
    (
      Int32, CChar, Int32, Int32, Address?, Int32, Address?, Address?, Int32, Address?, Int32
    ) -> Int32
  { get }
  static var syevd: (Int32, CChar, CChar, Int32, Address?, Int32, Address?) -> Int32 { get }
  static var geev:
    (
      Int32, CChar, CChar, Int32, Address?, Int32, Address?, Address?, Address?, Int32, Address?,
      Int32
    ) -> Int32
  { get }
  static var gemm:
    (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Int32, Int32, Int32, Self, Source?, Int32,
      Source?, Int32, Self, Address?, Int32
    ) -> Void
  { get }
  static var trsm:
    (
      CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Int32, Int32, Self,
      Source?, Int32, Address?, Int32
    ) -> Void
  { get }

  // What `BidiagonalSVD` calls, in Fortran: whatever is one number stands in memory as well.
  typealias Numbers = UnsafeMutablePointer<Int32>
  typealias Number = UnsafePointer<Int32>
  static var bdsdc:
    (
      Int32, CChar, CChar, Int32, Address?, Address?, Address?, Int32, Address?, Int32, Address?,
      Numbers?
    ) -> Int32
  { get }
  static var lasd0:
    (
      Number?, Number?, Address?, Address?, Address?, Number?, Address?, Number?, Number?, Numbers?,
      Address?, Numbers?
    ) -> Void
  { get }
  static var lasd2:
    (
      Number?, Number?, Number?, Numbers?, Address?, Address?, Source?, Source?, Address?, Number?,
      Address?, Number?, Address?, Address?, Number?, Address?, Number?, Numbers?, Numbers?,
      Numbers?, Numbers?, Numbers?, Numbers?
    ) -> Void
  { get }
  static var lasd4:
    (
      Number?, Number?, Source?, Source?, Address?, Source?, Address?, Address?, Numbers?
    ) -> Void
  { get }
}

extension Float: LAPACKScalar {
  static var potrf: (Int32, CChar, Int32, Address?, Int32) -> Int32 { LAPACKE_spotrf_work }
  static var getrf: (Int32, Int32, Int32, Address?, Int32, UnsafeMutablePointer<Int32>?) -> Int32 {
    LAPACKE_sgetrf_work
  }
  static var geqrf: (Int32, Int32, Int32, Address?, Int32, Address?) -> Int32 { LAPACKE_sgeqrf }
  static var orgqr: (Int32, Int32, Int32, Int32, Address?, Int32, Source?) -> Int32 {
    LAPACKE_sorgqr
  }
  static var gesdd:
    (
      Int32, CChar, Int32, Int32, Address?, Int32, Address?, Address?, Int32, Address?, Int32
    ) -> Int32
  { LAPACKE_sgesdd }
  static var syevd: (Int32, CChar, CChar, Int32, Address?, Int32, Address?) -> Int32 {
    LAPACKE_ssyevd
  }
  static var geev:
    (
      Int32, CChar, CChar, Int32, Address?, Int32, Address?, Address?, Address?, Int32, Address?,
      Int32
    ) -> Int32
  { LAPACKE_sgeev }
  static var gemm:
    (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Int32, Int32, Int32, Float, Source?, Int32,
      Source?, Int32, Float, Address?, Int32
    ) -> Void
  { cblas_sgemm }
  static var trsm:
    (
      CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Int32, Int32, Float,
      Source?, Int32, Address?, Int32
    ) -> Void
  { cblas_strsm }

  static var bdsdc:
    (
      Int32, CChar, CChar, Int32, Address?, Address?, Address?, Int32, Address?, Int32, Address?,
      Numbers?
    ) -> Int32
  { LAPACKE_sbdsdc }
  static var lasd0:
    (
      Number?, Number?, Address?, Address?, Address?, Number?, Address?, Number?, Number?, Numbers?,
      Address?, Numbers?
    ) -> Void
  { slasd0_ }
  static var lasd2:
    (
      Number?, Number?, Number?, Numbers?, Address?, Address?, Source?, Source?, Address?, Number?,
      Address?, Number?, Address?, Address?, Number?, Address?, Number?, Numbers?, Numbers?,
      Numbers?, Numbers?, Numbers?, Numbers?
    ) -> Void
  { slasd2_ }
  static var lasd4:
    (
      Number?, Number?, Source?, Source?, Address?, Source?, Address?, Address?, Numbers?
    ) -> Void
  { slasd4_ }
}

extension Double: LAPACKScalar {
  static var potrf: (Int32, CChar, Int32, Address?, Int32) -> Int32 { LAPACKE_dpotrf_work }
  static var getrf: (Int32, Int32, Int32, Address?, Int32, UnsafeMutablePointer<Int32>?) -> Int32 {
    LAPACKE_dgetrf_work
  }
  static var geqrf: (Int32, Int32, Int32, Address?, Int32, Address?) -> Int32 { LAPACKE_dgeqrf }
  static var orgqr: (Int32, Int32, Int32, Int32, Address?, Int32, Source?) -> Int32 {
    LAPACKE_dorgqr
  }
  static var gesdd:
    (
      Int32, CChar, Int32, Int32, Address?, Int32, Address?, Address?, Int32, Address?, Int32
    ) -> Int32
  { LAPACKE_dgesdd }
  static var syevd: (Int32, CChar, CChar, Int32, Address?, Int32, Address?) -> Int32 {
    LAPACKE_dsyevd
  }
  static var geev:
    (
      Int32, CChar, CChar, Int32, Address?, Int32, Address?, Address?, Address?, Int32, Address?,
      Int32
    ) -> Int32
  { LAPACKE_dgeev }
  static var gemm:
    (
      CBLAS_ORDER, CBLAS_TRANSPOSE, CBLAS_TRANSPOSE, Int32, Int32, Int32, Double, Source?, Int32,
      Source?, Int32, Double, Address?, Int32
    ) -> Void
  { cblas_dgemm }
  static var trsm:
    (
      CBLAS_ORDER, CBLAS_SIDE, CBLAS_UPLO, CBLAS_TRANSPOSE, CBLAS_DIAG, Int32, Int32, Double,
      Source?, Int32, Address?, Int32
    ) -> Void
  { cblas_dtrsm }

  static var bdsdc:
    (
      Int32, CChar, CChar, Int32, Address?, Address?, Address?, Int32, Address?, Int32, Address?,
      Numbers?
    ) -> Int32
  { LAPACKE_dbdsdc }
  static var lasd0:
    (
      Number?, Number?, Address?, Address?, Address?, Number?, Address?, Number?, Number?, Numbers?,
      Address?, Numbers?
    ) -> Void
  { dlasd0_ }
  static var lasd2:
    (
      Number?, Number?, Number?, Numbers?, Address?, Address?, Source?, Source?, Address?, Number?,
      Address?, Number?, Address?, Address?, Number?, Address?, Number?, Numbers?, Numbers?,
      Numbers?, Numbers?, Numbers?, Numbers?
    ) -> Void
  { dlasd2_ }
  static var lasd4:
    (
      Number?, Number?, Source?, Source?, Address?, Source?, Address?, Address?, Numbers?
    ) -> Void
  { dlasd4_ }
}
