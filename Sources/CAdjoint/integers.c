// What only integers have: bits, shifts and exact powers.
#include "kernels.h"

// x^y by repeated squaring, modulo 2^bits. A negative exponent leaves the integer part of 1 / x^-y:
// 0 but for 1 and -1, and 0 for 0 too.
#define POWER(T, U, s)                                            \
  static inline T power_##s(T x, T y) {                           \
    if (y < 0) return x == 1 ? 1 : x == (T)-1 ? (y & 1 ? x : 1) : 0; \
    U result = 1, square = (U)x;                                  \
    for (U left = (U)y; left != 0; left >>= 1) {                  \
      result *= left & 1 ? square : 1;                            \
      square *= square;                                           \
    }                                                             \
    return (T)result;                                             \
  }                                                               \
  ADJ_BINARY_ONE_BY_ONE(pow_##s, T, power_##s(x, y))
POWER(int64_t, uint64_t, i64)
POWER(int32_t, uint32_t, i32)

static inline uint8_t power_u8(uint8_t x, uint8_t y) {
  return (uint8_t)power_i32(x, y);
}
ADJ_BINARY_ONE_BY_ONE(pow_u8, uint8_t, power_u8(x, y))

// C leaves shifts by as many bits as there are, or by a negative number, undefined; the processor
// takes the count modulo the width. Here such a shift moves every bit out, as in NumPy.
#define BITS(T, U, s)                                                            \
  ADJ_BINARY(and_##s, T, T, x &y)                                                \
  ADJ_BINARY(or_##s, T, T, x | y)                                                \
  ADJ_BINARY(xor_##s, T, T, x ^ y)                                               \
  ADJ_UNARY(not_##s, T, T, ~x)                                                   \
  ADJ_BINARY(shift_left_##s, T, T, (U)y < 8 * sizeof(T) ? (U)x << (U)y : 0)      \
  ADJ_BINARY(shift_right_##s, T, T, (U)y < 8 * sizeof(T) ? x >> (U)y : x < 0 ? -1 : 0)
BITS(int64_t, uint64_t, i64)
BITS(int32_t, uint32_t, i32)
BITS(uint8_t, uint32_t, u8)

#define INTEGERS(n) {[ADJ_I64] = n##_i64, [ADJ_I32] = n##_i32, [ADJ_U8] = n##_u8}

adj_kernel_table adj_integers = {
    [ADJ_POW] = INTEGERS(pow),
    [ADJ_AND] = INTEGERS(and),
    [ADJ_OR] = INTEGERS(or),
    [ADJ_XOR] = INTEGERS(xor),
    [ADJ_NOT] = INTEGERS(not),
    [ADJ_SHIFT_LEFT] = INTEGERS(shift_left),
    [ADJ_SHIFT_RIGHT] = INTEGERS(shift_right),
};
