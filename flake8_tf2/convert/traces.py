"""Options and traces of runs, which functions do not have."""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.queues import delete
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options

_TRACES = ("tf.RunMetadata", "tf.RunOptions")


def untraced(source: str, options: Options) -> str:
    """A source whose runs are not traced. Raises Stuck where a trace is used."""
    file = Source(source, options)
    rewriter = Rewriter(file)
    kept: dict[str, ast.stmt] = {}
    for node in ast.walk(file.tree):
        symbol = file.symbol(node.func) if isinstance(node, ast.Call) else ""
        if symbol in _TRACES:
            statement = file.parents[node]
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                kept[statement.targets[0].id] = statement
            elif not isinstance(statement, (ast.Call, ast.keyword)):
                raise Stuck(node, "a trace of a run has no conversion: use tf.profiler")
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "run":
            _without_traces(file, rewriter, node, set(kept))
    for statement in kept.values():
        delete(file, rewriter, statement)
    text = rewriter.render(0, len(file.text.text))
    for node in ast.walk(ast.parse(text)) if kept else ():
        if isinstance(node, ast.Name) and node.id in kept:
            raise Stuck(kept[node.id], "a trace of a run has no conversion: use tf.profiler")
    return text


def _without_traces(file: Source, rewriter: Rewriter, call: ast.Call, names: set[str]) -> None:
    """Take options and traces out of the arguments of a run."""
    given = [*call.args[2:], *(k.value for k in call.keywords if k.arg in ("options", "run_metadata"))]
    if not given or not all(_is_trace(file, g, names) for g in given):
        return
    kept = [file.of(a) for a in call.args[:2]]
    kept += [f"{k.arg}={file.of(k.value)}" for k in call.keywords if k.arg not in ("options", "run_metadata")]
    rewriter.replace(call, f"{file.of(call.func)}({', '.join(kept)})")


def _is_trace(file: Source, node: ast.expr, names: set[str]) -> bool:
    if isinstance(node, ast.Call):
        return file.symbol(node.func) in _TRACES
    return isinstance(node, ast.Name) and node.id in names or isinstance(node, ast.Constant) and node.value is None
