"""Several files as one module, and back."""

from __future__ import annotations

import ast

import pytest

from flake8_tf2.convert.link import Linked, projects
from flake8_tf2.convert.source import Stuck

GRAPH = "import tensorflow as tf\n\nx = tf.placeholder(tf.float32)\n"


def back(files: dict[str, str]) -> dict[str, str]:
    linked = Linked(files)
    ast.parse(linked.text)
    return linked.divided(linked.text)[1]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"a.py": "def f():\n    return 1\n", "b.py": "from a import f\n\nprint(f())\n"}, id="from"),
        pytest.param({"a.py": "def f():\n    return 1\n", "b.py": "from a import f as g\n\nprint(g())\n"}, id="renamed"),
        pytest.param({"a.py": "def f():\n    return 1\n", "b.py": "import a\n\nprint(a.f())\n"}, id="module"),
        pytest.param({"a.py": "def f():\n    return 1\n", "b.py": "import a as m\n\nprint(m.f())\n"}, id="module renamed"),
        pytest.param({"p/__init__.py": "from .a import f\n", "p/a.py": "def f():\n    return 1\n",
                      "b.py": "from p import f\n\nprint(f())\n"}, id="package"),
        pytest.param({"p/__init__.py": "", "p/a.py": "def f():\n    return 1\n", "p/b.py": "from .a import f\n\nprint(f())\n"},
                     id="relative"),
        pytest.param({"p/a.py": "X = 1\n", "p/q/b.py": "from ..a import X\n\nprint(X)\n"}, id="from the folder above"),
        pytest.param({"a.py": "X = 1\n", "b.py": "from a import X\n\n\ndef f(X):\n    return X\n\n\nprint(f(X), [X for X in ()])\n"},
                     id="inner names"),
        pytest.param({"a.py": "import os\n\nX = os.sep\n", "b.py": "import os\nfrom a import X\n\nprint(os.sep, X)\n"},
                     id="an import of both"),
        pytest.param({"a.py": "def f():\n    return 1\n", "b.py": "from a import f\n\n\ndef main():\n    print(f())\n",
                      "c.py": "from b import main as run\n\n\ndef main():\n    run()\n"}, id="one name in two files"),
    ],
)  # fmt: skip
def test_files_come_back(files):
    assert back(files) == {path: text for path, text in files.items() if text} | {
        path: "\n" for path, text in files.items() if not text
    }


def test_what_files_call_alike_is_told_apart():
    text = Linked({"a.py": "def f():\n    return 1\n", "b.py": "import a\n\n\ndef f():\n    return a.f()\n"}).text
    names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert len(set(names)) == 2


def test_a_file_stands_behind_those_that_it_imports():
    linked = Linked({"a.py": "import b\n\nprint(b.X)\n", "b.py": "import c\n\nX = c.X\n", "c.py": "X = 1\n"})
    assert [file.path for file in linked.order] == ["c.py", "b.py", "a.py"]


@pytest.mark.parametrize(
    "files, reason",
    [
        ({"a.py": "X = 1\n", "b.py": "from a import *\n"}, "a star import"),
        ({"a.py": "import b\n", "b.py": "import a\n"}, "import each other"),
        ({"a.py": "X = 1\n", "b.py": "def f():\n    from a import X\n"}, "within a block"),
        ({"a.py": "X = 1\n", "b.py": "import a\n\nprint(a)\n"}, "the module a itself is used"),
        ({"a.py": "X = 1\n", "b.py": "from a import Y\n\nprint(Y)\n"}, "Y is not defined in a.py"),
        ({"a.py": "X = 1\n", "b.py": "import a, os\n"}, "one import of this project and of others"),
    ],
)
def test_refused(files, reason):
    with pytest.raises(Stuck, match=reason):
        Linked(files)


def test_programs_are_what_is_run_with_what_it_imports():
    files = {
        "model.py": GRAPH, "train.py": "import model\n", "test.py": "import model\n", "alone.py": GRAPH,
        "host.py": "X = 1\n", "other.py": "import host\n",
    }  # fmt: skip
    assert projects(files) == [["model.py", "test.py", "train.py"]]


def test_programs_that_share_no_graph_are_two():
    files = {
        "data.py": "X = 1\n", "one.py": GRAPH, "two.py": GRAPH,
        "run_one.py": "import data\nimport one\n", "run_two.py": "import data\nimport two\n",
    }  # fmt: skip
    assert projects(files) == [["data.py", "one.py", "run_one.py"], ["data.py", "run_two.py", "two.py"]]
