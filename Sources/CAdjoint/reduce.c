// Reductions. Each sum has one order of additions, fixed by the length alone: 32 interleaved partial
// sums along contiguous memory, groups of four down columns. It is written out, not left to the
// compiler, so that every instruction set and every number of threads gives the same bits.
#include "kernels.h"

enum { LANES = 32, COLUMNS = 4096, TILE = 16, INDEX_COLUMNS = 1024, ROWS = 8 };

// How far ahead of the sums memory is asked for, in bytes: along a row, and down columns along each of
// four rows, where the processor's own guesses end with every row.
enum { AHEAD_IN_ROW = 2048, AHEAD_IN_COLUMNS = 1024 };

// A part of the clones. clang prefers vectors of 256 bits even where the processor has more.
#define INLINE static inline __attribute__((always_inline))
#define INLINE_WIDE static inline __attribute__((always_inline, min_vector_width(512)))

#define VECTOR(T) T __attribute__((ext_vector_type(LANES)))

#define TAKE_ADD(m, x) (m) + (x)
#define TAKE_MULTIPLY(m, x) (m) * (x)
#define TAKE_MAX(m, x) ((x) > (m) || (x) != (x)) ? (x) : (m)
#define TAKE_MIN(m, x) ((x) < (m) || (x) != (x)) ? (x) : (m)
// The same of vectors, whose logic has no short cut.
#define TAKE_ADD_V TAKE_ADD
#define TAKE_MULTIPLY_V TAKE_MULTIPLY
#define TAKE_MAX_V(m, x) (((x) > (m)) | ((x) != (x))) ? (x) : (m)
#define TAKE_MIN_V(m, x) (((x) < (m)) | ((x) != (x))) ? (x) : (m)

// What is done to each element first. A statement of its own, so that the product and the sum are
// never contracted: not every processor has that instruction.
#define SAME(x) (x)
#define SQUARE(x) ((x) * (x))

// The first `half` numbers at the address of `from` combined with the next as many.
#define HALVE(A, half, to, from, TAKE)                                                       \
  {                                                                                          \
    A a __attribute__((ext_vector_type(half))), b __attribute__((ext_vector_type(half)));    \
    __builtin_memcpy(&a, &(from), sizeof a);                                                 \
    __builtin_memcpy(&b, (const char *)&(from) + sizeof a, sizeof b);                        \
    a = TAKE(a, b);                                                                          \
    __builtin_memcpy(to, &a, sizeof a);                                                      \
  }

// `T` is the element, `A` the accumulator, `R` the result.
#define REDUCE(name, T, A, R, MAP, TAKE)                                                     \
  INLINE A name##_of(T x) {                                                                  \
    A a = (A)x;                                                                              \
    return MAP(a);                                                                           \
  }                                                                                          \
  INLINE A name##_two(A m, A x) { return TAKE(m, x); }                                       \
  INLINE_WIDE A name##_run(const T *x, int64_t n) {                                          \
    typedef VECTOR(T) elements __attribute__((aligned(sizeof(T))));                          \
    typedef VECTOR(A) accumulators;                                                          \
    A best = name##_of(x[0]);                                                                \
    int64_t i = 1;                                                                           \
    if (n >= LANES) {                                                                        \
      accumulators m = __builtin_convertvector(*(const elements *)x, accumulators);          \
      m = MAP(m);                                                                            \
      for (i = LANES; i + LANES <= n; i += LANES) {                                          \
        for (size_t byte = 0; byte < sizeof(elements); byte += 64)                           \
          __builtin_prefetch((const char *)(x + i) + byte + AHEAD_IN_ROW);                   \
        accumulators v = __builtin_convertvector(*(const elements *)(x + i), accumulators);  \
        v = MAP(v);                                                                          \
        m = TAKE##_V(m, v);                                                                  \
      }                                                                                      \
      /* In halves, the first half with the second. */                                       \
      A lanes[LANES];                                                                        \
      HALVE(A, 16, lanes, m, TAKE##_V)                                                       \
      HALVE(A, 8, lanes, *lanes, TAKE##_V)                                                   \
      HALVE(A, 4, lanes, *lanes, TAKE##_V)                                                   \
      HALVE(A, 2, lanes, *lanes, TAKE##_V)                                                   \
      best = name##_two(lanes[0], lanes[1]);                                                 \
    }                                                                                        \
    for (; i < n; i++) best = name##_two(best, name##_of(x[i]));                             \
    return best;                                                                             \
  }                                                                                          \
  ADJ_CLONES static void name##_rows(R *o, const T *x, int64_t length, int64_t begin,        \
                                     int64_t end) {                                          \
    int64_t r = begin;                                                                       \
    /* Each row of a few elements is one chain of additions: several go side by side. */     \
    for (; length < LANES && r + ROWS <= end; r += ROWS) {                                   \
      const T *p = x + r * length;                                                           \
      A m[ROWS];                                                                             \
      for (int row = 0; row < ROWS; row++) m[row] = name##_of(p[row * length]);              \
      for (int64_t k = 1; k < length; k++)                                                   \
        for (int row = 0; row < ROWS; row++)                                                 \
          m[row] = name##_two(m[row], name##_of(p[row * length + k]));                       \
      for (int row = 0; row < ROWS; row++) o[r + row] = (R)m[row];                           \
    }                                                                                        \
    for (; r < end; r++) o[r] = (R)name##_run(x + r * length, length);                       \
  }                                                                                          \
  /* Four rows into the accumulators, which are then read and written a quarter as often. */ \
  INLINE_WIDE void name##_four(A *m, bool first, const T *p, int64_t inner, int64_t n) {     \
    typedef T elements __attribute__((ext_vector_type(TILE), aligned(sizeof(T))));           \
    typedef A accumulators __attribute__((ext_vector_type(TILE), aligned(sizeof(A))));       \
    int64_t j = 0;                                                                           \
    for (; j + TILE <= n; j += TILE) {                                                       \
      accumulators v[4];                                                                     \
      for (int i = 0; i < 4; i++) {                                                          \
        const T *x = p + i * inner + j;                                                      \
        for (size_t byte = 0; byte < sizeof(elements); byte += 64)                           \
          __builtin_prefetch((const char *)x + byte + AHEAD_IN_COLUMNS);                     \
        v[i] = __builtin_convertvector(*(const elements *)x, accumulators);                  \
        v[i] = MAP(v[i]);                                                                    \
      }                                                                                      \
      v[0] = TAKE##_V(v[0], v[1]);                                                           \
      v[2] = TAKE##_V(v[2], v[3]);                                                           \
      v[0] = TAKE##_V(v[0], v[2]);                                                           \
      if (!first) {                                                                          \
        accumulators before = *(const accumulators *)(m + j);                                \
        v[0] = TAKE##_V(before, v[0]);                                                       \
      }                                                                                      \
      *(accumulators *)(m + j) = v[0];                                                       \
    }                                                                                        \
    for (; j < n; j++) {                                                                     \
      const T *x = p + j;                                                                    \
      A a = name##_two(name##_of(x[0]), name##_of(x[inner]));                                \
      A b = name##_two(name##_of(x[2 * inner]), name##_of(x[3 * inner]));                    \
      m[j] = first ? name##_two(a, b) : name##_two(m[j], name##_two(a, b));                  \
    }                                                                                        \
  }                                                                                          \
  ADJ_CLONES static void name##_columns(R *o, const T *x, int64_t length, int64_t inner,     \
                                        int64_t begin, int64_t end) {                        \
    A m[COLUMNS];                                                                            \
    for (int64_t at = begin; at < end;) {                                                    \
      int64_t row = at / inner, column = at % inner, n = inner - column, k = 0;              \
      if (n > end - at) n = end - at;                                                        \
      if (n > COLUMNS) n = COLUMNS;                                                          \
      const T *p = x + row * length * inner + column;                                        \
      if (length < 4) {                                                                      \
        for (int64_t j = 0; j < n; j++) m[j] = name##_of(p[j]);                              \
        k = 1;                                                                               \
      }                                                                                      \
      for (; k + 4 <= length; k += 4) name##_four(m, k == 0, p + k * inner, inner, n);       \
      for (; k < length; k++) {                                                              \
        const T *a = p + k * inner;                                                          \
        ADJ_LOOP for (int64_t j = 0; j < n; j++) m[j] = name##_two(m[j], name##_of(a[j]));   \
      }                                                                                      \
      for (int64_t j = 0; j < n; j++) o[at + j] = (R)m[j];                                   \
      at += n;                                                                               \
    }                                                                                        \
  }                                                                                          \
  static void name(void *out, const void *in, int64_t length, int64_t inner, int64_t begin,  \
                   int64_t end) {                                                            \
    if (inner == 1)                                                                          \
      name##_rows(out, in, length, begin, end);                                              \
    else                                                                                     \
      name##_columns(out, in, length, inner, begin, end);                                    \
  }

REDUCE(sum_f32, float, double, float, SAME, TAKE_ADD)
REDUCE(sum_f64, double, double, double, SAME, TAKE_ADD)
REDUCE(wide_sum_f32, float, double, double, SAME, TAKE_ADD)
REDUCE(sum_i64, int64_t, uint64_t, int64_t, SAME, TAKE_ADD)
REDUCE(sum_i32, int32_t, int64_t, int64_t, SAME, TAKE_ADD)
REDUCE(sum_u8, uint8_t, int64_t, int64_t, SAME, TAKE_ADD)
REDUCE(squares_f32, float, double, float, SQUARE, TAKE_ADD)
REDUCE(squares_f64, double, double, double, SQUARE, TAKE_ADD)
REDUCE(wide_squares_f32, float, double, double, SQUARE, TAKE_ADD)
REDUCE(product_f32, float, double, float, SAME, TAKE_MULTIPLY)
REDUCE(product_f64, double, double, double, SAME, TAKE_MULTIPLY)
REDUCE(wide_product_f32, float, double, double, SAME, TAKE_MULTIPLY)
REDUCE(product_i64, int64_t, uint64_t, int64_t, SAME, TAKE_MULTIPLY)
REDUCE(product_i32, int32_t, uint64_t, int64_t, SAME, TAKE_MULTIPLY)
REDUCE(product_u8, uint8_t, uint64_t, int64_t, SAME, TAKE_MULTIPLY)
REDUCE(max_f32, float, float, float, SAME, TAKE_MAX)
REDUCE(max_f64, double, double, double, SAME, TAKE_MAX)
REDUCE(max_i64, int64_t, int64_t, int64_t, SAME, TAKE_MAX)
REDUCE(max_i32, int32_t, int32_t, int32_t, SAME, TAKE_MAX)
REDUCE(max_u8, uint8_t, uint8_t, uint8_t, SAME, TAKE_MAX)
REDUCE(min_f32, float, float, float, SAME, TAKE_MIN)
REDUCE(min_f64, double, double, double, SAME, TAKE_MIN)
REDUCE(min_i64, int64_t, int64_t, int64_t, SAME, TAKE_MIN)
REDUCE(min_i32, int32_t, int32_t, int32_t, SAME, TAKE_MIN)
REDUCE(min_u8, uint8_t, uint8_t, uint8_t, SAME, TAKE_MIN)

// The first index at which the run's extreme stands (a NaN is the extreme of any run it is in). Along
// rows the extreme is found first and then looked for.
#define REDUCE_INDEX(name, extreme, T, BETTER)                                               \
  ADJ_CLONES static void name##_rows(int64_t *o, const T *x, int64_t length, int64_t begin,  \
                                     int64_t end) {                                          \
    for (int64_t r = begin; r < end; r++) {                                                  \
      const T *p = x + r * length;                                                           \
      T best = extreme##_run(p, length);                                                     \
      int64_t k = 0;                                                                         \
      for (int found = 0; k + LANES <= length; k += LANES) {                                 \
        for (int lane = 0; lane < LANES; lane++)                                             \
          found |= (p[k + lane] == best) | (p[k + lane] != p[k + lane]);                     \
        if (found) break;                                                                    \
      }                                                                                      \
      while (p[k] != best && p[k] == p[k]) k++;                                              \
      o[r] = k;                                                                              \
    }                                                                                        \
  }                                                                                          \
  ADJ_CLONES static void name##_columns(int64_t *o, const T *x, int64_t length,              \
                                        int64_t inner, int64_t begin, int64_t end) {         \
    T m[INDEX_COLUMNS];                                                                      \
    for (int64_t at = begin; at < end;) {                                                    \
      int64_t row = at / inner, column = at % inner, n = inner - column;                     \
      if (n > end - at) n = end - at;                                                        \
      if (n > INDEX_COLUMNS) n = INDEX_COLUMNS;                                              \
      const T *p = x + row * length * inner + column;                                        \
      int64_t *index = o + at;                                                               \
      for (int64_t j = 0; j < n; j++) m[j] = p[j], index[j] = 0;                             \
      for (int64_t k = 1; k < length; k++) {                                                 \
        p += inner;                                                                          \
        ADJ_LOOP for (int64_t j = 0; j < n; j++) {                                           \
          T v = p[j], best = m[j];                                                           \
          bool better = (v BETTER best) | ((v != v) & (best == best));                       \
          m[j] = better ? v : best;                                                          \
          index[j] = better ? k : index[j];                                                  \
        }                                                                                    \
      }                                                                                      \
      at += n;                                                                               \
    }                                                                                        \
  }                                                                                          \
  static void name(void *out, const void *in, int64_t length, int64_t inner, int64_t begin,  \
                   int64_t end) {                                                            \
    if (inner == 1)                                                                          \
      name##_rows(out, in, length, begin, end);                                              \
    else                                                                                     \
      name##_columns(out, in, length, inner, begin, end);                                    \
  }
#define REDUCE_INDICES(T, s) \
  REDUCE_INDEX(argmax_##s, max_##s, T, >) REDUCE_INDEX(argmin_##s, min_##s, T, <)
REDUCE_INDICES(float, f32)
REDUCE_INDICES(double, f64)
REDUCE_INDICES(int64_t, i64)
REDUCE_INDICES(int32_t, i32)
REDUCE_INDICES(uint8_t, u8)

typedef void (*reduction)(void *, const void *, int64_t, int64_t, int64_t, int64_t);

#define ALL(n) {n##_f32, n##_f64, n##_i64, n##_i32, n##_u8, n##_u8}
static const reduction reductions[][ADJ_DTYPES] = {
    [ADJ_SUM] = ALL(sum),
    [ADJ_SUM_WIDE] = {wide_sum_f32, sum_f64},
    [ADJ_SUM_SQUARES] = {squares_f32, squares_f64},
    [ADJ_SUM_SQUARES_WIDE] = {wide_squares_f32, squares_f64},
    [ADJ_PRODUCT] = ALL(product),
    [ADJ_PRODUCT_WIDE] = {wide_product_f32, product_f64},
    [ADJ_MAX] = ALL(max),
    [ADJ_MIN] = ALL(min),
    [ADJ_ARGMAX] = ALL(argmax),
    [ADJ_ARGMIN] = ALL(argmin),
};

void adj_reduce(adj_reduction op, int dtype, void *out, const void *in, int64_t length,
                int64_t inner, int64_t begin, int64_t end) {
  reductions[op][dtype](out, in, length, inner, begin, end);
}
