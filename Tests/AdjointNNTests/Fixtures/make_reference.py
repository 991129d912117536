"""Writes reference.json and torch.safetensors: what PyTorch and Keras compute, for the tests.

usage: KERAS_BACKEND=torch python make_reference.py    (needs numpy, torch, keras, safetensors)
"""

import json
import pathlib

import keras
import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(7)
random = np.random.default_rng(7)
x = random.normal(size=(6, 3))
target = random.normal(size=(6, 4))
weight = random.normal(size=(4, 3)) * 0.5
bias = random.normal(size=4) * 0.5
STEPS = 50


def flat(values):
    return [float(v) for v in np.asarray(values, dtype=np.float64).ravel()]


def loss_of(w, b):
    return torch.tanh(torch.tensor(x) @ w.T + b).sub(torch.tensor(target)).square().mean()


def torch_run(make):
    w = torch.tensor(weight, requires_grad=True)
    b = torch.tensor(bias, requires_grad=True)
    optimizer = make([w, b])
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_of(w, b)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "weight": flat(w.detach()), "bias": flat(b.detach())}


def keras_run(make):
    keras.config.set_floatx("float64")
    w, b = keras.Variable(weight), keras.Variable(bias)
    optimizer = make()
    optimizer.build([w, b])
    losses = []
    for _ in range(STEPS):
        loss = loss_of(w.value, b.value)
        grads = torch.autograd.grad(loss, [w.value, b.value])
        with torch.no_grad():
            optimizer.apply(grads)
        losses.append(loss.item())
    return {"losses": losses, "weight": flat(w.numpy()), "bias": flat(b.numpy())}


def sgd(**settings):
    return torch_run(lambda p: torch.optim.SGD(p, **settings))


def adam(**settings):
    return torch_run(lambda p: torch.optim.Adam(p, **settings))


runs = {
    "SGD": sgd(lr=0.3),
    "SGD momentum": sgd(lr=0.1, momentum=0.9),
    "SGD dampening": sgd(lr=0.2, momentum=0.8, dampening=0.4),
    "SGD nesterov": sgd(lr=0.1, momentum=0.9, nesterov=True),
    "SGD everything": sgd(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05),
    "SGD decay": sgd(lr=0.2, weight_decay=0.1),
    "Adam": adam(),
    "Adam settings": adam(lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    "Keras Adam": keras_run(lambda: keras.optimizers.Adam()),
    # A large epsilon shows its place.
    "Keras Adam settings": keras_run(
        lambda: keras.optimizers.Adam(0.05, beta_1=0.8, beta_2=0.95, epsilon=1e-3)
    ),
}

logits = random.normal(size=(5, 4)) * 3
classes = [2, 0, 3, 3, 1]
soft = np.exp(random.normal(size=(5, 4)))
soft /= soft.sum(axis=1, keepdims=True)


def with_gradient(f):
    z = torch.tensor(logits, requires_grad=True)
    value = f(z)
    value.backward()
    return {"value": value.item(), "gradient": flat(z.grad)}


dense_x = torch.tensor(x, requires_grad=True)
dense_w, dense_b = torch.tensor(weight, requires_grad=True), torch.tensor(bias, requires_grad=True)
dense_y = F.linear(dense_x, dense_w, dense_b)
dense_y.backward(torch.tensor(target))

stack = torch.nn.Sequential(
    torch.nn.Linear(3, 5), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.Linear(5, 2)
).eval()
folder = pathlib.Path(__file__).parent
save_file(stack.state_dict(), folder / "torch.safetensors")
stack_y = stack(torch.tensor(x, dtype=torch.float32))

reference = {
    "x": flat(x),
    "target": flat(target),
    "weight": flat(weight),
    "bias": flat(bias),
    "dense": {
        "y": flat(dense_y.detach()),
        "dx": flat(dense_x.grad),
        "dweight": flat(dense_w.grad),
        "dbias": flat(dense_b.grad),
    },
    "logits": flat(logits),
    "classes": classes,
    "soft": flat(soft),
    "crossEntropy": with_gradient(lambda z: F.cross_entropy(z, torch.tensor(classes))),
    "softCrossEntropy": with_gradient(lambda z: F.cross_entropy(z, torch.tensor(soft))),
    "squaredError": with_gradient(lambda z: F.mse_loss(z, torch.tensor(soft))),
    "stack": flat(stack_y.detach()),
    "runs": runs,
}
with open(folder / "reference.json", "w") as file:
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in reference.items()]
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
