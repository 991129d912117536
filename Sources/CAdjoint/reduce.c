// Reductions. Each sum has one order of additions, fixed by the length alone: 32 interleaved partial
// sums along contiguous memory, plain order down columns. It is written out as vectors, not left to
// the compiler, so that every instruction set and every number of threads gives the same bits.
#include "kernels.h"

enum { LANES = 32, COLUMNS = 2048 };

#define VECTOR(T) T __attribute__((ext_vector_type(LANES)))

#define TAKE_ADD(m, x) (m) + (x)
#define TAKE_MAX(m, x) ((x) > (m) || (x) != (x)) ? (x) : (m)
#define TAKE_MIN(m, x) ((x) < (m) || (x) != (x)) ? (x) : (m)
// The same of vectors, whose logic has no short cut.
#define TAKE_ADD_V(m, x) (m) + (x)
#define TAKE_MAX_V(m, x) (((x) > (m)) | ((x) != (x))) ? (x) : (m)
#define TAKE_MIN_V(m, x) (((x) < (m)) | ((x) != (x))) ? (x) : (m)

// `T` is the element, `A` the accumulator, `R` the result.
#define REDUCE(name, T, A, R, TAKE)                                                          \
  static inline __attribute__((always_inline)) A name##_run(const T *x, int64_t n) {         \
    typedef VECTOR(T) elements __attribute__((aligned(sizeof(T))));                          \
    typedef VECTOR(A) accumulators;                                                          \
    A best = (A)x[0];                                                                        \
    int64_t i = 1;                                                                           \
    if (n >= LANES) {                                                                        \
      accumulators m = __builtin_convertvector(*(const elements *)x, accumulators);          \
      for (i = LANES; i + LANES <= n; i += LANES) {                                          \
        accumulators v = __builtin_convertvector(*(const elements *)(x + i), accumulators);  \
        m = TAKE##_V(m, v);                                                                  \
      }                                                                                      \
      A lanes[LANES];                                                                        \
      __builtin_memcpy(lanes, &m, sizeof lanes);                                             \
      for (int half = LANES / 2; half > 0; half /= 2)                                        \
        for (int lane = 0; lane < half; lane++)                                              \
          lanes[lane] = TAKE(lanes[lane], lanes[lane + half]);                               \
      best = lanes[0];                                                                       \
    }                                                                                        \
    for (; i < n; i++) best = TAKE(best, (A)x[i]);                                           \
    return best;                                                                             \
  }                                                                                          \
  ADJ_CLONES static void name(void *out, const void *in, int64_t length, int64_t inner,      \
                              int64_t begin, int64_t end) {                                  \
    R *o = out;                                                                              \
    const T *x = in;                                                                         \
    if (inner == 1) {                                                                        \
      for (int64_t r = begin; r < end; r++) o[r] = (R)name##_run(x + r * length, length);    \
      return;                                                                                \
    }                                                                                        \
    A m[COLUMNS];                                                                            \
    for (int64_t at = begin; at < end;) {                                                    \
      int64_t row = at / inner, column = at % inner, n = inner - column;                     \
      if (n > end - at) n = end - at;                                                        \
      if (n > COLUMNS) n = COLUMNS;                                                          \
      const T *p = x + row * length * inner + column;                                        \
      for (int64_t j = 0; j < n; j++) m[j] = (A)p[j];                                        \
      for (int64_t k = 1; k < length; k++) {                                                 \
        p += inner;                                                                          \
        ADJ_LOOP for (int64_t j = 0; j < n; j++) m[j] = TAKE(m[j], (A)p[j]);                 \
      }                                                                                      \
      for (int64_t j = 0; j < n; j++) o[at + j] = (R)m[j];                                   \
      at += n;                                                                               \
    }                                                                                        \
  }

REDUCE(sum_f32, float, double, float, TAKE_ADD)
REDUCE(sum_f64, double, double, double, TAKE_ADD)
REDUCE(wide_f32, float, double, double, TAKE_ADD)
REDUCE(sum_i64, int64_t, uint64_t, int64_t, TAKE_ADD)
REDUCE(sum_i32, int32_t, int64_t, int64_t, TAKE_ADD)
REDUCE(sum_u8, uint8_t, int64_t, int64_t, TAKE_ADD)
REDUCE(max_f32, float, float, float, TAKE_MAX)
REDUCE(max_f64, double, double, double, TAKE_MAX)
REDUCE(max_i64, int64_t, int64_t, int64_t, TAKE_MAX)
REDUCE(max_i32, int32_t, int32_t, int32_t, TAKE_MAX)
REDUCE(max_u8, uint8_t, uint8_t, uint8_t, TAKE_MAX)
REDUCE(min_f32, float, float, float, TAKE_MIN)
REDUCE(min_f64, double, double, double, TAKE_MIN)
REDUCE(min_i64, int64_t, int64_t, int64_t, TAKE_MIN)
REDUCE(min_i32, int32_t, int32_t, int32_t, TAKE_MIN)
REDUCE(min_u8, uint8_t, uint8_t, uint8_t, TAKE_MIN)

// The first index at which the run's extreme stands (a NaN is the extreme of any run it is in).
#define REDUCE_INDEX(name, T, BETTER)                                                        \
  static void name(void *out, const void *in, int64_t length, int64_t inner, int64_t begin,  \
                   int64_t end) {                                                            \
    int64_t *o = out;                                                                        \
    for (int64_t at = begin; at < end; at++) {                                               \
      const T *p = (const T *)in + at / inner * length * inner + at % inner;                 \
      T best = p[0];                                                                         \
      int64_t index = 0;                                                                     \
      for (int64_t k = 1; k < length && best == best; k++) {                                 \
        T x = p[k * inner];                                                                  \
        if (x BETTER best || x != x) best = x, index = k;                                    \
      }                                                                                      \
      o[at] = index;                                                                         \
    }                                                                                        \
  }
#define REDUCE_INDICES(T, s) REDUCE_INDEX(argmax_##s, T, >) REDUCE_INDEX(argmin_##s, T, <)
REDUCE_INDICES(float, f32)
REDUCE_INDICES(double, f64)
REDUCE_INDICES(int64_t, i64)
REDUCE_INDICES(int32_t, i32)
REDUCE_INDICES(uint8_t, u8)

typedef void (*reduction)(void *, const void *, int64_t, int64_t, int64_t, int64_t);

#define ALL(n) {n##_f32, n##_f64, n##_i64, n##_i32, n##_u8, n##_u8}
static const reduction reductions[][ADJ_DTYPES] = {
    [ADJ_SUM] = ALL(sum),
    [ADJ_SUM_WIDE] = {wide_f32, sum_f64, sum_i64, sum_i32, sum_u8, sum_u8},
    [ADJ_MAX] = ALL(max),
    [ADJ_MIN] = ALL(min),
    [ADJ_ARGMAX] = ALL(argmax),
    [ADJ_ARGMIN] = ALL(argmin),
};

void adj_reduce(adj_reduction op, int dtype, void *out, const void *in, int64_t length,
                int64_t inner, int64_t begin, int64_t end) {
  reductions[op][dtype](out, in, length, inner, begin, end);
}
