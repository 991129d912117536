"""Writes losses.json: the losses of PyTorch with gradients, for LossValuesTests.

usage: python make_losses.py    (needs numpy, torch)
"""

import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

random = np.random.default_rng(5)
N, C = 4, 3


def normal(*shape):
    return np.round(random.normal(size=shape), 4)


x, y = normal(N, C) * 1.5, normal(N, C)
z = normal(N, C)
signs = np.sign(normal(N, C))
inputs = {
    "x": x, "y": y, "z": z, "signs": signs, "rowSigns": np.array([1.0, -1, -1, 1]),
    "probabilities": np.round(random.uniform(0.05, 0.95, size=(N, C)), 4),
    "soft": np.round(random.dirichlet(np.ones(C), size=N), 4),
    "multiHot": np.array([[1.0, 0, 1], [0, 1, 0], [1, 1, 0], [0, 0, 0]]),
    "counts": np.array([[0.0, 1, 5], [2, 0, 1], [3, 7, 0], [1, 2, 4]]),
    "labels": np.array([2.0, 0, 1, 2]),
    "weights": np.array([0.5, 2, 1.25]),
    "image": normal(2, C, 2), "imageLabels": np.array([[0.0, 2], [1, 1]]),
}
t = {name: torch.tensor(value) for name, value in inputs.items()}
t["labels"], t["imageLabels"] = t["labels"].long(), t["imageLabels"].long()
# Lists of labels that end with -1, for the rows of multiHot.
lists = torch.tensor([[0, 2, -1], [1, -1, -1], [0, 1, -1], [-1, -1, -1]])
cases = {}


def case(name, loss, *names, reductions=("mean", "sum", "none")):
    """The values and the gradients with respect to the named inputs, of the weighted sum of parts."""
    entry = {"inputs": list(names)}
    for reduction in reductions:
        points = [t[n].clone().requires_grad_() for n in names]
        value = loss(*points, reduction=reduction)
        value.mul(torch.arange(1, value.numel() + 1).reshape(value.shape)).sum().backward()
        entry[reduction] = {
            "value": value.detach().ravel().tolist(), "shape": list(value.shape),
            "gradients": [p.grad.ravel().tolist() for p in points],
        }
    cases[name] = entry


def of(function, target, **options):
    return lambda p, reduction: function(p, target, reduction=reduction, **options)


def log_cosh(p, q, reduction):
    parts = torch.log(torch.cosh(p - q))
    return {"mean": parts.mean, "sum": parts.sum, "none": parts.clone}[reduction]()


def squared_hinge(p, reduction):
    parts = F.relu(1 - t["signs"] * p).square()
    return {"mean": parts.mean, "sum": parts.sum, "none": parts.clone}[reduction]()


def divergence(p, q, reduction):
    parts = F.kl_div(p, q, reduction="none").sum(1)
    if reduction == "mean":
        return F.kl_div(p, q, reduction="batchmean")
    return {"sum": parts.sum, "none": parts.clone}[reduction]()


case("meanSquaredError", F.mse_loss, "x", "y")
case("meanAbsoluteError", F.l1_loss, "x", "y")
for bound in (0.5, 1.0, 2.0):
    case(f"huber {bound}", lambda p, q, reduction: F.huber_loss(p, q, delta=bound, reduction=reduction), "x", "y")
    case(f"smoothL1 {bound}", lambda p, q, reduction: F.smooth_l1_loss(p, q, beta=bound, reduction=reduction), "x", "y")
case("logCosh", log_cosh, "x", "y")
case("binaryCrossEntropy", F.binary_cross_entropy, "probabilities", "soft")
case("binaryCrossEntropyWithLogits", F.binary_cross_entropy_with_logits, "x", "soft")
case("binaryCrossEntropyWithLogits weighted",
     of(F.binary_cross_entropy_with_logits, t["soft"], pos_weight=t["weights"]), "x")
case("multiLabelSoftMargin", of(F.multilabel_soft_margin_loss, t["multiHot"]), "x")
case("negativeLogLikelihood", of(F.nll_loss, t["labels"]), "x")
case("negativeLogLikelihood weighted", of(F.nll_loss, t["labels"], weight=t["weights"], ignore_index=0), "x")
case("negativeLogLikelihood image", of(F.nll_loss, t["imageLabels"], weight=t["weights"], ignore_index=2), "image")
case("softmaxCrossEntropy", of(F.cross_entropy, t["labels"]), "x")
case("crossEntropy", of(F.cross_entropy, t["labels"], weight=t["weights"], ignore_index=0, label_smoothing=0.1), "x")
case("crossEntropy smooth", of(F.cross_entropy, t["labels"], label_smoothing=0.2), "x")
case("crossEntropy soft", of(F.cross_entropy, t["soft"], weight=t["weights"], label_smoothing=0.1), "x")
case("crossEntropy image", of(F.cross_entropy, t["imageLabels"], ignore_index=1), "image")
case("klDivergence", divergence, "x", "soft")
case("poisson", of(F.poisson_nll_loss, t["counts"]), "x")
case("poisson full", of(F.poisson_nll_loss, t["counts"], full=True), "x")
case("poisson rates", of(F.poisson_nll_loss, t["counts"], log_input=False), "probabilities")
for full in (False, True):
    case(f"gaussian {full}".lower(), lambda m, v, q, reduction: F.gaussian_nll_loss(
        m, q, v, full=full, reduction=reduction), "x", "probabilities", "y")
case("squaredHinge", squared_hinge, "x")
case("softMargin", of(F.soft_margin_loss, t["signs"]), "x")
case("hingeEmbedding", of(F.hinge_embedding_loss, t["signs"], margin=0.7), "x")
case("marginRanking", lambda a, b, reduction: F.margin_ranking_loss(
    a, b, t["signs"], margin=0.3, reduction=reduction), "x", "y")
case("cosineEmbedding", lambda a, b, reduction: F.cosine_embedding_loss(
    a, b, t["rowSigns"], margin=-0.6, reduction=reduction), "x", "y")
for p, swap in ((2.0, False), (1.0, True), (3.0, False)):
    case(f"triplet {p} {swap}".lower(), lambda a, b, c, reduction: F.triplet_margin_loss(
        a, b, c, margin=2, p=p, swap=swap, reduction=reduction), "x", "y", "z")
case("multiMargin", of(F.multi_margin_loss, t["labels"]), "x")
case("multiMargin squared", of(F.multi_margin_loss, t["labels"], p=2, margin=0.8, weight=t["weights"]), "x")
case("multiLabelMargin", of(F.multilabel_margin_loss, lists), "x")

path = pathlib.Path(__file__).parent / "losses.json"
document = {
    "inputs": {n: {"value": v.ravel().tolist(), "shape": list(v.shape)} for n, v in inputs.items()},
    "cases": cases,
}
path.write_text(json.dumps(document, indent=None, separators=(",", ":")) + "\n")
