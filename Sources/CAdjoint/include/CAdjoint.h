// The vector instructions of the pointwise machine and the few fused kernels.
//
// Everything here works on plain memory and knows nothing of tensors: shapes, dtypes and lifetimes
// are checked in Swift before a kernel is called.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CAdjointNetworks.h"

// MARK: Data types (the raw values of Swift's `DType`)

enum { ADJ_F32, ADJ_F64, ADJ_I64, ADJ_I32, ADJ_U8, ADJ_BOOL, ADJ_DTYPES };

// MARK: Instructions

/// What one instruction of a pointwise program does to each element of a tile.
typedef enum : uint16_t {
  // arithmetic.c
  ADJ_NEGATE, ADJ_ABS, ADJ_SIGN, ADJ_SQUARE, ADJ_RELU, ADJ_SQRT, ADJ_RSQRT, ADJ_RECIPROCAL,
  ADJ_FLOOR, ADJ_CEIL, ADJ_ROUND, ADJ_TRUNC,
  ADJ_ADD, ADJ_SUBTRACT, ADJ_MULTIPLY, ADJ_DIVIDE,
  ADJ_FLOOR_DIVIDE, ADJ_REMAINDER, ADJ_FMOD,  // division.c
  ADJ_COPYSIGN, ADJ_MAXIMUM, ADJ_MINIMUM,
  // elementary.c; powers of integers are in integers.c
  ADJ_EXP, ADJ_EXPM1, ADJ_EXP2, ADJ_LOG, ADJ_LOG1P, ADJ_LOG2, ADJ_LOG10, ADJ_CBRT,
  ADJ_SIN, ADJ_COS, ADJ_TAN, ADJ_ASIN, ADJ_ACOS, ADJ_ATAN,
  ADJ_SINH, ADJ_COSH, ADJ_TANH, ADJ_ASINH, ADJ_ACOSH, ADJ_ATANH,
  ADJ_SIGMOID, ADJ_SOFTPLUS, ADJ_ERF, ADJ_ERFC, ADJ_ERFINV, ADJ_LGAMMA, ADJ_DIGAMMA,
  ADJ_TRIGAMMA, ADJ_POLYGAMMA, ADJ_ATAN2, ADJ_HYPOT, ADJ_POW,
  // comparison.c: the result is a bool
  ADJ_EQUAL, ADJ_NOT_EQUAL, ADJ_LESS, ADJ_LESS_EQUAL, ADJ_GREATER, ADJ_GREATER_EQUAL,
  ADJ_AND, ADJ_OR, ADJ_XOR,  // of integers bit by bit: integers.c, as the shifts
  ADJ_SHIFT_LEFT, ADJ_SHIFT_RIGHT, ADJ_NOT, ADJ_SELECT,
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

enum { ADJ_DENSE, ADJ_STRIDED, ADJ_CONSTANT, ADJ_TEMPORARY, ADJ_STREAMED };

/// A register: one tile of values, in the memory of a tensor, in the thread's scratch space or, the
/// result that somebody consumes piece by piece, where the run is told to leave it.
typedef struct {
  uint8_t kind;
  uint8_t size;           // bytes per element
  bool wide;              // constant: whether a kernel needs a tile full of it
  uint16_t slot;          // the scratch tile: strided, constant and temporary registers
  int16_t written;        // the instruction that writes it and the last one that reads it,
  int16_t last_use;       // -1 where there is none
  void *base;             // dense: element 0; strided: the element at index (0, 0, ...)
  uint64_t value;         // constant: the element's bits
  const int64_t *strides; // strided: one per dimension, in elements
  const void *owner;      // whose values these are: what the builder knows them by
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

enum { ADJ_TILE_BYTES = 2048, ADJ_MAX_REGISTERS = 64 };

/// The kernel for `op` on operands of `dtype`, or null where the combination has no meaning.
adj_kernel adj_kernel_for(adj_op op, int dtype);

/// Runs the program for the elements `begin ..< end` of the result; `begin` is a multiple of 4
/// so that random draws are whole Philox blocks. A streamed register's values go to `streamed`.
void adj_program_run(const adj_program *program, int64_t begin, int64_t end, void *streamed);

/// Four random words for one counter and key (Philox4x32-10, Salmon et al., SC'11).
void adj_philox(uint32_t counter[4], const uint32_t key[2]);

/// The first half of the block at `counter`.
uint64_t adj_philox_word(uint64_t counter, uint64_t key);

/// Distributions whose draws reject; `a` and `b` are their parameters.
typedef enum : uint16_t {
  ADJ_DRAW_LOG_GAMMA,  // the logarithm of a gamma draw: concentration a, rate 1
  ADJ_DRAW_POISSON,    // rate a
  ADJ_DRAW_BINOMIAL,   // a trials of probability b
  ADJ_DRAW_TRUNCATED   // standard normal in [a, b]
} adj_sampler;

/// out[i] = a draw for elements `begin ..< end`, a function of key, position + i, a[i] and b[i] only.
/// A parameter may be one number for all. Float dtypes; parameters and result have the same.
void adj_sample(adj_sampler sampler, int dtype, void *out, const void *a, const void *b,
                bool one_a, bool one_b, uint64_t key, uint64_t position, int64_t begin, int64_t end);

/// out[i] = the derivative of y[i], the logarithm of a gamma draw, with respect to concentration a[i].
void adj_log_gamma_slopes(int dtype, void *out, const void *a, const void *y, int64_t begin,
                          int64_t end);

/// out[i] = one of the integers low, low + 1, ..., `values` of them.
void adj_sample_integers(int64_t *out, int64_t low, uint64_t values, uint64_t key,
                         uint64_t position, int64_t begin, int64_t end);

/// The running sums of rows of weights, in double precision.
void adj_accumulate_rows(int dtype, double *out, const void *weights, int64_t width, int64_t begin,
                         int64_t end);

/// out[i] = an index drawn by the weights whose running sums are row i % rows.
void adj_sample_indices(int64_t *out, const double *sums, int64_t rows, int64_t width, uint64_t key,
                        uint64_t position, int64_t begin, int64_t end);

/// Row i of out = how often each index occurs among `trials` draws by the weights in row i % rows.
void adj_sample_counts(int dtype, void *out, const void *weights, double trials, int64_t rows,
                       int64_t width, uint64_t key, uint64_t position, int64_t begin, int64_t end);

// MARK: Moving data

/// Merges adjacent axes wherever the strides of every array allow, and drops axes of size 1: long
/// inner runs are what makes strided access fast. `strides` holds 8 numbers for each array. Returns
/// the new rank.
int64_t adj_collapse(int64_t rank, int64_t *shape, int64_t arrays, int64_t *strides);

/// Copies elements `begin ..< end` (row-major order over `shape`) of a strided array to `out[0...]`.
void adj_load_strided(void *out, const void *base, int size, int64_t rank, const int64_t *shape,
                      const int64_t *strides, int64_t begin, int64_t end);

/// Copies elements `begin ..< end` (row-major order over `shape`) from one strided array to another.
/// No two elements of `out` are in one place.
void adj_copy_strided(void *out, const int64_t *out_strides, const void *in,
                      const int64_t *in_strides, int size, int64_t rank, const int64_t *shape,
                      int64_t begin, int64_t end);

// MARK: Indices into the middle axis of contiguous [outer, length, inner] arrays

/// out[o, j, ...] = in[o, indices[j], ...] for blocks o * count + j in `begin ..< end`, each of
/// `block` bytes: one row of the inner axis. The indices have been checked, here and below.
void adj_gather_blocks(void *out, const void *in, const int64_t *indices, int64_t length,
                       int64_t count, int64_t block, int64_t begin, int64_t end);

/// out[o, j, c] = in[o, indices[o, j, c], c] for elements `begin ..< end`.
void adj_gather_along(int size, void *out, const void *in, const int64_t *indices, int64_t length,
                      int64_t count, int64_t inner, int64_t begin, int64_t end);

typedef enum : uint16_t {
  ADJ_SCATTER_SET, ADJ_SCATTER_ADD, ADJ_SCATTER_MAX, ADJ_SCATTER_MIN
} adj_scatter_mode;

/// Combines in[o, j, c] into out[o, i, c], where i is indices[j] or, with `along`, indices[o, j, c],
/// for the lanes o * inner + c in `begin ..< end`: threads share the work by lanes, and every
/// element of `out` is combined in one order.
void adj_scatter(adj_scatter_mode mode, int dtype, void *out, const void *in,
                 const int64_t *indices, bool along, int64_t length, int64_t count, int64_t inner,
                 int64_t begin, int64_t end);

/// The smallest and the largest of `n > 0` indices.
void adj_index_bounds(const int64_t *indices, int64_t n, int64_t *smallest, int64_t *largest);

/// Adds up windows: out[o, i, c] is the sum of in[o, j, c, i - j * step] over the `count` windows j of
/// `size` elements that reach i. Elements `begin ..< end` of the result.
void adj_fold(int dtype, void *out, const void *in, int64_t length, int64_t count, int64_t inner,
              int64_t size, int64_t step, int64_t begin, int64_t end);

/// How many of `mask[begin ..< end]` are 1; the others are 0.
int64_t adj_count_true(const uint8_t *mask, int64_t begin, int64_t end);

/// The positions of the first `count` ones of `mask` from `begin` on.
void adj_nonzero(int64_t *out, const uint8_t *mask, int64_t begin, int64_t count);

/// Row-major positions as rows of one index per axis, for positions `begin ..< end`.
void adj_unravel(int64_t *out, const int64_t *positions, int64_t rank, const int64_t *shape,
                 int64_t begin, int64_t end);

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

// MARK: Distances

/// out[i][j] = the squared distance of row i of `a` [n, d] from column j of `b` [d, m], for rows
/// `begin ..< end`.
void adj_squared_distances(int dtype, void *out, const void *a, const void *b, int64_t d, int64_t m,
                           int64_t begin, int64_t end);

// MARK: Discrete Fourier transforms

/// How to transform lines of one length: factors and tables.
typedef struct adj_fft_plan adj_fft_plan;

/// A plan for lines of `n > 0` elements; real plans go from a real line to the first half of its
/// spectrum and back. Null if there is no memory.
adj_fft_plan *adj_fft_make(int dtype, int64_t n, bool real);
void adj_fft_free(adj_fft_plan *plan);

/// Other threads: `run` calls body(work, 0), ..., body(work, count - 1) on any of them and waits.
typedef struct {
  void (*run)(const void *context, int64_t count, void (*body)(void *work, int64_t index),
              void *work);
  const void *context;
} adj_pool;

/// The lines of contiguous arrays [outer, length, inner] along the middle axis.
typedef struct {
  const void *re, *im;     // null where all elements are zero, or the plan goes from real lines
  void *out_re, *out_im;   // the same memory as the input if the lengths agree
  int64_t in_length;       // what is not needed is left out, what is missing counts as zero
  int64_t out_length, inner;
  double scale;
  bool inverse;
  const adj_pool *pool;    // for lines so long that one is shared; may be null
} adj_fft_job;

/// How many lines are transformed side by side, where there are enough.
int64_t adj_fft_lanes(const adj_fft_plan *plan, int64_t inner);

/// Bytes of memory to work in for `lanes` lines.
int64_t adj_fft_scratch(const adj_fft_plan *plan, int64_t lanes);

/// Transforms lines `begin ..< end`, counted over outer and inner, `lanes` at a time.
void adj_fft_run(const adj_fft_plan *plan, const adj_fft_job *job, void *scratch, int64_t lanes,
                 int64_t begin, int64_t end);

// MARK: Bidiagonal form

/// A step of the reduction of a panel; `Bidiagonal.swift` explains it. B = a - left right^T.
typedef struct {
  const void *a;         // the matrix before the panel, column-major
  int64_t stride;        // from column to column
  int64_t rows;          // whole vectors; what is beyond the matrix is 0
  int64_t step, width;   // of the panel
  void *left;            // [V X], column-major
  int64_t left_stride;
  void *right;           // [Y U], row-major
  void *v;               // of the columns: the reflector; of the rows: column `step` of B
  void *z;               // of the columns: row `step` of B
  const void *c, *row;   // what rows of `right`, or columns of `left`, are multiplied by
  double tau, sum_factor, column_factor;
} adj_bidiagonal;

/// Columns `begin ..< end`: Y, the row z, and their shares of a z, of right^T z and, behind that, of
/// the squares of z after its first element.
void adj_bidiagonal_columns(int dtype, const adj_bidiagonal *step, int64_t begin, int64_t end,
                            void *sum, void *projection);

/// Rows `begin ..< end`, whole vectors: X, the next column, and their shares of left^T times it and,
/// behind that, of its squares after the first.
void adj_bidiagonal_rows(int dtype, const adj_bidiagonal *step, int64_t begin, int64_t end,
                         const void *sum, void *projection);

// MARK: Processor

/// The number of processors this process may run on.
int64_t adj_processor_count(void);

/// The system's number for this thread.
int64_t adj_thread_identity(void);

/// Tells the processor that this thread waits in a loop.
void adj_spin_hint(void);
