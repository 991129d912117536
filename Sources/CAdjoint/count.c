// Counting: how often indices occur, how many numbers fall between edges.
#include "kernels.h"

void adj_count(int64_t *counts, const int64_t *indices, int64_t n) {
  for (int64_t i = 0; i < n; i++) counts[indices[i]]++;
}

// The place between even edges is computed, and corrected by comparison with the edges themselves.
#define HISTOGRAM(name, T)                                                                   \
  static void name(int64_t *counts, const T *x, int64_t n, const T *edges, int64_t bins) {   \
    const T low = edges[0], high = edges[bins];                                              \
    const double scale = (double)bins / ((double)high - (double)low);                        \
    for (int64_t i = 0; i < n; i++) {                                                        \
      T v = x[i];                                                                            \
      if (!(v >= low && v <= high)) continue;                                                \
      double place = ((double)v - (double)low) * scale;                                      \
      int64_t bin = place < (double)bins ? (int64_t)place : bins - 1;                        \
      while (bin > 0 && v < edges[bin]) bin--;                                               \
      while (bin < bins - 1 && v >= edges[bin + 1]) bin++;                                   \
      counts[bin]++;                                                                         \
    }                                                                                        \
  }
HISTOGRAM(histogram_f32, float)
HISTOGRAM(histogram_f64, double)

void adj_histogram(int dtype, int64_t *counts, const void *in, int64_t n, const void *edges,
                   int64_t bins) {
  if (dtype == ADJ_F32)
    histogram_f32(counts, in, n, edges, bins);
  else
    histogram_f64(counts, in, n, edges, bins);
}
