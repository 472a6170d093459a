"""Names that stand for several variables in turn, told apart: functions see only what a name stood for last."""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.model import STAYS, Program, Unit
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options


def told_apart(source: str, options: Options) -> str:
    """A source in which `W = tf.Variable(...)`, said twice, are two names, where each use means one of them."""
    file = Source(source, options)
    try:
        program = Program(file)
    except Stuck:
        return source  # it is told when the program is read for good
    rewriter = Rewriter(file)
    taken = set(file.names)
    for name, units in _bound_again(program).items():
        renamed = [u for u in units if u.fate == STAYS and _is_plain(u, name)]
        users = {u: [v for v in program.units if u in v.reads.get(name, ())] for u in renamed}
        if not renamed or any(v.reads[name] != {u} for u, group in users.items() for v in group):
            continue
        if any(isinstance(v.node, (ast.FunctionDef, ast.ClassDef)) for group in users.values() for v in group):
            continue
        if _is_read_by_functions(program, name):
            continue
        for unit in renamed:
            new, number = f"{name}_{renamed.index(unit) + 1}", renamed.index(unit) + 1
            while new in taken:
                number += 1
                new = f"{name}_{number}"
            taken.add(new)
            for target in unit.node.targets:
                for node in ast.walk(target):
                    if isinstance(node, ast.Name) and node.id == name:
                        rewriter.replace(node, new)
            for user in users[unit]:
                for node in ast.walk(user.node):
                    if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                        rewriter.replace(node, new)
    return rewriter.render(0, len(file.text.text))


def _bound_again(program: Program) -> dict[str, list[Unit]]:
    """The names that several statements of the graph bind, and which do."""
    found: dict[str, list[Unit]] = {}
    for unit in program.units:
        if unit.region is program.scope:
            for name in unit.binds:
                found.setdefault(name, []).append(unit)
    return {name: units for name, units in found.items() if len(units) > 1 and any(u.value.of_runs for u in units) or
            len([u for u in units if u.value.kinds & {"variable"}]) > 1}  # fmt: skip


def _is_plain(unit: Unit, name: str) -> bool:
    return isinstance(unit.node, ast.Assign) and not unit.weak and not unit.sites and all(
        isinstance(t, (ast.Name, ast.Tuple)) for t in unit.node.targets
    )  # fmt: skip


def _is_read_by_functions(program: Program, name: str) -> bool:
    from flake8_tf2.convert.kinds import free_names

    return any(name in free_names(function) for function in program.evaluator.functions.values())
