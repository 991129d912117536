// Passes over a matrix that is being reduced to bidiagonal form.
#include <string.h>

#include "kernels.h"

enum { MOST_WIDTH = 64 };

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define JOIN(a, b) JOIN_NOW(a, b)
#define JOIN_NOW(a, b) a##_##b

#define T float
#define SUFFIX f32
#include "bidiagonal.h"
#define T double
#define SUFFIX f64
#include "bidiagonal.h"

void adj_bidiagonal_columns(int dtype, const adj_bidiagonal *step, int64_t begin, int64_t end,
                            void *sum, void *projection) {
  if (dtype == ADJ_F32) columns_f32(step, begin, end, sum, projection);
  else columns_f64(step, begin, end, sum, projection);
}

void adj_bidiagonal_rows(int dtype, const adj_bidiagonal *step, int64_t begin, int64_t end,
                         const void *sum, void *projection) {
  if (dtype == ADJ_F32) rows_f32(step, begin, end, sum, projection);
  else rows_f64(step, begin, end, sum, projection);
}
