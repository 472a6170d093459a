"""Results of programs, made up: as the harness tells them."""

from __future__ import annotations

import numpy as np

from flake8_tf2.prove.inside import values


def packed(value, dtype=np.float32):
    return values.pack(np.asarray(value, dtype), 1000)


def variable(name, value, trainable=True, slot=False, dtype=np.float32):
    return {"name": name, "trainable": trainable, "slot": slot, "value": packed(value, dtype)}


def result(printed="", events=(), variables=(), files=None):
    """events: (line, values seen there) or (line, values, lines printed before)."""
    lines = list(dict.fromkeys((event[0], len(event[1])) for event in events))
    return {
        "status": "ok",
        "versions": {"tensorflow": "1.15.5"},
        "printed": printed,
        "sites": [{"file": "a.py", "line": line, "names": ["x"] * number} for line, number in lines],
        "events": [
            [lines.index((event[0], len(event[1]))), event[2] if len(event) > 2 else 0, [packed(v) for v in event[1]]]
            for event in events
        ],
        "variables": list(variables),
        "initial": [],
        "files": files or {},
    }
