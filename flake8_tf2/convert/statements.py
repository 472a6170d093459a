"""Programs in the form that the converter reads: one statement on a line, each train op a statement."""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.source import Source
from flake8_tf2.fix.text import Text
from flake8_tf2.options import Options
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
        flat = text.text
        for start, end, new in sorted(edits, reverse=True):
            flat = flat[:start] + new + flat[end:]
        source = flat
    return source


def _split(text: Text, node: ast.AST, body: list[ast.stmt]) -> list[tuple[int, int, str]]:
    edits = []
    several = any(a.end_lineno == b.lineno for a, b in zip(body, body[1:]))
    first = body[0]
    start = text.range(first)[0]
    head = text.text[text.offset(first.lineno, 0) : start]
    if head.strip() and not getattr(
        first, "decorator_list", None
    ):  # on the line of a head: `with tf.Session() as s: ...`
        if several or isinstance(node, ast.With):
            at = len(text.text[:start].rstrip())
            return [(at, start, "\n" + " " * (len(head) - len(head.lstrip()) + 4))]
        return []
    for one, other in zip(body, body[1:]):
        if one.end_lineno == other.lineno:
            edits.append((text.range(one)[1], text.range(other)[0], "\n" + " " * first.col_offset))
    end = text.range(body[-1])[1]
    stop = text.text.find("\n", end)
    tail = text.text[end : stop if stop >= 0 else len(text.text)]
    if tail.strip().startswith(";"):
        at = end + tail.index(";")
        edits.append((end, at + 1, ""))
    return edits


def train_ops_apart(source: str, options: Options) -> str:
    """A source whose train ops that are made within a group of ops are statements of their own, before it."""
    if "group(" not in source:
        return source
    file = Source(source, options)
    rewriter = Rewriter(file)
    taken = set(file.names)
    for node in sorted(_grouped(file), key=lambda n: (n.lineno, n.col_offset)):
        statement: ast.AST = node
        while not isinstance(statement, ast.stmt):
            statement = file.parents[statement]
        name, number = "update", 2
        while name in taken:
            name, number = f"update_{number}", number + 1
        taken.add(name)
        start = file.text.range(statement)[0]
        made = f"{name} = {file.of(node)}\n{' ' * statement.col_offset}"
        rewriter.edits[(start, start)] = rewriter.edits.get((start, start), "") + made
        rewriter.replace(node, name)
    return rewriter.render(0, len(file.text.text)) if rewriter.edits else source


def _grouped(file: Source) -> list[ast.Call]:
    """The train ops that stand in what `tf.group` is given, where that is a value of a statement."""
    found = []
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("minimize", "apply_gradients"):
            outer = file.parents[node]
            while isinstance(outer, (ast.List, ast.Tuple)):
                outer = file.parents[outer]
            is_group = isinstance(outer, ast.Call) and file.symbol(outer.func) == "tf.group"
            if is_group and isinstance(file.parents[outer], (ast.Assign, ast.Return)):
                found.append(node)
    return found
