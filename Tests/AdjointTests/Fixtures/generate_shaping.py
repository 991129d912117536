"""Writes shaping.json: what NumPy and PyTorch give for changes of shape and indexing.

    python3 generate_shaping.py      # needs numpy and torch; rewrites shaping.json beside this file

The format is that of cases.py. Operations on subscripts have the Python
expression as their name.
"""
import numpy as np
import torch

from cases import Cases

rng = np.random.default_rng(77)
reference = Cases()
case = reference.add


def parts(op, x, outputs, *arguments):
    """One case for each part of a list; its number is the first argument."""
    for index, output in enumerate(outputs):
        case(op, x, output, index, *arguments)


def numbers(shape, dtype=np.float64):
    if dtype == bool:
        return rng.integers(0, 2, shape).astype(bool)
    x = rng.permutation(int(np.prod(shape)) if shape else 1).reshape(shape)
    return (x % 200).astype(dtype)


dtypes = [np.float32, np.float64, np.int64, np.int32, np.uint8, bool]

# Changes of shape, for every dtype.
for dtype in dtypes:
    x = numbers((2, 3, 4), dtype)
    if dtype == np.float32:
        x.flat[:3] = [np.nan, np.inf, -np.inf]
    t = torch.tensor(x)
    case("flattened", x, x.ravel(), 0, -1)
    case("flattened", x, x.reshape(2, 12), 1, 2)
    case("flattened", x, x.reshape(6, 4), -3, -2)
    case("unflattened", x, x.reshape(2, 3, 2, 2), 2, 2, -1)
    case("unflattened", x, x.reshape(2, 1, 3, 4), -2, 1, 3)
    case("squeezed", x[:, None, :1], x[:, 0])
    case("expanded", x[0], x[:1], 3)
    case("expanded", x, x, 2)
    case("movingAxis", x, np.moveaxis(x, 0, -1), 0, -1)
    case("movingAxis", x, np.moveaxis(x, -1, 1), -1, 1)
    case("movingAxes", x, np.moveaxis(x, [0, 2], [1, 0]), 0, 2, 1, 0)
    case("flipped", x, np.flip(x))
    for axes in ((0,), (1,), (-1,), (0, 2), (2, 1)):
        case("flipped", x, np.flip(x, axes), *axes)
    for turns in (0, 1, 2, 3, -5):
        case("rotated", x, np.rot90(x, turns, (1, 2)), turns, 1, 2)
    case("rotated", x, np.rot90(x, 1, (2, 0)), 1, 2, 0)
    for shift, axis in ((1, 0), (1, 1), (-1, 2), (9, 2), (0, 0), (-7, -2)):
        case("rolled", x, np.roll(x, shift, axis), shift, axis)
    case("rolled", x, np.roll(x, (1, -2), (0, 2)), 1, -2, 0, 2)
    case("tiled", x, np.tile(x, (2, 1, 3)), 2, 1, 3)
    case("tiled", x[0], np.tile(x[0], (2, 3, 1)), 2, 3, 1)
    case("tiled", x, np.tile(x, 2), 2)
    case("tiled", x, np.tile(x, (0, 1, 1)), 0, 1, 1)
    for count, axis in ((3, 0), (2, 1), (2, -1), (1, 1), (0, 2)):
        case("repeated", x, np.repeat(x, count, axis), count, axis)
    case("repeatedEach", x, np.repeat(x, [2, 0, 3], 1), 1, 2, 0, 3)
    parts("splitSizes", x, np.split(x, [1, 1, 4], 2)[:4], 2, 1, 0, 3, 0)
    parts("splitEvery", x, torch.split(t, 3, 2), 3, 2)
    parts("splitInto", x, np.array_split(x, 3, 2), 3, 2)
    parts("splitInto", x, np.array_split(x, 5, 1), 5, 1)
    parts("chunked", x, torch.chunk(t, 3, 2), 3, -1)
    parts("unstacked", x, torch.unbind(t, 1), 1)
    parts("unstacked", x, torch.unbind(t, -1), -1)
    for widths in (((1, 2),), ((0, 1), (2, 0)), ((1, 1), (0, 2), (3, 0))):
        full = ((0, 0),) * (3 - len(widths)) + widths
        flat = [w for pair in widths for w in pair]
        case("padded", x, np.pad(x, full, constant_values=0), *flat)
        if widths[-1] == (1, 2):
            case("paddedOnes", x, np.pad(x, full, constant_values=1), *flat)
        case("replicate", x, np.pad(x, full, mode="edge"), *flat)
    for widths in (((1, 2),), ((0, 1), (2, 0)), ((1, 1), (0, 2), (3, 0))):
        full = ((0, 0),) * (3 - len(widths)) + widths
        flat = [w for pair in widths for w in pair]
        case("circular", x, np.pad(x, full, mode="wrap"), *flat)
        if len(widths) < 3:
            case("reflect", x, np.pad(x, full, mode="reflect"), *flat)
    for offset in (0, 1, -1, 3, 9, -9):
        case("diagonal", x, np.diagonal(x, offset, 1, 2), offset, -2, -1)
        case("diagonal", x, np.diagonal(x, offset, 2, 0), offset, 2, 0)
        case("tril", x, np.tril(x, offset), offset)
        case("triu", x, np.triu(x, offset), offset)
    for offset in (0, 2, -1):
        case("diagonalMatrix", x[0], torch.diag_embed(t[0], offset).numpy(), offset)
        case("diagonalMatrix", x[0, 0], np.diag(x[0, 0], offset), offset)
    for size, step, axis in ((2, 1, 2), (3, 1, -1), (2, 2, 2), (2, 1, 1), (1, 2, 2), (4, 5, 2), (2, 1, 0)):
        case("unfolded", x, t.unfold(axis, size, step).numpy(), size, step, axis)
    a, b, c = numbers((3,), dtype), numbers((2,), dtype), numbers((4,), dtype)
    parts("meshgrid", [a, b, c], np.meshgrid(a, b, c, indexing="ij"), 0)
    parts("meshgrid", [a, b, c], np.meshgrid(a, b, c, indexing="xy"), 1)
    parts("meshgrid", [a], np.meshgrid(a, indexing="xy"), 1)
    case("cartesianProduct", [a, b, c],
         torch.cartesian_prod(torch.tensor(a), torch.tensor(b), torch.tensor(c)).numpy())
    case("blockDiagonal", [x[0], x[1, :2], a],
         torch.block_diag(t[0], t[1, :2], torch.tensor(a)).numpy())
for dtype in (np.float32, np.float64):
    x = np.array([[-1.5, 0, 2], [3, 0.5, -2]], dtype)
    for columns in (1, 3, 4):
        case("vander", x, torch.vander(torch.tensor(x).flatten(), columns).reshape(2, 3, columns).numpy(),
             columns, 0)
        case("vander", x[0], np.vander(x[0], columns, increasing=True).astype(dtype), columns, 1)

# Nothing, and single numbers.
for shape in ((0,), (2, 0), (0, 3)):
    x = np.zeros(shape)
    case("flattened", x, x.ravel(), 0, -1)
    case("flipped", x, x)
    case("rolled", x, x, 3, 0)
    case("tiled", x, np.tile(x, (2, 2)), 2, 2)
    case("repeated", x, np.repeat(x, 2, -1), 2, -1)
    case("padded", x, np.pad(x, ((0, 0),) * (x.ndim - 1) + ((1, 2),)), 1, 2)
    case("diagonalMatrix", x, torch.diag_embed(torch.tensor(x)).numpy(), 0)
    case("nonzero", x, np.argwhere(x))
case("flattened", np.float64(3), np.array([3.0]), 0, -1)
case("flipped", np.float64(3), np.float64(3))
case("expanded", np.float64(3), np.array([[3.0]]), 2)
case("tiled", np.float64(3), np.array([[3.0, 3.0]]), 1, 2)
case("nonzero", np.float64(3), np.argwhere(np.float64(3)))
case("diagonal", np.zeros((0, 3)), np.zeros(0), 0, -2, -1)
case("squeezed", np.ones((1, 1)), np.float64(1))

# Subscripts. The name is the expression.
reads = [
    "x[0]", "x[-1]", "x[1, 2]", "x[1, -1, 0]", "x[..., 0]", "x[0, ..., 1:3]", "x[..., -2, 1:]", "x[...]",
    "x[:, ::2]", "x[:, :, ::-1]", "x[::-1, ::-2]", "x[:, :, -3:-1]", "x[:, -2:]", "x[:, :-1]",
    "x[:, 1:1]", "x[..., 3:0:-2]", "x[None]", "x[:, None, 0, ..., None]", "x[0, 1, ..., 2:]",
    "x[i]", "x[:, j]", "x[..., j, :]", "x[i, j]", "x[i, :, k]", "x[:, j, k]", "x[0, j, k]", "x[i2]",
    "x[i2, j]", "x[1:, j, None]", "x[m]", "x[m2]", "x[:, m3]", "x[0, m3]", "x[m1, 1:]", "x[m1, :, k]", "x[m1, j]",
]
writes = [
    ("x[0]", (3, 4)), ("x[0]", ()), ("x[1, 2]", (4,)), ("x[..., 1:3]", (3, 1)), ("x[:, ::2, ::-1]", (2, 2, 4)),
    ("x[...]", (2, 3, 4)), ("x[0, ..., 1:3]", (2,)), ("x[..., 3:0:-2]", (2,)), ("x[:, 1:1]", ()),
    ("x[:, None, 0]", (2, 1, 4)), ("x[i]", (4, 3, 4)), ("x[i]", (4,)), ("x[:, j]", (2, 4, 4)),
    ("x[i, j]", (4, 4)), ("x[:, j, k]", (2, 4)), ("x[i, :, k]", (4, 3)), ("x[1, j, k]", (4,)),
    ("x[i2, j]", (2, 4, 4)), ("x[m]", ()), ("x[m2]", (4,)), ("x[:, m3]", ()), ("x[1, m3]", ()),
    ("x[m1, 1:]", ()),
]
picks = {"i": [1, 0, 1, -1], "j": [2, 0, 1, 1], "k": [3, -4, 0, 1], "i2": [[1, 0, 0, 1], [0, 0, 1, 1]]}
for number, dtype in enumerate(dtypes):
    x = numbers((2, 3, 4), dtype)
    # All of them once, and every third for each of the other dtypes.
    step, first = (1, 0) if dtype == np.float64 else (3, number % 3)
    names = {name: np.array(value) for name, value in picks.items()}
    names["m"] = rng.integers(0, 2, (2, 3, 4)).astype(bool)
    names["m1"] = np.array([True, False])
    names["m2"] = rng.integers(0, 2, (2, 3)).astype(bool)
    names["m3"] = rng.integers(0, 2, (3, 4)).astype(bool)
    used = [names[n] for n in ("i", "j", "k", "i2", "m", "m1", "m2", "m3")]
    names["x"] = torch.tensor(x)
    names.update({n: torch.tensor(v) for n, v in names.items() if n != "x"})
    for text in reads[first::step]:
        # Backwards steps and masks beside integers are NumPy's; where they differ, PyTorch is right.
        scope = {n: np.asarray(v) for n, v in names.items()} if "-1]" in text or ":-2" in text else names
        case(text, [x] + used, np.asarray(eval(text, {}, scope)))
    for text, shape in writes[first::step]:
        value = numbers(shape, dtype)
        y = x.copy()
        exec(text + " = value", {}, {**{n: np.asarray(v) for n, v in names.items()}, "x": y, "value": value})
        case(text + " = v", [x] + used + [value], y)
    # As many values as the mask has places.
    for text in ("x[m]", "x[m2]", "x[:, m3]"):
        value = numbers(np.asarray(eval(text, {}, {**names, "x": torch.tensor(x)})).shape, dtype)
        y = x.copy()
        exec(text + " = value", {}, {**{n: np.asarray(v) for n, v in names.items()}, "x": y, "value": value})
        case(text + " = v", [x] + used + [value], y)

# Gather and scatter.
for dtype in dtypes:
    x = numbers((2, 3, 4), dtype)
    if dtype == np.float64:
        x[0, 0, 0] = np.nan
    t = torch.tensor(x)
    for axis, size in ((0, 4), (1, 3), (-1, 5)):
        n = x.shape[axis]
        shape = list(x.shape)
        shape[axis] = size
        along = rng.integers(0, n, shape)
        flat = rng.integers(0, n, (size,))
        case("gatheringAlongAxis", [x, along], np.take_along_axis(x, along, axis), axis)
        case("gatheringSlices", [x, flat], np.take(x, flat, axis), axis)
        case("gatheringSlices", [x, flat.reshape(1, size)], np.take(x, flat.reshape(1, size), axis), axis)
        v = numbers(shape, dtype)
        if dtype == np.float64:
            v[-1, -1, -1] = np.nan
        tv, ti, tf = torch.tensor(v), torch.tensor(along), torch.tensor(flat)
        for mode, name in ((1, "sum"), (2, "amax"), (3, "amin")):
            if dtype == bool:
                continue
            case("scatteringAlongAxis", [x, v, along],
                 t.scatter_reduce(axis, ti, tv, name, include_self=True).numpy(), axis, mode)
            case("scatteringSlices", [x, v, flat],
                 t.index_add(axis, tf, tv).numpy() if mode == 1 else
                 t.index_reduce(axis, tf, tv, name, include_self=True).numpy(), axis, mode)
        y = x.copy()
        np.put_along_axis(y, along, v, axis)
        case("scatteringAlongAxis", [x, v, along], y, axis, 0)
        y = np.moveaxis(x.copy(), axis, 0)
        y[flat] = np.moveaxis(v, axis, 0)
        case("scatteringSlices", [x, v, flat], np.moveaxis(y, 0, axis), axis, 0)
    where = rng.integers(0, 24, (2, 3))
    case("taking", [x, where], np.take(x, where))
    case("nonzero", x, np.argwhere(x))
    case("whereColumn", x != 0, np.nonzero(x)[1], 1)
x = numbers((2, 3))
along = np.array([[2, 0]])
case("gatheringAlongAxis", [x, along], np.take_along_axis(x, along, 1), 1)
case("gatheringAlongAxis", [x[:1], np.array([[0], [2]])], np.take_along_axis(np.broadcast_to(x[:1], (2, 3)), np.array([[0], [2]]), 1), 1)
case("gatheringAlongAxis", [x, np.zeros((2, 0), np.int64)], np.zeros((2, 0)), 1)
case("scatteringAlongAxis", [x, np.float64(5), along], np.where(np.isin(np.arange(3), along), 5, x), 1, 0)
case("gatheringSlices", [x, np.zeros(0, np.int64)], np.zeros((2, 0)), 1)
case("scatteringSlices", [x, np.zeros((2, 0)), np.zeros(0, np.int64)], x, 1, 1)

# Creation; the arguments are start, end, count and base in hundredths.
for start, end, count, base in ((0, 200, 5, 1000), (-100, 100, 3, 200), (0, 0, 1, 1000), (100, 300, 0, 1000)):
    case("logspace", np.zeros(0), np.logspace(start / 100, end / 100, count, base=base / 100),
         start, end, count, base)
for n, m in ((3, 3), (2, 4), (4, 2), (0, 0), (2, 0)):
    case("eye", np.zeros(0), np.eye(n, m, dtype=np.float32), n, m)

reference.write("shaping.json")
