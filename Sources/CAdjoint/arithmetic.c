// Arithmetic on every dtype it has a meaning for. Integers wrap: signed overflow is computed in the
// unsigned type, because it must neither trap nor be undefined on numbers that come from data.
#include <math.h>

#include "kernels.h"

#define FLOATING(T, s, SQRT, FLOOR, CEIL, RINT, TRUNC, FABS, COPYSIGN)                       \
  ADJ_UNARY(negate_##s, T, T, -x)                                                            \
  ADJ_UNARY(abs_##s, T, T, FABS(x))                                                          \
  ADJ_UNARY(sign_##s, T, T, x != x ? x : (T)((x > 0) - (x < 0)))                             \
  ADJ_UNARY(square_##s, T, T, x *x)                                                          \
  ADJ_UNARY(relu_##s, T, T, x < 0 ? 0 : x) /* a NaN is not below zero: it stays */           \
  ADJ_UNARY(sqrt_##s, T, T, SQRT(x))                                                         \
  ADJ_UNARY(rsqrt_##s, T, T, 1 / SQRT(x))                                                    \
  ADJ_UNARY(reciprocal_##s, T, T, 1 / x)                                                     \
  ADJ_UNARY(floor_##s, T, T, FLOOR(x))                                                       \
  ADJ_UNARY(ceil_##s, T, T, CEIL(x))                                                         \
  ADJ_UNARY(round_##s, T, T, RINT(x)) /* half to even */                                     \
  ADJ_UNARY(trunc_##s, T, T, TRUNC(x))                                                       \
  ADJ_BINARY(add_##s, T, T, x + y)                                                           \
  ADJ_BINARY(subtract_##s, T, T, x - y)                                                      \
  ADJ_BINARY(multiply_##s, T, T, x *y)                                                       \
  ADJ_BINARY(divide_##s, T, T, x / y)                                                        \
  ADJ_BINARY(copysign_##s, T, T, COPYSIGN(x, y))                                             \
  ADJ_BINARY(maximum_##s, T, T, (x > y || x != x) ? x : y) /* NaN wins */                    \
  ADJ_BINARY(minimum_##s, T, T, (x < y || x != x) ? x : y)

#define INTEGER(T, U, s)                                                                     \
  ADJ_UNARY(negate_##s, T, T, (U)0 - (U)x)                                                   \
  ADJ_UNARY(abs_##s, T, T, x < 0 ? (U)0 - (U)x : (U)x)                                       \
  ADJ_UNARY(sign_##s, T, T, (x > 0) - (x < 0))                                               \
  ADJ_UNARY(square_##s, T, T, (U)x *(U)x)                                                    \
  ADJ_UNARY(relu_##s, T, T, x < 0 ? 0 : x)                                                   \
  ADJ_BINARY(add_##s, T, T, (U)x + (U)y)                                                     \
  ADJ_BINARY(subtract_##s, T, T, (U)x - (U)y)                                                \
  ADJ_BINARY(multiply_##s, T, T, (U)x *(U)y)                                                 \
  ADJ_BINARY(maximum_##s, T, T, x > y ? x : y)                                               \
  ADJ_BINARY(minimum_##s, T, T, x < y ? x : y)

#pragma STDC FENV_ACCESS OFF
FLOATING(float, f32, __builtin_elementwise_sqrt, __builtin_floorf, __builtin_ceilf, __builtin_rintf,
         __builtin_truncf, __builtin_fabsf, __builtin_copysignf)
FLOATING(double, f64, __builtin_elementwise_sqrt, __builtin_floor, __builtin_ceil, __builtin_rint,
         __builtin_trunc, __builtin_fabs, __builtin_copysign)
INTEGER(int64_t, uint64_t, i64)
INTEGER(int32_t, uint32_t, i32)
INTEGER(uint8_t, uint32_t, u8)

#define NUMBERS(n) {[ADJ_F32] = n##_f32, [ADJ_F64] = n##_f64, [ADJ_I64] = n##_i64, \
                    [ADJ_I32] = n##_i32, [ADJ_U8] = n##_u8}
#define FLOATS(n) {[ADJ_F32] = n##_f32, [ADJ_F64] = n##_f64}

adj_kernel_table adj_arithmetic = {
    [ADJ_NEGATE] = NUMBERS(negate),
    [ADJ_ABS] = NUMBERS(abs),
    [ADJ_SIGN] = NUMBERS(sign),
    [ADJ_SQUARE] = NUMBERS(square),
    [ADJ_RELU] = NUMBERS(relu),
    [ADJ_SQRT] = FLOATS(sqrt),
    [ADJ_RSQRT] = FLOATS(rsqrt),
    [ADJ_RECIPROCAL] = FLOATS(reciprocal),
    [ADJ_FLOOR] = FLOATS(floor),
    [ADJ_CEIL] = FLOATS(ceil),
    [ADJ_ROUND] = FLOATS(round),
    [ADJ_TRUNC] = FLOATS(trunc),
    [ADJ_ADD] = NUMBERS(add),
    [ADJ_SUBTRACT] = NUMBERS(subtract),
    [ADJ_MULTIPLY] = NUMBERS(multiply),
    [ADJ_DIVIDE] = FLOATS(divide),
    [ADJ_COPYSIGN] = FLOATS(copysign),
    [ADJ_MAXIMUM] = NUMBERS(maximum),
    [ADJ_MINIMUM] = NUMBERS(minimum),
};
