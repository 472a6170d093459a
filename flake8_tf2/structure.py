"""Rules about the shape of code around a reference, by ast-grep.

ast-grep sees the smallest statement around the reference, never the whole file; only matches whose head is the resolved
reference itself count.
"""

from __future__ import annotations

import functools
import json
import re

from flake8_tf2.context import File
from flake8_tf2.names.references import Reference
from flake8_tf2.positions import to_span
from flake8_tf2.registry import Rule


def matches_structure(file: File, rule: Rule, reference: Reference) -> bool:
    """Whether the rule's ast-grep rule matches in the statement around the reference, at or around the reference."""
    text, first_line = _statement_text(file, reference)
    place = to_span(reference.place, file.references.layout.lines)  # ast-grep counts characters, too
    config = _respelled(rule.structure, reference.symbol, _spelling(file, reference))
    return _found_at(text, config, place.end_line - first_line, place.end_column - 1)


@functools.lru_cache(maxsize=256)
def _found_at(text: str, config: str, line: int, column: int) -> bool:
    """Whether an ast-grep rule matches around a place of a text. Kept: programs say `init.run()` again and again."""
    from ast_grep_py import SgRoot

    for match in SgRoot(text, "python").root().find_all(json.loads(config)):
        extent = match.range()
        if (extent.start.line, extent.start.column) <= (line, column) <= (extent.end.line, extent.end.column):
            return True
    return False


def _statement_text(file: File, reference: Reference) -> tuple[str, int]:
    """The lines of the statement around a reference, and the number of the first."""
    statement = reference.statement
    lines = file.references.layout.lines[statement.lineno - 1 : statement.end_lineno]
    return _without_comments("\n".join(lines)), statement.lineno


_TOKEN = re.compile(
    r"\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}|\"(?:\\[\s\S]|[^\"\\\n])*\"|"
    r"'(?:\\[\s\S]|[^'\\\n])*'|#[^\n]*|\\\n|[(\[{]|[)\]}]"
)


def _without_comments(text: str) -> str:
    """A statement with blanks for comments, and for backslashes within brackets: patterns do not skip these."""
    if "#" not in text and "\\\n" not in text:
        return text
    depth = 0

    def blank(match: re.Match) -> str:
        nonlocal depth
        word = match[0]
        depth += (word in "([{") - (word in ")]}")
        if word.startswith("#"):
            return " " * len(word)
        return " \n" if word == "\\\n" and depth > 0 else word

    return _TOKEN.sub(blank, text)


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
