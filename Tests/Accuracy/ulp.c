// Worst error of the elementary functions in ulp, as a Markdown table: docs/accuracy.md holds it.
//
// From the repository root:
//   clang -O2 -I Sources/CAdjoint Tests/Accuracy/ulp.c -o /tmp/ulp -lm && /tmp/ulp
// Arguments, all optional: the stride through the 2^32 floats (1 tries every one, one to three minutes
// per function; 61 unless said), a function's name to run it alone ("all" for all), and "times" for the
// nanoseconds per element, in the first-level cache, of each clone: baseline, AVX2, AVX-512.
//
// float is compared with glibc's double functions, double with its 80-bit ones (so this program is for
// x86-64); what glibc lacks is computed below in 80 bits. An ulp is the spacing of floats at the true
// value, that of the subnormals where the value is one: a correctly rounded result has at most 0.5.
// lgamma, digamma and polygamma of an even order cancel near their zeros: there the unit is the spacing
// at the size of what is added, at least 1.
// A wrong NaN, infinity or sign of zero counts as infinitely wrong. Each function is tried as every
// clone that the processor can run; the worst of them makes the row.
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "elementary_f32.h"
#include "elementary_f64.h"

enum { BATCH = 1024 };

#if defined(__x86_64__)
#define LEVELS 3
#define TARGET_0
#define TARGET_1 __attribute__((target("arch=x86-64-v3")))
#define TARGET_2 __attribute__((target("arch=x86-64-v4")))
static int level_runs(int level) {
  return level == 0 || (level == 1 ? __builtin_cpu_supports("x86-64-v3")
                                   : __builtin_cpu_supports("x86-64-v4"));
}
#else
#define LEVELS 1
#define TARGET_0
static int level_runs(int level) { return level == 0; }
#endif

// Sixteen floats or eight doubles at a time: the whole register of AVX-512, which clang otherwise
// leaves half empty, and two or four registers' worth of independent work elsewhere.
#define LOOP_f32 _Pragma("clang loop vectorize(assume_safety) vectorize_width(16)")
#define LOOP_f64 _Pragma("clang loop vectorize(assume_safety) vectorize_width(8)")
#define ALONE __attribute__((noinline))

#define KERNEL(level, name, T, suffix)                                                \
  TARGET_##level ALONE static void name##_##suffix##_##level(const T *a, T *out) {     \
    LOOP_##suffix for (int i = 0; i < BATCH; i++) out[i] = adj_##name##_##suffix(a[i]); \
  }
#define KERNEL2(level, name, T, suffix)                                               \
  TARGET_##level ALONE static void name##_##suffix##_##level(const T *a, const T *b, T *out) { \
    LOOP_##suffix for (int i = 0; i < BATCH; i++) out[i] = adj_##name##_##suffix(a[i], b[i]); \
  }
// Calls of the C library.
#define CALL(level, name, T, suffix)                                                  \
  TARGET_##level ALONE static void name##_##suffix##_##level(const T *a, T *out) {     \
    for (int i = 0; i < BATCH; i++) out[i] = adj_##name##_##suffix(a[i]);             \
  }
#define CALL2(level, name, T, suffix)                                                 \
  TARGET_##level ALONE static void name##_##suffix##_##level(const T *a, const T *b, T *out) { \
    for (int i = 0; i < BATCH; i++) out[i] = adj_##name##_##suffix(a[i], b[i]);       \
  }
// sin, cos and tan of doubles: the vectorised form if all arguments of the tile allow it.
#define TRIGONOMETRY(level, name, T, suffix)                                          \
  TARGET_##level ALONE static void name##_##suffix##_##level(const T *a, T *out) {     \
    int far = 0;                                                                      \
    LOOP_##suffix for (int i = 0; i < BATCH; i++) far |= !(adj_abs_f64(a[i]) < ADJ_NEAR_F64); \
    if (far)                                                                          \
      for (int i = 0; i < BATCH; i++) out[i] = adj_##name##_f64(a[i]);                \
    else                                                                              \
      LOOP_##suffix for (int i = 0; i < BATCH; i++) out[i] = adj_##name##_near_f64(a[i]); \
  }
#if LEVELS == 3
#define EACH(K, name, T, suffix) K(0, name, T, suffix) K(1, name, T, suffix) K(2, name, T, suffix)
#define LIST(name, suffix) {name##_##suffix##_0, name##_##suffix##_1, name##_##suffix##_2}
#else
#define EACH(K, name, T, suffix) K(0, name, T, suffix)
#define LIST(name, suffix) {name##_##suffix##_0}
#endif

// The oracles that glibc lacks; `l` marks long double as in glibc's own names.
static long double sigmoidl(long double x) {
  return x < 0 ? expl(x) / (1 + expl(x)) : 1 / (1 + expl(-x));
}
static long double softplusl(long double x) {
  return (x > 0 ? x : 0) + log1pl(expl(-fabsl(x)));
}
static double sigmoid(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }
static double softplus(double x) { return (x > 0 ? x : 0) + log1p(exp(-fabs(x))); }

/// Newton's method, from the function under test or, where that is of no use, from 0.
static long double erfinvl(long double x) {
  if (!(fabsl(x) < 1)) return fabsl(x) == 1 ? copysignl(INFINITY, x) : NAN;
  long double size = fabsl(x), y = adj_erfinv_f64((double)size);
  if (!(y < 7)) y = 6;
  for (int step = 0; step < 6; step++) {
    long double excess = size < 0.5L ? erfl(y) - size : (1 - size) - erfcl(y);
    y -= excess * (0.88622692545275801364908374167L * expl(y * y));
  }
  return copysignl(y, x);
}

/// The sum of (x + k)^-s, by the formula of Euler and Maclaurin from 60 on.
static long double zetal(int s, long double x) {
  long double sum = 0;
  for (; x < 60; x += 1) sum += powl(x, -s);
  long double power = powl(x, -s), square = 1 / (x * x);
  long double tail = s * power / x * (1 / 12.0L - (s + 1) * (s + 2) * square * (1 / 720.0L -
                     (s + 3) * (s + 4) * square * (1 / 30240.0L - (s + 5) * (s + 6) * square *
                     (1 / 1209600.0L - (s + 7) * (s + 8) * square / 47900160.0L))));
  return sum + (powl(x, 1 - s) / (s - 1) + power / 2 + tail);
}

#define PI_L 3.14159265358979323846264338327950288L

static long double digammal(long double x) {
  if (x == 0) return copysignl(INFINITY, -x);
  if (x < 0) {
    long double rest = x - rintl(x);
    if (rest == 0 || isinf(x)) return NAN;
    return digammal(1 - x) - PI_L * cosl(PI_L * rest) / sinl(PI_L * rest);
  }
  long double sum = 0;
  for (; x < 60; x += 1) sum += 1 / x;
  long double square = 1 / (x * x);
  long double tail = 1 / (2 * x) + square * (1 / 12.0L - square * (1 / 120.0L - square * (1 / 252.0L -
                     square * (1 / 240.0L - square / 132.0L))));
  return logl(x) - tail - sum;
}

/// Derivatives of digamma: orders 1 and 2, from the sums that start at the left of x.
static long double polygammal(int n, long double x) {
  long double sign = n == 1 ? 1 : -2;
  if (isnan(x) || x == -INFINITY) return NAN;
  if (x == INFINITY) return n == 1 ? 0.0L : -0.0L;
  if (x > 0) return sign * zetal(n + 1, x);
  long double rest = x - rintl(x);
  if (rest == 0) return sign * INFINITY;
  long double s = sinl(PI_L * rest), c = cosl(PI_L * rest);
  if (n == 1) return PI_L * PI_L / (s * s) - zetal(2, 1 - x);
  return -2 * PI_L * PI_L * PI_L * c / (s * s * s) - 2 * zetal(3, 1 - x);
}
static long double trigammal(long double x) { return polygammal(1, x); }
static long double polygamma2l(long double x) { return polygammal(2, x); }

/// The size of the numbers that cancel.
static long double lgamma_parts(long double x) { return x < 0 ? fmaxl(1, lgammal(1 - x)) : 1; }
static long double digamma_parts(long double x) { return x < 0 ? fmaxl(1, logl(1 - x)) : 1; }
static long double polygamma2_parts(long double x) {
  long double rest = fabsl(x - rintl(x));
  return x < 0 ? 2 / (rest * rest * rest) : 1;
}

static double erfinv(double x) { return (double)erfinvl(x); }
static double digamma(double x) { return (double)digammal(x); }
static double trigamma(double x) { return (double)polygammal(1, x); }
static double polygamma2(double x) { return (double)polygammal(2, x); }

static inline double adj_polygamma2_f64(double x) { return adj_polygamma_f64(x, 2); }
static inline float adj_polygamma2_f32(float x) { return adj_polygamma_f32(x, 2); }

#define PLAIN(F) F(exp) F(expm1) F(exp2) F(log) F(log1p) F(log2) F(log10) F(cbrt) F(asin) F(acos) \
  F(atan) F(sinh) F(cosh) F(tanh) F(asinh) F(acosh) F(atanh) F(sigmoid) F(softplus) F(erf) F(erfc) \
  F(erfinv) F(trigamma)
#define PERIODIC(F) F(sin) F(cos) F(tan)
#define CALLED(F) F(polygamma2)

#define PLAIN_KERNELS(name) EACH(KERNEL, name, float, f32) EACH(KERNEL, name, double, f64)
#define PERIODIC_KERNELS(name) EACH(KERNEL, name, float, f32) EACH(TRIGONOMETRY, name, double, f64)
#define CALLED_KERNELS(name) EACH(CALL, name, float, f32) EACH(CALL, name, double, f64)
PLAIN(PLAIN_KERNELS)
PERIODIC(PERIODIC_KERNELS)
CALLED(CALLED_KERNELS)
PLAIN_KERNELS(digamma)
EACH(KERNEL, lgamma, float, f32)
EACH(CALL, lgamma, double, f64)
EACH(KERNEL2, atan2, float, f32)
EACH(KERNEL2, atan2, double, f64)
EACH(KERNEL2, hypot, float, f32)
EACH(KERNEL2, hypot, double, f64)
EACH(KERNEL2, pow, float, f32)
EACH(CALL2, pow, double, f64)

typedef struct {
  const char *name;
  void (*f32[LEVELS])(const float *, float *);
  void (*f64[LEVELS])(const double *, double *);
  double (*oracle32)(double);
  long double (*oracle64)(long double);
  long double (*parts)(long double);  // of a function with zeros near which it cancels
} unary;
#define UNARY_ROW(n) {#n, LIST(n, f32), LIST(n, f64), n, n##l, 0},
#define ZEROS_ROW(n) {#n, LIST(n, f32), LIST(n, f64), n, n##l, n##_parts},
static const unary functions[] = {
    PLAIN(UNARY_ROW) PERIODIC(UNARY_ROW) ZEROS_ROW(lgamma) ZEROS_ROW(digamma)
    ZEROS_ROW(polygamma2)};

typedef struct {
  const char *name;
  void (*f32[LEVELS])(const float *, const float *, float *);
  void (*f64[LEVELS])(const double *, const double *, double *);
  double (*oracle32)(double, double);
  long double (*oracle64)(long double, long double);
} binary;
#define BINARY_ROW(n) {#n, LIST(n, f32), LIST(n, f64), n, n##l},
static const binary pairs[] = {BINARY_ROW(atan2) BINARY_ROW(hypot) BINARY_ROW(pow)};

typedef struct {
  double ulp, x, y;
} worst;

/// The error of `got` in units of the spacing of numbers with `digits` bits at `exact`. Overflow
/// counts as the power of two just out of range: a result beside the border is judged by distance.
static double ulps(long double got, long double exact, int digits, int lowest, int highest) {
  if (isnan(exact) || isnan(got)) return isnan(exact) && isnan(got) ? 0 : INFINITY;
  long double limit = ldexpl(1, highest);
  if (isinf(exact) && got != exact) return INFINITY;
  if (signbit(got) != signbit(exact)) return INFINITY;
  if (isinf(got)) got = copysignl(limit, got);
  if (fabsl(exact) > limit) exact = copysignl(limit, exact);
  int exponent = exact == 0 ? lowest : ilogbl(exact);
  if (exponent > highest - 1) exponent = highest - 1;
  int unit = exponent - digits + 1;
  return (double)(fabsl(got - exact) / ldexpl(1, unit < lowest ? lowest : unit));
}

/// The same where smaller values than `size` are judged as that is.
static double ulps_at(long double size, long double got, long double exact, int digits, int lowest,
                      int highest) {
  if (fabsl(exact) < size && fabsl(got) < 2 * size && size < ldexpl(1, highest))
    return (double)(fabsl(got - exact) / ldexpl(1, ilogbl(size) - digits + 1));
  return ulps(got, exact, digits, lowest, highest);
}

static double ulps32(float got, double exact, long double parts) {
  if (parts > 0) return ulps_at(parts, got, exact, FLT_MANT_DIG, -149, 128);
  // The common case without the slow calls above.
  double size = fabs(exact);
  if (size >= 0x1p-126 && size < 0x1p127 && signbit(got) == signbit(exact)) {
    uint64_t power = adj_bits_f64(size) & 0x7ff0000000000000ull;
    return fabs((double)got - exact) / (adj_from_bits_f64(power) * 0x1p-23);
  }
  return ulps(got, exact, FLT_MANT_DIG, -149, 128);
}
static double ulps64(double got, long double exact, long double size) {
  if (size > 0) return ulps_at(size, got, exact, DBL_MANT_DIG, -1074, 1024);
  return ulps(got, exact, DBL_MANT_DIG, -1074, 1024);
}

static void note(worst *row, double error, double x, double y) {
  if (error > row->ulp || row->ulp < 0) *row = (worst){error, x, y};
}

static worst try_f32(const unary *f, uint32_t stride) {
  worst row = {-1, 0, 0};
  float a[BATCH], out[BATCH];
  for (uint64_t first = 0; first < (1ull << 32); first += (uint64_t)stride * BATCH) {
    double exact[BATCH];
    for (int i = 0; i < BATCH; i++) {
      a[i] = adj_from_bits_f32((uint32_t)(first + (uint64_t)stride * i));
      exact[i] = f->oracle32(a[i]);
    }
    for (int level = 0; level < LEVELS; level++) {
      if (!level_runs(level)) continue;
      f->f32[level](a, out);
      for (int i = 0; i < BATCH; i++) note(&row, ulps32(out[i], exact[i], f->parts ? f->parts(a[i]) : 0), a[i], 0);
    }
  }
  return row;
}

// SplitMix64, so that every run tries the same numbers.
static uint64_t random_state = 1;
static uint64_t random_bits(void) {
  uint64_t z = random_state += 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

static const double special[] = {
    0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 27.3, 37.0, 88.0,
    INFINITY, NAN, DBL_MAX, FLT_MAX, 0x1p-1074, 0x1p-1022, 0x1p-149, 0x1p-126,
    0x1.fffffffffffffp-1, 0x1.0000000000001p+0, M_PI, M_PI_2, M_PI_4, M_LN2,
    0x1p20, 0x1p23 + 1, 0x1p24 - 1, 0x1p24, 0x1p31, 0x1p52, 0x1p53 - 1, 0x1p53, 0x1p54,
    // Around the overflow and underflow of exp, and of sinh.
    709.78271289338397, 709.78271289338409, 745.1332191019411, 745.13321910194122, 710.5,
    // The double that comes nearest to a multiple of pi/2.
    6381956970095103.0 * 0x1p797,
};
enum { SPECIALS = sizeof special / sizeof special[0] };

/// Of ordinary size, where the functions do their work, or every other one from all bit patterns.
static double random_double(int ordinary) {
  uint64_t bits = random_bits();
  if (!ordinary && (bits & 1)) {
    double any = adj_from_bits_f64(random_bits());
    return any == any ? any : NAN;  // a quiet one: pow(NaN, 0) is 1 for those only
  }
  double unit = (double)(random_bits() >> 11) * 0x1p-53;
  if ((bits >> 32) % 8 == 0) {  // beside 1 or -1
    double near = 1 + ldexp(unit - 0.5, -(int)((bits >> 1) % 50));
    return bits & 0x10000000 ? near : -near;
  }
  double size = ldexp(1 + unit, (int)((bits >> 1) % 24) - 13);
  return bits & 0x10000000 ? size : -size;
}

static worst try_f64(const unary *f, int batches) {
  worst row = {-1, 0, 0};
  double a[BATCH], out[BATCH];
  long double exact[BATCH];
  random_state = 1;
  for (int batch = 0; batch < batches; batch++) {
    for (int i = 0; i < BATCH; i++) {
      a[i] = random_double(batch & 1);
      if (batch == 0 && i < 2 * SPECIALS) a[i] = i & 1 ? -special[i / 2] : special[i / 2];
      exact[i] = f->oracle64(a[i]);
    }
    for (int level = 0; level < LEVELS; level++) {
      if (!level_runs(level)) continue;
      f->f64[level](a, out);
      for (int i = 0; i < BATCH; i++) note(&row, ulps64(out[i], exact[i], f->parts ? f->parts(a[i]) : 0), a[i], 0);
    }
  }
  return row;
}

/// Every pair of special values, then random ones; bases and exponents whose power is mostly finite.
static void try_binary(const binary *f, int batches, worst *row32, worst *row64) {
  int is_power = !strcmp(f->name, "pow");
  double x[BATCH], y[BATCH], got[BATCH];
  float x32[BATCH], y32[BATCH], got32[BATCH];
  *row32 = *row64 = (worst){-1, 0, 0};
  random_state = 1;
  int pair = 0;
  for (int batch = 0; batch < batches; batch++) {
    for (int i = 0; i < BATCH; i++, pair++) {
      int k = pair / 4;
      if (k < SPECIALS * SPECIALS) {
        x[i] = pair & 1 ? -special[k / SPECIALS] : special[k / SPECIALS];
        y[i] = pair & 2 ? -special[k % SPECIALS] : special[k % SPECIALS];
      } else {
        x[i] = random_double(0);
        y[i] = random_double(0);
        uint64_t kind = random_bits() & 3;
        double unit = (double)(random_bits() >> 11) * 0x1p-52 - 1;
        if (is_power) {
          if (kind == 1) y[i] = (double)(int)(y[i] < 64 && y[i] > -64 ? y[i] : 3);
          if (kind > 1) x[i] = fabs(x[i]), y[i] = 1100 * unit / log2(x[i]);
          if (kind == 3) y[i] *= 0.125;
        } else if (kind > 1) {  // of similar size
          y[i] = x[i] * unit;
        }
      }
      x32[i] = (float)x[i];
      y32[i] = (float)y[i];
    }
    for (int level = 0; level < LEVELS; level++) {
      if (!level_runs(level)) continue;
      f->f32[level](x32, y32, got32);
      f->f64[level](x, y, got);
      for (int i = 0; i < BATCH; i++) {
        note(row32, ulps32(got32[i], f->oracle32(x32[i], y32[i]), 0), x32[i], y32[i]);
        note(row64, ulps64(got[i], f->oracle64(x[i], y[i]), 0), x[i], y[i]);
      }
    }
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

/// Nanoseconds per element over 1,024 in the first-level cache, the best of several runs.
#define TIME(call)                                             \
  ({                                                           \
    double best = INFINITY;                                    \
    for (int run = 0; run < 20; run++) {                       \
      double start = now();                                    \
      for (int k = 0; k < 100; k++) call;                      \
      best = fmin(best, (now() - start) / (100.0 * BATCH));    \
    }                                                          \
    best * 1e9;                                                \
  })

static int with_times;

static void print_row(const char *name, const char *dtype, worst w, const double *ns, int binary) {
  char at[96];
  if (binary) snprintf(at, sizeof at, "%.9g, %.9g", w.x, w.y);
  else snprintf(at, sizeof at, "%.17g", w.x);
  printf("| `%s` | %s | %.2f | %s |", name, dtype, w.ulp, at);
  for (int level = 0; with_times && level < LEVELS; level++)
    if (level_runs(level)) printf(" %.2f |", ns[level]);
    else printf(" |");
  printf("\n");
  fflush(stdout);
}

int main(int argc, char **argv) {
  uint32_t stride = argc > 1 ? (uint32_t)strtoul(argv[1], 0, 10) : 61;
  const char *only = argc > 2 && strcmp(argv[2], "all") ? argv[2] : "";
  with_times = argc > 3 && !strcmp(argv[3], "times");
  if (stride == 0) return fprintf(stderr, "ulp: the stride must be at least 1\n"), 2;
  printf("| function | dtype | worst error in ulp | at |%s\n", with_times ? " baseline | v3 | v4 |" : "");
  printf("|---|---|---|---|%s\n", with_times ? "---|---|---|" : "");
  static float a32[BATCH], b32[BATCH], out32[BATCH];
  static double a64[BATCH], b64[BATCH], out64[BATCH];
  for (int i = 0; i < BATCH; i++) {
    a64[i] = a32[i] = 0.001f + 0.9f * (float)i / BATCH;
    b64[i] = b32[i] = 3.0f * (float)i / BATCH;
  }
  for (size_t k = 0; k < sizeof functions / sizeof functions[0]; k++) {
    const unary *f = &functions[k];
    if (*only && strcmp(only, f->name)) continue;
    double ns[LEVELS] = {0};
    for (int level = 0; level < LEVELS; level++)
      if (with_times && level_runs(level)) ns[level] = TIME(f->f32[level](a32, out32));
    print_row(f->name, "float32", try_f32(f, stride), ns, 0);
    for (int level = 0; level < LEVELS; level++)
      if (with_times && level_runs(level)) ns[level] = TIME(f->f64[level](a64, out64));
    print_row(f->name, "float64", try_f64(f, 2000), ns, 0);
  }
  for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
    const binary *f = &pairs[k];
    if (*only && strcmp(only, f->name)) continue;
    worst row32, row64;
    double ns32[LEVELS] = {0}, ns64[LEVELS] = {0};
    try_binary(f, 2000, &row32, &row64);
    for (int level = 0; level < LEVELS; level++)
      if (with_times && level_runs(level)) {
        ns32[level] = TIME(f->f32[level](a32, b32, out32));
        ns64[level] = TIME(f->f64[level](a64, b64, out64));
      }
    print_row(f->name, "float32", row32, ns32, 1);
    print_row(f->name, "float64", row64, ns64, 1);
  }
  return 0;
}
