// Counting: how often indices occur, and where something is true.
#include "kernels.h"

void adj_count(int64_t *counts, const int64_t *indices, int64_t n) {
  for (int64_t i = 0; i < n; i++) counts[indices[i]]++;
}

void adj_nonzero(int64_t *out, const uint8_t *in, const int64_t *shape, int64_t rank, int64_t n) {
  int64_t index[8] = {0};
  for (int64_t i = 0; i < n; i++) {
    if (in[i])
      for (int64_t d = 0; d < rank; d++) *out++ = index[d];
    for (int64_t d = rank - 1; d >= 0 && ++index[d] == shape[d]; d--) index[d] = 0;
  }
}
