// The kernels of neural networks, a part of CAdjoint.h.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// MARK: Softmax over contiguous rows

/// out = softmax or log-softmax of rows `begin ..< end`, each of `width` elements.
void adj_softmax_rows(int dtype, bool logarithm, void *out, const void *in, int64_t width,
                      int64_t begin, int64_t end);

/// losses[r] = logsumexp(row r) - row r[labels[r]]. The labels have been checked.
void adj_cross_entropy_rows(int dtype, void *losses, const void *logits, const int64_t *labels,
                            int64_t width, int64_t begin, int64_t end);

// MARK: Attention

/// The scores of `rows` queries from `first_row` on and `columns` keys (at most 512) from `first_column`
/// on, in rows that start `stride` apart.
typedef struct {
  int64_t rows, columns, stride;
  int64_t first_row, first_column;
  /// Whether a query sees no key behind its own place.
  bool causal;
  /// The mask, one of them or none: what is added, or where a query may look.
  const void *added;
  const uint8_t *allowed;
  int64_t mask_row, mask_column;
  /// Dropout: the probability of staying, the place in the random stream, the index of the first of
  /// these queries' scores among all draws, and the number of keys of a query.
  double keep;
  uint64_t key, counter, draw;
  int64_t keys;
} adj_attention_tile;

/// Turns scores into exp(score - maximum), with dropout. `maximum` and `sum` of each row go on from
/// the tiles before; what those gave is to be multiplied by `rescale`.
void adj_attention_weigh(int dtype, const adj_attention_tile *tile, void *scores, void *maximum,
                         void *sum, void *rescale);

/// After the last tile: `sum` becomes the factor that makes weights of a row's terms, `logarithms` the
/// logarithm of the sum of all exp(score). A row without keys has weights of zero, or NaN.
void adj_attention_totals(int dtype, int64_t rows, bool nothing_is_nan, const void *maximum,
                          void *sum, void *logarithms);

/// Turns scores into weights, with dropout, and the gradients of weights into those of scores, times
/// `scale`. `dots` has each row's sum of weight * gradient.
void adj_attention_weigh_back(int dtype, const adj_attention_tile *tile, void *scores,
                              void *gradients, const void *logarithms, const void *dots,
                              double scale);

/// Multiplies each row by its factor.
void adj_scale_rows(int dtype, void *x, int64_t rows, int64_t width, int64_t stride,
                    const void *factors);

// MARK: Recurrent networks

typedef enum : uint16_t { ADJ_LSTM, ADJ_GRU, ADJ_RNN_TANH, ADJ_RNN_RELU } adj_recurrent_kind;

/// One step for `rows` sequences and `units` of the `hidden` ones; pointers lead to the first of these.
/// The gates of a row lie `hidden` apart in `x` and the biases, `gate_room` apart in `product`.
typedef struct {
  adj_recurrent_kind kind;
  int64_t rows, units, hidden, gates;
  /// How many numbers of each unit `activations` keeps for the way back.
  int64_t kept;
  /// How far apart the rows of `product` are.
  int64_t room, gate_room;
  const void *x, *product, *bias, *product_bias;
  /// The states before: hidden and, for an LSTM, cell.
  const void *before, *cell;
  void *after, *next_cell, *activations;
} adj_recurrent_step;

void adj_recurrent_forward(int dtype, const adj_recurrent_step *step);

/// The step back. `through` is the gradient that the hidden state has from the step behind; it becomes
/// what the one before gets beside the product. So does `of_cell`. `dz` is what the product is
/// multiplied with, `dx` and `dp` keep the gradients of gates and (GRU) of the products.
typedef struct {
  adj_recurrent_kind kind;
  int64_t rows, units, hidden, gates, kept;
  /// How far apart the rows and the gates of `dz` are.
  int64_t room, gate_room;
  const void *gradient, *activations, *before, *cell, *after;
  void *through, *of_cell, *dx, *dp, *dz;
} adj_recurrent_step_back;

void adj_recurrent_backward(int dtype, const adj_recurrent_step_back *step);

// MARK: Convolution

/// Copies a box of elements of 4 or 8 bytes between two arrays of at least two axes; strides are
/// counted in elements.
void adj_copy_box(int size, int64_t rank, const int64_t *shape, void *out,
                  const int64_t *out_strides, const void *in, const int64_t *in_strides);

/// Adds a box of floats or doubles to another array.
void adj_add_box(int dtype, int64_t rank, const int64_t *shape, void *out,
                 const int64_t *out_strides, const void *in, const int64_t *in_strides);

/// What the taps of a kernel see: tap k of channel c at position t is the element
/// c * channel_stride + offsets[k] + t of the slab. Positions come in runs of `positions`, which start
/// `run_stride` apart.
typedef struct {
  const void *slab;
  int64_t channels, channel_stride;
  const int64_t *offsets;
  int64_t taps;
  int64_t positions;
  int64_t runs, run_stride;
} adj_windows;

/// How many output channels a block has at most, and how many elements the kernels may read and
/// write behind the last position.
enum { ADJ_CONV_BLOCK = 8, ADJ_CONV_SLACK = 128 };

/// Weights of `count` output channels in the order `adj_conv_product` reads them:
/// out[c][k][o] = weights[o * output_stride + c * channel_stride + tap_positions[k]].
void adj_conv_pack(int dtype, void *out, const void *weights, int64_t count, int64_t channels,
                   int64_t taps, const int64_t *tap_positions, int64_t output_stride,
                   int64_t channel_stride);

/// out[o][t] = bias[o] + the sum over c and k of weights[c][k][o] times what tap k of c sees at t.
/// `bias` may be null. Rows of `out` are `stride` apart.
void adj_conv_product(int dtype, const adj_windows *windows, const void *weights, const void *bias,
                      int64_t count, void *out, int64_t stride);

/// sums[o][c][k] += the sum over t of g[o][t] times what tap k of channel c sees at t. Behind the last
/// position of a run `g` is zero as far as whole vectors of 64 bytes reach; its rows are `stride` apart,
/// those of `sums` `sums_stride`.
void adj_conv_dot(int dtype, const adj_windows *windows, const void *g, int64_t stride,
                  int64_t count, void *sums, int64_t sums_stride);

// MARK: Windows

/// Weighted sums of neighbours along one axis: position i sums elements from starts[i] on, with the
/// weights from offsets[i] up to offsets[i + 1]. Or, with a `width`, all sums have so many terms, and
/// weights and the elements' `indices` are [width][count].
typedef struct {
  int64_t count, width;
  const int32_t *starts, *offsets, *indices;
  const void *weights;
} adj_band;

/// Rows `begin ..< end` of all planes of out: `down` applied to the columns of each
/// [rows, columns] plane of `in`, then `across` to its rows. Either may be null, which leaves an axis
/// as it is, but not both; `down` has no width. `row` has room for one row of `in`.
void adj_bands(int dtype, void *out, const void *in, void *row, const adj_band *down,
               const adj_band *across, int64_t rows, int64_t columns, int64_t begin, int64_t end);

/// The windows along one axis of `size` elements: elements low[i], low[i] + step, ... below high[i].
/// Those from inner_begin up to inner_end have `taps` elements from i * stride + first on.
typedef struct {
  int64_t size, count, step;
  const int32_t *low, *high;
  int64_t inner_begin, inner_end, taps, stride, first;
} adj_window_axis;

/// The largest element of each window of rows `begin ..< end` of results, and where in its plane it
/// was found. Planes have three axes.
void adj_max_pool(int dtype, void *out, int32_t *indices, const void *in,
                  const adj_window_axis *axes, int64_t begin, int64_t end);

/// For planes `begin ..< end`: out[i] = in[indices[i]], from planes of `size` elements to planes of
/// `count`; or, unless `gathers`, out[indices[i]] += in[i], back from `count` to `size`.
void adj_plane_gather(int dtype, bool gathers, void *out, const void *in, const int32_t *indices,
                      int64_t count, int64_t size, int64_t begin, int64_t end);

// MARK: Normalisation

/// An [outer, groups, inner] array, each group over its outer and inner axis. Element i of the inner
/// axis of group c has weight and bias number c % weight_groups * weight_count + i / weight_area.
typedef struct {
  bool centred;  // if not, means are taken to be 0
  int64_t outer, groups, inner;
  int64_t weight_groups, weight_count, weight_area;
  double epsilon;
} adj_normalization;

/// out = (in - mean) * scale * weight + bias for groups `begin ..< end`, with
/// scale = 1 / sqrt(variance + epsilon).
void adj_normalize(int dtype, const adj_normalization *parts, void *out, void *mean, void *variance,
                   void *scale, const void *in, const void *weight, const void *bias, int64_t begin,
                   int64_t end);

/// out = scale * (h - mean(h) - y * mean(h * y)) for h = g * weight and y = (in - mean) * scale, without
/// mean(h) unless `centred`; without `mean`, `in` is y. The sums of g * y and g for each weight, over
/// these groups, replace `of_weight` and `of_bias`: those of all weights, or of these groups' weights if
/// each group has its own.
void adj_normalize_back(int dtype, const adj_normalization *parts, void *out, double *of_weight,
                        double *of_bias, const void *g, const void *in, const void *mean,
                        const void *scale, const void *weight, int64_t begin, int64_t end);
