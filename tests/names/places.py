"""References of a snippet in a form that a test can compare."""

from __future__ import annotations

import ast
import textwrap

from flake8_tf2 import registry as registries
from flake8_tf2.positions import split_lines, to_span
from flake8_tf2.names.references import Reference, References
from flake8_tf2.names.scopes import Layout
from flake8_tf2.names.values import Resolver


def found_in(source: str) -> tuple[list[Reference], list[str]]:
    """The references of a source, in its order, and its lines."""
    source = textwrap.dedent(source)
    registry = registries.load()
    lines = split_lines(source)
    layout = Layout(ast.parse(source), source, tuple(registry.roots))
    resolver = Resolver(layout, registry.table, registry.receivers, registry.roots, registry.extra_names)
    references = References(layout, resolver, registry.methods).find()
    return sorted(references, key=lambda r: (r.place, r.symbol)), lines


def text_at(reference: Reference, lines: list[str]) -> str:
    """The source of a reference."""
    span = to_span(reference.place, lines)
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first, *middle, last = lines[span.line - 1 : span.end_line]
    return "\n".join([first[span.column - 1 :], *middle, last[: span.end_column - 1]])


def uses(source: str) -> list[str]:
    """What resolves below the imports: `text -> symbol`, with a `?` where it is only likely, in the order of the source."""
    references, lines = found_in(source)
    return [_told(r, lines) for r in references if r.kind != "import"]


def last(source: str) -> list[str]:
    """What resolves on the last line."""
    references, lines = found_in(source)
    number = len("\n".join(lines).rstrip().split("\n"))
    return [_told(r, lines) for r in references if r.place.line == number and r.kind != "import"]


def imports(source: str) -> list[tuple[int, str]]:
    """The lines and symbols of reported import lines."""
    return [(r.place.line, r.symbol) for r in found_in(source)[0] if r.kind == "import"]


def _told(reference: Reference, lines: list[str]) -> str:
    text = text_at(reference, lines)
    return f"{text} -> {reference.symbol}{'' if reference.certain else '?'}"
