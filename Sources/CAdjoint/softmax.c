// Softmax, log-softmax and cross-entropy of rows: shifted by the row's maximum, so that nothing
// overflows. Rows are taken in groups that fill a few vectors, because most classifiers have far
// fewer classes than a vector has room for. The order of a row's sum depends on its width alone.
#include "elementary_f32.h"
#include "elementary_f64.h"
#include "kernels.h"
#include "rows.h"

enum { GROUP = 512 };

#define SOFTMAX(T, s)                                                                             \
  /* For `rows` rows: their maxima, and the sums of exp(x - maximum), whose terms stay in `e` if */ \
  /* it has room for all of them; else there is one row, and `e` is used again and again. */      \
  static inline __attribute__((always_inline)) void group_##s(                                    \
      T *e, int64_t room, T *shift, T *sum, const T *x, int64_t n, int64_t rows) {                \
    for (int64_t r = 0; r < rows; r++) {                                                          \
      shift[r] = row_max_##s(x + r * n, n);                                                       \
      sum[r] = 0;                                                                                 \
    }                                                                                             \
    int64_t width = rows > 1 || n <= room ? n : room;                                             \
    for (int64_t start = 0; start < n; start += width) {                                          \
      int64_t part = n - start < width ? n - start : width;                                       \
      for (int64_t r = 0; r < rows; r++)                                                          \
        for (int64_t i = 0; i < part; i++) e[r * n + i] = x[r * n + start + i] - shift[r];        \
      ADJ_WIDE_LOOP(T) for (int64_t i = 0; i < rows * part; i++) e[i] = adj_exp_##s(e[i]);        \
      for (int64_t r = 0; r < rows; r++) sum[r] += row_sum_##s(e + r * n, part);                  \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void softmax_##s(T *out, const T *in, int64_t n, int64_t begin,               \
                                     int64_t end) {                                               \
    T shift[GROUP], sum[GROUP];                                                                   \
    int64_t group = n < GROUP ? GROUP / n : 1;                                                    \
    for (int64_t at = begin; at < end; at += group) {                                             \
      int64_t rows = end - at < group ? end - at : group;                                         \
      T *o = out + at * n;                                                                        \
      group_##s(o, n, shift, sum, in + at * n, n, rows);                                          \
      for (int64_t r = 0; r < rows; r++) {                                                        \
        T scale = 1 / sum[r];                                                                     \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) o[r * n + i] *= scale;                           \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void log_softmax_##s(T *out, const T *in, int64_t n, int64_t begin,           \
                                         int64_t end) {                                           \
    T e[GROUP], shift[GROUP], sum[GROUP];                                                         \
    int64_t group = n < GROUP ? GROUP / n : 1;                                                    \
    for (int64_t at = begin; at < end; at += group) {                                             \
      int64_t rows = end - at < group ? end - at : group;                                         \
      group_##s(e, GROUP, shift, sum, in + at * n, n, rows);                                      \
      for (int64_t r = 0; r < rows; r++) {                                                        \
        const T *x = in + (at + r) * n;                                                           \
        T *o = out + (at + r) * n, logarithm = adj_log_##s(sum[r]), maximum = shift[r];           \
        ADJ_LOOP for (int64_t i = 0; i < n; i++) o[i] = (x[i] - maximum) - logarithm;             \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void cross_entropy_##s(T *losses, const T *in, const int64_t *labels,         \
                                           int64_t n, int64_t begin, int64_t end) {               \
    T e[GROUP], shift[GROUP], sum[GROUP];                                                         \
    int64_t group = n < GROUP ? GROUP / n : 1;                                                    \
    for (int64_t at = begin; at < end; at += group) {                                             \
      int64_t rows = end - at < group ? end - at : group;                                         \
      group_##s(e, GROUP, shift, sum, in + at * n, n, rows);                                      \
      ADJ_WIDE_LOOP(T) for (int64_t r = 0; r < rows; r++) sum[r] = adj_log_##s(sum[r]);           \
      for (int64_t r = 0; r < rows; r++)                                                          \
        losses[at + r] = sum[r] - (in[(at + r) * n + labels[at + r]] - shift[r]);                 \
    }                                                                                             \
  }

SOFTMAX(float, f32)
SOFTMAX(double, f64)

void adj_softmax_rows(int dtype, bool logarithm, void *out, const void *in, int64_t width,
                      int64_t begin, int64_t end) {
  if (dtype == ADJ_F32)
    (logarithm ? log_softmax_f32 : softmax_f32)(out, in, width, begin, end);
  else
    (logarithm ? log_softmax_f64 : softmax_f64)(out, in, width, begin, end);
}

void adj_cross_entropy_rows(int dtype, void *losses, const void *logits, const int64_t *labels,
                            int64_t width, int64_t begin, int64_t end) {
  if (dtype == ADJ_F32)
    cross_entropy_f32(losses, logits, labels, width, begin, end);
  else
    cross_entropy_f64(losses, logits, labels, width, begin, end);
}
