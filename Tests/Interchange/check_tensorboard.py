"""Reads event files with TensorBoard's own reader, or with TensorFlow's where that is installed.

usage: check_tensorboard.py PROGRAM

PROGRAM is `resume`: see check_resume.py. Needs tensorboard or tensorflow. Both check the checksums.
"""

import math
import pathlib
import subprocess
import sys
import tempfile

try:
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    def load(path):
        return LegacyEventFileLoader(path).Load()
except ImportError:
    from tensorflow.compat.v1.train import summary_iterator as load


def read(folder):
    """The version, and scalars and histograms by tag as lists of (step, value)."""
    (file,) = folder.iterdir()
    events = list(load(str(file)))
    scalars, histograms = {}, {}
    for event in events[1:]:
        for value in event.summary.value:
            if value.HasField("histo"):
                histograms.setdefault(value.tag, []).append((event.step, value.histo))
            else:
                scalars.setdefault(value.tag, []).append((event.step, value.simple_value))
    times = [event.wall_time for event in events]
    assert times == sorted(times)
    return events[0].file_version, scalars, histograms


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    output = subprocess.run(
        [sys.argv[1], folder / "a.ckpt", folder / "model", folder / "events"],
        check=True, capture_output=True, text=True).stdout.split()
    epochs, last = int(output[0]), float(output[1])
    tags = {"epoch_loss", "epoch_accuracy"}
    for part, expected in (("train", tags | {"epoch_learning_rate"}), ("validation", tags)):
        version, scalars, histograms = read(folder / "events" / part)
        assert version == "brain.Event:2", version
        assert set(scalars) == expected, scalars
        for values in scalars.values():
            assert [step for step, _ in values] == list(range(epochs)), values
            assert all(math.isfinite(value) for _, value in values)
        if part == "validation":
            assert math.isclose(scalars["epoch_loss"][-1][1], last, rel_tol=1e-6)
            continue
        assert set(histograms) == {
            f"{layer}/{kind}/histogram" for layer in (0, 4) for kind in ("weight", "bias")}
        for _, histogram in histograms["0/weight/histogram"]:
            assert histogram.num == 32 * 64 == sum(histogram.bucket), histogram
            assert histogram.bucket_limit[-1] == histogram.max and len(histogram.bucket) == 30
    print(f"{epochs} epochs of scalars and histograms were read by {load.__module__ or 'TensorBoard'}")
