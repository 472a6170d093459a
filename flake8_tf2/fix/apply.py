"""Applying fixes to a source until none is left: each fix as a whole or not at all, and never a broken file."""

from __future__ import annotations

import ast
import bisect
import itertools
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
    tf1: bool = False,
) -> Fixed:
    """Apply the safe fixes of a source, and with `unsafe` the others too, again and again until nothing changes.

    reported: which findings count, and may be fixed; by default all. tf1: what could be TF1 or TF2 is TF1, whatever the
    file shows. Raises RuleError as `lint` does.
    """
    allowed = {Applicability.SAFE, Applicability.UNSAFE} if unsafe else {Applicability.SAFE}
    result = _to_fixpoint(source, filename, options, allowed, reported, tf1)
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
    switched = edited(source, edits)
    result = _to_fixpoint(switched, filename, options, allowed, reported, True)
    rest = lint(result.source, filename, options._replace(allow_compat_v1=False, hints=False), tf1=True)
    return None if rest or result.failed else result


def edited(source: str, edits: Iterable[Edit]) -> str:
    """A source with edits of it, which do not overlap."""
    return _edited(source, edits)[0]


def applies_alone(source: str, finding: Finding) -> bool:
    """Whether the fix of a finding of a source fits it and leaves valid Python, if nothing else is fixed."""
    starts = [*_line_starts(source), len(source) + 1]
    if not _is_possible(starts, finding):
        return False
    return _compiles(_write(source, [finding])[0], 0 if _compiles(source, 0) else ast.PyCF_ONLY_AST)


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
    flags = 0 if _compiles(source, 0) else ast.PyCF_ONLY_AST
    for _ in range(MAX_PASSES):
        wanted = [f for f in findings if f.applicability in allowed and _key(f) not in failed]
        starts = [*_line_starts(current), len(current) + 1]
        impossible = [f for f in wanted if not _is_possible(starts, f)]
        failed.update((_key(f), Failed(f, "its edits do not fit the file")) for f in impossible)
        chosen = _compatible([f for f in wanted if f not in impossible])
        if not chosen:
            break
        chosen, broken = _compiling(current, chosen, flags)
        failed.update((_key(f), Failed(f, "the result would not be valid Python")) for f in broken)
        if not chosen:
            continue  # what gave way to these has its turn
        text, moved = _write(current, chosen)
        after = look(text)
        again = _reported_again(chosen, findings, after, moved)
        if again:
            failed.update((_key(f), Failed(f, "it is still reported after its fix")) for f in again)
            continue
        failed = {_key(f.finding, moved): f for f in failed.values()}
        applied += chosen
        current, findings = text, after
    else:
        wanted = [f for f in findings if f.applicability in allowed and _key(f) not in failed]
        failed.update((_key(f), Failed(f, f"it is not done after {MAX_PASSES} passes")) for f in wanted)
    # Where they stand now; what another fix took away is no failure.
    taken_back = [Failed(f, failed[_key(f)].reason) for f in findings if _key(f) in failed]
    return Fixed(source if current == source else current, applied, findings, taken_back)


def _key(finding: Finding, moved: Moves | None = None) -> tuple:
    """What tells a finding from others of its source; moved: where it stands after edits."""
    line, column = finding.span[:2]
    return finding.rule, finding.symbol, moved(line, column) if moved else (line, column)


def _compatible(findings: list[Finding]) -> list[Finding]:
    """Findings whose fixes can be applied together, the first of two that collide; the same edit may be in several."""
    taken: list[Edit] = []  # sorted by span
    known: set[Edit] = set()  # the same, to look up
    chosen = []
    for finding in findings:
        edits = [edit for edit in finding.fix.edits if edit not in known or not _is_shared(edit)]
        if not any(_collide(edit, other) for edit in edits for other in _near(taken, edit)):
            chosen.append(finding)
            for edit in edits:
                bisect.insort(taken, edit)
            known.update(edits)
    return chosen


def _is_shared(edit: Edit) -> bool:
    """Whether two fixes can mean one edit by the same text: of two parentheses at one place, each is meant."""
    is_insertion = edit.span[:2] == edit.span[2:]
    return not is_insertion or all(edit.text.count(a) == edit.text.count(b) for a, b in ("()", "[]", "{}"))


def _is_possible(starts: list[int], finding: Finding) -> bool:
    """Whether the edits of a fix are places of the source that do not overlap. starts: of its lines, and its end."""
    at = 0
    for edit in sorted(set(finding.fix.edits)):
        line, column, end_line, end_column = edit.span
        if min(edit.span) < 1 or max(line, end_line) >= len(starts):
            return False
        start, end = _offsets(starts, edit.span)
        if start >= starts[line] or end >= starts[end_line] or not at <= start <= end:
            return False
        at = end
    return True


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


def _compiling(source: str, findings: list[Finding], flags: int) -> tuple[list[Finding], list[Finding]]:
    """The findings whose fixes leave a source that compiles, and those whose fixes do not, found by halving."""
    if _compiles(_write(source, findings)[0], flags):
        return findings, []
    if len(findings) == 1:
        return [], findings
    half = len(findings) // 2
    good, bad = [], []
    for part in (findings[:half], findings[half:]):
        kept, broken = _compiling(source, part, flags)
        good += kept
        bad += broken
    if not _compiles(_write(source, good)[0], flags):  # each alone does, together they do not: the later ones wait
        return good[:1], bad
    return good, bad


def _compiles(source: str, flags: int) -> bool:
    """Whether Python takes a source. With flags 0 that is more than to parse: a keyword twice, a late __future__."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.removeprefix("\ufeff"), "<fixed>", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class Moves:
    """Where the positions of a source are after edits, which are sorted offsets (start, end, length of the text)."""

    def __init__(self, before: list[int], after: list[int], edits: list[tuple[int, int, int]]):
        """before, after: where the lines start."""
        self._before, self._after = before, after
        self._starts = [start for start, _, _ in edits]
        self._ends = [end for _, end, _ in edits]
        self._shifts = [0, *itertools.accumulate(length - (end - start) for start, end, length in edits)]

    def __call__(self, line: int, column: int, behind: bool = True) -> tuple[int, int]:
        """The new position; behind what is inserted there or replaces it, or before that."""
        offset = self._before[line - 1] + column - 1
        index = (bisect.bisect_right if behind else bisect.bisect_left)(self._ends, offset)
        if index < len(self._ends) and self._starts[index] < offset:
            offset = self._ends[index] if behind else self._starts[index]
            index += behind
        offset += self._shifts[index]
        new_line = max(bisect.bisect_right(self._after, offset), 1)
        return new_line, offset - self._after[new_line - 1] + 1


def _reported_again(chosen: list[Finding], before: list[Finding], after: list[Finding], moved: Moves) -> list[Finding]:
    """The findings that their fixes did not end: where they stood more is reported than what was not fixed there."""
    symbols = {(f.rule, f.symbol) for f in after}
    again = []
    for finding in chosen:
        if (finding.rule, finding.symbol) not in symbols:
            continue
        around = [finding.span, *(edit.span for edit in finding.fix.edits if _collide(edit, Edit(finding.span, "")))]
        start, end = min(span[:2] for span in around), max(span[2:] for span in around)
        new_start, new_end = moved(*start, behind=False), moved(*end)
        others = [f for f in before if _is_alike(f, finding) and start <= f.span[:2] < end and f not in chosen]
        found = [f for f in after if _is_alike(f, finding) and new_start <= f.span[:2] < max(new_end, (*new_start, 0))]
        if len(found) > len(others):
            again.append(finding)
    return again


def _is_alike(one: Finding, other: Finding) -> bool:
    return (one.rule, one.symbol) == (other.rule, other.symbol)


def _write(source: str, findings: list[Finding]) -> tuple[str, Moves]:
    """The source with the fixes of findings, and where a position of it stands afterwards."""
    return _edited(source, {edit for finding in findings for edit in finding.fix.edits})


def _edited(source: str, edits: Iterable[Edit]) -> tuple[str, Moves]:
    edits = sorted(edits)
    starts = _line_starts(source)
    end_of_line = _line_end(source)
    parts: list[str] = []
    at = 0
    places: list[tuple[int, int, int]] = []
    for edit in edits:
        start, end = _offsets(starts, edit.span)
        text = re.sub(r"(?<!\r)\n", end_of_line, edit.text)
        parts += [source[at:start], text]
        places.append((start, end, len(text)))
        at = end
    parts.append(source[at:])
    written = "".join(parts)
    return written, Moves(starts, _line_starts(written), places)


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
