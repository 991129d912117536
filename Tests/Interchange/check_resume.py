"""Kills a training in a loop at random moments and compares its end with an unbroken run.

usage: check_resume.py PROGRAM [KILLS]

PROGRAM is `resume`, built by
  swift build -c release --package-path Tests/Consumer --scratch-path .build-consumer
Every run is killed with SIGKILL after a random time until KILLS (30) runs were killed at work; between
them the checkpoint must be a whole safetensors file. Then it may finish, and the weights must be those
of the unbroken run, to the last bit. Training stops and starts anew where it is over too early.
"""

import json
import pathlib
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time

program = pathlib.Path(sys.argv[1]).resolve()
kills = int(sys.argv[2]) if len(sys.argv) > 2 else 30
random.seed(1)


def run(checkpoint, model, limit=None):
    """Whether the program has come to its end within the limit."""
    process = subprocess.Popen([program, checkpoint, model], stdout=subprocess.DEVNULL)
    try:
        process.wait(limit)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return False
    assert process.returncode == 0, f"the program failed with {process.returncode}"
    return True


def check_whole(path):
    """The place in training of a file, whose tensors must fill it to the end."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    training = json.loads(header.pop("__metadata__")["training"])
    end = max(entry["data_offsets"][1] for entry in header.values())
    assert len(data) == 8 + length + end, f"{path} is cut off"
    return training["epoch"], training["batch"]


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    start = time.monotonic()
    assert run(folder / "unbroken.ckpt", folder / "unbroken")
    duration = time.monotonic() - start
    expected = (folder / "unbroken").read_bytes()
    done, ends, places = 0, 0, set()
    checkpoint, model = folder / "killed.ckpt", folder / "killed"
    while done < kills:
        # Short enough that several kills fall on one training.
        if run(checkpoint, model, random.uniform(0.02, duration * 0.4)):
            assert model.read_bytes() == expected, "the weights differ from the unbroken run's"
            ends += 1
            for path in folder.glob("killed*"):
                path.unlink()
            continue
        done += 1
        for path in (checkpoint, folder / "killed.ckpt.previous"):
            if path.exists():
                places.add(check_whole(path))
    assert run(checkpoint, model)
    assert model.read_bytes() == expected, "the weights differ from the unbroken run's"
    print(
        f"{done} kills, {ends + 1} trainings ended like the unbroken one ({duration:.1f} s), "
        f"checkpoints seen at {len(places)} places"
    )
