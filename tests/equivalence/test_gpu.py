"""The same on a GPU: `python -m pytest -m gpu tests/equivalence --results FOLDER` writes FOLDER/gpu.json.

TF32 is off. Operations are deterministic, but for cases that fail so: some operations have no deterministic kernel, and
some become others (a softmax cross entropy whose labels do not add up to 1). `--gpu-dry-run` runs it without a GPU.
"""

from __future__ import annotations

import contextlib

import pytest

pytest.importorskip("tensorflow", minversion="2.0")

import tensorflow as tf  # noqa: E402

from flake8_tf2.prove.cases import Case  # noqa: E402
from flake8_tf2.prove.compare import worst_difference  # noqa: E402
from flake8_tf2.prove.results import entry, rounded  # noqa: E402
from tests.equivalence.environment import gpu, versions  # noqa: E402
from tests.equivalence.suite import PARAMS, RULES, Verdict, fixed, judge, results  # noqa: E402

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def ran(request) -> dict:
    """What runs: the GPU, its driver, CUDA, TensorFlow."""
    about = {"device": "none: a dry run on a CPU"} if request.config.getoption("--gpu-dry-run") else gpu()
    if not about:
        pytest.skip("no GPU")
    tf.config.experimental.enable_tensor_float_32_execution(False)
    return {**about, **versions()}


@contextlib.contextmanager
def determinism(wanted: bool):
    """Let operations be deterministic, or not."""
    from tensorflow.python.framework import config

    if wanted:
        config.enable_op_determinism()
    try:
        yield
    finally:
        if wanted:
            config.disable_op_determinism()


def on_both(case: Case) -> tuple[Verdict, float]:
    """What is found of a case on the GPU, and how far it is from the CPU of the same machine."""
    after = results(case)
    with tf.device("/CPU:0"):
        on_cpu = results(case)
    claim = fixed(case).claim
    apart = max(worst_difference(*pair, claim) for pair in zip(on_cpu, after))
    return judge(case, after, bits=False), apart


@pytest.mark.parametrize("case", PARAMS)
def test_case(case, ran, tell):
    on_cpu = RULES[case.rule]["cases"][case.number - 1].get("cpu")
    for deterministic in (True, False):
        with determinism(deterministic), tf.device("/CPU:0") if on_cpu else contextlib.nullcontext():
            verdict, apart = on_both(case)
        if not verdict.problems:
            break
    more = {"cpu": rounded(apart), **({} if deterministic else {"deterministic": False})}
    if on_cpu:
        more["only"] = on_cpu
    tell("gpu", ran, entry(RULES[case.rule], case, fixed(case).claim, *reversed(verdict), **more))
    assert verdict.problems == []
