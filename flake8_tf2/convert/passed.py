"""Tensors that are handed to functions which run them: the functions read them from around them instead."""

from __future__ import annotations

import ast

from flake8_tf2.convert import kinds
from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.model import Program
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options

_MAX_ROUNDS = 8


def read_from_around(source: str, options: Options) -> str:
    """A source whose functions are not given tensors or ops, where every call gives the same of the module."""
    for _ in range(_MAX_ROUNDS):
        found = _step(source, options)
        if found is None:
            return source
        source = found
    return source


def _step(source: str, options: Options) -> str | None:
    file = Source(source, options)
    try:
        program = Program(file)
    except Stuck as stuck:
        program = getattr(stuck, "program", None)
        if program is None:
            return None
    if program.scope is not file.tree:
        return None
    for function in file.tree.body:
        if not isinstance(function, ast.FunctionDef) or not _runs(function):
            continue
        calls = program.calls_of(function)
        uses = sum(isinstance(n, ast.Name) and n.id == function.name for n in ast.walk(file.tree))
        parameters = [a.arg for a in function.args.args]
        if not calls or uses != len(calls):
            continue
        for position, parameter in enumerate(parameters[: len(parameters) - len(function.args.defaults)]):
            given = [_given(call, position, parameter) for call in calls]
            if not all(isinstance(g, ast.Name) for g in given) or len({g.id for g in given}) != 1:
                continue
            name = given[0].id
            value = program.env.get(name, kinds.PYTHON)
            is_graph = value.of_runs or value.kinds & {kinds.NOTHING}
            if not is_graph or kinds.VARIABLE in value.kinds or any(program.owner(g) is not file.tree for g in given):
                continue
            if name != parameter and any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(function)):
                continue
            if any(
                isinstance(n, ast.Name) and n.id == parameter and isinstance(n.ctx, ast.Store)
                for n in ast.walk(function)
            ):
                continue
            return _without(file, function, calls, parameter, position, name)
    return None


def _runs(function: ast.FunctionDef) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr in ("run", "eval") for n in ast.walk(function))


def _given(call: ast.Call, position: int, parameter: str) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == parameter:
            return keyword.value
    if position < len(call.args) and not any(isinstance(a, ast.Starred) for a in call.args):
        return call.args[position]
    return None


def _without(file: Source, function, calls, parameter: str, position: int, name: str) -> str:
    rewriter = Rewriter(file)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == parameter and name != parameter:
            rewriter.replace(node, name)
    remove_parameter(file, rewriter, function, parameter)
    for call in calls:
        remove_argument(file, rewriter, call, position, parameter)
    return rewriter.render(0, len(file.text.text))


def remove_parameter(file: Source, rewriter: Rewriter, function: ast.FunctionDef, parameter: str) -> None:
    """Take a parameter out of a function."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    index = next(i for i, a in enumerate(arguments) if a.arg == parameter)
    start, end = file.text.range(arguments[index])
    if index + 1 < len(arguments):
        end = file.text.range(arguments[index + 1])[0]
    elif index:
        start = file.text.range(arguments[index - 1])[1]
    rewriter.edits[(start, end)] = ""


def remove_argument(file: Source, rewriter: Rewriter, call: ast.Call, position: int, parameter: str) -> None:
    """Take an argument out of a call."""
    arguments = list(file.text.arguments(call).items())
    wanted = next((k.value for k in call.keywords if k.arg == parameter), None)
    if wanted is None and position < len(call.args):
        wanted = call.args[position]
    index = next(i for i, (value, _) in enumerate(arguments) if value is wanted)
    start, end = arguments[index][1].start, arguments[index][1].end
    if index + 1 < len(arguments):
        end = arguments[index + 1][1].start
    elif index:
        start = arguments[index - 1][1].end
    rewriter.edits[(start, end)] = ""
