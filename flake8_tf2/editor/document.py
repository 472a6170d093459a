"""One state of a document that is being edited, and what there is to say of it; no protocol's types.

Places are those of the Language Server Protocol: lines from 0, columns from 0 in the units that client and server
agreed on. A document has one part, its text; a notebook has a part for each of its Python cells.
"""

from __future__ import annotations

import difflib
import functools
from typing import NamedTuple

from flake8_tf2 import baseline
from flake8_tf2.files import Unreadable
from flake8_tf2.finding import Applicability, Edit, Finding, Span
from flake8_tf2.fix.apply import applies_alone, fix_source
from flake8_tf2.lint import lint
from flake8_tf2.notebooks.cells import Cell, Module
from flake8_tf2.positions import split_lines, with_ends
from flake8_tf2.settings import Settings

#: How many units of an encoding a text has.
_UNITS = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf-32": len,
}


class Part(NamedTuple):
    """A text that the client has open."""

    uri: str
    version: int | None
    text: str


class Range(NamedTuple):
    """From where to where something stands in a part, as the client counts."""

    line: int
    column: int
    end_line: int
    end_column: int

    def touches(self, other: Range) -> bool:
        """Whether two ranges overlap, or touch."""
        return self[:2] <= other[2:] and other[:2] <= self[2:]


class Replacement(NamedTuple):
    """A text in the place of a range of a part."""

    part: Part
    range: Range
    text: str


class QuickFix(NamedTuple):
    """The fix of one finding: what an editor calls it, where the finding is, and what it replaces."""

    title: str
    finding: Finding
    place: Range
    replacements: list[Replacement]

    @property
    def is_safe(self) -> bool:
        """Whether it is one of those that `fix` applies by default."""
        return self.finding.applicability is Applicability.SAFE


#: What the action that applies all safe fixes is called.
FIX_ALL = "Fix all safe TensorFlow 1 findings"


def is_asked(kind: str, only: list[str] | None) -> bool:
    """Whether a kind of action is one of those that are asked for, or below one. only: None for all."""
    return only is None or any(kind == one or kind.startswith(f"{one}.") or one == "" for one in only)


class Document:
    """One state of a document.

    name: its path, or what flake8 is told where it has none. encoding: the unit of columns, as the protocol names it.
    """

    def __init__(self, name: str, parts: list[Part], is_notebook: bool, settings: Settings, encoding: str = "utf-16"):
        self.name = name
        self.parts = parts
        self.settings = settings
        self._units = _UNITS[encoding]
        self._module = None
        if is_notebook:
            self._module = Module([Cell(number, part.text) for number, part in enumerate(parts, 1)])
        self._source = self._module.source if self._module else parts[0].text
        self._lines = [split_lines(part.text) for part in parts]

    # What is found

    @functools.cached_property
    def findings(self) -> list[Finding]:
        """What flake8 would report, without fixes."""
        return self._reported(self._lint(False), self._source)

    @functools.cached_property
    def fixable(self) -> list[Finding]:
        """The same, with the fixes that can be applied one by one."""
        return self._reported(self._lint(True), self._source)

    def _lint(self, fixes: bool) -> list[Finding]:
        options = self.settings.options
        findings = lint(self._source, self.name, options, fixes=fixes)
        return findings + self._module.unread_findings(options) if self._module else findings

    def _reported(self, findings: list[Finding], source: str) -> list[Finding]:
        known = self.settings.options.baseline
        if known:
            findings = baseline.load(known).split(findings, self.name, source).new
        return self.settings.reported(findings, self.name, source)

    # What can be done

    def quick_fixes(self, uri: str, asked: list[Range]) -> list[QuickFix]:
        """The fixes, which leave valid Python, of the findings that one of the ranges of a part touches."""
        found = []
        for finding, place in self.at(uri, asked):
            if finding.applicability in (Applicability.SAFE, Applicability.UNSAFE) and applies_alone(
                self._source, finding
            ):
                warning = "" if finding.applicability is Applicability.SAFE else " (unsafe, see its page)"
                title = f"Fix {finding.code}{warning}: {finding.message}"
                found.append(QuickFix(title, finding, place, [self._replacement(edit) for edit in finding.fix.edits]))
        return found

    def at(self, uri: str, asked: list[Range]) -> list[tuple[Finding, Range]]:
        """Those of `fixable` that one of the ranges of a part touches, with their places."""
        placed = ((finding, *self.place(finding.span)) for finding in self.fixable)
        of_part = ((finding, place) for finding, part, place in placed if part.uri == uri)
        return [(finding, place) for finding, place in of_part if any(map(place.touches, asked))]

    @property
    def has_safe_fixes(self) -> bool:
        """Whether there is something for `fix_all`."""
        return any(f.applicability is Applicability.SAFE for f in self.fixable)

    def fix_all(self) -> list[Replacement]:
        """What all safe fixes together replace, as `flake8-tf2 fix` makes them."""
        fixed = fix_source(self._source, self.name, self.settings.options, reported=self._reported)
        if fixed.source is self._source:
            return []
        try:
            texts = self._module.divide(fixed.source) if self._module else [fixed.source]
        except Unreadable:
            return []
        return [change for part, text in zip(self.parts, texts) for change in self._changes(part, text)]

    # Where it stands

    def place(self, span: Span) -> tuple[Part, Range]:
        """Where a span of a finding is for the client."""
        position, before = self._at(span.line)
        lines = self._lines[position]
        start = self._client(lines, span.line - before, span.column, position)
        end = self._client(lines, span.end_line - before, span.end_column, position)
        return self.parts[position], Range(*start, *end)

    def _at(self, line: int) -> tuple[int, int]:
        """The part that has a line of the source, and how many lines are before that part."""
        if self._module is None:
            return 0, 0
        position = self._module.lines.cell_of(line)
        return position, self._module.lines.first(position) - 1

    def _client(self, lines: list[str], line: int, column: int, position: int) -> tuple[int, int]:
        if line > len(lines):  # behind the last line end of a cell
            return len(lines) - 1, self._units(lines[-1])
        text = lines[line - 1]
        if line == 1 and text.startswith("\ufeff"):  # which columns do not count
            column += 1
        before = text[: column - 1]
        return line - 1, len(before) if before.isascii() else self._units(before)

    def _replacement(self, edit: Edit) -> Replacement:
        part, place = self.place(edit.span)
        position, before = self._at(edit.span.line)
        if (
            self._module
            and edit.span.end_line - before > len(self._lines[position])
            and edit.span[1] == 1
            and place.line
        ):
            # The last line of a cell has no end to remove: that of the line before goes instead.
            above = place.line - 1
            place = place._replace(line=above, column=self._units(self._lines[position][above]))
        return Replacement(part, place, edit.text)

    def _changes(self, part: Part, text: str) -> list[Replacement]:
        """The lines of a part that another text has in their place."""
        before, after = with_ends(part.text), with_ends(text)
        last = before[-1] if before else ""
        is_open = last and last[-1] not in "\r\n"  # then there is no line behind it
        end_of_text = (len(before) - 1, self._units(last)) if is_open else (len(before), 0)
        found = []
        for tag, start, end, new_start, new_end in difflib.SequenceMatcher(None, before, after).get_opcodes():
            if tag != "equal":
                behind = end_of_text if end == len(before) else (end, 0)
                found.append(Replacement(part, Range(start, 0, *behind), "".join(after[new_start:new_end])))
        return found
