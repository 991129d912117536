// What the kernel files share.
#pragma once
#include "CAdjoint.h"

// One body, compiled for AVX-512, AVX2 and the baseline; the loader picks once per process.
#if defined(__x86_64__)
#define ADJ_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ADJ_CLONES
#endif

// `out` may be an operand's own memory, element for element, so `restrict` would be a lie; what the
// vectoriser needs to know is that no element depends on another.
#define ADJ_LOOP _Pragma("clang loop vectorize(assume_safety) interleave(enable)")

// The same with vectors of 512 bits of `T`: clang prefers 256 even where the processor has more,
// which costs elementwise loops a quarter of their speed. Narrower processors split them.
#define ADJ_PRAGMA(text) _Pragma(#text)
#define ADJ_WIDE_LOOP(T) ADJ_PRAGMA(clang loop vectorize(assume_safety) vectorize_width(64 / sizeof(T)))

#define ADJ_KERNEL(name)                                                                        \
  ADJ_CLONES static void name(const adj_instruction *instruction, int64_t start, int64_t n,    \
                              void *out, const void *pa, const void *pb, const void *pc)

#define ADJ_UNUSED (void)instruction, (void)start, (void)pa, (void)pb, (void)pc

// out[i] = expression of x.
#define ADJ_UNARY(name, From, To, expression)        \
  ADJ_KERNEL(name) {                                 \
    ADJ_UNUSED;                                      \
    const From *a = pa;                              \
    To *o = out;                                     \
    ADJ_WIDE_LOOP(From) for (int64_t i = 0; i < n; i++) {       \
      From x = a[i];                                 \
      o[i] = (To)(expression);                       \
    }                                                \
  }

// out[i] = expression of x and y, either of which may be one number for all elements.
#define ADJ_BINARY(name, From, To, expression)       \
  ADJ_KERNEL(name) {                                 \
    ADJ_UNUSED;                                      \
    const From *a = pa, *b = pb;                     \
    To *o = out;                                     \
    if (instruction->scalars & ADJ_SCALAR_B) {       \
      From y = b[0];                                 \
      ADJ_WIDE_LOOP(From) for (int64_t i = 0; i < n; i++) {     \
        From x = a[i];                               \
        o[i] = (To)(expression);                     \
      }                                              \
    } else if (instruction->scalars & ADJ_SCALAR_A) {\
      From x = a[0];                                 \
      ADJ_WIDE_LOOP(From) for (int64_t i = 0; i < n; i++) {     \
        From y = b[i];                               \
        o[i] = (To)(expression);                     \
      }                                              \
    } else {                                         \
      ADJ_WIDE_LOOP(From) for (int64_t i = 0; i < n; i++) {     \
        From x = a[i], y = b[i];                     \
        o[i] = (To)(expression);                     \
      }                                              \
    }                                                \
  }

// The same for what does not become vectors: calls of the C library, integer division, inner loops.
#define ADJ_BINARY_ONE_BY_ONE(name, T, expression)                                              \
  static void name(const adj_instruction *instruction, int64_t start, int64_t n, void *out,    \
                   const void *pa, const void *pb, const void *pc) {                           \
    ADJ_UNUSED;                                                                                \
    const T *a = pa, *b = pb;                                                                  \
    T *o = out;                                                                                \
    int64_t step_a = !(instruction->scalars & ADJ_SCALAR_A);                                   \
    int64_t step_b = !(instruction->scalars & ADJ_SCALAR_B);                                   \
    for (int64_t i = 0; i < n; i++) {                                                          \
      T x = a[i * step_a], y = b[i * step_b];                                                  \
      o[i] = (T)(expression);                                                                  \
    }                                                                                          \
  }

typedef const adj_kernel adj_kernel_table[ADJ_OP_COUNT][ADJ_DTYPES];
extern adj_kernel_table adj_arithmetic, adj_division, adj_integers, adj_elementary, adj_comparison,
    adj_casts, adj_random;
