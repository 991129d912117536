"""Writes further.json: what NumPy, SciPy, PyTorch and mpmath give for the rarer functions.

    python3 generate_further.py     # needs numpy, scipy, torch and mpmath (which torch brings along)

The format is that of cases.py. Functions of float32 are computed in float64 and
rounded.
"""
import itertools

from cases import Cases

import mpmath
import numpy as np
import scipy.special as special
import torch
import torch.nn.functional as F

mpmath.mp.dps = 40
np.seterr(all="ignore")
rng = np.random.default_rng(77)
reference = Cases()
case = reference.add
inf, nan = np.inf, np.nan


def log_ndtr(v):
    if v != v or v == inf:
        return v if v != v else 0.0
    if v == -inf:
        return -inf
    return float(mpmath.log(mpmath.erfc(-mpmath.mpf(v) / mpmath.sqrt(2)) / 2)) if v < 0 else float(
        mpmath.log1p(-mpmath.erfc(mpmath.mpf(v) / mpmath.sqrt(2)) / 2))


def ndtr(v):
    if not np.isfinite(v):
        return nan if v != v else float(v > 0)
    return float(mpmath.erfc(-mpmath.mpf(v) / mpmath.sqrt(2)) / 2)


def ndtri(p):
    if not 0 < p < 1:
        return {0.0: -inf, 1.0: inf}.get(p, nan)
    x = mpmath.mpf(float(special.ndtri(p)))
    for _ in range(4):  # Newton for the logarithm
        value = mpmath.erfc(-x / mpmath.sqrt(2)) / 2
        x -= mpmath.log(value / mpmath.mpf(p)) * value / mpmath.npdf(x)
    return float(x)


each = lambda f: np.vectorize(f, otypes=[np.float64])
normal = np.array([nan, inf, -inf, 0.0, 1e-9, 0.5, -0.5, -0.999, -1, -1.001, 2, -2.5, 5, -5, 7.5, -8,
                   -9.99, -10, -10.01, -11, -12.5, -20, -37, -38.5, -100, -1e4])
levels = np.array([nan, 0.0, 1, -0.1, 1.5, 0.5, 0.25, 0.1, 0.975, 0.9, 0.0241, 0.0239, 0.02, 1e-3, 1e-7,
                   1e-12, 1e-30, 0.9761, 0.999, 0.50001])
points = np.array([nan, inf, -inf, 0.0, 1e-9, 0.25, 1, 3.5, -1, -1e-3, 200])
for dtype in (np.float32, np.float64):
    for name, x, f in [
        ("normalCDF", normal, each(ndtr)), ("logNormalCDF", normal, each(log_ndtr)),
        ("normalQuantile", levels, each(ndtri)), ("entr", points, special.entr),
        ("degrees", points, np.degrees), ("radians", points, np.radians),
    ]:
        x = x.astype(dtype)
        case(name, x, f(x.astype(np.float64)).astype(dtype))
        case(name, np.zeros((2, 0), dtype), np.zeros((2, 0), dtype))
        case(name, x[5], f(x[5].astype(np.float64)).astype(dtype))
    x = np.array([nan, 1, 1.01, 1.5, 4, 20.5, 0.5], dtype)
    case("multigammaln", x, np.array(
        [special.multigammaln(v, 3) if v > 1 else nan for v in x.astype(float)], dtype), 3)
    case("multigammaln", x[4:], special.multigammaln(x[4:].astype(float), 1).astype(dtype), 1)

    a = np.array([nan, inf, -inf, 0, 1, -2, 1000, -1000.5, 0.1], dtype)
    rows = a[:, None]
    case("fmax", [rows, a], np.fmax(rows, a))
    case("fmin", [rows, a], np.fmin(rows, a))
    case("heaviside", [rows, a], np.heaviside(rows, a))
    case("logAddExp2", [rows, a],
         np.logaddexp2(rows.astype(np.float64), a.astype(np.float64)).astype(dtype))
    tiny, huge = np.finfo(dtype).smallest_subnormal, np.finfo(dtype).max
    x = np.array([0.0, -0.0, nan, inf, -inf, 1, -1, 0.5, 3, -7.3, tiny, -5 * tiny, huge, 1 / huge,
                  0.99999994, 1.0000001, 2, 4, 1024, 1023.99], dtype)
    case("frexpMantissa", x, np.frexp(x)[0])
    finite = np.isfinite(x)
    case("frexpExponent", x, np.where(finite, np.frexp(np.where(finite, x, 0))[1], 0).astype(np.int32))
    case("signBit", x, np.signbit(x))
    counts = np.array([0, 1, -1, 5, -30, 125, -125, 140, -149, 300, -300, 1023, -1074, 2000, -2098,
                       2**31 - 1, -2**31], np.int32)
    case("ldexp", [x[:, None], counts], np.ldexp(x[:, None], counts))

    x = rng.normal(0, 1, (3, 5)).astype(dtype)
    places = np.array([-1, 0.5, 0.75, 2, 5], dtype)
    for axis in (0, -1):
        case("sampledSlope", x, np.gradient(x, 0.5, axis=axis).astype(dtype), axis)
    case("sampledSlopeAt", [x, places], np.gradient(x, places, axis=1).astype(dtype), 1)
    case("sampledSlope", x[:, :2], np.gradient(x[:, :2], 0.5, axis=1).astype(dtype), 1)
    slopes = np.array([0.25, -1, 0, 2, 0.5], dtype)
    case("prelu", [x, slopes], F.prelu(torch.tensor(x), torch.tensor(slopes)).numpy())
    case("softmin", x, F.softmin(torch.tensor(x), 0).numpy(), 0)
    for order in (1, 2, 3):
        case("pdist", x, F.pdist(torch.tensor(x), order).numpy(), order)
    y = torch.tensor(x.astype(np.float64))
    for axis in (0, 1):  # PyTorch adds 1e-7 to the norm
        norms = y.norm(dim=1 - axis, keepdim=True)
        case("renormalized", x, torch.where(norms > 1.5, y * 1.5 / norms, y).numpy().astype(dtype), axis)
    bags = np.array([[0, 2, 2], [1, 1, 0]])
    for number, mode in enumerate(("sum", "mean", "max")):
        case("embeddingBag", [bags, x],
             F.embedding_bag(torch.tensor(bags), torch.tensor(x), mode=mode).numpy(), number)
    with_nan = np.array([[1, nan, 2], [-inf, 3, 3]], dtype)
    case("minimum", with_nan, torch.aminmax(torch.tensor(with_nan), dim=1).min.numpy())
    case("maximum", with_nan, torch.aminmax(torch.tensor(with_nan), dim=1).max.numpy())
    repeated = np.array([0.0, -0.0, 1, 1, 1, nan, nan, 0, 2, 2], dtype)
    case("isIn", [repeated.reshape(2, 5), np.array([[nan, 1], [0, 7]], dtype)],
         np.isin(repeated, np.array([nan, 1, 0, 7], dtype)).reshape(2, 5))
    values, inverse, counts = torch.unique_consecutive(
        torch.tensor(repeated), return_inverse=True, return_counts=True)
    for name, y in (("consecutive", values), ("inverse", inverse), ("counts", counts)):
        case(name, repeated, y.numpy())

for dtype in (np.int64, np.int32, np.uint8):
    a = np.array([0, 1, 2, 12, 18, 97, 100, 127] + ([] if dtype == np.uint8 else
                 [-1, -12, 30030, 46368, 28657]), dtype)
    case("gcd", [a[:, None], a], np.gcd(a[:, None], a))
    b = a[a < 16]
    case("lcm", [b[:, None], b], np.lcm(b[:, None], b))
    case("fmax", [a[:, None], a], np.fmax(a[:, None], a))
    case("isIn", [a, np.array([12, 97, 0], dtype)], np.isin(a, [12, 97, 0]))
    case("isIn", [a, np.zeros(0, dtype)], np.zeros(a.shape, bool))
    case("signBit", a, a < 0)
    x = rng.integers(0, 4, (4, 9)).astype(dtype)
    for axis in (0, 1, -1):
        value = torch.mode(torch.tensor(x), axis).values.numpy()
        case("modeValue", x, value, axis)
        line = np.moveaxis(x, axis, -1)
        last = line.shape[-1] - 1 - (line == value[:, None])[:, ::-1].argmax(-1)
        case("modeIndex", x, last.astype(np.int64), axis)
    positions = np.array([[0, 5, 23], [7, 12, 1]], dtype)
    case("unravelled", positions, np.stack(np.unravel_index(positions, (2, 3, 4)), -1))
case("gcd", [np.array([2**62, 4660046610375530309]), np.array([2**40 * 3, 2880067194370816120])],
     np.array([2**40, 1]))  # neighbouring Fibonacci numbers take the most steps
for size in range(5):
    for replacing in (0, 1):
        choose = itertools.combinations_with_replacement if replacing else itertools.combinations
        x = np.array([3, 1, 4, 1])
        rows = np.array(list(choose(x.tolist(), size)), np.int64)
        case("combinations", x, rows.reshape(-1, size) if size else np.zeros((1, 0), np.int64),
             size, replacing)

reference.write("further.json")
