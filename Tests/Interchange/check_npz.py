"""Exchanges files with other people's software, both ways: npy, npz, safetensors, PNG, CSV.

usage: check_npz.py [SWIFT_TEST_COMMAND...]

Needs numpy and safetensors, and pillow where it is installed. Writes arrays with NumPy, the tests read them and write them again (by default with `swift test -c release --filter
InterchangeTests`, in the repository), and reads what they wrote: every value must be the same, each
dtype the one that the documentation promises.
"""

import csv
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from safetensors.numpy import load_file, save_file

command = sys.argv[1:] or ["swift", "test", "-c", "release", "--filter", "InterchangeTests"]
root = pathlib.Path(__file__).parents[2]
random = np.random.default_rng(20)
widened = {
    "b1": "b1", "u1": "u1", "i1": "i4", "i2": "i4", "u2": "i4", "i4": "i4", "u4": "i8", "i8": "i8",
    "u8": "i8", "f2": "f4", "f4": "f4", "f8": "f8",
}


def drawn(kind, shape):
    if kind == "b1":
        return np.asarray(random.integers(0, 2, shape), bool)
    if kind[0] == "f":
        scale = 10.0 ** random.integers(-4, 4)
        values = np.asarray(random.standard_normal(shape) * scale, kind)
        if values.size:
            values.flat[0] = random.choice([np.nan, np.inf, -0.0])
        return values
    info = np.iinfo(kind)
    top = 2**63 - 1 if kind == "u8" else info.max
    return np.asarray(random.integers(info.min, top, shape, kind, endpoint=True))


def same(ours, theirs, name):
    kind = theirs.dtype.newbyteorder("=").str[1:]
    assert ours.dtype == np.dtype(widened[kind]), (name, ours.dtype, theirs.dtype)
    assert ours.shape == theirs.shape, (name, ours.shape, theirs.shape)
    np.testing.assert_array_equal(ours, theirs, err_msg=name)
    if kind[0] == "f":
        assert (np.signbit(ours) == np.signbit(theirs)).all(), name


def arrays():
    shapes = [(), (1,), (7,), (3, 0, 2), (4, 5), (2, 3, 4), (1, 2, 1, 3, 1, 2, 1, 2)]
    result = {}
    for kind in widened:
        for number, shape in enumerate(shapes):
            values = drawn(kind, shape)
            result[f"{kind}/{number}"] = values
            result[f"{kind}/{number}/F>"] = np.asfortranarray(
                values.astype(values.dtype.newbyteorder(">")))
    result["../../é"] = drawn("f8", (1000,))
    return result


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    members = arrays()
    np.savez(folder / "theirs-plain.npz", **members)
    np.savez_compressed(folder / "theirs-packed.npz", **members)
    np.save(folder / "theirs-one.npy", np.asfortranarray(drawn("f4", (30, 40))))
    plain = {name: values for name, values in members.items() if "F>" not in name}
    save_file(plain, folder / "theirs-tensors.safetensors")
    try:
        from PIL import Image
        pictures = {
            "grey": drawn("u1", (31, 17)), "rgb": drawn("u1", (31, 17, 3)),
            "rgba": drawn("u1", (31, 17, 4)),
        }
        for name, pixels in pictures.items():
            Image.fromarray(pixels).save(folder / f"theirs-{name}.png")
    except ImportError:
        pictures = {}
    table = [["n", "x", "code"]] + [
        [str(n), repr(float(x)), code]
        for n, x, code in zip(
            drawn("i8", (5000,)), drawn("f8", (5000,)), ["007", 'a"b', "é,\r\n", "", " x "] * 1000)
    ]
    with open(folder / "theirs-table.csv", "w", newline="") as file:
        csv.writer(file).writerows(table)

    environment = os.environ | {"ADJOINT_INTERCHANGE": str(folder)}
    subprocess.run(command, cwd=root, check=True, env=environment)

    for source in ("plain", "packed"):
        for ending in ("-stored.npz", "-deflated.npz"):
            with np.load(folder / f"ours-{source}{ending}", allow_pickle=False) as ours:
                assert list(ours) == list(members)
                for name, values in members.items():
                    same(ours[name], values, name)
        ours = load_file(folder / f"ours-{source}.safetensors")
        assert ours.keys() == members.keys()
        for name, values in members.items():
            same(ours[name], values, name)
    same(np.load(folder / "ours-one.npy"), np.load(folder / "theirs-one.npy"), "one")
    for ending in ("-mapped.npz", "-read.npz"):
        with np.load(folder / f"ours-tensors{ending}", allow_pickle=False) as ours:
            assert sorted(ours) == sorted(plain)
            for name, values in plain.items():
                same(ours[name], values, name)
    for name, pixels in pictures.items():
        same(np.asarray(Image.open(folder / f"ours-{name}.png")), pixels, name)
    with open(folder / "ours-table.csv", newline="") as file:
        ours = list(csv.reader(file))
    assert ours[0] == table[0] and len(ours) == len(table)
    for (n, x, code), (their_n, their_x, their_code) in zip(ours[1:], table[1:]):
        assert n == their_n and repr(float(x)) == their_x and code == their_code

print(f"both ways: {len(members)} arrays of NumPy {np.__version__}, {len(plain)} of safetensors,")
print(f"{len(pictures)} pictures of Pillow, a table of Python's csv with {len(table) - 1} rows")
