"""All renames of the symbol table: one object under two names, or, where TensorFlow 2 wraps it, executed and equal."""

from __future__ import annotations

import functools

import pytest

tf = pytest.importorskip("tensorflow", minversion="2.0")

import numpy as np  # noqa: E402

from flake8_tf2 import registry  # noqa: E402
from flake8_tf2.fix.apply import fix_source  # noqa: E402
from flake8_tf2.prove.compare import other_object  # noqa: E402
from tests.equivalence.suite import CASES, fixed  # noqa: E402

TABLE = registry.load().table
ROWS = [row for row in TABLE.rows() if row.status in ("renamed", "moved") and row.target]


@functools.lru_cache(maxsize=None)
def executed() -> frozenset[str]:
    """The symbols that cases run."""
    return frozenset(TABLE.canonical(symbol) for case in CASES for _, symbol in fixed(case).fixes)


def after(code: str) -> str:
    """The line that the fixer makes of one, in a file that is TF1."""
    return fix_source(f"import tensorflow as tf\ntf.placeholder\n{code}\n", unsafe=True).source.splitlines()[-1]


def unproved(name: str, new: str) -> str:
    """Why a new spelling of a symbol is not proved, or ""."""
    symbol = TABLE.canonical(name)
    return other_object(tf, symbol, new) if symbol not in executed() else ""


def test_names_become_the_same_object():
    """What is passed on, not called, is renamed to the very object, or a case runs it."""
    wrong = []
    for row in ROWS:
        _, _, new = after(f"f = {row.name}").partition("f = ")
        if new not in ("", row.name) and unproved(row.name, new):
            wrong.append((row.name, new))
    assert wrong == []


def test_calls_become_calls_of_the_same_object():
    """So is what is called with the arguments that it requires."""
    wrong = []
    for row in ROWS:
        required = [p.name for p in TABLE.signature(row.tf1) if p.kind == "positional" and p.default is None]
        before = f"{row.name}({', '.join(required)})"
        _, _, call = after(f"y = {before}").partition("y = ")
        new, _, _ = call.partition("(")
        if call not in ("", before) and new != row.name and new.startswith("tf.") and unproved(row.name, new):
            wrong.append((before, call))
    assert wrong == []


@pytest.mark.parametrize("old, new, arguments", [
    ("tf.linalg.transpose", "tf.linalg.matrix_transpose", [np.arange(6.0).reshape(1, 2, 3)]),
    ("tf.linalg.transpose", "tf.linalg.matrix_transpose", [np.array([[1 + 2j, 3j]]), "n", True]),
    ("tf.manip.reshape", "tf.reshape", [np.arange(6), [3, -1]]),
    ("tf.manip.reshape", "tf.reshape", [np.zeros([0, 2]), [2, 0]]),
])  # fmt: skip
def test_what_is_wrapped_is_equal(old, new, arguments):
    """TensorFlow 2 puts a decorator around these two; beneath it they are one function."""
    one, two = (functools.reduce(getattr, name.split(".")[1:], root) for name, root in ((old, tf.compat.v1), (new, tf)))
    before, now = one(*arguments), two(*arguments)
    assert before.dtype == now.dtype and np.array_equal(before, now)
