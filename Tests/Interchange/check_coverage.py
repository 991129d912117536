#!/usr/bin/env python3
"""Compares docs/coverage.md with the functions that PyTorch really has.

usage: check_coverage.py [--missing]        needs torch

Takes every function of torch, torch.linalg, torch.nn.functional and torch.fft that PyTorch itself
lists as operating on tensors, leaves out those that do not concern dense real tensors (the patterns
below), and looks each name up in the first column of the tables. It is covered if the second column
holds something of ours, a function or a formula. torch.special is counted for itself. Exit status 1 if a
function is not mentioned at all or less than 85 percent are covered.
"""
import pathlib
import re
import sys

import torch
import torch.nn.functional as functional
from torch.overrides import get_overridable_functions

# What is no mathematics on dense real tensors: other layouts and number systems, internals of
# back ends and of the compiler, variants that exist for PyTorch's own dispatch.
OUTSIDE = re.compile(
    r"quant|fbgemm|miopen|_copy$|^_|sparse|hspmm|hsmm|dsmm|smm$|sspaddmm|spmm|batch_norm_|"
    r"native_|saddmm|^sym_|unsafe_|autocast|hash_tensor|fused_|_inverse_|int_repr|^q_|"
    r"complex|conj|^real$|^imag$|^polar$|is_neg$|resolve_neg|is_distributed|is_inference|get_device|"
    r"(row|col|crow|ccol)_indices|^indices|values_copy|as_strided|nonzero_static|slice_inverse|"
    r"choose_qparams|norm_except_dim|feature_dropout$|_with_counts|is_same_size|conv_tbc|"
    r"^convolution$|_with_indices$|^(gru|lstm|rnn_tanh|rnn_relu)(_cell)?$|multi_head_attention_forward|"
    r"^dequantize|lobpcg|linear_cross_entropy|^linalg_polar$|^linalg_matrix_sqrth$")


def functions():
    for module, name in ((torch, "torch"), (torch.linalg, "linalg"), (functional, "nn.functional"),
                         (torch.fft, "fft"), (torch.special, "special")):
        prefix = f"{name}_"
        found = {f.__name__.removeprefix(prefix) for f in get_overridable_functions().get(module, [])
                 if not OUTSIDE.search(f.__name__)}
        yield name, sorted(found)


def main():
    page = pathlib.Path(__file__).resolve().parents[2] / "docs/coverage.md"
    ours = {}
    for line in page.read_text().splitlines():
        cells = re.split(r"(?<!\\)\|", line)
        if len(cells) < 4 or set(cells[1]) <= set("- "):
            continue
        covered = cells[2].strip() not in ("-", "–", "")
        for name in re.findall(r"\w+", cells[1]):
            ours[name] = ours.get(name, False) or covered
    total = covered = 0
    absent = []
    for module, names in functions():
        here = sum(ours.get(name, False) for name in names)
        print(f"torch.{module}".replace("torch.torch", "torch"), f"{here} of {len(names)}")
        if "--missing" in sys.argv:
            print("   not covered:", *[name for name in names if not ours.get(name, False)])
        if module == "special":
            continue
        absent += [f"{module}.{name}" for name in names if name not in ours]
        total, covered = total + len(names), covered + here
    print(f"together {covered} of {total}, {100 * covered / total:.0f} %")
    if absent:
        print("not mentioned:", *absent)
    return 1 if absent or covered < 0.85 * total else 0


sys.exit(main())
