"""Writes values.json: what NumPy, SciPy and PyTorch give for the operations of Adjoint.

    python3 generate.py        # needs numpy, scipy and torch; rewrites values.json beside this file

The file is a list of different arrays and a list of cases: an operation, its inputs and its output
as positions in the list of arrays, and integer arguments. Elements are texts that round trip (repr),
so NaN and infinities survive JSON. Elementary functions of float32 are computed in float64 and
rounded.
"""
import numpy as np
import scipy.special as special
import torch

from cases import Cases

np.seterr(all="ignore")
rng = np.random.default_rng(2024)
reference = Cases()
case = reference.add


def normal(shape, scale=1):
    """Random numbers with few digits: they keep the file small."""
    return np.round(rng.normal(0, scale, shape), 3)


# Elementwise functions: specials, everyday numbers and large ones.
specials = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, 1e-30, -1e-30]
points = np.array(specials + list(normal(12, 2)) + list(normal(6, 0.5))
                  + [88, -88, 30, -30, 100, -120, 1e4, -1e5, 3e30])
elementary = {
    "exp": np.exp, "expm1": np.expm1, "exp2": np.exp2, "log": np.log, "log1p": np.log1p,
    "log2": np.log2, "sqrt": np.sqrt, "rsqrt": lambda x: 1 / np.sqrt(x),
    "reciprocal": lambda x: 1 / x, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "sinh": np.sinh, "cosh": np.cosh,
    "tanh": np.tanh, "sigmoid": special.expit, "softplus": lambda x: np.logaddexp(0, x),
    "erf": special.erf, "floor": np.floor, "ceil": np.ceil, "round": np.round, "abs": np.abs,
    "sign": np.sign, "square": np.square, "negate": np.negative,
    "relu": lambda x: np.where(np.isnan(x), x, np.maximum(x, 0)),
}
for name, f in elementary.items():
    for dtype in (np.float32, np.float64):
        x = points.astype(dtype)
        case(name, x, f(x.astype(np.float64)).astype(dtype))
    case(name, np.zeros((2, 0), np.float32), np.zeros((2, 0), np.float32))
    case(name, np.float64(0.25), np.float64(f(np.float64(0.25))))
    x = np.round(rng.uniform(0.1, 0.9, (2, 3, 2)), 3)
    case(name, x, f(x))

# Integers wrap.
limits = {np.int64: [0, 1, -1, 7, -7, 2**63 - 1, -2**63, 2**62],
          np.int32: [0, 1, -1, 7, -7, 2**31 - 1, -2**31, 2**30],
          np.uint8: [0, 1, 2, 7, 100, 127, 128, 255]}
for dtype, values in limits.items():
    x = np.array(values, dtype)
    for name in ("negate", "abs", "sign", "square", "relu"):
        f = {"sign": lambda x: (x > 0).astype(x.dtype) - (x < 0).astype(x.dtype),
             "relu": lambda x: np.maximum(x, 0)}.get(name, elementary[name])
        case(name, x, f(x).astype(dtype))

binary = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply,
          "maximum": np.maximum, "minimum": np.minimum}
comparisons = {"equal": np.equal, "notEqual": np.not_equal, "less": np.less,
               "lessEqual": np.less_equal, "greater": np.greater, "greaterEqual": np.greater_equal}
grid = np.array([np.nan, np.inf, -np.inf, 0, -0.0, 1, -2, 0.5, 3e38])
for dtype in (np.float32, np.float64):
    a, b = grid.astype(dtype)[:, None], grid.astype(dtype)[None, :]
    for name, f in {**binary, "divide": np.divide, **comparisons}.items():
        case(name, [a, b], f(a, b))
    base = np.array([np.nan, np.inf, -np.inf, 0.0, 1, -1, -2, 0.5, 3.7], dtype)[:, None]
    power = np.array([np.nan, np.inf, -np.inf, 0.0, 1, -1, 2, 3, -3, 0.5, -0.5], dtype)[None, :]
    case("pow", [base, power], np.power(base.astype(np.float64), power.astype(np.float64)).astype(dtype))
for dtype, values in limits.items():
    a, b = np.array(values, dtype)[:, None], np.array(values, dtype)[None, :]
    for name, f in {**binary, **comparisons}.items():
        case(name, [a, b], f(a, b))
truths = np.array([True, False])
for name in ("equal", "notEqual", "less", "greaterEqual"):
    case(name, [truths[:, None], truths], comparisons[name](truths[:, None], truths))
case("and", [truths[:, None], truths], truths[:, None] & truths)
case("or", [truths[:, None], truths], truths[:, None] | truths)
case("not", truths, ~truths)

# Broadcasting.
for sa, sb in [((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 3)), ((4, 1, 3), (2, 1)), ((0, 1), (1, 5)),
               ((1, 1, 1), (2,)), ((1, 2, 1, 2, 1, 2, 1, 2), (2, 1, 2, 1, 2, 1)), ((3, 0), (3, 1))]:
    a, b = normal(sa), normal(sb)
    case("add", [a, b], a + b)
    case("divide", [a, b], a / b)
    case("less", [a.astype(np.float32), b.astype(np.float32)], a.astype(np.float32) < b.astype(np.float32))
for dtype in (np.float32, np.float64, np.int64, np.int32, np.uint8, bool):
    c = rng.random((3, 1)) < 0.5
    a, b = rng.integers(0, 2, (3, 4)).astype(dtype), rng.integers(0, 2, (4,)).astype(dtype)
    case("where", [c, a, b], np.where(c, a, b))

# Casts that C defines; saturation is our own and tested elsewhere.
dtypes = [np.float32, np.float64, np.int64, np.int32, np.uint8, bool]
for to in dtypes:
    for source in dtypes:
        x = np.array([0, 1, 2, 3, 100, 255], source)
        case("cast_" + np.dtype(to).name, x, x.astype(to))
    case("cast_" + np.dtype(to).name, np.array([0.5, 1.99, 0.0, 2.0**20]) % 256, (np.array([0.5, 1.99, 0.0, 2.0**20]) % 256).astype(to))
case("cast_int32", np.array([2**31, 2**32 + 5, -1, -2**40 - 3]), np.array([2**31, 2**32 + 5, -1, -2**40 - 3]).astype(np.int32))
case("cast_uint8", np.array([256, -1, 511]), np.array([256, -1, 511]).astype(np.uint8))
case("cast_float32", np.array([1e300, 1e-300, 1 / 3]), np.array([1e300, 1e-300, 1 / 3]).astype(np.float32))

# Reductions: arguments are keepingDimensions and then the axes; none mean all.
x = normal((2, 3, 4))
holes = x.copy()
holes[0, 1, 2], holes[1, 0, 0], holes[1, 2, 3] = np.nan, np.inf, -np.inf
samples = [x, x.astype(np.float32), holes, rng.integers(-9, 9, (2, 3, 4)),
          rng.integers(-9, 9, (2, 3, 4)).astype(np.int32), rng.integers(0, 255, (2, 3, 4)).astype(np.uint8),
          rng.random((2, 3, 4)) < 0.5]
for x in samples:
    floating = x.dtype.kind == "f"
    for axes in [(), (0,), (1,), (2,), (-1,), (-2,), (0, 1), (1, 2), (2, 0), (0, 1, 2)]:
        for keep in (False, True):
            axis = axes or None
            exact = x.astype(np.float64) if floating else x.astype(np.int64)
            total = exact.sum(axis=axis, keepdims=keep)
            case("sum", x, total.astype(x.dtype if floating else np.int64), int(keep), *axes)
            case("max", x, x.max(axis=axis, keepdims=keep), int(keep), *axes)
            case("min", x, x.min(axis=axis, keepdims=keep), int(keep), *axes)
            if floating:
                case("mean", x, exact.mean(axis=axis, keepdims=keep).astype(x.dtype), int(keep), *axes)
                value = torch.logsumexp(torch.tensor(exact), dim=axes or (0, 1, 2), keepdim=keep)
                case("logSumExp", x, value.numpy().astype(x.dtype), int(keep), *axes)
            if len(axes) <= 1:
                case("argMax", x, x.argmax(axis=axis[0] if axes else None, keepdims=keep), int(keep), *axes)
                case("argMin", x, x.argmin(axis=axis[0] if axes else None, keepdims=keep), int(keep), *axes)
    for axis in (0, 1, 2, -1, -3):
        if floating:
            exact = torch.tensor(x.astype(np.float64))
            case("softmax", x, torch.softmax(exact, axis).numpy().astype(x.dtype), axis)
            case("logSoftmax", x, torch.log_softmax(exact, axis).numpy().astype(x.dtype), axis)
for shape, axes in [((0,), ()), ((2, 0), (1,)), ((2, 0), (0,)), ((0, 3), (0,)), ((), ())]:
    x = np.ones(shape)
    case("sum", x, x.sum(axis=axes or None), 0, *axes)
    case("mean", x, x.mean(axis=axes or None), 0, *axes)
big = np.array([[1000, 1001, -1000], [-1e30, 1e30, 0], [0, 0, 0]], np.float32)
case("softmax", big, torch.softmax(torch.tensor(big), 1).numpy(), 1)
case("logSoftmax", big, torch.log_softmax(torch.tensor(big), 1).numpy(), 1)
case("logSumExp", big, torch.logsumexp(torch.tensor(big), 1).numpy(), 0, 1)

# Cross-entropy.
logits, labels = normal((5, 4)) * 5, np.array([3, 0, 1, 1, 2])
onehot = np.eye(4)[labels] * 0.7 + 0.1
for dtype in (np.float32, np.float64):
    z = torch.tensor(logits.astype(dtype))
    case("crossEntropy", [logits.astype(dtype), labels],
         torch.nn.functional.cross_entropy(z, torch.tensor(labels)).numpy())
    case("crossEntropy", [logits.astype(dtype), onehot.astype(dtype)],
         torch.nn.functional.cross_entropy(z, torch.tensor(onehot.astype(dtype))).numpy())

# Matrix products.
for sa, sb in [((2, 3), (3, 4)), ((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((5, 2, 3), (3, 4)),
               ((5, 2, 3), (5, 3, 1)), ((2, 3), (5, 3, 4)), ((2, 1, 2, 3), (5, 3, 4)), ((3,), (5, 3, 2)),
               ((5, 2, 3), (3,)), ((2, 0), (0, 3)), ((0, 2), (2, 3)), ((4, 2, 0), (0, 3)),
               ((0, 2, 3), (0, 3, 4)), ((1, 1), (1, 1)), ((17, 33), (33, 9))]:
    a, b = normal(sa), normal(sb)
    case("matmul", [a, b], np.matmul(a, b))
    if np.matmul(a, b).size < 100:
        a, b = a.astype(np.float32), b.astype(np.float32)
        case("matmul", [a, b], np.matmul(a.astype(np.float64), b.astype(np.float64)).astype(np.float32))

# Shapes and indices.
for dtype in (np.float32, np.int64, np.uint8, bool):
    x = rng.integers(0, 2, (2, 3, 4)).astype(dtype)
    if dtype == np.int64:
        x = np.arange(24).reshape(2, 3, 4)
    case("reshaped", x, x.reshape(4, 6), 4, 6)
    case("reshaped", x, x.reshape(3, -1), 3, -1)
    case("permuted", x, x.transpose(2, 0, 1), 2, 0, 1)
    case("permuted", x, x.transpose(1, 0, 2), -2, 0, -1)
    case("transposed", x, x.swapaxes(-2, -1))
    case("sliced", x, x[:, 1:3], 1, 1, 3)
    case("sliced", x, x[:, :, 2:2], 2, 2, 2)
    case("row", x, x[1], 1)
    case("row", x, x[-2], -2)
    case("broadcast", x[:, :1], np.broadcast_to(x[:, :1], (5, 2, 3, 4)), 5, 2, 3, 4)
    for axis in (0, 1, -1):
        case("concatenated", [x, x, x], np.concatenate([x, x, x], axis), axis)
        case("stacked", [x, x], np.stack([x, x], axis), axis)
        case("gathering", [x, np.array([1, 0, 1, 1])], np.take(x, [1, 0, 1, 1], axis), axis)
    case("gathering", [x, np.array([], np.int64)], np.take(x, np.array([], np.int64), 1), 1)
for dtype in (np.uint8, np.int32, np.int64):
    labels = np.array([[0, 2], [1, 1]], dtype)
    case("oneHot", labels, np.eye(3, dtype=np.float32)[labels], 3)

reference.write("values.json")
