// Draws that reject: how many random numbers an element needs is not known in advance. Each has a
// stream of its own, the Philox counters (position + index, 1), (position + index, 2), ...; ordinary
// draws have 0 in the upper half. So an element depends on nothing but its index and parameters.
#include <math.h>

#include "elementary_f64.h"
#include "kernels.h"
#include "philox.h"

typedef struct {
  uint64_t position, attempt, key;
  double next[2];
  int left;
} stream;

// In (0, 1]: a logarithm of it is finite.
static double uniform(stream *s) {
  if (s->left == 0) {
    block b = philox(s->position, ++s->attempt, s->key);
    for (int i = 0; i < 2; i++) s->next[i] = unit_f64(b.v[2 * i], b.v[2 * i + 1]) + 0x1p-54;
    s->left = 2;
  }
  return s->next[--s->left];
}

// Marsaglia's polar method would reject as well; Box and Muller's needs two numbers and no loop.
static double normal(stream *s) {
  double radius = sqrt(-2 * log(uniform(s)));
  return radius * cos(6.283185307179586477 * uniform(s));
}

// Logarithms of gamma-distributed numbers (Marsaglia and Tsang, "A simple method for generating gamma
// variables", TOMS 26, 2000). Below 1 a power of a uniform number lowers the concentration by one; it
// underflows, its logarithm does not. The first attempts of a tile are vectors; the twentieth part at
// most that rejects goes on one by one.
enum { TILE = 256 };

static double log_gamma_retry(double a, double boost, stream *s) {
  if (!(a > 0) || isinf(a)) return a == 0 ? -INFINITY : a > 0 ? INFINITY : NAN;
  const double d = (a < 1 ? a + 1 : a) - 1.0 / 3, c = 1 / sqrt(9 * d);
  for (;;) {
    double x = normal(s), t = 1 + c * x;
    if (t <= 0) continue;
    double v = t * t * t, u = uniform(s);
    if (log(u) < 0.5 * x * x + d - d * v + d * log(v)) return log(d * v) + boost;
  }
}

ADJ_CLONES static void log_gamma_tile(double *out, const double *a, uint64_t key,
                                      uint64_t position, int64_t n) {
  double x[TILE], y[TILE], u[TILE], boost[TILE];
  ADJ_LOOP for (int64_t i = 0; i < n; i++) {
    block b = philox(position + (uint64_t)i, 1, key);
    x[i] = unit_f64(b.v[0], b.v[1]) + 0x1p-54, y[i] = unit_f64(b.v[2], b.v[3]);
  }
  ADJ_LOOP for (int64_t i = 0; i < n; i++) {
    block b = philox(position + (uint64_t)i, 2, key);
    u[i] = unit_f64(b.v[0], b.v[1]) + 0x1p-54, boost[i] = unit_f64(b.v[2], b.v[3]) + 0x1p-54;
  }
  ADJ_LOOP for (int64_t i = 0; i < n; i++)
    x[i] = __builtin_elementwise_sqrt(-2 * adj_log_f64(x[i]))
           * adj_cos_near_f64(6.283185307179586477 * y[i]);
  ADJ_LOOP for (int64_t i = 0; i < n; i++)
    boost[i] = a[i] < 1 ? adj_log_f64(boost[i]) / a[i] : 0;
  ADJ_LOOP for (int64_t i = 0; i < n; i++) {
    double d = (a[i] < 1 ? a[i] + 1 : a[i]) - 1.0 / 3;
    double t = 1 + x[i] / __builtin_elementwise_sqrt(9 * d), v = t * t * t, l = adj_log_f64(v);
    // A negative v has no logarithm, and the comparison with NaN is false.
    bool fine = adj_log_f64(u[i]) < 0.5 * x[i] * x[i] + d - d * v + d * l;
    out[i] = l + adj_log_f64(d) + boost[i];
    u[i] = fine ? 1 : 0;
  }
  for (int64_t i = 0; i < n; i++) {
    if (u[i] != 0 && a[i] > 0 && !isinf(a[i])) continue;
    stream s = {.position = position + (uint64_t)i, .attempt = 2, .key = key};
    out[i] = log_gamma_retry(a[i], boost[i], &s);
  }
}

// log(k!) - (k + 1/2) log(k + 1) + (k + 1) - log(2 pi) / 2: what Stirling's formula leaves.
static double stirling_rest(double k) {
  static const double table[] = {
      0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
      0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
      0.009255462182712733, 0.008330563433362871};
  if (k < 10) return table[(int)k];
  double r = 1 / (k + 1), square = r * r;
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 * square) * square) * r;
}

static double log_factorial(double k) {
  return stirling_rest(k) + (k + 0.5) * log(k + 1) - (k + 1) + 0.91893853320467274178;
}

// Small rates: the product of uniform numbers. Large ones: transformed rejection with a table-free
// squeeze (Hoermann, "The transformed rejection method for generating Poisson random variables",
// 1993).
static double poisson_draw(double rate, stream *s) {
  if (!(rate >= 0) || isinf(rate)) return rate > 0 ? INFINITY : NAN;
  if (rate < 10) {
    double limit = exp(-rate), product = uniform(s);
    int k = 0;
    for (; product > limit; k++) product *= uniform(s);
    return k;
  }
  const double root = sqrt(rate), b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
  const double inverse = 1.1239 + 1.1328 / (b - 3.4), accept = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    double u = uniform(s) - 0.5, v = uniform(s), us = 0.5 - fabs(u);
    double k = floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= accept) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (log(v * inverse / (a / (us * us) + b)) <= -rate + k * log(rate) - log_factorial(k)) return k;
  }
}

// Few expected successes: geometric gaps between them. Many: transformed rejection (Hoermann, "The
// generation of binomial random variates", 1993).
static double binomial_draw(double n, double p, stream *s) {
  if (!(n >= 0) || !(p >= 0) || p > 1 || isinf(n)) return NAN;
  n = floor(n);
  if (p > 0.5) return n - binomial_draw(n, 1 - p, s);
  if (p == 0 || n == 0) return 0;
  if (n * p < 10) {
    const double scale = log1p(-p);
    double sum = 0, k = -1;
    do sum += floor(log(uniform(s)) / scale) + 1, k++; while (sum <= n);
    return k;
  }
  const double spread = sqrt(n * p * (1 - p)), b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p, c = n * p + 0.5, accept = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * spread, mode = floor((n + 1) * p), odds = p / (1 - p);
  for (;;) {
    double u = uniform(s) - 0.5, v = uniform(s), us = 0.5 - fabs(u);
    double k = floor((2 * a / us + b) * u + c);
    if (k < 0 || k > n) continue;
    if (us >= 0.07 && v <= accept) return k;
    double bound = (mode + 0.5) * log((mode + 1) / (odds * (n - mode + 1)))
                   + (n + 1) * log((n - mode + 1) / (n - k + 1))
                   + (k + 0.5) * log(odds * (n - k + 1) / (k + 1)) + stirling_rest(mode)
                   + stirling_rest(n - mode) - stirling_rest(k) - stirling_rest(n - k);
    if (log(v * alpha / (a / (us * us) + b)) <= bound) return k;
  }
}

// A standard normal number in [low, high]: plain rejection where that is likely to succeed, in a tail
// an exponential proposal, in a narrow range a uniform one (Robert, "Simulation of truncated normal
// variables", 1995).
static double truncated_draw(double low, double high, stream *s) {
  if (!(low <= high)) return NAN;
  if (low == high) return low;
  if (high < 0) return -truncated_draw(-high, -low, s);
  if (low <= 0) {
    if (high - low > 2.5)
      for (;;) {
        double x = normal(s);
        if (x >= low && x <= high) return x;
      }
    for (;;) {
      double x = low + (high - low) * uniform(s);
      if (log(uniform(s)) <= -0.5 * x * x) return x;
    }
  }
  const double rate = 0.5 * (low + sqrt(low * low + 4));
  if ((high - low) * rate < 1)
    for (;;) {
      double x = low + (high - low) * uniform(s);
      if (log(uniform(s)) <= 0.5 * (low * low - x * x)) return x;
    }
  for (;;) {
    double x = low - log(uniform(s)) / rate;
    if (x <= high && log(uniform(s)) <= -0.5 * (x - rate) * (x - rate)) return x;
  }
}

static double draw(adj_sampler sampler, double a, double b, stream *s) {
  switch (sampler) {
    case ADJ_DRAW_POISSON: return poisson_draw(a, s);
    case ADJ_DRAW_BINOMIAL: return binomial_draw(a, b, s);
    default: return truncated_draw(a, b, s);
  }
}

static double number_at(int dtype, const void *numbers, int64_t i) {
  return dtype == ADJ_F32 ? (double)((const float *)numbers)[i] : ((const double *)numbers)[i];
}

void adj_sample(adj_sampler sampler, int dtype, void *out, const void *pa, const void *pb,
                bool one_a, bool one_b, uint64_t key, uint64_t position, int64_t begin,
                int64_t end) {
  if (sampler == ADJ_DRAW_LOG_GAMMA) {
    for (int64_t at = begin; at < end; at += TILE) {
      int64_t n = end - at < TILE ? end - at : TILE;
      double a[TILE], draws[TILE];
      for (int64_t i = 0; i < n; i++) a[i] = number_at(dtype, pa, one_a ? 0 : at + i);
      log_gamma_tile(draws, a, key, position + (uint64_t)at, n);
      for (int64_t i = 0; i < n; i++) {
        if (dtype == ADJ_F32) ((float *)out)[at + i] = (float)draws[i];
        else ((double *)out)[at + i] = draws[i];
      }
    }
    return;
  }
  for (int64_t i = begin; i < end; i++) {
    stream s = {.position = position + (uint64_t)i, .key = key};
    int64_t ia = one_a ? 0 : i, ib = one_b ? 0 : i;
    double result = draw(sampler, number_at(dtype, pa, ia), number_at(dtype, pb, ib), &s);
    if (dtype == ADJ_F32) ((float *)out)[i] = (float)result;
    else ((double *)out)[i] = result;
  }
}

// The derivative of lgamma: eight steps of the recurrence, then the asymptotic series.
static double digamma(double x) {
  double result = 0;
  for (; x < 8; x++) result -= 1 / x;
  double s = 1 / (x * x);
  return result + log(x) - 0.5 / x
         - s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s / 132))));
}

// How the logarithm y of a gamma draw moves with its concentration a while its rank stays the same:
// dy/da = -(dF/da) / (dF/dy) with the distribution function F (Figurnov, Mohamed and Mnih, "Implicit
// reparameterization gradients", 2018). With S the sum of z^k / ((a + 1) ... (a + k)), F is
// z^a e^-z S / gamma(a + 1); all its terms are positive, and the factors cancel.
static double log_gamma_slope(double a, double y) {
  if (a > 1e5) {
    // So close to normal that Marsaglia and Tsang's cube of a normal number is the quantile.
    double d = a - 1.0 / 3, t = exp((y - log(d)) / 3);
    return (1 - 1.5 * (t - 1) / t) / d;
  }
  double z = exp(y), term = 1, harmonic = 0, sum = 1, slope = 0;
  for (double k = 1; k < 1e5; k++) {
    term *= z / (a + k);
    harmonic += 1 / (a + k);
    sum += term;
    slope -= term * harmonic;
    if (k > z - a && term * (1 + harmonic) < 1e-17 * sum) break;
  }
  return (sum * (digamma(a + 1) - y) - slope) / a;
}

void adj_log_gamma_slopes(int dtype, void *out, const void *a, const void *y, int64_t begin,
                          int64_t end) {
  for (int64_t i = begin; i < end; i++) {
    if (dtype == ADJ_F32)
      ((float *)out)[i] = (float)log_gamma_slope(((const float *)a)[i], ((const float *)y)[i]);
    else
      ((double *)out)[i] = log_gamma_slope(((const double *)a)[i], ((const double *)y)[i]);
  }
}

// Whole numbers: the upper half of a product of 64 random bits with the number of values, which is
// off the uniform distribution by less than one part in 2^64 / values.
void adj_sample_integers(int64_t *out, int64_t low, uint64_t values, uint64_t key,
                         uint64_t position, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; i++) {
    uint64_t bits = adj_philox_word(position + (uint64_t)i, key);
    out[i] = (int64_t)((uint64_t)low + (uint64_t)(((unsigned __int128)bits * values) >> 64));
  }
}

void adj_accumulate_rows(int dtype, double *out, const void *weights, int64_t width, int64_t begin,
                         int64_t end) {
  for (int64_t r = begin; r < end; r++) {
    double sum = 0;
    for (int64_t i = 0; i < width; i++)
      out[r * width + i] = sum += number_at(dtype, weights, r * width + i);
  }
}

void adj_sample_indices(int64_t *out, const double *sums, int64_t rows, int64_t width, uint64_t key,
                        uint64_t position, int64_t begin, int64_t end) {
  for (int64_t i = begin; i < end; i++) {
    const double *row = sums + i % rows * width;
    block b = philox(position + (uint64_t)i, 0, key);
    double wanted = unit_f64(b.v[0], b.v[1]) * row[width - 1];
    // The first sum above the number: an index of weight 0 is never that.
    int64_t low = 0, high = width - 1;
    while (low < high) {
      int64_t middle = low + (high - low) / 2;
      if (row[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    // Rounding may have reached the sum of all: back to the last index that has a weight.
    while (low > 0 && row[low] == row[low - 1]) low--;
    out[i] = low;
  }
}

void adj_sample_counts(int dtype, void *out, const void *weights, double trials, int64_t rows,
                       int64_t width, uint64_t key, uint64_t position, int64_t begin,
                       int64_t end) {
  for (int64_t r = begin; r < end; r++) {
    const int64_t row = r % rows * width;
    double rest = 0, left = trials;
    int64_t last = 0;
    for (int64_t i = 0; i < width; i++) {
      double weight = number_at(dtype, weights, row + i);
      rest += weight;
      if (weight > 0) last = i;
    }
    stream s = {.position = position + (uint64_t)r, .key = key};
    for (int64_t i = 0; i < width; i++) {
      // Given the counts before it, a count is binomial among what is left.
      double weight = number_at(dtype, weights, row + i), share = weight / rest, count = 0;
      if (i == last) count = left;
      else if (weight > 0 && left > 0) count = binomial_draw(left, share < 1 ? share : 1, &s);
      left -= count, rest -= weight;
      if (dtype == ADJ_F32) ((float *)out)[r * width + i] = (float)count;
      else ((double *)out)[r * width + i] = count;
    }
  }
}
