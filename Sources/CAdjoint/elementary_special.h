// Special functions: the inverse of the error function, the logarithm of the gamma function and
// its derivatives. Those of floats are computed in double and rounded once.
//
// Near a zero of lgamma, digamma or a polygamma of even order there is cancellation: the error is
// then a few units in the last place of what is subtracted, not of the result.
#ifndef ADJOINT_ELEMENTARY_SPECIAL_H
#define ADJOINT_ELEMENTARY_SPECIAL_H

#include "elementary_f64.h"
#include "elementary_hyperbolic.h"

// MARK: The inverse of the error function

/// Odd polynomial for |x| <= 0.6, error 2^-60.3. The leading term is by far the largest and has its
/// own low part.
ADJ_ELEMENTARY double adj_erfinv_near_f64(double x) {
  double z = x * x;
  double q = 0x1.a0e053699307fp-2;
  q = q * z - 0x1.a1fc969560349p-1;
  q = q * z + 0x1.c19352bbd72a9p-1;
  q = q * z - 0x1.1380a717811abp-1;
  q = q * z + 0x1.0df29ab75524cp-2;
  q = q * z - 0x1.cefff41c0d4ap-5;
  q = q * z + 0x1.4b1211e873c1ep-5;
  q = q * z + 0x1.682ebe3acfd49p-6;
  q = q * z + 0x1.d0b5856634054p-6;
  q = q * z + 0x1.034eaf26e270bp-5;
  q = q * z + 0x1.2abf798843f83p-5;
  q = q * z + 0x1.5eeae445ba096p-5;
  q = q * z + 0x1.a7c85e3f922d3p-5;
  q = q * z + 0x1.0a13189875f8cp-4;
  q = q * z + 0x1.62847c47e7547p-4;
  q = q * z + 0x1.053c2c0ab917ap-3;
  q = q * z + 0x1.db29fb2fee5e4p-3;
  return x * 0x1.c5bf891b4ef6bp-1 + (x * z * q - x * 0x1.618f13eb7ca89p-55);
}

/// x p(r) / q(r) with r = 0.425^2 - x^2/4 for |x| <= 0.85, error 2^-53.6: the rational function of
/// Wichura's algorithm AS 241 (Applied Statistics 37, 1988), scaled by 1 / sqrt(2).
ADJ_ELEMENTARY double adj_erfinv_middle_f64(double x) {
  double r = 0.180625 - 0.25 * x * x;
  double p = 0x1.bb8c0a7936704p+9;
  p = p * r + 0x1.715bf25ff1d11p+13;
  p = p * r + 0x1.73982a6012afbp+14;
  p = p * r + 0x1.fb5ee66e5a285p+13;
  p = p * r + 0x1.2f6e30b2ec51ep+12;
  p = p * r + 0x1.5c88056b01502p+9;
  p = p * r + 0x1.7894dd814bfa3p+5;
  p = p * r + 0x1.32917a42157d1p+0;
  double q = 0x1.46a7eca984b69p+12;
  q = q * r + 0x1.c0e457cb1ae76p+14;
  q = q * r + 0x1.3317caa64f4bep+15;
  q = q * r + 0x1.4b772d5d65266p+14;
  q = q * r + 0x1.512322e75c89fp+12;
  q = q * r + 0x1.5797efdc8b3f7p+9;
  q = q * r + 0x1.5281b386e1ab5p+5;
  q = q * r + 1.0;
  return x * (p / q);
}

/// w - p(v) / q(v) with w = sqrt(-log((1 - y) / 2)) for 0.85 < y < 1 and v = w - 2.25, or w - 4.5
/// above 3; errors 2^-67 and 2^-64. The difference keeps the quotient's errors small.
ADJ_ELEMENTARY double adj_erfinv_tail_f64(double y) {
  double w = __builtin_elementwise_sqrt(-adj_log_f64(0.5 - 0.5 * y));
  int far = w > 3.0;
  double v = w - (far ? 4.5 : 2.25);
  double p = far ? -0x1.04d7db3b4e231p-37 : -0x1.03ee2d9598ab2p-29;
  p = p * v + (far ? 0x1.fbe696a586ba7p-30 : 0x1.f20eb1099cba1p-23);
  p = p * v + (far ? 0x1.7acc7bb17bd3cp-20 : 0x1.4408b07de419ap-14);
  p = p * v + (far ? 0x1.5c958c652c348p-14 : 0x1.20bcd617b2c4bp-9);
  p = p * v + (far ? 0x1.d69f3a3e47435p-10 : 0x1.8dbdfed04e9abp-6);
  p = p * v + (far ? 0x1.30ceba4052952p-6 : 0x1.1921ef730c185p-3);
  p = p * v + (far ? 0x1.9cd90a02595adp-4 : 0x1.b9bf07f0db90fp-2);
  p = p * v + (far ? 0x1.1d30a5f9e7f36p-2 : 0x1.6ebeb3f2ef9cbp-1);
  p = p * v + (far ? 0x1.412157fb1606fp-2 : 0x1.f2b94e921c266p-2);
  double q = far ? 0x1.dba3bed9dd836p-22 : 0x1.c9c4453bfbf37p-16;
  q = q * v + (far ? 0x1.26a3f747cfbap-15 : 0x1.1a77e9364f31ep-10);
  q = q * v + (far ? 0x1.03cafa1cf92c3p-10 : 0x1.005c775da9c17p-6);
  q = q * v + (far ? 0x1.c13abab915d33p-7 : 0x1.ddb207a61bfap-4);
  q = q * v + (far ? 0x1.aba8952f4a591p-4 : 0x1.00c87af812969p-1);
  q = q * v + (far ? 0x1.ccb6e91a4b13ep-2 : 0x1.43c9cfef93cdfp+0);
  q = q * v + (far ? 0x1.095a1a0d9181dp+0 : 0x1.bcb4026c2ff57p+0);
  q = q * v + 1.0;
  return w - p / q;
}

/// The inverse of the error function; infinite at 1, NaN beyond it.
ADJ_ELEMENTARY double adj_erfinv_f64(double x) {
  double y = adj_abs_f64(x);
  double near = adj_erfinv_near_f64(y);
  double middle = adj_erfinv_middle_f64(y);
  double tail = adj_erfinv_tail_f64(y);
  tail = y == 1.0 ? __builtin_inf() : tail;
  return adj_with_sign_f64(y <= 0.6 ? near : y <= 0.85 ? middle : tail, x);
}

/// The same with two pieces, which a float allows: errors 2^-32.4 up to 0.6 and 2^-31.3 beyond.
ADJ_ELEMENTARY float adj_erfinv_f32(float x) {
  double y = (double)adj_abs_f32(x);
  double z = y * y;
  double near = 0x1.567d5b4fef88p-3;
  near = near * z - 0x1.54ffb23bd239cp-4;
  near = near * z + 0x1.7adc90b7651bcp-4;
  near = near * z + 0x1.4a99862436a8ap-5;
  near = near * z + 0x1.102bba223ff1dp-4;
  near = near * z + 0x1.6213bafaeac5bp-4;
  near = near * z + 0x1.053e302e6e7f7p-3;
  near = near * z + 0x1.db29f425ab15fp-3;
  near = near * z + 0x1.c5bf891c4fcep-1;
  double w = __builtin_elementwise_sqrt(-ADJ_LN2_F64 * adj_wide_log2(0.5 - 0.5 * y));
  double v = w - 2.25;
  double p = -0x1.05bc213eed5d8p-21;
  p = p * v + 0x1.2296989def1fap-15;
  p = p * v + 0x1.7ded6000970abp-8;
  p = p * v + 0x1.540bc415a2c13p-4;
  p = p * v + 0x1.76d5bed2c83bdp-2;
  p = p * v + 0x1.f2b94e91e2e56p-2;
  double q = 0x1.2d6682bf5c45ap-9;
  q = q * v + 0x1.9bba9555607ddp-5;
  q = q * v + 0x1.6e858485315ep-2;
  q = q * v + 0x1.049a1a2597b1ep+0;
  q = q * v + 1.0;
  float result = (float)(y <= 0.6 ? y * near : w - p / q);
  result = y < 1.0 ? result : __builtin_inff();
  return adj_with_sign_f32(y <= 1.0 ? result : __builtin_nanf(""), x);
}

// MARK: The gamma function

/// x less the nearest integer, exactly.
ADJ_ELEMENTARY double adj_beside_integer_f64(double x) {
  double y = adj_abs_f64(x);
  double rest = y - ((y + 0x1p52) - 0x1p52);
  rest = y < 0x1p52 ? rest : 0.0;
  return x < 0.0 ? -rest : rest;
}

/// log |gamma p| for p >= 1, to float accuracy: (p - 1) (p - 2) times a polynomial below 3, error
/// 2^-33.9, and Stirling's formula with a polynomial for its series from there on, error 2^-36.8.
ADJ_ELEMENTARY double adj_lgamma_right_f32(double p) {
  double u = p - 2.0;
  double q = -0x1.34df482ac2fp-19;
  q = q * u + 0x1.4564f2f5c3f05p-18;
  q = q * u - 0x1.17cfe646d002fp-20;
  q = q * u + 0x1.39c59f425683dp-19;
  q = q * u - 0x1.53a497546d057p-16;
  q = q * u + 0x1.6d9e0c91a37aep-15;
  q = q * u - 0x1.573255e168528p-14;
  q = q * u + 0x1.7940d98c660e2p-13;
  q = q * u - 0x1.a9c3ae4982c5p-12;
  q = q * u + 0x1.e0498de07419ap-11;
  q = q * u - 0x1.144fb5d632746p-9;
  q = q * u + 0x1.4795caa7e6c43p-8;
  q = q * u - 0x1.95ce269a92f1p-7;
  q = q * u + 0x1.0e0ca03d7ef98p-5;
  q = q * u - 0x1.9ae6509d888bfp-4;
  q = q * u + 0x1.b0ee6071763efp-2;
  double near = (p - 1.0) * u * q;
  double s = 1.0 / p;
  double t = s * s;
  double r = 0x1.08851f1c71bfcp-11;
  r = r * t - 0x1.295dcca766b76p-11;
  r = r * t + 0x1.9f8e7c324ff5dp-11;
  r = r * t - 0x1.6c1649269bbe8p-9;
  r = r * t + 0x1.55555553352ecp-4;
  double far = (p - 0.5) * adj_log_f64(p) - p + (0x1.d67f1c864beb5p-1 + r * s);
  return p < 3.0 ? near : far;
}

/// log |gamma x|: between 0 and 1 that of x + 1 less log x, below 0 by reflection,
/// gamma(x) gamma(1 - x) = pi / sin(pi x). Infinite at 0 and the negative integers.
ADJ_ELEMENTARY float adj_lgamma_f32(float x) {
  const float infinity = __builtin_inff();
  double wide = (double)x;
  int negative = wide < 0.0;
  double right = adj_lgamma_right_f32(negative ? 1.0 - wide : wide < 1.0 ? wide + 1.0 : wide);
  adj_quadrant_f64 angle = {adj_beside_integer_f64(wide) * 0x1.921fb54442d18p+1, 0.0, 0};
  // |angle| reaches pi/2: twice the sine times the cosine of the half stays in the polynomials.
  angle.r = angle.r * 0.5;
  double sine = 2.0 * adj_sin_part_f64(angle) * adj_cos_part_f64(angle);
  double logarithm = adj_log_f64(negative ? 0x1.921fb54442d18p+1 / adj_abs_f64(sine) : wide);
  double result = negative ? logarithm - right : wide < 1.0 ? right - logarithm : right;
  return adj_abs_f32(x) < infinity ? (float)result : x * x;
}

double lgamma_r(double x, int *sign);  // POSIX, which <math.h> hides from strict C17

/// glibc's, one by one: the same to 53 bits would take three times the terms.
ADJ_ELEMENTARY double adj_lgamma_f64(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

/// pi cot(pi r) - 1/r for |r| <= 1/2, error 2^-55.6.
ADJ_ELEMENTARY double adj_cot_part_f64(double r) {
  double z = r * r;
  double q = 0x1.002ac4c3abf81p+4;
  q = q * z - 0x1.c04ad851939eep+3;
  q = q * z + 0x1.6a3c7a4bd8618p+3;
  q = q * z - 0x1.623b22163baaep+0;
  q = q * z + 0x1.6a4c80e8140e3p+1;
  q = q * z + 0x1.db637e6f60137p+0;
  q = q * z + 0x1.023f05a035361p+1;
  q = q * z + 0x1.ff9da14565d7fp+0;
  q = q * z + 0x1.0007174526b3ep+1;
  q = q * z + 0x1.000fffb1198ffp+1;
  q = q * z + 0x1.00412f1923593p+1;
  q = q * z + 0x1.010b36abc6e64p+1;
  q = q * z + 0x1.0470984c1152ap+1;
  q = q * z + 0x1.151322ac7d7d8p+1;
  q = q * z + 0x1.a51a6625307d3p+1;
  return -r * q;
}

/// The derivative of log gamma. From 6 on log p - 1/(2p) less a polynomial for the asymptotic
/// series, error 2^-61; below 6 that of p + 6 less 1/p + ... + 1/(p + 5), of which the last five
/// are one quotient; below 0 by reflection, digamma(1 - x) - pi cot(pi x).
///
/// At 0 infinite with the sign of -x, NaN at the negative integers.
ADJ_ELEMENTARY double adj_digamma_f64(double x) {
  int negative = x < 0.0;
  double p = negative ? 1.0 - x : x;
  int low = p < 6.0;
  double upper = (((5.0 * p + 60.0) * p + 255.0) * p + 450.0) * p + 274.0;
  double lower = ((((p + 15.0) * p + 85.0) * p + 225.0) * p + 274.0) * p + 120.0;
  double moved = low ? upper / lower : 0.0;
  double first = low ? 1.0 / p : 0.0;
  double s = 1.0 / (low ? p + 6.0 : p);
  double t = s * s;
  double q = -0x1.d699bd9c4f226p-3;
  q = q * t + 0x1.33f3b4a3cae63p-4;
  q = q * t - 0x1.56b06b7e04f96p-6;
  q = q * t + 0x1.f05736e14aa62p-8;
  q = q * t - 0x1.1110d0066019ap-8;
  q = q * t + 0x1.041040cb27e95p-8;
  q = q * t - 0x1.1111111107826p-7;
  q = q * t + 0x1.5555555555554p-4;
  double tail = s * (0.5 + s * q);
  double right = (adj_log_f64(low ? p + 6.0 : p) - (moved + tail)) - first;
  double r = adj_beside_integer_f64(x);
  double left = (right - adj_cot_part_f64(r)) - 1.0 / r;
  left = r == 0.0 ? __builtin_nan("") : left;
  return negative ? left : right;
}

ADJ_ELEMENTARY float adj_digamma_f32(float x) { return (float)adj_digamma_f64((double)x); }

/// (pi / sin(pi r))^2 - 1/r^2 for |r| <= 1/2, error 2^-55.1 of the sum with 1/r^2.
ADJ_ELEMENTARY double adj_cosecant_part_f64(double r) {
  double z = r * r;
  double q = 0x1.4a99760a84192p+9;
  q = q * z - 0x1.5cfdce09cd514p+9;
  q = q * z + 0x1.0c9cafea1c9aep+9;
  q = q * z - 0x1.1f0f9f0db4ec2p+7;
  q = q * z + 0x1.8b8195d788764p+6;
  q = q * z + 0x1.fbb6a95bfeb3ap+4;
  q = q * z + 0x1.3b8dd7917fcfcp+5;
  q = q * z + 0x1.0ed17bce91cccp+5;
  q = q * z + 0x1.e02eb2d14f0c2p+4;
  q = q * z + 0x1.a0042aae8328bp+4;
  q = q * z + 0x1.601642b4f6f3p+4;
  q = q * z + 0x1.20495375ed1f6p+4;
  q = q * z + 0x1.c1d39fb6f0a6bp+3;
  q = q * z + 0x1.458cbe5f04351p+3;
  q = q * z + 0x1.9f9cb402bc51bp+2;
  q = q * z + 0x1.a51a6625307d3p+1;
  return q;
}

/// The derivative of digamma, in the same way: from 6 on 1/p + 1/(2 p^2) and a polynomial, error
/// 2^-61.7; below 6 with 1/p^2 + ... + 1/(p + 5)^2; below 0 (pi / sin(pi x))^2 - trigamma(1 - x).
ADJ_ELEMENTARY double adj_trigamma_f64(double x) {
  int negative = x < 0.0;
  double p = negative ? 1.0 - x : x;
  int low = p < 6.0;
  double moved = 0.0;
  for (int k = 5; k > 0; k--) moved = moved + 1.0 / ((p + k) * (p + k));
  double first = 1.0 / (p * p);
  double s = 1.0 / (low ? p + 6.0 : p);
  double t = s * s;
  double q = 0x1.4662a1829a372p+4;
  q = q * t - 0x1.6bef8674cf551p+2;
  q = q * t + 0x1.21b5dd559b8f7p+0;
  q = q * t - 0x1.02a3f495bd964p-2;
  q = q * t + 0x1.364866b89d004p-4;
  q = q * t - 0x1.1111032042856p-5;
  q = q * t + 0x1.8618617316e15p-6;
  q = q * t - 0x1.111111110e8dbp-5;
  q = q * t + 0x1.5555555555555p-3;
  double tail = s + t * (0.5 + s * q);
  double right = low ? first + (moved + tail) : tail;
  double r = adj_beside_integer_f64(x);
  double left = 1.0 / (r * r) + (adj_cosecant_part_f64(r) - right);
  left = x < -0x1.fffffffffffffp+1023 ? __builtin_nan("") : left;
  return negative ? left : right;
}

ADJ_ELEMENTARY float adj_trigamma_f32(float x) { return (float)adj_trigamma_f64((double)x); }

/// The sum of (x + k)^-s over k = 0, 1, ..., for x > 0 and an integer s > 1, by the formula of
/// Euler and Maclaurin from where its first ten terms suffice. A loop that calls the C library.
static inline __attribute__((unused)) double adj_zeta_right(double s, double x) {
  // B_2k / (2k)!
  static const double bernoulli[] = {
      0x1.5555555555555p-4,  -0x1.6c16c16c16c17p-10, 0x1.1566abc011567p-15,
      -0x1.bbd779334ef0bp-21, 0x1.66a8f2bf70ebep-26, -0x1.22805d644267fp-31,
      0x1.d6db2c4e09162p-37, -0x1.7da4e1f79955cp-42, 0x1.355871d652e9ep-47,
      -0x1.f57d968caacf1p-53,
  };
  double sum = 0.0, lost = 0.0;
  while (x < 12.0 + s) {
    double term = pow(x, -s);
    double before = sum;
    sum = before + term;
    // The terms decrease: all but the first are smaller than the sum.
    if (before > 0.0) lost += term - (sum - before);
    x += 1.0;
    // What is left is at most this term times x / (s - 1).
    if (term * x < sum * 0x1p-60) return sum;
  }
  double integral = pow(x, 1.0 - s);  // x^-s might underflow
  double power = integral / x;
  double tail = 0.0;
  double factor = s * power / x;
  for (int k = 0; k < 10; k++) {
    tail += bernoulli[k] * factor;
    factor *= (s + (2 * k + 1)) * (s + (2 * k + 2)) / (x * x);
  }
  return sum + (integral / (s - 1.0) + (0.5 * power + tail + lost));
}

/// The n-th derivative of digamma for an integer n > 0: (-1)^(n+1) n! times the sum over
/// (x + k)^-s, s = n + 1. For a negative x the sum over all integers, less what lies below x; both come from
/// sums on the right.
ADJ_ELEMENTARY double adj_polygamma_f64(double x, double n) {
  double s = n + 1.0;
  double factorial = tgamma(s);
  double odd = fmod(n, 2.0) == 1.0 ? 1.0 : -1.0;  // the sign of (-x)^-s is the same
  if (x != x) return x;
  if (x == __builtin_inf()) return odd * 0.0;
  if (x >= 0.5) return odd * factorial * adj_zeta_right(s, x);
  double r = adj_beside_integer_f64(x);
  if (r == 0.0) return x == -__builtin_inf() ? __builtin_nan("") : odd * __builtin_inf();
  double nearest = pow(r, -s);
  if (x > 0.0) return odd * factorial * (nearest + adj_zeta_right(s, 1.0 + r));
  double left = adj_zeta_right(s, 1.0 - r) - adj_zeta_right(s, 1.0 - x);
  return odd * factorial * ((nearest + adj_zeta_right(s, 1.0 + r)) + odd * left);
}

ADJ_ELEMENTARY float adj_polygamma_f32(float x, float n) {
  return (float)adj_polygamma_f64((double)x, (double)n);
}

#endif
