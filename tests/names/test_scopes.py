"""Scopes and bindings of a file."""

from __future__ import annotations

import ast
import textwrap

import pytest

from flake8_tf2.names.scopes import Layout, parse_annotation


def layout_of(source: str) -> Layout:
    """The layout of a snippet."""
    source = textwrap.dedent(source)
    return Layout(ast.parse(source), source)


def bindings(source: str) -> list[tuple[str, str]]:
    """The names that a snippet binds in its module, with the kinds of their bindings."""
    found = layout_of(source).module.bindings.items()
    return sorted((name, binding.kind) for name, bound in found for binding in bound)


BINDINGS = [
    ("a = b = 1", [("a", "value"), ("b", "value")]),
    ("a, (b, *c) = f()", [("a", "part"), ("b", "part"), ("c", "unknown")]),
    ("a, b = 1, 2", [("a", "value"), ("b", "value")]),
    ("a, b = *x, 2", [("a", "part"), ("b", "part")]),
    ("a: int = 1", [("a", "annotation")]),
    ("a: int", [("a", "annotation")]),
    ("a += 1", [("a", "value")]),
    ("import a, b.c, d.e as f", [("a", "import"), ("b", "import"), ("f", "import")]),
    ("from a import b, c as d", [("b", "import"), ("d", "import")]),
    ("from . import a", [("a", "unknown")]),
    ("for a in x: b = 1\nelse: c = 2", [("a", "item"), ("b", "value"), ("c", "value")]),
    ("for a, b in x: pass", [("a", "part"), ("b", "part")]),
    ("with x as a, y as (b, c): pass", [("a", "with"), ("b", "part"), ("c", "part")]),
    ("try: a = 1\nexcept E as e: b = 2\nelse: c = 3\nfinally: d = 4",
     [("a", "value"), ("b", "value"), ("c", "value"), ("d", "value"), ("e", "unknown")]),
    ("if (a := f()): pass", [("a", "value")]),
    ("[(a := x) for x in y]", [("a", "value")]),
    ("match x:\n    case a: pass", [("a", "value")]),
    ("match x:\n    case [a, *b]: pass", [("a", "unknown"), ("b", "unknown")]),
    ("match x:\n    case {'k': a, **b}: pass", [("a", "unknown"), ("b", "unknown")]),
    ("match x:\n    case int() as a: pass", [("a", "value")]),
    ("def f(): a = 1", [("f", "function")]),
    ("def f():\n    global a\n    a = 1", [("a", "value"), ("f", "function")]),
    ("class C:\n    a = 1", [("C", "class")]),
    ("a = 1\ndel a", [("a", "del"), ("a", "value")]),
    ("a.b = 1\na[0] = 2", []),
    ("[a for a in x]\nlambda b: b", []),
]  # fmt: skip


@pytest.mark.parametrize("source, expected", BINDINGS)
def test_bindings_of_a_module(source, expected):
    assert bindings(source) == expected


def test_parameters_and_attributes_of_self():
    layout = layout_of("""
        class C:
            def f(self, a, /, b=1, *c, d, **e):
                self.x = self.y, z = 1, 2
                for self.i in a: pass
                with b as self.w: pass
                a.not_this = 3
            def g(this):
                def inner(self): self.z = 1
                this.v: int = 3
        """)
    (cls,) = layout.classes
    assert set(cls.attributes) == {"x", "y", "i", "w", "v"}
    function = cls.bindings["f"][0].node
    assert set(function.bindings) == {"self", "a", "b", "c", "d", "e", "z"}


def test_nonlocal_binds_in_the_function_around():
    layout = layout_of("""
        def f():
            a = 1
            class C:
                def g(self):
                    nonlocal a
                    a = 2
        """)
    f = layout.module.bindings["f"][0].node
    assert [b.node.value for b in f.bindings["a"]] == [1, 2]


def test_what_functions_give():
    layout = layout_of("""
        def f():
            if a: return 1
            yield 2
            return
        """)
    f = layout.module.bindings["f"][0].node
    assert ([n.value for n in f.returns], [n.value for n in f.yields]) == ([1], [2])


@pytest.mark.parametrize("first, second, expected", [
    ("a = 1", "b = 2", True),
    ("a = 1", "if x: b = 2", True),
    ("if x: a = 1", "b = 2", False),
    ("if x: a = 1", "if x: b = 2", False),
    ("with x: a = 1", "b = 2", True),
    ("for i in x: a = 1", "b = 2", False),
    ("for i in x: pass\nelse: a = 1", "b = 2", False),
    ("try: a = 1\nexcept E: pass", "b = 2", False),
    ("try: pass\nfinally: a = 1", "b = 2", True),
])  # fmt: skip
def test_what_runs_before_what(first, second, expected):
    layout = layout_of(f"{first}\n{second}")
    blocks = [layout.module.bindings[name][0].block for name in "ab"]
    assert layout.encloses(*blocks) is expected


def test_loops_around_a_block():
    layout = layout_of("""
        for x in y:
            if x:
                while x:
                    a = 1
                def f(): b = 1
        c = 1
        """)
    module = layout.module.bindings
    inner, outer = layout.loops_around(module["a"][0].block)
    assert layout.encloses(outer, inner) and not layout.encloses(inner, outer)
    assert list(layout.loops_around(module["c"][0].block)) == []
    f = module["f"][0].node
    assert list(layout.loops_around(f.bindings["b"][0].block)) == []


@pytest.mark.parametrize("source, paths", [
    ("import tensorflow as tf, numpy", ["tensorflow"]),
    ("from tensorflow.contrib import slim, layers", ["tensorflow.contrib.slim", "tensorflow.contrib.layers"]),
    ("from tensorflow import *", ["tensorflow.*"]),
    ("def f():\n    if x:\n        import tensorflow", ["tensorflow"]),
    ("from .tensorflow import x\nfrom . import tensorflow", []),
])  # fmt: skip
def test_imports(source, paths):
    assert [i.path for i in layout_of(source).imports] == paths


GUARDS = [
    ("try: import tensorflow\nexcept ImportError: import foo", True),
    ("try: import tensorflow\nexcept (ValueError, ModuleNotFoundError): import foo", True),
    ("try: import tensorflow\nexcept ImportError: foo = None", True),
    ("try: import tensorflow\nexcept: pass", True),
    ("try:\n    import tensorflow\n    f()\nexcept Exception: pass", False),
    ("try: import tensorflow\nexcept KeyError: pass", False),
    ("try: import tensorflow\nfinally: pass", False),
    ("import tensorflow as tf\nif tf.__version__ < '2': import tensorflow", True),
    ("import numpy as np\nif np.__version__ < '2': import tensorflow", False),
]


@pytest.mark.parametrize("source, exempt", GUARDS)
def test_guarded_imports(source, exempt):
    assert layout_of(source).imports[-1].exempt is exempt


@pytest.mark.parametrize("source, columns", [
    ("x: 'a.b'", (4, 7)),
    ("é: 'a.b'", (5, 8)),
    ("x: r'''a.b'''", (7, 10)),
    ("x: 'a' '.b'", (3, 11)),
])  # fmt: skip
def test_quoted_annotations_stand_where_they_stand(source, columns):
    node = ast.parse(source).body[0].annotation
    expression = parse_annotation(node, [source])
    assert (expression.col_offset, expression.end_col_offset) == columns


@pytest.mark.parametrize("text", ["a b", "", "(" * 300, "a\x00b"])
def test_what_is_no_annotation(text):
    node = ast.Constant(text, lineno=1, end_lineno=1, col_offset=0, end_col_offset=9)
    assert parse_annotation(node, [""]) is None
