"""Writes layers.json: what layers of PyTorch compute, with gradients, for LayerValuesTests.

usage: python make_layers.py    (needs torch)

Weights and inputs are formulas that the tests repeat, and long results are weighted sums of their
elements, so that the file stays small.
"""

import json
import math
import pathlib

import torch
from torch import nn

torch.set_default_dtype(torch.float64)


def wave(shape, seed):
    """Numbers in -1.2 ... 1.2 without ties, the same in the tests."""
    count = math.prod(shape)
    values = [1.2 * math.sin(1.7 * i + 0.9 * seed + 0.3 * math.sin(0.77 * i * (seed + 1))) for i in range(count)]
    return torch.tensor(values).reshape(shape)


def digest(tensor):
    """Up to 20 numbers as they are, more of them as 8 sums with different weights."""
    values = tensor.detach().double().ravel().tolist()
    if len(values) <= 20:
        return values
    return [math.fsum(v * math.cos(0.37 * (k + 1) * i + k) for i, v in enumerate(values)) for k in range(8)]


def set_state(module):
    for index, (name, value) in enumerate(sorted(module.state_dict().items())):
        if name.endswith("num_batches_tracked"):
            value.fill_(3)
        elif name.endswith("running_var"):
            value.copy_(wave(value.shape, index).abs() + 0.5)
        else:
            value.copy_(wave(value.shape, index) * 0.8)


cases = {}


def case(name, module, *shape, training=False, indices=None, scale=1.5):
    module.train(training)
    set_state(module)
    entry = {"state": {n: list(v.shape) for n, v in module.state_dict().items()}, "input": list(shape)}
    if indices is None:
        x = (wave(shape, 11) * scale).requires_grad_()
    else:
        x = torch.arange(math.prod(shape)).reshape(shape) % indices
    y = module(x)
    cotangent = wave(y.shape, 5)
    (y * cotangent).sum().backward()
    entry["shape"] = list(y.shape)
    entry["y"] = digest(y)
    if indices is None:
        entry["dx"] = digest(x.grad)
    entry["gradients"] = {n: digest(p.grad) for n, p in module.named_parameters()}
    if training:
        entry["buffers"] = {n: digest(b) for n, b in module.named_buffers()}
    cases[name] = entry


class Function(nn.Module):
    """A formula, where PyTorch's own derivative has single precision (hardsigmoid has 1.0f / 6.0f)."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def make():
    # Activations.
    activations = {
        "identity": nn.Identity(), "relu": nn.ReLU(), "relu6": nn.ReLU6(), "leakyReLU": nn.LeakyReLU(),
        "leakyReLU(slope: 0.2)": nn.LeakyReLU(0.2), "elu": nn.ELU(), "elu(alpha: 0.7)": nn.ELU(0.7),
        "celu": nn.CELU(), "celu(alpha: 0.5)": nn.CELU(0.5), "selu": nn.SELU(), "gelu": nn.GELU(),
        "gelu(approximate: true)": nn.GELU("tanh"), "silu": nn.SiLU(), "mish": nn.Mish(),
        "softplus": nn.Softplus(), "softplus(beta: 2)": nn.Softplus(2.0, 1.5), "softsign": nn.Softsign(),
        "tanh": nn.Tanh(), "tanhshrink": nn.Tanhshrink(), "sigmoid": nn.Sigmoid(),
        "logSigmoid": nn.LogSigmoid(), "hardsigmoid": Function(lambda x: nn.functional.relu6(x + 3) / 6), "hardswish": nn.Hardswish(),
        "hardtanh": nn.Hardtanh(), "hardtanh(min: -0.5)": nn.Hardtanh(-0.5, 2), "hardshrink": nn.Hardshrink(),
        "hardshrink(bound: 1)": nn.Hardshrink(1.0), "softshrink": nn.Softshrink(),
        "softshrink(bound: 1)": nn.Softshrink(1.0), "threshold": nn.Threshold(0.4, -2), "glu": nn.GLU(),
        "glu(axis: 1)": nn.GLU(1), "softmax": nn.Softmax(-1), "softmax(axis: 1)": nn.Softmax(1),
        "softmin": nn.Softmin(-1), "softmin(axis: 1)": nn.Softmin(1), "logSoftmax": nn.LogSoftmax(-1),
        "logSoftmax(axis: 1)": nn.LogSoftmax(1), "rrelu": nn.RReLU(), "rrelu(0.1...0.3)": nn.RReLU(0.1, 0.3),
    }
    for name, module in activations.items():
        case(f"activation {name}", module, 3, 2, 4, scale=3.0 if "hards" not in name else 4.0)
    case("prelu", nn.PReLU(), 3, 4)
    case("prelu channels", nn.PReLU(3), 2, 3, 4)

    # Dense and tables.
    case("dense", nn.Linear(4, 3), 5, 4)
    case("dense without bias", nn.Linear(4, 3, bias=False), 2, 3, 4)
    case("dense gelu", nn.Sequential(nn.Linear(4, 3), nn.GELU()), 5, 4)
    case("embedding", nn.Embedding(7, 3), 4, 5, indices=7)
    case("embedding padding", nn.Embedding(7, 3, padding_idx=2), 4, 5, indices=7)
    for mode in ("sum", "mean", "max"):
        case(f"embedding bag {mode}", nn.EmbeddingBag(7, 3, mode=mode), 4, 3, indices=7)

    # Convolutions.
    sizes = {1: (7,), 2: (6, 5), 3: (4, 5, 4)}
    convs = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
    transposed = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
    for d in (1, 2, 3):
        case(f"conv{d}d", convs[d](4, 6, 3), 2, 4, *sizes[d])
        case(f"conv{d}d settings", convs[d](4, 6, 3, stride=2, padding=1, groups=2, bias=False), 2, 4, *sizes[d])
        for mode in ("zeros", "reflect", "replicate", "circular"):
            case(f"conv{d}d same {mode}",
                 convs[d](2, 3, 2, padding="same", dilation=1 if d == 3 else 2, padding_mode=mode), 2, 2, *sizes[d])
        case(f"conv{d}d circular", convs[d](2, 3, 3, padding=2, stride=2, padding_mode="circular"), 2, 2, *sizes[d])
        case(f"convTranspose{d}d", transposed[d](4, 6, 3), 2, 4, *sizes[d])
        case(f"convTranspose{d}d settings", transposed[d](
            4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, dilation=2, bias=False), 2, 4, *sizes[d])
    case("conv2d per axis", nn.Conv2d(2, 3, (3, 2), stride=(1, 2), padding=(2, 1), dilation=(2, 1)), 2, 2, 6, 5)
    case("depthwiseConv2d", nn.Conv2d(3, 6, 3, padding=1, groups=3), 2, 3, 6, 5)


    class Separable(nn.Module):
        def __init__(self):
            super().__init__()
            self.depthwise = nn.Conv2d(3, 6, 3, stride=2, padding=1, groups=3, bias=False)
            self.pointwise = nn.Conv2d(6, 4, 1)

        def forward(self, x):
            return self.pointwise(self.depthwise(x))


    case("separableConv2d", Separable(), 2, 3, 6, 5)

    # Pooling.
    families = {
        "maxPool": [nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d], "avgPool": [nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d],
        "lpPool": [nn.LPPool1d, nn.LPPool2d, nn.LPPool3d],
        "adaptiveMaxPool": [nn.AdaptiveMaxPool1d, nn.AdaptiveMaxPool2d, nn.AdaptiveMaxPool3d],
        "adaptiveAvgPool": [nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d, nn.AdaptiveAvgPool3d],
    }
    for d in (1, 2, 3):
        pick = {name: classes[d - 1] for name, classes in families.items()}
        case(f"maxPool{d}d", pick["maxPool"](2), 2, 3, *sizes[d])
        case(f"maxPool{d}d settings", pick["maxPool"](3, stride=2, padding=1, ceil_mode=True), 2, 3, *sizes[d])
        case(f"avgPool{d}d", pick["avgPool"](2), 2, 3, *sizes[d])
        case(f"avgPool{d}d settings", pick["avgPool"](
            3, stride=2, padding=1, ceil_mode=True, count_include_pad=False), 2, 3, *sizes[d])
        case(f"lpPool{d}d", pick["lpPool"](2.0, 2, stride=1), 2, 3, *sizes[d])
        case(f"adaptiveMaxPool{d}d", pick["adaptiveMaxPool"](3), 2, 3, *sizes[d])
        case(f"adaptiveAvgPool{d}d", pick["adaptiveAvgPool"](3), 2, 3, *sizes[d])
    case("maxPool2d dilation", nn.MaxPool2d((2, 1), stride=1, dilation=(2, 1)), 2, 3, 6, 5)
    case("globalAvgPool", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), 2, 3, 6, 5)
    case("globalMaxPool", nn.Sequential(nn.AdaptiveMaxPool2d(1), nn.Flatten()), 2, 3, 6, 5)

    # Normalisation.
    batch_norms = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
    instance_norms = {1: nn.InstanceNorm1d, 2: nn.InstanceNorm2d, 3: nn.InstanceNorm3d}
    for d in (1, 2, 3):
        for training in (False, True):
            mode = " training" if training else ""
            case(f"batchNorm{d}d{mode}", batch_norms[d](3), 4, 3, *sizes[d], training=training)
            case(f"instanceNorm{d}d{mode}", instance_norms[d](3), 2, 3, *sizes[d], training=training)
            case(f"instanceNorm{d}d tracking{mode}",
                 instance_norms[d](3, affine=True, track_running_stats=True), 2, 3, *sizes[d], training=training)
    case("batchNorm1d features training", nn.BatchNorm1d(3), 6, 3, training=True)
    case("batchNorm2d settings training", nn.BatchNorm2d(3, eps=0.01, momentum=0.3, affine=False), 2, 3, 4, 3, training=True)
    case("batchNorm2d all batches training", nn.BatchNorm2d(3, momentum=None), 2, 3, 4, 3, training=True)
    case("batchNorm2d untracked", nn.BatchNorm2d(3, track_running_stats=False), 2, 3, 4, 3)
    case("layerNorm", nn.LayerNorm(5), 2, 3, 5)
    case("layerNorm settings", nn.LayerNorm([3, 5], eps=0.01, bias=False), 2, 3, 5)
    case("layerNorm plain", nn.LayerNorm(5, elementwise_affine=False), 2, 3, 5)
    case("rmsNorm", nn.RMSNorm(5), 2, 3, 5)
    case("rmsNorm settings", nn.RMSNorm([3, 5], eps=0.01, elementwise_affine=False), 2, 3, 5)
    case("groupNorm", nn.GroupNorm(2, 4), 2, 4, 5)
    case("groupNorm settings", nn.GroupNorm(4, 4, eps=0.01, affine=False), 2, 4, 3, 2)
    case("localResponseNorm", nn.LocalResponseNorm(3, alpha=0.5, beta=0.6, k=2.0), 2, 4, 3, 2)

    # Shapes.
    case("flatten", nn.Flatten(), 2, 3, 4)
    case("flatten 0", nn.Flatten(0), 2, 3, 4)
    case("unflatten", nn.Unflatten(1, (3, 2)), 2, 6, 4)
    case("pixelShuffle", nn.PixelShuffle(2), 2, 8, 2, 3)
    case("pixelUnshuffle", nn.PixelUnshuffle(2), 2, 2, 4, 6)
    case("channelShuffle", nn.ChannelShuffle(2), 2, 6, 2, 3)
    case("zeroPad", nn.ZeroPad2d(2), 2, 3, 4, 5)
    case("constantPad", nn.ConstantPad1d((1, 3), 0.7), 2, 3, 5)
    case("reflectionPad", nn.ReflectionPad2d((1, 1, 2, 2)), 2, 3, 4, 5)
    case("replicationPad", nn.ReplicationPad3d(1), 1, 2, 3, 2, 3)
    case("circularPad", nn.CircularPad1d((2, 1)), 2, 3, 5)
    case("upsample nearest", nn.Upsample(scale_factor=2), 2, 3, 4)
    case("upsample linear", nn.Upsample(scale_factor=1.5, mode="bilinear"), 2, 2, 4, 5)
    case("upsample aligned", nn.Upsample(size=(7, 3), mode="bilinear", align_corners=True), 2, 2, 4, 5)
    case("upsample cubic", nn.Upsample(size=(7, 8), mode="bicubic"), 2, 2, 4, 5)
    case("upsample trilinear", nn.Upsample(size=(3, 5, 4), mode="trilinear"), 1, 2, 2, 3, 3)


    class Residual(nn.Module):
        def __init__(self, projection=None, activation=nn.Identity()):
            super().__init__()
            self.body = nn.Sequential(nn.Conv2d(2, 3 if projection else 2, 3, padding=1), nn.ReLU())
            self.projection = projection
            self.activation = activation

        def forward(self, x):
            return self.activation(self.body(x) + (self.projection(x) if self.projection else x))


    class Parallel(nn.ModuleList):
        def __init__(self, branches, join):
            super().__init__(branches)
            self.join = join

        def forward(self, x):
            return self.join([branch(x) for branch in self])


    # Containers.
    case("residual", Residual(), 2, 2, 3, 4)
    case("residual projection", Residual(nn.Conv2d(2, 3, 1, bias=False), nn.ReLU()), 2, 2, 3, 4)
    case("parallel", Parallel([nn.Linear(4, 3), nn.Linear(4, 2)], lambda parts: torch.cat(parts, -1)), 5, 4)
    case("parallel sum", Parallel([nn.Linear(4, 3), nn.Linear(4, 3)], sum), 5, 4)

    # Reparametrisations.
    norms = nn.utils.parametrizations
    case("weightNorm dense", norms.weight_norm(nn.Linear(4, 3)), 5, 4)
    case("weightNorm conv", norms.weight_norm(nn.Conv1d(2, 3, 2), dim=1), 2, 2, 5)
    case("spectralNorm dense", norms.spectral_norm(nn.Linear(4, 3)), 5, 4)
    case("spectralNorm dense training", norms.spectral_norm(nn.Linear(4, 3), n_power_iterations=2), 5, 4, training=True)
    case("spectralNorm convTranspose", norms.spectral_norm(nn.ConvTranspose1d(2, 3, 2)), 2, 2, 5)

    # Two inputs: their gradients stand beside those of the parameters.
    bilinear = nn.Bilinear(3, 2, 4)
    set_state(bilinear)
    first, second = (wave((5, 3), 11) * 1.5).requires_grad_(), wave((5, 2), 12).requires_grad_()
    y = bilinear(first, second)
    (y * wave(y.shape, 5)).sum().backward()
    cases["bilinear"] = {
        "state": {n: list(v.shape) for n, v in bilinear.state_dict().items()}, "input": [5, 3], "shape": [5, 4],
        "y": digest(y), "dx": digest(first.grad),
        "gradients": {"second": digest(second.grad)} | {n: digest(p.grad) for n, p in bilinear.named_parameters()},
    }

    path = pathlib.Path(__file__).parent / "layers.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    print(len(cases), "cases,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    make()
