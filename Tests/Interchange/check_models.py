"""Exchanges the models of Tests/AdjointNNTests/Models with PyTorch, both ways.

usage: check_models.py FOLDER

Run `ADJOINT_MODELS=FOLDER swift test -c release --filter 'LeNet|ResNet|Transformer|Tagger|VAE|GAN'` first: the tests
write the state dictionaries they have trained. PyTorch must accept them as they are and find the results, or the
weights, of its own training. It then writes its LeNet and ResNet, which the same tests read and compare when they
run again; the other tests always read what PyTorch wrote into their fixtures.
"""

import json
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

fixtures = pathlib.Path(__file__).parents[1] / "AdjointNNTests/Fixtures"
sys.path.insert(0, str(fixtures))
import make_generative  # noqa: E402
import make_models  # noqa: E402
import make_sequence  # noqa: E402

folder = pathlib.Path(sys.argv[1])
torch.set_default_dtype(torch.float64)


def loaded(model, name):
    model.load_state_dict(load_file(folder / f"{name}.safetensors"), strict=True)
    return model.eval()


def report(name, what, worst):
    assert worst < 1e-8, (name, worst)
    print(f"PyTorch {torch.__version__} loads {name} and finds the same {what}, within {worst:.1e}")


references = json.loads((fixtures / "models.json").read_text())
for name, (build, (x, _), _) in make_models.models.items():
    outputs = make_models.digest(loaded(build(), name)(x))
    expected = references[name]["outputs"]
    report(name, "results", max(abs(a - b) / max(1, abs(b)) for a, b in zip(outputs, expected)))
    trained, _ = make_models.trained(name)
    save_file({n: v.contiguous() for n, v in trained.state_dict().items()}, folder / f"{name}-from-torch.safetensors")

for build, file, prefix in [
    (make_generative.VAE, "vae", "end."), (make_generative.GAN, "gan", "end."),
    (make_sequence.CharTransformer, "CharTransformer", ""), (make_sequence.LSTMTagger, "LSTMTagger", ""),
]:
    expected = load_file(fixtures / f"{file}.safetensors")
    state = loaded(build(), build.__name__).state_dict()
    report(build.__name__, "weights", max((v - expected[prefix + n]).abs().max().item() for n, v in state.items()))
