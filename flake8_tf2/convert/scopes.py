"""The names in code, with those that the scopes around each bind."""

from __future__ import annotations

import ast
from typing import Iterator

from flake8_tf2.convert.kinds import bound_names

#: What has names of its own, but for classes.
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def first_line(node: ast.stmt) -> int:
    """The line, from 1, on which a statement or its first decorator begins."""
    decorators = getattr(node, "decorator_list", None)
    return decorators[0].lineno if decorators else node.lineno


def bound_in(node: ast.AST) -> set[str]:
    """The names that a scope binds itself."""
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    bound = {a.arg for a in named if a is not None}
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        declared = {n for s in ast.walk(node) if isinstance(s, (ast.Global, ast.Nonlocal)) for n in s.names}
        bound |= set().union(set(), *(bound_names(s) for s in node.body)) - declared
    return bound


def names_in(node: ast.AST, inner: frozenset[str] = frozenset()) -> Iterator[tuple[ast.Name, frozenset[str]]]:
    """The names in a node, each with those that the scopes in the node around it bind."""
    if isinstance(node, ast.Name):
        yield node, inner
        return
    if isinstance(node, SCOPES):
        outside = [*getattr(node, "decorator_list", [])]
        if hasattr(node, "args"):
            outside += [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        for child in outside:
            yield from names_in(child, inner)
        within = inner | bound_in(node)
        for child in ast.iter_child_nodes(node):
            if child not in outside and not isinstance(child, ast.arguments):
                yield from names_in(child, within)
        return
    if isinstance(node, ast.ClassDef):
        within = inner | set().union(set(), *(bound_names(s) for s in node.body))
        for child in ast.iter_child_nodes(node):  # methods do not see the names of the class
            is_method = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef))
            yield from names_in(child, within if child in node.body and not is_method else inner)
        return
    for child in ast.iter_child_nodes(node):
        yield from names_in(child, inner)
