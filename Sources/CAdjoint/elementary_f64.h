// Elementary functions of one double: exponentials, logarithms and what is made of them, within 4
// ulp over the whole range (measured by Tests/Accuracy/ulp.c). The habits of these files are in
// elementary_bits.h.
#ifndef ADJOINT_ELEMENTARY_F64_H
#define ADJOINT_ELEMENTARY_F64_H

#include <math.h>

#include "elementary_bits.h"

// ln 2 in two parts; the first has 32 bits, so its product with an exponent is exact.
#define ADJ_LN2_HIGH_F64 0x1.62e42feep-1
#define ADJ_LN2_LOW_F64 0x1.a39ef35793c76p-33
#define ADJ_LOG2E_F64 0x1.71547652b82fep+0

// MARK: Exponentials

/// e^r - 1 - r on |r| <= ln(2)/2, that is r^2/2 + r^3 q(r); error of the e^r it yields: 2^-61.4.
ADJ_ELEMENTARY double adj_exp_tail_f64(double r) {
  double q = 0x1.1f66df7fca49fp-29;
  q = q * r + 0x1.af38a9b0ec855p-26;
  q = q * r + 0x1.27e4e1f48534fp-22;
  q = q * r + 0x1.71de0dae63bb3p-19;
  q = q * r + 0x1.a01a01a47b054p-16;
  q = q * r + 0x1.a01a01a7c41d5p-13;
  q = q * r + 0x1.6c16c16c167e1p-10;
  q = q * r + 0x1.11111111109b3p-7;
  q = q * r + 0x1.5555555555555p-5;
  q = q * r + 0x1.5555555555556p-3;
  return r * r * (q * r + 0.5);
}

/// p * 2^(n + shift), `rounded` holding n as a sum with ADJ_ROUND_F64. Two factors, because 2^n
/// alone leaves the normal range at both ends; only the second product rounds, so subnormal results
/// round once. The exponents carry a bias of 2048 while they are halved: AVX2 has no arithmetic
/// shift of 64-bit integers.
ADJ_ELEMENTARY double adj_scale_f64(double p, double rounded, int64_t shift) {
  uint64_t biased =
      adj_bits_f64(rounded) - adj_bits_f64(ADJ_ROUND_F64) + (uint64_t)(2048 + shift);
  uint64_t half = biased >> 1;
  double first = adj_from_bits_f64((half - 1) << 52);
  double second = adj_from_bits_f64((biased - half - 1) << 52);
  return p * first * second;
}

/// e^(x + tail) 2^shift. The error functions have a tail, at most 2^-14, to an x that they must
/// know to more than 53 bits; the hyperbolic functions a shift of -1, because they need e^x / 2
/// where e^x overflows.
ADJ_ELEMENTARY double adj_wide_exp_f64(double x, double tail, int64_t shift) {
  x = x > 711.0 ? 711.0 : x;
  x = x < -746.0 ? -746.0 : x;
  double rounded = x * ADJ_LOG2E_F64 + ADJ_ROUND_F64;
  double n = rounded - ADJ_ROUND_F64;
  double high = x - n * ADJ_LN2_HIGH_F64;
  double low = n * ADJ_LN2_LOW_F64 - tail;
  double r = high - low;
  // 1 + high with its rounding error carried along, which leaves little more than half an ulp.
  double sum = 1.0 + high;
  double lost = high - (sum - 1.0);
  return adj_scale_f64(sum + (lost + (adj_exp_tail_f64(r) - low)), rounded, shift);
}

/// e^x.
ADJ_ELEMENTARY double adj_exp_f64(double x) { return adj_wide_exp_f64(x, 0.0, 0); }

/// 2^x. The reduction is exact. Error of the polynomial: 2^-63.4.
ADJ_ELEMENTARY double adj_exp2_f64(double x) {
  x = x > 1025.0 ? 1025.0 : x;
  x = x < -1076.0 ? -1076.0 : x;
  double rounded = x + ADJ_ROUND_F64;
  double r = x - (rounded - ADJ_ROUND_F64);
  double q = 0x1.c4a2aaa2b01d9p-36;
  q = q * r + 0x1.e9ec3d7558475p-32;
  q = q * r + 0x1.e4cf10d1896bep-28;
  q = q * r + 0x1.b524ebc089f66p-24;
  q = q * r + 0x1.62c02242bb0bdp-20;
  q = q * r + 0x1.ffcbfc6dad6adp-17;
  q = q * r + 0x1.430912f86b7d4p-13;
  q = q * r + 0x1.5d87fe78a3f8cp-10;
  q = q * r + 0x1.3b2ab6fba4e79p-7;
  q = q * r + 0x1.c6b08d704a0c6p-5;
  q = q * r + 0x1.ebfbdff82c58fp-3;
  q = q * r + 0x1.62e42fefa39efp-1;
  return adj_scale_f64(1.0 + r * q, rounded, 0);
}

/// e^x - 1 = 2^n (e^r - 1) + (2^n - 1). Below -38 the result is -1 and above 710 infinite.
ADJ_ELEMENTARY double adj_expm1_f64(double x) {
  double bounded = x > 710.0 ? 710.0 : x;
  bounded = bounded < -38.0 ? -38.0 : bounded;
  double rounded = bounded * ADJ_LOG2E_F64 + ADJ_ROUND_F64;
  double n = rounded - ADJ_ROUND_F64;
  double r = bounded - n * ADJ_LN2_HIGH_F64;
  r = r - n * ADJ_LN2_LOW_F64;
  double p = r + adj_exp_tail_f64(r);
  // Half of 2^n, because 2^1024 is no double: the doubling at the end overflows only when e^x does.
  double half = adj_from_bits_f64((adj_bits_f64(rounded) << 52) + 0x3fe0000000000000ull);
  double result = (half * p + (half - 0.5)) * 2.0;
  return adj_with_sign_f64(n == 0.0 ? p : result, x);
}

// MARK: Logarithms

/// x = 2^n (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2), for a positive normal x: log x near 1 is then
/// log(1 + f) alone and suffers no cancellation.
typedef struct {
  double n;
  double f;
} adj_split_f64;

ADJ_ELEMENTARY adj_split_f64 adj_log_split_f64(double x) {
  const uint64_t sqrt_half = 0x3fe6a09e667f3bcdull;
  uint64_t split = adj_bits_f64(x) + (0x3ff0000000000000ull - sqrt_half);
  double mantissa = adj_from_bits_f64((split & 0x000fffffffffffffull) + sqrt_half);
  // The biased exponent, an integer below 2^12, becomes a double by setting it under the exponent
  // of 2^52: without AVX-512 there is no conversion of 64-bit integers.
  double n = adj_from_bits_f64((split >> 52) | 0x4330000000000000ull) - (0x1p52 + 1023.0);
  adj_split_f64 result = {n, mantissa - 1.0};
  return result;
}

/// s (f^2/2 + R) with s = f / (2 + f) and log(1 + f) = 2s + s R, so that log(1 + f) is f - (f^2/2 -
/// this). The error of the logarithm is 2^-57.6.
ADJ_ELEMENTARY double adj_log_tail_f64(double f, double half_square) {
  double s = f / (2.0 + f);
  double z = s * s;
  double q = 0x1.2b5900de53b32p-3;
  q = q * z + 0x1.39fe51a7c18f9p-3;
  q = q * z + 0x1.7462b51cb66b1p-3;
  q = q * z + 0x1.c71c62e3f11e6p-3;
  q = q * z + 0x1.2492492df281ap-2;
  q = q * z + 0x1.99999999952d7p-2;
  q = q * z + 0x1.5555555555558p-1;
  return s * (half_square + z * q);
}

/// n ln 2 + log(1 + f), the small terms first.
ADJ_ELEMENTARY double adj_log_sum_f64(double n, double f) {
  double half_square = 0.5 * f * f;
  double tail = adj_log_tail_f64(f, half_square) + n * ADJ_LN2_LOW_F64;
  return n * ADJ_LN2_HIGH_F64 + (f - (half_square - tail));
}

/// The values that every logarithm has at and beyond the ends of its domain.
ADJ_ELEMENTARY double adj_log_ends_f64(double result, double x, double zero) {
  result = x < __builtin_inf() ? result : x;
  result = x < zero ? __builtin_nan("") : result;
  return x == zero ? -__builtin_inf() : result;
}

/// The natural logarithm; -inf at zero, NaN below it.
ADJ_ELEMENTARY double adj_log_f64(double x) {
  int subnormal = x < 0x1p-1022;
  adj_split_f64 split = adj_log_split_f64(subnormal ? x * 0x1p52 : x);
  double n = split.n - (subnormal ? 52.0 : 0.0);
  return adj_log_ends_f64(adj_log_sum_f64(n, split.f), x, 0.0);
}

/// The binary logarithm. log(1 + f) is taken as high + low, high with 21 bits, so that its product
/// with the first 27 bits of 1 / ln 2 is exact and only the sum with n rounds.
ADJ_ELEMENTARY double adj_log2_f64(double x) {
  int subnormal = x < 0x1p-1022;
  adj_split_f64 split = adj_log_split_f64(subnormal ? x * 0x1p52 : x);
  double n = split.n - (subnormal ? 52.0 : 0.0);
  double f = split.f;
  double half_square = 0.5 * f * f;
  double rough = f - half_square;
  double high = adj_from_bits_f64(adj_bits_f64(rough) & 0xffffffff00000000ull);
  double low = (f - high) - half_square + adj_log_tail_f64(f, half_square);
  double main = high * 0x1.715476p+0;
  double small = (low + high) * 0x1.4ae0bf85ddf44p-26 + low * 0x1.715476p+0;
  double sum = n + main;
  double lost = main - (sum - n);
  return adj_log_ends_f64(sum + (lost + small), x, 0.0);
}

/// The decimal logarithm, in the same way: log10 2 has its first 40 bits in front, 1 / ln 10 27.
ADJ_ELEMENTARY double adj_log10_f64(double x) {
  int subnormal = x < 0x1p-1022;
  adj_split_f64 split = adj_log_split_f64(subnormal ? x * 0x1p52 : x);
  double n = split.n - (subnormal ? 52.0 : 0.0);
  double f = split.f;
  double half_square = 0.5 * f * f;
  double rough = f - half_square;
  double high = adj_from_bits_f64(adj_bits_f64(rough) & 0xffffffff00000000ull);
  double low = (f - high) - half_square + adj_log_tail_f64(f, half_square);
  double main = high * 0x1.bcb7b14p-2;
  double small = (low + high) * 0x1.26e50e32a6ab7p-30 + low * 0x1.bcb7b14p-2;
  double whole = n * 0x1.34413509f6p-2;
  double sum = whole + main;
  double lost = main - (sum - whole);
  return adj_log_ends_f64(sum + (lost + (small + n * 0x1.9fef311f12b36p-42)), x, 0.0);
}

/// log(1 + x). The exponent n comes from the rounded 1 + x, but f = 2^-n (1 + x) - 1 from x itself:
/// the product is exact, and the one sum is exact wherever it cancels.
ADJ_ELEMENTARY double adj_log1p_f64(double x) {
  adj_split_f64 split = adj_log_split_f64(1.0 + x);
  // 2^-n, from -n in the low bits of a sum. From 2^54 on the one is lost in the rounding, and for
  // the largest x 2^-n would leave the normal range.
  double scale = adj_two_to_f64(ADJ_ROUND_F64 - split.n);
  double near = x * scale + (scale - 1.0);
  double result = adj_log_sum_f64(split.n, split.n > 54.0 ? split.f : near);
  return adj_log_ends_f64(x == 0.0 ? x : result, x, -1.0);
}

// MARK: Hyperbolic and logistic functions

/// Odd polynomial on |x| < 0.625 (error 2^-59.3), elsewhere 1 - 2 / (e^2|x| + 1), where the
/// quotient is less than half of the result, so its error hardly counts.
ADJ_ELEMENTARY double adj_tanh_f64(double x) {
  double y = adj_abs_f64(x);
  double z = y * y;
  double q = 0x1.b170a2a64d51cp-18;
  q = q * z - 0x1.054716147cf79p-15;
  q = q * z + 0x1.8411b7ca7e68fp-14;
  q = q * z - 0x1.f2368c5a9947dp-13;
  q = q * z + 0x1.3525e8e6f0471p-11;
  q = q * z - 0x1.7d9f55a1dc28p-10;
  q = q * z + 0x1.d6d39944b1a94p-9;
  q = q * z - 0x1.226e346bad1a5p-7;
  q = q * z + 0x1.664f487dda656p-6;
  q = q * z - 0x1.ba1ba1ba0e825p-5;
  q = q * z + 0x1.11111111110a3p-3;
  q = q * z - 0x1.5555555555555p-2;
  double near = y + y * z * q;

  double twice = y > 20.0 ? 40.0 : y + y;
  double rounded = twice * ADJ_LOG2E_F64 + ADJ_ROUND_F64;
  double n = rounded - ADJ_ROUND_F64;
  double r = twice - n * ADJ_LN2_HIGH_F64;
  r = r - n * ADJ_LN2_LOW_F64;
  double p = 1.0 + (r + adj_exp_tail_f64(r));
  double far = 1.0 - 2.0 / (p * adj_two_to_f64(rounded) + 1.0);
  return adj_with_sign_f64(y < 0.625 ? near : far, x);
}

/// Odd polynomial on |x| < 1 (error 2^-61.3), elsewhere e^|x| / 2 - e^-|x| / 2.
ADJ_ELEMENTARY double adj_sinh_f64(double x) {
  double y = adj_abs_f64(x);
  double z = y * y;
  double q = 0x1.b41232cf9950fp-41;
  q = q * z + 0x1.611cb330c1fe8p-33;
  q = q * z + 0x1.ae6460fae3728p-26;
  q = q * z + 0x1.71de3a4e14f4p-19;
  q = q * z + 0x1.a01a01a01ee7p-13;
  q = q * z + 0x1.11111111110fdp-7;
  q = q * z + 0x1.5555555555555p-3;
  double near = y + y * z * q;
  double half = adj_wide_exp_f64(y, 0.0, -1);
  return adj_with_sign_f64(y < 1.0 ? near : half - 0.25 / half, x);
}

/// e^|x| / 2 + e^-|x| / 2.
ADJ_ELEMENTARY double adj_cosh_f64(double x) {
  double half = adj_wide_exp_f64(adj_abs_f64(x), 0.0, -1);
  return half + 0.25 / half;
}

/// 1 / (1 + e^-x). With z = e^-|x| neither tail overflows or cancels: 1 / (1 + z) or z / (1 + z).
ADJ_ELEMENTARY double adj_sigmoid_f64(double x) {
  double z = adj_exp_f64(-adj_abs_f64(x));
  return (x < 0.0 ? z : 1.0) / (1.0 + z);
}

/// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
ADJ_ELEMENTARY double adj_softplus_f64(double x) {
  double z = adj_exp_f64(-adj_abs_f64(x));
  // As in log1p with 0 <= z <= 1, where n is 0 or 1.
  int upper = z > 0x1.a827999fcef34p-2;
  double tail = adj_log_sum_f64(upper ? 1.0 : 0.0, upper ? z * 0.5 - 0.5 : z);
  return x > 0.0 ? x + tail : tail;
}

#include "elementary_f64_more.h"
#include "elementary_f64_trigonometry.h"
#include "elementary_hyperbolic.h"
#include "elementary_special.h"

#endif
