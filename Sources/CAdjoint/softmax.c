// Softmax, log-softmax and cross-entropy of rows: shifted by the row's maximum, so that nothing
// overflows. The sum of exponentials runs in sixteen fixed partial sums (see reduce.c).
#include "elementary_f32.h"
#include "elementary_f64.h"
#include "kernels.h"

enum { LANES = 16 };

#define SOFTMAX(T, s)                                                                             \
  static inline __attribute__((always_inline)) T row_max_##s(const T *x, int64_t n) {             \
    T m[LANES];                                                                                   \
    for (int lane = 0; lane < LANES; lane++) m[lane] = x[lane < n ? lane : 0];                    \
    int64_t i = 0;                                                                                \
    for (; i + LANES <= n; i += LANES)                                                            \
      for (int lane = 0; lane < LANES; lane++) {                                                  \
        T v = x[i + lane];                                                                        \
        m[lane] = (v > m[lane] || v != v) ? v : m[lane];                                          \
      }                                                                                           \
    for (; i < n; i++) m[0] = (x[i] > m[0] || x[i] != x[i]) ? x[i] : m[0];                        \
    T best = m[0];                                                                                \
    for (int lane = 1; lane < LANES; lane++)                                                      \
      best = (m[lane] > best || m[lane] != m[lane]) ? m[lane] : best;                             \
    return best;                                                                                  \
  }                                                                                               \
  /* sum of exp(x - shift); the exponentials are kept where `out` is not null */                  \
  static inline __attribute__((always_inline)) T row_exp_##s(T *out, const T *x, T shift,         \
                                                             int64_t n) {                         \
    T sum[LANES] = {0};                                                                           \
    int64_t i = 0;                                                                                \
    for (; i + LANES <= n; i += LANES) {                                                          \
      T e[LANES];                                                                                 \
      ADJ_LOOP for (int lane = 0; lane < LANES; lane++)                                           \
        e[lane] = adj_exp_##s(x[i + lane] - shift);                                               \
      for (int lane = 0; lane < LANES; lane++) sum[lane] += e[lane];                              \
      if (out) for (int lane = 0; lane < LANES; lane++) out[i + lane] = e[lane];                  \
    }                                                                                             \
    for (; i < n; i++) {                                                                          \
      T e = adj_exp_##s(x[i] - shift);                                                            \
      sum[i % LANES] += e;                                                                        \
      if (out) out[i] = e;                                                                        \
    }                                                                                             \
    for (int half = LANES / 2; half > 0; half /= 2)                                               \
      for (int lane = 0; lane < half; lane++) sum[lane] += sum[lane + half];                      \
    return sum[0];                                                                                \
  }                                                                                               \
  ADJ_CLONES static void softmax_##s(T *out, const T *in, int64_t n, int64_t begin,               \
                                     int64_t end) {                                               \
    for (int64_t r = begin; r < end; r++) {                                                       \
      const T *x = in + r * n;                                                                    \
      T *o = out + r * n;                                                                         \
      T scale = 1 / row_exp_##s(o, x, row_max_##s(x, n), n);                                      \
      ADJ_LOOP for (int64_t i = 0; i < n; i++) o[i] *= scale;                                     \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void log_softmax_##s(T *out, const T *in, int64_t n, int64_t begin,           \
                                         int64_t end) {                                           \
    for (int64_t r = begin; r < end; r++) {                                                       \
      const T *x = in + r * n;                                                                    \
      T *o = out + r * n, shift = row_max_##s(x, n);                                              \
      T log_sum = adj_log_##s(row_exp_##s((T *)0, x, shift, n));                                  \
      ADJ_LOOP for (int64_t i = 0; i < n; i++) o[i] = (x[i] - shift) - log_sum;                   \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void cross_entropy_##s(T *losses, const T *in, const int64_t *labels,         \
                                           int64_t n, int64_t begin, int64_t end) {               \
    for (int64_t r = begin; r < end; r++) {                                                       \
      const T *x = in + r * n;                                                                    \
      T shift = row_max_##s(x, n);                                                                \
      losses[r] = adj_log_##s(row_exp_##s((T *)0, x, shift, n)) - (x[labels[r]] - shift);         \
    }                                                                                             \
  }

SOFTMAX(float, f32)
SOFTMAX(double, f64)

void adj_softmax_rows(int dtype, bool logarithm, void *out, const void *in, int64_t width,
                      int64_t begin, int64_t end) {
  if (dtype == ADJ_F32)
    (logarithm ? log_softmax_f32 : softmax_f32)(out, in, width, begin, end);
  else
    (logarithm ? log_softmax_f64 : softmax_f64)(out, in, width, begin, end);
}

void adj_cross_entropy_rows(int dtype, void *losses, const void *logits, const int64_t *labels,
                            int64_t width, int64_t begin, int64_t end) {
  if (dtype == ADJ_F32)
    cross_entropy_f32(losses, logits, labels, width, begin, end);
  else
    cross_entropy_f64(losses, logits, labels, width, begin, end);
}
