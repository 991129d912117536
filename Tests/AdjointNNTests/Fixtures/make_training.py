"""Writes training.json: what Keras's fit reports and its callbacks decide, for KerasTrainingTests.

usage: python make_training.py    (needs numpy, keras and a backend)
"""

import json
import pathlib

import keras
import numpy as np

keras.backend.set_floatx("float64")
random = np.random.default_rng(3)
x = np.round(random.normal(size=(12, 3)), 4)
y = random.integers(0, 2, size=(12, 1)).astype(float)
weight = np.round(random.normal(size=(3, 1)), 4)
sample_weights = np.round(random.uniform(0, 2, size=12), 4)
runs = {}


def run(name, regularizer=None, accumulation=None, batch_size=12, **options):
    """Three epochs of gradient descent in the order of the rows."""
    model = keras.Sequential([
        keras.Input((3,)), keras.layers.Dense(1, kernel_regularizer=regularizer)])
    model.layers[0].set_weights([weight, np.zeros(1)])
    model.compile(
        keras.optimizers.SGD(0.1, gradient_accumulation_steps=accumulation),
        keras.losses.MeanSquaredError(), metrics=["mean_absolute_error"])
    history = model.fit(
        x, y, epochs=3, batch_size=batch_size, shuffle=False, verbose=0, **options).history
    runs[name] = {
        "history": history,
        "weight": model.layers[0].get_weights()[0].ravel().tolist(),
        "bias": model.layers[0].get_weights()[1].tolist(),
    }


run("plain")
run("sample weights", sample_weight=sample_weights)
run("class weights", class_weight={0: 0.5, 1: 3.0})
run("validation split", validation_split=0.3)
run("validation split with weights", validation_split=0.3, sample_weight=sample_weights)
# Keras keeps the factor in single precision, so it is one that this holds exactly.
run("regularized", regularizer=keras.regularizers.L2(0.25), validation_split=0.25)
run("accumulated", accumulation=2, batch_size=3)


class Optimizer:
    learning_rate = 1.0


class Model:
    """As much of a model as callbacks touch; its weights are the number of the epoch."""

    stop_training, metrics = False, []

    def __init__(self):
        self.optimizer, self.weights = Optimizer(), -1

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def drive(callback, scores):
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, score in enumerate(scores):
        callback.on_epoch_begin(epoch)
        model.weights = epoch
        callback.on_epoch_end(epoch, {"score": score})
        rates.append(model.optimizer.learning_rate)
        if model.stop_training:
            break
    callback.on_train_end()
    return {"epochs": len(rates), "weights": model.weights, "rates": rates}


stops, plateaus = [], []
for seed in range(24):
    scores = np.round(3 - 0.15 * np.arange(16) + random.normal(size=16) * 0.5, 2).tolist()
    patience, delta, restores = seed % 4, [0, 0.25][seed // 4 % 2], seed // 8 % 2 == 1
    start = [0, 5][seed // 12]
    stops.append({
        "scores": scores, "patience": patience, "delta": delta, "restores": restores, "start": start,
        **drive(keras.callbacks.EarlyStopping(
            "score", min_delta=delta, patience=patience, mode="min",
            restore_best_weights=restores, start_from_epoch=start), scores)})
    cooldown = [0, 2][seed // 8 % 2]
    plateaus.append({
        "scores": scores, "patience": patience, "delta": delta, "cooldown": cooldown,
        **drive(keras.callbacks.ReduceLROnPlateau(
            "score", factor=0.5, patience=patience, mode="min", min_delta=delta,
            cooldown=cooldown, min_lr=0.05), scores)})

path = pathlib.Path(__file__).parent / "training.json"
path.write_text(json.dumps({
    "x": x.ravel().tolist(), "y": y.ravel().tolist(), "weight": weight.ravel().tolist(),
    "sampleWeights": sample_weights.tolist(), "runs": runs, "stops": stops, "plateaus": plateaus,
}, separators=(",", ":")) + "\n")
