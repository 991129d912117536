// The interpreter of pointwise programs: one tile at a time, every instruction of the program on it,
// so that intermediate values never leave the L1 cache.
#include <string.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

#include "kernels.h"

// Arithmetic with subnormal numbers is some hundred times slower than with others. Where a program
// says that it does not need them, the processor takes them for zero as long as it runs.
static uint64_t flush_subnormals(bool flush) {
#if defined(__x86_64__)
  uint32_t mode = _mm_getcsr();
  if (flush) _mm_setcsr(mode | 0x8040);
#elif defined(__aarch64__)
  uint64_t mode = __builtin_arm_rsr64("fpcr");
  if (flush) __builtin_arm_wsr64("fpcr", mode | 1 << 24);
#endif
  return mode;
}

static void restore_mode(uint64_t mode) {
#if defined(__x86_64__)
  _mm_setcsr((uint32_t)mode);
#elif defined(__aarch64__)
  __builtin_arm_wsr64("fpcr", mode);
#endif
}

adj_kernel adj_kernel_for(adj_op op, int dtype) {
  adj_kernel_table *families[] = {&adj_arithmetic, &adj_elementary, &adj_comparison, &adj_casts,
                                  &adj_random, &adj_division, &adj_integers};
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if ((*families[i])[op][dtype]) return (*families[i])[op][dtype];
  return NULL;
}

uint16_t adj_scalar_operands(adj_op op) {
  if (op == ADJ_SELECT) return ADJ_SCALAR_B | ADJ_SCALAR_C;
  bool binary = (op >= ADJ_ADD && op <= ADJ_MINIMUM) || (op >= ADJ_POLYGAMMA && op <= ADJ_POW) ||
                (op >= ADJ_EQUAL && op <= ADJ_SHIFT_RIGHT);
  return binary ? ADJ_SCALAR_A | ADJ_SCALAR_B : 0;
}

int adj_weight(adj_op op) {
  if (op == ADJ_UNIFORM) return 4;
  if (op == ADJ_NORMAL) return 16;
  if (op == ADJ_DIVIDE || (op >= ADJ_SQRT && op <= ADJ_RECIPROCAL)) return 2;
  if (op >= ADJ_FLOOR_DIVIDE && op <= ADJ_FMOD) return 8;
  if (op == ADJ_POLYGAMMA) return 256;
  return op >= ADJ_EXP && op <= ADJ_POW ? 8 : 1;
}

static void fill(void *out, int size, uint64_t value, int64_t n) {
  switch (size) {
    case 1: memset(out, (int)value, (size_t)n); break;
    case 4: for (int64_t i = 0; i < n; i++) ((uint32_t *)out)[i] = (uint32_t)value; break;
    default: for (int64_t i = 0; i < n; i++) ((uint64_t *)out)[i] = value;
  }
}

void adj_program_run(const adj_program *program, int64_t begin, int64_t end, void *streamed) {
  const int64_t count = program->register_count;
  const adj_register *registers = program->registers;
  _Alignas(64) char scratch[(size_t)(program->slots ? program->slots : 1) * ADJ_TILE_BYTES];
  void *at[count];
  for (int64_t r = 0; r < count; r++) {
    if (registers[r].kind == ADJ_DENSE || registers[r].kind == ADJ_STREAMED) continue;
    at[r] = scratch + (size_t)registers[r].slot * ADJ_TILE_BYTES;
    if (registers[r].kind == ADJ_CONSTANT) {
      int64_t needed = end - begin < program->tile ? end - begin : program->tile;
      fill(at[r], registers[r].size, registers[r].value, registers[r].wide ? needed : 1);
    }
  }
  uint64_t mode = flush_subnormals(program->flush);
  for (int64_t start = begin; start < end; start += program->tile) {
    int64_t n = end - start < program->tile ? end - start : program->tile;
    for (int64_t r = 0; r < count; r++) {
      const adj_register *reg = &registers[r];
      if (reg->kind == ADJ_DENSE)
        at[r] = (char *)reg->base + start * reg->size;
      else if (reg->kind == ADJ_STREAMED)
        at[r] = (char *)streamed + (start - begin) * reg->size;
      else if (reg->kind == ADJ_STRIDED)
        adj_load_strided(at[r], reg->base, reg->size, program->rank, program->shape, reg->strides,
                         start, start + n);
    }
    for (int64_t i = 0; i < program->instruction_count; i++) {
      const adj_instruction *in = &program->instructions[i];
      in->kernel(in, start, n, at[in->out], at[in->a], at[in->b], at[in->c]);
    }
  }
  restore_mode(mode);
}
