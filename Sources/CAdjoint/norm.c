// Standardising groups of elements: [outer, groups, inner] arrays, each group over its outer and
// inner axis. Sums are in double precision, in an order that depends on the sizes alone.
#include <math.h>

#include "kernels.h"

enum { LANES = 16, COLUMNS = 64 };

// Sum of `expression` of i over 0 ..< n, in 16 lanes.
#define TOTAL(into, n, expression)                                                  \
  {                                                                                 \
    double lanes[LANES] = {0}, rest = 0;                                            \
    int64_t base = 0;                                                               \
    for (; base + LANES <= n; base += LANES)                                        \
      for (int lane = 0; lane < LANES; lane++) {                                    \
        const int64_t i = base + lane;                                              \
        lanes[lane] += (expression);                                                \
      }                                                                             \
    for (int64_t i = base; i < n; i++) rest += (expression);                        \
    for (int lane = 0; lane < LANES; lane++) rest += lanes[lane];                   \
    into += rest;                                                                   \
  }

#define NORM(T, s)                                                                               \
  /* Groups whose elements lie in runs. */                                                       \
  ADJ_CLONES static void runs_##s(bool centred, T *out, T *mean, T *variance, T *scale,          \
                                  const T *in, int64_t outer, int64_t groups, int64_t inner,     \
                                  double epsilon, int64_t begin, int64_t end) {                  \
    const double count = (double)outer * (double)inner;                                          \
    for (int64_t c = begin; c < end; c++) {                                                      \
      double m = 0, v = 0;                                                                       \
      if (centred) {                                                                             \
        for (int64_t n = 0; n < outer; n++) {                                                    \
          const T *x = in + (n * groups + c) * inner;                                            \
          TOTAL(m, inner, (double)x[i])                                                          \
        }                                                                                        \
        m /= count;                                                                              \
      }                                                                                          \
      for (int64_t n = 0; n < outer; n++) {                                                      \
        const T *x = in + (n * groups + c) * inner;                                              \
        TOTAL(v, inner, ((double)x[i] - m) * ((double)x[i] - m))                                 \
      }                                                                                          \
      v /= count;                                                                                \
      const double r = 1 / sqrt(v + epsilon);                                                    \
      mean[c] = (T)m, variance[c] = (T)v, scale[c] = (T)r;                                       \
      const T factor = (T)r, shift = (T)m;                                                       \
      for (int64_t n = 0; n < outer; n++) {                                                      \
        const T *x = in + (n * groups + c) * inner;                                              \
        T *o = out + (n * groups + c) * inner;                                                   \
        ADJ_LOOP for (int64_t i = 0; i < inner; i++) o[i] = (x[i] - shift) * factor;             \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  /* Groups that are columns of a matrix. */                                                     \
  ADJ_CLONES static void columns_##s(bool centred, T *out, T *mean, T *variance, T *scale,       \
                                     const T *in, int64_t outer, int64_t groups, double epsilon, \
                                     int64_t begin, int64_t end) {                               \
    for (int64_t c = begin; c < end; c += COLUMNS) {                                             \
      const int64_t n = end - c < COLUMNS ? end - c : COLUMNS;                                   \
      double m[COLUMNS] = {0}, v[COLUMNS] = {0};                                                 \
      T shift[COLUMNS], factor[COLUMNS];                                                         \
      for (int64_t r = 0; centred && r < outer; r++) {                                           \
        const T *x = in + r * groups + c;                                                        \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) m[i] += (double)x[i];                           \
      }                                                                                          \
      for (int64_t i = 0; i < n; i++) m[i] /= (double)outer;                                     \
      for (int64_t r = 0; r < outer; r++) {                                                      \
        const T *x = in + r * groups + c;                                                        \
        ADJ_LOOP for (int64_t i = 0; i < n; i++)                                                 \
          v[i] += ((double)x[i] - m[i]) * ((double)x[i] - m[i]);                                 \
      }                                                                                          \
      for (int64_t i = 0; i < n; i++) {                                                          \
        v[i] /= (double)outer;                                                                   \
        mean[c + i] = shift[i] = (T)m[i];                                                        \
        variance[c + i] = (T)v[i];                                                               \
        scale[c + i] = factor[i] = (T)(1 / sqrt(v[i] + epsilon));                                \
      }                                                                                          \
      for (int64_t r = 0; r < outer; r++) {                                                      \
        const T *x = in + r * groups + c;                                                        \
        T *o = out + r * groups + c;                                                             \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) o[i] = (x[i] - shift[i]) * factor[i];           \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  ADJ_CLONES static void runs_back_##s(bool centred, T *out, const T *g, const T *y,             \
                                       const T *scale, int64_t outer, int64_t groups,            \
                                       int64_t inner, int64_t begin, int64_t end) {              \
    const double count = (double)outer * (double)inner;                                          \
    for (int64_t c = begin; c < end; c++) {                                                      \
      double sum = 0, product = 0;                                                               \
      for (int64_t n = 0; n < outer; n++) {                                                      \
        const T *a = g + (n * groups + c) * inner, *b = y + (n * groups + c) * inner;            \
        if (centred) TOTAL(sum, inner, (double)a[i])                                             \
        TOTAL(product, inner, (double)a[i] * (double)b[i])                                       \
      }                                                                                          \
      const T shift = (T)(sum / count), slope = (T)(product / count), factor = scale[c];         \
      for (int64_t n = 0; n < outer; n++) {                                                      \
        const int64_t at = (n * groups + c) * inner;                                             \
        const T *a = g + at, *b = y + at;                                                        \
        T *o = out + at;                                                                         \
        ADJ_LOOP for (int64_t i = 0; i < inner; i++)                                             \
          o[i] = factor * (a[i] - shift - b[i] * slope);                                         \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  ADJ_CLONES static void columns_back_##s(bool centred, T *out, const T *g, const T *y,          \
                                          const T *scale, int64_t outer, int64_t groups,         \
                                          int64_t begin, int64_t end) {                          \
    for (int64_t c = begin; c < end; c += COLUMNS) {                                             \
      const int64_t n = end - c < COLUMNS ? end - c : COLUMNS;                                   \
      double sum[COLUMNS] = {0}, product[COLUMNS] = {0};                                         \
      T shift[COLUMNS], slope[COLUMNS];                                                          \
      for (int64_t r = 0; r < outer; r++) {                                                      \
        const T *a = g + r * groups + c, *b = y + r * groups + c;                                \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) sum[i] += (double)a[i];                         \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) product[i] += (double)a[i] * (double)b[i];      \
      }                                                                                          \
      for (int64_t i = 0; i < n; i++) {                                                          \
        shift[i] = centred ? (T)(sum[i] / (double)outer) : 0;                                    \
        slope[i] = (T)(product[i] / (double)outer);                                              \
      }                                                                                          \
      for (int64_t r = 0; r < outer; r++) {                                                      \
        const T *a = g + r * groups + c, *b = y + r * groups + c, *f = scale + c;                \
        T *o = out + r * groups + c;                                                             \
        ADJ_LOOP for (int64_t i = 0; i < n; i++)                                                 \
          o[i] = f[i] * (a[i] - shift[i] - b[i] * slope[i]);                                     \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  static void standardize_##s(bool centred, T *out, T *mean, T *variance, T *scale, const T *in, \
                              int64_t outer, int64_t groups, int64_t inner, double epsilon,      \
                              int64_t begin, int64_t end) {                                      \
    if (inner == 1 && outer > 1)                                                                 \
      columns_##s(centred, out, mean, variance, scale, in, outer, groups, epsilon, begin, end);  \
    else                                                                                         \
      runs_##s(centred, out, mean, variance, scale, in, outer, groups, inner, epsilon, begin,    \
               end);                                                                             \
  }                                                                                              \
  static void standardize_back_##s(bool centred, T *out, const T *g, const T *y, const T *scale, \
                                   int64_t outer, int64_t groups, int64_t inner, int64_t begin,  \
                                   int64_t end) {                                                \
    if (inner == 1 && outer > 1)                                                                 \
      columns_back_##s(centred, out, g, y, scale, outer, groups, begin, end);                    \
    else                                                                                         \
      runs_back_##s(centred, out, g, y, scale, outer, groups, inner, begin, end);                \
  }
NORM(float, f32)
NORM(double, f64)

void adj_standardize(int dtype, bool centred, void *out, void *mean, void *variance, void *scale,
                     const void *in, int64_t outer, int64_t groups, int64_t inner, double epsilon,
                     int64_t begin, int64_t end) {
  if (dtype == ADJ_F32)
    standardize_f32(centred, out, mean, variance, scale, in, outer, groups, inner, epsilon, begin,
                    end);
  else
    standardize_f64(centred, out, mean, variance, scale, in, outer, groups, inner, epsilon, begin,
                    end);
}

void adj_standardize_back(int dtype, bool centred, void *out, const void *g, const void *y,
                          const void *scale, int64_t outer, int64_t groups, int64_t inner,
                          int64_t begin, int64_t end) {
  if (dtype == ADJ_F32)
    standardize_back_f32(centred, out, g, y, scale, outer, groups, inner, begin, end);
  else
    standardize_back_f64(centred, out, g, y, scale, outer, groups, inner, begin, end);
}
