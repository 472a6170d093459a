"""How inputs are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from flake8_tf2.prove.cases import draws, executed
from flake8_tf2.prove.program import decode


def arrays(given):
    return [{entry["name"]: decode(entry) for entry in draw} for draw in draws(given, "a case")]


def test_dtypes_and_shapes():
    found = arrays({"x": {"dtype": ["float32", "int32", "bool", "string"], "shape": [[], [0, 2], [3]]}})
    assert [(a["x"].dtype.name, a["x"].shape) for a in found[:3]] == [
        ("float32", ()), ("float32", (0, 2)), ("float32", (3,)),
    ]  # fmt: skip
    assert [a["x"].dtype.name for a in found[3::3]] == ["int32", "bool", "object"]


def test_a_case_without_inputs_is_run_once():
    assert draws({}, "a case") == [[]]


def test_draws_are_always_the_same_and_bounded():
    given = {"x": {"dtype": ["float32", "float64"], "shape": [[n] for n in range(20)]}}
    assert len(draws(given, "a")) == 12
    assert draws(given, "a") == draws(given, "a") != draws(given, "b")


@pytest.mark.parametrize("dtype", ["float32", "int32", "uint8"])
def test_ranges(dtype):
    (found,) = arrays({"x": {"dtype": [dtype], "shape": [[200]], "range": [1, 3]}})
    assert found["x"].min() >= 1 and found["x"].max() <= 3


def test_values_are_taken_as_they_are():
    found = arrays({"x": {"dtype": ["float32", "int64"], "values": [0, 1, 7]}})
    assert [a["x"].tolist() for a in found] == [[0, 1, 7]] * 2
    found = arrays({"x": {"values": [[0, -0.0], [float("inf")]], "each": True}})
    assert [a["x"].tolist() for a in found] == [[0, 0], [float("inf")]]


def test_a_name_like_another_has_its_dtypes_and_shapes():
    given = {"x": {"dtype": ["float32", "float64"], "shape": [[2], [3]]}, "y": {"like": "x", "range": [5, 6]}}
    for found in arrays(given):
        assert (found["x"].dtype, found["x"].shape) == (found["y"].dtype, found["y"].shape)
        assert np.all(found["y"] >= 5)


CASES = [
    {"before": "y = tf.log(x)", "after": "y = tf.math.log(x)", "given": {"x": {}}},
    {"before": "tf.log(x)", "after": "tf.math.log(x)", "unproved": "a test"},
    {"before": "tf.log(x)", "manual": "by hand"},
    {"keep": "log(x)", "because": "another"},
]


def test_which_cases_are_run():
    rule = {"name": "a-rule", "file": "rules/names/a_rule.yaml", "cases": CASES, "fixes": [{}]}
    assert [case.number for case in executed(rule)] == [1]
    assert list(executed({**rule, "fixes": []})) == []


def test_the_digest_tells_all_that_is_run():
    def digest(**more):
        rule = {"name": "a-rule", "file": "rules/names/a_rule.yaml", "fixes": [{}], "cases": [{**CASES[0], **more}]}
        return next(executed(rule)).digest

    assert digest() == digest(after="another", finds=["tf.log"])
    changes = [{"before": "tf.exp(x)"}, {"observe": "y"}, {"steps": 2}, {"given": {"x": {"range": [0, 1]}}}]
    assert len({digest(), *(digest(**change) for change in changes)}) == 5
