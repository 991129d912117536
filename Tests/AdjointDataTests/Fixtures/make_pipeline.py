"""Writes pipeline.safetensors: what data sets, image transforms and byte-pair encoding must give.

    pip install numpy safetensors scikit-learn torch && python make_pipeline.py
"""

import pathlib
from collections import Counter

import numpy as np
import sklearn.datasets
import torch
from safetensors.numpy import save_file

folder = pathlib.Path(__file__).parent
out = {}

# Data sets.
for count in (7, 20):
    x, y = sklearn.datasets.make_moons(count, shuffle=False, noise=None)
    out[f"moons{count}.x"], out[f"moons{count}.y"] = x, y
    x, y = sklearn.datasets.make_circles(count, shuffle=False, noise=None, factor=0.5)
    out[f"circles{count}.x"], out[f"circles{count}.y"] = x, y
for name, table in (("iris", sklearn.datasets.load_iris()), ("wine", sklearn.datasets.load_wine())):
    out[f"{name}.x"] = table.data.astype(np.float32)
    out[f"{name}.y"] = table.target.astype(np.int64)

# Images: one of each batch is enough where every image is changed alike.
random = np.random.default_rng(0)
image = random.random((1, 3, 5, 8))
out["image"] = image
angle = np.deg2rad(30)
c, s = np.cos(angle), np.sin(angle)
# Of torchvision's rotation by 30 degrees; PyTorch's own functions then do the rest.
theta = torch.tensor([[[c, -s * 5 / 8, 0], [s * 8 / 5, c, 0]]])
grid = torch.nn.functional.affine_grid(theta, (1, 3, 5, 8), align_corners=False)
out["rotated30"] = torch.nn.functional.grid_sample(
    torch.tensor(image), grid, align_corners=False
).numpy()
grey = (image * np.array([0.2989, 0.587, 0.114]).reshape(1, 3, 1, 1)).sum(1).mean()
out["contrast1.5"] = np.clip(1.5 * image + (1 - 1.5) * grey, 0, 1)
out["brightness1.7"] = np.clip(image * 1.7, 0, 1)
mean, deviation = np.array([0.4, 0.5, 0.6]), np.array([0.2, 0.3, 0.4])
out["normalized"] = (image - mean.reshape(1, 3, 1, 1)) / deviation.reshape(1, 3, 1, 1)


# Byte pairs, in the slowest and simplest way.
def kind(byte):
    if chr(byte).isascii():
        return "a" if chr(byte).isalpha() else "0" if chr(byte).isdigit() else \
            " " if byte in b" \t\n\v\f\r" else "."
    return "a"


def pieces(text):
    found, i = [], 0
    while i < len(text):
        j, most = i + 1, min(len(text), i + 128)
        here = kind(text[i])
        if here == " " and text[i] == 32 and j < most and kind(text[j]) != " ":
            here, j = kind(text[j]), j + 1
        while j < most and kind(text[j]) == here:
            j += 1
        if here == " " and j < len(text) and j - i > 1 and text[j - 1] == 32 and kind(text[j]) != " ":
            j -= 1
        found.append(text[i:j])
        i = j
    return found


def join(tokens, pair, token):
    result, i = [], 0
    while i < len(tokens):
        if tuple(tokens[i:i + 2]) == pair:
            result.append(token)
            i += 2
        else:
            result.append(tokens[i])
            i += 1
    return result


def train(text, size):
    words = [(list(word), count) for word, count in Counter(pieces(text)).items()]
    merges = []
    while len(merges) < size - 256:
        counts = Counter()
        for word, count in words:
            for pair in zip(word, word[1:]):
                counts[pair] += count
        best = min(counts, key=lambda pair: (-counts[pair], pair), default=None)
        if best is None or counts[best] < 2:
            break
        words = [(join(word, best, 256 + len(merges)), count) for word, count in words]
        merges.append(best)
    return merges


def encode(text, merges):
    tokens = []
    for piece in pieces(text):
        piece = list(piece)
        for rank, pair in enumerate(merges):
            piece = join(piece, pair, 256 + rank)
        tokens += piece
    return tokens


text = (folder / "make_pipeline.py").read_bytes()[:6000]
text += "Où est le café ? Da drüben, für 3,50 € …  日本語のテキスト aaaaaaaaaa\n\n\n   x".encode()
merges = train(text, 400)
out["pairs.text"] = np.frombuffer(text, np.uint8)
out["pairs.merges"] = np.array(merges, np.int64)
out["pairs.tokens"] = np.array(encode(text, merges), np.int64)
other = "A stranger's text: 1234 words, ünbekannt\t\tand  \n spaced; aaaaaaa".encode()
out["pairs.other"] = np.frombuffer(other, np.uint8)
out["pairs.otherTokens"] = np.array(encode(other, merges), np.int64)

save_file({name: np.ascontiguousarray(values) for name, values in out.items()},
          folder / "pipeline.safetensors")
