"""The verdict on what two programs did."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from flake8_tf2.prove.agree import compare
from flake8_tf2.prove.inside import values
from flake8_tf2.prove.rounding import Rounding
from flake8_tf2.prove.tolerance import Tolerance
from flake8_tf2.prove.verdict import judge
from tests.prove.results import packed, result, variable

ALLOWED = Tolerance()


def verdict(before, after, *own, again=None):
    """own: further runs of `before` with changed inputs; again: one with nothing changed."""
    rounding = Rounding(ALLOWED)
    if again:
        rounding.add_repetition(compare(before, again, ALLOWED).checks)
    for other in own:
        rounding.add(compare(before, other, ALLOWED).checks)
    rounding = Rounding.from_json(json.loads(json.dumps(rounding.as_json(), allow_nan=False)))
    found = judge(compare(before, after, ALLOWED), rounding, ALLOWED)
    json.dumps(found.as_json(), allow_nan=False)
    return found


def test_equal():
    files = {"out.txt": {"kind": "text", "text": "1.0\n"}}
    one = result("loss 0.5\n", [(1, [0.5])], [variable("w", [1.0])], files)
    two = result("loss 0.5\n", [(7, [0.500001])], [variable("w", [1.00001])], files)
    found = verdict(one, two)
    assert (found.verdict, found.until, found.exit_status) == ("equal", "", 0)
    assert found.compared.keys() == {"printed", "fetched", "variables", "files"}


def test_nothing_to_compare():
    assert verdict(result(), result()).verdict == "not comparable"
    assert verdict(result(variables=[variable("w", [1.0])]), result()).verdict == "not comparable"


@pytest.mark.parametrize(
    "one, two, where",
    [
        (result("a 1\n"), result("a 2\n"), "printed, line 1, number 1"),
        (result("a\n"), result("b\n"), "printed, line 1"),
        (result("a\nb\n"), result("a\n"), "printed, line 2: 2 lines against 1"),
        (result("a\n"), result("a\nb\n"), "printed, line 2: 1 lines against 2"),
        (result(events=[(3, [1.0, 2.0])]), result(events=[(4, [1.0, 3.0])]), "fetched, a.py:3 x, time 1; a.py:4 x"),
        (result(variables=[variable("w", 1.0)]), result(variables=[variable("w", 2.0)]), "left in variables, w"),
    ],
)
def test_different(one, two, where):
    found = verdict(one, two)
    assert (found.verdict, found.exit_status) == ("different", 1)
    assert where in found.reason and found.differences[0]["before"] in found.as_text()


def test_the_first_difference_is_the_first_of_the_run():
    one = result("a 1.0\nb 1.0\n", [(1, [1.0], 0), (2, [1.0], 1), (3, [1.0], 2)])
    two = result("a 1.0\nb 2.0\n", [(1, [1.0], 0), (2, [1.0], 1), (3, [2.0], 2)])
    assert "printed, line 2" in verdict(one, two).reason
    two = result("a 1.0\nb 2.0\n", [(1, [1.0], 0), (2, [2.0], 1), (3, [2.0], 2)])
    assert "fetched, a.py:2" in verdict(one, two).reason


def test_gates_in_another_order():
    found = verdict(result(variables=[variable("w", [1.0, 2.0])]), result(variables=[variable("w", [2.0, 1.0])]))
    assert found.verdict == "equal" and "w has the same values in another order" in found.notes


class TestFiles:
    def found(self, one, two, name="f"):
        return verdict(result(files={name: one}), result(files={name: two}))

    def test_text(self):
        assert self.found({"kind": "text", "text": "x 1.0"}, {"kind": "text", "text": "x 1.00001"}).verdict == "equal"
        assert self.found({"kind": "text", "text": "x 1.0"}, {"kind": "text", "text": "x 2.0"}).verdict == "different"

    def test_summaries(self):
        def tags(value, step=1, tag="loss"):
            return {"kind": "summaries", "tags": {tag: [[step, packed(value)]]}}

        assert self.found(tags(1.0), tags(1.0)).verdict == "equal"
        for other in (tags(2.0), tags(1.0, step=2), tags(1.0, tag="loss_1")):
            assert self.found(tags(1.0), other).verdict == "different"

    def test_checkpoints(self):
        def saved(value):
            return {"kind": "checkpoint", "variables": [variable("w", value)]}

        assert self.found(saved([1.0]), saved([1.0])).verdict == "equal"
        assert self.found(saved([1.0]), saved([2.0])).verdict == "different"

    def test_arrays(self):
        def arrays(value):
            return {"kind": "arrays", "arrays": {"": packed(value)}}

        assert self.found(arrays([1.0]), arrays([1.0])).verdict == "equal"
        assert self.found(arrays([1.0]), arrays([1.0, 2.0])).verdict == "different"

    def test_bytes(self):
        one, two = ({"kind": "bytes", "size": 1, "sha256": name} for name in "ab")
        assert self.found(one, one).verdict == "equal"
        assert self.found(one, two).verdict == "different"
        found = self.found(one, two, "picture.png")
        assert found.verdict == "not comparable" and "picture.png has other bytes" in found.notes[0]

    def test_missing(self):
        one = result(files={"f": {"kind": "text", "text": "x"}})
        assert verdict(one, result()).verdict == "different"
        assert verdict(result(), one).verdict == "different"


class TestRounding:
    """A program whose own runs drift apart by a factor at each step."""

    def run(self, start, factor=3.0, steps=20, **more):
        return result(events=[(1, [1.0 + start * factor**step]) for step in range(steps)], **more)

    def test_what_its_own_runs_explain(self):
        found = verdict(self.run(0), self.run(5e-7), self.run(2e-7))
        assert found.verdict == "equal" and "time 6" in found.until

    def test_what_they_do_not(self):
        assert verdict(self.run(0), self.run(1e-4), self.run(2e-7)).verdict == "different"
        assert verdict(self.run(0), self.run(5e-7)).verdict == "different"

    def test_where_its_own_runs_have_nothing_in_common_nothing_is_compared(self):
        found = verdict(self.run(0), self.run(5e-7), self.run(2e-7))
        assert "time 13" in found.until and found.compared["fetched"]["left out"] == 8

    def test_variables_at_the_end(self):
        def run(weight):
            return result("done\n", variables=[variable("w", weight), variable("v", 1.0)])

        assert verdict(run(1.0), run(1.002), run(1.001)).verdict == "equal"
        assert verdict(run(1.0), run(1.002), run(1.0001)).verdict == "different"

    def test_another_number_of_steps(self):
        def run(steps, start=0.0):
            text = "".join(f"{step}\n" for step in range(steps))
            return result(text, [(1, [1.0 + start * 3**step], step) for step in range(steps)])

        assert verdict(run(14), run(17, 5e-7), run(15, 2e-7)).verdict == "equal"
        assert verdict(run(14), run(3, 5e-7), run(15, 2e-7)).verdict == "different"

    def test_what_differs_each_time_excuses_nothing_else(self):
        def run(noise, loss):
            return result("".join(f"step {n} noise {noise * n} loss {loss}\n" for n in range(1, 9)))

        found = verdict(run(1.0, 0.5), run(2.0, 0.5), run(1.5, 0.5), again=run(1.7, 0.5))
        assert found.verdict == "equal" and "before is run again as it is: line 1, number 2" in found.as_text()
        assert verdict(run(1.0, 0.5), run(2.0, 0.6), run(1.5, 0.5), again=run(1.7, 0.5)).verdict == "different"
        assert verdict(result("id a\nb\n"), result("id c\nb\n"), again=result("id d\nb\n")).verdict == "equal"
        assert verdict(result("id a\nb\n"), result("id c\nc\n"), again=result("id d\nb\n")).verdict == "different"

    def test_chaos_from_the_start(self):
        found = verdict(self.run(0), self.run(1.0), self.run(0.5))
        assert found.verdict == "not comparable" and "from the start" in found.reason


def test_chaos_before_the_first_fetch_is_not_made_good_by_other_things():
    def run(value):
        return result("done\n", [(1, [value])], [variable("w", 1.0)])

    assert verdict(run(1.0), run(1.3), run(1.2)).verdict == "not comparable"
    assert verdict(run(1.0), run(1.00001), run(1.0)).verdict == "equal"


def test_infinities_are_no_problem_in_json():
    found = verdict(result(events=[(1, [math.inf])]), result(events=[(1, [np.float32(1)])]))
    assert found.verdict == "different" and found.differences[0]["excess"] is None


def test_values_of_other_dtypes_agree_by_value():
    one = {**result(), "variables": [{**variable("n", 3), "value": values.pack(np.int64(3), 9)}]}
    two = {**result(), "variables": [{**variable("n", 3), "value": values.pack(np.int32(3), 9)}]}
    assert verdict(one, two).verdict == "equal"
