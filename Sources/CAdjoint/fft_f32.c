// The discrete Fourier transform in single precision.
#include <string.h>

#include "fft.h"
#include "fft_cosines.h"

#define REAL float
#define PLANES fft_planes_f32
#define NAMED(name) name##_f32
#include "fft_passes.h"
#include "fft_lines.h"
