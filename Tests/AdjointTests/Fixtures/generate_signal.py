"""Writes signal.json: what PyTorch gives for windows, short-time spectra, sampling at grids and
systems of tensors.

    python3 generate_signal.py     # needs numpy and torch; rewrites signal.json beside this file

The format is that of cases.py. Complex arrays are two planes, real and imaginary, in a new first
axis. Arguments are explained at each case.
"""
import numpy as np
import torch

from cases import Cases

rng = np.random.default_rng(11)
reference = Cases()
case = reference.add


def real(*shape):
    return torch.from_numpy(np.round(rng.normal(size=shape), 2))


# Arguments: count, whether periodic.
for name, window in [("hannWindow", torch.hann_window), ("hammingWindow", torch.hamming_window),
                     ("blackmanWindow", torch.blackman_window)]:
    for count in (0, 1, 2, 5, 8):
        for periodic in (0, 1):
            y = window(count, periodic=bool(periodic), dtype=torch.float64)
            case(name, [], y, count, periodic)

# Arguments: size, hop (0: default), centred, one-sided, orthonormal, length (-1: default).
for size, hop, width, centred, onesided, norm, shape, length in [
        (8, 2, 8, 1, 1, 0, (20,), -1), (8, 0, 8, 1, 1, 1, (2, 20), 20), (8, 3, 6, 1, 1, 0, (2, 21), 19),
        (7, 2, 7, 1, 1, 0, (19,), -1), (7, 3, 5, 1, 0, 1, (2, 18), -1), (6, 2, 6, 1, 0, 0, (1, 13), 30),
        (4, 4, 4, 0, 1, 0, (2, 12), -1), (5, 1, 5, 0, 0, 0, (9,), 7), (4, 2, 0, 1, 1, 0, (8,), -1),
        (1, 1, 0, 1, 1, 0, (3,), -1), (6, 6, 0, 0, 1, 0, (6,), -1), (2, 1, 0, 1, 1, 1, (5,), -1)]:
    x = real(*shape)
    window = 0.3 + torch.from_numpy(np.round(rng.uniform(size=width), 2)) if width else None
    options = dict(n_fft=size, hop_length=hop or None, win_length=width or None, window=window,
                   center=bool(centred), normalized=bool(norm), onesided=bool(onesided))
    z = torch.stft(x, pad_mode="reflect", return_complex=True, **options)
    windows = [] if window is None else [window]
    case("stft", [x] + windows, z, size, hop, centred, onesided, norm, length)
    if size == 1:  # PyTorch's istft then cuts everything off
        continue
    z = torch.complex(real(*z.shape), real(*z.shape))
    if onesided:  # the others are real anyway
        z.imag[..., 0, :] = 0
        if size % 2 == 0:
            z.imag[..., -1, :] = 0
    y = torch.istft(z, length=None if length < 0 else length, **options)
    case("istft", [z] + windows, y, size, hop, centred, onesided, norm, length)
x = real(2, 14).float()
z = torch.stft(x, 6, 3, window=torch.ones(6), return_complex=True)
case("stft", [x, torch.ones(6)], z, 6, 3, 1, 1, 0, -1)
case("istft", [z, torch.ones(6)], torch.istft(z, 6, 3, window=torch.ones(6)), 6, 3, 1, 1, 0, -1)

# Arguments: norm, axes; the last axis is halved.
for norm, dims in [(0, (0, 1)), (1, (-1, 0)), (2, (0, 1, 2))]:
    name = ["backward", "ortho", "forward"][norm]
    z = torch.complex(real(2, 3, 4), real(2, 3, 4))
    case("hfft", [z], torch.fft.hfftn(z, dim=dims, norm=name), norm, *dims)
    case("ihfft", [z.real], torch.fft.ihfftn(z.real, dim=dims, norm=name), norm, *dims)

# Arguments: mode, padding, whether corners are aligned. Places lie inside, outside, on elements, halfway
# between them (powers of two, so that no rounding decides), at infinity and nowhere.
modes, paddings = ["nearest", "bilinear"], ["zeros", "border", "reflection"]
F = torch.nn.functional
for dtype in (torch.float64, torch.float32):
    for shape, places in [((2, 3, 4, 5), (2, 3, 4, 2)), ((1, 1, 1, 1), (1, 2, 3, 2)),
                          ((1, 2, 3, 1), (1, 1, 5, 2)), ((0, 2, 3, 4), (0, 2, 2, 2)),
                          ((1, 0, 3, 4), (1, 2, 2, 2)), ((1, 2, 3, 4), (1, 0, 2, 2)),
                          ((1, 2, 2, 3, 4), (1, 2, 2, 3, 3))]:
        if dtype == torch.float32 and len(shape) == 5:
            continue
        for mode in (0, 1):
            for padding in (0, 1, 2):
                for align in (0, 1):
                    x, grid = real(*shape).to(dtype), (1.3 * real(*places)).to(dtype)
                    y = F.grid_sample(x, grid, modes[mode], paddings[padding], bool(align))
                    case("gridSample", [x, grid], y, mode, padding, align)
exact = torch.tensor([-1, 1, 0, -0.75, 0.75, 0.25, -0.5, 1.5, -2.25, 3, 7.25, -1.25]).double()
for mode in (0, 1):
    for padding in (0, 1, 2):
        for align in (0, 1):
            n = 5 if align else 4
            x = real(1, 1, n, n)
            if padding == 0:
                x[0, 0, 0, 0] = float("nan")
                x[0, 0, 2, 1] = float("inf")
            grid = torch.stack(torch.meshgrid(exact, exact, indexing="xy"), -1)[None]
            case("gridSample", [x, grid], F.grid_sample(
                x, grid, modes[mode], paddings[padding], bool(align)), mode, padding, align)
far = torch.tensor([[float("inf"), 0], [-float("inf"), 0], [0, 1e30], [1e9, -1e9]]).double()
for mode in (0, 1):
    for padding in (0, 1):
        if mode == 1 and padding == 0:  # infinity times 0 is NaN there
            continue
        x = real(1, 1, 4, 4)
        case("gridSample", [x, far[None, None]], F.grid_sample(
            x, far[None, None], modes[mode], paddings[padding], False), mode, padding, 0)

# Arguments: whether corners are aligned, the sizes.
for dtype in (torch.float64, torch.float32):
    for batch, size in [(2, (3, 4)), (1, (1, 1)), (1, (1, 3)), (2, (2, 1, 3))]:
        for align in (0, 1):
            maps = real(batch, len(size), len(size) + 1).to(dtype)
            y = F.affine_grid(maps, [batch, 1, *size], bool(align))
            case("affineGrid", [maps], y, align, *size)

# Without arguments; inputs are the matrices and the right-hand sides.
for a, b in [((4, 4), (4, 2)), ((2, 3, 3), (2, 3, 2)), ((2, 3, 3), (3, 1)), ((3, 3), (2, 3, 2)),
             ((0, 0), (0, 2)), ((2, 1, 3, 3), (4, 3, 1)), ((1, 1), (1, 1)), ((0, 3, 3), (0, 3, 2))]:
    a, b = real(*a), real(*b)
    x = torch.linalg.lu_solve(*torch.linalg.lu_factor(a), b) if a.numel() else torch.linalg.solve(a, b)
    case("luSolve", [a, b], x)
# Arguments: the axes that are moved to the end; the number of leading axes.
for a, b, dims in [((2, 3, 6), (2, 3), ()), ((6, 2, 3), (2, 3), (0,)), ((4, 2, 2), (4,), ()),
                   ((1,), (1,), ()), ((2, 4, 2), (4,), (0, 2)), ((0, 0), (0,), ())]:
    a, b = real(*a), real(*b)
    case("tensorSolve", [a, b], torch.linalg.tensorsolve(a, b, dims=dims or None), *dims)
for a, ind in [((2, 3, 6), 2), ((6, 2, 3), 1), ((2, 2, 2, 2), 2), ((1,), 1), ((0, 2, 0), 2)]:
    a = real(*a)
    case("tensorInverse", [a], torch.linalg.tensorinv(a, ind), ind)

reference.write("signal.json")
