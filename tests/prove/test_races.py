"""Runs of TF1 whose values depend on what TensorFlow does first: they are recorded with resource variables."""

from __future__ import annotations

import pytest

from flake8_tf2.prove import pair, processes
from flake8_tf2.prove.inside import races


@pytest.fixture(scope="module")
def graph():
    """What a program makes, by name."""
    tf = pytest.importorskip("tensorflow", minversion="2.0").compat.v1
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 3])
        first, second = (tf.get_variable(n, s, use_resource=False) for n, s in (("first", [3, 4]), ("second", [4, 2])))
        steady = tf.get_variable("steady", [4, 2], use_resource=True)
        loss = tf.reduce_mean(tf.nn.relu(x @ first) @ second)
        train = tf.train.AdamOptimizer().minimize(loss)
        penalty = tf.nn.l2_loss(first)
        with tf.control_dependencies([train]):
            after = tf.nn.l2_loss(first.read_value())
        step = tf.get_variable("step", [], use_resource=False)
        return {
            "x": x, "loss": loss, "train": train, "penalty": penalty, "after": after, "total": loss + penalty,
            "first": first._as_graph_element(), "steady penalty": tf.nn.l2_loss(steady),
            "steady train": tf.train.AdamOptimizer().minimize(tf.reduce_sum(steady)),
            "step": step._as_graph_element(), "next": tf.assign_add(step, 1.0), "rate": 0.9**step,
        }  # fmt: skip


@pytest.mark.parametrize("fetched, expected", [
    (["train", "penalty"], True),
    (["train", "total"], True),
    (["next", "rate"], True),
    (["train", "loss"], False),  # by its gradients
    (["train", "after"], False),  # by control dependencies
    (["train", "first"], False),  # taken at the end
    (["next", "step"], False),
    (["steady train", "steady penalty"], False),
    (["penalty"], False),
])  # fmt: skip
def test_what_reads_variables_while_it_changes_them(graph, fetched, expected):
    assert races.has_race([graph[name] for name in fetched], [graph["x"]]) == expected


@pytest.mark.parametrize("fetched, expected", [
    (["train", "first"], True),
    (["next", "step"], True),
    (["train", "loss"], False),
    (["first"], False),
])  # fmt: skip
def test_what_gives_variables_that_it_changes(graph, fetched, expected):
    assert races.sees_change([graph[name] for name in fetched], [graph["x"]]) == expected


def test_what_is_fed_is_not_computed(graph):
    assert not races.has_race([graph["train"], graph["total"]], [graph["x"], graph["penalty"]])


@pytest.mark.parametrize("has_races, kept", [(True, ["resource"]), (False, ["plain"])])
def test_only_what_is_the_same_each_time_is_recorded(monkeypatch, tmp_path, has_races, kept):
    def run(interpreter, jobs, timeout):
        shared = {
            "status": "ok", "races": has_races, "printed": "", "sites": [], "events": [], "variables": [], "files": {},
            "initial": [],
        }  # fmt: skip
        return [{**shared, "versions": "resource" if job.resource else "plain"} for job in jobs]

    monkeypatch.setattr(processes, "run", run)
    program = tmp_path / "before.py"
    program.write_text("")
    found = pair.record(processes.Job(str(program)))
    assert [reference.result["versions"] for reference in found.references] == kept
    assert all(reference.rounding.runs == 3 for reference in found.references)
