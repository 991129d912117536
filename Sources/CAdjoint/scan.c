// Running sums, products and extremes along the middle axis of [outer, length, inner], from either
// end. A scan is one chain of operations: lines beside each other run together, which hides the
// latency and leaves the order of each chain alone. Floats are accumulated in double precision.
#include "elementary_f64.h"
#include "kernels.h"

enum { COLUMNS = 512, ROWS = 4 };

// Runs a statement for blocks of neighbouring lines: `x` points to the first element of the first line,
// `lines` of them lie `beside` apart, and the next element of each is `step` away.
#define EACH_BLOCK(...)                                                                      \
  int64_t step = reversed ? -inner : inner, start = reversed ? (length - 1) * inner : 0;     \
  for (int64_t at = begin, lines; at < end; at += lines) {                                   \
    int64_t beside = inner == 1 ? length : 1;                                                \
    lines = inner == 1 ? ROWS : inner - at % inner;                                          \
    if (inner > 1 && lines > COLUMNS) lines = COLUMNS;                                       \
    if (lines > end - at) lines = end - at;                                                  \
    int64_t first = at / inner * length * inner + at % inner + start;                        \
    __VA_ARGS__                                                                              \
  }

#define ADDED(m, x) (m) + (x)
#define MULTIPLIED(m, x) (m) * (x)

#define SCAN(name, T, A, R, TAKE)                                                            \
  ADJ_CLONES static void name(void *out, const void *in, bool reversed, int64_t length,      \
                              int64_t inner, int64_t begin, int64_t end) {                   \
    A m[COLUMNS];                                                                            \
    EACH_BLOCK({                                                                             \
      const T *x = (const T *)in + first;                                                    \
      R *o = (R *)out + first;                                                               \
      for (int64_t j = 0; j < lines; j++) {                                                  \
        m[j] = (A)x[j * beside];                                                             \
        o[j * beside] = (R)m[j];                                                             \
      }                                                                                      \
      if (inner == 1 && lines == ROWS) {                                                     \
        for (int64_t k = 1; k < length; k++)                                                 \
          for (int row = 0; row < ROWS; row++) {                                             \
            m[row] = TAKE(m[row], (A)x[row * length + k * step]);                            \
            o[row * length + k * step] = (R)m[row];                                          \
          }                                                                                  \
      } else if (inner == 1) {                                                               \
        for (int64_t row = 0; row < lines; row++)                                            \
          for (int64_t k = 1; k < length; k++) {                                             \
            m[row] = TAKE(m[row], (A)x[row * length + k * step]);                            \
            o[row * length + k * step] = (R)m[row];                                          \
          }                                                                                  \
      } else {                                                                               \
        for (int64_t k = 1; k < length; k++) {                                               \
          x += step;                                                                         \
          o += step;                                                                         \
          ADJ_LOOP for (int64_t j = 0; j < lines; j++) {                                     \
            m[j] = TAKE(m[j], (A)x[j]);                                                      \
            o[j] = (R)m[j];                                                                  \
          }                                                                                  \
        }                                                                                    \
      }                                                                                      \
    })                                                                                       \
  }

SCAN(sum_f32, float, double, float, ADDED)
SCAN(sum_f64, double, double, double, ADDED)
SCAN(sum_i64, int64_t, uint64_t, int64_t, ADDED)
SCAN(sum_i32, int32_t, uint64_t, int64_t, ADDED)
SCAN(sum_u8, uint8_t, uint64_t, int64_t, ADDED)
SCAN(product_f32, float, double, float, MULTIPLIED)
SCAN(product_f64, double, double, double, MULTIPLIED)
SCAN(product_i64, int64_t, uint64_t, int64_t, MULTIPLIED)
SCAN(product_i32, int32_t, uint64_t, int64_t, MULTIPLIED)
SCAN(product_u8, uint8_t, uint64_t, int64_t, MULTIPLIED)

// The state is the largest element so far and the sum of exp(x - largest), so nothing overflows.
// Equal elements are told apart from others, because the difference of two infinities is NaN.
#define SCAN_LOG_SUM_EXP(name, T)                                                            \
  static void name(void *out, const void *in, bool reversed, int64_t length, int64_t inner,  \
                   int64_t begin, int64_t end) {                                             \
    EACH_BLOCK({                                                                             \
      for (int64_t j = 0; j < lines; j++) {                                                  \
        const T *x = (const T *)in + first + j * beside;                                     \
        T *o = (T *)out + first + j * beside;                                                \
        double largest = x[0];                                                               \
        double sum = 1;                                                                      \
        o[0] = x[0];                                                                         \
        for (int64_t k = 1; k < length; k++) {                                               \
          double v = x[k * step];                                                            \
          if (v > largest) {                                                                 \
            sum = sum * adj_exp_f64(largest - v) + 1;                                        \
            largest = v;                                                                     \
          } else {                                                                           \
            sum += v == largest ? 1 : adj_exp_f64(v - largest);                              \
          }                                                                                  \
          o[k * step] = (T)(largest + adj_log_f64(sum));                                     \
        }                                                                                    \
      }                                                                                      \
    })                                                                                       \
  }
SCAN_LOG_SUM_EXP(log_sum_exp_f32, float)
SCAN_LOG_SUM_EXP(log_sum_exp_f64, double)

typedef void (*scan)(void *, const void *, bool, int64_t, int64_t, int64_t, int64_t);

#define ALL(n) {n##_f32, n##_f64, n##_i64, n##_i32, n##_u8, n##_u8}
static const scan scans[][ADJ_DTYPES] = {
    [ADJ_SCAN_SUM] = ALL(sum),
    [ADJ_SCAN_PRODUCT] = ALL(product),
    [ADJ_SCAN_LOG_SUM_EXP] = {log_sum_exp_f32, log_sum_exp_f64},
};

void adj_scan(adj_scan_op op, int dtype, bool reversed, void *out, const void *in, int64_t length,
              int64_t inner, int64_t begin, int64_t end) {
  scans[op][dtype](out, in, reversed, length, inner, begin, end);
}

// The index of the extreme of everything up to here: of equal ones the last, and a NaN for good.
#define SCAN_INDEX(name, T, BETTER)                                                          \
  static void name(int64_t *out, const void *in, int64_t length, int64_t inner,              \
                   int64_t begin, int64_t end) {                                             \
    const bool reversed = false;                                                             \
    T best[COLUMNS];                                                                         \
    int64_t which[COLUMNS];                                                                  \
    EACH_BLOCK({                                                                             \
      const T *x = (const T *)in + first;                                                    \
      int64_t *o = out + first;                                                              \
      for (int64_t j = 0; j < lines; j++) {                                                  \
        best[j] = x[j * beside];                                                             \
        which[j] = o[j * beside] = 0;                                                        \
      }                                                                                      \
      for (int64_t k = 1; k < length; k++)                                                   \
        for (int64_t j = 0; j < lines; j++) {                                                \
          T v = x[j * beside + k * step];                                                    \
          if (v != v || (best[j] == best[j] && v BETTER best[j])) {                          \
            best[j] = v;                                                                     \
            which[j] = k;                                                                    \
          }                                                                                  \
          o[j * beside + k * step] = which[j];                                               \
        }                                                                                    \
    })                                                                                       \
  }
#define SCAN_INDICES(T, s) SCAN_INDEX(largest_##s, T, >=) SCAN_INDEX(smallest_##s, T, <=)
SCAN_INDICES(float, f32)
SCAN_INDICES(double, f64)
SCAN_INDICES(int64_t, i64)
SCAN_INDICES(int32_t, i32)
SCAN_INDICES(uint8_t, u8)

typedef void (*index_scan)(int64_t *, const void *, int64_t, int64_t, int64_t, int64_t);
static const index_scan index_scans[2][ADJ_DTYPES] = {ALL(smallest), ALL(largest)};

void adj_scan_extreme(bool largest, int dtype, int64_t *indices, const void *in, int64_t length,
                      int64_t inner, int64_t begin, int64_t end) {
  index_scans[largest][dtype](indices, in, length, inner, begin, end);
}

// The product is a statement of its own: see reduce.c.
#define RECURRENCE(name, T)                                                                  \
  ADJ_CLONES static void name(void *out, const void *factors, const void *terms,             \
                              bool reversed, int64_t length, int64_t inner, int64_t begin,   \
                              int64_t end) {                                                 \
    double m[COLUMNS];                                                                       \
    EACH_BLOCK({                                                                             \
      const T *a = (const T *)factors + first, *b = (const T *)terms + first;                \
      T *o = (T *)out + first;                                                               \
      for (int64_t j = 0; j < lines; j++) {                                                  \
        m[j] = b[j * beside];                                                                \
        o[j * beside] = (T)m[j];                                                             \
      }                                                                                      \
      for (int64_t k = 1; k < length; k++) {                                                 \
        a += step;                                                                           \
        b += step;                                                                           \
        o += step;                                                                           \
        ADJ_LOOP for (int64_t j = 0; j < lines; j++) {                                       \
          double product = m[j] * (double)a[j * beside];                                     \
          m[j] = product + (double)b[j * beside];                                            \
          o[j * beside] = (T)m[j];                                                           \
        }                                                                                    \
      }                                                                                      \
    })                                                                                       \
  }
RECURRENCE(recurrence_f32, float)
RECURRENCE(recurrence_f64, double)

void adj_linear_recurrence(int dtype, bool reversed, void *out, const void *factors,
                           const void *terms, int64_t length, int64_t inner, int64_t begin,
                           int64_t end) {
  (dtype == ADJ_F32 ? recurrence_f32 : recurrence_f64)(out, factors, terms, reversed, length,
                                                       inner, begin, end);
}
