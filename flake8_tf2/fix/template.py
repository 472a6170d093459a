"""Templates of fixes: `tf.cast({x}, tf.float32)`, filled with the arguments of a call by the smallest edits.

A hole names a parameter of TF1's signature, or `{self}`, what a method is called on:

    {x}          the argument; without it the fix does not apply
    {x?}         the argument, or nothing: its keyword and comma go, too
    {x=1.0}      the argument, or this text
"""

from __future__ import annotations

import ast
import functools
import re
from typing import NamedTuple

from flake8_tf2.fix.text import Refused

_HOLE = re.compile(r"\{(\w+|\#\d+)(\?|=[^{}]*)?\}")


class Hole(NamedTuple):
    """A place in a template for the text of a parameter.

    bare: it stands where any expression may stand. operand: beside an operator, where a number needs no parentheses.
    """

    parameter: str
    bare: bool
    operand: bool = False


class Name(NamedTuple):
    """A full name in a template, such as `tf.math.log`, which each file spells in its own way."""

    name: str


class Template(NamedTuple):
    """A template without its optional parts: texts, names and holes in their order. atomic: needs no parentheses."""

    parts: tuple[str | Hole | Name, ...]
    atomic: bool


def parameters(template: str) -> list[str]:
    """The parameters that a template names."""
    return [match[1] for match in _HOLE.finditer(template)]


@functools.lru_cache(maxsize=512)
def parse(template: str, given: frozenset[str]) -> Template:
    """The template for calls that give these parameters. Raises Refused for one that lacks a parameter it needs."""
    for match in list(_HOLE.finditer(template)):
        parameter, rest = match[1], match[2] or ""
        if parameter in given:
            template = template.replace(match[0], "{" + parameter + "}")
        elif rest == "?":
            template = re.sub(r"(\w+\s*=\s*)?" + re.escape(match[0]), "\0", template, count=1)
        elif rest:
            template = template.replace(match[0], rest[1:])
        else:
            raise Refused(f"the call does not give {parameter}")
    template = re.sub(r",\s*\0", "", template)
    template = re.sub(r"\0,?\s*", "", template)
    return _split(template)


def _split(template: str) -> Template:
    names: list[str] = []

    def stand_in(match: re.Match) -> str:
        names.append(match[1])
        return f"hole_{len(names) - 1}_"

    code = _HOLE.sub(stand_in, template)
    tree = ast.parse(code, mode="eval").body
    places: list[tuple[int, int, Hole | Name]] = []
    _collect(tree, None, names, places)
    parts: list[str | Hole | Name] = []
    at = 0
    encoded = code.encode("utf-8")
    for start, end, part in sorted(places, key=lambda p: p[:2]):
        if start > at:
            parts.append(encoded[at:start].decode("utf-8"))
        parts.append(part)
        at = end
    parts.append(encoded[at:].decode("utf-8"))
    return Template(tuple(p for p in parts if p != ""), is_atomic(tree))


def _collect(node: ast.AST, parent: ast.AST | None, names: list[str], places: list) -> None:
    if isinstance(node, ast.Name) and (match := re.fullmatch(r"hole_(\d+)_", node.id)):
        hole = Hole(
            names[int(match[1])], is_bare(node, parent), isinstance(parent, (ast.BinOp, ast.UnaryOp, ast.Compare))
        )
        places.append((node.col_offset, node.end_col_offset, hole))
        return
    if isinstance(node, (ast.Attribute, ast.Name)):
        dotted = _dotted(node)
        if dotted:
            places.append((node.col_offset, node.end_col_offset, Name(dotted)))
            return
    for child in ast.iter_child_nodes(node):
        _collect(child, node, names, places)


def _dotted(node: ast.expr) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or re.fullmatch(r"hole_\d+_", node.id):
        return ""
    return ".".join([node.id, *reversed(parts)])


_ATOMS = (
    ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant, ast.List, ast.Dict, ast.Set, ast.ListComp,
    ast.SetComp, ast.DictComp, ast.JoinedStr,
)  # fmt: skip


def is_atomic(node: ast.expr) -> bool:
    """Whether an expression can stand before a dot or beside an operator without parentheses."""
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, (int, float, complex)) or isinstance(node.value, bool)
    return isinstance(node, _ATOMS)


def is_bare(node: ast.expr, parent: ast.AST | None) -> bool:
    """Whether any expression can take the place of this child without parentheses around it."""
    if isinstance(parent, ast.Call):
        return node is not parent.func
    if isinstance(parent, (ast.List, ast.Tuple, ast.keyword, ast.Set, ast.Dict, ast.Return, ast.Expr)):
        return True
    if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        return True
    return isinstance(parent, ast.Subscript) and node is parent.slice or parent is None
