"""Cells as one module: what is no Python stands aside, and a changed module is divided again."""

from __future__ import annotations

import ast

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from flake8_tf2.files import Unreadable
from flake8_tf2.notebooks.cells import Cell, Module

CELLS = [
    "x = 1",
    "",
    "# only a comment, is it?",
    "%matplotlib inline\nimport tensorflow as tf\n",
    "!pip install tensorflow==1.15 \\\n    keras\nx = 1",
    '  \n%%bash\necho "it\'s"\nfor f in *; do\n echo {x}\ndone',
    "%%time\nx = 1\n!ls",
    "%%time\n%%capture out\nx = 1",
    "%%html\n<b>x</b>",
    "%%timeit -n 1 y = 2\nx = 1",
    "files = !ls *.py\nprint(files)",
    'a, b = !echo "1 ("',
    "out = %timeit -o x = 1",
    "if True:\n    !ls\n    %cd ..\nelse:\n    pass",
    "tf.log?\n?tf.log\ntf??\nx = 1",
    "%time?",
    "/f 1 2\n,f a b\n;f a b",
    "x = (7\n% 3)\n",
    'text = """\n!no shell\n%no magic\nwhat?\n"""\n!ls',
    "text = '''it's \\''' ! '''\n%pwd",
    "x = 7 \\\n% 3",
    "s = 'a # ?'\nx = s != 'b'\ny = x == (s != 'c')\nx %= 2\nf'{x!r}'",
    "def f():\n    return 1\n\n\nf();",
    "x = {\n    'a': 1,  # why?\n}\n!ls {x}",
    "# what?\nd = dict(a=1,\n  b=2)\n@staticmethod\ndef f(): pass",
]


def transformed(source: str) -> int:
    """How many lines and cells IPython takes for its own."""
    return TransformerManager().transform_cell(source).count("get_ipython()")


@pytest.mark.parametrize("source", CELLS)
def test_what_ipython_transforms_stands_aside(source):
    module = Module([Cell(1, source)])
    assert not module.unread
    ast.parse(module.source)
    assert len(module.source.split("\n")) == len(source.split("\n")) + 1
    nested = source.startswith("%%time\n")  # IPython reads what is below when the cell runs
    autocall = source.startswith("/")
    if not nested and not autocall:
        assert module.source.count("(\"flake8-tf2 line ") == transformed(source)
    assert module.divide(module.source) == [source]


def test_all_cells_come_back():
    cells = [Cell(number, source) for number, source in enumerate(CELLS)]
    module = Module(cells)
    assert not module.unread
    assert module.divide(module.source) == CELLS


def test_lines_of_cells():
    module = Module([Cell(1, "a\nb"), Cell(3, "!ls \\\n  x\nc"), Cell(4, "d")])
    lines = module.source.split("\n")
    for position, line, text in [(0, 1, "a"), (0, 2, "b"), (1, 3, "c"), (2, 1, "d")]:
        number = module.lines.first(position) + line - 1
        assert (lines[number - 1], module.lines.cell_of(number)) == (text, position)


def test_a_cell_that_does_not_parse_is_left_out_and_comes_back():
    module = Module([Cell(1, "x = 1"), Cell(2, "print 'a'\n!ls"), Cell(3, "y = (")])
    assert [type(error) for error in module.unread.values()] == [SyntaxError, SyntaxError]
    assert list(module.unread) == [1, 2]
    ast.parse(module.source)
    assert module.divide(module.source.replace("x = 1", "x = 2")) == ["x = 2", "print 'a'\n!ls", "y = ("]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace('"flake8-tf2 cell 1"\n', ""), "part of another"),
        (lambda text: text.replace('("flake8-tf2 line 0")\n', ""), "of cell 2 would move"),
        (lambda text: text.replace("loss = 1\n", ""), "loss would be gone"),
    ],
)
def test_what_cannot_be_divided_is_refused(change, reason):
    module = Module([Cell(1, "loss = 1\nstep = 2"), Cell(2, "%time run(loss)\n!python step.py loss")])
    with pytest.raises(Unreadable, match=reason):
        module.divide(change(module.source))
    assert module.divide(module.source.replace("step = 2\n", ""))[0] == "loss = 1", "a shell line does not read it"
