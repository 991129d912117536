// The butterflies, for one type: REAL, PLANES and NAMED are defined by the file that includes this.
//
// x[q + s * (p + m * j)] becomes y[q + s * (r * p + k)] = w^(p k) * sum over j of x_j exp(-2 pi i j k / r)
// for butterflies p = 0 ..< m and neighbours q = 0 ..< s. The last pass has m = 1 and no factors.

#define INLINE static inline __attribute__((always_inline))
#define STORE(k, REAL_PART, IMAGINARY_PART)                                    \
  do {                                                                         \
    REAL re = REAL_PART, im = IMAGINARY_PART;                                  \
    yr[(k) * s + q] = twiddled ? re * wr[k] - im * wi[k] : re;                 \
    yi[(k) * s + q] = twiddled ? re * wi[k] + im * wr[k] : im;                 \
  } while (0)

// The start of every pass: pointers and factors of butterfly p; `room` is at least the radix.
#define BUTTERFLIES(r, room)                                                   \
  for (int64_t p = 0; p < m; p++) {                                            \
    const REAL *xr = x.re + s * p, *xi = x.im + s * p;                         \
    REAL *yr = y.re + s * (r) * p, *yi = y.im + s * (r) * p;                   \
    REAL wr[room], wi[room];                                                   \
    for (int k = 1; k < (r) && twiddled; k++) {                                \
      wr[k] = w[2 * (((r) - 1) * p + k - 1)];                                  \
      wi[k] = w[2 * (((r) - 1) * p + k - 1) + 1];                              \
    }

INLINE void NAMED(two)(int64_t m, int64_t s, PLANES x, PLANES y, const REAL *w, bool twiddled) {
  BUTTERFLIES(2, 2)
    ADJ_LOOP for (int64_t q = 0; q < s; q++) {
      REAL ar = xr[q], ai = xi[q], br = xr[q + s * m], bi = xi[q + s * m];
      yr[q] = ar + br, yi[q] = ai + bi;
      STORE(1, ar - br, ai - bi);
    }
  }
}

INLINE void NAMED(four)(int64_t m, int64_t s, PLANES x, PLANES y, const REAL *w, bool twiddled) {
  const int64_t step = s * m;
  BUTTERFLIES(4, 4)
    ADJ_LOOP for (int64_t q = 0; q < s; q++) {
      REAL ar = xr[q], ai = xi[q], br = xr[q + step], bi = xi[q + step];
      REAL cr = xr[q + 2 * step], ci = xi[q + 2 * step];
      REAL dr = xr[q + 3 * step], di = xi[q + 3 * step];
      REAL evenr = ar + cr, eveni = ai + ci, oddr = br + dr, oddi = bi + di;
      REAL lessr = ar - cr, lessi = ai - ci, restr = br - dr, resti = bi - di;
      yr[q] = evenr + oddr, yi[q] = eveni + oddi;
      STORE(1, lessr + resti, lessi - restr);
      STORE(2, evenr - oddr, eveni - oddi);
      STORE(3, lessr - resti, lessi + restr);
    }
  }
}

// An odd radix known to the compiler. Inputs j and r - j are taken together: their sum meets the
// cosines, their difference the sines.
INLINE void NAMED(odd)(const int r, const double *cosines, const double *sines, int64_t m, int64_t s,
                       PLANES x, PLANES y, const REAL *w, bool twiddled) {
  const int half = r / 2;
  const int64_t step = s * m;
  BUTTERFLIES(r, 13)
    ADJ_LOOP for (int64_t q = 0; q < s; q++) {
      REAL firstr = xr[q], firsti = xi[q], totalr = firstr, totali = firsti;
      REAL plusr[6], plusi[6], minusr[6], minusi[6];
      _Pragma("unroll") for (int j = 1; j <= half; j++) {
        REAL ar = xr[q + j * step], ai = xi[q + j * step];
        REAL br = xr[q + (r - j) * step], bi = xi[q + (r - j) * step];
        plusr[j - 1] = ar + br, plusi[j - 1] = ai + bi;
        minusr[j - 1] = ar - br, minusi[j - 1] = ai - bi;
        totalr += ar + br, totali += ai + bi;
      }
      yr[q] = totalr, yi[q] = totali;
      _Pragma("unroll") for (int k = 1; k <= half; k++) {
        REAL cr = firstr, ci = firsti, sr = 0, si = 0;
        _Pragma("unroll") for (int j = 1; j <= half; j++) {
          const int at = j * k % r;
          const REAL c = (REAL)cosines[at < r - at ? at : r - at];
          const REAL t = (REAL)(at < r - at ? sines[at] : -sines[r - at]);
          cr += c * plusr[j - 1], ci += c * plusi[j - 1];
          sr += t * minusr[j - 1], si += t * minusi[j - 1];
        }
        STORE(k, cr + si, ci - sr);
        STORE(r - k, cr - si, ci + sr);
      }
    }
  }
}

#define PASS(name, call_twiddled, call_plain)                                                    \
  ADJ_CLONES static void NAMED(name)(int64_t m, int64_t s, PLANES x, PLANES y, const REAL *w) {  \
    if (m > 1) call_twiddled;                                                                    \
    else call_plain;                                                                             \
  }
#define ODD(r)                                                                     \
  PASS(pass_##r, NAMED(odd)(r, cosines_##r, sines_##r, m, s, x, y, w, true),       \
       NAMED(odd)(r, cosines_##r, sines_##r, m, s, x, y, w, false))

PASS(pass_2, NAMED(two)(m, s, x, y, w, true), NAMED(two)(m, s, x, y, w, false))
PASS(pass_4, NAMED(four)(m, s, x, y, w, true), NAMED(four)(m, s, x, y, w, false))
ODD(3) ODD(5) ODD(7) ODD(11) ODD(13)

// Any other radix, up to FFT_GENERIC: the same sums with the roots of unity from a table.
ADJ_CLONES static void NAMED(pass_any)(int r, const REAL *roots, int64_t m, int64_t s, PLANES x,
                                       PLANES y, const REAL *w) {
  const int half = r / 2;
  const int64_t step = s * m;
  const bool twiddled = m > 1;
  BUTTERFLIES(r, FFT_GENERIC)
    for (int64_t start = 0; start < s; start += FFT_BLOCK) {
      const int64_t n = s - start < FFT_BLOCK ? s - start : FFT_BLOCK;
      REAL plusr[FFT_GENERIC / 2][FFT_BLOCK], plusi[FFT_GENERIC / 2][FFT_BLOCK];
      REAL minusr[FFT_GENERIC / 2][FFT_BLOCK], minusi[FFT_GENERIC / 2][FFT_BLOCK];
      REAL cr[FFT_BLOCK], ci[FFT_BLOCK], sr[FFT_BLOCK], si[FFT_BLOCK];
      const REAL *fromr = xr + start, *fromi = xi + start;
      for (int64_t i = 0; i < n; i++) cr[i] = fromr[i], ci[i] = fromi[i];
      for (int j = 1; j <= half; j++) {
        const REAL *ar = fromr + j * step, *ai = fromi + j * step;
        const REAL *br = fromr + (r - j) * step, *bi = fromi + (r - j) * step;
        ADJ_LOOP for (int64_t i = 0; i < n; i++) {
          plusr[j - 1][i] = ar[i] + br[i], plusi[j - 1][i] = ai[i] + bi[i];
          minusr[j - 1][i] = ar[i] - br[i], minusi[j - 1][i] = ai[i] - bi[i];
          cr[i] += plusr[j - 1][i], ci[i] += plusi[j - 1][i];
        }
      }
      for (int64_t i = 0; i < n; i++) yr[start + i] = cr[i], yi[start + i] = ci[i];
      for (int k = 1; k <= half; k++) {
        for (int64_t i = 0; i < n; i++) cr[i] = fromr[i], ci[i] = fromi[i], sr[i] = si[i] = 0;
        for (int j = 1; j <= half; j++) {
          const REAL c = roots[2 * (j * k % r)], t = -roots[2 * (j * k % r) + 1];
          ADJ_LOOP for (int64_t i = 0; i < n; i++) {
            cr[i] += c * plusr[j - 1][i], ci[i] += c * plusi[j - 1][i];
            sr[i] += t * minusr[j - 1][i], si[i] += t * minusi[j - 1][i];
          }
        }
        ADJ_LOOP for (int64_t i = 0; i < n; i++) {
          const int64_t q = start + i;
          STORE(k, cr[i] + si[i], ci[i] - sr[i]);
          STORE(r - k, cr[i] - si[i], ci[i] + sr[i]);
        }
      }
    }
  }
}

static PLANES NAMED(passes)(const fft_core *core, int64_t s, PLANES a, PLANES b) {
  int64_t left = core->n;
  for (int pass = 0; pass < core->passes; pass++) {
    const int64_t r = core->radix[pass], m = left / r;
    const REAL *w = core->twiddles[pass];
    switch (r) {
      case 2: NAMED(pass_2)(m, s, a, b, w); break;
      case 3: NAMED(pass_3)(m, s, a, b, w); break;
      case 4: NAMED(pass_4)(m, s, a, b, w); break;
      case 5: NAMED(pass_5)(m, s, a, b, w); break;
      case 7: NAMED(pass_7)(m, s, a, b, w); break;
      case 11: NAMED(pass_11)(m, s, a, b, w); break;
      case 13: NAMED(pass_13)(m, s, a, b, w); break;
      default: NAMED(pass_any)((int)r, core->roots[pass], m, s, a, b, w);
    }
    PLANES swap = a;
    a = b, b = swap;
    left = m, s *= r;
  }
  return a;
}
