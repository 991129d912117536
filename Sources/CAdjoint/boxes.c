// Copies or adds boxes of elements of one strided array to another.
#include <string.h>

#include "kernels.h"

// Rows of elements that are neighbours. Two halves that overlap copy any short row without a loop.
static inline __attribute__((always_inline)) void copy_rows(char *out, int64_t to, const char *in,
                                                            int64_t from, int64_t rows,
                                                            int64_t bytes) {
#define HALVES(size)                                                           \
  if (bytes >= size) {                                                         \
    for (int64_t r = 0; r < rows; r++, out += to, in += from) {                \
      char head[size], tail[size];                                             \
      memcpy(head, in, size);                                                  \
      memcpy(tail, in + bytes - size, size);                                   \
      memcpy(out, head, size);                                                 \
      memcpy(out + bytes - size, tail, size);                                  \
    }                                                                          \
    return;                                                                    \
  }
  if (bytes > 512) {
    for (int64_t r = 0; r < rows; r++) memcpy(out + r * to, in + r * from, (size_t)bytes);
    return;
  }
  if (bytes > 128) {
    for (int64_t r = 0; r < rows; r++, out += to, in += from) {
      char tail[64];
      memcpy(tail, in + bytes - 64, 64);
      for (int64_t i = 0; i < bytes - 64; i += 64) memcpy(out + i, in + i, 64);
      memcpy(out + bytes - 64, tail, 64);
    }
    return;
  }
  HALVES(64)
  HALVES(32)
  HALVES(16)
  HALVES(8)
  HALVES(4)
}

#define COPY_STRIDED(T)                                                                           \
  static void copy_strided_##T(T *out, int64_t to, const T *in, int64_t from, int64_t n) {        \
    if (to == 1 && from == 0) {                                                                   \
      const T value = *in;                                                                        \
      for (int64_t i = 0; i < n; i++) out[i] = value;                                             \
    } else {                                                                                      \
      for (int64_t i = 0; i < n; i++) out[i * to] = in[i * from];                                 \
    }                                                                                             \
  }
COPY_STRIDED(uint32_t)
COPY_STRIDED(uint64_t)

ADJ_CLONES void adj_copy_box(int size, int64_t rank, const int64_t *shape, void *out,
                             const int64_t *out_strides, const void *in,
                             const int64_t *in_strides) {
  int64_t index[8] = {0};
  char *to = out;
  const char *from = in;
  const int64_t last = rank - 1, n = shape[last], rows = shape[last - 1];
  for (int64_t d = 0; d < rank; d++)
    if (shape[d] <= 0) return;
  const bool dense = out_strides[last] == 1 && in_strides[last] == 1;
  const int64_t to_row = out_strides[last - 1] * size, from_row = in_strides[last - 1] * size;
  for (;;) {
    if (dense) copy_rows(to, to_row, from, from_row, rows, n * size);
    else
      for (int64_t r = 0; r < rows; r++)
        if (size == 4)
          copy_strided_uint32_t((uint32_t *)(to + r * to_row), out_strides[last],
                                (const uint32_t *)(from + r * from_row), in_strides[last], n);
        else
          copy_strided_uint64_t((uint64_t *)(to + r * to_row), out_strides[last],
                                (const uint64_t *)(from + r * from_row), in_strides[last], n);
    int64_t d = last - 2;
    for (; d >= 0; d--) {
      to += out_strides[d] * size;
      from += in_strides[d] * size;
      if (++index[d] < shape[d]) break;
      to -= out_strides[d] * shape[d] * size;
      from -= in_strides[d] * shape[d] * size;
      index[d] = 0;
    }
    if (d < 0) return;
  }
}

#define ADD_BOX(T)                                                                               \
  ADJ_CLONES static void add_rows_##T(int64_t rows, int64_t n, T *out, int64_t to, const T *in,  \
                                      int64_t from) {                                            \
    for (int64_t r = 0; r < rows; r++, out += to, in += from)                                    \
      ADJ_LOOP for (int64_t i = 0; i < n; i++) out[i] += in[i];                                  \
  }                                                                                              \
  static void add_box_##T(int64_t rank, const int64_t *shape, T *out, const int64_t *to,         \
                          const T *in, const int64_t *from) {                                    \
    if (rank == 1 && to[0] == 1 && from[0] == 1) {                                               \
      add_rows_##T(1, shape[0], out, 0, in, 0);                                                  \
    } else if (rank == 2 && to[1] == 1 && from[1] == 1) {                                        \
      add_rows_##T(shape[0], shape[1], out, to[0], in, from[0]);                                 \
    } else if (rank == 1) {                                                                      \
      for (int64_t i = 0; i < shape[0]; i++) out[i * to[0]] += in[i * from[0]];                  \
    } else {                                                                                     \
      for (int64_t i = 0; i < shape[0]; i++)                                                     \
        add_box_##T(rank - 1, shape + 1, out + i * to[0], to + 1, in + i * from[0], from + 1);   \
    }                                                                                            \
  }
ADD_BOX(float)
ADD_BOX(double)

void adj_add_box(int dtype, int64_t rank, const int64_t *shape, void *out,
                 const int64_t *out_strides, const void *in, const int64_t *in_strides) {
  if (dtype == ADJ_F32) add_box_float(rank, shape, out, out_strides, in, in_strides);
  else add_box_double(rank, shape, out, out_strides, in, in_strides);
}
