"""A program that stands in cells becomes what it becomes as a script."""

from __future__ import annotations

import ast

import pytest

from flake8_tf2.convert.program import convert_source
from flake8_tf2.notebooks.cells import Cell, Module
from tests.convert.test_programs import CONVERTED, PROGRAMS, names

SCRIPTS = [path for path in PROGRAMS if path.stem in CONVERTED]
SLOW = [path for path in SCRIPTS if SCRIPTS.index(path) % 12]


def cells_of(source: str) -> list[Cell]:
    """A source in cells of three statements, with what is no Python between."""
    lines = source.split("\n")
    body = ast.parse(source).body[1::3]
    starts = [min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))]) - 1 for node in body]
    texts = ["\n".join(lines[start:end]) for start, end in zip([0, *starts], [*starts, len(lines)])]
    return [Cell(number, f"!ls\n{text}\n%pwd") for number, text in enumerate(texts, 1)]


def code(source: str) -> tuple[list[str], list[str]]:
    """The imports, and the other lines of code: comments stay in their cells, and imports are added behind others."""
    lines = [line for line in source.split("\n") if line.strip() and line.strip()[0] not in "#!%"]
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    return sorted(imports), [line for line in lines if line not in imports]


@pytest.mark.parametrize(
    "path",
    [*(p for p in SCRIPTS if p not in SLOW), *(pytest.param(p, marks=pytest.mark.slow) for p in SLOW)],
    ids=names,
)
def test_cells_become_what_the_script_becomes(path):
    source = path.read_text("utf-8")
    cells = cells_of(source)
    module = Module(cells)
    converted = convert_source(module.source, path.name)
    assert converted.reason == ""
    parts = module.divide(converted.source)
    assert all("!ls" in part and "%pwd" in part for part in parts)
    assert code("\n".join(parts)) == code(convert_source(source, path.name).source)
