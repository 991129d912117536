"""Writes reducing.json: what NumPy, SciPy and PyTorch give for reductions, scans, sorting and counting.

    python3 generate_reducing.py   # needs numpy, scipy and torch; rewrites reducing.json beside this file

The format is that of cases.py. Quantiles are arguments in percent.
"""
import warnings

from cases import Cases

import numpy as np
import scipy.integrate as integrate
import torch

np.seterr(all="ignore")
warnings.simplefilter("ignore")
rng = np.random.default_rng(77)
reference = Cases()
case = reference.add


def normal(shape, scale=1):
    return np.round(rng.normal(0, scale, shape), 2)


def tensor(x):
    return torch.tensor(np.asarray(x))


x = normal((2, 3, 4))
ties = np.round(x)
holes, full_of_holes = x.copy(), x.copy()
holes[0, 1, 2] = holes[1, 0, 0] = holes[1, 0, 3] = np.nan
full_of_holes[0] = np.nan
infinite = x.copy()
infinite[0, 1, 2], infinite[0, 1, 3], infinite[1, 0, 0] = np.inf, -np.inf, np.inf
floats = [x, ties.astype(np.float32), holes, infinite]
integers = [rng.integers(-9, 9, (2, 3, 4)), rng.integers(-9, 9, (2, 3, 4)).astype(np.int32),
            rng.integers(0, 4, (2, 3, 4)).astype(np.uint8), rng.random((2, 3, 4)) < 0.5]
sets = [(), (0,), (1,), (-1,), (0, 1), (2, 0), (0, 1, 2)]


def axis_of(axes):
    return axes if axes else None


# Reductions: arguments are keepingDimensions and then the axes; none mean all.
for x in floats + integers:
    floating = x.dtype.kind == "f"
    for axes in sets:
        keep = len(axes) % 2 == 1 and axes[0] >= 0
        axis, a = axis_of(axes), (int(keep), *axes)
        wide = x.astype(np.float64 if floating else np.int64)
        case("product", x, wide.prod(axis=axis, keepdims=keep).astype(x.dtype if floating else np.int64), *a)
        case("any", x, (x != 0).any(axis=axis, keepdims=keep), *a)
        case("all", x, (x != 0).all(axis=axis, keepdims=keep), *a)
        case("countNonzero", x, np.count_nonzero(x, axis=axis, keepdims=keep), *a)
        if not floating:
            continue
        for correction in (0, 1):
            case("variance%d" % correction, x, wide.var(axis=axis, ddof=correction, keepdims=keep).astype(x.dtype), *a)
            case("deviation%d" % correction, x, wide.std(axis=axis, ddof=correction, keepdims=keep).astype(x.dtype), *a)
        for name, order in [("0", 0), ("1", 1), ("2", 2), ("3", 3), ("minus1", -1), ("inf", np.inf), ("-inf", -np.inf)]:
            value = torch.linalg.vector_norm(tensor(wide), order, dim=axis, keepdim=keep)
            case("norm_" + name, x, value.numpy().astype(x.dtype), *a)

# NaN-aware: a NaN is missing.
for x in [holes, full_of_holes, holes.astype(np.float32)]:
    for axes in sets:
        keep = len(axes) == 2
        axis, a, wide = axis_of(axes), (int(keep), *axes), x.astype(np.float64)
        for name, f in [("nanSum", np.nansum), ("nanMean", np.nanmean), ("nanMax", np.nanmax), ("nanMin", np.nanmin),
                        ("nanVariance", lambda v, **k: np.nanvar(v, ddof=1, **k)),
                        ("nanDeviation", lambda v, **k: np.nanstd(v, ddof=1, **k)),
                        ("nanMedian", lambda v, **k: np.nanquantile(v, 0.5, method="lower", **k)),
                        ("nanQuantile", lambda v, **k: np.nanquantile(v, 0.3, **k))]:
            case(name, x, np.asarray(f(wide, axis=axis, keepdims=keep)).astype(x.dtype), *a)
case("nanSum", integers[2], integers[2].sum(dtype=np.int64), 0)
case("nanMax", integers[1], integers[1].max(axis=1), 0, 1)

# Medians and quantiles.
for x in [floats[0], floats[1], holes, integers[0], integers[2]]:
    for axes in sets:
        keep = len(axes) == 2
        lowest = np.quantile(x.astype(np.float64), 0.5, axis=axis_of(axes), keepdims=keep, method="lower")
        case("median", x, lowest.astype(x.dtype), int(keep), *axes)
        if x.dtype.kind == "f":
            for method in ("linear", "lower", "higher", "midpoint", "nearest"):
                for percent in (35, 50, 100):
                    if percent == 50 or axes in [(), (1,)]:
                        value = np.quantile(x.astype(np.float64), percent / 100, axis=axis_of(axes), keepdims=keep, method=method)
                        case("quantile_" + method, x, value.astype(x.dtype), percent, int(keep), *axes)

# Scans, sorting and selecting: the argument is the axis.
for x in floats + integers:
    floating = x.dtype.kind == "f"
    for axis in (0, 1, -1):
        wide = x.astype(np.float64 if floating else np.int64)
        for name, f in [("cumulativeSum", np.cumsum), ("cumulativeProduct", np.cumprod)]:
            case(name, x, f(wide, axis=axis).astype(x.dtype if floating else np.int64), axis)
        if floating:
            case("cumulativeLogSumExp", x, torch.logcumsumexp(tensor(wide), axis).numpy().astype(x.dtype), axis)
        if x.dtype != bool:
            for name, f in [("cumulativeMax", torch.cummax), ("cumulativeMin", torch.cummin)]:
                values, indices = f(tensor(x), axis)
                case(name, x, values.numpy(), axis)
                case(name + "_indices", x, indices.numpy(), axis)
            for k in (1, 2):
                value, index = torch.sort(tensor(x), dim=axis, stable=True)
                case("kthValue", x, value.numpy().take(k - 1, axis), k, axis)
                case("kthValue_index", x, index.numpy().take(k - 1, axis), k, axis)
        for descending in (False, True):
            values, indices = torch.sort(tensor(x), dim=axis, descending=descending, stable=True)
            case("sorted", x, values.numpy(), axis, int(descending))
            case("argSort", x, indices.numpy(), axis, int(descending))
            case("topK", x, values.numpy().take(range(2), axis), 2, axis, int(descending))
            case("topK_indices", x, indices.numpy().take(range(2), axis), 2, axis, int(descending))
        for name, f in [("maxWithIndex", np.argmax), ("minWithIndex", np.argmin)]:
            index = f(x, axis=axis)
            value = np.take_along_axis(x, np.expand_dims(index, axis), axis).squeeze(axis)
            case(name, x, value, axis)
            case(name + "_index", x, index, axis)
specials = np.array([3, np.nan, -0.0, np.inf, 0.0, -np.inf, np.nan, -1, 1e-40, -1e-40, 3, -3])
for dtype in (np.float32, np.float64):
    for descending in (False, True):
        values, indices = torch.sort(tensor(specials.astype(dtype)), descending=descending, stable=True)
        case("sorted", specials.astype(dtype), values.numpy(), 0, int(descending))
        case("argSort", specials.astype(dtype), indices.numpy(), 0, int(descending))
limits = np.array([2**63 - 1, -2**63, 0, -1, 1, 2**40, -2**40, 255, 256])
for x in (limits, limits.clip(-2**31, 2**31 - 1).astype(np.int32)):
    case("sorted", x, np.sort(x), 0, 0)
    case("argSort", x, np.argsort(-x.astype(np.float64), kind="stable"), 0, 1)
for n in (31, 32, 33, 70):  # short rows are sorted by insertion, longer ones by bytes
    x = rng.integers(-20, 20, (2, n))
    case("argSort", x, np.argsort(x, 1, kind="stable"), 1, 0)
    case("argSort", x.astype(np.float32) / 4, np.argsort(x, 1, kind="stable"), 1, 0)
for shape, axis in [((0,), 0), ((2, 0), 1), ((0, 3), 1), ((1,), 0)]:
    x = np.ones(shape)
    case("cumulativeSum", x, np.cumsum(x, axis), axis)
    case("cumulativeLogSumExp", x, x, axis)
    case("sorted", x, x, axis, 0)
    case("argSort", x, np.zeros(shape, np.int64), axis, 1)
    case("product", x, x.prod(axis=axis), 0, axis)
    case("any", x, x.any(axis=axis), 0, axis)
    case("all", x, x.all(axis=axis), 0, axis)
    case("norm_2", x, np.sqrt(x.sum(axis=axis)), 0, axis)
    case("variance1", x, x.var(axis=axis, ddof=1), 0, axis)
for op, value in [("product", 2.5), ("norm_2", 2.5), ("norm_3", 2.5), ("median", 2.5), ("variance0", 0.0), ("deviation0", 0.0)]:
    case(op, np.array(-2.5 if op.startswith("norm") else 2.5), np.array(value), 0)
case("any", np.array(0.0), np.array(False), 0)
case("norm_2", np.array([3e30, 4e30], np.float32), np.array(5e30, np.float32), 0)
case("norm_2", np.array([3e-30, 4e-30], np.float32), np.array(5e-30, np.float32), 0)
case("norm_3", np.array([0, -1e30, 1e30], np.float32), np.array(2 ** (1 / 3) * 1e30, np.float32), 0)
case("variance1", np.float32(1e6) + np.arange(8, dtype=np.float32), np.array(6, np.float32), 0)

# Counting and searching.
for x in [ties, ties.astype(np.float32)[0], *integers, np.array([]), np.array([[3, 1], [1, 3]], np.int32)]:
    values, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    case("unique", x, values)
    case("unique_inverse", x, inverse.reshape(x.shape).astype(np.int64))
    case("unique_counts", x, counts.astype(np.int64))
for x in [*floats[1:3], *integers, np.zeros((2, 0)), np.array([0.0, -0.0, 1e-40]), np.array(7), np.array(0)]:
    case("nonzero", x, torch.nonzero(tensor(x)).numpy())
numbers = rng.integers(0, 6, 12)
for x in (numbers, numbers.astype(np.int32), numbers.astype(np.uint8), np.array([], np.int64)):
    case("binCount", x, np.bincount(x, minlength=4), 4)
    case("binCount", x, np.bincount(x, minlength=9), 9)
weights = normal(12)
case("binCount", [numbers, weights], np.bincount(numbers, weights, minlength=9), 9)
case("binCount", [numbers, weights.astype(np.float32)], np.bincount(numbers, weights.astype(np.float32), minlength=9).astype(np.float32), 9)
sample = np.concatenate([normal(30), [-2, 2, 0, 5, np.nan]])
edges = np.array([-2, -1, -0.5, 0, 0.25, 2])
case("histogram_edges", [sample, edges], np.histogram(sample[:-1], edges)[0])
case("histogram_edges", [sample.astype(np.float32).reshape(5, 7), edges.astype(np.float32)], np.histogram(sample[:-1].astype(np.float32), edges)[0])
case("histogram_edges", [integers[0], np.array([-5, 0, 3, 8])], np.histogram(integers[0], [-5, 0, 3, 8])[0])
for bins in (1, 4):
    counts, found = np.histogram(sample[:-1], bins)
    case("histogram", sample[:-1], counts, bins)
    case("histogram_bounds", sample[:-1], found, bins)
    case("histogram_range", sample, np.histogram(sample[:-1], bins, (-1, 2))[0], bins, -1, 2)
case("histogram_bounds", np.array([3.0, 3.0]), np.histogram([3.0, 3.0], 2)[1], 2)
boundaries = np.array([-1.5, -0.5, 0, 0, 0.5, 2, np.inf])
wanted = np.concatenate([normal(9), [0, -0.0, 0.5, 3, np.inf, -np.inf, np.nan]]).reshape(4, 4)
for right in (0, 1):
    side = "right" if right else "left"
    for dtype in (np.float32, np.float64):
        a, v = boundaries.astype(dtype), wanted.astype(dtype)
        case("searchSorted", [a, v], np.searchsorted(a, v, side), right)
    case("searchSorted", [np.array([1, 3, 3, 7]), np.arange(9)], np.searchsorted([1, 3, 3, 7], np.arange(9), side), right)
    case("searchSorted", [np.array([], np.int32), np.arange(2, dtype=np.int32)], np.zeros(2, np.int64), right)
    rows, values = np.sort(normal((2, 3, 5))), normal((2, 3, 4))
    case("searchSorted", [rows, values], torch.searchsorted(tensor(rows), tensor(values), side=side).numpy(), right)

# Differences, integrals, statistics of rows and distances.
for x in [floats[0], floats[1], integers[0], integers[2]]:
    for axis in (0, 1, -1):
        for order in (0, 1, 2, 5)[axis % 2:]:
            case("diff", x, np.diff(x, order, axis), order, axis)
for x in floats[:2]:
    for axis in (0, 1, -1):
        points = np.round(np.cumsum(rng.uniform(0.1, 1, x.shape[axis])), 2).astype(x.dtype)
        case("trapezoid", x, np.trapezoid(x.astype(np.float64), dx=2, axis=axis).astype(x.dtype), axis)
        case("trapezoid", [x, points], np.trapezoid(x.astype(np.float64), points.astype(np.float64), axis=axis).astype(x.dtype), axis)
        case("cumulativeTrapezoid", x, integrate.cumulative_trapezoid(x.astype(np.float64), dx=2, axis=axis).astype(x.dtype), axis)
        case("cumulativeTrapezoid", [x, points], integrate.cumulative_trapezoid(x.astype(np.float64), points.astype(np.float64), axis=axis).astype(x.dtype), axis)
        case("normalized", x, torch.nn.functional.normalize(tensor(x.astype(np.float64)), dim=axis).numpy().astype(x.dtype), axis)
        y = normal(x.shape).astype(x.dtype)
        value = torch.cosine_similarity(tensor(x.astype(np.float64)), tensor(y.astype(np.float64)), axis)
        case("cosineSimilarity", [x, y], value.numpy().astype(x.dtype), axis)
    grid = np.sin(np.arange(24)).round(2).reshape(x.shape).astype(x.dtype)
    case("trapezoid", [x, grid], np.trapezoid(x.astype(np.float64), grid.astype(np.float64), axis=1).astype(x.dtype), 1)
case("cosineSimilarity", [normal((2, 1, 3)) * 0, normal((4, 3))], np.zeros((2, 4)), -1)
observations = normal((3, 6))
for x in (observations, observations.astype(np.float32), observations[0]):
    wide = x.astype(np.float64)
    case("covariance", x, np.cov(wide).astype(x.dtype), 1)
    case("covariance", x, np.cov(wide, ddof=0).astype(x.dtype), 0)
    if x.ndim == 2:
        case("correlation", x, np.corrcoef(wide).astype(x.dtype))
for sa, sb in [((3, 2), (4, 2)), ((1, 5), (1, 5)), ((2, 3, 2), (4, 2)), ((0, 2), (3, 2)), ((2, 3), (0, 3)), ((2, 0), (3, 0))]:
    a, b = normal(sa), normal(sb)
    if sa == (3, 2):
        b[0] = a[1]
    for dtype in (np.float64, np.float32)[:1 + (sb[0] > 3)]:
        for name, order in [("1", 1), ("2", 2), ("3", 3), ("inf", np.inf)]:
            if name == "inf" and sa[-1] == 0:
                continue
            a, b = a.astype(dtype), b.astype(dtype)
            difference = np.expand_dims(a.astype(np.float64), -2) - np.expand_dims(b.astype(np.float64), -3)
            value = torch.linalg.vector_norm(tensor(difference), order, dim=-1)
            case("pairwiseDistances_" + name, [a, b], value.numpy().astype(dtype))

reference.write("reducing.json")
