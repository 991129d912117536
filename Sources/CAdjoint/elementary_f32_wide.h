// Elementary functions of one float computed in double, where that is the simplest accurate way: an
// error of 2^-29 before the one rounding to float leaves little more than half an ulp.
#ifndef ADJOINT_ELEMENTARY_F32_WIDE_H
#define ADJOINT_ELEMENTARY_F32_WIDE_H

#include "elementary_bits.h"
#include "elementary_pi_table.h"

// MARK: Powers and logarithms

/// 2^t in double for |t| < 1000; error of the polynomial: 2^-30.1.
ADJ_ELEMENTARY double adj_wide_exp2(double t) {
  double rounded = t + ADJ_ROUND_F64;
  double r = t - (rounded - ADJ_ROUND_F64);
  double q = 0x1.44413f0666543p-13;
  q = q * r + 0x1.5f4a8d42a60a7p-10;
  q = q * r + 0x1.3b2a1a3178a01p-7;
  q = q * r + 0x1.c6aec8caf51a1p-5;
  q = q * r + 0x1.ebfbe046e529dp-3;
  q = q * r + 0x1.62e430d2ea714p-1;
  return (q * r + 1.0) * adj_two_to_f64(rounded);
}

/// log2 of a positive float held in a double: n + log2(1 + f) with sqrt(1/2) <= 1 + f < sqrt(2);
/// error of the polynomial relative to log2(1 + f): 2^-37.8. Zero, infinity and NaN are for the
/// caller.
ADJ_ELEMENTARY double adj_wide_log2(double x) {
  const uint64_t sqrt_half = 0x3fe6a09e667f3bcdull;
  uint64_t split = adj_bits_f64(x) + (0x3ff0000000000000ull - sqrt_half);
  double f = adj_from_bits_f64((split & 0x000fffffffffffffull) + sqrt_half) - 1.0;
  // The biased exponent, an integer below 2^11, becomes a double by setting it under the exponent
  // of 2^52.
  double n = adj_from_bits_f64((split >> 52) | 0x4330000000000000ull) - (0x1p52 + 1023.0);
  double q = -0x1.16c8bf0f42d6p-4;
  q = q * f + 0x1.0c9476f96160ap-3;
  q = q * f - 0x1.140e8daa48b45p-3;
  q = q * f + 0x1.0b86f860c8bafp-3;
  q = q * f - 0x1.23e2db944c1e7p-3;
  q = q * f + 0x1.480d9b19f3001p-3;
  q = q * f - 0x1.7186ba18771edp-3;
  q = q * f + 0x1.a61c51c57b3acp-3;
  q = q * f - 0x1.ec6f47a475bcep-3;
  q = q * f + 0x1.2776b48b2fe49p-2;
  q = q * f - 0x1.7154784eec48dp-2;
  q = q * f + 0x1.ec709de7ea56cp-2;
  q = q * f - 0x1.71547651d8ed4p-1;
  q = q * f + 0x1.71547652b525ep+0;
  return q * f + n;
}

/// The binary logarithm; -inf at zero, NaN below it.
ADJ_ELEMENTARY float adj_log2_f32(float x) {
  float result = (float)adj_wide_log2((double)x);
  result = x < __builtin_inff() ? result : x;
  result = x < 0.0f ? __builtin_nanf("") : result;
  return x == 0.0f ? -__builtin_inff() : result;
}

/// The decimal logarithm; -inf at zero, NaN below it.
ADJ_ELEMENTARY float adj_log10_f32(float x) {
  float result = (float)(adj_wide_log2((double)x) * 0x1.34413509f79ffp-2);
  result = x < __builtin_inff() ? result : x;
  result = x < 0.0f ? __builtin_nanf("") : result;
  return x == 0.0f ? -__builtin_inff() : result;
}

/// x^y as C99 defines it: x^0 and 1^y are 1 even for NaN, a negative x needs an integer y. The
/// exponent y log2|x| stays below 152 where the result is finite, so the error of the logarithm,
/// 2^-37.8 of it, costs 2^-31 of the result.
ADJ_ELEMENTARY float adj_pow_f32(float x, float y) {
  const float infinity = __builtin_inff();
  float size = adj_abs_f32(x);
  double logarithm = adj_wide_log2((double)size);
  logarithm = size == 0.0f ? -(double)infinity : logarithm;
  logarithm = size < infinity ? logarithm : (double)size;
  double t = (double)y * logarithm;
  t = logarithm == 0.0 ? 0.0 : t;  // (-1)^inf is 1, not 0 * inf
  t = t > 129.0 ? 129.0 : t;
  t = t < -152.0 ? -152.0 : t;
  float result = (float)adj_wide_exp2(t);

  // From 2^24 on every float is an even integer.
  float length = adj_abs_f32(y);
  double exponent = (double)(length < 0x1p24f ? length : 0x1p24f);
  double rounded = exponent + ADJ_ROUND_F64;
  int integer = rounded - ADJ_ROUND_F64 == exponent;
  uint32_t odd = integer ? (uint32_t)adj_bits_f64(rounded) << 31 : 0u;
  result = adj_from_bits_f32(adj_bits_f32(result) | (adj_bits_f32(x) & odd));

  result = ((x < 0.0f) & (x > -infinity) & !integer) ? __builtin_nanf("") : result;
  result = x == x && y == y ? result : x + y;
  return ((x == 1.0f) | (y == 0.0f)) ? 1.0f : result;
}

// MARK: Hyperbolic functions

/// Odd polynomial on |x| < 1 (error 2^-32.2), elsewhere (e^|x| - e^-|x|) / 2.
ADJ_ELEMENTARY float adj_sinh_f32(float x) {
  double y = (double)adj_abs_f32(x);
  double z = y * y;
  double q = 0x1.78a70e32a02ebp-19;
  q = q * z + 0x1.a008ffbc060dap-13;
  q = q * z + 0x1.11111eaff05ecp-7;
  q = q * z + 0x1.5555554e858c9p-3;
  double near = y + y * z * q;
  double e = adj_wide_exp2((y > 91.0 ? 91.0 : y) * 0x1.71547652b82fep+0);
  double far = 0.5 * (e - 1.0 / e);
  return adj_with_sign_f32((float)(y < 1.0 ? near : far), x);
}

/// (e^|x| + e^-|x|) / 2.
ADJ_ELEMENTARY float adj_cosh_f32(float x) {
  double y = (double)adj_abs_f32(x);
  double e = adj_wide_exp2((y > 91.0 ? 91.0 : y) * 0x1.71547652b82fep+0);
  return (float)(0.5 * (e + 1.0 / e));
}

// MARK: Trigonometric functions

/// x = q pi/2 + r with |r| <= pi/4, a little more at the ends; the low bits of `quadrant` are q.
typedef struct {
  double r;
  double quadrant;
} adj_quadrant;

/// The reduction for every finite float. Below 2^24: Cody-Waite, pi/2 in 29 + 53 bits, so q times
/// the first part and the first difference are exact, and the rest has an error of 2^-59 where no
/// |r| is smaller than 2^-30. Above: x = m 2^i with a 24-bit integer m, and the table has 2^i 2/pi
/// modulo 4, which is all that matters, in three parts. The products with the first two are exact,
/// so an error of 2^-86 is left, again for |r| > 2^-30.
ADJ_ELEMENTARY adj_quadrant adj_quadrant_f32(float x) {
  double wide = (double)x;
  double near_rounded = wide * 0x1.45f306dc9c883p-1 + ADJ_ROUND_F64;
  double n = near_rounded - ADJ_ROUND_F64;
  double near = wide - n * 0x1.921fb54p+0;
  near = near - n * 0x1.10b4611a62633p-30;

  uint32_t bits = adj_bits_f32(x);
  int32_t index = (int32_t)((bits >> 23) & 0xff) - 150;
  index = index < 0 ? 0 : index;
  index = index < ADJ_TWO_OVER_PI_COUNT ? index : ADJ_TWO_OVER_PI_COUNT - 1;
  double m = (double)adj_from_bits_f32((bits & 0x807fffffu) | 0x4b000000u);
  double turns = m * adj_two_over_pi_high[index];
  double more = m * adj_two_over_pi_middle[index];
  double far_rounded = turns + more + ADJ_ROUND_F64;
  double fraction = turns - (far_rounded - ADJ_ROUND_F64) + more;
  fraction = fraction + m * adj_two_over_pi_low[index];
  double far = fraction * 0x1.921fb54442d18p+0;

  int small = adj_abs_f32(x) < 0x1p24f;
  adj_quadrant result = {small ? near : far, small ? near_rounded : far_rounded};
  return result;
}

/// sin r on |r| <= pi/4, error 2^-35.7.
ADJ_ELEMENTARY double adj_wide_sin(double r) {
  double z = r * r;
  double q = 0x1.6dbbee1f24647p-19;
  q = q * z - 0x1.a013a11619d1bp-13;
  q = q * z + 0x1.11110dea5e8cp-7;
  q = q * z - 0x1.555555545c0f8p-3;
  return r + r * z * q;
}

/// cos r on |r| <= pi/4, error 2^-32.3.
ADJ_ELEMENTARY double adj_wide_cos(double r) {
  double z = r * r;
  double q = 0x1.9a6c494416c15p-16;
  q = q * z - 0x1.6c0dff970d462p-10;
  q = q * z + 0x1.55554cae0fa7ep-5;
  q = q * z - 0x1.fffffffaa6f9bp-2;
  return 1.0 + z * q;
}

/// sin(x + turn pi/2): the quadrant picks the polynomial by its lowest bit and the sign by the
/// next.
ADJ_ELEMENTARY float adj_turned_sin_f32(float x, uint64_t turn) {
  adj_quadrant at = adj_quadrant_f32(x);
  uint64_t quadrant = adj_bits_f64(at.quadrant) + turn;
  double value = quadrant & 1 ? adj_wide_cos(at.r) : adj_wide_sin(at.r);
  value = adj_from_bits_f64(adj_bits_f64(value) ^ ((quadrant & 2) << 62));
  float result = (float)value;
  return adj_abs_f32(x) < __builtin_inff() ? result : x - x;
}

ADJ_ELEMENTARY float adj_sin_f32(float x) {
  float result = adj_turned_sin_f32(x, 0);
  return x == 0.0f ? x : result;
}

ADJ_ELEMENTARY float adj_cos_f32(float x) { return adj_turned_sin_f32(x, 1); }

/// sin r / cos r, or -cos r / sin r in the odd quadrants.
ADJ_ELEMENTARY float adj_tan_f32(float x) {
  adj_quadrant at = adj_quadrant_f32(x);
  double s = adj_wide_sin(at.r);
  double c = adj_wide_cos(at.r);
  int odd = adj_bits_f64(at.quadrant) & 1;
  float result = (float)((odd ? -c : s) / (odd ? s : c));
  result = adj_abs_f32(x) < __builtin_inff() ? result : x - x;
  return x == 0.0f ? x : result;
}

// MARK: Inverse trigonometric functions

/// asin y for 0 <= y <= 1/2, error 2^-33.9.
ADJ_ELEMENTARY double adj_wide_asin(double y) {
  double z = y * y;
  double q = 0x1.fb7ca379d49c6p-6;
  q = q * z + 0x1.5a80a068e3ee2p-7;
  q = q * z + 0x1.82db23768c84fp-6;
  q = q * z + 0x1.efedf83ab6506p-6;
  q = q * z + 0x1.6dc0f007c13e8p-5;
  q = q * z + 0x1.33331ecf8b70bp-4;
  q = q * z + 0x1.5555555c0171dp-3;
  return y + y * z * q;
}

/// Above 1/2: asin y = pi/2 - 2 asin(sqrt((1 - y) / 2)). NaN outside [-1, 1], from the root.
ADJ_ELEMENTARY float adj_asin_f32(float x) {
  double y = (double)adj_abs_f32(x);
  int near = y <= 0.5;
  double part = adj_wide_asin(near ? y : __builtin_elementwise_sqrt(0.5 - 0.5 * y));
  return adj_with_sign_f32((float)(near ? part : 0x1.921fb54442d18p+0 - 2.0 * part), x);
}

/// pi/2 - asin x up to |x| = 1/2, beyond it 2 asin(sqrt((1 - |x|) / 2)), from pi for a negative x.
ADJ_ELEMENTARY float adj_acos_f32(float x) {
  double wide = (double)x;
  double y = adj_abs_f64(wide);
  int near = y <= 0.5;
  double part = adj_wide_asin(near ? y : __builtin_elementwise_sqrt(0.5 - 0.5 * y));
  double middle = 0x1.921fb54442d18p+0 - adj_with_sign_f64(part, wide);
  double end = x < 0.0f ? 0x1.921fb54442d18p+1 - 2.0 * part : 2.0 * part;
  return (float)(near ? middle : end);
}

/// atan t for 0 <= t <= 1, error 2^-32.1.
ADJ_ELEMENTARY double adj_wide_atan(double t) {
  double z = t * t;
  double q = -0x1.eae3fce3e9b57p-11;
  q = q * z + 0x1.96cc733874da8p-8;
  q = q * z - 0x1.3b92d4977ae5p-6;
  q = q * z + 0x1.39fa7ae12ac35p-5;
  q = q * z - 0x1.d7eaf8f924fc4p-5;
  q = q * z + 0x1.2fd217ccc6a7ap-4;
  q = q * z - 0x1.72251c83739b9p-4;
  q = q * z + 0x1.c6d94a4e392f4p-4;
  q = q * z - 0x1.249035356f79fp-3;
  q = q * z + 0x1.99998c8c70e06p-3;
  q = q * z - 0x1.5555554e74b35p-2;
  return t + t * z * q;
}

/// Beyond 1: pi/2 - atan(1 / |x|).
ADJ_ELEMENTARY float adj_atan_f32(float x) {
  double y = (double)adj_abs_f32(x);
  int inverted = y > 1.0;
  double part = adj_wide_atan(inverted ? 1.0 / y : y);
  return adj_with_sign_f32((float)(inverted ? 0x1.921fb54442d18p+0 - part : part), x);
}

/// The angle of the point (x, y): the smaller of |x| and |y| is divided by the larger.
ADJ_ELEMENTARY float adj_atan2_f32(float y, float x) {
  double a = (double)adj_abs_f32(y);
  double b = (double)adj_abs_f32(x);
  int endless = (a == __builtin_inf()) & (b == __builtin_inf());  // counts as the diagonal
  a = endless ? 1.0 : a;
  b = endless ? 1.0 : b;
  int inverted = a > b;
  double t = a == 0.0 ? 0.0 : (inverted ? b : a) / (inverted ? a : b);
  double part = adj_wide_atan(t);
  part = inverted ? 0x1.921fb54442d18p+0 - part : part;
  part = adj_bits_f32(x) >> 31 ? 0x1.921fb54442d18p+1 - part : part;
  float result = x == x && y == y ? (float)part : x + y;
  return adj_with_sign_f32(result, y);
}

/// sqrt(x^2 + y^2), whose squares are exact in double; infinite if one of them is, even beside NaN.
ADJ_ELEMENTARY float adj_hypot_f32(float x, float y) {
  double a = (double)x;
  double b = (double)y;
  float result = (float)__builtin_elementwise_sqrt(a * a + b * b);
  int endless = adj_abs_f32(x) == __builtin_inff() || adj_abs_f32(y) == __builtin_inff();
  return endless ? __builtin_inff() : result;
}

// MARK: The complementary error function

/// e^(-x^2) times a polynomial in 2 / (2 + |x|) for e^(x^2) erfc|x|, error 2^-32.8 up to |x| =
/// 10.2, where the result is zero; 2 minus it for a negative x. The square of a float is exact in
/// double.
ADJ_ELEMENTARY float adj_erfc_f32(float x) {
  double y = (double)adj_abs_f32(x);
  y = y > 10.2 ? 10.2 : y;
  double t = 2.0 / (2.0 + y);
  double q = -0x1.13f5bd65a830fp-5;
  q = q * t + 0x1.ff5983bb6230ap-3;
  q = q * t - 0x1.961ea49a9adf6p-1;
  q = q * t + 0x1.5f2ec52261b2fp+0;
  q = q * t - 0x1.587a78c9e25c2p+0;
  q = q * t + 0x1.7cd46bdcf9d32p-1;
  q = q * t - 0x1.66440f4a644f8p-2;
  q = q * t + 0x1.8438d4ca2bed8p-3;
  q = q * t + 0x1.3a1fc3f96c685p-3;
  q = q * t + 0x1.00455de15e925p-2;
  q = q * t + 0x1.20852e8a0120bp-2;
  q = q * t + 0x1.20e28de968383p-2;
  q = q * t - 0x1.0c25b9899485cp-21;
  double part = q * adj_wide_exp2(y * y * -0x1.71547652b82fep+0);
  return (float)(x < 0.0f ? 2.0 - part : part);
}

// MARK: The cube root

/// The sign and 2^(log2|x| / 3), which one Newton step then makes exact to 2^-50.
ADJ_ELEMENTARY float adj_cbrt_f32(float x) {
  float size = adj_abs_f32(x);
  double wide = (double)size;
  double guess = adj_wide_exp2(adj_wide_log2(wide) * 0x1.5555555555555p-2);
  double root = guess - (guess - wide / (guess * guess)) * 0x1.5555555555555p-2;
  float result = adj_with_sign_f32((float)root, x);
  result = size < __builtin_inff() ? result : x;
  return x == 0.0f ? x : result;
}

#endif
