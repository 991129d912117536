// Elementary functions of one float, in float arithmetic, within 2 ulp over the whole range
// (measured by Tests/Accuracy/ulp.c). The habits of these files are in elementary_bits.h; the
// functions whose simplest accurate way is through double are in elementary_f32_wide.h.
#ifndef ADJOINT_ELEMENTARY_F32_H
#define ADJOINT_ELEMENTARY_F32_H

#include "elementary_bits.h"
#include "elementary_f32_wide.h"

// ln 2 in two parts; the first has 16 bits, so its product with an exponent is exact.
#define ADJ_LN2_HIGH_F32 0x1.62e4p-1f
#define ADJ_LN2_LOW_F32 0x1.7f7d1cp-20f
#define ADJ_LOG2E_F32 0x1.715476p+0f

/// (e^r - 1 - r) / r^2 on |r| <= ln(2)/2; error of the e^r it yields: 2^-26.9.
ADJ_ELEMENTARY float adj_exp_tail_f32(float r) {
  float q = 0x1.6d117cp-10f;
  q = q * r + 0x1.120be2p-7f;
  q = q * r + 0x1.555518p-5f;
  q = q * r + 0x1.5554dcp-3f;
  return q * r + 0.5f;
}

/// p * 2^n, `rounded` holding n as a sum with ADJ_ROUND_F32. Two factors, because 2^n alone leaves
/// the normal range at both ends; only the second product rounds, so subnormal results round once.
ADJ_ELEMENTARY float adj_scale_f32(float p, float rounded) {
  int32_t n = (int32_t)(adj_bits_f32(rounded) - adj_bits_f32(ADJ_ROUND_F32));
  int32_t half = n >> 1;
  float first = adj_from_bits_f32((uint32_t)(half + 127) << 23);
  float second = adj_from_bits_f32((uint32_t)(n - half + 127) << 23);
  return p * first * second;
}

/// e^x. Here r is kept as high + low and the sum with 1 carries its rounding error along: that
/// leaves little more than half an ulp, which sigmoid and softplus need to stay within two.
ADJ_ELEMENTARY float adj_exp_f32(float x) {
  x = x > 89.0f ? 89.0f : x;
  x = x < -104.0f ? -104.0f : x;
  float rounded = x * ADJ_LOG2E_F32 + ADJ_ROUND_F32;
  float n = rounded - ADJ_ROUND_F32;
  float high = x - n * ADJ_LN2_HIGH_F32;
  float low = n * ADJ_LN2_LOW_F32;
  float r = high - low;
  float sum = 1.0f + high;
  float lost = high - (sum - 1.0f);
  float p = sum + (lost + (r * r * adj_exp_tail_f32(r) - low));
  return adj_scale_f32(p, rounded);
}

/// 2^x. The reduction is exact. Error of the polynomial: 2^-28.
ADJ_ELEMENTARY float adj_exp2_f32(float x) {
  x = x > 129.0f ? 129.0f : x;
  x = x < -151.0f ? -151.0f : x;
  float rounded = x + ADJ_ROUND_F32;
  float r = x - (rounded - ADJ_ROUND_F32);
  float q = 0x1.44149ap-13f;
  q = q * r + 0x1.5f0a1cp-10f;
  q = q * r + 0x1.3b2a52p-7f;
  q = q * r + 0x1.c6af6ap-5f;
  q = q * r + 0x1.ebfbep-3f;
  q = q * r + 0x1.62e43p-1f;
  return adj_scale_f32(1.0f + r * q, rounded);
}

/// e^x - 1 = 2^n (e^r - 1) + (2^n - 1). Below -18 the result is -1 and above 89 infinite.
ADJ_ELEMENTARY float adj_expm1_f32(float x) {
  float bounded = x > 89.0f ? 89.0f : x;
  bounded = bounded < -18.0f ? -18.0f : bounded;
  float rounded = bounded * ADJ_LOG2E_F32 + ADJ_ROUND_F32;
  float n = rounded - ADJ_ROUND_F32;
  float r = bounded - n * ADJ_LN2_HIGH_F32;
  r = r - n * ADJ_LN2_LOW_F32;
  float p = r + r * r * adj_exp_tail_f32(r);
  // Half of 2^n, because 2^128 is no float: the doubling at the end overflows only when e^x does.
  float half = adj_from_bits_f32((adj_bits_f32(rounded) << 23) + 0x3f000000u);
  float result = (half * p + (half - 0.5f)) * 2.0f;
  return adj_with_sign_f32(n == 0.0f ? p : result, x);
}

/// (log(1 + f) - f + f^2/2) / f^3 on sqrt(1/2) <= 1 + f <= sqrt(2); error of the logarithm:
/// 2^-28.5.
ADJ_ELEMENTARY float adj_log_tail_f32(float f) {
  float q = 0x1.1d8e5ep-4f;
  q = q * f - 0x1.d6393ep-4f;
  q = q * f + 0x1.dea43p-4f;
  q = q * f - 0x1.fcf46ep-4f;
  q = q * f + 0x1.23d202p-3f;
  q = q * f - 0x1.555b4ap-3f;
  q = q * f + 0x1.999d5ap-3f;
  q = q * f - 0x1.fffffcp-3f;
  return q * f + 0x1.555554p-2f;
}

/// n ln 2 + log(1 + f), the small terms first.
ADJ_ELEMENTARY float adj_log_sum_f32(float n, float f) {
  float square = f * f;
  float tail = square * f * adj_log_tail_f32(f) + n * ADJ_LN2_LOW_F32;
  return n * ADJ_LN2_HIGH_F32 + (f - (0.5f * square - tail));
}

// The bits of sqrt(1/2): subtracting them before taking the exponent splits x = 2^n m with m
// between sqrt(1/2) and sqrt(2), so that log x near 1 is log m alone and suffers no cancellation.
#define ADJ_SQRT_HALF_BITS_F32 0x3f3504f3u

/// The natural logarithm; -inf at zero, NaN below it.
ADJ_ELEMENTARY float adj_log_f32(float x) {
  int subnormal = x < 0x1p-126f;
  float normal = subnormal ? x * 0x1p23f : x;
  int32_t split = (int32_t)(adj_bits_f32(normal) - ADJ_SQRT_HALF_BITS_F32) >> 23;
  float f = adj_from_bits_f32(adj_bits_f32(normal) - ((uint32_t)split << 23)) - 1.0f;
  float n = (float)split - (subnormal ? 23.0f : 0.0f);
  float result = adj_log_sum_f32(n, f);
  result = x < __builtin_inff() ? result : x;
  result = x < 0.0f ? __builtin_nanf("") : result;
  return x == 0.0f ? -__builtin_inff() : result;
}

/// log(1 + x). The exponent n comes from the rounded 1 + x, but f = 2^-n (1 + x) - 1 from x itself:
/// the product is exact, and the one sum is exact wherever it cancels.
ADJ_ELEMENTARY float adj_log1p_f32(float x) {
  float u = 1.0f + x;
  int32_t split = (int32_t)(adj_bits_f32(u) - ADJ_SQRT_HALF_BITS_F32) >> 23;
  float scale = adj_from_bits_f32((uint32_t)(127 - split) << 23);
  float near = x * scale + (scale - 1.0f);
  float far = adj_from_bits_f32(adj_bits_f32(u) - ((uint32_t)split << 23)) - 1.0f;
  // From 2^25 on the one is lost in the rounding, and 2^-n would leave the normal range.
  float result = adj_log_sum_f32((float)split, split > 25 ? far : near);
  result = x == 0.0f ? x : result;
  result = x < __builtin_inff() ? result : x;
  result = x < -1.0f ? __builtin_nanf("") : result;
  return x == -1.0f ? -__builtin_inff() : result;
}

/// Odd polynomial on |x| < 0.625 (error 2^-30.8), elsewhere 1 - 2 / (e^2|x| + 1), where the
/// quotient is less than half of the result, so its error hardly counts.
ADJ_ELEMENTARY float adj_tanh_f32(float x) {
  float y = adj_abs_f32(x);
  float z = y * y;
  float q = 0x1.2be6fap-9f;
  q = q * z - 0x1.11476ap-7f;
  q = q * z + 0x1.64a428p-6f;
  q = q * z - 0x1.ba0872p-5f;
  q = q * z + 0x1.1110e8p-3f;
  q = q * z - 0x1.555556p-2f;
  float near = y + y * z * q;

  float twice = y > 10.0f ? 20.0f : y + y;
  float rounded = twice * ADJ_LOG2E_F32 + ADJ_ROUND_F32;
  float n = rounded - ADJ_ROUND_F32;
  float r = twice - n * ADJ_LN2_HIGH_F32;
  r = r - n * ADJ_LN2_LOW_F32;
  float p = 1.0f + (r + r * r * adj_exp_tail_f32(r));
  float far = 1.0f - 2.0f / (p * adj_two_to_f32(rounded) + 1.0f);
  return adj_with_sign_f32(y < 0.625f ? near : far, x);
}

/// 1 / (1 + e^-x). With z = e^-|x| neither tail overflows or cancels: 1 / (1 + z) or z / (1 + z).
/// What rounding 1 + z lost is given back to the quotient to first order, or the sum of errors
/// would pass 2 ulp.
ADJ_ELEMENTARY float adj_sigmoid_f32(float x) {
  float z = adj_exp_f32(-adj_abs_f32(x));
  float sum = 1.0f + z;
  float lost = z - (sum - 1.0f);
  float quotient = (x < 0.0f ? z : 1.0f) / sum;
  return quotient - quotient * lost;
}

/// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
ADJ_ELEMENTARY float adj_softplus_f32(float x) {
  float z = adj_exp_f32(-adj_abs_f32(x));
  // As in log1p with 0 <= z <= 1, where n is 0 or 1.
  int upper = z > 0x1.a8279ap-2f;
  float f = upper ? z * 0.5f - 0.5f : z;
  float tail = adj_log_sum_f32(upper ? 1.0f : 0.0f, f);
  return x > 0.0f ? x + tail : tail;
}

/// The error function: an odd polynomial on |x| < 0.88 (error 2^-31.7), elsewhere 1 - 2^q(|x|) with
/// q the binary logarithm of erfc (error 2^-27.7 of the result), which reaches 2^-25 before |x| =
/// 4.
ADJ_ELEMENTARY float adj_erf_f32(float x) {
  float y = adj_abs_f32(x);
  float z = y * y;
  float p = 0x1.67423p-14f;
  p = p * z - 0x1.ad445p-11f;
  p = p * z + 0x1.551b7ep-8f;
  p = p * z - 0x1.b816d6p-6f;
  p = p * z + 0x1.ce2e68p-4f;
  p = p * z - 0x1.812744p-2f;
  p = p * z + 0x1.06eba8p-3f;
  float near = y + y * p;

  float t = y > 4.0f ? 4.0f : y;
  float q = 0x1.3de06p-19f;
  q = q * t - 0x1.17242p-14f;
  q = q * t + 0x1.c3c294p-11f;
  q = q * t - 0x1.c221bep-8f;
  q = q * t + 0x1.3844a2p-5f;
  q = q * t - 0x1.453bbap-3f;
  q = q * t - 0x1.d2b6a6p-1f;
  q = q * t - 0x1.a16cb8p+0f;
  q = q * t + 0x1.dde9acp-12f;
  float far = 1.0f - adj_exp2_f32(q);
  return adj_with_sign_f32(y < 0.88f ? near : far, x);
}

#endif
