"""Reads event files with TensorBoard's own reader.

usage: check_tensorboard.py PROGRAM

PROGRAM is `resume`: see check_resume.py. Needs tensorboard, or tensorflow, which brings it.
"""

import math
import pathlib
import subprocess
import sys
import tempfile

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader

with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    output = subprocess.run(
        [sys.argv[1], folder / "a.ckpt", folder / "model", folder / "events"],
        check=True, capture_output=True, text=True).stdout.split()
    epochs, last = int(output[0]), float(output[1])
    for part, tags in (("train", {"epoch_loss", "epoch_accuracy", "epoch_learning_rate"}),
                       ("validation", {"epoch_loss", "epoch_accuracy"})):
        files = list((folder / "events" / part).iterdir())
        assert len(files) == 1, files
        assert len(list(RawEventFileLoader(str(files[0])).Load())) == epochs + 1
        events = EventAccumulator(str(folder / "events" / part), size_guidance={"histograms": 0})
        events.Reload()
        found = events.Tags()
        assert set(found["scalars"]) == tags, found
        for tag in tags:
            values = events.Scalars(tag)
            assert [value.step for value in values] == list(range(epochs)), values
            assert all(math.isfinite(value.value) for value in values)
        if part == "validation":
            assert math.isclose(events.Scalars("epoch_loss")[-1].value, last, rel_tol=1e-6)
        else:
            assert set(found["histograms"]) == {
                f"{layer}/{kind}/histogram" for layer in (0, 4) for kind in ("weight", "bias")}
            histogram = events.Histograms("0/weight/histogram")[0].histogram_value
            assert histogram.num == 32 * 64 == sum(histogram.bucket), histogram
            assert histogram.bucket_limit[-1] == histogram.max
    print(f"TensorBoard read {epochs} epochs of scalars, and histograms")
