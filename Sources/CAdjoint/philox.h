// Philox4x32-10: four random words as a function of a counter of 128 bits and a key of 64.
#pragma once
#include <stdint.h>

typedef struct { uint32_t v[4]; } block;

// Each 32-bit word is kept in 64 bits, whose upper half may hold rubbish: the multiplication looks at
// the lower half only, and vector processors have exactly that instruction.
static inline __attribute__((always_inline)) block philox(uint64_t low, uint64_t high, uint64_t key) {
  const uint64_t word = 0xFFFFFFFFu;
  uint64_t c0 = low, c1 = low >> 32, c2 = high, c3 = high >> 32;
  uint64_t k0 = key, k1 = key >> 32;
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = 0xD2511F53u * (c0 & word), p1 = 0xCD9E8D57u * (c2 & word);
    c0 = (p1 >> 32) ^ c1 ^ k0, c2 = (p0 >> 32) ^ c3 ^ k1;
    c1 = p1, c3 = p0;
    k0 += 0x9E3779B9u, k1 += 0xBB67AE85u;
  }
  return (block){{(uint32_t)c0, (uint32_t)c1, (uint32_t)c2, (uint32_t)c3}};
}

static inline __attribute__((always_inline)) float unit_f32(uint32_t bits) {
  return (float)(bits >> 8) * 0x1p-24f;  // [0, 1): all 2^24 values exact
}
static inline __attribute__((always_inline)) double unit_f64(uint32_t high, uint32_t low) {
  return (double)((((uint64_t)high << 32) | low) >> 11) * 0x1p-53;
}
