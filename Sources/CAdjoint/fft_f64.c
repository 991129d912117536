// The discrete Fourier transform in double precision.
#include <string.h>

#include "fft.h"
#include "fft_cosines.h"

#define REAL double
#define PLANES fft_planes_f64
#define NAMED(name) name##_f64
#include "fft_passes.h"
#include "fft_lines.h"
