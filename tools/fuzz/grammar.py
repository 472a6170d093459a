"""Random programs of Python's grammar, by hypothesmith; as they are, and with TensorFlow's names in place of theirs."""

from __future__ import annotations

import ast
import warnings
from typing import Callable

import hypothesmith
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.fuzz.targets import TARGETS

_NAMES = [
    "tf", "tf.placeholder", "tf.Session", "tf.layers.dense", "tf.contrib.layers", "tf.log", "tf.to_float", "sess", "x",
    "tf.get_variable", "tf.train.AdamOptimizer", "tf.global_variables_initializer", "sess.run", "tf.reduce_sum",
]  # fmt: skip


def checking(check: Callable[[str, str], None]) -> Callable[[bytes], None]:
    """What turns the bytes of a fuzzer into a program, and calls check(target, source) with it for every target."""

    @settings(deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(hypothesmith.from_grammar(), st.lists(st.sampled_from(_NAMES), min_size=1), st.sampled_from(list(TARGETS)))
    def checked(source: str, names: list[str], target: str) -> None:
        for text in (source, _named(source, names)):
            check(target, f"import tensorflow as tf\nsess = tf.Session()\n{text}")

    return checked.hypothesis.fuzz_one_input


class _Named(ast.NodeTransformer):
    def __init__(self, names: list[str]):
        self._names = names
        self._number = 0

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return node
        self._number += 1
        return ast.parse(self._names[self._number % len(self._names)], mode="eval").body


def _named(source: str, names: list[str]) -> str:
    """A source in which names of TensorFlow are read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.unparse(_Named(names).visit(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError):
        return source
