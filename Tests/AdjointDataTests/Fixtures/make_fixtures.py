"""Writes the files beside it, with the libraries whose files Adjoint must read.

    pip install numpy ml_dtypes safetensors && python make_fixtures.py
"""

import gzip
import pathlib
import struct

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).parent

# Every dtype of the framework, names whose order differs between bytes and dictionaries, a scalar,
# an empty tensor, and text that JSON has to escape.
save_file(
    {
        "weight": np.array([[1.5, -0.0, np.inf], [np.nan, 1e-45, -3.4e38]], np.float32),
        "Bias": np.array([0.1, -2.0], np.float32),
        "étage": np.array(7, np.float32),
        "steps": np.array([[2**62], [-1]], np.int64),
        "precise": np.array([np.pi, -5e-324], np.float64),
        "counts": np.array([[[-(2**31), 2**31 - 1]]], np.int32),
        "pixels": np.array([0, 127, 255], np.uint8),
        "mask": np.array([True, False, True], np.bool_),
        "empty": np.zeros((2, 0, 3), np.float32),
    },
    folder / "reference.safetensors",
    {"note": 'quote " backslash \\ tab \t newline \n bell \x07 é 🙂'},
)

save_file(
    {
        "half": np.array([1.0, -2.5, 65504.0, 6e-8, np.inf, -0.0], np.float16),
        "brain": np.array([1.0, -2.5, 3.0e38, 1e-40, -np.inf, -0.0], ml_dtypes.bfloat16),
    },
    folder / "half.safetensors",
)


def idx(values, code, extra=b""):
    shape = b"".join(struct.pack(">I", n) for n in values.shape)
    return bytes([0, 0, code, values.ndim]) + shape + values.tobytes() + extra


def pack(name, contents):
    (folder / name).write_bytes(gzip.compress(contents, mtime=0))


small = np.arange(24, dtype=np.uint8).reshape(2, 3, 4) * 10
pack("small.idx.gz", idx(small, 0x08))
pack("rest.idx.gz", idx(small, 0x08, b"\0" * 1_000_000))
pack("short.idx.gz", bytes([0, 0, 8, 4]) + struct.pack(">4I", 60000, 60000, 60000, 28) + bytes(100))
