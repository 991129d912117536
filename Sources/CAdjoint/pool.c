// Largest elements of windows, and the way back to where they came from.
#include <math.h>
#include <string.h>

#include "kernels.h"

// PyTorch's choice: the first of equal elements, but a NaN always wins.
#define TAKE(v, at)                                     \
  {                                                     \
    const bool better = (v > best[i]) | (v != v);       \
    best[i] = better ? v : best[i];                     \
    index[i] = better ? (int32_t)(at) : index[i];       \
  }

#define POOL(T, s)                                                                              \
  /* Tap k of the windows between the edges, which all have one distance from one another. */   \
  static inline __attribute__((always_inline)) void tap_##s(T *best, int32_t *index,            \
                                                            const T *x, int64_t at,             \
                                                            int64_t begin, int64_t end,         \
                                                            const int64_t stride) {             \
    ADJ_LOOP for (int64_t i = begin; i < end; i++) {                                            \
      const T v = x[i * stride];                                                                \
      TAKE(v, at + i * stride)                                                                  \
    }                                                                                           \
  }                                                                                             \
  static inline __attribute__((always_inline)) void edge_##s(T *best, int32_t *index,           \
                                                             const T *row, int64_t at,          \
                                                             const adj_window_axis *a,          \
                                                             int64_t begin, int64_t end) {      \
    for (int64_t i = begin; i < end; i++)                                                       \
      for (int64_t w = a->low[i]; w < a->high[i]; w += a->step) {                               \
        const T v = row[w];                                                                     \
        TAKE(v, at + w)                                                                         \
      }                                                                                         \
  }                                                                                             \
  ADJ_CLONES static void pool_##s(T *out, int32_t *indices, const T *in,                        \
                                  const adj_window_axis *axes, int64_t begin, int64_t end) {    \
    const adj_window_axis *a = axes + 2;                                                        \
    const int64_t per_plane = axes[0].size * axes[1].size * a->size;                            \
    for (int64_t at = begin; at < end; at++) {                                                  \
      const int64_t y = at % axes[1].count, z = at / axes[1].count % axes[0].count;             \
      const T *plane = in + at / axes[1].count / axes[0].count * per_plane;                     \
      T *best = out + at * a->count;                                                            \
      int32_t *index = indices + at * a->count;                                                 \
      const int64_t corner = (axes[0].low[z] * axes[1].size + axes[1].low[y]) * a->size;        \
      for (int64_t i = 0; i < a->count; i++) {                                                  \
        best[i] = (T)-INFINITY;                                                                 \
        index[i] = (int32_t)(corner + a->low[i]);                                               \
      }                                                                                         \
      for (int64_t d = axes[0].low[z]; d < axes[0].high[z]; d += axes[0].step)                  \
        for (int64_t h = axes[1].low[y]; h < axes[1].high[y]; h += axes[1].step) {              \
          const int64_t from = (d * axes[1].size + h) * a->size;                                \
          const T *row = plane + from;                                                          \
          edge_##s(best, index, row, from, a, 0, a->inner_begin);                               \
          for (int64_t k = 0; k < a->taps; k++) {                                               \
            const int64_t shift = a->first + k * a->step;                                       \
            if (a->stride == 2)                                                                 \
              tap_##s(best, index, row + shift, from + shift, a->inner_begin, a->inner_end, 2); \
            else if (a->stride == 1)                                                            \
              tap_##s(best, index, row + shift, from + shift, a->inner_begin, a->inner_end, 1); \
            else                                                                                \
              tap_##s(best, index, row + shift, from + shift, a->inner_begin, a->inner_end,     \
                      a->stride);                                                               \
          }                                                                                     \
          edge_##s(best, index, row, from, a, a->inner_end, a->count);                          \
        }                                                                                       \
    }                                                                                           \
  }
POOL(float, f32)
POOL(double, f64)

// Rows shorter than a few vectors: blocks of results across rows and planes, elements gathered.
enum { BLOCK = 256 };

#define NARROW(T, s)                                                                            \
  ADJ_CLONES static void narrow_##s(T *out, int32_t *indices, const T *in,                      \
                                    const adj_window_axis *a, int64_t begin, int64_t end) {     \
    const int64_t size = a[0].size * a[1].size * a[2].size, n1 = a[1].size, n2 = a[2].size;     \
    const int64_t count = a[0].count * a[1].count * a[2].count;                                 \
    for (int64_t start = begin * a[2].count; start < end * a[2].count; start += BLOCK) {        \
      const int64_t left = end * a[2].count - start, n = left < BLOCK ? left : BLOCK;           \
      const T *base = in + start / count * size;                                                \
      T *best = out + start;                                                                    \
      int32_t *index = indices + start, place[BLOCK], corner[BLOCK];                            \
      int64_t x = start % a[2].count, rest = start / a[2].count;                                \
      int64_t y = rest % a[1].count, z = rest / a[1].count % a[0].count, plane = 0;             \
      for (int64_t i = 0; i < n; i++) {                                                         \
        corner[i] = (int32_t)((z * a[0].stride * n1 + y * a[1].stride) * n2 + x * a[2].stride); \
        place[i] = (int32_t)(plane + corner[i]);                                                \
        index[i] = corner[i];                                                                   \
        best[i] = (T)-INFINITY;                                                                 \
        if (++x < a[2].count) continue;                                                         \
        x = 0;                                                                                  \
        if (++y < a[1].count) continue;                                                         \
        y = 0;                                                                                  \
        if (++z < a[0].count) continue;                                                         \
        z = 0, plane += size;                                                                   \
      }                                                                                         \
      for (int64_t d = 0; d < a[0].taps; d++)                                                   \
        for (int64_t h = 0; h < a[1].taps; h++)                                                 \
          for (int64_t w = 0; w < a[2].taps; w++) {                                             \
            const int64_t tap = (d * a[0].step * n1 + h * a[1].step) * n2 + w * a[2].step;      \
            const T *seen = base + tap;                                                         \
            ADJ_LOOP for (int64_t i = 0; i < n; i++) {                                          \
              const T v = seen[place[i]];                                                       \
              TAKE(v, corner[i] + (int32_t)tap)                                                 \
            }                                                                                   \
          }                                                                                     \
    }                                                                                           \
  }
NARROW(float, f32)
NARROW(double, f64)

void adj_max_pool(int dtype, void *out, int32_t *indices, const void *in,
                  const adj_window_axis *axes, int64_t begin, int64_t end) {
  // Places in a block must fit into 32 bits.
  bool narrow = axes[2].count < 32 && axes[0].size * axes[1].size * axes[2].size < 1 << 22;
  for (int axis = 0; axis < 3; axis++)
    if (axes[axis].inner_begin != 0 || axes[axis].inner_end != axes[axis].count) narrow = false;
  if (dtype == ADJ_F32) (narrow ? narrow_f32 : pool_f32)(out, indices, in, axes, begin, end);
  else (narrow ? narrow_f64 : pool_f64)(out, indices, in, axes, begin, end);
}

#define PLANES(T)                                                              \
  for (int64_t p = begin; p < end; p++) {                                      \
    const int32_t *index = indices + p * count;                                \
    if (gathers) {                                                             \
      const T *x = (const T *)in + p * size;                                   \
      T *o = (T *)out + p * count;                                             \
      for (int64_t i = 0; i < count; i++) o[i] = x[index[i]];                  \
    } else {                                                                   \
      const T *x = (const T *)in + p * count;                                  \
      T *o = (T *)out + p * size;                                              \
      memset(o, 0, (size_t)size * sizeof(T));                                  \
      for (int64_t i = 0; i < count; i++) o[index[i]] += x[i];                 \
    }                                                                          \
  }

void adj_plane_gather(int dtype, bool gathers, void *out, const void *in, const int32_t *indices,
                      int64_t count, int64_t size, int64_t begin, int64_t end) {
  if (dtype == ADJ_F32) {
    PLANES(float)
  } else {
    PLANES(double)
  }
}
