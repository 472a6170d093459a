"""The process that `steps` starts: runs programs with the TensorFlow that is here, and tells how long their steps take.

    python -m tests.benchmarks.timed session|functions|eager STEPS PROGRAM...

A line of JSON for what runs, then one for each program. What is timed is seen from outside: each `Session.run` on the
one side, each call of a `tf.function` on the other. The loop that trains is the line that makes most of them, and a
step is the time from one of its calls to the next: with the data, what is fetched, and the other calls of the loop.

Initial values are equal in all processes (`flake8_tf2.prove.inside.draws`), so that the losses can be compared.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import statistics
import sys
import time

# TF32 is off, so that losses can be compared; before TensorFlow is imported.
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_FORCE_GPU_ALLOW_GROWTH="true", NVIDIA_TF32_OVERRIDE="0")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from flake8_tf2.prove.inside import draws  # noqa: E402
from tests.equivalence import environment  # noqa: E402

#: This part of the steps is not counted: tracing, compiling, choosing of kernels.
_WARM_UP = 0.2


class Calls:
    """When a program called TensorFlow, from which line, and the scalars that it got."""

    def __init__(self) -> None:
        self.program = ""
        self.sites: dict[tuple, list[tuple[float, object]]] = {}

    def start(self, program: str) -> None:
        self.program, self.sites = program, {}

    def timed(self, function):
        """A function whose calls are noted. Called by another that is noted, it is a part of that."""
        depth = 0

        def call(*args, **kwargs):
            nonlocal depth
            began = time.perf_counter()
            depth += 1
            try:
                result = function(*args, **kwargs)
            finally:
                depth -= 1
            if not depth:
                self._note(began, result)
            return result

        return call

    def _note(self, began: float, result: object) -> None:
        frame = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename != self.program:
            frame = frame.f_back
        if frame is not None:
            self.sites.setdefault((frame.f_code, frame.f_lasti), []).append((began, result))

    def loop(self) -> list[list[tuple[float, object]]]:
        """The calls of the lines that the loop runs in each turn, line by line."""
        most = max(map(len, self.sites.values()))
        return [calls for calls in self.sites.values() if len(calls) == most]


def install(mode: str) -> Calls:
    """Hook into TensorFlow. mode: session, functions or eager."""
    from tensorflow.python.client import session
    from tensorflow.python.eager.polymorphic_function import polymorphic_function
    from tensorflow.python.ops import gen_candidate_sampling_ops as samplers

    sampler = samplers.log_uniform_candidate_sampler
    draws.install(None)
    # What is drawn in each step must cost what it costs.
    samplers.log_uniform_candidate_sampler = draws.seeded(sampler)
    calls = Calls()
    if mode == "session":
        tf.compat.v1.disable_v2_behavior()
        session.BaseSession.run = calls.timed(session.BaseSession.run)
        sys.modules["tensorflow"] = tf.compat.v1
    else:
        tf.config.run_functions_eagerly(mode == "eager")
        polymorphic_function.Function.__call__ = calls.timed(polymorphic_function.Function.__call__)
    return calls


def run(program: str, calls: Calls) -> dict:
    """Microseconds of a step, and the numbers of each step; or what a program failed with."""
    tf.compat.v1.reset_default_graph()
    calls.start(program)
    try:
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            runpy.run_path(program, run_name="__main__")
    except Exception as error:
        return {"error": f"{type(error).__name__}: {str(error).strip()[:300]}"}
    loop = calls.loop()
    began = [start for start, _ in loop[0]]
    periods = [after - before for before, after in zip(began, began[1:])][int(len(began) * _WARM_UP) :]
    numbers = [[number for _, result in turn for number in _scalars(result)] for turn in zip(*loop)]
    return {"microseconds": round(statistics.median(periods) * 1e6, 1), "numbers": numbers}


def _scalars(result: object) -> list[float]:
    leaves = [leaf for leaf in tf.nest.flatten(result) if leaf is not None]
    arrays = [leaf.numpy() if hasattr(leaf, "numpy") else leaf for leaf in leaves]
    return [float(array) for array in arrays if np.ndim(array) == 0 and np.asarray(array).dtype.kind == "f"]


def main() -> None:
    mode, steps, *programs = sys.argv[1:]
    calls = install(mode)
    about = environment.gpu() or {"device": "none: a dry run on a CPU"}
    print(json.dumps({**about, **environment.versions()}), flush=True)
    for program in programs:
        sys.argv = [program, steps]
        print(json.dumps(run(program, calls)), flush=True)


if __name__ == "__main__":
    main()
