"""Reads the files the lab wrote with other people's software.

usage: check_lab.py OUTPUT_FOLDER [IDX_FOLDER]

Needs numpy, safetensors and nbformat. Where torch is installed too, the weights are loaded into a
torch.nn.Sequential; otherwise the same forward pass is done in NumPy. The test accuracy must be the
one that the lab wrote to history.json, to the last image. The test images are read from IDX_FOLDER,
or from the copy in this repository.
"""

import gzip
import json
import pathlib
import sys

import nbformat
import numpy as np
from safetensors.numpy import load_file

output = pathlib.Path(sys.argv[1])
embedded = pathlib.Path(__file__).parents[2] / "Sources/AdjointData/Resources/mnist"
data = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else embedded


def idx(name: str, header: int) -> np.ndarray:
    plain, packed = data / name, data / f"{name}.gz"
    raw = plain.read_bytes() if plain.exists() else gzip.decompress(packed.read_bytes())
    return np.frombuffer(raw, np.uint8)[header:]


images = idx("t10k-images-idx3-ubyte", 16).reshape(-1, 784).astype(np.float32) / 255
labels = idx("t10k-labels-idx1-ubyte", 8)
history = json.loads((output / "history.json").read_text())
weights = load_file(output / "model.safetensors")

try:
    import torch
    from torch import nn

    model = nn.Sequential(
        nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(128, 10), nn.Softmax(-1),
    )
    model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in weights.items()})
    model.eval()
    with torch.no_grad():
        predicted = model(torch.from_numpy(images)).argmax(1).numpy()
    reader = f"PyTorch {torch.__version__}"
except ImportError:
    hidden = images
    for name in ("0", "3", "6"):
        hidden = hidden @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
        if name != "6":
            hidden = np.maximum(hidden, 0)
    predicted = hidden.argmax(1)
    reader = f"NumPy {np.__version__}"

accuracy = float((predicted == labels).mean())
# Rounding differs between matrix products; an image on the border may fall to either side.
assert abs(accuracy - history["test_accuracy"]) < 2.5e-4, (accuracy, history["test_accuracy"])
print(f"{reader} gives the saved weights a test accuracy of {accuracy:.4f}, as the lab does")

lengths = {key: len(value) for key, value in history.items() if isinstance(value, list)}
assert len(set(lengths.values())) == 1, lengths
for key in ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "train_seconds"):
    assert key in lengths, key
assert "test_loss" in history

notebook = nbformat.read(output / "mnist-mlp.ipynb", as_version=4)
nbformat.validate(notebook)
figures = sum(
    "image/png" in result.get("data", {})
    for cell in notebook.cells if cell.cell_type == "code" for result in cell.outputs
)
assert figures >= 5, figures
print(f"nbformat accepts the notebook: {len(notebook.cells)} cells, {figures} figures")

page = (output / "index.html").read_text()
assert page.count("<svg") >= 5 and "http://" not in page.replace("http://www.w3.org", "")
print("the page is self-contained")
