// Random numbers as instructions: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random
// numbers: as easy as 1, 2, 3", SC'11). A draw is a pure function of key, counter and the element's
// index, so it needs no storage and is the same for any number of threads.
#include <math.h>

#include "elementary_f32.h"
#include "elementary_f64.h"
#include "kernels.h"
#include "philox.h"

void adj_philox(uint32_t counter[4], const uint32_t key[2]) {
  block b = philox(counter[0] | (uint64_t)counter[1] << 32, counter[2] | (uint64_t)counter[3] << 32,
                   key[0] | (uint64_t)key[1] << 32);
  for (int i = 0; i < 4; i++) counter[i] = b.v[i];
}

uint64_t adj_philox_word(uint64_t counter, uint64_t key) {
  block b = philox(counter, 0, key);
  return b.v[0] | (uint64_t)b.v[1] << 32;
}

// A block serves 4 floats or 2 doubles. The tile's first element starts a block (the machine hands
// out tiles in multiples of 4), the last block may be used in part.

ADJ_KERNEL(uniform_f32) {
  ADJ_UNUSED;
  float *o = out;
  uint64_t key = instruction->key, first = instruction->counter + (uint64_t)start / 4;
  ADJ_LOOP for (int64_t i = 0; i < n / 4; i++) {
    block b = philox(first + (uint64_t)i, 0, key);
    for (int lane = 0; lane < 4; lane++) o[4 * i + lane] = unit_f32(b.v[lane]);
  }
  if (n % 4) {
    block b = philox(first + (uint64_t)n / 4, 0, key);
    for (int lane = 0; lane < n % 4; lane++) o[n / 4 * 4 + lane] = unit_f32(b.v[lane]);
  }
}

ADJ_KERNEL(uniform_f64) {
  ADJ_UNUSED;
  double *o = out;
  uint64_t key = instruction->key, first = instruction->counter + (uint64_t)start / 2;
  ADJ_LOOP for (int64_t i = 0; i < n / 2; i++) {
    block b = philox(first + (uint64_t)i, 0, key);
    o[2 * i] = unit_f64(b.v[0], b.v[1]);
    o[2 * i + 1] = unit_f64(b.v[2], b.v[3]);
  }
  if (n % 2) {
    block b = philox(first + (uint64_t)n / 2, 0, key);
    o[n - 1] = unit_f64(b.v[0], b.v[1]);
  }
}

// Box and Muller (1958): two uniform numbers give two normal ones. The radius takes 1 - u, which is
// never zero. Pairs are drawn apart, transformed as vectors, and put side by side.
enum { PAIRS = 256 };

#define NORMAL(T, s, PER_BLOCK, TWO_PI, SQRT, SIN, COS, ...)                                        \
  ADJ_KERNEL(normal_##s) {                                                                     \
    ADJ_UNUSED;                                                                                \
    T *o = out, u[PAIRS], v[PAIRS], sine[PAIRS];                                                    \
    uint64_t first = instruction->counter + (uint64_t)start / PER_BLOCK;                       \
    for (int64_t base = 0; base < n; base += 2 * PAIRS) {                                      \
      uint64_t counter = first + (uint64_t)base / PER_BLOCK;                                   \
      for (int i = 0; i < 2 * PAIRS / PER_BLOCK; i++) {                                        \
        block b = philox(counter + (uint64_t)i, 0, instruction->key);                          \
        __VA_ARGS__                                                                            \
      }                                                                                        \
      ADJ_LOOP for (int64_t i = 0; i < PAIRS; i++) u[i] = SQRT(-2 * adj_log_##s(1 - u[i]));    \
      ADJ_LOOP for (int64_t i = 0; i < PAIRS; i++) sine[i] = SIN((T)TWO_PI * v[i]);    \
      ADJ_LOOP for (int64_t i = 0; i < PAIRS; i++) v[i] = COS((T)TWO_PI * v[i]);       \
      int64_t left = n - base < 2 * PAIRS ? n - base : 2 * PAIRS;                              \
      for (int64_t i = 0; i < left / 2; i++) {                                                 \
        o[base + 2 * i] = u[i] * v[i];                                                          \
        o[base + 2 * i + 1] = u[i] * sine[i];                                                         \
      }                                                                                        \
      if (left % 2) o[base + left - 1] = u[left / 2] * v[left / 2];                                    \
    }                                                                                          \
  }

NORMAL(float, f32, 4, 6.283185307179586, __builtin_elementwise_sqrt, adj_sin_f32, adj_cos_f32, {
  u[2 * i] = unit_f32(b.v[0]), v[2 * i] = unit_f32(b.v[1]);
  u[2 * i + 1] = unit_f32(b.v[2]), v[2 * i + 1] = unit_f32(b.v[3]);
})
NORMAL(double, f64, 2, 6.283185307179586, __builtin_elementwise_sqrt, adj_sin_near_f64,
       adj_cos_near_f64, {
  u[i] = unit_f64(b.v[0], b.v[1]), v[i] = unit_f64(b.v[2], b.v[3]);
})

adj_kernel_table adj_random = {
    [ADJ_UNIFORM] = {[ADJ_F32] = uniform_f32, [ADJ_F64] = uniform_f64},
    [ADJ_NORMAL] = {[ADJ_F32] = normal_f32, [ADJ_F64] = normal_f64},
};
