// The tiles of a convolution for one element type and one family of processors. Included by conv.c
// with T, SUFFIX, LANES, TOTAL, TARGET and CASES defined.
//
// A tile is OB rows by VB vectors: as many accumulators as fit into the registers.
//
// PRODUCT: out[o][t] = bias[o] + sum over c and k of weights[c][k][o] * slab[c][offsets[k] + t].
// DOT: sums[o][j] += sum over t of g[o][t] * x[j][t], where x[j] is a shifted row of the slab.

#define NAME(name) JOIN(name, SUFFIX)
#define VECTOR NAME(vector)
#define INLINE static inline __attribute__((always_inline)) TARGET

typedef T VECTOR __attribute__((vector_size(LANES * sizeof(T)), aligned(sizeof(T))));
INLINE VECTOR NAME(load)(const T *p) { return *(const VECTOR *)p; }
INLINE void NAME(store)(T *p, VECTOR v) { *(VECTOR *)p = v; }
INLINE T NAME(total)(VECTOR v) { return TOTAL(T, v); }

// One tile. The first part of the channels and taps starts from the bias, the others go on.
INLINE void NAME(product_tile)(const adj_windows *part, const T *x, const T *w, int64_t step,
                               bool first, const T *bias, T *out, int64_t stride, const int OB,
                               const int VB) {
  VECTOR sum[8][8];
  UNROLL for (int o = 0; o < OB; o++)
    UNROLL for (int v = 0; v < VB; v++)
      sum[o][v] = first ? (VECTOR){0} + (bias ? bias[o] : 0)
                        : NAME(load)(out + o * stride + v * LANES);
  for (int64_t c = 0; c < part->channels; c++, x += part->channel_stride)
    for (int64_t k = 0; k < part->taps; k++, w += step) {
      const T *at = x + part->offsets[k];
      VECTOR in[8];
      UNROLL for (int v = 0; v < VB; v++) in[v] = NAME(load)(at + v * LANES);
      UNROLL for (int o = 0; o < OB; o++)
        UNROLL for (int v = 0; v < VB; v++) sum[o][v] += w[o] * in[v];
    }
  UNROLL for (int o = 0; o < OB; o++)
    UNROLL for (int v = 0; v < VB; v++) NAME(store)(out + o * stride + v * LANES, sum[o][v]);
}

// All positions of OB rows for one part.
INLINE void NAME(product_part)(const adj_windows *p, const T *w, int64_t step, bool first,
                               const T *bias, T *out, int64_t stride, const int OB, const int VB) {
  for (int64_t run = 0; run < p->runs; run++) {
    const T *x = (const T *)p->slab + run * p->run_stride;
    T *to = out + run * p->run_stride;
    int64_t t = 0;
    for (; t + (VB - 1) * LANES < p->positions; t += VB * LANES)
      NAME(product_tile)(p, x + t, w, step, first, bias, to + t, stride, OB, VB);
    for (; t < p->positions; t += LANES)
      NAME(product_tile)(p, x + t, w, step, first, bias, to + t, stride, OB, 1);
  }
}

// OB rows, in parts whose weights stay in the L1 cache.
INLINE void NAME(product_rows)(const adj_windows *p, const T *w, int64_t step, const T *bias,
                               T *out, int64_t stride, const int OB, const int VB) {
  const int64_t room = WEIGHT_BYTES / (step * (int64_t)sizeof(T));
  const int64_t taps = p->channels > 1 || p->taps < room ? p->taps : room;
  const int64_t fitting = taps > 0 ? room / taps : 1, channels = fitting > 1 ? fitting : 1;
  int64_t c = 0;
  do {
    int64_t k = 0;
    do {
      adj_windows part = *p;
      part.slab = (const T *)p->slab + c * p->channel_stride;
      part.channels = p->channels - c < channels ? p->channels - c : channels;
      part.offsets = p->offsets + k;
      part.taps = p->taps - k < taps ? p->taps - k : taps;
      NAME(product_part)(&part, w + (c * p->taps + k) * step, step, c == 0 && k == 0, bias, out,
                         stride, OB, VB);
      k += taps;
    } while (k < p->taps);
    c += channels;
  } while (c < p->channels);
}

INLINE void NAME(dot_tile)(const adj_windows *p, const T *g, int64_t stride, const T *const *x,
                           T *sums, int64_t sums_stride, const int OB, const int CB) {
  VECTOR sum[8][8];
  UNROLL for (int o = 0; o < OB; o++)
    UNROLL for (int j = 0; j < CB; j++) sum[o][j] = (VECTOR){0};
  for (int64_t run = 0, first = 0; run < p->runs; run++, first += p->run_stride)
    for (int64_t t = first; t < first + p->positions; t += LANES) {
      VECTOR in[8];
      UNROLL for (int j = 0; j < CB; j++) in[j] = NAME(load)(x[j] + t);
      UNROLL for (int o = 0; o < OB; o++) {
        VECTOR v = NAME(load)(g + o * stride + t);
        UNROLL for (int j = 0; j < CB; j++) sum[o][j] += v * in[j];
      }
    }
  UNROLL for (int o = 0; o < OB; o++)
    UNROLL for (int j = 0; j < CB; j++) sums[o * sums_stride + j] += NAME(total)(sum[o][j]);
}

// OB rows by all channels and taps.
INLINE void NAME(dot_rows)(const adj_windows *p, const T *g, int64_t stride, T *sums,
                           int64_t sums_stride, const int OB, const int CB) {
  int64_t count = p->channels * p->taps, k = 0;
  const T *channel = p->slab;
  for (int64_t j = 0; j < count;) {
    int width = count - j < CB ? 1 : CB;
    const T *x[8];
    for (int i = 0; i < width; i++) {
      x[i] = channel + p->offsets[k];
      if (++k == p->taps) k = 0, channel += p->channel_stride;
    }
    if (width == 1) NAME(dot_tile)(p, g, stride, x, sums + j, sums_stride, OB, 1);
    else NAME(dot_tile)(p, g, stride, x, sums + j, sums_stride, OB, CB);
    j += width;
  }
}

// Whole blocks of up to 8 channels, cut into tiles from the widest to single rows.
#define PRODUCT_CASE(OB, VB)                                      \
  if (left >= OB) {                                               \
    NAME(product_rows)(p, w, count, b, to, stride, OB, VB);       \
    o += OB;                                                      \
    continue;                                                     \
  }
#define DOT_CASE(OB, VB)                                          \
  if (left >= OB) {                                               \
    NAME(dot_rows)(p, from, stride, to, sums_stride, OB, VB);     \
    o += OB;                                                      \
    continue;                                                     \
  }

TARGET static void NAME(product)(const adj_windows *p, const void *weights, const void *bias,
                                 int64_t count, void *out, int64_t stride) {
  for (int64_t o = 0; o < count;) {
    int64_t left = count - o;
    const T *w = (const T *)weights + o, *b = bias ? (const T *)bias + o : NULL;
    T *to = (T *)out + o * stride;
    CASES(PRODUCT_CASE)
  }
}

TARGET static void NAME(dot)(const adj_windows *p, const void *g, int64_t stride, int64_t count,
                             void *sums, int64_t sums_stride) {
  for (int64_t o = 0; o < count;) {
    int64_t left = count - o;
    const T *from = (const T *)g + o * stride;
    T *to = (T *)sums + o * sums_stride;
    CASES(DOT_CASE)
  }
}

#undef PRODUCT_CASE
#undef DOT_CASE
#undef NAME
#undef VECTOR
#undef INLINE
#undef T
#undef SUFFIX
#undef LANES
#undef TOTAL
