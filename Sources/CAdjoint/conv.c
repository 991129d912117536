// Convolution without its matrix of windows.
//
// The input lies in a slab: each channel padded with zeros and flattened, so that what tap k of the
// kernel sees at position t is the element offsets[k] + t. A convolution is then a matrix product
// whose right-hand rows are shifted views of the slab, and register tiles of some output channels
// times some vectors of positions compute it as they would compute any product.
#include <string.h>

#include "kernels.h"

// How much of the L1 cache the weights of a block may take.
enum { WEIGHT_BYTES = 20 << 10 };

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

// 32 registers, and 16: CASE(OB, VB) from the widest tile to single rows.
#define WIDE_CASES(CASE) CASE(8, 3) CASE(6, 4) CASE(4, 6) CASE(2, 8) CASE(1, 8)
#define NARROW_CASES(CASE) CASE(4, 3) CASE(2, 4) CASE(1, 6)
#define JOIN(a, b) JOIN_NOW(a, b)
#define JOIN_NOW(a, b) a##_##b

#define TARGET
#define CASES NARROW_CASES
#define T float
#define SUFFIX f32_plain
#define LANES 4
#define TOTAL TOTAL_4
#include "conv_tiles.h"
#define T double
#define SUFFIX f64_plain
#define LANES 2
#define TOTAL TOTAL_2
#include "conv_tiles.h"

#if defined(__x86_64__)
#undef TARGET
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define T float
#define SUFFIX f32_avx2
#define LANES 8
#define TOTAL TOTAL_8
#include "conv_tiles.h"
#define T double
#define SUFFIX f64_avx2
#define LANES 4
#define TOTAL TOTAL_4
#include "conv_tiles.h"

#undef TARGET
#undef CASES
#define TARGET __attribute__((target("arch=x86-64-v4")))
#define CASES WIDE_CASES
#define T float
#define SUFFIX f32_avx512
#define LANES 16
#define TOTAL TOTAL_16
#include "conv_tiles.h"
#define T double
#define SUFFIX f64_avx512
#define LANES 8
#define TOTAL TOTAL_8
#include "conv_tiles.h"

#define CHOOSE(function, ...)                                                               \
  do {                                                                                      \
    if (__builtin_cpu_supports("x86-64-v4")) CHOOSE_TYPE(function, avx512, __VA_ARGS__);    \
    else if (__builtin_cpu_supports("x86-64-v3")) CHOOSE_TYPE(function, avx2, __VA_ARGS__); \
    else CHOOSE_TYPE(function, plain, __VA_ARGS__);                                         \
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
