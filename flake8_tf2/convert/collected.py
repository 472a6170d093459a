"""Which collections the code of a program adds to, and which it gets."""

from __future__ import annotations

import ast

from flake8_tf2.convert.source import Source

#: Layers that collect updates.
NORMALIZATIONS = ("batch_normalization", "batch_norm", "BatchNormalization", "BatchNorm")


def keys_of(source: Source, functions: dict[str, ast.FunctionDef], node: ast.AST, called: str) -> set[str]:
    """The keys of the collections that code adds to or gets, also in functions that it calls; "*" of a computed one.

    called: "add_to_collection" or "get_collection". Batch normalisation adds to "update_ops".
    """
    found: set[str] = set()
    seen: set[str] = set()
    work = [node]
    while work:
        for inner in ast.walk(work.pop()):
            if isinstance(inner, ast.Name) and inner.id in functions and inner.id not in seen:
                seen.add(inner.id)
                work.append(functions[inner.id])
            if not isinstance(inner, ast.Call):
                continue
            if getattr(inner.func, "id", "") == called and inner.args:
                found |= _texts(inner.args[0])
            elif called == "add_to_collection" and source.symbol(inner.func).rpartition(".")[2] in NORMALIZATIONS:
                found.add("update_ops")
    return found


def _texts(node: ast.expr) -> set[str]:
    elements = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    return {e.value if isinstance(e, ast.Constant) and isinstance(e.value, str) else "*" for e in elements}


def may_be_below(source: Source, functions: dict[str, ast.FunctionDef], unit, scope: str) -> bool:
    """Whether updates of batch normalisation that a statement collects may have names that begin with a scope."""
    around = [_scope_name(source, item.context_expr) for outer in unit.around for item in outer.items]
    heads = [head for head in around if head]
    if heads:
        return _related(heads[0], scope)
    found: list[str] = []
    for name in [n.id for n in ast.walk(unit.node) if isinstance(n, ast.Name) and n.id in functions]:
        for call in ast.walk(functions[name]):
            symbol = source.symbol(call.func) if isinstance(call, ast.Call) else ""
            if symbol.rpartition(".")[2] in NORMALIZATIONS:
                found.append(_outermost_scope(source, functions[name], call))
            elif isinstance(call, ast.Call) and getattr(call.func, "id", "") in functions:
                if keys_of(source, functions, call, "add_to_collection"):
                    found.append(_outermost_scope(source, functions[name], call))
    return not found or not all(found) or any(_related(head, scope) for head in found)


def _related(head: str, scope: str) -> bool:
    return head.startswith(scope) or scope.startswith(head)


def _scope_name(source: Source, node: ast.expr) -> str:
    symbol = source.symbol(node.func) if isinstance(node, ast.Call) else ""
    if symbol.rpartition(".")[2] != "variable_scope" or not node.args:
        return ""
    return str(getattr(node.args[0], "value", ""))


def _outermost_scope(source: Source, function: ast.FunctionDef, node: ast.AST) -> str:
    found = ""
    while node is not function:
        node = source.parents[node]
        for item in node.items if isinstance(node, ast.With) else ():
            found = _scope_name(source, item.context_expr) or found
    return found
