// Whole transforms and the way of lines in and out, for one type (see fft_passes.h).

// A block of eight by eight elements, transposed by three rounds of interleaving: memory is read and
// written in runs on both sides.
typedef REAL NAMED(eight) __attribute__((ext_vector_type(8), aligned(sizeof(REAL))));

INLINE void NAMED(transpose_eight)(NAMED(eight) v[8]) {
  _Pragma("unroll") for (int round = 0; round < 3; round++) {
    NAMED(eight) t[8];
    _Pragma("unroll") for (int i = 0; i < 4; i++) {
      t[2 * i] = __builtin_shufflevector(v[i], v[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      t[2 * i + 1] = __builtin_shufflevector(v[i], v[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    _Pragma("unroll") for (int i = 0; i < 8; i++) v[i] = t[i];
  }
}

// out[c * out_step + r] = in[r * in_step + c] for `rows` by `columns`.
ADJ_CLONES static void NAMED(transpose)(REAL *out, int64_t out_step, const REAL *in, int64_t in_step,
                                        int64_t rows, int64_t columns) {
  int64_t r = 0;
  for (; r + 8 <= rows; r += 8) {
    int64_t c = 0;
    for (; c + 8 <= columns; c += 8) {
      NAMED(eight) v[8];
      for (int i = 0; i < 8; i++) v[i] = *(const NAMED(eight) *)(in + (r + i) * in_step + c);
      NAMED(transpose_eight)(v);
      for (int i = 0; i < 8; i++) *(NAMED(eight) *)(out + (c + i) * out_step + r) = v[i];
    }
    for (; c < columns; c++)
      for (int i = 0; i < 8; i++) out[c * out_step + r + i] = in[(r + i) * in_step + c];
  }
  for (; r < rows; r++)
    for (int64_t c = 0; c < columns; c++) out[c * out_step + r] = in[r * in_step + c];
}

// x *= w, complex; w has one factor for `s` neighbours.
ADJ_CLONES static void NAMED(scale_rows)(PLANES x, const REAL *w, int64_t rows, int64_t s) {
  for (int64_t k = 0; k < rows; k++) {
    const REAL c = w[2 * k], t = w[2 * k + 1];
    REAL *xr = x.re + k * s, *xi = x.im + k * s;
    ADJ_LOOP for (int64_t q = 0; q < s; q++) {
      const REAL re = xr[q], im = xi[q];
      xr[q] = re * c - im * t, xi[q] = re * t + im * c;
    }
  }
}

// x *= w, element by element; w holds real parts and then imaginary ones `apart`.
ADJ_CLONES static void NAMED(scale_each)(PLANES x, const REAL *w, int64_t apart, int64_t n) {
  ADJ_LOOP for (int64_t i = 0; i < n; i++) {
    const REAL re = x.re[i], im = x.im[i], c = w[i], t = w[apart + i];
    x.re[i] = re * c - im * t, x.im[i] = re * t + im * c;
  }
}

static void NAMED(copy_rows)(REAL *out, int64_t out_step, const REAL *in, int64_t in_step,
                             int64_t rows, int64_t columns) {
  for (int64_t r = 0; r < rows; r++)
    memcpy(out + r * out_step, in + r * in_step, (size_t)columns * sizeof(REAL));
}

// One line as a matrix of n1 rows and n2 columns, element (i, j) being number i * n2 + j. The columns
// are transformed a block at a time, multiplied by w^(i j), and laid down as rows of b; then b's
// columns are transformed the same way, which gives the result in its natural order in a.
typedef struct {
  const fft_core *core;
  PLANES a, b;
  REAL *scratch;
  int64_t apart;  // of the blocks' scratch space: 0 where one block follows the other
} NAMED(matrix);

// The block's working planes for `length` rows.
INLINE PLANES NAMED(block_planes)(const NAMED(matrix) *x, int64_t block, int64_t length, int pair) {
  REAL *start = x->scratch + x->apart * block + 2 * pair * length * FFT_BLOCK;
  return (PLANES){start, start + length * FFT_BLOCK};
}

static void NAMED(matrix_columns)(void *work, int64_t block) {
  const NAMED(matrix) *matrix = work;
  const fft_core *core = matrix->core;
  const int64_t n1 = core->columns->n, n2 = core->lines->n, j = block * FFT_BLOCK;
  const int64_t width = n2 - j < FFT_BLOCK ? n2 - j : FFT_BLOCK;
  PLANES x = NAMED(block_planes)(matrix, block, n1, 0), y = NAMED(block_planes)(matrix, block, n1, 1);
  NAMED(copy_rows)(x.re, width, matrix->a.re + j, n2, n1, width);
  NAMED(copy_rows)(x.im, width, matrix->a.im + j, n2, n1, width);
  PLANES z = NAMED(passes)(core->columns, width, x, y);
  PLANES rows = {matrix->b.re + j * n1, matrix->b.im + j * n1};
  NAMED(transpose)(rows.re, n1, z.re, width, n1, width);
  NAMED(transpose)(rows.im, n1, z.im, width, n1, width);
  NAMED(scale_each)(rows, (const REAL *)core->between + j * n1, core->n, width * n1);
}

static void NAMED(matrix_rows)(void *work, int64_t block) {
  const NAMED(matrix) *matrix = work;
  const fft_core *core = matrix->core;
  const int64_t n1 = core->columns->n, n2 = core->lines->n, k = block * FFT_BLOCK;
  const int64_t width = n1 - k < FFT_BLOCK ? n1 - k : FFT_BLOCK;
  PLANES x = NAMED(block_planes)(matrix, block, n2, 0), y = NAMED(block_planes)(matrix, block, n2, 1);
  NAMED(copy_rows)(x.re, width, matrix->b.re + k, n1, n2, width);
  NAMED(copy_rows)(x.im, width, matrix->b.im + k, n1, n2, width);
  PLANES z = NAMED(passes)(core->lines, width, x, y);
  NAMED(copy_rows)(matrix->a.re + k, n1, z.re, width, n2, width);
  NAMED(copy_rows)(matrix->a.im + k, n1, z.im, width, n2, width);
}

static void NAMED(run_matrix)(const fft_core *core, PLANES a, PLANES b, REAL *scratch,
                              const adj_pool *pool) {
  const int64_t n1 = core->columns->n, n2 = core->lines->n;
  NAMED(matrix) matrix = {core, a, b, scratch, 0};
  const int64_t first = (n2 + FFT_BLOCK - 1) / FFT_BLOCK, second = (n1 + FFT_BLOCK - 1) / FFT_BLOCK;
  if (pool && core->n >= FFT_SHARED) {
    matrix.apart = 4 * n1 * FFT_BLOCK;
    pool->run(pool->context, first, NAMED(matrix_columns), &matrix);
    matrix.apart = 4 * n2 * FFT_BLOCK;
    pool->run(pool->context, second, NAMED(matrix_rows), &matrix);
  } else {
    for (int64_t block = 0; block < first; block++) NAMED(matrix_columns)(&matrix, block);
    for (int64_t block = 0; block < second; block++) NAMED(matrix_rows)(&matrix, block);
  }
}

PLANES NAMED(fft_run)(const fft_core *core, int64_t s, PLANES a, PLANES b, REAL *scratch,
                      const adj_pool *pool) {
  if (core->convolution) {
    const int64_t n = core->n, m = core->rows;
    NAMED(scale_rows)(a, core->chirp, n, s);
    memset(a.re + n * s, 0, (size_t)((m - n) * s) * sizeof(REAL));
    memset(a.im + n * s, 0, (size_t)((m - n) * s) * sizeof(REAL));
    PLANES z = NAMED(fft_run)(core->convolution, s, a, b, scratch, pool);
    NAMED(scale_rows)(z, core->spectrum, m, s);
    // The inverse is the transform with the planes exchanged, before and after.
    PLANES other = z.re == a.re ? b : a;
    z = NAMED(fft_run)(core->convolution, s, (PLANES){z.im, z.re}, (PLANES){other.im, other.re},
                       scratch, pool);
    z = (PLANES){z.im, z.re};
    NAMED(scale_rows)(z, core->chirp, n, s);
    return z;
  }
  if (core->columns && s == 1) {
    NAMED(run_matrix)(core, a, b, scratch, pool);
    return a;
  }
  return NAMED(passes)(core, s, a, b);
}

// MARK: Lines

// Where element k of the lines is in the working planes: rows of one plane, or of two in turn.
typedef struct { REAL *even, *odd; int shift; int64_t s; } NAMED(rows);

INLINE REAL *NAMED(row)(const NAMED(rows) *rows, int64_t k) {
  return (k & 1 ? rows->odd : rows->even) + (k >> rows->shift) * rows->s;
}

// Moves elements 0 ..< count of `s` lines from `first` on between an array [outer, length, inner] and
// rows of `s` neighbours.
ADJ_CLONES static void NAMED(move)(NAMED(rows) rows, REAL *array, int64_t length, int64_t inner,
                                   int64_t first, int64_t count, bool in) {
  const int64_t s = rows.s;
  if (inner == 1 && s == 1) {
    REAL *from = array + first * length;
    if (rows.shift == 0) {
      if (in) memcpy(rows.even, from, (size_t)count * sizeof(REAL));
      else memcpy(from, rows.even, (size_t)count * sizeof(REAL));
      return;
    }
    for (int64_t k = 0; k + 1 < count; k += 2) {
      if (in) rows.even[k / 2] = from[k], rows.odd[k / 2] = from[k + 1];
      else from[k] = rows.even[k / 2], from[k + 1] = rows.odd[k / 2];
    }
    if (count % 2) {
      if (in) rows.even[count / 2] = from[count - 1]; else from[count - 1] = rows.even[count / 2];
    }
    return;
  }
  if (inner == 1) {
    REAL *from = array + first * length;
    int64_t k = 0;
    for (; k + 8 <= count; k += 8) {
      REAL *at[8];
      for (int i = 0; i < 8; i++) at[i] = NAMED(row)(&rows, k + i);
      int64_t q = 0;
      for (; q + 8 <= s; q += 8) {
        NAMED(eight) v[8];
        REAL *line = from + q * length + k;
        if (in) {
          for (int i = 0; i < 8; i++) v[i] = *(NAMED(eight) *)(line + i * length);
          NAMED(transpose_eight)(v);
          for (int i = 0; i < 8; i++) *(NAMED(eight) *)(at[i] + q) = v[i];
        } else {
          for (int i = 0; i < 8; i++) v[i] = *(NAMED(eight) *)(at[i] + q);
          NAMED(transpose_eight)(v);
          for (int i = 0; i < 8; i++) *(NAMED(eight) *)(line + i * length) = v[i];
        }
      }
      for (; q < s; q++)
        for (int i = 0; i < 8; i++) {
          REAL *element = from + q * length + k + i;
          if (in) at[i][q] = *element; else *element = at[i][q];
        }
    }
    for (; k < count; k++)
      for (int64_t q = 0; q < s; q++) {
        REAL *element = from + q * length + k, *place = NAMED(row)(&rows, k) + q;
        if (in) *place = *element; else *element = *place;
      }
    return;
  }
  for (int64_t q = 0; q < s;) {
    const int64_t line = first + q, start = line % inner;
    const int64_t run = inner - start < s - q ? inner - start : s - q;
    REAL *from = array + line / inner * length * inner + start;
    for (int64_t k = 0; k < count; k++) {
      REAL *place = NAMED(row)(&rows, k) + q, *elements = from + k * inner;
      if (in) memcpy(place, elements, (size_t)run * sizeof(REAL));
      else memcpy(elements, place, (size_t)run * sizeof(REAL));
    }
    q += run;
  }
}

// Elements of the input up to `wanted`, and zeros where there are no more.
static void NAMED(load)(NAMED(rows) rows, const adj_fft_job *job, const void *array, int64_t first,
                        int64_t wanted) {
  int64_t count = array == NULL ? 0 : job->in_length < wanted ? job->in_length : wanted;
  if (count > 0)
    NAMED(move)(rows, (REAL *)array, job->in_length, job->inner, first, count, true);
  for (int64_t k = count; k < wanted; k++)
    memset(NAMED(row)(&rows, k), 0, (size_t)rows.s * sizeof(REAL));
}

static void NAMED(store)(NAMED(rows) rows, const adj_fft_job *job, void *array, int64_t first) {
  NAMED(move)(rows, array, job->out_length, job->inner, first, job->out_length, false);
}

ADJ_CLONES static void NAMED(multiply)(REAL *x, REAL factor, int64_t n) {
  if (factor == 1) return;
  ADJ_LOOP for (int64_t i = 0; i < n; i++) x[i] *= factor;
}

// From the transform z of even elements + i odd elements to that of the whole real line: rows
// 0 ... h of x. With e_k, o_k the transforms of both halves, x_k = e_k + w^k o_k.
ADJ_CLONES static void NAMED(join)(PLANES x, PLANES z, const REAL *w, int64_t h, int64_t s) {
  for (int64_t k = 0; k <= h; k++) {
    const REAL *ar = z.re + (k == h ? 0 : k) * s, *ai = z.im + (k == h ? 0 : k) * s;
    const REAL *br = z.re + (k == 0 ? 0 : h - k) * s, *bi = z.im + (k == 0 ? 0 : h - k) * s;
    REAL *xr = x.re + k * s, *xi = x.im + k * s;
    const REAL c = w[2 * k], t = w[2 * k + 1], ends = k == 0 || k == h ? 0 : 1;
    ADJ_LOOP for (int64_t q = 0; q < s; q++) {
      const REAL er = (REAL)0.5 * (ar[q] + br[q]), ei = (REAL)0.5 * (ai[q] - bi[q]);
      const REAL or = (REAL)0.5 * (ai[q] + bi[q]), oi = (REAL)0.5 * (br[q] - ar[q]);
      xr[q] = er + (or * c - oi * t);
      xi[q] = ends != 0 ? ei + (or * t + oi * c) : 0;
    }
  }
}

// The way back, without the factor 1/2; the imaginary parts at both ends count as zero.
ADJ_CLONES static void NAMED(part)(PLANES z, PLANES x, const REAL *w, int64_t h, int64_t s) {
  memset(x.im, 0, (size_t)s * sizeof(REAL));
  memset(x.im + h * s, 0, (size_t)s * sizeof(REAL));
  for (int64_t k = 0; k < h; k++) {
    const REAL *ar = x.re + k * s, *ai = x.im + k * s;
    const REAL *br = x.re + (h - k) * s, *bi = x.im + (h - k) * s;
    REAL *zr = z.re + k * s, *zi = z.im + k * s;
    const REAL c = w[2 * k], t = -w[2 * k + 1];
    ADJ_LOOP for (int64_t q = 0; q < s; q++) {
      const REAL dr = ar[q] - br[q], di = ai[q] + bi[q];
      const REAL or = dr * c - di * t, oi = dr * t + di * c;
      zr[q] = ar[q] + br[q] - oi;
      zi[q] = ai[q] - bi[q] + or;
    }
  }
}

void NAMED(fft_lines)(const adj_fft_plan *plan, const adj_fft_job *job, void *memory, int64_t first,
                      int64_t s) {
  const fft_core *core = plan->core;
  const int64_t n = plan->n, h = n / 2, plane = fft_plane(plan) * s;
  REAL *start = memory;
  PLANES a = {start, start + plane}, b = {start + 2 * plane, start + 3 * plane}, z;
  REAL *scratch = start + 4 * plane;
  const REAL scale = (REAL)job->scale;
  const bool from_real = plan->real && !job->inverse, to_real = plan->real && job->inverse;
  NAMED(rows) re = {a.re, a.re, 0, s}, im = {a.im, a.im, 0, s}, pairs = {a.re, a.im, 1, s};
  if (from_real) {
    NAMED(load)(plan->halved ? pairs : re, job, job->re, first, n);
    if (!plan->halved) memset(a.im, 0, (size_t)(n * s) * sizeof(REAL));
  } else if (to_real && plan->halved) {
    PLANES spectrum = b;
    NAMED(load)((NAMED(rows)){b.re, b.re, 0, s}, job, job->re, first, h + 1);
    NAMED(load)((NAMED(rows)){b.im, b.im, 0, s}, job, job->im, first, h + 1);
    NAMED(part)(a, spectrum, plan->roots, h, s);
  } else {
    NAMED(load)(re, job, job->re, first, to_real ? h + 1 : n);
    NAMED(load)(im, job, job->im, first, to_real ? h + 1 : n);
    if (to_real) {
      // The other half of the spectrum of a real line mirrors this one.
      memset(a.im, 0, (size_t)s * sizeof(REAL));
      for (int64_t i = s * (h + 1); i < s * n; i++) {
        const int64_t mirror = (n - i / s) * s + i % s;
        a.re[i] = a.re[mirror], a.im[i] = -a.im[mirror];
      }
    }
  }
  if (job->inverse) {
    z = NAMED(fft_run)(core, s, (PLANES){a.im, a.re}, (PLANES){b.im, b.re}, scratch, job->pool);
    z = (PLANES){z.im, z.re};
  } else {
    z = NAMED(fft_run)(core, s, a, b, scratch, job->pool);
  }
  if (from_real && plan->halved) {
    PLANES x = z.re == a.re ? b : a;
    NAMED(join)(x, z, plan->roots, h, s);
    z = x;
  } else if (from_real) {
    memset(z.im, 0, (size_t)s * sizeof(REAL));
  }
  if (to_real && plan->halved) {
    NAMED(multiply)(z.re, scale, h * s);
    NAMED(multiply)(z.im, scale, h * s);
    NAMED(store)((NAMED(rows)){z.re, z.im, 1, s}, job, job->out_re, first);
    return;
  }
  NAMED(multiply)(z.re, scale, job->out_length * s);
  NAMED(store)((NAMED(rows)){z.re, z.re, 0, s}, job, job->out_re, first);
  if (to_real) return;
  NAMED(multiply)(z.im, scale, job->out_length * s);
  NAMED(store)((NAMED(rows)){z.im, z.im, 0, s}, job, job->out_im, first);
}
