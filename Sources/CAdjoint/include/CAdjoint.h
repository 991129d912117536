// The vector instructions of the pointwise machine and the few fused kernels.
//
// Everything here works on plain memory and knows nothing of tensors: shapes, dtypes and lifetimes
// are checked in Swift before a kernel is called.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Data types (the raw values of Swift's `DType`)

enum { ADJ_F32, ADJ_F64, ADJ_I64, ADJ_I32, ADJ_U8, ADJ_BOOL, ADJ_DTYPES };

// MARK: Instructions

/// What one instruction of a pointwise program does to each element of a tile.
typedef enum : uint16_t {
  // arithmetic.c
  ADJ_NEGATE, ADJ_ABS, ADJ_SIGN, ADJ_SQUARE, ADJ_RELU, ADJ_SQRT, ADJ_RSQRT, ADJ_RECIPROCAL,
  ADJ_FLOOR, ADJ_CEIL, ADJ_ROUND,
  ADJ_ADD, ADJ_SUBTRACT, ADJ_MULTIPLY, ADJ_DIVIDE, ADJ_MAXIMUM, ADJ_MINIMUM,
  // elementary.c
  ADJ_EXP, ADJ_EXPM1, ADJ_EXP2, ADJ_LOG, ADJ_LOG1P, ADJ_LOG2, ADJ_SIN, ADJ_COS, ADJ_TAN,
  ADJ_ASIN, ADJ_ACOS, ADJ_ATAN, ADJ_SINH, ADJ_COSH, ADJ_TANH,
  ADJ_SIGMOID, ADJ_SOFTPLUS, ADJ_ERF, ADJ_POW,
  // comparison.c: the result is a bool
  ADJ_EQUAL, ADJ_NOT_EQUAL, ADJ_LESS, ADJ_LESS_EQUAL, ADJ_GREATER, ADJ_GREATER_EQUAL,
  ADJ_AND, ADJ_OR, ADJ_NOT, ADJ_SELECT,
  // cast.c: the result's dtype is in the name, the operand's in the instruction
  ADJ_CAST_F32, ADJ_CAST_F64, ADJ_CAST_I64, ADJ_CAST_I32, ADJ_CAST_U8, ADJ_CAST_BOOL,
  // random.c: no operands; Philox counters are derived from the element's index
  ADJ_UNIFORM, ADJ_NORMAL,
  ADJ_OP_COUNT
} adj_op;

struct adj_instruction;

/// A kernel: `n` elements from `a`, `b`, `c` to `out`. `out` may be the same memory as an operand
/// (never a shifted part of it). `start` is the index of the first element in the whole result.
typedef void (*adj_kernel)(const struct adj_instruction *instruction, int64_t start, int64_t n,
                           void *out, const void *a, const void *b, const void *c);

typedef struct adj_instruction {
  adj_kernel kernel;
  uint16_t out, a, b, c;  // registers
  uint16_t scalars;       // which operands are one number for all elements: ADJ_SCALAR_...
  uint64_t key, counter;  // random draws only
} adj_instruction;

enum { ADJ_SCALAR_A = 1, ADJ_SCALAR_B = 2, ADJ_SCALAR_C = 4 };

/// The operands of `op` that may be a single number: ADJ_SCALAR_... of binary and select kernels,
/// not both of a binary one.
uint16_t adj_scalar_operands(adj_op op);

/// About how long `op` takes for an element, in additions.
int adj_weight(adj_op op);

enum { ADJ_DENSE, ADJ_STRIDED, ADJ_CONSTANT, ADJ_TEMPORARY };

/// A register: one tile of values, in the memory of a tensor or in the thread's scratch space.
typedef struct {
  uint8_t kind;
  uint8_t size;           // bytes per element
  bool wide;              // constant: whether a kernel needs a tile full of it
  uint16_t slot;          // the scratch tile: strided, constant and temporary registers
  void *base;             // dense: element 0; strided: the element at index (0, 0, ...)
  uint64_t value;         // constant: the element's bits
  const int64_t *strides; // strided: one per dimension, in elements
} adj_register;

typedef struct {
  const adj_register *registers;
  int64_t register_count;
  const adj_instruction *instructions;
  int64_t instruction_count;
  const int64_t *shape;   // the iteration space of strided registers
  int64_t rank;
  int64_t slots;          // scratch tiles needed
  int64_t tile;           // elements per tile
  bool flush;             // whether subnormal numbers may become zero
} adj_program;

enum { ADJ_TILE_BYTES = 2048, ADJ_MAX_SLOTS = 64 };

/// The kernel for `op` on operands of `dtype`, or null where the combination has no meaning.
adj_kernel adj_kernel_for(adj_op op, int dtype);

/// Runs the program for the elements `begin ..< end` of the result; `begin` is a multiple of 4
/// so that random draws are whole Philox blocks.
void adj_program_run(const adj_program *program, int64_t begin, int64_t end);

/// Four random words for one counter and key (Philox4x32-10, Salmon et al., SC'11).
void adj_philox(uint32_t counter[4], const uint32_t key[2]);

/// The first half of the block at `counter`.
uint64_t adj_philox_word(uint64_t counter, uint64_t key);

// MARK: Moving data

/// Copies elements `begin ..< end` (row-major order over `shape`) of a strided array to `out[0...]`.
void adj_load_strided(void *out, const void *base, int size, int64_t rank, const int64_t *shape,
                      const int64_t *strides, int64_t begin, int64_t end);

/// out[r] = in[indices[r]] for rows of `row_bytes` bytes. The indices have been checked.
void adj_gather_rows(void *out, const void *in, const int64_t *indices, int64_t row_bytes,
                     int64_t begin, int64_t end);

/// out[indices[r]] += in[r] for rows of `width` elements, columns `begin ..< end` only, so that
/// threads can share the work by columns and every sum has one order.
void adj_scatter_add_rows(int dtype, void *out, const void *in, const int64_t *indices,
                          int64_t rows, int64_t width, int64_t begin, int64_t end);

/// The smallest and the largest of `n > 0` indices.
void adj_index_bounds(const int64_t *indices, int64_t n, int64_t *smallest, int64_t *largest);

// MARK: Reductions of a contiguous [outer, length, inner] array over its middle axis

typedef enum : uint16_t {
  ADJ_SUM, ADJ_SUM_WIDE, ADJ_SUM_SQUARES, ADJ_SUM_SQUARES_WIDE, ADJ_PRODUCT, ADJ_PRODUCT_WIDE,
  ADJ_MAX, ADJ_MIN, ADJ_ARGMAX, ADJ_ARGMIN
} adj_reduction;

/// Reduces elements `begin ..< end` of the [outer, inner] result. `length` is not zero.
/// Floats are summed and multiplied in double precision in an order that depends on `length` only;
/// sums and products of integers and bools are int64 and wrap; squares are summed of floats only;
/// the _WIDE ones are for floats and leave the double. NaN is largest and smallest. The result of
/// argmax and argmin is int64: the first index of the extreme.
void adj_reduce(adj_reduction op, int dtype, void *out, const void *in, int64_t length,
                int64_t inner, int64_t begin, int64_t end);

// MARK: Scans along the middle axis of a contiguous [outer, length, inner] array

typedef enum : uint16_t { ADJ_SCAN_SUM, ADJ_SCAN_PRODUCT, ADJ_SCAN_LOG_SUM_EXP } adj_scan_op;

/// The running sum, product (integers and bools give int64) or log(sum(exp)) of lines `begin ..<
/// end` of the outer * inner ones, from the last element on if `reversed`. `length` is not zero.
void adj_scan(adj_scan_op op, int dtype, bool reversed, void *out, const void *in, int64_t length,
              int64_t inner, int64_t begin, int64_t end);

/// The indices of the running extreme: of equal elements the last; a NaN is the extreme.
void adj_scan_extreme(bool largest, int dtype, int64_t *indices, const void *in, int64_t length,
                      int64_t inner, int64_t begin, int64_t end);

/// y[k] = factors[k] * y[k - 1] + terms[k] along each line, or with y[k + 1] if `reversed`; where
/// there is no neighbour y is the term.
void adj_linear_recurrence(int dtype, bool reversed, void *out, const void *factors,
                           const void *terms, int64_t length, int64_t inner, int64_t begin,
                           int64_t end);

// MARK: Sorting contiguous rows

/// The bytes of scratch memory that sorting a row takes for each element.
int64_t adj_sort_scratch_per_element(int dtype);

/// Sorts rows `begin ..< end` of `n` elements: values, indices into the row, or both; the other
/// pointer may be null. Equal elements keep their order; NaN is the largest.
void adj_sort_rows(int dtype, bool descending, void *values, int64_t *indices, const void *in,
                   int64_t n, int64_t begin, int64_t end, void *scratch);

enum { ADJ_TOP_MAX = 64 };

/// The first `k` elements that sorting would give, `k` being at most ADJ_TOP_MAX and `n`.
void adj_top_rows(int dtype, bool descending, void *values, int64_t *indices, const void *in,
                  int64_t n, int64_t k, int64_t begin, int64_t end);

/// How many of `n` sorted elements are less than each value, or not greater if `right`.
void adj_search_sorted(int dtype, bool right, int64_t *out, const void *sequence, int64_t n,
                       const void *values, int64_t begin, int64_t end);

// MARK: Counting

/// counts[indices[i]] += 1. The indices have been checked.
void adj_count(int64_t *counts, const int64_t *indices, int64_t n);

/// Adds how many of `n` floats fall into each of `bins` intervals between `bins + 1` even edges; the
/// last interval includes its upper edge.
void adj_histogram(int dtype, int64_t *counts, const void *in, int64_t n, const void *edges,
                   int64_t bins);

/// The multi-dimensional index of every true element of `n`, in row-major order.
void adj_nonzero(int64_t *out, const uint8_t *in, const int64_t *shape, int64_t rank, int64_t n);

// MARK: Distances

/// out[i][j] = the squared distance of row i of `a` [n, d] from column j of `b` [d, m], for rows
/// `begin ..< end`.
void adj_squared_distances(int dtype, void *out, const void *a, const void *b, int64_t d, int64_t m,
                           int64_t begin, int64_t end);

// MARK: Softmax over contiguous rows

/// out = softmax or log-softmax of rows `begin ..< end`, each of `width` elements.
void adj_softmax_rows(int dtype, bool logarithm, void *out, const void *in, int64_t width,
                      int64_t begin, int64_t end);

/// losses[r] = logsumexp(row r) - row r[labels[r]]. The labels have been checked.
void adj_cross_entropy_rows(int dtype, void *losses, const void *logits, const int64_t *labels,
                            int64_t width, int64_t begin, int64_t end);

// MARK: Processor

/// The number of processors this process may run on.
int64_t adj_processor_count(void);

/// Tells the processor that this thread waits in a loop.
void adj_spin_hint(void);
