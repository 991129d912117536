#pragma once
// LAPACKE is a thin layer of C over LAPACK. Debian's links to the alternative liblapack.so.3, which
// may be the slow reference library; but OpenBLAS, which Adjoint links directly, has all of LAPACK
// too, and the loader finds a symbol there first. `ldd` shows both.
#if __has_include(<lapacke.h>)
#include <lapacke.h>
#else
#error "Adjoint needs LAPACKE. On Debian or Ubuntu: sudo apt-get install liblapacke-dev"
#endif

// Steps of the divide and conquer of `?bdsdc` that LAPACK has, but not its header.
#define ADJ_LAPACK_DIVIDE(T, s)                                                                  \
  void s##lasd0_(const int *n, const int *sqre, T *d, T *e, T *u, const int *ldu, T *vt,         \
                 const int *ldvt, const int *smallest, int *iwork, T *work, int *info);          \
  void s##lasd2_(const int *nl, const int *nr, const int *sqre, int *k, T *d, T *z,              \
                 const T *alpha, const T *beta, T *u, const int *ldu, T *vt, const int *ldvt,    \
                 T *poles, T *u2, const int *ldu2, T *vt2, const int *ldvt2, int *idxp,          \
                 int *idx, int *idxc, int *idxq, int *types, int *info);                         \
  void s##lasd4_(const int *n, const int *i, const T *d, const T *z, T *delta, const T *rho,     \
                 T *sigma, T *work, int *info);
ADJ_LAPACK_DIVIDE(float, s)
ADJ_LAPACK_DIVIDE(double, d)
#undef ADJ_LAPACK_DIVIDE
