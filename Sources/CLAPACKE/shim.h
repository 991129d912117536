#pragma once
// LAPACKE is a thin layer of C over LAPACK. Debian's links to the alternative liblapack.so.3, which
// may be the slow reference library; but OpenBLAS, which Adjoint links directly, has all of LAPACK
// too, and the loader finds a symbol there first. `ldd` shows both.
#if __has_include(<lapacke.h>)
#include <lapacke.h>
#else
#error "Adjoint needs LAPACKE. On Debian or Ubuntu: sudo apt-get install liblapacke-dev"
#endif
