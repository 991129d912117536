// Conversions. A float goes to an integer by truncation; C leaves NaN and values out of range
// undefined, so they saturate here (NaN becomes 0), the same on every machine. Integers wrap.
#include "kernels.h"

// 2^63 and 2^31 are floats, the integers just below them need not be: compare with >=.
#define TO_I64(T, x) ((x) != (x) ? 0 : (x) >= (T)9223372036854775808.0 ? INT64_MAX \
                           : (x) <= (T)-9223372036854775808.0 ? INT64_MIN : (int64_t)(x))
#define TO_I32(x) ((x) != (x) ? 0 : (x) >= 2147483648.0 ? INT32_MAX \
                   : (x) <= -2147483648.0 ? INT32_MIN : (int32_t)(x))
#define TO_U8(x) ((x) != (x) ? 0 : (x) >= 255 ? 255 : (x) <= 0 ? 0 : (uint8_t)(x))

#define FROM_FLOAT(T, s)                                     \
  ADJ_UNARY(s##_to_f32, T, float, x)                         \
  ADJ_UNARY(s##_to_f64, T, double, x)                        \
  ADJ_UNARY(s##_to_i64, T, int64_t, TO_I64(T, x))          \
  ADJ_UNARY(s##_to_i32, T, int32_t, TO_I32(x))               \
  ADJ_UNARY(s##_to_u8, T, uint8_t, TO_U8(x))                 \
  ADJ_UNARY(s##_to_bool, T, uint8_t, x != 0)

#define FROM_INTEGER(T, s)                                   \
  ADJ_UNARY(s##_to_f32, T, float, x)                         \
  ADJ_UNARY(s##_to_f64, T, double, x)                        \
  ADJ_UNARY(s##_to_i64, T, int64_t, x)                       \
  ADJ_UNARY(s##_to_i32, T, int32_t, (uint32_t)x)             \
  ADJ_UNARY(s##_to_u8, T, uint8_t, x)                        \
  ADJ_UNARY(s##_to_bool, T, uint8_t, x != 0)

FROM_FLOAT(float, f32)
FROM_FLOAT(double, f64)
FROM_INTEGER(int64_t, i64)
FROM_INTEGER(int32_t, i32)
FROM_INTEGER(uint8_t, u8)

#define FROM_ALL(to) {[ADJ_F32] = f32_to_##to, [ADJ_F64] = f64_to_##to, [ADJ_I64] = i64_to_##to, \
                      [ADJ_I32] = i32_to_##to, [ADJ_U8] = u8_to_##to, [ADJ_BOOL] = u8_to_##to}

adj_kernel_table adj_casts = {
    [ADJ_CAST_F32] = FROM_ALL(f32), [ADJ_CAST_F64] = FROM_ALL(f64), [ADJ_CAST_I64] = FROM_ALL(i64),
    [ADJ_CAST_I32] = FROM_ALL(i32), [ADJ_CAST_U8] = FROM_ALL(u8), [ADJ_CAST_BOOL] = FROM_ALL(bool),
};
