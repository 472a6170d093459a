"""Graph building within loops and branches that run things: before them, where it means the same."""

from __future__ import annotations

import ast

from flake8_tf2.convert.kinds import bound_names, free_names
from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options

_COMPOUND = (ast.For, ast.While, ast.If, ast.Try, ast.With)


def before_loops(source: str, options: Options) -> str:
    """A source in which tensors that are built next to what runs them, within a loop or branch, are built before it.

    So are optimizers that only compute gradients there, which takes no state of theirs. Only what reads nothing that
    the loop binds: each turn would build the same.
    """
    file = Source(source, options)
    rewriter = Rewriter(file)
    moved: dict[ast.stmt, list[str]] = {}
    for statement, outer in _candidates(file):
        text = rewriter.statement(statement)
        moved.setdefault(outer, []).append(text)
        start = file.text.offset(statement.lineno, 0)
        end = file.text.range(statement)[1]
        stop = file.text.text.find("\n", end)
        tail = file.text.text[end : stop if stop >= 0 else len(file.text.text)]
        if tail.strip() and not tail.strip().startswith("#"):
            raise Stuck(statement, "several statements on one line")
        body = next(b for b in _bodies(file.parents[statement]) if statement in b)
        if all(s is statement or s in {c for c, _ in _candidates(file)} for s in body):
            rewriter.edits[(start, end)] = " " * statement.col_offset + "pass"
        else:
            rewriter.edits[(start, stop + 1 if stop >= 0 else len(file.text.text))] = ""
    for outer, texts in moved.items():
        at = file.text.offset(outer.lineno, 0)
        text = "".join(shift(t, outer.col_offset) + "\n" for t in texts)
        rewriter.edits[(at, at)] = text
    return rewriter.render(0, len(file.text.text)) if moved else source


def _bodies(node: ast.AST):
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, None)
        if isinstance(body, list):
            yield body
    for handler in getattr(node, "handlers", ()):
        yield handler.body


def _candidates(file: Source) -> list[tuple[ast.Assign, ast.stmt]]:
    """The statements to move, in order, and the outermost loop or branch that each stands in."""
    found: list[tuple[ast.Assign, ast.stmt]] = []
    names: dict[ast.stmt, set[str]] = {}
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
            continue
        outer = _outermost(file, node)
        if outer is None or not (_runs(outer) and _builds(file, node.value) or _only_differentiates(file, outer, node)):
            continue
        bound = names.setdefault(outer, set().union(*(bound_names(s) for s in [outer])))
        target = node.targets[0].id
        hoisted = {s.targets[0].id for s, o in found if o is outer}
        if free_names(node.value) & (bound - hoisted) or _stores(outer, target) > 1 or _stores(file.tree, target) > 1:
            continue
        found.append((node, outer))
    return sorted(found, key=lambda pair: pair[0].lineno)


def _outermost(file: Source, node: ast.AST) -> ast.stmt | None:
    """The outermost compound statement of the same function, but for sessions and graphs around."""
    outer = None
    while not isinstance(node, (ast.FunctionDef, ast.Module, ast.Lambda, ast.ClassDef)):
        node = file.parents[node]
        if isinstance(node, _COMPOUND) and not _is_context(file, node) and not _is_main(node):
            outer = node
    return outer


def _is_context(file: Source, node: ast.stmt) -> bool:
    if not isinstance(node, ast.With):
        return False
    for item in node.items:
        call = item.context_expr
        symbol = file.symbol(call.func) if isinstance(call, ast.Call) else ""
        if not symbol and not (
            isinstance(call, ast.Name) or getattr(getattr(call, "func", None), "attr", "") == "as_default"
        ):
            return False
    return True


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)


def _runs(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr in ("run", "eval") for n in ast.walk(node))


def _builds(file: Source, node: ast.expr) -> bool:
    """Whether an expression is a call of an op, with nothing that runs, makes state or draws."""
    if not isinstance(node, ast.Call) or _runs(node):
        return False
    symbol = file.symbol(node.func)
    if not symbol or file.role(symbol) is not Role.TENSOR:
        return False
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            inner_symbol = file.symbol(inner.func)
            if inner_symbol and file.role(inner_symbol) not in (Role.TENSOR, Role.HOST):
                return False
    return True


def _only_differentiates(file: Source, outer: ast.stmt, node: ast.Assign) -> bool:
    """Whether a statement makes an optimizer that a loop only computes gradients with."""
    if file.called_role(node.value) is not Role.OPTIMIZER:
        return False
    uses = [n for n in ast.walk(outer) if isinstance(n, ast.Name) and n.id == node.targets[0].id]
    return all(n is node.targets[0] or getattr(file.parents[n], "attr", "") == "compute_gradients" for n in uses)


def _stores(node: ast.AST, name: str) -> int:
    return sum(isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load) for n in ast.walk(node))
