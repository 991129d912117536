// Moving data: strided reads, gathered rows, scattered sums.
#include <string.h>

#include "kernels.h"

int64_t adj_collapse(int64_t rank, int64_t *shape, int64_t arrays, int64_t *strides) {
  int64_t kept = 0;
  for (int64_t axis = 0; axis < rank; axis++) {
    if (shape[axis] == 1) continue;
    bool joins = kept > 0;
    for (int64_t *s = strides; s < strides + 8 * arrays; s += 8)
      joins = joins && s[kept - 1] == s[axis] * shape[axis];
    int64_t to = joins ? kept - 1 : kept++;
    shape[to] = joins ? shape[to] * shape[axis] : shape[axis];
    for (int64_t *s = strides; s < strides + 8 * arrays; s += 8) s[to] = s[axis];
  }
  return kept;
}

// One run of the innermost dimension. Stride 1 and 0 are nearly all of what broadcasting produces.
#define LOAD_RUN(T)                                                              \
  static void load_run_##T(T *out, const T *in, int64_t stride, int64_t n) {     \
    if (stride == 1) {                                                           \
      memcpy(out, in, (size_t)n * sizeof(T));                                    \
    } else if (stride == 0) {                                                    \
      T value = *in;                                                             \
      for (int64_t i = 0; i < n; i++) out[i] = value;                            \
    } else {                                                                     \
      for (int64_t i = 0; i < n; i++) out[i] = in[i * stride];                   \
    }                                                                            \
  }
LOAD_RUN(uint8_t)
LOAD_RUN(uint32_t)
LOAD_RUN(uint64_t)

// A transposed read walks columns of the source. In blocks of 16 rows every cache line that is
// fetched is used for 16 elements before it can be evicted.
#define LOAD_TRANSPOSED(T)                                                                       \
  static void load_transposed_##T(T *out, const T *in, int64_t rows, int64_t columns,            \
                                  int64_t row_stride, int64_t column_stride) {                   \
    for (int64_t c0 = 0; c0 < columns; c0 += 16) {                                               \
      int64_t c1 = c0 + 16 < columns ? c0 + 16 : columns;                                        \
      for (int64_t r = 0; r < rows; r++)                                                         \
        for (int64_t c = c0; c < c1; c++)                                                        \
          out[r * columns + c] = in[r * row_stride + c * column_stride];                         \
    }                                                                                            \
  }
LOAD_TRANSPOSED(uint8_t)
LOAD_TRANSPOSED(uint32_t)
LOAD_TRANSPOSED(uint64_t)

static void load_run(char *out, const char *in, int size, int64_t stride, int64_t n) {
  switch (size) {
    case 1: load_run_uint8_t((uint8_t *)out, (const uint8_t *)in, stride, n); break;
    case 4: load_run_uint32_t((uint32_t *)out, (const uint32_t *)in, stride, n); break;
    default: load_run_uint64_t((uint64_t *)out, (const uint64_t *)in, stride, n);
  }
}

static void load_transposed(char *out, const char *in, int size, int64_t rows, int64_t columns,
                            int64_t rs, int64_t cs) {
  switch (size) {
    case 1:
      load_transposed_uint8_t((uint8_t *)out, (const uint8_t *)in, rows, columns, rs, cs);
      break;
    case 4:
      load_transposed_uint32_t((uint32_t *)out, (const uint32_t *)in, rows, columns, rs, cs);
      break;
    default: load_transposed_uint64_t((uint64_t *)out, (const uint64_t *)in, rows, columns, rs, cs);
  }
}

void adj_load_strided(void *destination, const void *source, int size, int64_t rank,
                      const int64_t *shape, const int64_t *strides, int64_t begin, int64_t end) {
  char *out = destination;
  const char *base = source;
  if (begin >= end) return;
  if (rank == 0) {
    load_run(out, base, size, 0, end - begin);
    return;
  }
  int64_t index[8], rest = begin, offset = 0;
  for (int64_t d = rank - 1; d >= 0; d--) {
    index[d] = rest % shape[d];
    rest /= shape[d];
    offset += index[d] * strides[d];
  }
  const int64_t columns = shape[rank - 1], stride = strides[rank - 1];
  int64_t position = begin;
  while (position < end) {
    int64_t left = end - position, run = columns - index[rank - 1], rows = 1;
    if (run > left) run = left;
    // Whole rows whose elements lie far apart, while the rows themselves lie close: a transpose.
    if (rank > 1 && index[rank - 1] == 0 && stride > 1 && left >= 2 * columns) {
      rows = shape[rank - 2] - index[rank - 2];
      if (rows > left / columns) rows = left / columns;
    }
    if (rows > 1) {
      load_transposed(out, base + offset * size, size, rows, columns, strides[rank - 2], stride);
      run = rows * columns;
    } else {
      load_run(out, base + offset * size, size, stride, run);
    }
    out += run * size;
    position += run;
    if (position >= end) break;
    // Carry: the run ended at a row's end, because a partial run only ends the whole copy.
    int64_t carry = rows;
    offset -= index[rank - 1] * stride;
    index[rank - 1] = 0;
    for (int64_t d = rank - 2; d >= 0; d--) {
      index[d] += carry;
      offset += carry * strides[d];
      if (index[d] < shape[d]) break;
      offset -= index[d] * strides[d];
      index[d] = 0;
      carry = 1;
    }
  }
}

void adj_gather_rows(void *out, const void *in, const int64_t *indices, int64_t row_bytes,
                     int64_t begin, int64_t end) {
  for (int64_t r = begin; r < end; r++)
    memcpy((char *)out + r * row_bytes, (const char *)in + indices[r] * row_bytes,
           (size_t)row_bytes);
}

void adj_scatter_add_rows(int dtype, void *out, const void *in, const int64_t *indices,
                          int64_t rows, int64_t width, int64_t begin, int64_t end) {
#define SCATTER(T)                                                            \
  for (int64_t r = 0; r < rows; r++) {                                        \
    T *o = (T *)out + indices[r] * width;                                     \
    const T *x = (const T *)in + r * width;                                   \
    for (int64_t i = begin; i < end; i++) o[i] += x[i];                       \
  }
  if (dtype == ADJ_F32) {
    SCATTER(float)
  } else {
    SCATTER(double)
  }
}

void adj_index_bounds(const int64_t *indices, int64_t n, int64_t *smallest, int64_t *largest) {
  int64_t low = indices[0], high = indices[0];
  for (int64_t i = 1; i < n; i++) {
    low = indices[i] < low ? indices[i] : low;
    high = indices[i] > high ? indices[i] : high;
  }
  *smallest = low;
  *largest = high;
}
