"""The steps that are timed on a GPU: the programs convert, times and numbers are told, and what is committed is of today."""

from __future__ import annotations

import importlib.util
import json

import pytest

from tests.benchmarks import steps

needs_tensorflow = pytest.mark.skipif(not importlib.util.find_spec("tensorflow"), reason="TensorFlow is not installed")
AGAIN = f"python -m tests.benchmarks.steps --results {steps.RESULT.relative_to(steps.ROOT)}, on an H100, then --page"


@pytest.mark.slow
def test_the_programs_convert():
    assert len(steps.names()) >= 8
    for name in steps.names():
        found = steps.written(name)
        # XLA has no candidate sampler.
        assert ("jit_compile=True" in found["jit"]) == (name != "word2vec") and "jit_compile" not in found["plain"]


@needs_tensorflow
def test_times_and_numbers_are_told():
    result = steps.measure(["softmax"], 12)
    entry = result["programs"]["softmax"]
    assert list(steps.problems(result)) == []
    assert entry["hashes"] == steps.digests("softmax")
    for kind in steps.KINDS:
        assert entry[kind]["microseconds"] > 0 and entry[kind]["apart"] < 1e-5
    # Without tf.function every operation of a step is called from Python.
    assert entry["eager"]["microseconds"] > entry["plain"]["microseconds"]
    assert "| softmax |" in steps.page(result)
    assert list(steps.stale(result)) == ["the programs are others"]


@pytest.mark.skipif(not steps.RESULT.exists(), reason=f"nothing was measured yet: {AGAIN}")
def test_what_is_committed_is_of_today():
    result = json.loads(steps.RESULT.read_text("utf-8"))
    assert not result["ran"]["device"].startswith("none")
    assert list(steps.stale(result)) == [], f"run {AGAIN}"
    assert steps.PAGE.read_text("utf-8") == steps.page(result), "run python -m tests.benchmarks.steps --page"
