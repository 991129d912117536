// Division with a rest: floor division, the remainder with the sign of the divisor (as in Python)
// and the one with the sign of the dividend (as in C).
//
// Integers: division by zero gives 0, as in NumPy, and the one quotient that overflows wraps. Both
// would stop the processor.
#include <math.h>

#include "elementary_bits.h"
#include "kernels.h"

// MARK: Floats

typedef struct {
  double quotient, rest;
} division;

// The quotient towards zero of |x| / |y| and what is left, both exact, where the quotient is below
// this bound: it is rounded to the nearest integer, which has at most 23 bits, and its products
// with both halves of |y| are exact.
#define NEAR_QUOTIENT 0x1p23

ADJ_ELEMENTARY division divide_near(double x, double y) {
  double a = adj_abs_f64(x);
  double b = adj_abs_f64(y);
  double n = (a / b + ADJ_ROUND_F64) - ADJ_ROUND_F64;
  double upper = adj_from_bits_f64(adj_bits_f64(b) & 0xfffffffff8000000ull);
  double rest = (a - n * upper) - n * (b - upper);
  int beyond = rest < 0.0;
  division result = {beyond ? n - 1.0 : n, beyond ? rest + b : rest};
  return result;
}

ADJ_ELEMENTARY int differ_in_sign(double x, double y) {
  return (int)((adj_bits_f64(x) ^ adj_bits_f64(y)) >> 63);
}

ADJ_ELEMENTARY double near_floor_divide(double x, double y) {
  division d = divide_near(x, y);
  int negative = differ_in_sign(x, y);
  double size = negative && d.rest != 0.0 ? d.quotient + 1.0 : d.quotient;
  return negative ? -size : size;
}

ADJ_ELEMENTARY double near_remainder(double x, double y) {
  double rest = divide_near(x, y).rest;
  double size = differ_in_sign(x, y) && rest != 0.0 ? adj_abs_f64(y) - rest : rest;
  return adj_with_sign_f64(size, y);
}

ADJ_ELEMENTARY double near_fmod(double x, double y) {
  return adj_with_sign_f64(divide_near(x, y).rest, x);
}

// Everywhere else, in NumPy's steps.
static double far_fmod(double x, double y) { return fmod(x, y); }

static double far_remainder(double x, double y) {
  double rest = fmod(x, y);
  if (y == 0.0) return rest;
  if (rest == 0.0) return copysign(0.0, y);
  return (y < 0.0) != (rest < 0.0) ? rest + y : rest;
}

static double far_floor_divide(double x, double y) {
  if (y == 0.0) return x / y;
  double rest = fmod(x, y);
  double quotient = (x - rest) / y;
  if (rest != 0.0 && (y < 0.0) != (rest < 0.0)) quotient -= 1.0;
  if (quotient == 0.0) return copysign(0.0, x / y);
  double whole = floor(quotient);
  return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

// How many quotients are too large, or divisors zero or infinite, or an operand is NaN.
#define COUNT_FAR(T, s)                                                                          \
  ADJ_CLONES static int64_t count_far_##s(const adj_instruction *instruction, int64_t n,        \
                                          const T *a, const T *b) {                             \
    int64_t step_a = !(instruction->scalars & ADJ_SCALAR_A);                                    \
    int64_t step_b = !(instruction->scalars & ADJ_SCALAR_B);                                    \
    int64_t far = 0;                                                                            \
    for (int64_t i = 0; i < n; i++) {                                                           \
      double x = adj_abs_f64((double)a[i * step_a]), y = adj_abs_f64((double)b[i * step_b]);    \
      far += !((x < NEAR_QUOTIENT * y) & (y < __builtin_inf()));                                \
    }                                                                                           \
    return far;                                                                                 \
  }
COUNT_FAR(float, f32)
COUNT_FAR(double, f64)

// A tile with one such element is done one by one.
#define DIVISION(name, T, s)                                                                     \
  ADJ_BINARY(near_##name##_##s, T, T, near_##name((double)x, (double)y))                         \
  static void name##_##s(const adj_instruction *instruction, int64_t start, int64_t n, void *out, \
                         const void *pa, const void *pb, const void *pc) {                      \
    const T *a = pa, *b = pb;                                                                   \
    T *o = out;                                                                                 \
    if (count_far_##s(instruction, n, a, b) == 0) {                                             \
      near_##name##_##s(instruction, start, n, out, pa, pb, pc);                                \
      return;                                                                                   \
    }                                                                                           \
    int64_t step_a = !(instruction->scalars & ADJ_SCALAR_A);                                    \
    int64_t step_b = !(instruction->scalars & ADJ_SCALAR_B);                                    \
    for (int64_t i = 0; i < n; i++)                                                             \
      o[i] = (T)far_##name((double)a[i * step_a], (double)b[i * step_b]);                       \
  }
DIVISION(floor_divide, float, f32) DIVISION(floor_divide, double, f64)
DIVISION(remainder, float, f32) DIVISION(remainder, double, f64)
DIVISION(fmod, float, f32) DIVISION(fmod, double, f64)

// MARK: Integers

// -1 as a divisor is replaced too: the quotient of the smallest number by it does not exist.
#define SIGNED(T, U, s)                                                                          \
  static inline T quotient_##s(T x, T y) {                                                       \
    T safe = y == 0 || y == -1 ? 1 : y;                                                          \
    T q = x / safe, rest = x % safe;                                                             \
    q -= (rest != 0) & ((rest ^ y) < 0);                                                         \
    return y == 0 ? 0 : y == -1 ? (T)((U)0 - (U)x) : q;                                          \
  }                                                                                              \
  static inline T fmod_of_##s(T x, T y) { return x % (y == 0 || y == -1 ? 1 : y); }              \
  static inline T remainder_of_##s(T x, T y) {                                                   \
    T rest = fmod_of_##s(x, y);                                                                  \
    return rest != 0 && (rest ^ y) < 0 ? rest + y : rest;                                        \
  }                                                                                              \
  ADJ_BINARY_ONE_BY_ONE(floor_divide_##s, T, quotient_##s(x, y))    \
  ADJ_BINARY_ONE_BY_ONE(remainder_##s, T, remainder_of_##s(x, y))    \
  ADJ_BINARY_ONE_BY_ONE(fmod_##s, T, fmod_of_##s(x, y))
SIGNED(int64_t, uint64_t, i64)
SIGNED(int32_t, uint32_t, i32)

ADJ_BINARY_ONE_BY_ONE(floor_divide_u8, uint8_t, y ? x / y : 0)
ADJ_BINARY_ONE_BY_ONE(remainder_u8, uint8_t, y ? x % y : 0)

#define NUMBERS(n) {[ADJ_F32] = n##_f32, [ADJ_F64] = n##_f64, [ADJ_I64] = n##_i64, \
                    [ADJ_I32] = n##_i32, [ADJ_U8] = n##_u8}
#define fmod_u8 remainder_u8

adj_kernel_table adj_division = {
    [ADJ_FLOOR_DIVIDE] = NUMBERS(floor_divide),
    [ADJ_REMAINDER] = NUMBERS(remainder),
    [ADJ_FMOD] = NUMBERS(fmod),
};
