// Reading and writing at computed places: gather, scatter, windows, positions of true elements.
//
// Arrays are contiguous and seen as [outer, length, inner]; indices have been checked.
#include <string.h>

#include "kernels.h"

#define GATHER_BLOCKS(T)                                                                         \
  static void gather_blocks_##T(T *out, const T *in, const int64_t *indices, int64_t length,     \
                                int64_t count, int64_t begin, int64_t end) {                     \
    for (int64_t at = begin; at < end;) {                                                        \
      int64_t o = at / count, j = at % count, run = count - j;                                   \
      if (run > end - at) run = end - at;                                                        \
      const T *base = in + o * length;                                                           \
      for (int64_t k = 0; k < run; k++) out[at + k] = base[indices[j + k]];                      \
      at += run;                                                                                 \
    }                                                                                            \
  }
GATHER_BLOCKS(uint8_t)
GATHER_BLOCKS(uint32_t)
GATHER_BLOCKS(uint64_t)

void adj_gather_blocks(void *out, const void *in, const int64_t *indices, int64_t length,
                       int64_t count, int64_t block, int64_t begin, int64_t end) {
  switch (block) {
    case 1: gather_blocks_uint8_t(out, in, indices, length, count, begin, end); return;
    case 4: gather_blocks_uint32_t(out, in, indices, length, count, begin, end); return;
    case 8: gather_blocks_uint64_t(out, in, indices, length, count, begin, end); return;
  }
  for (int64_t at = begin; at < end;) {
    int64_t o = at / count, j = at % count, run = count - j;
    if (run > end - at) run = end - at;
    const char *base = (const char *)in + o * length * block;
    for (int64_t k = 0; k < run; k++) {
      // Where the next blocks lie only the indices tell; the processor cannot guess.
      if (k + 2 < run) {
        const char *soon = base + indices[j + k + 2] * block;
        for (int64_t line = 0; line < block && line < 4096; line += 64)
          __builtin_prefetch(soon + line);
      }
      memcpy((char *)out + (at + k) * block, base + indices[j + k] * block, (size_t)block);
    }
    at += run;
  }
}

// A run has its elements side by side: along the inner axis, or along the indexed one if it is last.
#define GATHER_ALONG(T)                                                                          \
  static void gather_along_##T(T *out, const T *in, const int64_t *indices, int64_t length,      \
                               int64_t count, int64_t inner, int64_t begin, int64_t end) {       \
    const int64_t width = inner == 1 ? count : inner, step = inner == 1 ? 0 : 1;                 \
    for (int64_t at = begin; at < end;) {                                                        \
      int64_t c = at % width, run = width - c;                                                   \
      if (run > end - at) run = end - at;                                                        \
      const T *base = in + at / (count * inner) * length * inner + c * step;                     \
      for (int64_t k = 0; k < run; k++)                                                          \
        out[at + k] = base[indices[at + k] * inner + k * step];                                  \
      at += run;                                                                                 \
    }                                                                                            \
  }
GATHER_ALONG(uint8_t)
GATHER_ALONG(uint32_t)
GATHER_ALONG(uint64_t)

void adj_gather_along(int size, void *out, const void *in, const int64_t *indices, int64_t length,
                      int64_t count, int64_t inner, int64_t begin, int64_t end) {
  switch (size) {
    case 1: gather_along_uint8_t(out, in, indices, length, count, inner, begin, end); break;
    case 4: gather_along_uint32_t(out, in, indices, length, count, inner, begin, end); break;
    default: gather_along_uint64_t(out, in, indices, length, count, inner, begin, end);
  }
}

#define TAKE_SET(o, x) (x)
#define TAKE_ADD(o, x) ((o) + (x))
#define TAKE_MAX(o, x) ((x) > (o) || (x) != (x) ? (x) : (o))
#define TAKE_MIN(o, x) ((x) < (o) || (x) != (x) ? (x) : (o))

// Lanes are pairs of an outer and an inner index. Each is one thread's alone, which goes through the
// indices in their order: any number of threads gives the same bits.
#define SCATTER(name, T, TAKE)                                                                   \
  ADJ_CLONES static void name(void *out, const void *in, const int64_t *indices, bool along,     \
                              int64_t length, int64_t count, int64_t inner, int64_t begin,       \
                              int64_t end) {                                                     \
    for (int64_t at = begin; at < end;) {                                                        \
      int64_t o = at / inner, c = at % inner, run = inner - c;                                   \
      if (run > end - at) run = end - at;                                                        \
      T *base = (T *)out + o * length * inner + c;                                               \
      const T *x = (const T *)in + o * count * inner + c;                                        \
      const int64_t *places = along ? indices + o * count * inner + c : indices;                 \
      for (int64_t j = 0; j < count; j++, x += inner) {                                          \
        if (run == 1) {                                                                          \
          T *y = base + places[along ? j * inner : j] * inner;                                   \
          *y = TAKE(*y, *x);                                                                     \
        } else if (along) {                                                                      \
          for (int64_t k = 0; k < run; k++) {                                                    \
            T *y = base + places[j * inner + k] * inner + k;                                     \
            *y = TAKE(*y, x[k]);                                                                 \
          }                                                                                      \
        } else {                                                                                 \
          T *y = base + places[j] * inner;                                                       \
          ADJ_LOOP for (int64_t k = 0; k < run; k++) y[k] = TAKE(y[k], x[k]);                    \
        }                                                                                        \
      }                                                                                          \
      at += run;                                                                                 \
    }                                                                                            \
  }

SCATTER(set_8, uint8_t, TAKE_SET)
SCATTER(set_32, uint32_t, TAKE_SET)
SCATTER(set_64, uint64_t, TAKE_SET)
SCATTER(add_f32, float, TAKE_ADD)
SCATTER(add_f64, double, TAKE_ADD)
SCATTER(add_i64, uint64_t, TAKE_ADD)
SCATTER(add_i32, uint32_t, TAKE_ADD)
SCATTER(add_u8, uint8_t, TAKE_ADD)
SCATTER(max_f32, float, TAKE_MAX)
SCATTER(max_f64, double, TAKE_MAX)
SCATTER(max_i64, int64_t, TAKE_MAX)
SCATTER(max_i32, int32_t, TAKE_MAX)
SCATTER(max_u8, uint8_t, TAKE_MAX)
SCATTER(min_f32, float, TAKE_MIN)
SCATTER(min_f64, double, TAKE_MIN)
SCATTER(min_i64, int64_t, TAKE_MIN)
SCATTER(min_i32, int32_t, TAKE_MIN)
SCATTER(min_u8, uint8_t, TAKE_MIN)

typedef void (*scatter)(void *, const void *, const int64_t *, bool, int64_t, int64_t, int64_t,
                        int64_t, int64_t);

// In the order of the dtypes. A sum of bools has no meaning; Swift refuses it.
static const scatter scatters[][ADJ_DTYPES] = {
    [ADJ_SCATTER_SET] = {set_32, set_64, set_64, set_32, set_8, set_8},
    [ADJ_SCATTER_ADD] = {add_f32, add_f64, add_i64, add_i32, add_u8, add_u8},
    [ADJ_SCATTER_MAX] = {max_f32, max_f64, max_i64, max_i32, max_u8, max_u8},
    [ADJ_SCATTER_MIN] = {min_f32, min_f64, min_i64, min_i32, min_u8, min_u8},
};

void adj_scatter(adj_scatter_mode mode, int dtype, void *out, const void *in,
                 const int64_t *indices, bool along, int64_t length, int64_t count, int64_t inner,
                 int64_t begin, int64_t end) {
  scatters[mode][dtype](out, in, indices, along, length, count, inner, begin, end);
}

ADJ_CLONES void adj_index_bounds(const int64_t *indices, int64_t n, int64_t *smallest,
                                 int64_t *largest) {
  int64_t low = indices[0], high = indices[0];
  ADJ_LOOP for (int64_t i = 1; i < n; i++) {
    low = indices[i] < low ? indices[i] : low;
    high = indices[i] > high ? indices[i] : high;
  }
  *smallest = low;
  *largest = high;
}

#define FOLD(T)                                                                                  \
  ADJ_CLONES static void fold_##T(T *out, const T *in, int64_t length, int64_t count,            \
                                  int64_t inner, int64_t size, int64_t step, int64_t begin,      \
                                  int64_t end) {                                                 \
    int64_t c = begin % inner, i = begin / inner % length, o = begin / (inner * length);         \
    for (int64_t at = begin; at < end;) {                                                        \
      int64_t first = i < size ? 0 : (i - size) / step + 1, last = i / step;                     \
      if (last >= count) last = count - 1;                                                       \
      const T *base = in + o * count * inner * size + i;                                         \
      for (; c < inner && at < end; c++, at++) {                                                 \
        double total = 0;                                                                        \
        for (int64_t j = first; j <= last; j++)                                                  \
          total += base[(j * inner + c) * size - j * step];                                      \
        out[at] = (T)total;                                                                      \
      }                                                                                          \
      c = 0;                                                                                     \
      if (++i == length) i = 0, o++;                                                             \
    }                                                                                            \
  }
FOLD(float)
FOLD(double)

void adj_fold(int dtype, void *out, const void *in, int64_t length, int64_t count, int64_t inner,
              int64_t size, int64_t step, int64_t begin, int64_t end) {
  if (dtype == ADJ_F32)
    fold_float(out, in, length, count, inner, size, step, begin, end);
  else
    fold_double(out, in, length, count, inner, size, step, begin, end);
}

ADJ_CLONES int64_t adj_count_true(const uint8_t *mask, int64_t begin, int64_t end) {
  int64_t count = 0;
  for (int64_t i = begin; i < end; i++) count += mask[i];
  return count;
}

// Without a branch on the mask: every position is written, and stays if the next one moves on. Every
// write is below `count`, so chunks do not touch one another's.
void adj_nonzero(int64_t *out, const uint8_t *mask, int64_t begin, int64_t count) {
  int64_t i = begin;
  for (int64_t k = 0; k < count; i++) {
    out[k] = i;
    k += mask[i];
  }
}

// Positions mostly move on within a row: only where they do not, it takes divisions.
void adj_unravel(int64_t *out, const int64_t *positions, int64_t rank, const int64_t *shape,
                 int64_t begin, int64_t end) {
  if (rank == 0) return;
  int64_t at = 0, left = 0;  // a position and how many follow it in its row
  for (int64_t r = begin; r < end; r++, at = positions[r - 1]) {
    const int64_t step = positions[r] - at;
    int64_t *row = out + r * rank, rest = positions[r];
    if (r > begin && step >= 0 && step <= left) {
      for (int64_t d = 0; d < rank; d++) row[d] = row[d - rank];
      row[rank - 1] += step;
    } else {
      for (int64_t d = rank - 1; d >= 0; d--) {
        row[d] = rest % shape[d];
        rest /= shape[d];
      }
    }
    left = shape[rank - 1] - 1 - row[rank - 1];
  }
}
