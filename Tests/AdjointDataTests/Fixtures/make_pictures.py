"""Writes pictures.npz, whose members are PNG files of Pillow as bytes beside their pixels.

    pip install numpy pillow && python make_pictures.py
"""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image

folder = pathlib.Path(__file__).parent
random = np.random.default_rng(7)
members = {}


def add(name, data, pixels):
    members[f"{name} file"] = np.frombuffer(data, np.uint8)
    members[f"{name} pixels"] = np.asarray(pixels)


def saved(image, **options):
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


for name, mode, shape in (
    ("grey", "L", (5, 7)), ("grey alpha", "LA", (5, 7, 2)), ("colours", "RGB", (5, 7, 3)),
    ("colours alpha", "RGBA", (5, 7, 4)), ("one pixel", "L", (1, 1)),
):
    pixels = random.integers(0, 256, shape, np.uint8)
    add(name, saved(Image.fromarray(pixels, mode)), pixels)

bits = random.integers(0, 2, (9, 11)).astype(bool)
add("one bit", saved(Image.fromarray(bits)), bits.astype(np.uint8) * 255)
palette = Image.fromarray(random.integers(0, 256, (6, 6, 3), np.uint8)).quantize(12)
add("palette", saved(palette), palette.convert("RGB"))
add("palette alpha", saved(palette, transparency=bytes(range(12))),
    np.dstack([np.asarray(palette.convert("RGB")), np.asarray(palette)]))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colours, interlaced, rows):
    header = struct.pack(">2I5B", width, height, depth, colours, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


# Pillow writes no interlaced files, but the seven passes are seven slices.
pixels = random.integers(0, 256, (9, 10, 3), np.uint8)
passes = ((0, 8, 0, 8), (0, 8, 4, 8), (4, 8, 0, 4), (0, 4, 2, 4), (2, 4, 0, 2), (0, 2, 1, 2),
          (1, 2, 0, 1))
rows = b"".join(
    b"\0" + row.tobytes()
    for y, down, x, right in passes
    for row in pixels[y::down, x::right] if row.size
)
data = png(10, 9, 8, 2, 1, rows)
assert (np.asarray(Image.open(io.BytesIO(data))) == pixels).all()
add("interlaced", data, pixels)
add("sixteen bits", png(1, 1, 16, 0, 0, b"\0\1\2"), np.zeros((1, 1), np.uint8))
add("rows missing", png(4, 4, 8, 0, 0, b"\0\1\2\3\4"), np.zeros((4, 4), np.uint8))
add("filter of none", png(1, 1, 8, 0, 0, b"\7\1"), np.ones((1, 1), np.uint8))
add("huge", png(1_000_000, 1_000_000, 8, 6, 0, b"\0\1"), np.zeros((1, 1), np.uint8))
add("wide", png(8000, 8000, 8, 6, 0, b"\0\1"), np.zeros((1, 1), np.uint8))
np.savez(folder / "pictures.npz", **members)

seeds = folder.parents[1] / "Fuzz/Corpus/png"
seeds.mkdir(exist_ok=True)
for name in ("grey", "colours alpha", "palette alpha", "interlaced", "one bit"):
    (seeds / f"{name.replace(' ', '-')}.png").write_bytes(members[f"{name} file"].tobytes())
