"""What the converter inserts must hold together: NEEDS names what a piece uses, and a name stands below what it needs."""

import ast
from pathlib import Path

import pytest

import flake8_tf2

FOLDER = Path(flake8_tf2.__file__).parent / "convert" / "pieces"
PIECES = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))


@pytest.mark.parametrize("name", PIECES)
def test_needs(name):
    tree = ast.parse((FOLDER / f"{name}.py").read_text("utf-8"))
    parts, needs = {}, {}
    for node in tree.body[1:]:
        if isinstance(node, ast.Assign) and node.targets[0].id == "NEEDS":
            needs = ast.literal_eval(node.value)
        elif not isinstance(node, (ast.Import, ast.ImportFrom)):
            parts[node.targets[0].id if isinstance(node, ast.Assign) else node.name] = node
    order = list(parts)
    for part, node in parts.items():
        used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & parts.keys() - {part}
        assert used == set(needs.get(part, ())), part
        assert all(order.index(other) < order.index(part) for other in used), part
    assert needs.keys() <= parts.keys()
