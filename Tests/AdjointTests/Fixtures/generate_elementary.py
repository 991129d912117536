"""Writes elementary.json: what mpmath, NumPy, SciPy and PyTorch give for elementwise operations.

    python3 generate_elementary.py     # needs numpy, scipy, torch and mpmath (which torch brings along)

The format is that of cases.py. Functions of float32 are computed in float64 and
rounded; the gamma functions are mpmath's to 40 digits, because SciPy's err by more than is tested.
"""
import mpmath
import numpy as np
import scipy.special as special
import torch
import torch.nn.functional as F

from cases import Cases

mpmath.mp.dps = 40
np.seterr(all="ignore")
rng = np.random.default_rng(2025)
reference = Cases()
case = reference.add


def exactly(f, ends):
    """A function of mpmath for finite numbers off its poles, other values from a table."""
    def of(v):
        if v != v:
            return np.nan
        if v in ends:
            return ends[v](v) if callable(ends[v]) else ends[v]
        if v <= 0 and v == np.floor(v):
            return ends["pole"]
        return float(f(mpmath.mpf(float(v))))
    return np.vectorize(of, otypes=[np.float64])


def torched(f):
    return lambda x: f(torch.tensor(x)).numpy()


inf, nan = np.inf, np.nan
specials = [nan, inf, -inf, 0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2, 1e-30, -1e-30]
points = np.array(specials + list(np.round(rng.normal(0, 2, 14), 3)) + [30, -30.5, 1e4, -1e5, 3e30])
inside = np.array([nan, 0.0, -0.0, 1, -1, 1.5, 0.5, -0.85, 0.86, 1e-30, 0.999, -0.99999]
                  + list(np.round(rng.uniform(-1, 1, 12), 4)))
# Off the zeros of the gamma functions, near which errors are absolute.
gammas = np.array([nan, inf, -inf, 0.0, -0.0, 0.25, -0.5, -3, 3.5, 4, 8.25, 100.5, 1e10, 1e-20, -1e-20,
                   -7.9, -100.3, 0.01, 5.99, 6.01])
elementary = {
    "log10": (points, np.log10), "cbrt": (points, np.cbrt), "asinh": (points, np.arcsinh),
    "acosh": (points, np.arccosh), "atanh": (inside, np.arctanh), "trunc": (points, np.trunc),
    "frac": (points, torched(torch.frac)), "erfc": (points, special.erfc),
    "erfinv": (inside, np.vectorize(
        lambda v: nan if not abs(v) <= 1 else v * inf if abs(v) == 1
        else float(mpmath.erfinv(mpmath.mpf(float(v)))), otypes=[np.float64])),
    "lgamma": (gammas, exactly(lambda v: mpmath.log(abs(mpmath.gamma(v))) if v < 1e9 else
                               mpmath.loggamma(v), {inf: inf, -inf: inf, "pole": inf})),
    "digamma": (gammas, exactly(mpmath.digamma, {
        inf: inf, -inf: nan, 0.0: lambda v: -np.copysign(inf, v), "pole": nan})),
    "polygamma1": (gammas, exactly(lambda v: mpmath.polygamma(1, v),
                                   {inf: 0.0, -inf: nan, "pole": inf})),
    "polygamma2": (gammas, exactly(lambda v: mpmath.polygamma(2, v),
                                   {inf: 0.0, -inf: nan, "pole": -inf})),
    "polygamma5": (gammas, exactly(lambda v: mpmath.polygamma(5, v),
                                   {inf: 0.0, -inf: nan, "pole": inf})),
    "sinc": (np.array([nan, 0.0, 0.5, 0.199, 0.2, -0.201, 1e-8, 1.25, -3.3, 20.1]), np.sinc),
    "logit": (np.array([nan, 0.0, 1, 0.25, 0.75, 0.9, 1e-10, -0.5, 2]), special.logit),
    "isNaN": (points, np.isnan), "isInfinite": (points, np.isinf), "isFinite": (points, np.isfinite),
    "logSigmoid": (points, torched(F.logsigmoid)), "leakyReLU": (points, torched(F.leaky_relu)),
    "elu": (points, torched(F.elu)), "celu": (points, torched(lambda x: F.celu(x, 1.5))),
    "selu": (points, torched(F.selu)), "silu": (points, torched(F.silu)),
    "gelu": (points, lambda x: 0.5 * x * special.erfc(-x * np.sqrt(0.5))),
    "geluApproximate": (points[2:], torched(lambda x: F.gelu(x, approximate="tanh"))),
    "mish": (points, torched(F.mish)), "softsign": (points, torched(F.softsign)),
    "relu6": (points, torched(F.relu6)), "hardtanh": (points, torched(F.hardtanh)),
    "hardsigmoid": (points, torched(lambda x: torch.clamp(x + 3, 0, 6) / 6)),
    "hardswish": (points, torched(lambda x: x * torch.clamp(x + 3, 0, 6) / 6)),
    "softshrink": (points, torched(F.softshrink)), "hardshrink": (points, torched(F.hardshrink)),
    "tanhshrink": (points, torched(F.tanhshrink)),
    "threshold": (points, torched(lambda x: F.threshold(x, 0.5, -3))),
    "clamp": (points, torched(lambda x: torch.clamp(x, -0.5, 1.5))),
    "clampBelow": (points, torched(lambda x: torch.clamp(x, min=0.25))),
}
for name, (x, f) in elementary.items():
    for dtype in (np.float32, np.float64):
        y = np.asarray(f(x.astype(dtype).astype(np.float64)))
        case(name, x.astype(dtype), y if y.dtype == bool else y.astype(dtype))
    result = bool if name.startswith("is") else np.float32
    case(name, np.zeros((2, 0), np.float32), np.zeros((2, 0), result))
    case(name, np.float64(0.3), np.asarray(f(np.array([0.3])))[0])
for dtype in (np.float32, np.float64):
    x = np.array([nan, inf, -inf, 1.5], dtype)
    case("nanToNum", x, np.nan_to_num(x))
    case("nanToNumGiven", x, np.nan_to_num(x, nan=2, posinf=3, neginf=-4))

grid = np.array([nan, inf, -inf, 0, -0.0, 1, -2, 0.5, 3.75, -7.25, 1e10, 3e38])
pairs = {
    "floorDivide": np.floor_divide, "remainder": np.remainder, "fmod": np.fmod,
    "copysign": np.copysign, "atan2": np.arctan2, "hypot": np.hypot,
    "xlogy": special.xlogy, "xlog1py": special.xlog1py, "logAddExp": np.logaddexp,
}
for dtype in (np.float32, np.float64):
    a, b = grid.astype(dtype)[:, None], grid.astype(dtype)[None, :]
    for name, f in pairs.items():
        wide = name in ("atan2", "hypot", "xlogy", "xlog1py", "logAddExp")
        result = f(a.astype(np.float64), b.astype(np.float64)).astype(dtype) if wide else f(a, b)
        case(name, [a, b], result)
    # Without zeros and infinities whole tiles are divided at once.
    a = np.round(rng.normal(0, 20, (7, 3)), 2).astype(dtype)
    b = np.round(rng.uniform(0.3, 4, (3,)) * [1, -1, 1], 2).astype(dtype)
    for name in ("floorDivide", "remainder", "fmod"):
        case(name, [a, b], pairs[name](a, b))
    x = np.array([nan, 0.5, -1, 3, 1.5, 1], dtype)
    low, high = np.array([[0], [2]], dtype), np.array([1, 1, 1, 2, nan, 1], dtype)
    case("clampTensors", [x, low, high], torch.clamp(*map(torch.tensor, (x, low, high))).numpy())
    weight = np.array([0, 1, 0.25, 0.75, 2, -1], dtype)
    case("lerp", [x, low, weight],
         torch.lerp(*torch.broadcast_tensors(*map(torch.tensor, (x, low, weight)))).numpy())

limits = {np.int64: [0, 1, -1, 7, -7, 3, 2**63 - 1, -2**63, 2**62 + 5],
          np.int32: [0, 1, -1, 7, -7, 3, 2**31 - 1, -2**31, 2**30 + 5],
          np.uint8: [0, 1, 2, 7, 100, 127, 128, 255]}


def power(x, y, bits, signed):
    if y < 0:
        return x if abs(x) == 1 and y % 2 else int(abs(x) == 1)
    value = pow(int(x), int(y), 2**bits)
    return value - 2**bits if signed and value >= 2**(bits - 1) else value


for dtype, values in limits.items():
    a, b = np.array(values, dtype)[:, None], np.array(values, dtype)[None, :]
    for name in ("floorDivide", "remainder", "fmod"):
        case(name, [a, b], pairs[name](a, b))
    for name, f in {"bitAnd": np.bitwise_and, "bitOr": np.bitwise_or, "bitXor": np.bitwise_xor}.items():
        case(name, [a, b], f(a, b))
    case("bitNot", a, ~a)
    signed = dtype != np.uint8
    bits = np.dtype(dtype).itemsize * 8
    case("pow", [a, b], np.array(
        [[power(x, y, bits, signed) for y in b[0].tolist()] for x in a[:, 0].tolist()], dtype))
    counts = np.array([0, 1, 3, 7, 31, 62, 63, 64, 200] + ([-1] if signed else []), dtype)[None, :]
    case("shiftLeft", [a, counts], np.left_shift(a, counts))
    case("shiftRight", [a, counts], np.right_shift(a, counts))
    case("clampInteger", a, np.clip(a, 1, 5))
    case("isNaN", a, np.isnan(a.astype(float)))
    case("isInfinite", a, np.isinf(a.astype(float)))
    case("isFinite", a, np.isfinite(a.astype(float)))
    case("nanToNum", a, a)
truths = np.array([True, False])
case("xor", [truths[:, None], truths], truths[:, None] ^ truths)

a = np.array([1, 1.00001, 1.1, inf, inf, -inf, nan, nan, 0, 1e-9, inf])
b = np.array([1, 1, 1, inf, -inf, -inf, nan, 1, 1e-9, 0, 1])
for dtype in (np.float32, np.float64):
    case("isClose", [a.astype(dtype), b.astype(dtype)], np.isclose(a.astype(dtype), b.astype(dtype)))
    case("isCloseNaN", [a.astype(dtype), b.astype(dtype)],
         np.isclose(a.astype(dtype), b.astype(dtype), rtol=0.2, atol=0, equal_nan=True))
a, b = np.array([[100000, 100001]]), np.array([[100000], [100002]])
case("isClose", [a, b], np.isclose(a, b))

x = np.round(rng.normal(0, 1, (2, 4, 2)), 3)
for axis in (1, -2, 0, -1):
    case("glu", x, F.glu(torch.tensor(x), axis).numpy(), axis)

reference.write("elementary.json")
