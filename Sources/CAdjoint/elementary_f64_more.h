// Elementary functions of one double: the error functions, the cube root and powers.
#ifndef ADJOINT_ELEMENTARY_F64_MORE_H
#define ADJOINT_ELEMENTARY_F64_MORE_H

#include "elementary_f32_wide.h"
#include "elementary_f64.h"

/// erfc y for y >= 0: e^(-y^2) P(u) / (1 + 2y) with u = (y - 4) / (y + 4) and P a polynomial for (1
/// + 2y) e^(y^2) erfc y, which stays near 1; its error is 2^-56.1 up to y = 27.4, where erfc is
/// zero. y = high + low with the 26 leading bits in high, whose square is exact; the rest of y^2
/// goes into the exponential as its tail.
ADJ_ELEMENTARY double adj_erfc_tail_f64(double y) {
  y = y > 27.4 ? 27.4 : y;
  double high = adj_from_bits_f64(adj_bits_f64(y) & 0xfffffffff8000000ull);
  double e = adj_wide_exp_f64(-high * high, (high - y) * (high + y), 0);
  double u = (y - 4.0) / (y + 4.0);
  double q = - 0x1.046ae98c9b8f9p-29;
  q = q * u - 0x1.ddff5295086f4p-27;
  q = q * u - 0x1.0b6e98bdddb66p-27;
  q = q * u + 0x1.f1b9609689193p-24;
  q = q * u + 0x1.0f5c4147a976fp-24;
  q = q * u - 0x1.c09e034c9be10p-21;
  q = q * u + 0x1.42e3c2169699fp-22;
  q = q * u + 0x1.7fbb3dbf90ecbp-18;
  q = q * u - 0x1.78a0905713b56p-17;
  q = q * u - 0x1.996ac9aacc375p-16;
  q = q * u + 0x1.3be09d02633dep-13;
  q = q * u - 0x1.a1de7f9241f59p-13;
  q = q * u - 0x1.8d4a9c6caf2f5p-11;
  q = q * u + 0x1.49c67191c0e91p-8;
  q = q * u - 0x1.09623884ea625p-6;
  q = q * u + 0x1.3079edf9e53aap-5;
  q = q * u - 0x1.0fb06dfe3eb96p-4;
  q = q * u + 0x1.7fee004df7d13p-4;
  q = q * u - 0x1.9ddb23c3e9de0p-4;
  q = q * u + 0x1.16ecefcfa5f92p-4;
  q = q * u + 0x1.f7f5df66fd9ffp-7;
  q = q * u - 0x1.1df1ad154a29bp-3;
  q = q * u + 0x1.3ba5916e9fd7fp+0;
  return e * (q / (1.0 + 2.0 * y));
}

/// erf y on 0 <= y < 0.88, error 2^-60.7.
ADJ_ELEMENTARY double adj_erf_part_f64(double y) {
  double z = y * y;
  double q = -0x1.d5145b084537bp-31;
  q = q * z + 0x1.e35d65bb54d07p-27;
  q = q * z - 0x1.5d99775a83febp-23;
  q = q * z + 0x1.b9ba40c1de93p-20;
  q = q * z - 0x1.f4cf95029fd29p-17;
  q = q * z + 0x1.f9a3094361e8ep-14;
  q = q * z - 0x1.c02db32e91a5ap-11;
  q = q * z + 0x1.565bcd0abeb61p-8;
  q = q * z - 0x1.b82ce3127546ap-6;
  q = q * z + 0x1.ce2f21a04288fp-4;
  q = q * z - 0x1.812746b0379e3p-2;
  q = q * z + 0x1.06eba8214db69p-3;
  return y + y * q;
}

/// The error function: the odd polynomial on |x| < 0.88, elsewhere 1 - erfc|x|.
ADJ_ELEMENTARY double adj_erf_f64(double x) {
  double y = adj_abs_f64(x);
  double result = y < 0.88 ? adj_erf_part_f64(y) : 1.0 - adj_erfc_tail_f64(y);
  return adj_with_sign_f64(result, x);
}

/// 1 - erf x; from x = 0.8 on, where that cancels too much, the tail, and below -0.8 two minus it.
ADJ_ELEMENTARY double adj_erfc_f64(double x) {
  double y = adj_abs_f64(x);
  double near = 1.0 - adj_with_sign_f64(adj_erf_part_f64(y), x);
  double tail = adj_erfc_tail_f64(y);
  tail = x < 0.0 ? 2.0 - tail : tail;
  return y < 0.8 ? near : tail;
}

/// The sign and 2^(log2|x| / 3) to 2^-30, which one Newton step then makes exact to 2^-58.
ADJ_ELEMENTARY double adj_cbrt_f64(double x) {
  double size = adj_abs_f64(x);
  int subnormal = size < 0x1p-1022;
  double normal = subnormal ? size * 0x1p54 : size;
  double guess = adj_wide_exp2(adj_wide_log2(normal) * 0x1.5555555555555p-2);
  double root = guess - (guess - normal / (guess * guess)) * 0x1.5555555555555p-2;
  root = root * (subnormal ? 0x1p-18 : 1.0);
  root = size < __builtin_inf() ? root : size;
  return adj_with_sign_f64(x == 0.0 ? 0.0 : root, x);
}

/// x^y, glibc's: a logarithm to 68 bits would be needed. A loop over it is not vectorised.
ADJ_ELEMENTARY double adj_pow_f64(double x, double y) { return pow(x, y); }

#endif
