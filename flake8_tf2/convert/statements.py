"""Programs in the form that the converter reads: one statement on a line."""

from __future__ import annotations

import ast

from flake8_tf2.fix.text import Text
from flake8_tf2.positions import split_lines


def one_a_line(source: str) -> str:
    """A source with each statement on lines of its own, where several stood on one."""
    for _ in range(2):  # what stands in a body on the line of its head first
        tree = ast.parse(source)
        text = Text(split_lines(source))
        edits: list[tuple[int, int, str]] = []
        for node in ast.walk(tree):
            for name in ("body", "orelse", "finalbody"):
                body = getattr(node, name, None)
                if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                    edits += _split(text, node, body)
        if not edits:
            return source
        for start, end, new in sorted(edits, reverse=True):
            source = text.text[:start] + new + text.text[end:]
            text = _Flat(source)
    return source


class _Flat:
    def __init__(self, text: str):
        self.text = text


def _split(text: Text, node: ast.AST, body: list[ast.stmt]) -> list[tuple[int, int, str]]:
    edits = []
    several = any(a.end_lineno == b.lineno for a, b in zip(body, body[1:]))
    is_compound = isinstance(node, (ast.With, ast.For, ast.While, ast.If))
    on_head = is_compound and body is node.body and body[0].lineno == node.lineno
    if on_head and (several or isinstance(node, ast.With)):
        start = text.range(body[0])[0]
        at = len(text.text[:start].rstrip())
        return [(at, start, "\n" + " " * (node.col_offset + 4))]
    if on_head:
        return []
    for one, other in zip(body, body[1:]):
        if one.end_lineno == other.lineno:
            edits.append((text.range(one)[1], text.range(other)[0], "\n" + " " * body[0].col_offset))
    last = body[-1]
    end = text.range(last)[1]
    stop = text.text.find("\n", end)
    tail = text.text[end : stop if stop >= 0 else len(text.text)]
    if tail.strip().startswith(";"):
        at = end + tail.index(";")
        edits.append((end, at + 1, ""))
    return edits
