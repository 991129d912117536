// Moving data between strided arrays.
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
    } else if (stride == -1) {                                                   \
      for (int64_t i = 0; i < n; i++) out[i] = in[-i];                           \
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
    // Whole rows whose elements lie far apart, while the rows themselves lie close: a transpose. Rows of
    // few elements too: setting up each of them would cost more than the copy.
    if (rank > 1 && index[rank - 1] == 0 && (stride > 1 || columns < 16) && left >= 2 * columns) {
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

// Columns of rows, where either array may have gaps. Narrow rows are copied element by element: a call
// for each would cost more than the work.
#define COPY_ROWS(T)                                                                             \
  static void copy_rows_##T(T *out, int64_t out_row, int64_t out_column, const T *in,            \
                            int64_t in_row, int64_t in_column, int64_t rows, int64_t columns) {  \
    if (out_column == 1 && rows == 1) {                                                          \
      load_run_##T(out, in, in_column, columns);                                                 \
    } else if (out_column == 1 && in_column == 1) {                                              \
      for (int64_t r = 0; r < rows; r++)                                                         \
        for (int64_t c = 0; c < columns; c++) out[r * out_row + c] = in[r * in_row + c];         \
    } else {                                                                                     \
      for (int64_t c0 = 0; c0 < columns; c0 += 16) {                                             \
        int64_t c1 = c0 + 16 < columns ? c0 + 16 : columns;                                      \
        for (int64_t r = 0; r < rows; r++)                                                       \
          for (int64_t c = c0; c < c1; c++)                                                      \
            out[r * out_row + c * out_column] = in[r * in_row + c * in_column];                  \
      }                                                                                          \
    }                                                                                            \
  }
COPY_ROWS(uint8_t)
COPY_ROWS(uint32_t)
COPY_ROWS(uint64_t)

static int64_t distance(int64_t stride) { return stride < 0 ? -stride : stride; }

void adj_copy_strided(void *destination, const int64_t *out_strides, const void *source,
                      const int64_t *in_strides, int size, int64_t rank, const int64_t *shape,
                      int64_t begin, int64_t end) {
  if (begin >= end) return;
  if (rank == 0) {
    load_run(destination, source, size, 0, 1);
    return;
  }
  const int64_t last = rank - 1, columns = shape[last];
  int64_t index[8], rest = begin, to = 0, from = 0;
  for (int64_t d = last; d >= 0; d--) {
    index[d] = rest % shape[d];
    rest /= shape[d];
    to += index[d] * out_strides[d];
    from += index[d] * in_strides[d];
  }
  // Several rows at a time where rows are short, or lie closer together than their elements do.
  const bool by_rows =
      rank > 1 && (columns < 32 || distance(in_strides[last]) > distance(in_strides[last - 1]) ||
                   distance(out_strides[last]) > distance(out_strides[last - 1]));
  for (int64_t position = begin; position < end;) {
    int64_t left = end - position, run = columns - index[last], rows = 1;
    if (run > left) run = left;
    if (by_rows && run == columns) {
      rows = shape[last - 1] - index[last - 1];
      if (rows > left / columns) rows = left / columns;
    }
    const int64_t out_row = rows > 1 ? out_strides[last - 1] : 0;
    const int64_t in_row = rows > 1 ? in_strides[last - 1] : 0;
    char *out = (char *)destination + to * size;
    const char *in = (const char *)source + from * size;
    switch (size) {
      case 1:
        copy_rows_uint8_t((uint8_t *)out, out_row, out_strides[last], (const uint8_t *)in, in_row,
                          in_strides[last], rows, run);
        break;
      case 4:
        copy_rows_uint32_t((uint32_t *)out, out_row, out_strides[last], (const uint32_t *)in,
                           in_row, in_strides[last], rows, run);
        break;
      default:
        copy_rows_uint64_t((uint64_t *)out, out_row, out_strides[last], (const uint64_t *)in,
                           in_row, in_strides[last], rows, run);
    }
    position += rows * run;
    if (position >= end) break;
    // Carry: a partial row only ends the whole copy or begins it.
    int64_t carry = rows;
    to -= index[last] * out_strides[last];
    from -= index[last] * in_strides[last];
    index[last] = 0;
    for (int64_t d = last - 1; d >= 0; d--) {
      index[d] += carry;
      to += carry * out_strides[d];
      from += carry * in_strides[d];
      if (index[d] < shape[d]) break;
      to -= index[d] * out_strides[d];
      from -= index[d] * in_strides[d];
      index[d] = 0;
      carry = 1;
    }
  }
}
