"""Writes schedules.json: the learning rates that PyTorch's schedulers give.

usage: python make_schedules.py    (needs torch)
"""

import json
import math
import pathlib
import warnings

import torch
from torch.optim import lr_scheduler as s

warnings.filterwarnings("ignore")


def rates(make, steps, lr=0.1):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
    schedule = make(optimizer)
    found = []
    for _ in range(steps):
        found.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        schedule.step()
    return found


def inverse_square_root(step):
    """Vaswani et al. 2017, equation 3, for a peak of 1 after 7 steps; it counts steps from 1."""
    t = step + 1
    return min(t**-0.5, t * 7**-1.5) / 7**-0.5


metrics = [1.0, 0.9, 0.95, 0.91, 0.9, 0.89991, 0.92, 0.5, 0.7, math.nan, 0.6, 0.55, 0.52, 0.51]
metrics += [0.500001, 0.6, 0.7, 0.4, 0.41, 0.42, 0.43, 0.44, 0.45, 0.46, 0.47, 0.48, 0.49, 0.3]


def plateau(sign=1, lr=0.1, **settings):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
    schedule = s.ReduceLROnPlateau(optimizer, **settings)
    found = []
    for metric in metrics:
        schedule.step(sign * metric)
        found.append(float(optimizer.param_groups[0]["lr"]))
    return found


def cycle(steps, **settings):
    return rates(lambda o: s.OneCycleLR(o, 0.5, total_steps=steps, **settings), steps - 1)


reference = {
    "rates": {
        "step": rates(lambda o: s.StepLR(o, 4, gamma=0.3), 20),
        "multiStep": rates(lambda o: s.MultiStepLR(o, [3, 7, 7, 12], gamma=0.5), 20),
        "exponential": rates(lambda o: s.ExponentialLR(o, 0.9), 20),
        "polynomial": rates(lambda o: s.PolynomialLR(o, 12, power=2.5), 20),
        "linear": rates(lambda o: s.LinearLR(o, 0.2, 0.9, 8), 20),
        "cosine": rates(lambda o: s.CosineAnnealingLR(o, 15, eta_min=0.01), 16),
        "restarts": rates(lambda o: s.CosineAnnealingWarmRestarts(o, 5, 1, 0.02), 20),
        "growing restarts": rates(lambda o: s.CosineAnnealingWarmRestarts(o, 3, 2), 30),
        "one cycle": cycle(20),
        "one cycle, linear": cycle(
            23, pct_start=0.4, anneal_strategy="linear", div_factor=10, final_div_factor=100
        ),
        "one cycle, three phases": cycle(30, pct_start=0.35, three_phase=True),
        "lambda": rates(lambda o: s.LambdaLR(o, lambda t: 1 / (1 + t)), 10),
        "inverse square root": rates(lambda o: s.LambdaLR(o, inverse_square_root), 30),
        "constant": rates(lambda o: s.ConstantLR(o, 1, 1), 5),
        "sequential": rates(
            lambda o: s.SequentialLR(
                o,
                [
                    s.LinearLR(o, 0.1, 1, 4),
                    s.ExponentialLR(o, 0.8),
                    s.CosineAnnealingLR(o, 10, eta_min=0.01),
                ],
                [4, 9],
            ),
            19,
        ),
        "chained": rates(
            lambda o: s.ChainedScheduler([s.LinearLR(o, 0.1, 1, 5), s.ExponentialLR(o, 0.9)]), 15
        ),
    },
    "metrics": [None if math.isnan(m) else m for m in metrics],
    "plateaus": {
        "plain": plateau(patience=2),
        "accuracy": plateau(-1, mode="max", patience=1, factor=0.5),
        "absolute": plateau(patience=1, threshold=0.05, threshold_mode="abs", cooldown=2),
        "bounded": plateau(patience=0, factor=0.3, min_lr=0.004, cooldown=1, threshold=0.01),
        "tiny": plateau(patience=0, lr=1e-7),
        "largest": plateau(mode="max", patience=3, threshold=0.1, threshold_mode="abs"),
    },
}
with open(pathlib.Path(__file__).parent / "schedules.json", "w") as file:
    lines = []
    for key, value in reference.items():
        if isinstance(value, dict):
            inner = ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            lines.append(f"{json.dumps(key)}: {{\n{inner}\n}}")
        else:
            lines.append(f"{json.dumps(key)}: {json.dumps(value)}")
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
