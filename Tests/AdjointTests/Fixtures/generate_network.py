"""Writes network.json: what PyTorch gives for convolution, pooling, interpolation and normalisation.

    python3 generate_network.py    # needs numpy and torch; rewrites network.json beside this file

The form of the file is that of cases.py. Arguments are integers: for
convolutions stride, padding, dilation of each axis and groups; for pooling size, stride, padding,
dilation of each axis and whether to round up; numbers like epsilon are fixed in both programs.
"""
import numpy as np
import torch
import torch.nn.functional as F

from cases import Cases, text

rng = np.random.default_rng(7)
reference = Cases(lambda v: f"{v:.10g}" if v.dtype == np.float64 else text(v))
case = reference.add


def normal(*shape, dtype=np.float64):
    """Numbers with one digit: they keep the file small, and pooling meets ties."""
    return np.round(rng.normal(0, 1, shape), 1).astype(dtype)


def t(x):
    return torch.tensor(x)


def per(x, axes):
    return [x] * axes if isinstance(x, int) else list(x)


# Convolutions. Arguments: stride, padding, dilation of each axis, groups.
conv = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
back = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
for shape, w, stride, padding, dilation, groups in [
        ((2, 3, 9), (4, 3, 3), 1, 0, 1, 1), ((2, 3, 9), (4, 3, 3), 2, 1, 1, 1),
        ((1, 2, 12), (2, 1, 4), 3, 2, 2, 2), ((2, 2, 6, 7), (3, 2, 3, 3), 1, 1, 1, 1),
        ((1, 4, 6, 5), (4, 2, 2, 3), (2, 1), (0, 2), (1, 2), 2), ((1, 3, 5, 6), (6, 1, 3, 2), 1, 1, 1, 3),
        ((2, 3, 4, 5), (2, 3, 1, 1), 1, 0, 1, 1), ((1, 2, 7, 7), (3, 2, 3, 3), 3, 0, 1, 1),
        ((1, 2, 3, 4), (5, 2, 3, 4), 1, 0, 1, 1), ((1, 2, 3, 4, 5), (3, 2, 2, 2, 3), 1, 1, 1, 1),
        ((1, 2, 5, 5, 5), (2, 1, 3, 2, 2), (2, 1, 2), (1, 0, 1), (1, 2, 1), 2),
        ((0, 2, 4, 4), (3, 2, 3, 3), 1, 1, 1, 1)]:
    axes = len(shape) - 2
    for dtype in (np.float64, np.float32):
        x, weights, bias = normal(*shape, dtype=dtype), normal(*w, dtype=dtype), normal(w[0], dtype=dtype)
        arguments = per(stride, axes) + per(padding, axes) + per(dilation, axes) + [groups]
        y = conv[axes](t(x), t(weights), t(bias), stride, padding, dilation, groups)
        if dtype == np.float32 and y.numel() > 100:
            continue
        case("convolution", [x, weights, bias], y, *arguments)
        if shape[0] == 0:
            continue
        z = normal(*y.shape, dtype=dtype)
        bias = normal(w[1] * groups, dtype=dtype)
        case("transposedConvolution", [z, weights, bias],
             back[axes](t(z), t(weights), t(bias), stride, padding, 0, groups, dilation), *arguments)
x, w = normal(1, 2, 5, 6), normal(3, 2, 2, 4)
case("convolutionSame", [x, w], F.conv2d(t(x), t(w), padding="same", dilation=(3, 1)), 3, 1)
x, w = normal(1, 2, 3, 3), normal(2, 2, 2, 3)
case("outputPadding", [x, w], F.conv_transpose2d(t(x), t(w), stride=(2, 3), output_padding=(1, 2)), 2, 3, 1, 2)

# Pooling. Arguments: size, stride, padding, dilation of each axis, rounding up.
maxima = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
means = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
for shape, size, stride, padding, dilation, up in [
        ((2, 3, 9), 2, 2, 0, 1, 0), ((1, 2, 10), 3, 2, 1, 2, 0), ((1, 2, 8), 3, 3, 1, 1, 1),
        ((1, 2, 10, 6), 2, 2, 0, 1, 0), ((1, 2, 7, 9), 3, 1, 1, 1, 0), ((1, 2, 7, 9), (2, 3), (3, 2), (1, 1), (1, 2), 1),
        ((1, 1, 4, 35), 2, 2, 1, 1, 0), ((1, 2, 4, 5, 6), 2, 1, 0, 1, 0), ((1, 1, 5, 5, 7), (2, 3, 2), 2, 1, 1, 1),
        ((0, 2, 4, 4), 2, 2, 0, 1, 0)]:
    axes = len(shape) - 2
    for dtype in (np.float64, np.float32):
        x = normal(*shape, dtype=dtype)
        if dtype == np.float32:
            x.ravel()[::11] = np.nan
            x.ravel()[3::13] = -np.inf
        arguments = per(size, axes) + per(stride, axes) + per(padding, axes) + per(dilation, axes) + [up]
        y, index = maxima[axes](t(x), size, stride, padding, dilation, bool(up), True)
        case("maxPooling", x, y, *arguments)
        if dtype == np.float64:
            case("maxPoolingIndices", x, index.to(torch.int32), *arguments)
            y = normal(*y.shape)
        if dilation == 1:
            for pad in (0, 1):
                case("averagePooling", x, means[axes](t(x), size, stride, padding, bool(up), bool(pad)), *arguments, pad)
        if dtype == np.float64 and padding == 0 and dilation == 1 and shape[0]:
            f = {1: F.lp_pool1d, 2: F.lp_pool2d, 3: F.lp_pool3d}[axes]
            case("lpPooling", np.abs(x), f(t(np.abs(x)), 3, size, stride, bool(up)), *arguments)
adaptive = {1: (F.adaptive_max_pool1d, F.adaptive_avg_pool1d), 2: (F.adaptive_max_pool2d, F.adaptive_avg_pool2d),
            3: (F.adaptive_max_pool3d, F.adaptive_avg_pool3d)}
for shape, size in [((2, 2, 7), (3,)), ((1, 2, 3), (5,)), ((1, 2, 5, 7), (3, 3)), ((2, 3, 4, 6), (1, 1)),
                    ((1, 2, 6, 3), (2, 5)), ((1, 1, 5, 4, 6), (2, 3, 4))]:
    x = normal(*shape)
    f = adaptive[len(size)]
    y, index = f[0](t(x), size, True)
    case("adaptiveMaxPooling", x, y, *size)
    case("adaptiveMaxPoolingIndices", x, index.to(torch.int32), *size)
    case("adaptiveAveragePooling", x, f[1](t(x), size), *size)
x = normal(1, 2, 6, 6)
y, index = F.max_pool2d(t(x), 2, 2, return_indices=True)
case("maxUnpooling", [y, index], F.max_unpool2d(y, index, 2), 6, 6)
for size in (1, 2, 5):
    x = normal(2, 4, 2, 3)
    case("localResponseNorm", x, F.local_response_norm(t(x), size, 0.3, 0.6, 1.5), size)

# Interpolation. Arguments: mode, aligning corners, sizes; modes count in Swift's order.
modes = [(0, "nearest"), (1, "nearest-exact"), (2, None), (3, "bicubic"), (4, "area")]
for shape, size in [((1, 2, 5), (9,)), ((1, 2, 9), (4,)), ((1, 1, 4, 5), (7, 10)), ((1, 1, 7, 6), (3, 4)),
                    ((1, 1, 1, 4), (4, 1)), ((1, 1, 3, 2, 2), (5, 2, 3))]:
    axes = len(size)
    for number, name in modes:
        name = name or ["linear", "bilinear", "trilinear"][axes - 1]
        if name == "bicubic" and axes != 2:
            continue
        for align in (0, 1) if number in (2, 3) else (0,):
            x = normal(*shape)
            y = F.interpolate(t(x), size, mode=name, align_corners=bool(align) if number in (2, 3) else None)
            case("interpolate", x, y, number, align, *size)
            x = x.astype(np.float32)
            if axes == 2 and size[0] == 7:
                y = F.interpolate(t(x), size, mode=name, align_corners=bool(align) if number in (2, 3) else None)
                case("interpolate", x, y, number, align, *size)
for number, name in [(0, "nearest"), (2, "bilinear"), (3, "bicubic")]:
    x = normal(1, 2, 5, 3)
    y = F.interpolate(t(x), scale_factor=1.7, mode=name, align_corners=False if number else None)
    case("interpolateScale", x, y, number, 17)

# Normalisation, epsilon 1e-5 (1e-6 for rmsNorm).
for dtype in (np.float64, np.float32):
    for shape, dimensions in [((3, 5), 1), ((2, 3, 4), 2), ((2, 0), 1), ((0, 3), 1), ((40,), 1), ((2, 1), 1)]:
        x = normal(*shape, dtype=dtype)
        ending = shape[len(shape) - dimensions:]
        w, b = normal(*ending, dtype=dtype), normal(*ending, dtype=dtype)
        if shape != (2, 0):
            case("layerNorm", [x, w, b], F.layer_norm(t(x), ending, t(w), t(b), 1e-5), dimensions)
            case("rmsNorm", [x, w], F.rms_norm(t(x), ending, t(w), 1e-6), dimensions)
            case("rmsNormDefault", x, F.rms_norm(t(x), ending), dimensions)
    for shape, groups in [((2, 6, 2), 3), ((3, 4), 2), ((2, 2, 3, 2), 1), ((1, 3, 2, 2, 2), 3)]:
        x, w, b = (normal(*s, dtype=dtype) for s in (shape, shape[1:2], shape[1:2]))
        case("groupNorm", [x, w, b], F.group_norm(t(x), groups, t(w), t(b), 1e-5), groups)
        if len(shape) > 2:
            case("instanceNorm", [x, w, b], F.instance_norm(t(x), weight=t(w), bias=t(b), eps=1e-5))
        mean, var = torch.zeros(shape[1], dtype=t(x).dtype), torch.ones(shape[1], dtype=t(x).dtype)
        n = x.size // shape[1]
        y = F.batch_norm(t(x), mean, var, t(w), t(b), True, 1.0, 1e-5)
        case("batchNorm", [x, w, b], y)
        case("batchNormMean", x, mean)
        case("batchNormVariance", x, var * ((n - 1) / n))
        m, v = normal(shape[1], dtype=dtype), np.abs(normal(shape[1], dtype=dtype))
        case("batchNormGiven", [x, m, v, w, b], F.batch_norm(t(x), t(m), t(v), t(w), t(b), False, 0, 1e-5))

# Attention. Arguments: 0 no mask, 1 causal, 2 a mask as fourth input.
attention = F.scaled_dot_product_attention
for shape, keys, values in [((3, 4), (5, 4), (5, 2)), ((2, 2, 3, 4), (2, 2, 5, 4), (2, 2, 5, 4)),
                            ((2, 4, 3), (1, 4, 3), (1, 4, 3)), ((2, 5, 1), (2, 5, 1), (2, 5, 3))]:
    q, k, v = normal(*shape), normal(*keys), normal(*values)
    case("attention", [q, k, v], attention(t(q), t(k), t(v)), 0)
    case("attention", [q, k, v], attention(t(q), t(k), t(v), is_causal=True), 1)
    mask = rng.random((shape[-2], keys[-2])) < 0.6
    mask[0] = False
    case("attention", [q, k, v, mask], attention(t(q), t(k), t(v), t(mask)), 2)
    added = normal(shape[-2], keys[-2])
    added[1, 0] = -np.inf
    case("attention", [q, k, v, added], attention(t(q), t(k), t(v), t(added)), 2)

# Rearrangements and lookup.
for dtype in (np.float32, np.int64, np.uint8, bool):
    x = (np.arange(2 * 8 * 2 * 3) % 200).reshape(2, 8, 2, 3).astype(dtype)
    case("pixelShuffle", x, F.pixel_shuffle(t(x), 2), 2)
    case("pixelUnshuffle", x.reshape(2, 2, 4, 6), F.pixel_unshuffle(t(x.reshape(2, 2, 4, 6)), 2), 2)
x = normal(2, 6, 2, 2)
case("channelShuffle", x, F.channel_shuffle(t(x), 3), 3)
for size, stride, padding, dilation in [((2, 3), (1, 1), (0, 0), (1, 1)), ((3, 2), (2, 1), (1, 1), (1, 2))]:
    x = normal(2, 2, 4, 5)
    arguments = [*size, *stride, *padding, *dilation]
    y = F.unfold(t(x), size, dilation, padding, stride)
    case("im2col", x, y, *arguments)
    y = normal(*y.shape)
    case("col2im", y, F.fold(t(y), (4, 5), size, dilation, padding, stride), *arguments, 4, 5)
table = normal(5, 3)
for index in (np.array([[0, 4], [2, 2]]), np.array(3), np.zeros((0, 2), np.int64), np.array([1, 0], np.int32)):
    case("embedding", [index, table], F.embedding(t(index), t(table)))

reference.write("network.json")
