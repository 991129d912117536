// Sorting and selecting along contiguous rows. Elements become unsigned keys whose order is theirs:
// negative zero equals zero, and every NaN is the largest key. Keys are sorted by their bytes, least
// significant first, which is stable and takes time in proportion to the row.
#include <string.h>

#include "kernels.h"

enum { SHORT_ROW = 32 };

static inline uint32_t key_f32(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x != x) return UINT32_MAX;
  if (x == 0) bits = 0;
  return bits >> 31 ? ~bits : bits | 1u << 31;
}

static inline uint64_t key_f64(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  if (x != x) return UINT64_MAX;
  if (x == 0) bits = 0;
  return bits >> 63 ? ~bits : bits | 1ull << 63;
}

static inline uint64_t key_i64(int64_t x) { return (uint64_t)x ^ 1ull << 63; }
static inline uint32_t key_i32(int32_t x) { return (uint32_t)x ^ 1u << 31; }
static inline uint32_t key_u8(uint8_t x) { return x; }

// Sorts `n` keys and the indices beside them; `k2` and `i2` are as large. The result is in one of
// the two pairs: true if it is the second.
#define SORT_KEYS(K)                                                                         \
  static bool sort_##K(K *k1, int64_t *i1, K *k2, int64_t *i2, int64_t n) {                  \
    if (n <= SHORT_ROW) {                                                                    \
      for (int64_t i = 1; i < n; i++) {                                                      \
        K key = k1[i];                                                                       \
        int64_t index = i1[i], j = i;                                                        \
        for (; j > 0 && k1[j - 1] > key; j--) k1[j] = k1[j - 1], i1[j] = i1[j - 1];          \
        k1[j] = key, i1[j] = index;                                                          \
      }                                                                                      \
      return false;                                                                          \
    }                                                                                        \
    int64_t counts[sizeof(K)][256];                                                          \
    memset(counts, 0, sizeof counts);                                                        \
    for (int64_t i = 0; i < n; i++)                                                          \
      for (size_t byte = 0; byte < sizeof(K); byte++) counts[byte][k1[i] >> 8 * byte & 255]++; \
    bool second = false;                                                                     \
    for (size_t byte = 0; byte < sizeof(K); byte++) {                                        \
      int64_t *count = counts[byte], position = 0;                                           \
      if (count[k1[0] >> 8 * byte & 255] == n) continue; /* the same in all keys */          \
      for (int value = 0; value < 256; value++) {                                            \
        int64_t here = count[value];                                                         \
        count[value] = position;                                                             \
        position += here;                                                                    \
      }                                                                                      \
      for (int64_t i = 0; i < n; i++) {                                                      \
        int64_t to = count[k1[i] >> 8 * byte & 255]++;                                       \
        k2[to] = k1[i];                                                                      \
        i2[to] = i1[i];                                                                      \
      }                                                                                      \
      K *keys = k1;                                                                          \
      int64_t *indices = i1;                                                                 \
      k1 = k2, k2 = keys, i1 = i2, i2 = indices, second = !second;                           \
    }                                                                                        \
    return second;                                                                           \
  }
SORT_KEYS(uint32_t)
SORT_KEYS(uint64_t)

// `values` and `indices` may be null.
#define SORT_ROWS(s, T, K)                                                                   \
  static void sort_rows_##s(bool descending, void *values, int64_t *indices, const void *in, \
                            int64_t n, int64_t begin, int64_t end, void *scratch) {          \
    int64_t *i1 = scratch, *i2 = i1 + n;                                                     \
    K *k1 = (K *)(i2 + n), *k2 = k1 + n, flip = descending ? (K)-1 : 0;                      \
    for (int64_t r = begin; r < end; r++) {                                                  \
      const T *x = (const T *)in + r * n;                                                    \
      for (int64_t i = 0; i < n; i++) k1[i] = key_##s(x[i]) ^ flip, i1[i] = i;               \
      int64_t *order = sort_##K(k1, i1, k2, i2, n) ? i2 : i1;                                \
      if (indices) memcpy(indices + r * n, order, (size_t)n * sizeof *order);                \
      if (values)                                                                            \
        for (int64_t i = 0; i < n; i++) ((T *)values)[r * n + i] = x[order[i]];              \
    }                                                                                        \
  }                                                                                          \
  static void top_rows_##s(bool descending, void *values, int64_t *indices, const void *in,  \
                           int64_t n, int64_t k, int64_t begin, int64_t end) {               \
    K best[ADJ_TOP_MAX], flip = descending ? (K)-1 : 0;                                      \
    for (int64_t r = begin; r < end; r++) {                                                  \
      const T *x = (const T *)in + r * n;                                                    \
      int64_t *which = indices + r * k;                                                      \
      for (int64_t i = 0; i < n; i++) {                                                      \
        K key = key_##s(x[i]) ^ flip;                                                        \
        if (i >= k && key >= best[k - 1]) continue;                                          \
        int64_t j = i < k ? i : k - 1;                                                       \
        for (; j > 0 && best[j - 1] > key; j--) best[j] = best[j - 1], which[j] = which[j - 1]; \
        best[j] = key, which[j] = i;                                                         \
      }                                                                                      \
      for (int64_t i = 0; i < k; i++) ((T *)values)[r * k + i] = x[which[i]];                \
    }                                                                                        \
  }                                                                                          \
  static void search_##s(bool right, int64_t *out, const void *sequence, int64_t n,          \
                         const void *values, int64_t begin, int64_t end) {                   \
    const T *x = sequence;                                                                   \
    for (int64_t i = begin; i < end; i++) {                                                  \
      K key = key_##s(((const T *)values)[i]);                                               \
      int64_t low = 0;                                                                       \
      for (int64_t left = n; left > 0;) {                                                    \
        int64_t half = left / 2;                                                             \
        K middle = key_##s(x[low + half]);                                                   \
        bool below = right ? middle <= key : middle < key;                                   \
        low = below ? low + half + 1 : low;                                                  \
        left = below ? left - half - 1 : half;                                               \
      }                                                                                      \
      out[i] = low;                                                                          \
    }                                                                                        \
  }
SORT_ROWS(f32, float, uint32_t)
SORT_ROWS(f64, double, uint64_t)
SORT_ROWS(i64, int64_t, uint64_t)
SORT_ROWS(i32, int32_t, uint32_t)
SORT_ROWS(u8, uint8_t, uint32_t)

#define ALL(n) {n##_f32, n##_f64, n##_i64, n##_i32, n##_u8, n##_u8}

int64_t adj_sort_scratch_per_element(int dtype) {
  return 2 * (int64_t)sizeof(int64_t) + 2 * (dtype == ADJ_F64 || dtype == ADJ_I64 ? 8 : 4);
}

void adj_sort_rows(int dtype, bool descending, void *values, int64_t *indices, const void *in,
                   int64_t n, int64_t begin, int64_t end, void *scratch) {
  static void (*const all[])(bool, void *, int64_t *, const void *, int64_t, int64_t, int64_t,
                             void *) = ALL(sort_rows);
  all[dtype](descending, values, indices, in, n, begin, end, scratch);
}

void adj_top_rows(int dtype, bool descending, void *values, int64_t *indices, const void *in,
                  int64_t n, int64_t k, int64_t begin, int64_t end) {
  static void (*const all[])(bool, void *, int64_t *, const void *, int64_t, int64_t, int64_t,
                             int64_t) = ALL(top_rows);
  all[dtype](descending, values, indices, in, n, k, begin, end);
}

void adj_search_sorted(int dtype, bool right, int64_t *out, const void *sequence, int64_t n,
                       const void *values, int64_t begin, int64_t end) {
  static void (*const all[])(bool, int64_t *, const void *, int64_t, const void *, int64_t,
                             int64_t) = ALL(search);
  all[dtype](right, out, sequence, n, values, begin, end);
}
