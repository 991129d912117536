// What the files of the discrete Fourier transform share.
//
// Several lines are transformed side by side: element k of line q lies at k * lanes + q, so that every
// butterfly is one loop over neighbours in memory, which compilers turn into vectors whatever the
// radix. Real and imaginary parts are separate planes. A single long line becomes a matrix, whose
// columns and then rows are such sets of lines (Bailey, "FFTs in external or hierarchical memory",
// 1990). The passes are Stockham's, which need no reordering by reversed digits.
#pragma once
#include "kernels.h"

enum { FFT_PASSES = 64, FFT_GENERIC = 64, FFT_BLOCK = 32 };

/// A complex transform of one length.
typedef struct fft_core {
  int dtype;
  int64_t n;
  /// Rows that the working planes need: `n`, or more where the transform is a convolution.
  int64_t rows;
  // In passes: each has its radix and the twiddle factors w^(p k), k = 1 ... radix - 1, p = 0 ...
  int passes;
  int64_t radix[FFT_PASSES];
  void *twiddles[FFT_PASSES];
  void *roots[FFT_PASSES];  // the radix's own roots of unity, for radices without a kernel
  // As a matrix of n1 by n2: the cores of both lengths and the factors in between, [n2][n1].
  struct fft_core *columns, *lines;
  void *between;
  // As a convolution with a chirp (Bluestein, 1970).
  struct fft_core *convolution;
  void *chirp, *spectrum;
} fft_core;

struct adj_fft_plan {
  int dtype;
  int64_t n;
  bool real;
  bool halved;   // a real line of even length is a complex one of half of it
  void *roots;   // of the whole length, for putting the halves together
  fft_core *core;
};

/// Two planes of numbers.
typedef struct { float *re, *im; } fft_planes_f32;
typedef struct { double *re, *im; } fft_planes_f64;

/// Transforms `s` lines that lie side by side in `a`, with `b` of the same size and `scratch` to work
/// in. The result is in the planes returned, `a` or `b`; the other pair is spoilt. Long lines are
/// shared out over the pool, if there is one.
fft_planes_f32 fft_run_f32(const fft_core *core, int64_t s, fft_planes_f32 a, fft_planes_f32 b,
                           float *scratch, const adj_pool *pool);
fft_planes_f64 fft_run_f64(const fft_core *core, int64_t s, fft_planes_f64 a, fft_planes_f64 b,
                           double *scratch, const adj_pool *pool);

/// The length from which the blocks of a matrix are worth handing to other threads.
enum { FFT_SHARED = 1 << 15 };

/// Numbers that `fft_run` needs in `scratch` beside its planes.
int64_t fft_scratch(const fft_core *core);

/// One block of lines of a job.
void fft_lines_f32(const adj_fft_plan *plan, const adj_fft_job *job, void *scratch, int64_t begin,
                   int64_t count);
void fft_lines_f64(const adj_fft_plan *plan, const adj_fft_job *job, void *scratch, int64_t begin,
                   int64_t count);

/// The rows of a working plane: those of the core, and one more than half of a real line.
static inline int64_t fft_plane(const adj_fft_plan *plan) {
  return plan->core->rows > plan->n / 2 + 1 ? plan->core->rows : plan->n / 2 + 1;
}
