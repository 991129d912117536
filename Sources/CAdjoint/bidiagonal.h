// The two passes of a step of `Bidiagonal.swift`, for one element type. Included by bidiagonal.c
// with T and SUFFIX defined. Sums are taken lane by lane, so their order is the same everywhere.

#define NAME(name) JOIN(name, SUFFIX)
#define VECTOR NAME(vector)
#define LANES ((int64_t)(64 / sizeof(T)))
#define LOAD(p) (*(const VECTOR *)(p))
#define STORE(p, v) (*(VECTOR *)(p) = (v))

typedef T VECTOR __attribute__((vector_size(64), aligned(sizeof(T))));

INLINE T NAME(total)(const VECTOR *v) {
  T sum[LANES];
  memcpy(sum, v, sizeof(sum));
  for (int64_t n = LANES / 2; n > 0; n /= 2)
    for (int64_t i = 0; i < n; i++) sum[i] += sum[i + n];
  return sum[0];
}

// Columns j ..< j + N, which stay in the L1 cache between the two loops.
INLINE void NAME(column_tile)(const adj_bidiagonal *p, int64_t j, T *sum, T *projection,
                              T *squares, const int N) {
  const int64_t step = p->step, width = p->width, first = step / LANES * LANES;
  const T *a = (const T *)p->a + j * p->stride, *v = p->v, *c = p->c, *row = p->row;
  T *right = (T *)p->right + j * 2 * width, *z = p->z;
  VECTOR dot[4] = {{0}};
  for (int64_t r = first; r < p->rows; r += LANES)
    UNROLL for (int q = 0; q < N; q++) dot[q] += LOAD(a + q * p->stride + r) * LOAD(v + r);
  T factor[4];
  for (int q = 0; q < N; q++, right += 2 * width) {
    VECTOR inY = {0}, inZ = {0};
    for (int64_t half = 0; half < 2 * width; half += width)
      for (int64_t k = half; k < half + step; k += LANES) {
        inY += LOAD(right + k) * LOAD(c + k);
        inZ += LOAD(right + k) * LOAD(row + k);
      }
    dot[q] -= inY;
    const T y = (T)p->tau * NAME(total)(&dot[q]);
    const T x = a[q * p->stride + step] - NAME(total)(&inZ) - y;
    right[step] = y;
    z[j + q] = factor[q] = x;
    if (j + q > step + 1) *squares += x * x;
    for (int64_t half = 0; half < 2 * width; half += width)
      for (int64_t k = half; k <= half + step; k += LANES)
        STORE(projection + k, LOAD(projection + k) + LOAD(right + k) * x);
  }
  for (int64_t r = first; r < p->rows; r += LANES) {
    VECTOR w = LOAD(sum + r);
    UNROLL for (int q = 0; q < N; q++) w += LOAD(a + q * p->stride + r) * factor[q];
    STORE(sum + r, w);
  }
}

ADJ_CLONES static void NAME(columns)(const adj_bidiagonal *p, int64_t begin, int64_t end, T *sum,
                                     T *projection) {
  memset(sum, 0, (size_t)p->rows * sizeof(T));
  memset(projection, 0, (size_t)(2 * p->width) * sizeof(T));
  T squares = 0;
  int64_t j = begin;
  for (; j + 4 <= end; j += 4) NAME(column_tile)(p, j, sum, projection, &squares, 4);
  for (; j < end; j++) NAME(column_tile)(p, j, sum, projection, &squares, 1);
  projection[2 * p->width] = squares;
}

// N vectors of rows from r on.
INLINE void NAME(row_tile)(const adj_bidiagonal *p, int64_t r, const T *sum, VECTOR *projection,
                           VECTOR *squares, const int N) {
  const int64_t step = p->step, width = p->width;
  const T *b = (const T *)p->a + step * p->stride + r, *c = p->c, *row = p->row;
  T *left = (T *)p->left + r, *v = (T *)p->v + r;
  VECTOR inX[4] = {{0}}, inA[4] = {{0}};
  for (int64_t half = 0; half < 2 * width; half += width)
    // The last column of X is what this step computes.
    for (int64_t k = half; k < half + step - (half > 0); k++)
      UNROLL for (int q = 0; q < N; q++) {
        const VECTOR w = LOAD(left + k * p->left_stride + q * LANES);
        inX[q] += w * c[k];
        inA[q] += w * row[k];
      }
  T *x = left + (width + step - 1) * p->left_stride;
  VECTOR a[4], tail[4];
  UNROLL for (int q = 0; q < N; q++) {
    const VECTOR column = LOAD(b + q * LANES);
    VECTOR new = LOAD(sum + r + q * LANES) * (T)p->sum_factor + column * (T)p->column_factor -
                 inX[q] * (T)p->tau;
    a[q] = column - inA[q] - new;
    // Rows of steps that are done.
    for (int64_t i = 0; i < LANES; i++)
      if (r + q * LANES + i < step) new[i] = 0, a[q][i] = 0;
    STORE(x + q * LANES, new);
    STORE(v + q * LANES, a[q]);
    tail[q] = a[q];
    for (int64_t i = 0; i < LANES; i++)
      if (r + q * LANES + i == step) tail[q][i] = 0;
    *squares += tail[q] * tail[q];
  }
  for (int64_t half = 0; half < 2 * width; half += width)
    for (int64_t k = half; k < half + step; k++)
      UNROLL for (int q = 0; q < N; q++)
        projection[k] += LOAD(left + k * p->left_stride + q * LANES) * a[q];
}

ADJ_CLONES static void NAME(rows)(const adj_bidiagonal *p, int64_t begin, int64_t end,
                                  const T *sum, T *projection) {
  VECTOR projections[2 * MOST_WIDTH], squares = {0};
  memset(projections, 0, sizeof(projections));
  int64_t r = begin;
  for (; r + 4 * LANES <= end; r += 4 * LANES)
    NAME(row_tile)(p, r, sum, projections, &squares, 4);
  for (; r < end; r += LANES) NAME(row_tile)(p, r, sum, projections, &squares, 1);
  for (int64_t k = 0; k < 2 * p->width; k++) projection[k] = NAME(total)(&projections[k]);
  projection[2 * p->width] = NAME(total)(&squares);
}

#undef NAME
#undef VECTOR
#undef LANES
#undef LOAD
#undef STORE
#undef T
#undef SUFFIX
