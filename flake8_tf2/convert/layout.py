"""Text of statements that is changed, moved and indented anew, without touching what stands in strings."""

from __future__ import annotations

import ast
import io
import tokenize

from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.fix.text import Text


class Rewriter:
    """A source with edits by offsets; an edit that lies within another is part of its text, and is left out."""

    def __init__(self, source: Source | Text):
        self.text: Text = source.text if isinstance(source, Source) else source
        self.edits: dict[tuple[int, int], str] = {}

    def replace(self, node: ast.AST, text: str) -> None:
        """Write a text in the place of a node."""
        self.edits[self.text.range(node)] = text

    def render(self, start: int, end: int, but: tuple[int, int] | None = None) -> str:
        """The text between two offsets, with the edits in it; `but` that one."""
        parts, at = [], start
        inside = [(s, e, t) for (s, e), t in self.edits.items() if start <= s and e <= end and (s, e) != but]
        for begin, stop, text in sorted(inside, key=lambda edit: (edit[0], edit[0] != edit[1], -edit[1])):
            if begin < at:
                continue  # within the one before
            parts += [self.text.text[at:begin], text]
            at = stop
        parts.append(self.text.text[at:end])
        return "".join(parts)

    def of(self, node: ast.AST) -> str:
        """The text of a node with the edits in it, also where the node itself is replaced."""
        start, end = self.text.range(node)
        return self.render(start, end)

    def inside(self, node: ast.AST) -> str:
        """The text of a node with the edits in it, but for one that replaces the node itself."""
        start, end = self.text.range(node)
        return self.render(start, end, (start, end))

    def statement(self, node: ast.stmt) -> str:
        """The lines of a statement, at the left margin, without what stands behind it on other lines."""
        start, end = self.text.range(node)
        line_start = self.text.offset(node.lineno, 0)
        if self.text.text[line_start:start].strip():
            raise Stuck(node, "several statements on one line")
        stop = self.text.text.find("\n", end)
        stop = len(self.text.text) if stop < 0 else stop
        tail = self.text.text[end:stop]
        if tail.strip().startswith(";"):
            raise Stuck(node, "several statements on one line")
        return shift(self.text.text[line_start:start] + self.render(start, end) + tail.rstrip(), -(start - line_start))


def shift(text: str, by: int) -> str:
    """A text with its lines moved right or left, but for those that begin within a string."""
    lines = text.split("\n")
    kept = string_lines(text)
    for number, line in enumerate(lines):
        if number in kept or not line.strip():
            continue
        if by >= 0:
            lines[number] = " " * by + line
        else:
            blank = len(line) - len(line.lstrip())
            lines[number] = line[min(-by, blank) :]
    return "\n".join(lines)


def string_lines(text: str) -> set[int]:
    """The lines, from 0, that begin within a string."""
    found: set[int] = set()
    lines = text.split("\n")
    indented = next((line for line in lines if line.strip()), "")[:1] in (" ", "\t")
    prefix = "if 1:\n" if indented else ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(prefix + text).readline):
            is_string = token.type == tokenize.STRING or tokenize.tok_name[token.type] == "FSTRING_MIDDLE"
            if is_string and token.end[0] > token.start[0]:
                found.update(range(token.start[0], token.end[0]))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return {number - prefix.count("\n") for number in found}


def comment_lines(lines: list[str], first: int) -> list[int]:
    """The lines of the comments directly above a line."""
    found = []
    number = first - 1
    while number >= 1 and lines[number - 1].lstrip().startswith("#"):
        found.append(number)
        number -= 1
    if number == 0 or found and found[-1] == 1:
        return []  # the head of the file
    return found[::-1]
