"""What the recorder says of cases that prove nothing, and how its files look."""

from __future__ import annotations

import json

import pytest

from flake8_tf2.prove import record
from flake8_tf2.prove.cases import executed
from flake8_tf2.prove.compare import other_object
from flake8_tf2.prove.program import encode


def cases(**more):
    case = {"before": "y = tf.log(1.0)", "after": "y = tf.math.log(1.0)", **more}
    rule = {"name": "a-rule", "file": "rules/names/a_rule.yaml", "fixes": [{}], "cases": [case]}
    return list(executed(rule))


def recorded(monkeypatch, found, result):
    monkeypatch.setattr(record, "run", lambda python, jobs: {"versions": {"tensorflow": "1.15.5"}, "results": [result]})
    return record.record("python", found)


FAILED = {"error": "ValueError", "message": "no"}
OBJECT = {"values": [[encode(object())]]}


@pytest.mark.parametrize("result, more, complaint", [
    ({"values": [[encode(1.0)]]}, {}, ""),
    (FAILED, {}, "a-rule, case 1: fails in TF1 and does not say `fails: true`: ValueError: no"),
    (FAILED, {"fails": True}, ""),
    (OBJECT, {}, "a-rule, case 1: what it returns tells nothing; `observe` what matters of it"),
])  # fmt: skip
def test_complaints(monkeypatch, result, more, complaint):
    found = cases(**more)
    assert record.complaints(found, recorded(monkeypatch, found, result)) == [complaint] * bool(complaint)


def test_a_file(monkeypatch):
    found = cases()
    ((path, text),) = recorded(monkeypatch, found, OBJECT).items()
    assert path.parts[-3:] == ("golden", "names", "a_rule.json")
    entry = {"case": 1, "hash": found[0].digest, "results": [OBJECT]}
    assert json.loads(text) == {"versions": {"tensorflow": "1.15.5"}, "cases": [entry]}


def test_a_rule_that_is_not_there(capsys):
    assert record.main(["--python", "python", "no-such-rule"]) == 2
    assert "none of these rules" in capsys.readouterr().err


@pytest.mark.parametrize("old, new, problem", [
    ("tf.log", "tf.math.log", ""),
    ("tf.where", "tf.where", "another object as tf.where"),
    ("tf.log", "tf.no_such", "there is no tf.no_such"),
])  # fmt: skip
def test_identity(old, new, problem):
    tf = pytest.importorskip("tensorflow", minversion="2.0")
    found = other_object(tf, old, new)
    assert problem in found and bool(problem) == bool(found)
