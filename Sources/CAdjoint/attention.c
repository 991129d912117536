// Attention tile by tile: what happens to the scores of some queries and keys between the products.
//
// Forward, the softmax is "online": a row's maximum and sum are those of the tiles seen so far, and
// what they gave is scaled when the maximum grows. Backward, the weights are computed again from the
// scores and the logarithm of the row's sum. Sources: Milakov and Gimelshein, "Online normalizer
// calculation for softmax", 2018; Dao et al., "FlashAttention", NeurIPS 2022.
#include <math.h>

#include "elementary_f32.h"
#include "elementary_f64.h"
#include "kernels.h"
#include "philox.h"
#include "rows.h"

enum { WIDTH = 512 };

// How many of a row's keys a causal query may look at.
static inline int64_t limit(const adj_attention_tile *t, int64_t row) {
  if (!t->causal) return t->columns;
  const int64_t n = t->first_row + row + 1 - t->first_column;
  return n < 0 ? 0 : n < t->columns ? n : t->columns;
}

#define ATTENTION(T, s)                                                                           \
  /* Applies the mask to a row; -infinity where there is nothing to see. */                       \
  static inline __attribute__((always_inline)) void mask_##s(const adj_attention_tile *t, T *x,   \
                                                             int64_t row, int64_t n) {            \
    const int64_t at = (t->first_row + row) * t->mask_row + t->first_column * t->mask_column;     \
    const int64_t step = t->mask_column;                                                          \
    if (t->added) {                                                                               \
      const T *m = (const T *)t->added + at;                                                      \
      if (step == 1) ADJ_LOOP for (int64_t i = 0; i < n; i++) x[i] += m[i];                       \
      else for (int64_t i = 0; i < n; i++) x[i] += m[i * step];                                   \
    } else if (t->allowed) {                                                                      \
      const uint8_t *m = t->allowed + at;                                                         \
      if (step == 1) ADJ_LOOP for (int64_t i = 0; i < n; i++) x[i] = m[i] ? x[i] : (T)-INFINITY;  \
      else for (int64_t i = 0; i < n; i++) x[i] = m[i * step] ? x[i] : (T)-INFINITY;              \
    }                                                                                             \
  }                                                                                               \
  /* For each of a row's keys 1 / (1 - rate), or 0 where dropout takes it away. */                \
  static inline __attribute__((always_inline)) void drawn_##s(const adj_attention_tile *t, T *f,  \
                                                              int64_t row, int64_t n) {           \
    const uint64_t index = t->draw + (uint64_t)((t->first_row + row) * t->keys + t->first_column); \
    const int64_t skipped = index % 4;                                                            \
    const float keep = (float)t->keep;                                                            \
    const T factor = (T)(1 / t->keep);                                                            \
    T room[WIDTH + 8];                                                                            \
    ADJ_LOOP for (int64_t i = 0; i < (n + skipped + 3) / 4; i++) {                                \
      block b = philox(t->counter + index / 4 + (uint64_t)i, 0, t->key);                          \
      for (int lane = 0; lane < 4; lane++)                                                        \
        room[4 * i + lane] = unit_f32(b.v[lane]) < keep ? factor : 0;                             \
    }                                                                                             \
    for (int64_t i = 0; i < n; i++) f[i] = room[i + skipped];                                     \
  }                                                                                               \
  ADJ_CLONES static void weigh_##s(const adj_attention_tile *t, T *scores, T *maximum, T *sum,    \
                                   T *rescale) {                                                  \
    T factors[WIDTH];                                                                             \
    for (int64_t r = 0; r < t->rows; r++) {                                                       \
      T *x = scores + r * t->stride;                                                              \
      const int64_t n = limit(t, r);                                                              \
      mask_##s(t, x, r, n);                                                                       \
      const T best = n ? row_max_##s(x, n) : (T)-INFINITY, before = maximum[r];                   \
      const T now = best > before ? best : before, shift = now == (T)-INFINITY ? 0 : now;         \
      ADJ_WIDE_LOOP(T) for (int64_t i = 0; i < n; i++) x[i] = adj_exp_##s(x[i] - shift);          \
      rescale[r] = before == (T)-INFINITY ? 0 : adj_exp_##s(before - shift);                      \
      sum[r] = sum[r] * rescale[r] + (n ? row_sum_##s(x, n) : 0);                                 \
      maximum[r] = now;                                                                           \
      if (t->keep < 1) {                                                                          \
        drawn_##s(t, factors, r, n);                                                              \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) x[i] *= factors[i];                              \
      }                                                                                           \
      for (int64_t i = n; i < t->columns; i++) x[i] = 0;                                          \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void weigh_back_##s(const adj_attention_tile *t, T *scores, T *gradients,     \
                                        const T *logarithms, const T *dots, double scale) {       \
    T factors[WIDTH];                                                                             \
    for (int64_t r = 0; r < t->rows; r++) {                                                       \
      T *x = scores + r * t->stride, *g = gradients + r * t->stride;                              \
      const int64_t n = limit(t, r);                                                              \
      const T logarithm = logarithms[r], dot = dots[r], c = (T)scale;                             \
      if (logarithm == (T)-INFINITY) {                                                            \
        for (int64_t i = 0; i < t->columns; i++) x[i] = g[i] = 0;                                 \
        continue;                                                                                 \
      }                                                                                           \
      mask_##s(t, x, r, n);                                                                       \
      ADJ_WIDE_LOOP(T) for (int64_t i = 0; i < n; i++) x[i] = adj_exp_##s(x[i] - logarithm);      \
      if (t->keep < 1) {                                                                          \
        drawn_##s(t, factors, r, n);                                                              \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) {                                                \
          g[i] = x[i] * (g[i] * factors[i] - dot) * c;                                            \
          x[i] *= factors[i];                                                                     \
        }                                                                                         \
      } else {                                                                                    \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) g[i] = x[i] * (g[i] - dot) * c;                  \
      }                                                                                           \
      for (int64_t i = n; i < t->columns; i++) x[i] = g[i] = 0;                                   \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void scale_##s(T *x, int64_t rows, int64_t width, int64_t stride,             \
                                   const T *factors) {                                            \
    for (int64_t r = 0; r < rows; r++) {                                                          \
      T *o = x + r * stride;                                                                      \
      const T f = factors[r];                                                                     \
      ADJ_LOOP for (int64_t i = 0; i < width; i++) o[i] *= f;                                     \
    }                                                                                             \
  }                                                                                               \
  static void totals_##s(int64_t rows, bool nothing_is_nan, const T *maximum, T *sum,             \
                         T *logarithms) {                                                         \
    for (int64_t r = 0; r < rows; r++) {                                                          \
      const bool nothing = sum[r] == 0 && !nothing_is_nan;                                        \
      logarithms[r] = nothing ? (T)-INFINITY                                                      \
                      : sum[r] == 0 ? (T)NAN                                                      \
                                    : maximum[r] + adj_log_##s(sum[r]);                           \
      sum[r] = nothing ? 0 : sum[r] == 0 ? (T)NAN : 1 / sum[r];                                   \
    }                                                                                             \
  }

ATTENTION(float, f32)
ATTENTION(double, f64)

void adj_attention_weigh(int dtype, const adj_attention_tile *tile, void *scores, void *maximum,
                         void *sum, void *rescale) {
  if (dtype == ADJ_F32) weigh_f32(tile, scores, maximum, sum, rescale);
  else weigh_f64(tile, scores, maximum, sum, rescale);
}

void adj_attention_weigh_back(int dtype, const adj_attention_tile *tile, void *scores,
                              void *gradients, const void *logarithms, const void *dots,
                              double scale) {
  if (dtype == ADJ_F32) weigh_back_f32(tile, scores, gradients, logarithms, dots, scale);
  else weigh_back_f64(tile, scores, gradients, logarithms, dots, scale);
}

void adj_attention_totals(int dtype, int64_t rows, bool nothing_is_nan, const void *maximum,
                          void *sum, void *logarithms) {
  if (dtype == ADJ_F32) totals_f32(rows, nothing_is_nan, maximum, sum, logarithms);
  else totals_f64(rows, nothing_is_nan, maximum, sum, logarithms);
}

void adj_scale_rows(int dtype, void *x, int64_t rows, int64_t width, int64_t stride,
                    const void *factors) {
  if (dtype == ADJ_F32) scale_f32(x, rows, width, stride, factors);
  else scale_f64(x, rows, width, stride, factors);
}
