"""What is printed, as text and numbers."""

from __future__ import annotations

import pytest

from flake8_tf2.prove import printed
from flake8_tf2.prove.tolerance import Tolerance


def read(text):
    return [(line.text.replace("\0", "#"), line.numbers) for line in printed.lines(text)]


@pytest.mark.parametrize(
    "text, line, numbers",
    [
        ("step 3: loss 0.25", "step #: loss #", ["3", "0.25"]),
        ("a  \t b", "a b", []),
        ("-1e-05 +2. .5 nan -inf", "# # # # #", ["-1e-05", "+2.", ".5", "nan", "-inf"]),
        ("conv2d_1 is layer1 of v1.15", "conv2d_1 is layer1 of v1.15", []),  # names, not numbers
        ("50% of 3x4", "#% of #x4", ["50", "3"]),
        ("[np.float32(1.5), np.int64(2)]", "[#, #]", ["1.5", "2"]),  # as numpy 2 prints it
        ("(np.True_, np.str_('a'))", "(True, 'a')", []),
        ("[ 0.5 -1. ]", "[# #]", ["0.5", "-1."]),
        ("<object at 0x7f31c0ffee10>", "<object at address>", []),
        ("banana info", "banana info", []),
    ],
)
def test_a_line(text, line, numbers):
    assert read(text) == [(line, numbers)]


def test_an_array_is_one_line():
    assert read("[[ 1.  2.]\n [ 3. -4.]]\nend") == [("[[# #] [# #]]", ["1.", "2.", "3.", "-4."]), ("end", [])]
    assert [line.number for line in printed.lines("[[ 1.  2.]\n [ 3. -4.]]\nend")] == [0, 2]


def test_a_bracket_that_is_never_closed_joins_nothing():
    assert [text for text, _ in read("a [ b\nc\nd")] == ["a [ b".replace("[ ", "["), "c", "d"]


def test_empty_lines_count():
    assert [text for text, _ in read("a\n\nb\n")] == ["a", "", "b"]
    assert read("") == []


@pytest.mark.parametrize(
    "before, after, agree",
    [
        ("0.535", "0.536", True),  # rounded to the other side
        ("0.535", "0.537", False),
        ("0.53", "0.54", False),
        ("0.8", "0.9", False),
        ("0.5", "0.57312", False),
        ("0.5", "0.50000006", True),
        ("3", "4", False),
        ("100000", "100001", False),
        ("1.5e-05", "1.6e-05", True),
        ("1.5e-05", "1.8e-05", False),
        ("nan", "nan", True),
        ("nan", "1.0", False),
        ("-0.0", "0.0", True),
        ("9" * 30, "9" * 30, True),
    ],
)
def test_numbers_as_they_are_written(before, after, agree):
    assert (printed.excess(before, after, Tolerance()) <= 1) == agree
