#ifndef ADJOINT_CZLIB_SHIM_H
#define ADJOINT_CZLIB_SHIM_H

#if __has_include(<zlib.h>)
#include <zlib.h>
#else
#error "Adjoint needs zlib: sudo apt-get install zlib1g-dev"
#endif

// zlib's init calls are macros that pass the header's version and the struct's size, and Swift
// imports no function-like macros.

static inline int adjoint_inflate_init(z_stream *stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}

static inline int adjoint_deflate_init(z_stream *stream, int level, int windowBits) {
  return deflateInit2(stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
}

#endif
