"""Graphs for writers: that of the function that trains, written where the writer is made or as soon as it is there."""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import shift
from flake8_tf2.convert.summaries import GRAPH_MARK


def write(writer) -> None:
    """Put statements that write a graph where there are marks, or behind a function, or leave them out."""
    for unit in writer.program.units:
        for node in ast.walk(unit.node):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == GRAPH_MARK:
                _write(writer, unit, node)


def _write(writer, unit, node: ast.Call) -> None:
    statement = writer.source.parents[node]
    function = _function(writer, unit)
    if function is None:
        writer._delete(statement)
        return
    name = writer.rewriter.of(node.args[0])
    text = (
        f"with {name}.as_default():\n"
        f"    {writer.tf}.summary.graph({function.name}.get_concrete_function().graph)"
    )
    last = writer.placed[function]
    if last.number < unit.number:
        indent = statement.col_offset
        writer.rewriter.replace(statement, shift(text, indent).lstrip())
        return
    writer._delete(statement)
    writer.loose.setdefault(last, []).append(text)


def _function(writer, unit):
    """The function whose graph is shown: one that trains, else the first; with all its inputs known."""
    known = [f for f in writer.functions if f in writer.placed and _has_signature(writer, f)]
    before = [f for f in known if writer.placed[f].number < unit.number]
    if not before:
        before = [f for f in known if unit.node in writer.source.tree.body or writer.placed[f].region is unit.region]
        before = before if isinstance(unit.node, ast.Expr) else []
    return next((f for f in before if f.slice.trains), before[0] if before else None)


def _has_signature(writer, function) -> bool:
    return all(feed.placeholder is not None for feed in writer.parameters(function))
