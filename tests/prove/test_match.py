"""What belongs to what."""

from __future__ import annotations

import numpy as np

from flake8_tf2.prove import match
from flake8_tf2.prove.tolerance import Tolerance
from tests.prove.results import result, variable

ALLOWED = Tolerance()


def pairs(before, after):
    found, note = match.fetched(result(events=before), result(events=after), ALLOWED)
    return [((a.event, a.number), (b.event, b.number)) for a, b in found], note


class TestFetched:
    def test_as_many_values_of_the_same_shapes(self):
        found, note = pairs([(1, [1.0, [2.0]]), (2, [3.0])], [(7, [1.0]), (8, [[2.0]]), (9, [3.0])])
        assert found == [((0, 0), (0, 0)), ((0, 1), (1, 0)), ((1, 0), (2, 0))] and note == ""

    def test_a_call_that_returns_more(self):
        found, note = pairs([(1, [1.0]), (1, [2.0])], [(7, [5.0, 1.0]), (7, [6.0, 2.0])])
        assert found == [((0, 0), (0, 1)), ((1, 0), (1, 1))] and note == ""

    def test_a_call_that_returns_less(self):
        found, note = pairs([(1, [5.0, 1.0]), (1, [6.0, 2.0])], [(7, [1.0]), (7, [2.0])])
        assert found == [((0, 1), (0, 0)), ((1, 1), (1, 0))] and note == ""

    def test_places_where_the_numbers_of_calls_differ(self):
        before = [(1, [float(n)]) for n in range(5)] + [(2, [[1.0, 2.0]]), (3, [0.25])]
        after = [(7, [float(n)]) for n in range(5)] + [(8, [0.25])]
        found, note = pairs(before, after)
        assert found == [*(((n, 0), (n, 0)) for n in range(5)), ((6, 0), (5, 0))]
        assert "not compared are those of a.py:2 (1)" in note

    def test_a_wrong_value_is_no_reason_not_to_compare(self):
        before = [(1, [float(n)]) for n in range(5)] + [(2, [[1.0, 2.0]])]
        after = [(7, [float(n) if n != 3 else 9.0]) for n in range(5)]
        found, _ = pairs(before, after)
        assert ((3, 0), (3, 0)) in found

    def test_one_side_alone(self):
        assert pairs([(1, [1.0])], [])[0] == [] and "BEFORE fetched 1 values" in pairs([(1, [1.0])], [])[1]
        assert pairs([], []) == ([], "")


class TestVariables:
    def names(self, before, after):
        found = match.variables(before, after, ALLOWED)
        return [(a["name"], b["name"]) for a, b in found.pairs], found.missing, found.slots

    def test_by_name(self):
        before = [variable("a", [1.0]), variable("b", [2.0])]
        assert self.names(before, before[::-1])[0] == [("a", "a"), ("b", "b")]

    def test_by_shape_the_closest(self):
        before = [variable("layer/w", [1.0, 2.0]), variable("layer_1/w", [3.0, 4.0]), variable("b", [0.0])]
        after = [variable("w2", [3.0, 4.0]), variable("w1", [1.0, 2.0]), variable("bias", [0.0])]
        assert self.names(before, after) == ([("layer/w", "w1"), ("layer_1/w", "w2"), ("b", "bias")], [], 0)

    def test_the_last_of_several_of_one_name(self):
        before = [variable("w", [1.0]), variable("w", [2.0])]
        found = match.variables(before, [variable("w", [1.0])], ALLOWED)
        assert [a["value"] for a, _ in found.pairs] == [before[1]["value"]]
        found = match.variables(before, [variable("kernel", [1.0])], ALLOWED)
        assert [a["value"] for a, _ in found.pairs] == [before[1]["value"]] and found.missing == ["w"]
        after = [variable("kernel", [2.0]), variable("kernel/RMSProp", [9.0])]
        assert match.variables(before, after, ALLOWED).missing == ["w"]

    def test_what_is_missing(self):
        assert self.names([variable("w", [1.0])], [variable("w", [[1.0]])]) == ([], ["w"], 0)

    def test_another_name_and_another_value_of_what_is_not_trained(self):
        before, after = variable("step", 5, False, dtype=np.int64), variable("count", 7, False, dtype=np.int64)
        assert self.names([before], [after]) == ([], ["step"], 0)

    def test_what_is_trained_has_another_value(self):
        assert self.names([variable("w", [1.0])], [variable("kernel", [5.0])])[0] == [("w", "kernel")]

    def test_slots(self):
        before = [variable("a/w", [1.0]), variable("a/w/Adam", [2.0], False, True), variable("beta1_power", 0.9, False, True)]
        after = [variable("a/w", [1.0]), variable("adam/a_w_momentum", [2.0], False, True)]
        assert self.names(before, after) == ([("a/w", "a/w"), ("a/w/Adam", "adam/a_w_momentum")], [], 1)

    def test_steps_of_an_optimizer(self):
        before = variable("global_step", 5, False, dtype=np.int64)
        after = variable("adam/iteration", 5, False, True, dtype=np.int64)
        assert self.names([before], [after])[0] == [("global_step", "adam/iteration")]
