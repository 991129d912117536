"""Writes models.json: ten training steps of whole models in PyTorch, for LeNetTests and ResNetTests.

usage: python make_models.py    (needs numpy, torch)

Weights and images are formulas that the tests repeat.
"""

import gzip
import json
import math
import pathlib

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from make_layers import digest, wave

torch.set_default_dtype(torch.float64)
here = pathlib.Path(__file__).parent


class LeNet(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
            nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (self.downsample(x) if self.downsample else x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.layer1 = nn.Sequential(BasicBlock(8, 8), BasicBlock(8, 8))
        self.layer2 = nn.Sequential(BasicBlock(8, 16, stride=2), BasicBlock(16, 16))
        self.layer3 = nn.Sequential(BasicBlock(16, 32, stride=2), BasicBlock(32, 32))
        self.fc = nn.Linear(32, 10)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.layer3(self.layer2(self.layer1(y)))
        return self.fc(y.mean((2, 3)))


def set_weights(model):
    for index, (name, value) in enumerate(sorted(model.named_parameters())):
        with torch.no_grad():
            if value.dim() > 1:
                value.copy_(wave(value.shape, index) / math.sqrt(value[0].numel()))
            elif name.endswith("bias"):
                value.copy_(wave(value.shape, index) * 0.1)
            else:
                value.copy_(wave(value.shape, index) * 0.1 + 1)


def digits(count):
    data = here.parents[2] / "Sources/AdjointData/Resources/mnist"
    images = gzip.decompress((data / "train-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((data / "train-labels-idx1-ubyte.gz").read_bytes())
    x = np.frombuffer(images, np.uint8, count * 784, 16).reshape(count, 1, 28, 28) / 255
    return torch.tensor(x), torch.tensor(np.frombuffer(labels, np.uint8, count, 8).astype(np.int64))


def pictures(count):
    return wave((count, 3, 32, 32), 3), torch.arange(count) % 10


models = {
    "lenet": (LeNet, digits(16), {"lr": 0.05, "momentum": 0.9}),
    "resnet": (ResNet, pictures(8), {"lr": 0.02, "momentum": 0.9, "weight_decay": 5e-4, "nesterov": True}),
}


def trained(name):
    """The model after ten steps, and the loss of each."""
    build, (x, y), options = models[name]
    model = build()
    set_weights(model)
    optimizer = torch.optim.SGD(model.parameters(), **options)
    losses = []
    for _ in range(10):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model.eval(), losses


if __name__ == "__main__":
    document = {}
    for name, (_, (x, _), _) in models.items():
        model, losses = trained(name)
        document[name] = {
            "state": {n: list(v.shape) for n, v in model.state_dict().items()},
            "losses": losses, "outputs": digest(model(x)),
        }
        print(name, losses)
    (here / "models.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")
