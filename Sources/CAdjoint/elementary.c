// The elementary functions as instructions. Each is a branch-free scalar function in the headers;
// the loop around it is what the compiler turns into vectors.
#include "elementary_f32.h"
#include "elementary_f64.h"
#include "kernels.h"

#define BOTH(name)                                           \
  ADJ_UNARY(name##_f32, float, float, adj_##name##_f32(x))   \
  ADJ_UNARY(name##_f64, double, double, adj_##name##_f64(x))

BOTH(exp) BOTH(expm1) BOTH(exp2) BOTH(log) BOTH(log1p) BOTH(log2) BOTH(log10) BOTH(cbrt)
BOTH(asin) BOTH(acos) BOTH(atan)
BOTH(sinh) BOTH(cosh) BOTH(tanh) BOTH(asinh) BOTH(acosh) BOTH(atanh)
BOTH(sigmoid) BOTH(softplus) BOTH(erf) BOTH(erfc) BOTH(erfinv) BOTH(digamma)
BOTH(trigamma)

// Reducing a huge double to a quadrant needs 128-bit integers and does not become vectors; a tile
// with an argument that large is done one by one.
#define PERIODIC(name)                                                               \
  ADJ_UNARY(name##_f32, float, float, adj_##name##_f32(x))                           \
  ADJ_KERNEL(name##_f64) {                                                           \
    ADJ_UNUSED;                                                                      \
    const double *a = pa;                                                            \
    double *o = out;                                                                 \
    int64_t far = 0;                                                                 \
    for (int64_t i = 0; i < n; i++) far += !(adj_abs_f64(a[i]) < ADJ_NEAR_F64);      \
    if (far == 0) {                                                                  \
      ADJ_LOOP for (int64_t i = 0; i < n; i++) o[i] = adj_##name##_near_f64(a[i]);   \
    } else {                                                                         \
      for (int64_t i = 0; i < n; i++) o[i] = adj_##name##_f64(a[i]);                 \
    }                                                                                \
  }
PERIODIC(sin) PERIODIC(cos) PERIODIC(tan)

ADJ_BINARY(atan2_f32, float, float, adj_atan2_f32(x, y))
ADJ_BINARY(atan2_f64, double, double, adj_atan2_f64(x, y))
ADJ_BINARY(hypot_f32, float, float, adj_hypot_f32(x, y))
ADJ_BINARY(hypot_f64, double, double, adj_hypot_f64(x, y))
ADJ_BINARY(pow_f32, float, float, adj_pow_f32(x, y))
ADJ_UNARY(lgamma_f32, float, float, adj_lgamma_f32(x))

// What calls the C library or loops until a sum is complete does not become vectors.
static void lgamma_f64(const adj_instruction *instruction, int64_t start, int64_t n, void *out,
                       const void *pa, const void *pb, const void *pc) {
  ADJ_UNUSED;
  const double *a = pa;
  double *o = out;
  for (int64_t i = 0; i < n; i++) o[i] = adj_lgamma_f64(a[i]);
}

ADJ_BINARY_ONE_BY_ONE(pow_f64, double, adj_pow_f64(x, y))
ADJ_BINARY_ONE_BY_ONE(polygamma_f32, float, adj_polygamma_f32(x, y))
ADJ_BINARY_ONE_BY_ONE(polygamma_f64, double, adj_polygamma_f64(x, y))

#define FLOATS(n) {[ADJ_F32] = n##_f32, [ADJ_F64] = n##_f64}
adj_kernel_table adj_elementary = {
    [ADJ_EXP] = FLOATS(exp),         [ADJ_EXPM1] = FLOATS(expm1), [ADJ_EXP2] = FLOATS(exp2),
    [ADJ_LOG] = FLOATS(log),         [ADJ_LOG1P] = FLOATS(log1p), [ADJ_LOG2] = FLOATS(log2),
    [ADJ_LOG10] = FLOATS(log10),     [ADJ_CBRT] = FLOATS(cbrt),
    [ADJ_SIN] = FLOATS(sin),         [ADJ_COS] = FLOATS(cos),     [ADJ_TAN] = FLOATS(tan),
    [ADJ_ASIN] = FLOATS(asin),       [ADJ_ACOS] = FLOATS(acos),   [ADJ_ATAN] = FLOATS(atan),
    [ADJ_SINH] = FLOATS(sinh),       [ADJ_COSH] = FLOATS(cosh),   [ADJ_TANH] = FLOATS(tanh),
    [ADJ_ASINH] = FLOATS(asinh),     [ADJ_ACOSH] = FLOATS(acosh), [ADJ_ATANH] = FLOATS(atanh),
    [ADJ_SIGMOID] = FLOATS(sigmoid), [ADJ_SOFTPLUS] = FLOATS(softplus),
    [ADJ_ERF] = FLOATS(erf),         [ADJ_ERFC] = FLOATS(erfc),   [ADJ_ERFINV] = FLOATS(erfinv),
    [ADJ_LGAMMA] = FLOATS(lgamma),   [ADJ_DIGAMMA] = FLOATS(digamma),
    [ADJ_TRIGAMMA] = FLOATS(trigamma), [ADJ_POLYGAMMA] = FLOATS(polygamma),
    [ADJ_ATAN2] = FLOATS(atan2),     [ADJ_HYPOT] = FLOATS(hypot), [ADJ_POW] = FLOATS(pow),
};
