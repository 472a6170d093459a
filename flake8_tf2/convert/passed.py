"""Tensors that are handed to functions which run them: the functions read them from around them instead."""

from __future__ import annotations

import ast
import builtins

from flake8_tf2.convert import kinds
from flake8_tf2.convert.kinds import free_names
from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.model import Program
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.convert.static import own_names
from flake8_tf2.options import Options

_MAX_ROUNDS = 8


def read_from_around(source: str, options: Options) -> str:
    """A source whose functions are not given tensors, ops or their containers, where every call gives the same.

    What the graph's own function binds is then read outside of it: `given_to_functions` mends that when all is written.
    """
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
    except Stuck:
        return None
    for function in file.tree.body:
        if not isinstance(function, ast.FunctionDef) or function is program.scope:
            continue
        calls = program.calls_of(function)
        if not calls or len(file.names[function.name]) != len(calls):
            continue
        for position, argument in enumerate(function.args.args):
            parameter = argument.arg
            given = [_given(call, position, parameter) for call in calls]
            if not all(isinstance(g, ast.Name) for g in given) or len({g.id for g in given}) != 1:
                continue
            name = given[0].id
            value = program.env.get(name, kinds.PYTHON)
            if not (value.of_runs or value.kinds & {kinds.NOTHING}) or not _is_of_graph(program, given):
                continue
            if kinds.VARIABLE in value.kinds and not value.holds or not _runs(program, function, parameter):
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


def _is_of_graph(program: Program, given: list[ast.Name]) -> bool:
    """Whether names are those of the scope that builds the graph, also where functions read them."""
    for node in given:
        owner = program.owner(node)
        if owner is not program.scope and (not isinstance(owner, ast.FunctionDef) or node.id in own_names(owner)):
            return False
    return True


def _runs(program: Program, function: ast.FunctionDef, parameter: str, seen: frozenset = frozenset()) -> bool:
    """Whether a function runs what a parameter stands for, or feeds it, itself or by others."""
    parents = program.source.parents
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and node.attr in ("run", "eval"):
            return True
        if isinstance(node, ast.Name) and node.id == parameter:
            parent = parents[node]
            if isinstance(parent, ast.Dict) and node in parent.keys:
                return True
            if isinstance(parent, ast.Subscript) and (parent.slice is node or _is_key(parents, parent)):
                return True
            if isinstance(parent, ast.Attribute) and _is_key(parents, parent):
                return True
            if isinstance(parent, ast.Assign) and parent.value is node and _feeds(function):
                return True
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in seen:
            called = program.evaluator.functions.get(node.func.id)
            for position, argument in enumerate(called.args.args if called is not None else ()):
                given = _given(node, position, argument.arg)
                if isinstance(given, ast.Name) and given.id == parameter:
                    if _runs(program, called, argument.arg, seen | {node.func.id}):
                        return True
    return False


def _is_key(parents: dict, node: ast.AST) -> bool:
    parent = parents[node]
    return isinstance(parent, ast.Dict) and node in parent.keys or (
        isinstance(parent, ast.Subscript) and parent.slice is node and isinstance(parent.ctx, ast.Store)
    )


def _feeds(function: ast.FunctionDef) -> bool:
    """Whether a function makes dictionaries whose keys are names."""
    return any(isinstance(n, ast.Dict) and any(isinstance(k, ast.Name) for k in n.keys) for n in ast.walk(function))


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
    defaults = dict(zip([*function.args.posonlyargs, *function.args.args][::-1], function.args.defaults[::-1]))
    defaults |= {a: d for a, d in zip(function.args.kwonlyargs, function.args.kw_defaults) if d is not None}
    start, end = file.text.range(arguments[index])
    end = file.text.range(defaults.get(arguments[index], arguments[index]))[1]
    if index + 1 < len(arguments):
        end = file.text.range(arguments[index + 1])[0]
    elif index:
        start = file.text.range(defaults.get(arguments[index - 1], arguments[index - 1]))[1]
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


def given_to_functions(source: str, options: Options) -> str:
    """A source whose functions are given what they read of the names that only their callers have."""
    while True:
        file = Source(source, options)
        found = next(_missing(file), None)
        if found is None:
            return source
        function, name = found
        calls = file.calls_by_name.get(function.name, [])
        if not calls or len(file.names[function.name]) != len(calls):
            return source
        rewriter = Rewriter(file)
        for place, given in [(function, function.args.args), *((c, [*c.args, *c.keywords]) for c in calls)]:
            at = file.text.text.index("(", file.text.range(place.func)[1] if isinstance(place, ast.Call) else
                                      file.text.offset(place.lineno, place.col_offset)) + 1  # fmt: skip
            rewriter.edits[(at, at)] = f"{name}, " if given else name
        source = rewriter.render(0, len(file.text.text))


def _missing(file: Source):
    """The functions of the module that read a name which the module does not have, but one of their callers."""
    module = own_names(file.tree) | set(dir(builtins))
    functions = [f for f in file.tree.body if isinstance(f, ast.FunctionDef)]
    callers_of: dict[str, list[ast.FunctionDef]] = {}
    for function in functions:
        for name in {n.func.id for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}:
            callers_of.setdefault(name, []).append(function)
    for function in functions:
        wanted = sorted(free_names(function) - module)
        if not wanted:
            continue
        callers = {function}
        waiting = [function]
        while waiting:
            new = [f for f in callers_of.get(waiting.pop().name, []) if f not in callers]
            callers.update(new)
            waiting += new
        for name in wanted:
            if any(name in own_names(f) for f in callers - {function}):
                yield function, name
