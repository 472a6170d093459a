"""Rules about the shape of code around a reference, by ast-grep.

ast-grep sees the smallest statement around the reference, never the whole file; only matches whose head is the resolved
reference itself count.
"""

from __future__ import annotations

import functools
import json

from flake8_tf2.context import File
from flake8_tf2.names.references import Reference
from flake8_tf2.positions import to_span
from flake8_tf2.registry import Rule


def matches_structure(file: File, rule: Rule, reference: Reference) -> bool:
    """Whether the rule's ast-grep rule matches in the statement around the reference, at or around the reference."""
    from ast_grep_py import SgRoot

    text, first_line = _statement_text(file, reference)
    spelled = _spelling(file, reference)
    config = _respelled(json.dumps(rule.structure), reference.symbol, spelled)
    place = to_span(reference.place, file.references.layout.lines)  # ast-grep counts characters, too
    for match in SgRoot(text, "python").root().find_all(json.loads(config)):
        extent = match.range()
        start = (extent.start.line + first_line, extent.start.column)
        end = (extent.end.line + first_line, extent.end.column)
        if start <= (place.end_line, place.end_column - 1) <= end:
            return True
    return False


def _statement_text(file: File, reference: Reference) -> tuple[str, int]:
    """The lines of the statement around a reference, and the number of the first."""
    statement = reference.statement
    lines = file.references.layout.lines[statement.lineno - 1 : statement.end_lineno]
    return "\n".join(lines), statement.lineno


def _spelling(file: File, reference: Reference) -> str:
    """The reference as the file spells it; "" where it spans lines."""
    line, start, end_line, end = reference.place
    if line != end_line:
        return ""
    return file.references.layout.lines[line - 1].encode("utf-8")[start:end].decode("utf-8")


@functools.lru_cache(maxsize=256)
def _respelled(config: str, symbol: str, spelled: str) -> str:
    """An ast-grep rule whose patterns say the symbol as the file does."""
    if not spelled or not symbol.startswith("tf."):
        return config
    return config.replace(symbol, json.dumps(spelled)[1:-1])
