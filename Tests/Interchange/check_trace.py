"""Checks traces against the Trace Event Format.

usage: check_trace.py TRACE...

A trace is what `Profile.writeTrace` writes: the snippet `Profiling` makes one. The schema,
`trace_event_schema.json`, is checked by the package jsonschema; what a schema cannot say is checked
here: spans of a thread are nested, threads have names, operations lie inside the modules they name,
and arithmetic fits: a matrix product has an even number of operations.

Needs jsonschema. No viewer has to be installed.
"""

import json
import pathlib
import sys

import jsonschema

TOLERANCE = 0.0015  # microseconds: times are rounded to nanoseconds


def nested(spans):
    """Each span with those around it; fails where two overlap."""
    found, open_spans = [], []
    for span in sorted(spans, key=lambda span: (span["ts"], -span["dur"])):
        while open_spans and end(open_spans[-1]) <= span["ts"] + TOLERANCE:
            open_spans.pop()
        for outer in open_spans:
            assert end(span) <= end(outer) + TOLERANCE, (span, outer)
        found.append((span, list(open_spans)))
        open_spans.append(span)
    return found


def end(span):
    return span["ts"] + span["dur"]


def check(path):
    trace = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads(
        pathlib.Path(__file__).with_name("trace_event_schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(trace)
    events = trace["traceEvents"]
    spans = [event for event in events if event["ph"] == "X"]
    assert spans, "no spans"
    named = {event["tid"] for event in events if event["name"] == "thread_name"}
    threads = {span["tid"] for span in spans}
    assert threads <= named, threads - named
    kinds = {}
    for thread in threads:
        for span, around in nested([span for span in spans if span["tid"] == thread]):
            kinds[span["cat"]] = kinds.get(span["cat"], 0) + 1
            args = span["args"]
            assert args["phase"] in ("forward", "backward", "update"), span
            if span["cat"] != "operation":
                continue
            if args["phase"] == "update" and span["name"] == "matmul":
                assert any(outer["cat"] == "update" for outer in around), span
            if span["name"] == "matmul":
                assert args["FLOP"] % 2 == 0 and args["FLOP"] > 0, span
                if args["phase"] == "backward":
                    assert any(outer["cat"] == "derivative" for outer in around), span
                elif "module" in args:
                    modules = [o["name"] for o in around if o["cat"] == "module"]
                    assert modules and modules[-1] == args["module"], (span, modules)
    print(f"{path}: {len(spans)} spans of {len(threads)} threads: {kinds}")
    return kinds


for name in sys.argv[1:]:
    kinds = check(pathlib.Path(name))
    assert {"operation", "module", "derivative", "update"} <= kinds.keys(), kinds
assert len(sys.argv) > 1, __doc__
