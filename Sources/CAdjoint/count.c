// Counting: how often indices occur.
#include "kernels.h"

void adj_count(int64_t *counts, const int64_t *indices, int64_t n) {
  for (int64_t i = 0; i < n; i++) counts[indices[i]]++;
}
