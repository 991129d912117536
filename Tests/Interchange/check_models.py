"""Exchanges whole models with PyTorch, both ways.

usage: check_models.py FOLDER

Run `ADJOINT_MODELS=FOLDER swift test -c release --filter 'LeNetTests|ResNetTests'` first: the tests write the
state dictionaries they have trained. PyTorch must accept them as they are and give the same results.
It then writes its own, which the same tests read and compare when they run again.
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

fixtures = pathlib.Path(__file__).parents[1] / "AdjointNNTests/Fixtures"
sys.path.insert(0, str(fixtures))
import make_models  # noqa: E402

folder = pathlib.Path(sys.argv[1])
references = json.loads((fixtures / "models.json").read_text())
for name, (build, (x, _), _) in make_models.models.items():
    model = build()
    model.load_state_dict(load_file(folder / f"{name}.safetensors"), strict=True)
    outputs = make_models.digest(model.eval()(x))
    worst = max(abs(a - b) / max(1, abs(b)) for a, b in zip(outputs, references[name]["outputs"]))
    assert worst < 1e-8, (name, worst)
    trained, _ = make_models.trained(name)
    save_file({n: v.contiguous() for n, v in trained.state_dict().items()}, folder / f"{name}-from-torch.safetensors")
    print(f"PyTorch {torch.__version__} loads {name} and gives the same results, within {worst:.1e}")
