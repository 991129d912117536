// The largest element and the sum of a row, in lanes that a compiler makes vectors of. The order of a
// sum depends on the row's length alone.
#pragma once
#include <stdint.h>

enum { ADJ_LANES = 16 };

#define ADJ_ROWS(T, s)                                                                                \
  static inline __attribute__((always_inline)) T row_max_##s(const T *x, int64_t n) {             \
    int64_t i = 1;                                                                                \
    T best = x[0];                                                                                \
    if (n >= 2 * ADJ_LANES) {                                                                         \
      T m[ADJ_LANES];                                                                                 \
      for (int lane = 0; lane < ADJ_LANES; lane++) m[lane] = x[lane];                                 \
      for (i = ADJ_LANES; i + ADJ_LANES <= n; i += ADJ_LANES)                                                 \
        for (int lane = 0; lane < ADJ_LANES; lane++) {                                                \
          T v = x[i + lane];                                                                      \
          m[lane] = (v > m[lane] || v != v) ? v : m[lane];                                        \
        }                                                                                         \
      for (int lane = 0; lane < ADJ_LANES; lane++)                                                    \
        best = (m[lane] > best || m[lane] != m[lane]) ? m[lane] : best;                           \
    }                                                                                             \
    for (; i < n; i++) best = (x[i] > best || x[i] != x[i]) ? x[i] : best;                        \
    return best;                                                                                  \
  }                                                                                               \
  static inline __attribute__((always_inline)) T row_sum_##s(const T *x, int64_t n) {             \
    T sum[ADJ_LANES] = {0}, total = 0;                                                                \
    int64_t i = 0;                                                                                \
    for (; i + ADJ_LANES <= n; i += ADJ_LANES)                                                            \
      for (int lane = 0; lane < ADJ_LANES; lane++) sum[lane] += x[i + lane];                          \
    for (; i < n; i++) total += x[i];                                                             \
    for (int lane = 0; lane < ADJ_LANES; lane++) total += sum[lane];                                  \
    return total;                                                                                 \
  }
ADJ_ROWS(float, f32)
ADJ_ROWS(double, f64)
