"""Lines as Python counts them, and places in bytes as spans in characters."""

from __future__ import annotations

import re
import typing

from flake8_tf2.finding import Span

if typing.TYPE_CHECKING:  # names splits lines, too
    from flake8_tf2.names.references import Place


def split_lines(source: str) -> list[str]:
    """The lines as Python's parser counts them: form feeds and other separators do not end one."""
    return re.split(r"\r\n|\r|\n", source) if "\r" in source else source.split("\n")


def with_ends(source: str) -> list[str]:
    """The same lines with their ends; none behind the last end."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", source)


def to_span(place: Place, lines: list[str]) -> Span:
    """A place in bytes as a span in characters."""
    line, column, end_line, end_column = place
    if line == end_line and line <= len(lines) and lines[line - 1].isascii():  # by far the most frequent
        return Span(line, column + 1, line, end_column + 1)
    return Span(line, _characters(lines, line, column), end_line, _characters(lines, end_line, end_column))


def _characters(lines: list[str], line: int, column: int) -> int:
    text = lines[line - 1] if line <= len(lines) else ""
    if text.isascii():
        return column + 1
    return len(text.encode("utf-8")[:column].decode("utf-8", "replace")) + 1
