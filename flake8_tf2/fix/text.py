"""The text of a file by offsets: where nodes stand, and the arguments of a call with their separators."""

from __future__ import annotations

import ast
import bisect
import io
import tokenize
from typing import NamedTuple

from flake8_tf2.finding import Edit, Span


class Refused(Exception):
    """A fix cannot be made at this place; the message says why."""


class Argument(NamedTuple):
    """An argument of a call in the source: from its first to its last character, keyword and parentheses included.

    value: where its value begins, behind `name=`. comma: the end of the comma behind it, or 0.
    """

    start: int
    value: int
    end: int
    comma: int


class Text:
    """A source with its lines joined by "\\n", whatever the file has; offsets are in characters."""

    def __init__(self, lines: list[str]):
        self.lines = lines
        self.text = "\n".join(lines)
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def offset(self, line: int, column: int) -> int:
        """The offset of a position as `ast` counts it: lines from 1, columns in UTF-8 bytes from 0."""
        text = self.lines[line - 1]
        if not text.isascii():
            column = len(text.encode("utf-8")[:column].decode("utf-8", "replace"))
        return self._starts[line - 1] + column

    def range(self, node: ast.AST) -> tuple[int, int]:
        """From where to where a node, or a place, stands. Raises Refused inside of f-strings of old Pythons."""
        if hasattr(node, "lineno"):
            place = node.lineno, node.col_offset, node.end_lineno, node.end_col_offset
        else:
            place = node
        line, column, end_line, end_column = place
        return self.offset(line, column), self.offset(end_line, end_column)

    def of(self, node: ast.AST) -> str:
        """The source of a node."""
        start, end = self.range(node)
        return self.text[start:end]

    def edit(self, start: int, end: int, text: str) -> Edit:
        """Replace the characters from start to end."""
        return Edit(Span(*self._position(start), *self._position(end)), text)

    def at(self, line: int, column: int) -> int:
        """The offset of a position as spans count it: characters, from 1."""
        return self._starts[line - 1] + column - 1

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect.bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def arguments(self, call: ast.Call) -> dict[ast.expr, Argument]:
        """Where the arguments of a call stand, by their values, in the order of the source."""
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        values.sort(key=lambda value: (value.lineno, value.col_offset))
        found = self._arguments(call)[1]
        if len(found) != len(values):
            raise Refused("its arguments could not be read")
        return dict(zip(values, found))

    def opening(self, call: ast.Call) -> int:
        """The offset behind the parenthesis that opens the arguments of a call."""
        return self._arguments(call)[0] + 1

    def _arguments(self, call: ast.Call) -> tuple[int, list[Argument]]:
        start = self.range(call.func)[1]
        end = self.range(call)[1]
        # Between the function and its arguments there may be the end of parentheses around the function.
        text = self.text[start:end]
        opening = _find_opening(text)
        starts = [0]
        inner = text[opening:]
        for line in inner.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        base = start + opening
        found: list[Argument] = []
        depth, first, value, last = 0, -1, -1, -1
        lambdas = 0  # whose parameters are being read
        try:
            for token in tokenize.generate_tokens(io.StringIO(inner).readline):
                if token.type in _TRIVIA:
                    continue
                at = base + starts[token.start[0] - 1] + token.start[1]
                behind = base + starts[token.end[0] - 1] + token.end[1]
                word = token.string
                closes = token.type == tokenize.OP and word in ")]}"
                if closes:
                    depth -= 1
                if depth == 1 and word in ("lambda", ":"):
                    lambdas = max(lambdas + (1 if word == "lambda" else -1), 0)
                if depth == 0 and closes or depth == 1 and not lambdas and token.type == tokenize.OP and word == ",":
                    if first >= 0:
                        found.append(Argument(first, value, last, 0 if closes else behind))
                    first = value = -1
                    if closes:
                        return base, found
                    continue
                if depth >= 1 and first < 0:
                    first = value = at
                if depth == 1 and not lambdas and word == "=" and token.type == tokenize.OP:
                    value = -1
                elif value < 0 and first >= 0:
                    value = at
                if token.type == tokenize.OP and word in "([{":
                    depth += 1
                last = behind
        except (tokenize.TokenError, SyntaxError, IndexError):
            pass
        raise Refused("its arguments could not be read")


_TRIVIA = {tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}


def _find_opening(text: str) -> int:
    """The first "(" outside of comments, behind blanks, comments, closing parentheses and continued lines."""
    at = 0
    while at < len(text):
        char = text[at]
        if char == "(":
            return at
        if char == "#":
            at = text.find("\n", at)
            if at < 0:
                break
        elif char not in " \t\f\n\\)":
            break
        at += 1
    raise Refused("its arguments could not be read")
