"""Dictionaries and tuples that only carry tensors from where they are built to where they are run, as plain names."""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options


def unpacked(source: str, options: Options) -> str:
    """A source in which `model["x"]`, where it is a key of feeds, is a name of its own.

    Only containers that are bound once to a display and never leave the file's subscripts are taken apart.
    """
    file = Source(source, options)
    rewriter = Rewriter(file)
    taken = {n.id for n in ast.walk(file.tree) if isinstance(n, ast.Name)}
    for name in _fed(file):
        statement, items = _display(file, name)
        uses = [
            n for n in ast.walk(file.tree) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
        ]
        if statement is None or not all(_key(file, use) in items for use in uses):
            continue
        names, lines = {}, []
        for key, value in items.items():
            if isinstance(value, ast.Name):
                names[key] = value.id
                continue
            own = f"{name}_{key}" if not str(key).isidentifier() or key in taken else str(key)
            while own in taken:
                own += "_"
            taken.add(own)
            names[key] = own
            lines.append(f"{own} = {file.of(value)}")
        if any(_bindings(file, n) > 1 for n in names.values()):
            continue
        rewriter.replace(statement, ("\n" + " " * statement.col_offset).join(lines) or "pass")
        for use in uses:
            rewriter.replace(file.parents[use], names[_key(file, use)])
    return rewriter.render(0, len(file.text.text))


def _fed(file: Source) -> list[str]:
    """The containers of which an item is a key of a dictionary."""
    found: dict[str, None] = {}
    for node in ast.walk(file.tree):
        for key in node.keys if isinstance(node, ast.Dict) else ():
            if (
                isinstance(key, ast.Subscript)
                and isinstance(key.value, ast.Name)
                and isinstance(key.slice, ast.Constant)
            ):
                found[key.value.id] = None
    return list(found)


def _display(file: Source, name: str) -> tuple[ast.Assign | None, dict]:
    stores = [
        n for n in ast.walk(file.tree) if isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load)
    ]
    parameters = [n for n in ast.walk(file.tree) if isinstance(n, ast.arg) and n.arg == name]
    if len(stores) != 1 or parameters:
        return None, {}
    statement = file.parents[stores[0]]
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1 or statement.targets[0] is not stores[0]:
        return None, {}
    value = statement.value
    if isinstance(value, ast.Dict) and all(isinstance(k, ast.Constant) for k in value.keys):
        return statement, {k.value: v for k, v in zip(value.keys, value.values)}
    if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "dict" and not value.args:
        return statement, {k.arg: k.value for k in value.keywords}
    if isinstance(value, (ast.Tuple, ast.List)):
        return statement, dict(enumerate(value.elts))
    return None, {}


def _key(file: Source, use: ast.Name):
    parent = file.parents[use]
    if isinstance(parent, ast.Subscript) and parent.value is use and isinstance(parent.ctx, ast.Load):
        return getattr(parent.slice, "value", None)
    return None


def _bindings(file: Source, name: str) -> int:
    return sum(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in ast.walk(file.tree))
