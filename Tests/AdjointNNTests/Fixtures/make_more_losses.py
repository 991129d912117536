"""Writes more_losses.json: losses with gradients, for MoreLossesTests.

usage: python make_more_losses.py    (needs numpy, torch)

CTC and the cross-entropies are PyTorch's; focal, Dice and InfoNCE are written from their papers with
PyTorch's operations.
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

random = np.random.default_rng(7)
N, C = 4, 3


def normal(*shape):
    return np.round(random.normal(size=shape), 4)


inputs = {
    "x": normal(N, C) * 1.5, "y": normal(N, C), "z": normal(5, C),
    "signs": np.sign(normal(N, C)),
    "probabilities": np.round(random.uniform(0.05, 0.95, size=(N, C)), 4),
    "soft": np.round(random.uniform(size=(N, C)), 4),
    "labels": np.array([2.0, 0, 1, 2]),
    "weights": np.array([0.5, 2, 1.25]),
    "masks": np.round(random.uniform(0.05, 0.95, size=(2, C, 2, 2)), 4),
    "maskTargets": random.integers(0, 2, size=(2, C, 2, 2)).astype(float),
    "image": normal(2, C, 2), "imageLabels": np.array([[0.0, 2], [1, 1]]),
    "sequence": normal(7, 3, 5),
    "sequenceLabels": np.array([[1.0, 2, 2], [3, 1, 4], [4, 4, 4]]),
    "inputLengthLabels": np.array([7.0, 5, 6]),
    "labelLengthLabels": np.array([3.0, 1, 0]),
    # Equal labels need a blank between them: four times for the first, five for the last.
    "shortLengthLabels": np.array([3.0, 4, 4]),
    "allLengthLabels": np.array([3.0, 2, 3]),
    "lastBlankLabels": np.array([[1.0, 2, 2], [3, 1, 0], [0, 2, 0]]),
}
t = {name: torch.tensor(value) for name, value in inputs.items()}
for name in t:
    if name.lower().endswith("labels"):
        t[name] = t[name].long()
cases = {}


def reduce(parts, reduction):
    return {"mean": parts.mean, "sum": parts.sum, "none": parts.clone}[reduction]()


def case(name, loss, *names):
    """The values and the gradients with respect to the named inputs, of the weighted sum of parts."""
    entry = {"inputs": list(names)}
    for reduction in ("mean", "sum", "none"):
        points = [t[n].clone().requires_grad_() for n in names]
        value = loss(*points, reduction)
        value.mul(torch.arange(1, value.numel() + 1).reshape(value.shape)).sum().backward()
        entry[reduction] = {
            "value": value.detach().ravel().tolist(), "shape": list(value.shape),
            "gradients": [p.grad.ravel().tolist() for p in points],
        }
    cases[name] = entry


def focal(logits, labels, gamma, weights=None):
    logs = F.log_softmax(logits, 1).gather(1, labels.unsqueeze(1)).squeeze(1)
    parts = -((1 - logs.exp()) ** gamma) * logs
    return parts if weights is None else parts * weights[labels]


def binary_focal(logits, target, alpha, gamma):
    p = torch.sigmoid(logits)
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    parts = entropy * (1 - (p * target + (1 - p) * (1 - target))) ** gamma
    return parts if alpha is None else parts * (alpha * target + (1 - alpha) * (1 - target))


def dice(p, target, epsilon, axes):
    shared, sizes = (p * target).sum(axes), p.sum(axes) + target.sum(axes)
    return 1 - (2 * shared + epsilon) / (sizes + epsilon)


def info_nce(a, b, temperature, symmetric=False, negatives=None):
    a, b = F.normalize(a), F.normalize(b)
    everyone = b if negatives is None else torch.cat([b, F.normalize(negatives)])
    logits = a @ everyone.T / temperature
    places = torch.arange(len(a))
    parts = F.cross_entropy(logits, places, reduction="none")
    return (parts + F.cross_entropy(logits.T, places, reduction="none")) / 2 if symmetric else parts


def ctc(labels, lengths, label_lengths, zero=False, blank=0):
    return lambda x, reduction: F.ctc_loss(
        F.log_softmax(x, 2), t[labels], t[lengths], t[label_lengths], blank=blank,
        reduction=reduction, zero_infinity=zero)


case("hinge", lambda p, r: reduce(F.relu(1 - t["signs"] * p), r), "x")
case("cosineDistance", lambda p, q, r: reduce(1 - F.cosine_similarity(p, q, dim=-1), r), "x", "y")
for gamma in (0.0, 0.5, 1.0, 2.0):
    case(f"focal {gamma}", lambda p, r: reduce(focal(p, t["labels"], gamma), r), "x")
case("focal weighted", lambda p, r: reduce(focal(p, t["labels"], 2, t["weights"]), r), "x")
case("focal image", lambda p, r: reduce(focal(p, t["imageLabels"], 2), r), "image")
case("binaryFocal", lambda p, q, r: reduce(binary_focal(p, q, 0.25, 2), r), "x", "soft")
case("binaryFocal plain", lambda p, q, r: reduce(binary_focal(p, q, None, 0.5), r), "x", "soft")
case("dice", lambda p, r: reduce(dice(p, t["maskTargets"], 1e-5, (2, 3)), r), "masks")
case("dice rows", lambda p, q, r: reduce(dice(p, q, 1.0, (1,)), r), "probabilities", "soft")
case("infoNCE", lambda a, b, r: reduce(info_nce(a, b, 0.1), r), "x", "y")
case("infoNCE symmetric", lambda a, b, r: reduce(info_nce(a, b, 0.5, True), r), "x", "y")
case("infoNCE negatives", lambda a, b, c, r: reduce(info_nce(a, b, 0.2, negatives=c), r), "x", "y", "z")
case("ctc", ctc("sequenceLabels", "inputLengthLabels", "labelLengthLabels"), "sequence")
case("ctc impossible", ctc("sequenceLabels", "shortLengthLabels", "allLengthLabels", True), "sequence")
case("ctc last blank", ctc("lastBlankLabels", "inputLengthLabels", "allLengthLabels", blank=4), "sequence")

path = pathlib.Path(__file__).parent / "more_losses.json"
document = {
    "inputs": {n: {"value": v.ravel().tolist(), "shape": list(v.shape)} for n, v in inputs.items()},
    "cases": cases,
}
path.write_text(json.dumps(document, indent=None, separators=(",", ":")) + "\n")
