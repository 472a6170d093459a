"""What the report has of each file: its size, and each finding with its source line, its diff, and what ends it."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import Iterable, Iterator, NamedTuple

from flake8_tf2.finding import Edit, Finding
from flake8_tf2.fix.apply import edited
from flake8_tf2.fix.run import ProgramOptions, Result, fix_content
from flake8_tf2.positions import split_lines, with_ends
from flake8_tf2.run import PROGRAMS, for_each, guarded, lint_bytes, read_input

#: What ends a finding, from what costs a user least: the fixes of `fix`, `fix --unsafe`, `fix --program`, and none.
REMEDIES = ("safe", "unsafe", "program", "manual")
#: A diff of more lines is cut: it is for looking at, and `fix --diff` has the whole.
_MOST_LINES = 300
_MOST_CHARACTERS = 240


class SurveyError(Exception):
    """The files could not be looked at; the message says why, and what to do."""


class Hunk(NamedTuple):
    """Lines that a fix replaces, and by what."""

    before: list[str]
    after: list[str]


class Noted(NamedTuple):
    """A finding as the report shows it. place: line:column, of a notebook behind its cell. remedy: one of REMEDIES."""

    place: str
    code: str
    message: str
    remedy: str
    line: str
    hunks: list[Hunk]
    refused: str = ""


class Surveyed(NamedTuple):
    """What became of one file. program: the diff of `fix --program` where that converts it. stuck: why it does not."""

    name: str
    error: str = ""
    lines: int = 0
    findings: list[Noted] = []
    program: str = ""
    stuck: str = ""


def survey_files(paths: Iterable[str], settings, flake8_arguments: list[str]) -> Iterator[Surveyed]:
    """The results of files, in their order. flake8_arguments: what `settings` was read from, for other processes."""
    return for_each(survey_file, paths, settings, flake8_arguments, much=PROGRAMS)


def survey_file(path: str, settings) -> Surveyed:
    """What the report has of one file; `-` is standard input."""
    name = settings.flake8.stdin_display_name if path == "-" else path
    return guarded(Surveyed, name, lambda: _survey(read_input(path), name, settings))


def _survey(content: bytes, name: str, settings) -> Surveyed:
    file, every = lint_bytes(content, name, settings.options, fixes=True)
    source = "" if file is None else file.source
    size = content.count(b"\n") + (not content.endswith(b"\n") and content != b"")
    findings = settings.reported(every, name, source)
    if not findings:
        return Surveyed(shown(name), "", size)
    safe = fix_content(content, name, settings, False)
    program = fix_content(content, name, settings, True, ProgramOptions())
    unsafe = fix_content(content, name, settings, True) if program.converted or program.stuck else program
    lines = split_lines(source.removeprefix("\ufeff"))
    placed = findings if file is None else file.placed(findings)
    noted = [
        Noted(f.place("")[1:], f.code, shown(f.message), remedy, _line(lines, at), hunks(lines, at), shown(f.refused))
        for f, at, remedy in zip(placed, findings, remedies(findings, [safe, unsafe, program]))
    ]
    diff = _diff(program) if program.converted else ""
    return Surveyed(shown(name), "", size, noted, diff, shown(program.stuck))


def remedies(findings: list[Finding], results: list[Result]) -> list[str]:
    """For each finding the first of REMEDIES that ends it. results: what each of them leaves, run on the file.

    What is left is told by rule and symbol: of equal findings those go first whose own fix is the milder.
    """
    chosen = dict.fromkeys(range(len(findings)), REMEDIES[-1])
    open_ = sorted(chosen, key=lambda n: REMEDIES.index(findings[n].applicability.value))
    for remedy, result in zip(REMEDIES, results):
        left = Counter((f.rule, f.symbol) for f in result.left)
        stays = []
        for number in reversed(open_):
            key = findings[number].rule, findings[number].symbol
            if left[key] > 0:
                left[key] -= 1
                stays.append(number)
            else:
                chosen[number] = remedy
        open_ = stays[::-1]
    return [chosen[number] for number in range(len(findings))]


def hunks(lines: list[str], finding: Finding) -> list[Hunk]:
    """What the fix of a finding changes if nothing else is fixed, in whole lines."""
    edits = sorted(set(finding.fix.edits)) if finding.fix else []
    groups: list[list[Edit]] = []
    for edit in edits:
        if groups and edit.span.line <= groups[-1][-1].span.end_line + 1:
            groups[-1].append(edit)
        else:
            groups.append([edit])
    found = []
    for group in groups:
        first, last = group[0].span.line, group[-1].span.end_line
        before = lines[first - 1 : last]
        moved = [_up(edit, first - 1) for edit in group]
        after = split_lines(edited("\n".join(before), moved))
        while before and after and before[-1] == after[-1]:
            before, after = before[:-1], after[:-1]
        while before and after and before[0] == after[0]:
            before, after = before[1:], after[1:]
        found.append(Hunk([_cut(line) for line in before], [_cut(line) for line in after]))
    return [hunk for hunk in found if hunk != ([], [])]


def _up(edit: Edit, by: int) -> Edit:
    line, column, end_line, end_column = edit.span
    return edit._replace(span=edit.span._replace(line=line - by, end_line=end_line - by))


def _line(lines: list[str], finding: Finding) -> str:
    number = finding.span.line
    return _cut(lines[number - 1]) if number <= len(lines) else ""


def _diff(result: Result) -> str:
    before, after = (with_ends(content.decode("utf-8", "replace")) for content in (result.before, result.after))
    found = [_cut(line.rstrip("\r\n")) for line in list(difflib.unified_diff(before, after))[2:]]
    if len(found) > _MOST_LINES:
        found[_MOST_LINES:] = [f"… {len(found) - _MOST_LINES} more lines: fix --program --diff shows them"]
    return "\n".join(found)


def _cut(line: str) -> str:
    return shown(line if len(line) <= _MOST_CHARACTERS else line[:_MOST_CHARACTERS] + "…")


def shown(text: str) -> str:
    """A text with what cannot be seen written out: control characters, and those that turn the direction of text."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else f"\\u{ord(c):04x}" for c in text)
