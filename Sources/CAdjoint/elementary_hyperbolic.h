// The inverse hyperbolic functions and the length of a vector.
//
// Those of floats are those of doubles, rounded: half an ulp for half the speed.
#ifndef ADJOINT_ELEMENTARY_HYPERBOLIC_H
#define ADJOINT_ELEMENTARY_HYPERBOLIC_H

#include "elementary_f64.h"

#define ADJ_LN2_F64 0x1.62e42fefa39efp-1

// From here on sqrt(y^2 +- 1) is y, and y^2 might overflow.
#define ADJ_FAR_HYPERBOLIC_F64 0x1p60

/// log(|x| + sqrt(x^2 + 1)), written for log1p so that a small x keeps its digits; log(2|x|) for a
/// large one.
ADJ_ELEMENTARY double adj_asinh_f64(double x) {
  double y = adj_abs_f64(x);
  int far = y > ADJ_FAR_HYPERBOLIC_F64;
  double square = y * y;
  double near = y + square / (1.0 + __builtin_elementwise_sqrt(1.0 + square));
  double result = adj_log1p_f64(far ? y : near) + (far ? ADJ_LN2_F64 : 0.0);
  return adj_with_sign_f64(result, x);
}

/// log(x + sqrt(x^2 - 1)) in the same way; NaN below 1.
ADJ_ELEMENTARY double adj_acosh_f64(double x) {
  int far = x > ADJ_FAR_HYPERBOLIC_F64;
  double t = x - 1.0;
  double near = t + __builtin_elementwise_sqrt(t * (t + 2.0));
  double result = adj_log1p_f64(far ? x : near) + (far ? ADJ_LN2_F64 : 0.0);
  return x < 1.0 ? __builtin_nan("") : result;
}

/// log((1 + |x|) / (1 - |x|)) / 2; infinite at 1, NaN beyond it.
ADJ_ELEMENTARY double adj_atanh_f64(double x) {
  double y = adj_abs_f64(x);
  return adj_with_sign_f64(0.5 * adj_log1p_f64((y + y) / (1.0 - y)), x);
}

ADJ_ELEMENTARY float adj_asinh_f32(float x) { return (float)adj_asinh_f64((double)x); }
ADJ_ELEMENTARY float adj_acosh_f32(float x) { return (float)adj_acosh_f64((double)x); }
ADJ_ELEMENTARY float adj_atanh_f32(float x) { return (float)adj_atanh_f64((double)x); }

/// sqrt(x^2 + y^2), scaled where a square would leave the normal range; infinite if x or y is, even
/// beside NaN.
ADJ_ELEMENTARY double adj_hypot_f64(double x, double y) {
  double a = adj_abs_f64(x);
  double b = adj_abs_f64(y);
  double larger = a > b ? a : b;
  int huge = larger > 0x1p500;
  int tiny = larger < 0x1p-500;
  double scale = huge ? 0x1p-600 : tiny ? 0x1p600 : 1.0;
  double back = huge ? 0x1p600 : tiny ? 0x1p-600 : 1.0;
  a = a * scale;
  b = b * scale;
  double result = __builtin_elementwise_sqrt(a * a + b * b) * back;
  return a == __builtin_inf() || b == __builtin_inf() ? __builtin_inf() : result;
}

#endif
