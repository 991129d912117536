// Convolution without its matrix of windows.
//
// The input lies in a slab: each channel padded with zeros and flattened, so that what tap k of the
// kernel sees at position t is the element offsets[k] + t. A convolution is then a matrix product
// whose right-hand rows are shifted views of the slab, and register tiles of some output channels
// times some vectors of positions compute it as they would compute any product.
#include <string.h>

#include "kernels.h"

#define INLINE(target) static inline __attribute__((always_inline)) target
#define UNROLL _Pragma("clang loop unroll(full)")

// The sum of a vector's elements, halves first.
#define TOTAL_2(T, v) ((v)[0] + (v)[1])
#define HALVES(T, LANES, v, low, high)                                                      \
  typedef T half_##LANES __attribute__((vector_size(LANES * sizeof(T) / 2)));                \
  half_##LANES sum_##LANES = __builtin_shufflevector(v, v, EXPAND low) +                     \
                             __builtin_shufflevector(v, v, EXPAND high);
#define EXPAND(...) __VA_ARGS__
#define TOTAL_4(T, v) ({ HALVES(T, 4, v, (0, 1), (2, 3)) TOTAL_2(T, sum_4); })
#define TOTAL_8(T, v) ({ HALVES(T, 8, v, (0, 1, 2, 3), (4, 5, 6, 7)) TOTAL_4(T, sum_8); })
#define TOTAL_16(T, v)                                                                       \
  ({                                                                                         \
    HALVES(T, 16, v, (0, 1, 2, 3, 4, 5, 6, 7), (8, 9, 10, 11, 12, 13, 14, 15))               \
    TOTAL_8(T, sum_16);                                                                      \
  })

// Tiles of OB rows by VB vectors: as many accumulators as fit into the registers.
//
// PRODUCT: out[o][t] = bias[o] + sum over c and k of weights[c][k][o] * slab[c][offsets[k] + t].
// DOT: sums[o][j] += sum over t of g[o][t] * x[j][t], where x[j] is a shifted row of the slab.
#define TILES(T, s, LANES, TOTAL, target)                                                          \
  typedef T vector_##s __attribute__((vector_size(LANES * sizeof(T)), aligned(sizeof(T))));        \
  INLINE(target) vector_##s load_##s(const T *p) { return *(const vector_##s *)p; }                \
  INLINE(target) void store_##s(T *p, vector_##s v) { *(vector_##s *)p = v; }                      \
  INLINE(target) T total_##s(vector_##s v) { return TOTAL(T, v); }                                 \
  INLINE(target) void product_tile_##s(const adj_windows *p, const T *x, const T *w,               \
                                       int64_t step, const T *bias, T *out, int64_t stride,        \
                                       const int OB, const int VB) {                               \
    vector_##s sum[8][8];                                                                          \
    UNROLL for (int o = 0; o < OB; o++)                                                            \
      UNROLL for (int v = 0; v < VB; v++) sum[o][v] = (vector_##s){0} + (bias ? bias[o] : 0);      \
    for (int64_t c = 0; c < p->channels; c++, x += p->channel_stride)                              \
      for (int64_t k = 0; k < p->taps; k++, w += step) {                                           \
        const T *at = x + p->offsets[k];                                                           \
        vector_##s in[8];                                                                          \
        UNROLL for (int v = 0; v < VB; v++) in[v] = load_##s(at + v * LANES);                      \
        UNROLL for (int o = 0; o < OB; o++)                                                        \
          UNROLL for (int v = 0; v < VB; v++) sum[o][v] += w[o] * in[v];                           \
      }                                                                                            \
    UNROLL for (int o = 0; o < OB; o++)                                                            \
      UNROLL for (int v = 0; v < VB; v++) store_##s(out + o * stride + v * LANES, sum[o][v]);      \
  }                                                                                                \
  INLINE(target) void product_rows_##s(const adj_windows *p, const T *w, int64_t step,             \
                                       const T *bias, T *out, int64_t stride, const int OB,        \
                                       const int VB) {                                             \
    for (int64_t run = 0; run < p->runs; run++) {                                                  \
      const T *x = (const T *)p->slab + run * p->run_stride;                                       \
      T *to = out + run * p->run_stride;                                                           \
      int64_t t = 0;                                                                               \
      for (; t + (VB - 1) * LANES < p->positions; t += VB * LANES)                                 \
        product_tile_##s(p, x + t, w, step, bias, to + t, stride, OB, VB);                         \
      for (; t < p->positions; t += LANES)                                                         \
        product_tile_##s(p, x + t, w, step, bias, to + t, stride, OB, 1);                          \
    }                                                                                              \
  }                                                                                                \
  INLINE(target) void dot_tile_##s(const adj_windows *p, const T *g, int64_t stride,               \
                                   const T *const *x, T *sums, int64_t sums_stride, const int OB,  \
                                   const int CB) {                                                 \
    vector_##s sum[8][8];                                                                          \
    UNROLL for (int o = 0; o < OB; o++)                                                            \
      UNROLL for (int j = 0; j < CB; j++) sum[o][j] = (vector_##s){0};                             \
    for (int64_t run = 0, first = 0; run < p->runs; run++, first += p->run_stride)                 \
      for (int64_t t = first; t < first + p->positions; t += LANES) {                              \
        vector_##s in[8];                                                                          \
        UNROLL for (int j = 0; j < CB; j++) in[j] = load_##s(x[j] + t);                            \
        UNROLL for (int o = 0; o < OB; o++) {                                                      \
          vector_##s v = load_##s(g + o * stride + t);                                             \
          UNROLL for (int j = 0; j < CB; j++) sum[o][j] += v * in[j];                              \
        }                                                                                          \
      }                                                                                            \
    UNROLL for (int o = 0; o < OB; o++)                                                            \
      UNROLL for (int j = 0; j < CB; j++) sums[o * sums_stride + j] += total_##s(sum[o][j]);       \
  }                                                                                                \
  INLINE(target) void dot_rows_##s(const adj_windows *p, const T *g, int64_t stride, T *sums,      \
                                   int64_t sums_stride, const int OB, const int CB) {              \
    int64_t count = p->channels * p->taps, k = 0;                                                  \
    const T *channel = p->slab;                                                                    \
    for (int64_t j = 0; j < count;) {                                                              \
      int width = count - j < CB ? 1 : CB;                                                         \
      const T *x[8];                                                                               \
      for (int i = 0; i < width; i++) {                                                            \
        x[i] = channel + p->offsets[k];                                                            \
        if (++k == p->taps) k = 0, channel += p->channel_stride;                                   \
      }                                                                                            \
      if (width == 1) dot_tile_##s(p, g, stride, x, sums + j, sums_stride, OB, 1);                 \
      else dot_tile_##s(p, g, stride, x, sums + j, sums_stride, OB, CB);                           \
      j += width;                                                                                  \
    }                                                                                              \
  }

// Whole blocks of up to 8 channels, cut into the tiles of one family of processors: CASE(OB, VB)
// from the widest to 1, whose last one takes the rest.
#define DRIVERS(T, s, target, CASES)                                                               \
  target static void product_##s(const adj_windows *p, const void *weights, const void *bias,      \
                                 int64_t count, void *out, int64_t stride) {                       \
    for (int64_t o = 0; o < count;) {                                                              \
      int64_t left = count - o;                                                                    \
      const T *w = (const T *)weights + o, *b = bias ? (const T *)bias + o : NULL;                 \
      T *to = (T *)out + o * stride;                                                               \
      CASES(PRODUCT_CASE, s)                                                                       \
    }                                                                                              \
  }                                                                                                \
  target static void dot_##s(const adj_windows *p, const void *g, int64_t stride, int64_t count,   \
                             void *sums, int64_t sums_stride) {                                    \
    for (int64_t o = 0; o < count;) {                                                              \
      int64_t left = count - o;                                                                    \
      const T *from = (const T *)g + o * stride;                                                   \
      T *to = (T *)sums + o * sums_stride;                                                         \
      CASES(DOT_CASE, s)                                                                           \
    }                                                                                              \
  }
#define PRODUCT_CASE(s, OB, VB)                               \
  if (left >= OB) {                                           \
    product_rows_##s(p, w, count, b, to, stride, OB, VB);     \
    o += OB;                                                  \
    continue;                                                 \
  }
#define DOT_CASE(s, OB, VB)                                   \
  if (left >= OB) {                                           \
    dot_rows_##s(p, from, stride, to, sums_stride, OB, VB);   \
    o += OB;                                                  \
    continue;                                                 \
  }

// 32 registers, and 16.
#define WIDE_CASES(CASE, s) CASE(s, 8, 3) CASE(s, 6, 4) CASE(s, 4, 6) CASE(s, 2, 8) CASE(s, 1, 8)
#define NARROW_CASES(CASE, s) CASE(s, 4, 3) CASE(s, 2, 4) CASE(s, 1, 6)

#define FAMILY(name, floats, doubles, target, CASES)                \
  TILES(float, f32_##name, floats, TOTAL_##floats, target)          \
  DRIVERS(float, f32_##name, target, CASES)                         \
  TILES(double, f64_##name, doubles, TOTAL_##doubles, target)       \
  DRIVERS(double, f64_##name, target, CASES)

FAMILY(plain, 4, 2, , NARROW_CASES)
#if defined(__x86_64__)
FAMILY(avx2, 8, 4, __attribute__((target("arch=x86-64-v3"))), NARROW_CASES)
FAMILY(avx512, 16, 8, __attribute__((target("arch=x86-64-v4"))), WIDE_CASES)
#define CHOOSE(function, ...)                                                              \
  do {                                                                                     \
    if (__builtin_cpu_supports("x86-64-v4")) CHOOSE_TYPE(function, avx512, __VA_ARGS__);   \
    else if (__builtin_cpu_supports("x86-64-v3")) CHOOSE_TYPE(function, avx2, __VA_ARGS__);\
    else CHOOSE_TYPE(function, plain, __VA_ARGS__);                                        \
  } while (0)
#else
#define CHOOSE(function, ...) CHOOSE_TYPE(function, plain, __VA_ARGS__)
#endif
#define CHOOSE_TYPE(function, family, ...)                                                 \
  do {                                                                                     \
    if (dtype == ADJ_F32) function##_f32_##family(__VA_ARGS__);                            \
    else function##_f64_##family(__VA_ARGS__);                                             \
  } while (0)

void adj_conv_product(int dtype, const adj_windows *windows, const void *weights, const void *bias,
                      int64_t count, void *out, int64_t stride) {
  CHOOSE(product, windows, weights, bias, count, out, stride);
}

void adj_conv_dot(int dtype, const adj_windows *windows, const void *g, int64_t stride,
                  int64_t count, void *sums, int64_t sums_stride) {
  CHOOSE(dot, windows, g, stride, count, sums, sums_stride);
}

void adj_conv_pack(int dtype, void *out, const void *weights, int64_t count, int64_t channels,
                   int64_t taps, const int64_t *tap_positions, int64_t output_stride,
                   int64_t channel_stride) {
#define PACK(T)                                                                                  \
  for (int64_t c = 0; c < channels; c++)                                                         \
    for (int64_t k = 0; k < taps; k++) {                                                         \
      const T *from = (const T *)weights + c * channel_stride + tap_positions[k];                \
      T *to = (T *)out + (c * taps + k) * count;                                                 \
      for (int64_t o = 0; o < count; o++) to[o] = from[o * output_stride];                       \
    }
  if (dtype == ADJ_F32) {
    PACK(float)
  } else {
    PACK(double)
  }
}
