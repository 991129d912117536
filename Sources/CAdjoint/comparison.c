// Comparisons (the result is a bool of one byte), logic and selection.
#include "kernels.h"

#define COMPARISONS(T, s)                              \
  ADJ_BINARY(equal_##s, T, uint8_t, x == y)            \
  ADJ_BINARY(not_equal_##s, T, uint8_t, x != y)        \
  ADJ_BINARY(less_##s, T, uint8_t, x < y)              \
  ADJ_BINARY(less_equal_##s, T, uint8_t, x <= y)       \
  ADJ_BINARY(greater_##s, T, uint8_t, x > y)           \
  ADJ_BINARY(greater_equal_##s, T, uint8_t, x >= y)

COMPARISONS(float, f32)
COMPARISONS(double, f64)
COMPARISONS(int64_t, i64)
COMPARISONS(int32_t, i32)
COMPARISONS(uint8_t, u8)

ADJ_BINARY(logical_and, uint8_t, uint8_t, x &y)
ADJ_BINARY(logical_or, uint8_t, uint8_t, x | y)
ADJ_BINARY(logical_xor, uint8_t, uint8_t, x ^ y)
ADJ_UNARY(logical_not, uint8_t, uint8_t, x ^ 1)

// Selection moves bits and does not look at them: one kernel per element size.
#define SELECT_LOOP(X, Y) \
  ADJ_LOOP for (int64_t i = 0; i < n; i++) { T x = X, y = Y; o[i] = a[i] ? x : y; }
#define SELECT(name, Type)                                              \
  ADJ_KERNEL(name) {                                                    \
    ADJ_UNUSED;                                                         \
    typedef Type T;                                                     \
    const uint8_t *a = pa;                                              \
    const T *b = pb, *c = pc;                                           \
    T *o = out, one_b = b[0], one_c = c[0];                             \
    switch (instruction->scalars & (ADJ_SCALAR_B | ADJ_SCALAR_C)) {     \
      case 0: SELECT_LOOP(b[i], c[i]) break;                            \
      case ADJ_SCALAR_B: SELECT_LOOP(one_b, c[i]) break;                \
      case ADJ_SCALAR_C: SELECT_LOOP(b[i], one_c) break;                \
      default: SELECT_LOOP(one_b, one_c)                                \
    }                                                                   \
  }
SELECT(select_8, uint8_t)
SELECT(select_32, uint32_t)
SELECT(select_64, uint64_t)

#define ALL(n) {[ADJ_F32] = n##_f32, [ADJ_F64] = n##_f64, [ADJ_I64] = n##_i64, \
                [ADJ_I32] = n##_i32, [ADJ_U8] = n##_u8, [ADJ_BOOL] = n##_u8}

adj_kernel_table adj_comparison = {
    [ADJ_EQUAL] = ALL(equal),
    [ADJ_NOT_EQUAL] = ALL(not_equal),
    [ADJ_LESS] = ALL(less),
    [ADJ_LESS_EQUAL] = ALL(less_equal),
    [ADJ_GREATER] = ALL(greater),
    [ADJ_GREATER_EQUAL] = ALL(greater_equal),
    [ADJ_AND] = {[ADJ_BOOL] = logical_and},
    [ADJ_OR] = {[ADJ_BOOL] = logical_or},
    [ADJ_XOR] = {[ADJ_BOOL] = logical_xor},
    [ADJ_NOT] = {[ADJ_BOOL] = logical_not},
    [ADJ_SELECT] = {[ADJ_F32] = select_32, [ADJ_F64] = select_64, [ADJ_I64] = select_64,
                    [ADJ_I32] = select_32, [ADJ_U8] = select_8, [ADJ_BOOL] = select_8},
};
