"""Writes the npy, npz and safetensors files beside it, with the libraries whose files they are.

    pip install numpy torch safetensors && python make_arrays.py
"""

import io
import pathlib
import zipfile

import numpy as np
import torch
from safetensors.torch import save_file

folder = pathlib.Path(__file__).parent

# The first and the last values of each type, in each byte order and each order of the elements.
arrays = {}
for kind in ("?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"):
    if kind == "?":
        values = [False, True, True, False, False, True]
    else:
        info = np.iinfo(kind)
        top = 2**63 - 1 if kind == "u8" else info.max
        values = [info.min, 0, 1, 2, 3, top]
    for order in "<>" if np.dtype(kind).itemsize > 1 else "|":
        arrays[order + kind] = np.array(values, order + kind).reshape(2, 3)
for kind in ("f2", "f4", "f8"):
    info = np.finfo(kind)
    values = [0.1, -0.0, np.inf, np.nan, info.max, info.smallest_subnormal]
    for order in "<>":
        arrays[order + kind] = np.array(values, order + kind).reshape(2, 3)
fortran = np.asfortranarray(np.arange(24, dtype="<i4").reshape(2, 3, 4))
arrays["fortran"] = fortran
arrays["fortran big"] = np.asfortranarray(fortran.astype(">i4"))
arrays["scalar"] = np.array(7.5)
arrays["empty"] = np.zeros((2, 0, 3), "f4")
arrays["étage/../x"] = np.array([1, 2], "u1")
np.savez(folder / "arrays.npz", **arrays)
np.savez_compressed(folder / "deflated.npz", zeros=np.zeros(100_000), **arrays)

for version in ((1, 0), (2, 0), (3, 0)):
    with open(folder / f"version{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, np.arange(6, dtype="<f4").reshape(2, 3), version)


class Pipe(io.RawIOBase):
    """A stream that cannot seek: zipfile then writes sizes behind the data."""

    def __init__(self):
        self.contents = b""

    def writable(self):
        return True

    def write(self, data):
        self.contents += bytes(data)
        return len(data)


def member(values):
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


pipe = Pipe()
with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("a.npy", member(np.arange(3.0)))
    archive.writestr("b.npy", member(np.arange(2)), zipfile.ZIP_STORED)
    archive.comment = b"a comment"
(folder / "piped.npz").write_bytes(pipe.contents)

# Every size with 64 bits, as in archives of more than 4 GiB.
zipfile.ZIP64_LIMIT = zipfile.ZIP_FILECOUNT_LIMIT = 0
with zipfile.ZipFile(folder / "long.npz", "w") as archive:
    archive.writestr("a.npy", member(np.arange(3.0)))
    archive.writestr("b.npy", member(np.arange(2)))

# Each narrow type beside what PyTorch makes of it; of the eight-bit floats, every value.
every = torch.arange(256, dtype=torch.int32).to(torch.uint8)
tensors = {
    "I8": torch.tensor([-128, -1, 127], dtype=torch.int8),
    "I16": torch.tensor([-32768, -1, 32767], dtype=torch.int16),
    "U16": torch.tensor([0, 1, 65535], dtype=torch.uint16),
    "U32": torch.tensor([0, 1, 2**32 - 1], dtype=torch.uint32),
    "U64": torch.tensor([0, 1, 2**63 - 1], dtype=torch.uint64),
}
widened = {name: value.to(torch.int64) for name, value in tensors.items()}
for name, dtype in {
    "F8_E4M3": torch.float8_e4m3fn, "F8_E4M3FNUZ": torch.float8_e4m3fnuz,
    "F8_E5M2": torch.float8_e5m2, "F8_E5M2FNUZ": torch.float8_e5m2fnuz,
    "F8_E8M0": torch.float8_e8m0fnu,
}.items():
    tensors[name] = every.clone().view(dtype)
    widened[name] = tensors[name].to(torch.float32)
tensors |= {f"{name} widened": value for name, value in widened.items()}
save_file(tensors, folder / "narrow.safetensors")
save_file({"waves": torch.tensor([1j])}, folder / "complex.safetensors")
save_file({"ids": torch.tensor([2**63], dtype=torch.uint64)}, folder / "large.safetensors")
