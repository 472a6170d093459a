"""Loops that feed the parts of a state one by one: as one feed of the state, which TF1 took as well."""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options

#: The parts of `LSTMStateTuple`, in their order.
_FIELDS = ("c", "h")


def fed_at_once(source: str, options: Options) -> str:
    """A source with `feed[state] = value` where a loop says so for each part of the state."""
    if "enumerate(" not in source and "zip(" not in source:
        return source
    file = Source(source, options)
    rewriter = Rewriter(file)
    for node in ast.walk(file.tree):
        found = _feed(file, node) if isinstance(node, ast.For) else ""
        if found:
            rewriter.replace(node, found)
    return rewriter.render(0, len(file.text.text))


def _feed(file: Source, node: ast.For) -> str:
    """The statement that stands for a loop; "" where it is no such loop."""
    function = getattr(getattr(node.iter, "func", None), "id", "")
    if not isinstance(node.target, ast.Tuple) or len(node.target.elts) != 2 or node.orelse:
        return ""
    one, other = node.target.elts
    if function == "enumerate" and len(node.iter.args) == 1 and isinstance(one, ast.Name):
        state, parts, number, value = node.iter.args[0], other, one.id, ""
    elif function == "zip" and len(node.iter.args) == 2 and isinstance(other, ast.Name):
        state, parts, number, value = node.iter.args[0], one, "", file.of(node.iter.args[1])
    else:
        return ""
    names = [n.id for n in parts.elts if isinstance(n, ast.Name)] if isinstance(parts, ast.Tuple) else []
    if not names or len(names) != len(parts.elts) or len(node.body) != len(names):
        return ""
    feeds, values = set(), set()
    for name, position in zip(names, range(len(names))):
        given = _given(node.body, name)
        if given is None:
            return ""
        feed, part = given
        feeds.add(file.of(feed))
        is_field = isinstance(part, ast.Attribute) and part.attr == dict(enumerate(_FIELDS)).get(position)
        if not is_field and not (isinstance(part, ast.Subscript) and _is_number(part.slice, position)):
            return ""
        whole = part.value
        if number:
            if not (isinstance(whole, ast.Subscript) and getattr(whole.slice, "id", "") == number):
                return ""
            values.add(file.of(whole.value))
        elif getattr(whole, "id", "") == other.id:
            values.add(value)
        else:
            return ""
    return f"{feeds.pop()}[{file.of(state)}] = {values.pop()}" if len(feeds) == len(values) == 1 else ""


def _given(body: list[ast.stmt], name: str) -> tuple[ast.expr, ast.expr] | None:
    """The feeds that a part is set in, and its value."""
    for statement in body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) and len(statement.targets) == 1 else None
        if isinstance(target, ast.Subscript) and getattr(target.slice, "id", "") == name:
            return target.value, statement.value
    return None


def _is_number(node: ast.expr, number: int) -> bool:
    return isinstance(node, ast.Constant) and node.value == number
