"""Templates: which parts are there, and where parentheses are needed."""

from __future__ import annotations

import ast

import pytest

from flake8_tf2.fix import template
from flake8_tf2.fix.template import Hole, Name
from flake8_tf2.fix.text import Refused


def parts(text: str, *given: str):
    return list(template.parse(text, frozenset(given)).parts)


def test_names_and_holes_are_told_from_text():
    assert parts("tf.cast({x}, tf.float32)", "x") == [
        Name("tf.cast"), "(", Hole("x", True), ", ", Name("tf.float32"), ")",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "given, text",
    [
        ((), "f()"),
        (("a",), "f({a})"),
        (("b",), "f(b={b})"),
        (("a", "b"), "f({a}, b={b})"),
    ],
)
def test_optional_parts_go_with_keyword_and_comma(given, text):
    assert parts("f({a?}, b={b?})", *given) == parts(text, *given)


def test_defaults_stand_where_nothing_is_given():
    assert parts("f({x}, rate={rate=0.5})", "x") == parts("f({x}, rate=0.5)", "x")
    assert parts("f({x}, rate={rate=0.5})", "x", "rate") == parts("f({x}, rate={rate})", "x", "rate")


def test_a_parameter_that_is_needed_and_not_given():
    with pytest.raises(Refused, match="does not give x"):
        template.parse("tf.cast({x}, tf.int32)", frozenset())


def test_operands_are_not_bare():
    assert [p.bare for p in parts("1 - {a}", "a") if isinstance(p, Hole)] == [False]
    assert [p.bare for p in parts("{a}.assign({b})", "a", "b") if isinstance(p, Hole)] == [False, True]
    assert [p.bare for p in parts("[{a}, {b}]", "a", "b") if isinstance(p, Hole)] == [True, True]


@pytest.mark.parametrize("text, atomic", [("f(1)", True), ("1 - 2", False), ("a.b", True), ("-1", False), ("1", False)])
def test_what_needs_parentheses_before_a_dot(text, atomic):
    assert template.is_atomic(ast.parse(text, mode="eval").body) is atomic
