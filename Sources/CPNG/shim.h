#ifndef ADJOINT_CPNG_SHIM_H
#define ADJOINT_CPNG_SHIM_H

#if __has_include(<png.h>)
#include <png.h>
#else
#error "Adjoint needs libpng. On Debian or Ubuntu: sudo apt-get install libpng-dev"
#endif

#endif
