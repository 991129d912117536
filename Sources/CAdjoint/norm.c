// Normalising groups of elements: [outer, groups, inner] arrays, each group over its outer and
// inner axis. Sums are in double precision, in an order that depends on the sizes alone.
#include <math.h>
#include <string.h>

#include "kernels.h"

#define INLINE static inline __attribute__((always_inline))

enum { LANES = 16, COLUMNS = 64, AHEAD = 16 };

// Columns of a row further down: their addresses are too far apart for the processor to foresee.
#define FETCH(T, row, n) \
  for (int64_t i = 0; i < n; i += 64 / (int64_t)sizeof(T)) __builtin_prefetch((row) + i);

// Adds `first` and `second` of i over 0 ..< n to two sums, in 16 lanes. `terms` declares what both
// need.
#define TOTALS(n, terms, sum, first, product, second)                                             \
  {                                                                                               \
    double sums[LANES] = {0}, products[LANES] = {0}, last_sum = 0, last_product = 0;              \
    int64_t base = 0;                                                                             \
    for (; base + LANES <= n; base += LANES)                                                      \
      for (int lane = 0; lane < LANES; lane++) {                                                  \
        const int64_t i = base + lane;                                                            \
        terms;                                                                                    \
        sums[lane] += (first);                                                                    \
        products[lane] += (second);                                                               \
      }                                                                                           \
    for (int64_t i = base; i < n; i++) {                                                          \
      terms;                                                                                      \
      last_sum += (first);                                                                        \
      last_product += (second);                                                                   \
    }                                                                                             \
    for (int lane = 0; lane < LANES; lane++)                                                      \
      last_sum += sums[lane], last_product += products[lane];                                     \
    sum += last_sum;                                                                              \
    product += last_product;                                                                      \
  }

#define NORM(T, s)                                                                                \
  /* Sums of deviations from `pivot` and of their squares in the runs of group `c`. */            \
  INLINE void moments_##s(const adj_normalization *p, const T *in, int64_t c, double pivot,       \
                          double *sum, double *square) {                                          \
    double first = 0, second = 0;                                                                 \
    for (int64_t n = 0; n < p->outer; n++) {                                                      \
      const T *x = in + (n * p->groups + c) * p->inner;                                           \
      TOTALS(p->inner, const double d = (double)x[i] - pivot, first, d, second, d * d)            \
    }                                                                                             \
    *sum = first, *square = second;                                                               \
  }                                                                                               \
  /* Groups whose elements lie in runs. */                                                        \
  ADJ_CLONES static void runs_##s(const adj_normalization *p, T *out, T *mean, T *variance,       \
                                  T *scale, const T *in, const T *weights, const T *biases,       \
                                  int64_t begin, int64_t end) {                                   \
    const int64_t inner = p->inner, area = p->weight_area;                                        \
    const double count = (double)p->outer * (double)inner;                                        \
    for (int64_t c = begin; c < end; c++) {                                                       \
      /* Any pivot within the range keeps the digits of the variance if doubles sum floats. */    \
      double pivot = 0, m = 0, v = 0;                                                             \
      if (p->centred && count > 0) {                                                              \
        pivot = (double)in[c * inner];                                                            \
        if (sizeof(T) == sizeof(double)) {                                                        \
          moments_##s(p, in, c, 0, &m, &v);                                                       \
          pivot = m / count;                                                                      \
        }                                                                                         \
      }                                                                                           \
      moments_##s(p, in, c, pivot, &m, &v);                                                       \
      m /= count, v /= count;                                                                     \
      if (p->centred) v = v - m * m < 0 ? 0 : v - m * m;                                          \
      m = p->centred ? pivot + m : 0;                                                             \
      const double r = 1 / sqrt(v + p->epsilon);                                                  \
      mean[c] = (T)m, variance[c] = (T)v, scale[c] = (T)r;                                        \
      const T shift = (T)m, factor = (T)r;                                                        \
      const int64_t row = c % p->weight_groups * p->weight_count;                                 \
      const T *w = weights + row, *b = biases + row;                                              \
      for (int64_t n = 0; n < p->outer; n++) {                                                    \
        const T *x = in + (n * p->groups + c) * inner;                                            \
        T *o = out + (n * p->groups + c) * inner;                                                 \
        if (area == 1) {                                                                          \
          ADJ_LOOP for (int64_t i = 0; i < inner; i++)                                            \
            o[i] = (x[i] - shift) * factor * w[i] + b[i];                                         \
        } else {                                                                                  \
          for (int64_t j = 0; j < p->weight_count; j++, x += area, o += area) {                   \
            const T slope = factor * w[j], bias = b[j];                                           \
            ADJ_LOOP for (int64_t i = 0; i < area; i++) o[i] = (x[i] - shift) * slope + bias;     \
          }                                                                                       \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  /* Groups that are columns of a matrix, whose weights are apart or shared. */                   \
  ADJ_CLONES static void columns_##s(const adj_normalization *p, T *out, T *mean, T *variance,    \
                                     T *scale, const T *in, const T *weights, const T *biases,    \
                                     int64_t begin, int64_t end) {                                \
    const int64_t outer = p->outer, groups = p->groups;                                           \
    for (int64_t c = begin; c < end; c += COLUMNS) {                                              \
      const int64_t n = end - c < COLUMNS ? end - c : COLUMNS;                                    \
      double pivot[COLUMNS] = {0}, m[COLUMNS] = {0}, v[COLUMNS] = {0};                            \
      T shift[COLUMNS], slope[COLUMNS], bias[COLUMNS];                                            \
      if (p->centred) {                                                                           \
        for (int64_t i = 0; i < n; i++) pivot[i] = (double)in[c + i];                             \
        for (int64_t r = 0; sizeof(T) == sizeof(double) && r < outer; r++) {                      \
          const T *x = in + r * groups + c;                                                       \
          ADJ_LOOP for (int64_t i = 0; i < n; i++) m[i] += (double)x[i];                          \
        }                                                                                         \
        for (int64_t i = 0; sizeof(T) == sizeof(double) && i < n; i++)                            \
          pivot[i] = m[i] / (double)outer, m[i] = 0;                                              \
      }                                                                                           \
      for (int64_t r = 0; r < outer; r++) {                                                       \
        const T *x = in + r * groups + c;                                                         \
        FETCH(T, x + AHEAD * groups, n)                                                           \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) {                                                \
          const double d = (double)x[i] - pivot[i];                                               \
          m[i] += d;                                                                              \
          v[i] += d * d;                                                                          \
        }                                                                                         \
      }                                                                                           \
      for (int64_t i = 0; i < n; i++) {                                                           \
        m[i] /= (double)outer, v[i] /= (double)outer;                                             \
        if (p->centred) v[i] = v[i] - m[i] * m[i] < 0 ? 0 : v[i] - m[i] * m[i];                   \
        const double factor = 1 / sqrt(v[i] + p->epsilon);                                        \
        mean[c + i] = shift[i] = p->centred ? (T)(pivot[i] + m[i]) : 0;                           \
        variance[c + i] = (T)v[i];                                                                \
        scale[c + i] = (T)factor;                                                                 \
        slope[i] = (T)factor * weights[(c + i) % p->weight_groups];                               \
        bias[i] = biases[(c + i) % p->weight_groups];                                             \
      }                                                                                           \
      for (int64_t r = 0; r < outer; r++) {                                                       \
        const T *x = in + r * groups + c;                                                         \
        FETCH(T, x + AHEAD * groups, n)                                                           \
        T *o = out + r * groups + c;                                                              \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) o[i] = (x[i] - shift[i]) * slope[i] + bias[i];   \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void runs_back_##s(const adj_normalization *p, T *out, double *of_weights,    \
                                       double *of_biases, const T *g, const T *in, const T *mean, \
                                       const T *scale, const T *weights, int64_t begin,           \
                                       int64_t end) {                                             \
    const int64_t inner = p->inner, area = p->weight_area;                                        \
    const double count = (double)p->outer * (double)inner;                                        \
    for (int64_t c = begin; c < end; c++) {                                                       \
      const T shift = mean ? mean[c] : 0, slope = mean ? scale[c] : 1, factor = scale[c];         \
      const int64_t row = c % p->weight_groups * p->weight_count;                                 \
      const T *w = weights + row;                                                                 \
      double *dw = of_weights + row, *db = of_biases + row;                                       \
      double sum = 0, product = 0;                                                                \
      for (int64_t n = 0; n < p->outer; n++) {                                                    \
        const T *a = g + (n * p->groups + c) * inner, *x = in + (n * p->groups + c) * inner;      \
        if (area == 1) {                                                                          \
          TOTALS(inner, const T h = a[i] * w[i]; const T y = (x[i] - shift) * slope,              \
                 sum, (double)h, product, (double)h * (double)y)                                  \
        } else {                                                                                  \
          for (int64_t j = 0; j < p->weight_count; j++, a += area, x += area) {                   \
            double bias = 0, weight = 0;                                                          \
            TOTALS(area, const T y = (x[i] - shift) * slope,                                      \
                   bias, (double)a[i], weight, (double)a[i] * (double)y)                          \
            db[j] += bias;                                                                        \
            dw[j] += weight;                                                                      \
            sum += (double)w[j] * bias;                                                           \
            product += (double)w[j] * weight;                                                     \
          }                                                                                       \
        }                                                                                         \
      }                                                                                           \
      const T level = p->centred ? (T)(sum / count) : 0, tilt = (T)(product / count);             \
      for (int64_t n = 0; n < p->outer; n++) {                                                    \
        const int64_t at = (n * p->groups + c) * inner;                                           \
        const T *a = g + at, *x = in + at;                                                        \
        T *o = out + at;                                                                          \
        if (area == 1) {                                                                          \
          ADJ_LOOP for (int64_t i = 0; i < inner; i++) {                                          \
            const T y = (x[i] - shift) * slope;                                                   \
            db[i] += (double)a[i];                                                                \
            dw[i] += (double)a[i] * (double)y;                                                    \
            o[i] = factor * (a[i] * w[i] - level - y * tilt);                                     \
          }                                                                                       \
        } else {                                                                                  \
          for (int64_t j = 0; j < p->weight_count; j++, a += area, x += area, o += area) {        \
            const T weight = w[j];                                                                \
            ADJ_LOOP for (int64_t i = 0; i < area; i++)                                           \
              o[i] = factor * (a[i] * weight - level - (x[i] - shift) * slope * tilt);            \
          }                                                                                       \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void columns_back_##s(const adj_normalization *p, T *out, double *of_weights, \
                                          double *of_biases, const T *g, const T *in,             \
                                          const T *mean, const T *scale, const T *weights,        \
                                          int64_t begin, int64_t end) {                           \
    const int64_t outer = p->outer, groups = p->groups;                                           \
    for (int64_t c = begin; c < end; c += COLUMNS) {                                              \
      const int64_t n = end - c < COLUMNS ? end - c : COLUMNS;                                    \
      double sum[COLUMNS] = {0}, product[COLUMNS] = {0};                                          \
      T shift[COLUMNS], slope[COLUMNS], weight[COLUMNS], level[COLUMNS], tilt[COLUMNS];           \
      for (int64_t i = 0; i < n; i++) {                                                           \
        shift[i] = mean ? mean[c + i] : 0;                                                        \
        slope[i] = mean ? scale[c + i] : 1;                                                       \
        weight[i] = weights[(c + i) % p->weight_groups];                                          \
      }                                                                                           \
      for (int64_t r = 0; r < outer; r++) {                                                       \
        const T *a = g + r * groups + c, *x = in + r * groups + c;                                \
        FETCH(T, a + AHEAD * groups, n)                                                           \
        FETCH(T, x + AHEAD * groups, n)                                                           \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) {                                                \
          sum[i] += (double)a[i];                                                                 \
          product[i] += (double)a[i] * (double)((x[i] - shift[i]) * slope[i]);                    \
        }                                                                                         \
      }                                                                                           \
      for (int64_t i = 0; i < n; i++) {                                                           \
        of_biases[(c + i) % p->weight_groups] += sum[i];                                          \
        of_weights[(c + i) % p->weight_groups] += product[i];                                     \
        level[i] = p->centred ? (T)((double)weight[i] * sum[i] / (double)outer) : 0;              \
        tilt[i] = (T)((double)weight[i] * product[i] / (double)outer);                            \
      }                                                                                           \
      for (int64_t r = 0; r < outer; r++) {                                                       \
        const T *a = g + r * groups + c, *x = in + r * groups + c, *f = scale + c;                \
        FETCH(T, a + AHEAD * groups, n)                                                           \
        FETCH(T, x + AHEAD * groups, n)                                                           \
        T *o = out + r * groups + c;                                                              \
        ADJ_LOOP for (int64_t i = 0; i < n; i++)                                                  \
          o[i] = f[i] * (a[i] * weight[i] - level[i] - (x[i] - shift[i]) * slope[i] * tilt[i]);   \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  static void normalize_##s(const adj_normalization *p, T *out, T *mean, T *variance, T *scale,   \
                            const T *in, const T *weight, const T *bias, int64_t begin,           \
                            int64_t end) {                                                        \
    if (p->inner == 1 && p->outer > 1)                                                            \
      columns_##s(p, out, mean, variance, scale, in, weight, bias, begin, end);                   \
    else                                                                                          \
      runs_##s(p, out, mean, variance, scale, in, weight, bias, begin, end);                      \
  }                                                                                               \
  static void normalize_back_##s(const adj_normalization *p, T *out, double *of_weight,           \
                                 double *of_bias, const T *g, const T *in, const T *mean,         \
                                 const T *scale, const T *weight, int64_t begin, int64_t end) {   \
    if (p->inner == 1 && p->outer > 1)                                                            \
      columns_back_##s(p, out, of_weight, of_bias, g, in, mean, scale, weight, begin, end);       \
    else                                                                                          \
      runs_back_##s(p, out, of_weight, of_bias, g, in, mean, scale, weight, begin, end);          \
  }
NORM(float, f32)
NORM(double, f64)

void adj_normalize(int dtype, const adj_normalization *parts, void *out, void *mean,
                   void *variance, void *scale, const void *in, const void *weight,
                   const void *bias, int64_t begin, int64_t end) {
  if (dtype == ADJ_F32)
    normalize_f32(parts, out, mean, variance, scale, in, weight, bias, begin, end);
  else
    normalize_f64(parts, out, mean, variance, scale, in, weight, bias, begin, end);
}

void adj_normalize_back(int dtype, const adj_normalization *parts, void *out, double *of_weight,
                        double *of_bias, const void *g, const void *in, const void *mean,
                        const void *scale, const void *weight, int64_t begin, int64_t end) {
  // Groups with weights of their own write those; others share a copy of all.
  const bool own = parts->weight_groups == parts->groups;
  const int64_t first = own ? begin * parts->weight_count : 0;
  const size_t bytes = sizeof(double) * (size_t)(own ? end - begin : parts->weight_groups) *
                       (size_t)parts->weight_count;
  memset(of_weight + first, 0, bytes);
  memset(of_bias + first, 0, bytes);
  if (dtype == ADJ_F32)
    normalize_back_f32(parts, out, of_weight, of_bias, g, in, mean, scale, weight, begin, end);
  else
    normalize_back_f64(parts, out, of_weight, of_bias, g, in, mean, scale, weight, begin, end);
}
