"""Writes fourier.json: what NumPy gives for the discrete Fourier transforms of Adjoint.

    python3 generate_fourier.py     # needs numpy; rewrites fourier.json beside this file

The format is that of cases.py. Complex arrays are two planes, real and imaginary, in a new first
axis. Arguments are the normalization (0 backward, 1 ortho, 2 forward), the number of axes, the axes
and, unless left out, the lengths.
"""
import numpy as np

from cases import Cases

rng = np.random.default_rng(7)
reference = Cases()
case = reference.add


def real(shape):
    return np.round(rng.normal(size=shape), 2)


def complex_(shape):
    return real(shape) + 1j * real(shape)


norms = ["backward", "ortho", "forward"]
one = {"fft": np.fft.fft, "ifft": np.fft.ifft, "rfft": np.fft.rfft, "irfft": np.fft.irfft,
       "hfft": np.fft.hfft, "ihfft": np.fft.ihfft}
several = {"fft": np.fft.fftn, "ifft": np.fft.ifftn, "rfft": np.fft.rfftn, "irfft": np.fft.irfftn}
takes_real = ("rfft", "ihfft")


def single(name, x, axis, count=None, norm=0):
    y = one[name](x, count, axis, norms[norm])
    lengths = [] if count is None else [count]
    case(name, x, y, norm, 1, axis, *lengths)
    if x.size <= 9:
        # NumPy computes in double precision what is then rounded.
        small = x.astype(np.complex64 if np.iscomplexobj(x) else np.float32)
        case(name, small, one[name](x, count, axis, norms[norm]).astype(
            np.complex64 if np.iscomplexobj(y) else np.float32), norm, 1, axis, *lengths)


for name in one:
    make = real if name in takes_real else complex_
    for n in [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 17, 25, 30, 67]:
        if name in ("irfft", "hfft"):
            single(name, make(n // 2 + 1), 0, n)
        else:
            single(name, make(n), -1)
    for norm in (1, 2):
        single(name, make((2, 6)), -1, None, norm)
        single(name, make(5), 0, 5, norm)
    for axis in (0, 1, -1):
        single(name, make((3, 4, 2)), axis, 4)
    for count in (1, 3, 8, 9):
        single(name, make((2, 5)), 1, count)
        single(name, make((5, 2)), -2, count)
    single(name, make((0, 4)), 1, 3)
    if name not in ("irfft", "hfft"):  # where NumPy 2 returns memory that nobody wrote
        single(name, make((2, 0)), 1, 3)
for name in several:
    make = real if name in takes_real else complex_
    for axes, counts, norm in [((0, 1), None, 0), ((-1, 0), None, 1), ((2, 1, 0), None, 2),
                               ((1, 2), (4, 6), 0), ((0, 2), (2, 3), 1), ((0, 1, 2), (3, 2, 5), 0),
                               ((1,), (7,), 0)]:
        x = make((2, 3, 4))
        case(name, x, several[name](x, counts, axes, norms[norm]), norm, len(axes), *axes,
             *(counts or ()))
for n in (1, 2, 5, 6):
    case("fftFrequencies", np.zeros(n), np.fft.fftfreq(n, 0.25), 0)
    case("rfftFrequencies", np.zeros(n), np.fft.rfftfreq(n, 0.25), 0)
for axes in ((), (0,), (1, -1), (-2,)):
    x = real((2, 3, 5))
    case("fftShifted", x, np.fft.fftshift(x, axes or None), 0, len(axes), *axes)
    case("ifftShifted", x, np.fft.ifftshift(x, axes or None), 0, len(axes), *axes)

reference.write("fourier.json")
