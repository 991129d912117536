// One step of a recurrent network between two products: gates forward, their gradients backward.
#include <math.h>

#include "elementary_f32.h"
#include "elementary_f64.h"
#include "kernels.h"

#define RECURRENT(T, s_, SIGMOID, TANH)                                                           \
  ADJ_CLONES static void forward_##s_(const adj_recurrent_step *s) {                              \
    const int64_t h = s->hidden, units = s->units;                                                \
    for (int64_t r = 0; r < s->rows; r++) {                                                       \
      const T *x = (const T *)s->x + r * s->gates * h, *p = (const T *)s->product + r * s->room;  \
      const T *b = s->bias, *d = s->product_bias;                                                 \
      const T *before = (const T *)s->before + r * h, *cell = (const T *)s->cell + r * h;         \
      T *after = (T *)s->after + r * h, *next = (T *)s->next_cell + r * h;                        \
      T *a = (T *)s->activations + r * s->kept * h;                                               \
      const int64_t q = s->gate_room;                                                             \
      switch (s->kind) {                                                                          \
        case ADJ_LSTM:                                                                            \
          ADJ_WIDE_LOOP(T) for (int64_t i = 0; i < units; i++) {                                  \
            const T in = SIGMOID((x[i] + b[i]) + (p[i] + d[i]));                                  \
            const T forget = SIGMOID((x[h + i] + b[h + i]) + (p[q + i] + d[h + i]));              \
            const T candidate =                                                                   \
                TANH((x[2 * h + i] + b[2 * h + i]) + (p[2 * q + i] + d[2 * h + i]));              \
            const T out = SIGMOID((x[3 * h + i] + b[3 * h + i]) + (p[3 * q + i] + d[3 * h + i])); \
            const T c = forget * cell[i] + in * candidate, bounded = TANH(c);                     \
            a[i] = in, a[h + i] = forget, a[2 * h + i] = candidate, a[3 * h + i] = out;           \
            a[4 * h + i] = bounded, next[i] = c, after[i] = out * bounded;                        \
          }                                                                                       \
          break;                                                                                  \
        case ADJ_GRU:                                                                             \
          ADJ_WIDE_LOOP(T) for (int64_t i = 0; i < units; i++) {                                  \
            const T reset = SIGMOID((x[i] + b[i]) + (p[i] + d[i]));                               \
            const T update = SIGMOID((x[h + i] + b[h + i]) + (p[q + i] + d[h + i]));              \
            const T product = p[2 * q + i] + d[2 * h + i];                                        \
            const T candidate = TANH((x[2 * h + i] + b[2 * h + i]) + reset * product);            \
            a[i] = reset, a[h + i] = update, a[2 * h + i] = candidate, a[3 * h + i] = product;    \
            after[i] = (1 - update) * candidate + update * before[i];                             \
          }                                                                                       \
          break;                                                                                  \
        case ADJ_RNN_TANH:                                                                        \
          ADJ_WIDE_LOOP(T) for (int64_t i = 0; i < units; i++)                                    \
            after[i] = TANH((x[i] + b[i]) + (p[i] + d[i]));                                       \
          break;                                                                                  \
        case ADJ_RNN_RELU:                                                                        \
          ADJ_WIDE_LOOP(T) for (int64_t i = 0; i < units; i++) {                                  \
            const T sum = (x[i] + b[i]) + (p[i] + d[i]);                                          \
            after[i] = sum <= 0 ? 0 : sum;                                                        \
          }                                                                                       \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  ADJ_CLONES static void back_##s_(const adj_recurrent_step_back *s) {                            \
    const int64_t h = s->hidden, units = s->units, q = s->gate_room;                              \
    for (int64_t r = 0; r < s->rows; r++) {                                                       \
      const T *g = (const T *)s->gradient + r * h, *a = (const T *)s->activations + r * s->kept * h; \
      const T *before = (const T *)s->before + r * h, *cell = (const T *)s->cell + r * h;         \
      const T *after = (const T *)s->after + r * h;                                               \
      T *through = (T *)s->through + r * h, *of_cell = (T *)s->of_cell + r * h;                   \
      T *dx = (T *)s->dx + r * s->gates * h, *dp = (T *)s->dp + r * s->gates * h;                 \
      T *dz = (T *)s->dz + r * s->room;                                                           \
      switch (s->kind) {                                                                          \
        case ADJ_LSTM:                                                                            \
          ADJ_LOOP for (int64_t i = 0; i < units; i++) {                                          \
            const T in = a[i], forget = a[h + i], candidate = a[2 * h + i], out = a[3 * h + i];   \
            const T bounded = a[4 * h + i], hidden = g[i] + through[i];                           \
            const T c = of_cell[i] + hidden * out * (1 - bounded * bounded);                      \
            const T di = c * candidate * (in * (1 - in));                                         \
            const T df = c * cell[i] * (forget * (1 - forget));                                   \
            const T dc = c * in * (1 - candidate * candidate);                                    \
            const T d_out = hidden * bounded * (out * (1 - out));                                 \
            dx[i] = dz[i] = di, dx[h + i] = dz[q + i] = df;                                       \
            dx[2 * h + i] = dz[2 * q + i] = dc, dx[3 * h + i] = dz[3 * q + i] = d_out;            \
            of_cell[i] = c * forget, through[i] = 0;                                              \
          }                                                                                       \
          break;                                                                                  \
        case ADJ_GRU:                                                                             \
          ADJ_LOOP for (int64_t i = 0; i < units; i++) {                                          \
            const T reset = a[i], update = a[h + i], candidate = a[2 * h + i];                    \
            const T hidden = g[i] + through[i];                                                   \
            const T du = hidden * (before[i] - candidate) * (update * (1 - update));              \
            const T dc = hidden * (1 - update) * (1 - candidate * candidate);                     \
            const T dr = dc * a[3 * h + i] * (reset * (1 - reset));                               \
            dx[i] = dp[i] = dz[i] = dr, dx[h + i] = dp[h + i] = dz[q + i] = du;                   \
            dx[2 * h + i] = dc, dp[2 * h + i] = dz[2 * q + i] = dc * reset;                       \
            through[i] = hidden * update;                                                         \
          }                                                                                       \
          break;                                                                                  \
        case ADJ_RNN_TANH:                                                                        \
          ADJ_LOOP for (int64_t i = 0; i < units; i++) {                                          \
            dx[i] = dz[i] = (g[i] + through[i]) * (1 - after[i] * after[i]);                      \
            through[i] = 0;                                                                       \
          }                                                                                       \
          break;                                                                                  \
        case ADJ_RNN_RELU:                                                                        \
          ADJ_LOOP for (int64_t i = 0; i < units; i++) {                                          \
            dx[i] = dz[i] = after[i] > 0 ? g[i] + through[i] : 0;                                 \
            through[i] = 0;                                                                       \
          }                                                                                       \
      }                                                                                           \
    }                                                                                             \
  }

RECURRENT(float, f32, adj_sigmoid_f32, adj_tanh_f32)
RECURRENT(double, f64, adj_sigmoid_f64, adj_tanh_f64)

void adj_recurrent_forward(int dtype, const adj_recurrent_step *step) {
  (dtype == ADJ_F32 ? forward_f32 : forward_f64)(step);
}

void adj_recurrent_backward(int dtype, const adj_recurrent_step_back *step) {
  (dtype == ADJ_F32 ? back_f32 : back_f64)(step);
}
