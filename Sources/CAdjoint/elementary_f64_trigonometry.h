// Elementary functions of one double: the trigonometric functions and their inverses.
//
// sin, cos and tan come twice. `adj_sin_near_f64` and its kin have no branch and are right for |x|
// < ADJ_NEAR_F64; a loop over them is vectorised. `adj_sin_f64` is right everywhere: the same value
// up to the bound, beyond it a reduction with 192-bit products, which is not worth vectorising. A
// kernel that wants both asks first whether its whole tile is near.
#ifndef ADJOINT_ELEMENTARY_F64_TRIGONOMETRY_H
#define ADJOINT_ELEMENTARY_F64_TRIGONOMETRY_H

#include "elementary_bits.h"

#define ADJ_NEAR_F64 0x1p20

/// x = q pi/2 + r + low with |r| <= pi/4, a little more at the ends; the low bits of `quadrant` are
/// q.
typedef struct {
  double r;
  double low;
  uint64_t quadrant;
} adj_quadrant_f64;

/// Cody-Waite with pi/2 in four parts. The first three have at most 33 bits, so their products with
/// q < 2^20 are exact; each difference is exact or its rounding error is kept. What is left is an
/// error of 2^-138, and no double below 2^20 comes nearer to a multiple of pi/2 than 2^-62.
ADJ_ELEMENTARY adj_quadrant_f64 adj_near_quadrant_f64(double x) {
  double rounded = x * 0x1.45f306dc9c883p-1 + ADJ_ROUND_F64;
  double n = rounded - ADJ_ROUND_F64;
  double first = x - n * 0x1.921fb544p+0;
  double part = n * 0x1.0b4611a6p-34;
  double second = first - part;
  double lost = (first - second) - part;
  part = n * 0x1.3198a2ep-69;
  double third = second - part;
  lost = lost + ((second - third) - part);
  lost = lost - n * 0x1.b839a252049c1p-104;
  double r = third + lost;
  adj_quadrant_f64 result = {r, lost - (r - third), adj_bits_f64(rounded)};
  return result;
}

// 2/pi in 64-bit words, the first just below the binary point.
static const uint64_t adj_two_over_pi_words[19] = {
    0xa2f9836e4e441529ull, 0xfc2757d1f534ddc0ull, 0xdb6295993c439041ull, 0xfe5163abdebbc561ull,
    0xb7246e3a424dd2e0ull, 0x06492eea09d1921cull, 0xfe1deb1cb129a73eull, 0xe88235f52ebb4484ull,
    0xe99c7026b45f7e41ull, 0x3991d639835339f4ull, 0x9c845f8bbdf9283bull, 0x1ff897ffde05980full,
    0xef2f118b5a0a6d1full, 0x6d367ecf27cb09b7ull, 0x4f463f669e5fea2dull, 0x7527bac7ebe5f17bull,
    0x3d0739f78a5292eaull, 0x6bfb5fb11f8d5d08ull, 0x56033046fc7b6babull,
};

/// Payne-Hanek, for 2^20 <= |x| < inf. x = m 2^e with a 53-bit integer m; of 2/pi only the 192 bits
/// matter whose product with m 2^e is below 4 and above 2^-137, because the rest is a multiple of 4
/// or too small to see beside an r of at least 2^-62.
static inline __attribute__((noinline, unused)) adj_quadrant_f64 adj_far_quadrant_f64(double x) {
  uint64_t bits = adj_bits_f64(x);
  uint64_t m = (bits & 0x000fffffffffffffull) | 0x0010000000000000ull;
  // The window begins with the bit of 2/pi that m 2^e carries to the place of 2: that product
  // modulo 4 is the sum of m times the window, modulo 2^192. The exponent is small for the smallest
  // x: the window then starts before the binary point of 2/pi, where there are zeros.
  int start = (int)((bits >> 52) & 0x7ff) - 1023 - 52 - 2;
  int word = start < 0 ? -1 : start / 64;
  int shift = start - word * 64;
  uint64_t window[3];
  for (int i = 0; i < 3; i++) {
    uint64_t upper = word + i < 0 ? 0 : adj_two_over_pi_words[word + i];
    uint64_t lower = adj_two_over_pi_words[word + i + 1];
    window[i] = shift == 0 ? upper : (upper << shift) | (lower >> (64 - shift));
  }
  unsigned __int128 low = (unsigned __int128)m * window[2];
  unsigned __int128 middle = (unsigned __int128)m * window[1] + (uint64_t)(low >> 64);
  uint64_t top = m * window[0] + (uint64_t)(middle >> 64);
  // `top` has two integer bits; the nearest integer is the quadrant, the rest a signed fraction.
  uint64_t quadrant = (top + (1ull << 61)) >> 62;
  unsigned __int128 fraction = (unsigned __int128)top << 66 |
                               (unsigned __int128)(uint64_t)middle << 2 | (uint64_t)low >> 62;
  int negative = (__int128)fraction < 0;
  if (negative) fraction = -fraction;
  // To two doubles, the leading one exact: after normalising, 53 bits and then the rest.
  int zeros = fraction >> 64 ? __builtin_clzll((uint64_t)(fraction >> 64))
                             : 64 + __builtin_clzll((uint64_t)fraction | 1);
  fraction <<= zeros;
  double unit = adj_from_bits_f64((uint64_t)(1023 - zeros - 53) << 52);
  double high = (double)(uint64_t)(fraction >> 75) * unit;
  double low_part = (double)(uint64_t)((fraction << 53) >> 64) * 0x1p-64 * unit;
  // Times pi/2: the product of the leading parts in two doubles by splitting each into halves of 26
  // bits.
  double high_upper = adj_from_bits_f64(adj_bits_f64(high) & 0xfffffffff8000000ull);
  double high_lower = high - high_upper;
  double product = high * 0x1.921fb54442d18p+0;
  double error = high_upper * 0x1.921fb5p+0 - product;
  error = error + high_upper * 0x1.110b46p-26;
  error = error + high_lower * 0x1.921fb54442d18p+0;
  error = error + (high * 0x1.1a62633145c07p-54 + low_part * 0x1.921fb54442d18p+0);
  double r = product + error;
  double rest = error - (r - product);
  if (negative != (x < 0.0)) r = -r, rest = -rest;
  adj_quadrant_f64 result = {r, rest, x < 0.0 ? -quadrant : quadrant};
  return result;
}

/// sin(r + low), error 2^-66.9.
ADJ_ELEMENTARY double adj_sin_part_f64(adj_quadrant_f64 at) {
  double z = at.r * at.r;
  double q = -0x1.ab161757f0c63p-41;
  q = q * z + 0x1.61217c1864fa1p-33;
  q = q * z - 0x1.ae64540f0ba18p-26;
  q = q * z + 0x1.71de3a545e7p-19;
  q = q * z - 0x1.a01a01a019926p-13;
  q = q * z + 0x1.111111111111p-7;
  q = q * z - 0x1.5555555555555p-3;
  return at.r + (at.r * z * q + at.low * (1.0 - 0.5 * z));
}

/// cos(r + low), error 2^-60.8. What rounding 1 - r^2/2 lost is added again with the small terms.
ADJ_ELEMENTARY double adj_cos_part_f64(adj_quadrant_f64 at) {
  double z = at.r * at.r;
  double q = -0x1.907c0e63adbb6p-37;
  q = q * z + 0x1.1eeb66b683028p-29;
  q = q * z - 0x1.27e4fa15bd814p-22;
  q = q * z + 0x1.a01a019f4d0edp-16;
  q = q * z - 0x1.6c16c16c1696p-10;
  q = q * z + 0x1.5555555555555p-5;
  double half = 0.5 * z;
  double sum = 1.0 - half;
  double lost = (1.0 - sum) - half;
  return sum + (lost + (z * z * q - at.r * at.low));
}

/// sin(r + quadrant pi/2): the quadrant picks the polynomial by its lowest bit and the sign by the
/// next.
ADJ_ELEMENTARY double adj_turned_sin_f64(adj_quadrant_f64 at, uint64_t turn) {
  uint64_t quadrant = at.quadrant + turn;
  double value = quadrant & 1 ? adj_cos_part_f64(at) : adj_sin_part_f64(at);
  return adj_from_bits_f64(adj_bits_f64(value) ^ ((quadrant & 2) << 62));
}

ADJ_ELEMENTARY double adj_sin_near_f64(double x) {
  double result = adj_turned_sin_f64(adj_near_quadrant_f64(x), 0);
  return x == 0.0 ? x : result;
}

ADJ_ELEMENTARY double adj_cos_near_f64(double x) {
  return adj_turned_sin_f64(adj_near_quadrant_f64(x), 1);
}

/// sin r / cos r, or -cos r / sin r in the odd quadrants.
ADJ_ELEMENTARY double adj_turned_tan_f64(adj_quadrant_f64 at) {
  double s = adj_sin_part_f64(at);
  double c = adj_cos_part_f64(at);
  int odd = at.quadrant & 1;
  return (odd ? -c : s) / (odd ? s : c);
}

ADJ_ELEMENTARY double adj_tan_near_f64(double x) {
  double result = adj_turned_tan_f64(adj_near_quadrant_f64(x));
  return x == 0.0 ? x : result;
}

// Everywhere: NaN for NaN and the infinities.
ADJ_ELEMENTARY double adj_sin_f64(double x) {
  if (adj_abs_f64(x) < ADJ_NEAR_F64) return adj_sin_near_f64(x);
  if (!(adj_abs_f64(x) < __builtin_inf())) return x - x;
  return adj_turned_sin_f64(adj_far_quadrant_f64(x), 0);
}

ADJ_ELEMENTARY double adj_cos_f64(double x) {
  if (adj_abs_f64(x) < ADJ_NEAR_F64) return adj_cos_near_f64(x);
  if (!(adj_abs_f64(x) < __builtin_inf())) return x - x;
  return adj_turned_sin_f64(adj_far_quadrant_f64(x), 1);
}

ADJ_ELEMENTARY double adj_tan_f64(double x) {
  if (adj_abs_f64(x) < ADJ_NEAR_F64) return adj_tan_near_f64(x);
  if (!(adj_abs_f64(x) < __builtin_inf())) return x - x;
  return adj_turned_tan_f64(adj_far_quadrant_f64(x));
}

// MARK: Inverses

/// asin y for 0 <= y <= 1/2, error 2^-57.9.
ADJ_ELEMENTARY double adj_asin_part_f64(double y) {
  double z = y * y;
  double q = 0x1.d72b2bc8155f8p-6;
  q = q * z - 0x1.e6aaa8a0a04ccp-7;
  q = q * z + 0x1.1d189408314eep-6;
  q = q * z + 0x1.65a9c4dfcf8b2p-8;
  q = q * z + 0x1.52420b04b37bep-7;
  q = q * z + 0x1.782651caa6547p-7;
  q = q * z + 0x1.c9cf07674736ap-7;
  q = q * z + 0x1.1c4d35cf95421p-6;
  q = q * z + 0x1.6e8bb1c8209a2p-6;
  q = q * z + 0x1.f1c71c1db0623p-6;
  q = q * z + 0x1.6db6db6e31f13p-5;
  q = q * z + 0x1.3333333332ecap-4;
  q = q * z + 0x1.5555555555556p-3;
  return y + y * z * q;
}

#define ADJ_HALF_PI_F64 0x1.921fb54442d18p+0
#define ADJ_HALF_PI_LOW_F64 0x1.1a62633145c07p-54

/// Above 1/2: asin y = pi/2 - 2 asin(sqrt((1 - y) / 2)). NaN outside [-1, 1], from the root.
ADJ_ELEMENTARY double adj_asin_f64(double x) {
  double y = adj_abs_f64(x);
  int near = y <= 0.5;
  double part = adj_asin_part_f64(near ? y : __builtin_elementwise_sqrt(0.5 - 0.5 * y));
  double far = ADJ_HALF_PI_F64 - (2.0 * part - ADJ_HALF_PI_LOW_F64);
  return adj_with_sign_f64(near ? part : far, x);
}

/// pi/2 - asin x up to |x| = 1/2, beyond it 2 asin(sqrt((1 - |x|) / 2)), from pi for a negative x.
ADJ_ELEMENTARY double adj_acos_f64(double x) {
  double y = adj_abs_f64(x);
  int near = y <= 0.5;
  double part = adj_asin_part_f64(near ? y : __builtin_elementwise_sqrt(0.5 - 0.5 * y));
  double middle = ADJ_HALF_PI_F64 - (adj_with_sign_f64(part, x) - ADJ_HALF_PI_LOW_F64);
  double end = 2.0 * part;
  end = x < 0.0 ? 2.0 * ADJ_HALF_PI_F64 - (end - 2.0 * ADJ_HALF_PI_LOW_F64) : end;
  return near ? middle : end;
}

/// atan t + turns pi/2 for |t| <= tan(pi/8); error of the polynomial 2^-57.6.
ADJ_ELEMENTARY double adj_turned_atan_f64(double t, double turns) {
  double z = t * t;
  double q = -0x1.3a2b7a07caea9p-6;
  q = q * z + 0x1.41603647c7a7cp-5;
  q = q * z - 0x1.a098bb6ba4941p-5;
  q = q * z + 0x1.dfe61e80903d2p-5;
  q = q * z - 0x1.10fa75382537fp-4;
  q = q * z + 0x1.3b1262d95579ep-4;
  q = q * z - 0x1.745d0b26b83e7p-4;
  q = q * z + 0x1.c71c7185314cbp-4;
  q = q * z - 0x1.24924924360cbp-3;
  q = q * z + 0x1.999999999934ap-3;
  q = q * z - 0x1.5555555555555p-2;
  double part = t + (t * z * q + turns * ADJ_HALF_PI_LOW_F64);
  return turns * ADJ_HALF_PI_F64 + part;
}

#define ADJ_TAN_PI_8_F64 0x1.a827999fcef32p-2
#define ADJ_TAN_3_PI_8_F64 0x1.3504f333f9de6p+1

/// To the polynomial's range come (y - 1) / (y + 1), which turns by pi/4, and -1 / y, which turns by
/// pi/2. Both are one quotient with selected numerator and denominator.
ADJ_ELEMENTARY double adj_atan_f64(double x) {
  double y = adj_abs_f64(x);
  int middle = y > ADJ_TAN_PI_8_F64;
  int far = y > ADJ_TAN_3_PI_8_F64;
  double upper = far ? -1.0 : middle ? y - 1.0 : y;
  double lower = far ? y : middle ? y + 1.0 : 1.0;
  double turns = far ? 1.0 : middle ? 0.5 : 0.0;
  return adj_with_sign_f64(adj_turned_atan_f64(upper / lower, turns), x);
}

/// The angle of the point (x, y): atan as above of |y| / |x|, from pi for a negative x. Both are
/// scaled where a product or sum of them could leave the normal range.
ADJ_ELEMENTARY double adj_atan2_f64(double y, double x) {
  const double infinity = __builtin_inf();
  double a = adj_abs_f64(y);
  double b = adj_abs_f64(x);
  int endless = (a == infinity) & (b == infinity);  // counts as the diagonal
  a = endless ? 1.0 : a;
  b = endless ? 1.0 : b;
  double larger = a > b ? a : b;
  double scale = larger > 0x1p1000 ? 0x1p-100 : larger < 0x1p-900 ? 0x1p100 : 1.0;
  a = a * scale;
  b = b * scale;
  int middle = a > ADJ_TAN_PI_8_F64 * b;
  int far = a > ADJ_TAN_3_PI_8_F64 * b;
  double upper = far ? -b : middle ? a - b : a;
  double lower = far ? a : middle ? a + b : b;
  double turns = far ? 1.0 : middle ? 0.5 : 0.0;
  double t = a == 0.0 ? 0.0 : upper / lower;
  int behind = (int)(adj_bits_f64(x) >> 63);
  double result = adj_turned_atan_f64(behind ? -t : t, behind ? 2.0 - turns : turns);
  result = x == x && y == y ? result : x + y;
  return adj_with_sign_f64(result, y);
}

#endif
