"""Applying fixes to a source until none is left: each fix as a whole or not at all, and never a broken file."""

from __future__ import annotations

import ast
import bisect
import re
import warnings
from typing import Callable, Iterable, NamedTuple

from flake8_tf2.finding import Applicability, Edit, Finding, Span
from flake8_tf2.fix import compat
from flake8_tf2.lint import lint
from flake8_tf2.options import Options

#: Fixes that stand inside of each other wait for the next pass; nobody nests as deep as this.
MAX_PASSES = 20


class Failed(NamedTuple):
    """A finding whose fix was tried and taken back, and why."""

    finding: Finding
    reason: str


class Fixed(NamedTuple):
    """What became of a source.

    source: the new text, or the same object where nothing changed. applied: the findings that were fixed, as they stood
    in the pass that fixed them. left: the findings of the new text. failed: fixes that were taken back.
    """

    source: str
    applied: list[Finding]
    left: list[Finding]
    failed: list[Failed]


#: Chooses the findings of a source that a user wants to hear of.
Reported = Callable[[list[Finding], str], list[Finding]]


def fix_source(
    source: str,
    filename: str = "<unknown>",
    options: Options = Options(),
    unsafe: bool = False,
    reported: Reported = lambda findings, source: findings,
) -> Fixed:
    """Apply the safe fixes of a source, and with `unsafe` the others too, again and again until nothing changes.

    reported: which findings count, and may be fixed; by default all. Raises RuleError as `lint` does.
    """
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    result = _to_fixpoint(source, filename, options, allowed, reported, False)
    of_compat = [f for f in result.left if f.rule in compat.RULES]
    if of_compat:
        switched = _without_compat(source, filename, options, allowed, reported)
        if switched is not None:
            return switched._replace(applied=of_compat + switched.applied)
    return result


def _without_compat(
    source: str, filename: str, options: Options, allowed: set[Applicability], reported: Reported
) -> Fixed | None:
    """The source fixed without its imports and switches of compat.v1; None where something of TF1 would be left."""
    edits = compat.without_compat(source)
    if not edits:
        return None
    switched = _edited(source, edits)[0]
    result = _to_fixpoint(switched, filename, options, allowed, reported, True)
    rest = lint(result.source, filename, options._replace(allow_compat_v1=False, hints=False), tf1=True)
    return None if rest or result.failed else result


def _to_fixpoint(
    source: str, filename: str, options: Options, allowed: set[Applicability], reported: Reported, tf1: bool
) -> Fixed:
    applied: list[Finding] = []
    failed: dict[tuple, Failed] = {}

    def look(text: str) -> list[Finding]:
        return reported(lint(text, filename, options, fixes=True, tf1=tf1), text)

    current, findings = source, look(source)
    # What the first pass takes away may be all that shows that the file is TF1.
    tf1 = tf1 or any(not f.rule.startswith("keras-") for f in findings)
    for _ in range(MAX_PASSES):
        wanted = [f for f in findings if f.applicability in allowed and _key(f) not in failed]
        chosen = _compatible(wanted)
        if not chosen:
            break
        chosen, broken = _parsing(current, chosen)
        failed.update((_key(f), Failed(f, "the result would not parse")) for f in broken)
        text, moved = _write(current, chosen)
        after = look(text)
        again = _reported_again(chosen, moved, after)
        if again:
            failed.update((_key(f), Failed(f, "it is still reported after its fix")) for f in again)
            chosen = [f for f in chosen if f not in again]
            text, moved = _write(current, chosen)
            after = look(text)
        failed = {_key(f.finding, moved): f for f in failed.values()}
        applied += chosen
        if text == current:
            if not broken and not again:
                break
            continue
        current, findings = text, after
    return Fixed(source if current == source else current, applied, findings, list(failed.values()))


def _key(finding: Finding, moved: Moves | None = None) -> tuple:
    """What tells a finding from others of its source; moved: where it stands after edits."""
    line, column = finding.span[:2]
    return finding.rule, finding.symbol, moved(line, column) if moved else (line, column)


def _compatible(findings: list[Finding]) -> list[Finding]:
    """Findings whose fixes can be applied together, the first of two that collide; the same edit may be in several."""
    taken: list[Edit] = []  # sorted by span
    chosen = []
    for finding in findings:
        edits = [edit for edit in finding.fix.edits if edit not in taken]
        if not any(_collide(edit, other) for edit in edits for other in _near(taken, edit)):
            chosen.append(finding)
            for edit in edits:
                bisect.insort(taken, edit)
    return chosen


def _near(taken: list[Edit], edit: Edit) -> Iterable[Edit]:
    """The edits that may touch an edit, from the last that begins before its end."""
    end = bisect.bisect_right(taken, edit.span[2:], key=lambda e: e.span[:2])
    for other in reversed(taken[:end]):
        yield other
        if other.span[2:] < edit.span[:2]:
            return  # edits of one source do not overlap, so none before this one reaches further


def _collide(one: Edit, other: Edit) -> bool:
    """Whether two edits overlap, or insert different texts at one place."""
    (a, b), (c, d) = (one.span[:2], one.span[2:]), (other.span[:2], other.span[2:])
    if a == b or c == d:  # an insertion collides with what begins, ends or goes around there
        return c <= a <= d if a == b else a <= c <= b
    return a < d and c < b


def _parsing(source: str, findings: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """The findings whose fixes leave a source that parses, and those whose fixes do not, found by halving."""
    if _parses(_write(source, findings)[0]):
        return findings, []
    if len(findings) == 1:
        return [], findings
    half = len(findings) // 2
    good, bad = [], []
    for part in (findings[:half], findings[half:]):
        kept, broken = _parsing(source, part)
        good += kept
        bad += broken
    if not _parses(_write(source, good)[0]):  # each alone parses, together they do not: the later ones wait
        return good[:1], bad
    return good, bad


def _parses(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _reported_again(chosen: list[Finding], moved: Moves, after: list[Finding]) -> list[Finding]:
    left = {_key(f) for f in after}
    return [f for f in chosen if _key(f, moved) in left]


Moves = Callable[[int, int], tuple[int, int]]


def _write(source: str, findings: list[Finding]) -> tuple[str, Moves]:
    """The source with the fixes of findings, and where a position of it stands afterwards."""
    return _edited(source, {edit for finding in findings for edit in finding.fix.edits})


def _edited(source: str, edits: Iterable[Edit]) -> tuple[str, Moves]:
    edits = sorted(edits)
    starts = _line_starts(source)
    end_of_line = _line_end(source)
    parts: list[str] = []
    at = 0
    shifts: list[tuple[int, int]] = [(0, 0)]  # from this offset on, so many characters further
    shift = 0
    for edit in edits:
        start, end = _offsets(starts, edit.span)
        text = edit.text.replace("\n", end_of_line)
        parts += [source[at:start], text]
        shift += len(text) - (end - start)
        shifts.append((end, shift))
        at = end
    parts.append(source[at:])
    written = "".join(parts)
    new_starts = _line_starts(written)

    def moved(line: int, column: int) -> tuple[int, int]:
        offset = starts[line - 1] + column - 1
        offset += shifts[bisect.bisect_left(shifts, (offset, -len(source))) - 1][1] if offset else 0
        new_line = bisect.bisect_right(new_starts, offset)
        return new_line, offset - new_starts[new_line - 1] + 1

    return written, moved


def _line_starts(source: str) -> list[int]:
    """The offsets at which the lines of a source begin, as Python counts lines; a mark of byte order is before them."""
    first = 1 if source.startswith("\ufeff") else 0
    return [first, *(match.end() for match in re.finditer(r"\r\n|\r|\n", source))]


def _line_end(source: str) -> str:
    """The line end that a source has most."""
    windows = source.count("\r\n")
    counts = {"\n": source.count("\n") - windows, "\r\n": windows, "\r": source.count("\r") - windows}
    return max(counts, key=counts.get)


def _offsets(starts: list[int], span: Span) -> tuple[int, int]:
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1
