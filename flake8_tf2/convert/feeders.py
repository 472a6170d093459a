"""Functions that build dictionaries of feeds: they stay, and give dictionaries of the parameters' names."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Iterator, NamedTuple

if TYPE_CHECKING:
    from flake8_tf2.convert.model import Program


class Shown(NamedTuple):
    """The dictionaries that an expression may give, as they stand in the file, and the keys that are set in them."""

    place: tuple[int, int]
    displays: list[ast.Dict]
    keys: list[ast.expr]


def shown(node: ast.expr | None, functions: dict[str, ast.FunctionDef]) -> Shown | None:
    """What feeds an expression gives: a dictionary that stands there, or the call of a function that builds one."""
    place = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    if isinstance(node, ast.Dict):
        return Shown(place, [node], [])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
        built = _built(functions[node.func.id])
        return None if built is None else Shown(place, *built)
    return None


def _built(function: ast.FunctionDef) -> tuple[list[ast.Dict], list[ast.expr]] | None:
    """The displays and the further keys of the dictionary that a function returns."""
    displays: list[ast.Dict] = []
    keys: list[ast.expr] = []
    returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return)]
    for value in returned:
        if isinstance(value, ast.Dict):
            displays.append(value)
            continue
        if not isinstance(value, ast.Name):
            return None
        for name in ast.walk(function):
            if not isinstance(name, ast.Name) or name.id != value.id:
                continue
            parent = next(p for p in ast.walk(function) if name in ast.iter_child_nodes(p))
            if isinstance(name.ctx, ast.Store):
                if not isinstance(parent, ast.Assign) or not isinstance(parent.value, ast.Dict):
                    return None
                displays.append(parent.value)
            elif isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Store):
                keys.append(parent.slice)
            elif not isinstance(parent, ast.Return):
                return None
    return (list(dict.fromkeys(displays)), list(dict.fromkeys(keys))) if displays else None


def builds_feeds(program: "Program", function: ast.FunctionDef) -> bool:
    """Whether a function builds feeds, and uses tensors of the graph only as their keys."""
    built = _built(function)
    if built is None:
        return False
    displays, keys = built
    allowed = {id(n) for d in displays for k in d.keys if k is not None for n in ast.walk(k)}
    allowed |= {id(n) for k in keys for n in ast.walk(k)}
    used = list(_graph_names(program, function))
    return bool(used) and all(id(n) in allowed for n in used)


def _graph_names(program: "Program", function: ast.FunctionDef) -> Iterator[ast.Name]:
    from flake8_tf2.convert.model import INPUT, MOVES  # which imports this module

    graph = {
        name
        for name, units in program.reads(function, program.definitions).items()
        if any(unit.fate in (INPUT, MOVES) for unit in units)
    }
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in graph:
            yield node
