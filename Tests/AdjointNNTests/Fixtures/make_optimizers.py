"""Writes optimizers.json: trajectories of PyTorch's optimizers, and of others from their papers.

usage: python make_optimizers.py    (needs numpy and torch)
"""

import json
import pathlib

import numpy as np
import torch

# The counters of some optimizers have the default dtype.
torch.set_default_dtype(torch.float64)
STEPS = 50
random = np.random.default_rng(11)
SHAPES = {"weight": (4, 3), "bias": (4,), "scale": (), "kernel": (2, 3, 4)}
start = {name: random.normal(size=shape) * 0.7 for name, shape in SHAPES.items()}
x, target = random.normal(size=(6, 3)), random.normal(size=(6, 4))


def flat(values):
    return [float(v) for v in np.asarray(values, dtype=np.float64).ravel()]


def loss_of(p):
    """Not convex, and smooth."""
    y = torch.tanh(torch.tensor(x) @ p["weight"].T + p["bias"]) * p["scale"]
    waves = torch.sin(3 * p["kernel"]) * p["kernel"] + 0.5 * p["kernel"] ** 2
    return (y - torch.tensor(target)).square().mean() + waves.mean()


def trajectory(step, names=tuple(SHAPES), steps=STEPS):
    p = {name: torch.tensor(value, requires_grad=name in names) for name, value in start.items()}
    advance = step([p[name] for name in names])
    losses = []
    for _ in range(steps):
        losses.append(advance(lambda: loss_of(p)))
    return {"losses": losses, "end": {name: flat(p[name].detach()) for name in names}}


def torch_run(make, names=tuple(SHAPES), steps=STEPS):
    def start_with(parameters):
        optimizer = make(parameters)

        def advance(loss):
            def closure():
                optimizer.zero_grad()
                value = loss()
                value.backward()
                return value

            return float(optimizer.step(closure))

        return advance

    return trajectory(start_with, names, steps)


def own_run(rule):
    """`rule(w, g, state, t)` is a formula in NumPy that gives the new weight."""

    def start_with(parameters):
        states = [{} for _ in parameters]
        count = [0]

        def advance(loss):
            count[0] += 1
            value = loss()
            gradients = torch.autograd.grad(value, parameters)
            for p, g, state in zip(parameters, gradients, states):
                p.data = torch.tensor(rule(p.detach().numpy(), g.numpy(), state, count[0]))
            return value.item()

        return advance

    return trajectory(start_with)


def lion(lr, b1=0.9, b2=0.99, decay=0.0):
    """Chen et al. 2023, algorithm 2."""

    def rule(w, g, s, t):
        m = s.get("m", 0.0)
        c = b1 * m + (1 - b1) * g
        s["m"] = b2 * m + (1 - b2) * g
        return w - lr * (np.sign(c) + decay * w)

    return rule


def lamb(lr, b1=0.9, b2=0.999, eps=1e-6, decay=0.0):
    """You et al. 2020, algorithm 2, with the identity for phi."""

    def rule(w, g, s, t):
        s["m"] = b1 * s.get("m", 0.0) + (1 - b1) * g
        s["v"] = b2 * s.get("v", 0.0) + (1 - b2) * g * g
        r = (s["m"] / (1 - b1**t)) / (np.sqrt(s["v"] / (1 - b2**t)) + eps)
        u = r + decay * w
        size, length = np.sqrt((w * w).sum()), np.sqrt((u * u).sum())
        ratio = size / length if size > 0 and length > 0 else 1.0
        return w - lr * ratio * u

    return rule


def lars(lr, momentum=0.9, decay=0.0, trust=0.001):
    """You, Gitman and Ginsburg 2017, algorithm 1."""

    def rule(w, g, s, t):
        size, slope = np.sqrt((w * w).sum()), np.sqrt((g * g).sum())
        below = slope + decay * size
        local = trust * size / below if size > 0 and below > 0 else 1.0
        s["v"] = momentum * s.get("v", 0.0) + lr * local * (g + decay * w)
        return w - s["v"]

    return rule


class DoubleTorch:
    """torch, but its bfloat16 is double: Muon then iterates in the dtype of the weights."""

    bfloat16 = torch.float64

    def __getattr__(self, name):
        return getattr(torch, name)


import torch.optim._muon as muon_module  # noqa: E402

muon_module.torch = DoubleTorch()
o = torch.optim


def groups(make, **settings):
    def with_groups(p):
        weight, bias, scale, kernel = p
        return make(
            [
                {"params": [weight, scale]},
                {"params": [bias], "lr": 0.5 * settings["lr"], "weight_decay": 0.0},
                {"params": [kernel], "lr": 2.0 * settings["lr"]},
            ],
            **settings,
        )

    return torch_run(with_groups)


def scheduled():
    """A schedule scales the rates of all groups."""

    def start_with(p):
        optimizer = o.SGD(
            [{"params": p[:2]}, {"params": p[2:], "lr": 0.02}], lr=0.1, momentum=0.5
        )
        schedule = o.lr_scheduler.ExponentialLR(optimizer, 0.97)

        def advance(loss):
            optimizer.zero_grad()
            value = loss()
            value.backward()
            optimizer.step()
            schedule.step()
            return value.item()

        return advance

    return trajectory(start_with)


def run(name, names=tuple(SHAPES), steps=STEPS, **settings):
    return torch_run(lambda p: getattr(o, name)(p, **settings), names, steps)


runs = {
    "SGD": run("SGD", lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.01),
    "SGD nesterov": run("SGD", lr=0.05, momentum=0.9, nesterov=True),
    "Adam": run("Adam", lr=0.02),
    "Adam amsgrad": run("Adam", lr=0.05, betas=(0.8, 0.9), amsgrad=True, weight_decay=0.02),
    "AdamW": run("AdamW", lr=0.02),
    "AdamW settings": run("AdamW", lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3),
    "AdamW amsgrad": run("AdamW", lr=0.05, betas=(0.8, 0.9), amsgrad=True, weight_decay=0.1),
    "Adamax": run("Adamax", lr=0.02),
    "Adamax settings": run("Adamax", lr=0.05, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1),
    "NAdam": run("NAdam", lr=0.02),
    "NAdam settings": run(
        "NAdam", lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, momentum_decay=0.02
    ),
    "NAdam decoupled": run("NAdam", lr=0.02, weight_decay=0.3, decoupled_weight_decay=True),
    "RAdam": run("RAdam", lr=0.05),
    "RAdam settings": run("RAdam", lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    "RAdam decoupled": run("RAdam", lr=0.05, weight_decay=0.3, decoupled_weight_decay=True),
    "RMSprop": run("RMSprop", lr=0.01),
    "RMSprop settings": run("RMSprop", lr=0.005, alpha=0.9, eps=1e-3, weight_decay=0.1),
    "RMSprop centered": run("RMSprop", lr=0.01, alpha=0.9, centered=True),
    "RMSprop momentum": run("RMSprop", lr=0.005, momentum=0.8),
    "RMSprop everything": run(
        "RMSprop", lr=0.005, alpha=0.95, momentum=0.5, centered=True, weight_decay=0.05
    ),
    "Adagrad": run("Adagrad", lr=0.1),
    "Adagrad settings": run(
        "Adagrad", lr=0.2, lr_decay=0.1, weight_decay=0.05, initial_accumulator_value=0.3, eps=1e-3
    ),
    "Adadelta": run("Adadelta", lr=1.0),
    "Adadelta settings": run("Adadelta", lr=3.0, rho=0.8, eps=1e-4, weight_decay=0.1),
    "Adafactor": run("Adafactor", lr=0.05),
    "Adafactor settings": run(
        "Adafactor", lr=0.3, beta2_decay=-0.5, eps=(1e-2, 0.05), d=1.5, weight_decay=0.1
    ),
    "Rprop": run("Rprop", lr=0.01),
    "Rprop settings": run("Rprop", lr=0.02, etas=(0.4, 1.4), step_sizes=(1e-3, 0.1)),
    "Muon": run("Muon", ("weight",), lr=0.02),
    "Muon settings": run(
        "Muon", ("weight",), lr=0.05, weight_decay=0.02, momentum=0.8, nesterov=False, eps=1e-3,
        ns_steps=3, ns_coefficients=(3.0, -3.2, 1.2), adjust_lr_fn="match_rms_adamw",
    ),
    "Muon spectral": run("Muon", ("weight",), lr=0.05, adjust_lr_fn="spectral_unclamped"),
    "Lion": own_run(lion(0.01)),
    "Lion settings": own_run(lion(0.02, 0.8, 0.9, 0.3)),
    "LAMB": own_run(lamb(0.02)),
    "LAMB settings": own_run(lamb(0.05, 0.8, 0.95, 1e-3, 0.2)),
    "LARS": own_run(lars(20.0)),
    "LARS settings": own_run(lars(1.0, 0.6, 0.05, 0.02)),
    "groups of AdamW": groups(o.AdamW, lr=0.02, weight_decay=0.2),
    "groups and schedule": scheduled(),
    "LBFGS": run("LBFGS", lr=0.2, max_iter=1),
    # Settings and lengths for which the last bits of the start do not grow beyond 1e-11: with others
    # PyTorch's own run is another one when the start changes by one unit in the last place.
    "LBFGS iterations": run("LBFGS", lr=0.02, max_iter=3, history_size=5),
    "LBFGS wolfe": run("LBFGS", lr=1.0, max_iter=1, max_eval=6, line_search_fn="strong_wolfe"),
    "LBFGS wolfe iterations": run(
        "LBFGS", steps=8, lr=1.0, max_iter=5, history_size=4, line_search_fn="strong_wolfe"
    ),
    "LBFGS wolfe long": run("LBFGS", steps=8, lr=30.0, max_iter=3, line_search_fn="strong_wolfe"),
    "LBFGS wolfe short": run("LBFGS", steps=8, lr=0.01, max_iter=2, line_search_fn="strong_wolfe"),
}


def clipped(clip):
    values = [random.normal(size=SHAPES[name]) for name in SHAPES]
    parameters = [torch.zeros(v.shape) for v in values]
    for p, v in zip(parameters, values):
        p.grad = torch.tensor(v)
    norm = clip(parameters)
    return {
        "before": [flat(v) for v in values],
        "after": [flat(p.grad) for p in parameters],
        "norm": None if norm is None else float(norm),
    }


def adaptive(factor, eps):
    """Brock et al. 2021, equation 3, as the authors' code has it."""
    values = [random.normal(size=SHAPES[name]) for name in SHAPES]

    def norms(a):
        if a.ndim < 2:
            return np.sqrt((a * a).sum())
        return np.sqrt((a * a).sum(axis=tuple(range(1, a.ndim)), keepdims=True))

    after = []
    for name, g in zip(SHAPES, values):
        most = factor * np.maximum(norms(start[name]), eps)
        size = norms(g)
        after.append(np.where(size > most, g * most / np.maximum(size, 1e-6), g))
    return {"before": [flat(v) for v in values], "after": [flat(v) for v in after], "norm": None}


utils = torch.nn.utils
clippings = {
    "value": clipped(lambda p: utils.clip_grad_value_(p, 0.5)),
    "global norm": clipped(lambda p: utils.clip_grad_norm_(p, 1.5)),
    "global norm, large": clipped(lambda p: utils.clip_grad_norm_(p, 100.0)),
    "norm": clipped(lambda p: [utils.clip_grad_norm_([q], 1.5) for q in p] and None),
    "adaptive": adaptive(0.3, 1e-3),
    "adaptive, large epsilon": adaptive(0.5, 2.0),
}

# Weights at five moments, and the averages that torch.optim.swa_utils makes of them.
swa = torch.optim.swa_utils
moments = [random.normal(size=(3, 2)) for _ in range(5)]


def averages(**settings):
    model = torch.nn.Linear(2, 3, bias=False)
    averaged = swa.AveragedModel(model, **settings)
    found = []
    for moment in moments:
        model.weight.data = torch.tensor(moment)
        averaged.update_parameters(model)
        found.append(flat(averaged.module.weight.detach()))
    return found


reference = {
    "x": flat(x),
    "target": flat(target),
    "start": {name: flat(value) for name, value in start.items()},
    "runs": runs,
    "clippings": clippings,
    "moments": [flat(m) for m in moments],
    "equalAverages": averages(),
    "exponentialAverages": averages(multi_avg_fn=swa.get_ema_multi_avg_fn(0.9)),
}
folder = pathlib.Path(__file__).parent
with open(folder / "optimizers.json", "w") as file:
    lines = []
    for key, value in reference.items():
        if key in ("runs", "clippings"):
            inner = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            lines.append(f"{json.dumps(key)}: {{\n{inner}\n}}")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value)}")
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
