"""When two values agree."""

from __future__ import annotations

import numpy as np
import pytest

from flake8_tf2.prove.inside import values
from flake8_tf2.prove.tolerance import Tolerance, shown

ALLOWED = Tolerance(1e-4, 1e-7)


def excess(before, after, whole=1000):
    return ALLOWED.excess(values.pack(np.asarray(before), whole), values.pack(np.asarray(after), whole))


@pytest.mark.parametrize(
    "before, after, agree",
    [
        (1.0, 1.00009, True),
        (1.0, 1.00011, False),
        (0.0, 5e-8, True),
        (0.0, 2e-7, False),
        (float("nan"), float("nan"), True),
        (float("nan"), 1.0, False),
        (float("inf"), float("inf"), True),
        (float("inf"), 1.0, False),
        (1.0, float("inf"), False),
        (100000, 100000, True),
        (100000, 100001, False),  # a count
        (True, False, False),
        (b"a", b"a", True),
        (b"a", b"b", False),
        ([], [], True),
        (1 + 1j, 1 + 1.00001j, True),
        (1 + 1j, 1 + 1.1j, False),
        # an element near zero is known as well as the array that it stands in
        ([1.0, 1e-9], [1.0, 5e-5], True),
        ([1.0, 1e-9], [1.0, 5e-4], False),
        ([1.0], 1.0, False),  # another shape
    ],
)
def test_agreement(before, after, agree):
    assert (excess(before, after) <= 1) == agree


def test_excess_counts_in_parts_of_what_is_allowed():
    assert excess(1.0, 1.0003) == pytest.approx(3, rel=0.01)


class TestDigests:
    """Of large arrays only some elements are kept."""

    random = np.random.RandomState(0)
    array = random.randn(100, 100).astype(np.float32)

    def test_equal(self):
        assert excess(self.array, self.array + np.float32(1e-6), whole=10) <= 1

    def test_a_digest_and_the_whole(self):
        one, two = values.pack(self.array, 10), values.pack(self.array, 10**6)
        assert ALLOWED.excess(one, two) <= 1 and ALLOWED.excess(two, one) <= 1

    @pytest.mark.parametrize("wrong", [lambda a: a * 1.001, lambda a: a + 0.01, lambda a: a.T, lambda a: a[::-1]])
    def test_different(self, wrong):
        assert excess(self.array, np.ascontiguousarray(wrong(self.array)), whole=10) > 1

    def test_one_element_far_off(self):
        other = self.array.copy()
        other[17, 3] += 10
        assert excess(self.array, other, whole=10) > 1


def test_what_is_shown():
    assert shown(values.pack(np.float32(1.5), 10)) == "1.5"
    assert shown(values.pack(np.arange(6.0), 10)) == "[0 1 2 3 ...] of shape [6]"
