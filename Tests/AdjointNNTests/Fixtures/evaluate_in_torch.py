"""Loads a model that Adjoint saved into a torch.nn.Sequential and evaluates it on MNIST's test set.

usage: python evaluate_in_torch.py MODEL.safetensors MNIST_DIR [EXPECTED_ACCURACY]

MNIST_DIR holds the IDX files, plain or as .gz. With an expected accuracy the exit status says
whether the result is the same. Needs numpy, torch and safetensors.
"""

import gzip
import json
import pathlib
import sys

import numpy as np
import torch
from safetensors import safe_open

MODULES = {
    "Dense": lambda c: torch.nn.Linear(c["inputSize"], c["outputSize"], bias=c["useBias"]),
    "ReLU": lambda c: torch.nn.ReLU(),
    "Dropout": lambda c: torch.nn.Dropout(c["rate"]),
    "Flatten": lambda c: torch.nn.Flatten(),
    "Softmax": lambda c: torch.nn.Softmax(dim=c["axis"]),
    "Sequential": lambda c: torch.nn.Sequential(*map(module, c["layers"])),
}


def module(layer):
    return MODULES[layer["kind"]](layer["configuration"])


def idx(folder, name, header):
    plain = pathlib.Path(folder) / name
    data = plain.read_bytes() if plain.exists() else gzip.open(f"{plain}.gz").read()
    return np.frombuffer(data, np.uint8)[header:]


path, folder = sys.argv[1:3]
with safe_open(path, "pt") as file:
    model = module(json.loads(file.metadata()["architecture"])).eval()
    model.load_state_dict({name: file.get_tensor(name) for name in file.keys()}, strict=True)

images = idx(folder, "t10k-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 255
labels = idx(folder, "t10k-labels-idx1-ubyte", 8)
with torch.no_grad():
    classes = model(torch.from_numpy(images)).argmax(dim=1).numpy()
accuracy = float((classes == labels).mean())
print(f"PyTorch {torch.__version__}: test accuracy {accuracy}")
if len(sys.argv) > 3 and abs(accuracy - float(sys.argv[3])) > 1e-9:
    sys.exit(f"expected {sys.argv[3]}")
