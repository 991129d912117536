"""Writes sequence.json: recurrent and attention layers of PyTorch, for the tests in Sequence.

usage: python make_sequence.py    (needs torch and safetensors)

Weights and inputs are made by a formula of their names, here and in the tests, so that the file holds
only results: outputs and the gradients of sum(output_k * probe_k). The weights of the models after
training are in safetensors files of their names.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_default_dtype(torch.float64)
cases = {}


def made(name, shape, scale=1.0):
    start = sum(name.encode()) % 97
    count = math.prod(shape)
    values = [scale * math.sin(0.7 * j + start) for j in range(count)]
    return torch.tensor(values).reshape(shape)


def plain(tensor):
    return [float(f"{v:.12g}") for v in tensor.detach().reshape(-1).tolist()]


def filled(module, scale=0.5):
    for name, parameter in module.named_parameters():
        parameter.data = made(name, parameter.shape, scale)
    return module


def case(name, module, inputs, run):
    """Results and gradients of `run`, which gets the named inputs."""
    filled(module)
    points = {key: made(key, shape).requires_grad_() for key, shape in inputs.items()}
    outputs = run(module, *points.values())
    loss = sum((o * made(f"probe {k}", o.shape)).sum() for k, o in enumerate(outputs))
    loss.backward()
    gradients = {key: plain(p.grad) for key, p in points.items()}
    gradients |= {key: plain(p.grad) for key, p in module.named_parameters()}
    cases[name] = {
        "keys": {key: list(value.shape) for key, value in module.state_dict().items()},
        "outputs": [{"shape": list(o.shape), "values": plain(o)} for o in outputs],
        "gradients": gradients,
    }


# Recurrent layers: n 3, steps 4, 2 features to 3.
LENGTHS = torch.tensor([3, 4, 1])


def flat(output, state):
    return [output, *(state if isinstance(state, tuple) else (state,))]


def all_steps(module, x):
    return flat(*module(x))


def from_state(module, x, *state):
    return flat(*module(x, state if len(state) == 2 else state[0]))


def packed(module, x, *state):
    packed = pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    output, last = module(packed, state if len(state) == 2 else state[0])
    return flat(pad_packed_sequence(output, batch_first=True)[0], last)


x = {"x": (3, 4, 2)}
for kind, states in [(nn.RNN, ["hidden"]), (nn.GRU, ["hidden"]), (nn.LSTM, ["hidden", "cell"])]:
    name = kind.__name__
    case(f"{name} plain", kind(2, 3, batch_first=True), x, all_steps)
    case(f"{name} without bias", kind(2, 3, bias=False, batch_first=True), x, all_steps)
    deep = {"num_layers": 2, "bidirectional": True, "batch_first": True}
    initial = x | {state: (4, 3, 3) for state in states}
    case(f"{name} deep", kind(2, 3, **deep), initial, from_state)
    case(f"{name} packed", kind(2, 3, **deep), initial, packed)
case("RNN relu", nn.RNN(2, 3, nonlinearity="relu", batch_first=True), x, all_steps)
cell = {"x": (3, 2), "hidden": (3, 3)}
case("RNNCell", nn.RNNCell(2, 3), cell, lambda m, x, h: [m(x, h)])
case("GRUCell", nn.GRUCell(2, 3), cell, lambda m, x, h: [m(x, h)])
case("LSTMCell", nn.LSTMCell(2, 3), cell | {"cell": (3, 3)}, lambda m, x, h, c: m(x, (h, c)))

# Attention: n 2, 3 queries, 4 features in 2 heads.
EMBEDDING, HEADS = 4, 2
KEEP = torch.tensor([[True, True, False], [True, True, True]])
ALLOWED = torch.tensor([[True, False, True], [True, True, False], [False, True, True]])
ADDED = made("bias", (3, 3))


def attention(**options):
    return nn.MultiheadAttention(EMBEDDING, HEADS, batch_first=True, **options)


q = {"query": (2, 3, 4)}
case("attention", attention(), q, lambda m, q: m(q, q, q))
case("attention without bias", attention(bias=False), q, lambda m, q: [m(q, q, q)[0]])
case("attention weights", attention(), q, lambda m, q: m(q, q, q, average_attn_weights=False))
case("attention causal", attention(), q, lambda m, q: [
    m(q, q, q, attn_mask=~torch.ones(3, 3, dtype=torch.bool).tril())[0]])
case("attention masked", attention(), q, lambda m, q: m(
    q, q, q, key_padding_mask=~KEEP, attn_mask=~ALLOWED))
case("attention biased", attention(), q, lambda m, q: [m(
    q, q, q, key_padding_mask=torch.zeros(2, 3).masked_fill(~KEEP, -math.inf), attn_mask=ADDED)[0]])
cross = q | {"key": (2, 5, 4), "value": (2, 5, 4)}
case("attention cross", attention(), cross, lambda m, q, k, v: [m(q, k, v)[0]])
cross = q | {"key": (2, 5, 3), "value": (2, 5, 6)}
case("attention of other sizes", attention(kdim=3, vdim=6), cross, lambda m, q, k, v: [m(q, k, v)[0]])


class Grouped(nn.Module):
    """4 heads that share the keys and values of 2."""

    def __init__(self):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.empty(16, 8))
        self.in_proj_bias = nn.Parameter(torch.empty(16))
        self.out_proj = nn.Linear(8, 8)

    def forward(self, x):
        q, k, v = F.linear(x, self.in_proj_weight, self.in_proj_bias).split([8, 4, 4], dim=2)
        heads = [p.unflatten(2, (-1, 2)).transpose(1, 2) for p in (q, k, v)]
        y = F.scaled_dot_product_attention(*heads, is_causal=True, enable_gqa=True)
        return self.out_proj(y.transpose(1, 2).flatten(2))


case("attention grouped", Grouped(), {"query": (2, 3, 8)}, lambda m, x: [m(x)])


# Positions.
def rotated_halves(x, offset):
    d = x.shape[-1]
    angles = torch.outer(torch.arange(x.shape[-2]) + offset, 10000 ** (-torch.arange(0, d, 2.0) / d))
    angles = torch.cat([angles, angles], -1)
    turned = torch.cat([-x[..., d // 2:], x[..., :d // 2]], -1)
    return x * angles.cos() + turned * angles.sin()


def rotated_pairs(x, offset):
    d = x.shape[-1]
    angles = torch.outer(torch.arange(x.shape[-2]) + offset, 10000 ** (-torch.arange(0, d, 2.0) / d))
    turned = torch.view_as_complex(x.unflatten(-1, (-1, 2))) * torch.polar(
        torch.ones_like(angles), angles)
    return torch.view_as_real(turned).flatten(-2)


def sinusoids(x):
    d = x.shape[-1]
    table = torch.zeros(x.shape[1:])
    place = torch.arange(x.shape[1])[:, None]
    rate = torch.exp(torch.arange(0, d, 2) * (-math.log(10000.0) / d))
    table[:, 0::2] = torch.sin(place * rate)
    table[:, 1::2] = torch.cos(place * rate)[:, : d // 2]
    return x + table


def slopes(n):
    """As in the code of the paper."""
    if math.log2(n).is_integer():
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start * start**i for i in range(n)]
    closest = 2 ** math.floor(math.log2(n))
    return slopes(closest) + slopes(2 * closest)[0::2][: n - closest]


nothing = nn.Module()
case("rotary halves", nothing, {"x": (2, 3, 6)}, lambda m, x: [rotated_halves(x, 5)])
case("rotary interleaved", nothing, {"x": (2, 3, 6)}, lambda m, x: [rotated_pairs(x, 5)])
case("sinusoids", nothing, {"x": (2, 3, 5)}, lambda m, x: [sinusoids(x)])
cases["slopes"] = {"keys": {}, "gradients": {}, "outputs": [
    {"shape": [n], "values": slopes(n)} for n in (8, 6, 12)]}

# Transformers.
BLOCK = {"dim_feedforward": 5, "dropout": 0.0, "batch_first": True}
x = {"x": (2, 3, 4)}
case("encoder layer", nn.TransformerEncoderLayer(4, 2, **BLOCK), x, lambda m, x: [m(x)])
first = BLOCK | {"activation": "gelu", "norm_first": True, "layer_norm_eps": 1e-3}
case("encoder layer, norm first", nn.TransformerEncoderLayer(4, 2, **first), x, lambda m, x: [
    m(x, src_mask=~ALLOWED, src_key_padding_mask=~KEEP)])
case(
    "encoder",
    nn.TransformerEncoder(
        nn.TransformerEncoderLayer(4, 2, **first), 2, nn.LayerNorm(4, eps=1e-3),
        enable_nested_tensor=False),
    x, lambda m, x: [m(x, mask=~torch.ones(3, 3, dtype=torch.bool).tril())])
both = x | {"memory": (2, 5, 4)}
case("decoder layer", nn.TransformerDecoderLayer(4, 2, **BLOCK), both, lambda m, x, memory: [
    m(x, memory, tgt_mask=~ALLOWED, tgt_key_padding_mask=~KEEP)])
case("decoder layer, norm first", nn.TransformerDecoderLayer(4, 2, **first), both, lambda m, x, y: [
    m(x, y)])
case(
    "transformer",
    nn.Transformer(4, 2, 1, 2, **BLOCK), {"source": (2, 3, 4), "target": (2, 5, 4)},
    lambda m, s, t: [m(
        s, t, tgt_mask=~torch.ones(5, 5, dtype=torch.bool).tril(), src_key_padding_mask=~KEEP,
        memory_key_padding_mask=~KEEP)])


# Sampling: logits after the steps that generation libraries take.
def warped(logits, temperature, k, p):
    logits = logits / temperature
    if k is not None:
        logits = logits.masked_fill(logits < logits.topk(k).values[..., -1:], -math.inf)
    ordered, order = logits.sort(descending=False)
    removed = ordered.softmax(-1).cumsum(-1) <= 1 - p
    removed[..., -1] = False
    return logits.masked_fill(removed.scatter(-1, order, removed), -math.inf).softmax(-1)


logits = made("logits", (3, 7), 2.0)
settings = [(0.7, None, 1.0), (1.0, 3, 1.0), (1.0, None, 0.8), (1.5, 5, 0.6)]
cases["sampling"] = {"keys": {}, "gradients": {}, "outputs": [
    {"shape": [3, 7], "values": plain(warped(logits, *s))} for s in settings]}


# Whole models: the losses of ten steps, and the one after them.
class CharTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 8)
        self.positions = nn.Embedding(6, 8)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(
                8, 2, 16, 0.0, activation="gelu", batch_first=True, norm_first=True),
            2, nn.LayerNorm(8), enable_nested_tensor=False)
        self.output = nn.Linear(8, 11)

    def forward(self, tokens):
        steps = tokens.shape[1]
        x = self.embedding(tokens) + self.positions.weight[:steps]
        mask = ~torch.ones(steps, steps, dtype=torch.bool).tril()
        return self.output(self.encoder(x, mask=mask))


class LSTMTagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(9, 5)
        self.lstm = nn.LSTM(5, 4, bidirectional=True, batch_first=True)
        self.output = nn.Linear(8, 3)

    def forward(self, words, lengths):
        packed = pack_padded_sequence(
            self.embedding(words), lengths, batch_first=True, enforce_sorted=False)
        return self.output(pad_packed_sequence(self.lstm(packed)[0], batch_first=True)[0])


path = pathlib.Path(__file__).parent


def trained(module, optimizer, loss):
    filled(module)
    optimizer, losses = optimizer(module.parameters()), []
    for _ in range(10):
        optimizer.zero_grad()
        value = loss(module)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    name = type(module).__name__
    if __name__ == "__main__":
        save_file(module.state_dict(), path / f"{name}.safetensors", metadata={"format": "pt"})
    losses.append(loss(module).item())
    return {"keys": {k: list(v.shape) for k, v in module.state_dict().items()}, "losses": losses}


text = torch.tensor([[(i * i + 3 * n) % 11 for i in range(7)] for n in range(4)])
words = torch.tensor([[(i * 5 + n) % 9 for i in range(4)] for n in range(3)])
tags = torch.tensor([[(i + 2 * n) % 3 for i in range(4)] for n in range(3)])
tags[torch.arange(4)[None] >= LENGTHS[:, None]] = -100
models = {
    "CharTransformer": trained(
        CharTransformer(), lambda p: torch.optim.Adam(p, lr=0.01),
        lambda m: F.cross_entropy(m(text[:, :-1]).flatten(0, 1), text[:, 1:].flatten())),
    "LSTMTagger": trained(
        LSTMTagger(), lambda p: torch.optim.SGD(p, lr=0.2, momentum=0.9),
        lambda m: F.cross_entropy(m(words, LENGTHS).flatten(0, 1), tags.flatten())),
}

if __name__ == "__main__":
    results = json.dumps({"cases": cases, "models": models}, separators=(",", ":"))
    (path / "sequence.json").write_text(results + "\n")
