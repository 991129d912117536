"""Writes metrics.json: what scikit-learn and NumPy compute, for MetricValuesTests.

usage: python make_metrics.py    (needs numpy, scikit-learn)
"""

import json
import math
import pathlib
import warnings

import numpy as np
from sklearn import metrics as sk

warnings.simplefilter("ignore")
random = np.random.default_rng(11)
cases = {}


def number(value):
    value = float(value)
    return None if math.isnan(value) else value


def attempt(function, *arguments, **options):
    """NaN where scikit-learn refuses."""
    try:
        return function(*arguments, **options)
    except ValueError:
        return math.nan


def case(name, prediction, target, values):
    cases[name] = {
        "prediction": prediction.ravel().tolist(), "predictionShape": list(prediction.shape),
        "target": target.ravel().tolist(), "targetShape": list(target.shape),
        "integers": bool(np.issubdtype(target.dtype, np.integer)),
        "values": {key: number(value) for key, value in values.items()},
    }


def binary(name, scores, labels):
    guesses = (scores > 0.5).astype(int)
    case(name, scores, labels, {
        "binary_accuracy": sk.accuracy_score(labels, guesses),
        "precision": sk.precision_score(labels, guesses, zero_division=0),
        "recall": sk.recall_score(labels, guesses, zero_division=0),
        "f1_score": sk.f1_score(labels, guesses, zero_division=0),
        "roc_auc": attempt(sk.roc_auc_score, labels, scores),
        "average_precision": sk.average_precision_score(labels, scores),
    })


def several(name, scores, labels, one_hot=False):
    classes = scores.shape[1]
    guesses = scores.argmax(axis=1)
    rows = np.eye(classes)[labels]
    values = {
        "accuracy": sk.accuracy_score(labels, guesses),
        "top_2_accuracy": sk.top_k_accuracy_score(labels, scores, k=2, labels=range(classes)),
        "perplexity": math.exp(sk.log_loss(labels, scores, labels=range(classes))),
        "average_precision": sk.average_precision_score(rows, scores),
    }
    present = set(labels) == set(range(classes))
    values["roc_auc"] = attempt(
        sk.roc_auc_score, labels, scores, multi_class="ovr") if present else math.nan
    for average in ("macro", "micro", "weighted"):
        for key, function in (("precision", sk.precision_score), ("recall", sk.recall_score),
                              ("f1_score", sk.f1_score)):
            values[f"{key} {average}"] = function(
                labels, guesses, average=average, zero_division=0)
    case(name, scores, rows if one_hot else labels, values)
    cases[name]["matrix"] = sk.confusion_matrix(labels, guesses, labels=range(classes)).ravel().tolist()


def regression(name, prediction, target):
    case(name, prediction, target, {
        "mean_squared_error": sk.mean_squared_error(target, prediction),
        "mean_absolute_error": sk.mean_absolute_error(target, prediction),
        "root_mean_squared_error": math.sqrt(sk.mean_squared_error(target, prediction)),
        "r2_score": sk.r2_score(target, prediction),
    })


def rounded(values, digits=3):
    return np.round(values, digits)


binary("binary", rounded(random.uniform(size=37)), random.integers(0, 2, size=37))
binary("binary with ties", rounded(random.uniform(size=60), 1), random.integers(0, 2, size=60))
binary("binary without positives", rounded(random.uniform(size=9)), np.zeros(9, int))
binary("binary without negatives", rounded(random.uniform(size=9)), np.ones(9, int))
binary("binary, all scores equal", np.full(8, 0.25), np.array([0, 1] * 4))
binary("binary, at the threshold", np.array([0.5, 0.5, 0.6, 0.4]), np.array([1, 0, 1, 0]))
binary("binary, perfect", np.array([0.1, 0.2, 0.8, 0.9]), np.array([0, 0, 1, 1]))

several("classes", random.dirichlet(np.ones(4), size=41), random.integers(0, 4, size=41))
several("classes as rows", random.dirichlet(np.ones(3), size=23), random.integers(0, 3, size=23), True)
skewed = random.dirichlet([8, 2, 1, 0.2, 0.2], size=30)
several("classes that do not occur", skewed, random.integers(0, 3, size=30))

regression("regression", rounded(random.normal(size=29)), rounded(random.normal(size=29)))
regression("regression with outputs", rounded(random.normal(size=(17, 3))),
           rounded(random.normal(size=(17, 3))))
regression("regression far from zero", 1e8 + rounded(random.normal(size=33)),
           1e8 + rounded(random.normal(size=33)))
regression("regression of a constant", rounded(random.normal(size=7)), np.full(7, 2.5))
regression("regression of a constant, met", np.full(7, 2.5), np.full(7, 2.5))

path = pathlib.Path(__file__).parent / "metrics.json"
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
