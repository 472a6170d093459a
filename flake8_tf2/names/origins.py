"""Which calls made what an expression stands for: `labels` in `loss(labels)` was made by `tf.placeholder`."""

from __future__ import annotations

import ast

from flake8_tf2.names.scopes import Binding, Scope
from flake8_tf2.names.values import Resolver

#: What made it is not a call of TensorFlow that the file shows.
ELSEWHERE = ""
_MAX_STEPS = 50


def makers(resolver: Resolver, node: ast.expr, scope: Scope, block: int) -> set[str]:
    """The symbols of the calls that made a value, through names, attributes of self, indexing and displays.

    A method is named by the class of its receiver: `tf.data.Iterator.get_next`. ELSEWHERE stands for all else.
    """
    kept = resolver.made_by.get(node)
    if kept is None:
        kept = resolver.made_by[node] = _makers(resolver, node, scope, block)
    return kept


def _makers(resolver: Resolver, node: ast.expr, scope: Scope, block: int) -> set[str]:
    found: set[str] = set()
    work: list[tuple[ast.expr, Scope, int]] = [(node, scope, block)]
    seen: set[ast.AST] = set()
    while work:
        node, scope, block = work.pop()
        if node in seen:
            continue
        seen.add(node)
        if len(seen) > _MAX_STEPS:
            return {*found, ELSEWHERE}
        cls = node.__class__
        if cls is ast.Call:
            found |= called(resolver, node, scope, block)
        elif cls is ast.Subscript:
            work.append((node.value, scope, block))
        elif cls is ast.List or cls is ast.Tuple:
            work += [(element, scope, block) for element in node.elts]
        elif cls is ast.IfExp:
            work += [(node.body, scope, block), (node.orelse, scope, block)]
        else:
            bindings = bindings_of(resolver, node, scope, block)
            if not bindings:
                found.add(ELSEWHERE)
            for binding in bindings:
                while binding.kind == "part":  # of what is unpacked, the whole was made by the same call
                    binding = binding.node[0]
                if binding.kind == "value" and isinstance(binding.node, ast.expr):
                    work.append((binding.node, binding.scope, binding.block))
                else:
                    found.add(ELSEWHERE)
    return found


def bindings_of(resolver: Resolver, node: ast.expr, scope: Scope, block: int) -> list[Binding]:
    """What binds a name, or an attribute of an object of the file; `self.x = None` only says that it comes later."""
    if node.__class__ is ast.Name:
        found = resolver.lookup(node.id, scope, (node.lineno, node.col_offset), block) or []
    elif node.__class__ is ast.Attribute:
        objects = resolver.values(node.value, scope, block)
        found = [b for v in objects if v.kind == "object" for b in v.scope.attributes.get(node.attr, ())]
    else:
        return []
    return [b for b in found if getattr(b.node, "value", ...) is not None or not isinstance(b.node, ast.Constant)]


def called(resolver: Resolver, node: ast.Call, scope: Scope, block: int) -> set[str]:
    """The symbols that a call may call, methods named by the class of their receiver; ELSEWHERE where none is known."""
    function = node.func
    names = set(resolver.callees.get(node, ()))
    if not names:
        names = {v.name for v in resolver.values(function, scope, block) if v.kind == "symbol"}
    if not names and function.__class__ is ast.Attribute:
        for value in resolver.values(function.value, scope, block):
            if value.kind == "instance":
                bases = resolver.table.bases(value.name)
                defining = (b for b in bases if f"{b}.{function.attr}" in resolver.receivers.returns)
                names.add(f"{next(defining, bases[0])}.{function.attr}")
    return {resolver.table.canonical(name) for name in names} or {ELSEWHERE}
