"""Files of reference values, for the scripts beside this file.

A file is a list of different arrays and a list of cases: an operation, its inputs and its output
as positions in the list of arrays, and integer arguments. Elements are texts that round trip (repr),
so NaN and infinities survive JSON. Complex arrays are two planes, real and imaginary, in a new first
axis.
"""
import json
import pathlib

import numpy as np


def text(v):
    """An element as a text that gives it back."""
    if v.dtype == np.float32:
        is_plain = not np.isfinite(v) or v == 0 or 1e-4 <= abs(v) < 1e7
        return str(v) if is_plain else np.format_float_scientific(v, trim="-")
    return str(int(v)) if v.dtype == bool else repr(v.item())


class Cases:
    def __init__(self, text=text):
        self.arrays, self.cases, self.text = {}, [], text

    def position(self, x):
        """The place of an array in the list, to which it is added if it is new."""
        x = x.detach().resolve_conj().numpy() if hasattr(x, "resolve_conj") else np.asarray(x)
        if np.iscomplexobj(x):
            x = np.stack([x.real, x.imag])
        data = " ".join(self.text(v).removesuffix(".0") for v in x.ravel())
        return self.arrays.setdefault((str(x.dtype), x.shape, data), len(self.arrays))

    def add(self, op, inputs, output, *arguments):
        inputs = inputs if isinstance(inputs, list) else [inputs]
        self.cases.append([op, [self.position(x) for x in inputs], self.position(output),
                           [int(a) for a in arguments]])

    def write(self, name):
        def lines(items):
            return ",\n".join(json.dumps(item, separators=(",", ":")) for item in items)

        text = '{"arrays":[\n%s\n],\n"cases":[\n%s\n]}\n' % (lines(self.arrays), lines(self.cases))
        pathlib.Path(__file__).with_name(name).write_text(text)
        print(len(self.cases), "cases", len(self.arrays), "arrays", len(text), "bytes")
