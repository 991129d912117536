// Squared distances of rows from rows. The second operand comes transposed, [d, m], so that a vector
// holds one coordinate of many rows and nothing is summed across it.
#include "kernels.h"

enum { ROWS = 4, COLUMNS = 32 };

// The square is a statement of its own: see reduce.c.
#define DISTANCES(name, T)                                                                   \
  static inline __attribute__((always_inline)) void name##_block(                            \
      T *out, const T *a, const T *b, int64_t d, int64_t m, int64_t columns) {               \
    T sum[COLUMNS] = {0};                                                                    \
    for (int64_t k = 0; k < d; k++)                                                          \
      ADJ_WIDE_LOOP(T) for (int64_t j = 0; j < columns; j++) {                               \
        T difference = a[k] - b[k * m + j];                                                  \
        T square = difference * difference;                                                  \
        sum[j] = sum[j] + square;                                                            \
      }                                                                                      \
    for (int64_t j = 0; j < columns; j++) out[j] = sum[j];                                   \
  }                                                                                          \
  ADJ_CLONES static void name(T *out, const T *a, const T *b, int64_t d, int64_t m,          \
                              int64_t begin, int64_t end) {                                  \
    for (int64_t r = begin; r < end; r += ROWS) {                                            \
      int64_t last = end - r < ROWS ? end : r + ROWS;                                        \
      for (int64_t j = 0; j < m; j += COLUMNS)                                               \
        for (int64_t i = r; i < last; i++) {                                                 \
          if (m - j >= COLUMNS)                                                              \
            name##_block(out + i * m + j, a + i * d, b + j, d, m, COLUMNS);                  \
          else                                                                               \
            name##_block(out + i * m + j, a + i * d, b + j, d, m, m - j);                    \
        }                                                                                    \
    }                                                                                        \
  }
DISTANCES(squared_f32, float)
DISTANCES(squared_f64, double)

void adj_squared_distances(int dtype, void *out, const void *a, const void *b, int64_t d, int64_t m,
                           int64_t begin, int64_t end) {
  if (dtype == ADJ_F32)
    squared_f32(out, a, b, d, m, begin, end);
  else
    squared_f64(out, a, b, d, m, begin, end);
}
