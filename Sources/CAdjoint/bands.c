// Weighted sums of neighbours along the last two axes: averages of windows and interpolation.
#include <string.h>

#include "kernels.h"

// Along the last axis. Where all sums have one width, the weights of one term lie side by side and the
// loop over positions is one over vectors of gathered elements.
#define ALONG(T, s)                                                                               \
  static inline __attribute__((always_inline)) void gathered_##s(T *o, const T *x,                \
                                                                 const adj_band *b, const int w) {\
    const T *weights = b->weights;                                                                \
    const int64_t n = b->count;                                                                   \
    ADJ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      T sum = 0;                                                                                  \
      for (int k = 0; k < w; k++) sum += weights[k * n + i] * x[b->indices[k * n + i]];           \
      o[i] = sum;                                                                                 \
    }                                                                                             \
  }                                                                                               \
  static inline __attribute__((always_inline)) void along_##s(T *o, const T *x,                   \
                                                              const adj_band *b) {                \
    switch (b->width) {                                                                           \
      case 1: gathered_##s(o, x, b, 1); return;                                                   \
      case 2: gathered_##s(o, x, b, 2); return;                                                   \
      case 3: gathered_##s(o, x, b, 3); return;                                                   \
      case 4: gathered_##s(o, x, b, 4); return;                                                   \
    }                                                                                             \
    const T *weights = b->weights;                                                                \
    for (int64_t i = 0; i < b->count; i++) {                                                      \
      T sum = 0;                                                                                  \
      const T *at = x + b->starts[i], *w = weights + b->offsets[i];                               \
      const int64_t n = b->offsets[i + 1] - b->offsets[i];                                        \
      for (int64_t k = 0; k < n; k++) sum += w[k] * at[k];                                        \
      o[i] = sum;                                                                                 \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void bands_##s(T *out, const T *in, T *row, const adj_band *down,             \
                                   const adj_band *across, int64_t rows, int64_t columns,         \
                                   int64_t begin, int64_t end) {                                  \
    const int64_t heights = down ? down->count : rows;                                            \
    const int64_t width = across ? across->count : columns;                                       \
    const T *weights = down ? down->weights : NULL;                                               \
    for (int64_t at = begin; at < end; at++) {                                                    \
      const int64_t plane = at / heights, y = at % heights;                                       \
      const T *x = in + plane * rows * columns;                                                   \
      T *o = out + at * width;                                                                    \
      if (down) {                                                                                 \
        T *to = across ? row : o;                                                                 \
        const int64_t n = down->offsets[y + 1] - down->offsets[y];                                \
        const T *w = weights + down->offsets[y];                                                  \
        x += down->starts[y] * columns;                                                           \
        if (n == 0) memset(to, 0, (size_t)columns * sizeof(T));                                   \
        for (int64_t k = 0; k < n; k++, x += columns) {                                           \
          const T weight = w[k];                                                                  \
          if (k == 0) {                                                                           \
            ADJ_LOOP for (int64_t i = 0; i < columns; i++) to[i] = weight * x[i];                 \
          } else {                                                                                \
            ADJ_LOOP for (int64_t i = 0; i < columns; i++) to[i] += weight * x[i];                \
          }                                                                                       \
        }                                                                                         \
        x = to;                                                                                   \
      } else {                                                                                    \
        x += y * columns;                                                                         \
      }                                                                                           \
      if (across) along_##s(o, x, across);                                                        \
    }                                                                                             \
  }
ALONG(float, f32)
ALONG(double, f64)

void adj_bands(int dtype, void *out, const void *in, void *row, const adj_band *down,
               const adj_band *across, int64_t rows, int64_t columns, int64_t begin, int64_t end) {
  if (dtype == ADJ_F32) bands_f32(out, in, row, down, across, rows, columns, begin, end);
  else bands_f64(out, in, row, down, across, rows, columns, begin, end);
}
