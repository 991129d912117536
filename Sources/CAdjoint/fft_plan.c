// Plans: which factors, and the tables of roots of unity. Tables are computed in `long double` and
// rounded once, so the error of a transform grows with the logarithm of its length only.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fft.h"

static size_t element_size(int dtype) { return dtype == ADJ_F32 ? sizeof(float) : sizeof(double); }

static void put(void *table, int dtype, int64_t at, long double value) {
  if (dtype == ADJ_F32) ((float *)table)[at] = (float)value;
  else ((double *)table)[at] = (double)value;
}

// MARK: Roots of unity

typedef struct { long double re, im; } number;

// exp(-2 pi i k / n), 0 <= k < n. The angle is brought into the first eighth of the circle exactly.
static number root(int64_t k, int64_t n) {
  int64_t eighths = 8 * k, turns = 0;
  while (eighths >= 2 * n) eighths -= 2 * n, turns++;
  bool mirrored = eighths > n;
  if (mirrored) eighths = 2 * n - eighths;
  long double angle = (long double)eighths * (0.78539816339744830961566L / (long double)n);
  number w = {cosl(angle), sinl(angle)};
  if (mirrored) w = (number){w.im, w.re};
  for (; turns > 0; turns--) w = (number){-w.im, w.re};
  return (number){w.re, -w.im};
}

// All roots of order n as products of two short tables: w^k = coarse[k / size] * fine[k % size].
typedef struct {
  int64_t n, size;
  number *coarse, *fine;
} root_table;

static bool make_roots(root_table *table, int64_t n) {
  int64_t size = (int64_t)ceil(sqrt((double)n)) + 1;
  *table = (root_table){n, size, malloc((size_t)size * sizeof(number)),
                        malloc((size_t)size * sizeof(number))};
  if (!table->coarse || !table->fine) return false;
  for (int64_t i = 0; i < size; i++) {
    table->fine[i] = root(i % n, n);
    table->coarse[i] = root(i * size % n, n);
  }
  return true;
}

static void free_roots(root_table *table) { free(table->coarse), free(table->fine); }

static number power(const root_table *table, int64_t k) {
  k %= table->n;
  number a = table->coarse[k / table->size], b = table->fine[k % table->size];
  return (number){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// Pairs of numbers w^(step * i), i = 0 ..< count.
static void *pairs(int dtype, const root_table *table, int64_t step, int64_t count) {
  void *out = malloc(2 * (size_t)count * element_size(dtype));
  for (int64_t i = 0; out && i < count; i++) {
    number w = power(table, step * i);
    put(out, dtype, 2 * i, w.re), put(out, dtype, 2 * i + 1, w.im);
  }
  return out;
}

// MARK: Factors

static int factorize(int64_t n, int64_t *factors) {
  int count = 0;
  for (; n % 4 == 0; n /= 4) factors[count++] = 4;
  for (int64_t p = 2; p * p <= n; p += p == 2 ? 1 : 2)
    for (; n % p == 0; n /= p) factors[count++] = p;
  if (n > 1) factors[count++] = n;
  return count;
}

static double cost(int64_t n) {
  int64_t factors[FFT_PASSES];
  int count = factorize(n, factors);
  double sum = 0;
  for (int i = 0; i < count; i++) sum += factors[i] <= 5 ? factors[i] : 1.1 * factors[i];
  return sum * (double)n;
}

// The least length of factors 2, 3 and 5 that is not below n.
static int64_t good_length(int64_t n) {
  int64_t best = INT64_MAX;
  for (int64_t five = 1; five < 5 * n; five *= 5)
    for (int64_t three = five; three < 3 * n; three *= 3) {
      int64_t length = three;
      while (length < n) length *= 2;
      if (length < best) best = length;
    }
  return best;
}

// MARK: Cores

static void free_core(fft_core *core) {
  if (!core) return;
  for (int i = 0; i < core->passes; i++) free(core->twiddles[i]), free(core->roots[i]);
  free_core(core->columns), free_core(core->lines), free_core(core->convolution);
  free(core->between), free(core->chirp), free(core->spectrum), free(core);
}

static fft_core *make_core(int dtype, int64_t n, bool may_be_matrix);

static bool make_passes(fft_core *core, const root_table *table) {
  core->passes = factorize(core->n, core->radix);
  int64_t stride = 1;
  for (int i = 0; i < core->passes; i++) {
    int64_t r = core->radix[i], m = core->n / stride / r;
    void *w = core->twiddles[i] = malloc(2 * (size_t)(m * (r - 1)) * element_size(core->dtype));
    if (!w) return false;
    for (int64_t p = 0; p < m; p++)
      for (int64_t k = 1; k < r; k++) {
        number factor = power(table, stride * p * k);
        put(w, core->dtype, 2 * ((r - 1) * p + k - 1), factor.re);
        put(w, core->dtype, 2 * ((r - 1) * p + k - 1) + 1, factor.im);
      }
    if (r > 5 && !(core->roots[i] = pairs(core->dtype, table, core->n / r, r))) return false;
    stride *= r;
  }
  return true;
}

static bool make_matrix(fft_core *core, const root_table *table) {
  const int64_t n = core->n;
  int64_t n1 = (int64_t)sqrt((double)n);
  while (n1 > 1 && n % n1) n1--;
  if (n1 < 4) return true;
  const int64_t n2 = n / n1;
  core->columns = make_core(core->dtype, n1, false);
  core->lines = make_core(core->dtype, n2, false);
  core->between = malloc(2 * (size_t)n * element_size(core->dtype));
  if (!core->columns || !core->lines || !core->between) return false;
  for (int64_t j = 0; j < n2; j++)
    for (int64_t k = 0; k < n1; k++) {
      number w = power(table, j * k);
      put(core->between, core->dtype, j * n1 + k, w.re);
      put(core->between, core->dtype, n + j * n1 + k, w.im);
    }
  return true;
}

// The chirp exp(-pi i k^2 / n), and the transform of its conjugate in double precision.
static bool make_convolution(fft_core *core, int64_t m) {
  const int64_t n = core->n;
  root_table table;
  bool fine = make_roots(&table, 2 * n);
  core->rows = m;
  core->convolution = make_core(core->dtype, m, true);
  core->chirp = malloc(2 * (size_t)n * element_size(core->dtype));
  core->spectrum = malloc(2 * (size_t)m * element_size(core->dtype));
  fft_core *precise = make_core(ADJ_F64, m, true);
  double *planes = NULL;
  if (precise) planes = calloc((size_t)(4 * m + fft_scratch(precise)), sizeof(double));
  fine = fine && core->convolution && core->chirp && core->spectrum && planes;
  if (fine) {
    fft_planes_f64 a = {planes, planes + m}, b = {planes + 2 * m, planes + 3 * m};
    for (int64_t k = 0, square = 0; k < n; k++) {
      number w = power(&table, square);
      square = (square + 2 * k + 1) % (2 * n);
      put(core->chirp, core->dtype, 2 * k, w.re), put(core->chirp, core->dtype, 2 * k + 1, w.im);
      a.re[k] = (double)w.re, a.im[k] = (double)-w.im;
      if (k > 0) a.re[m - k] = a.re[k], a.im[m - k] = a.im[k];
    }
    a = fft_run_f64(precise, 1, a, b, planes + 4 * m, NULL);
    for (int64_t k = 0; k < m; k++) {
      put(core->spectrum, core->dtype, 2 * k, a.re[k] / (double)m);
      put(core->spectrum, core->dtype, 2 * k + 1, a.im[k] / (double)m);
    }
  }
  free(planes), free_core(precise), free_roots(&table);
  return fine;
}

static fft_core *make_core(int dtype, int64_t n, bool may_be_matrix) {
  fft_core *core = calloc(1, sizeof *core);
  if (!core) return NULL;
  core->dtype = dtype, core->n = n, core->rows = n;
  int64_t factors[FFT_PASSES], largest = 1;
  int count = factorize(n, factors);
  for (int i = 0; i < count; i++) largest = factors[i] > largest ? factors[i] : largest;
  int64_t m = largest > 13 ? good_length(2 * n - 1) : n;
  bool fine = true;
  if (largest >= FFT_GENERIC || (largest > 13 && cost(n) > 3 * cost(m))) {
    fine = make_convolution(core, m);
  } else {
    root_table table;
    fine = make_roots(&table, n) && make_passes(core, &table);
    if (fine && may_be_matrix && n >= 64) fine = make_matrix(core, &table);
    free_roots(&table);
  }
  if (fine) return core;
  free_core(core);
  return NULL;
}

int64_t fft_scratch(const fft_core *core) {
  if (core->convolution) return fft_scratch(core->convolution);
  if (!core->columns) return 0;
  int64_t n1 = core->columns->n, n2 = core->lines->n;
  // Blocks of a long line may be at work at the same time: room for all, the last one in part used.
  if (core->n >= FFT_SHARED) return 4 * (core->n + (n1 > n2 ? n1 : n2) * FFT_BLOCK);
  return 4 * (n1 > n2 ? n1 : n2) * FFT_BLOCK;
}

// MARK: Plans

adj_fft_plan *adj_fft_make(int dtype, int64_t n, bool real) {
  adj_fft_plan *plan = calloc(1, sizeof *plan);
  if (!plan) return NULL;
  *plan = (adj_fft_plan){.dtype = dtype, .n = n, .real = real, .halved = real && n % 2 == 0};
  plan->core = make_core(dtype, plan->halved ? n / 2 : n, true);
  bool fine = plan->core != NULL;
  if (fine && plan->halved) {
    root_table table;
    fine = make_roots(&table, n) && (plan->roots = pairs(dtype, &table, 1, n / 2 + 1));
    free_roots(&table);
  }
  if (fine) return plan;
  adj_fft_free(plan);
  return NULL;
}

void adj_fft_free(adj_fft_plan *plan) {
  if (!plan) return;
  free_core(plan->core), free(plan->roots), free(plan);
}

// As many lines as fit the second cache, in whole vectors. Long lines that lie one behind the other
// are taken alone, as matrices.
int64_t adj_fft_lanes(const adj_fft_plan *plan, int64_t inner) {
  const fft_core *core = plan->core;
  bool splits = core->columns || (core->convolution && core->convolution->columns);
  if (inner == 1 && core->n > 1024 && splits) return 1;
  int64_t lanes = 8192 / core->n / 16 * 16;
  return lanes < 16 ? 16 : lanes > 256 ? 256 : lanes;
}

int64_t adj_fft_scratch(const adj_fft_plan *plan, int64_t lanes) {
  int64_t count = 4 * fft_plane(plan) * lanes + fft_scratch(plan->core);
  return count * (int64_t)element_size(plan->dtype);
}

void adj_fft_run(const adj_fft_plan *plan, const adj_fft_job *job, void *scratch, int64_t lanes,
                 int64_t begin, int64_t end) {
  for (int64_t at = begin; at < end; at += lanes) {
    int64_t count = end - at < lanes ? end - at : lanes;
    if (plan->dtype == ADJ_F32) fft_lines_f32(plan, job, scratch, at, count);
    else fft_lines_f64(plan, job, scratch, at, count);
  }
}
