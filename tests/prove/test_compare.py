"""What counts as equal, by claim."""

from __future__ import annotations

import numpy as np
import pytest

from flake8_tf2.prove.compare import differences, differences_in_bits, tells_nothing
from flake8_tf2.prove.program import encode

NAN = float("nan")


def result(*values, **more):
    return {"values": [[encode(np.asarray(v, np.float32) if isinstance(v, list) else v) for v in values]], **more}


CLOSE = {"close": {"rtol": 1e-3, "atol": 0}}


@pytest.mark.parametrize("before, after, proof, agree", [
    ([1.0, 2.0], [1.0, 2.0], "exact", True),
    ([1.0, 2.0], [1.0, 2.00001], "exact", True),  # the drift of ops that did not change
    ([1.0, 2.0], [1.0, 2.001], "exact", False),
    ([1.0, 2.0], [1.0, 2.001], CLOSE, True),
    ([1.0, 2.0], [1.0, 2.01], CLOSE, False),
    ([1.0, NAN], [1.0, NAN], "exact", True),
    ([1.0, NAN], [NAN, 1.0], "exact", False),
    ([1.0, NAN], [1.0, NAN], CLOSE, False),
    ([1.0], [1.0, 1.0], "exact", False),
    (np.float32(1), np.float64(1), "exact", False),
    (np.int32(1), np.int64(1), "exact", False),
    (np.int32([1, 2]), np.int32([1, 3]), CLOSE, False),
    (3, 3, "exact", True),
    (3, 4, "exact", False),
    (np.array([b"a"], object), np.array([b"b"], object), "exact", False),
])  # fmt: skip
def test_claims(before, after, proof, agree):
    assert (differences(result(before), result(after), proof) == []) == agree


def test_drift_of_a_case():
    assert differences(result([1.0]), result([1.001]), "exact", drift=1e-2) == []


def test_gradients_and_prints_are_compared():
    for key, one, two in (("gradients", {"x": None}, {"x": encode(np.float32(1))}), ("printed", "1\n", "2\n")):
        assert differences(result([1.0], **{key: one}), result([1.0], **{key: one}), "exact") == []
        assert differences(result([1.0], **{key: one}), result([1.0], **{key: two}), "exact")


def test_what_failed_must_fail():
    failed = {"error": "ValueError", "message": "no"}
    assert differences(failed, {"error": "InvalidArgumentError", "message": "no"}, "exact") == []
    assert differences(failed, result([1.0]), "exact")
    assert differences(result([1.0]), failed, CLOSE)


@pytest.mark.parametrize("before, after, same", [
    ([1.0, NAN], [1.0, NAN], True),
    ([1.0], [float(np.nextafter(np.float32(1), np.float32(2)))], False),
    ([0.0], [-0.0], False),
    (np.array([1 + 2j], np.complex64), np.array([1 - 2j], np.complex64), False),
    (np.int32([1]), np.int32([2]), False),
])  # fmt: skip
def test_bits(before, after, same):
    assert (differences_in_bits(result(before), result(after)) == []) == same


def sample(seed, draw):
    return result(draw(np.random.RandomState(seed)).astype(np.float32))


@pytest.mark.parametrize("other, same", [
    (lambda random: random.uniform(-1, 1, 4096), True),
    (lambda random: random.uniform(-1, 1.2, 4096), False),
    (lambda random: random.normal(0, 3**-0.5, 4096), False),
    (lambda random: random.uniform(-0.9, 0.9, 4096), False),
    (lambda random: random.uniform(-1, 1, 4096) + 0.2, False),
])  # fmt: skip
def test_distributions(other, same):
    uniform = sample(1, lambda random: random.uniform(-1, 1, 4096))
    assert (differences(uniform, sample(2, other), "distribution") == []) == same


def test_few_values_say_nothing_of_a_distribution():
    few = sample(1, lambda random: random.uniform(-1, 1, 100))
    assert "say too little" in differences(few, few, "distribution")[0]


@pytest.mark.parametrize("value, nothing", [(object(), True), (None, True), ([0.0], False), (3, False)])
def test_a_result_that_tells_nothing(value, nothing):
    assert tells_nothing(result(value)) == nothing


def test_one_value_is_enough_to_tell():
    assert not tells_nothing(result(None, [1.0]))
    assert not tells_nothing({"values": [[]], "printed": "1\n"})
