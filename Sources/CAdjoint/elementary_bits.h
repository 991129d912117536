// What the elementary functions share: bit casts, and rounding without a rounding instruction.
//
// Every function in elementary_*.h takes one scalar and has no branch, only selects, so that a
// plain loop over it is vectorised by the compiler in each clone of a `target_clones` kernel. (The
// exceptions, pow, sin, cos and tan of a double, say so.) From that follow the habits of these files:
// - No `fma`, `rint`, `ldexp` and the like: without FMA or SSE4.1 they become calls into libm.
//   `a * b + c` is contracted to one instruction where the clone has it. The error bounds hold
//   either way, but the last bits of a result may differ between clones.
// - Rounding to an integer adds and subtracts 1.5 * 2^23 (2^52): the low bits of the sum are then
//   the integer in two's complement, ready to be shifted into an exponent.
// - Comparisons are written so that a NaN falls through a clamp and poisons the polynomial.
//
// The polynomials interpolate the named function at Chebyshev nodes, computed with 80 digits; the
// quoted error is their largest relative error before coefficients and arithmetic are rounded.
#ifndef ADJOINT_ELEMENTARY_BITS_H
#define ADJOINT_ELEMENTARY_BITS_H

#include <stdint.h>

#pragma STDC FP_CONTRACT ON

// The least vector width passes to the kernel that these are inlined into (`target_clones` cannot
// be combined with it there): the AVX-512 clone may then use whole registers, where clang 21
// prefers halves. It does so if the loop asks for 16 floats or 8 doubles, `#pragma clang loop
// vectorize_width(16)`, which gains a quarter to a half there and some instruction-level
// parallelism in the other clones.
#if defined(__x86_64__)
#define ADJ_ELEMENTARY static inline __attribute__((always_inline, min_vector_width(512)))
#else
#define ADJ_ELEMENTARY static inline __attribute__((always_inline))
#endif

ADJ_ELEMENTARY uint32_t adj_bits_f32(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

ADJ_ELEMENTARY float adj_from_bits_f32(uint32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

ADJ_ELEMENTARY uint64_t adj_bits_f64(double x) {
  uint64_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

ADJ_ELEMENTARY double adj_from_bits_f64(uint64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

ADJ_ELEMENTARY float adj_abs_f32(float x) {
  return adj_from_bits_f32(adj_bits_f32(x) & 0x7fffffffu);
}

ADJ_ELEMENTARY double adj_abs_f64(double x) {
  return adj_from_bits_f64(adj_bits_f64(x) & 0x7fffffffffffffffull);
}

/// `magnitude` (not negative) with the sign of `x`. Odd functions work on |x| and end here, which
/// also keeps the sign of zero.
ADJ_ELEMENTARY float adj_with_sign_f32(float magnitude, float x) {
  return adj_from_bits_f32((adj_bits_f32(magnitude) & 0x7fffffffu) |
                           (adj_bits_f32(x) & 0x80000000u));
}

ADJ_ELEMENTARY double adj_with_sign_f64(double magnitude, double x) {
  return adj_from_bits_f64((adj_bits_f64(magnitude) & 0x7fffffffffffffffull) |
                           (adj_bits_f64(x) & 0x8000000000000000ull));
}

#define ADJ_ROUND_F32 0x1.8p23f
#define ADJ_ROUND_F64 0x1.8p52

/// 2^n for an `n` in the low bits of a sum with ADJ_ROUND_F32 / ADJ_ROUND_F64, within the normal
/// range.
ADJ_ELEMENTARY float adj_two_to_f32(float rounded) {
  return adj_from_bits_f32((adj_bits_f32(rounded) << 23) + 0x3f800000u);
}

ADJ_ELEMENTARY double adj_two_to_f64(double rounded) {
  return adj_from_bits_f64((adj_bits_f64(rounded) << 52) + 0x3ff0000000000000ull);
}

#endif
