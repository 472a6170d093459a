"""The numbers of the report: of all, by chapter, by code and by file, and what to do first."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import Iterable, NamedTuple

from flake8_tf2.overview.survey import REMEDIES, Surveyed

#: By the first digit of a code.
CHAPTERS = {
    "1": "Inputs and execution",
    "2": "Model",
    "3": "Training",
    "4": "Saving",
    "5": "Summary and logging",
    "6": "Data and utilities",
    "7": "Names",
    "8": "Contrib",
    "9": "Left-overs",
    "0": "Rules of your own",
}
#: Files that are not read as Python, or not at all: what else is in them is not known.
_UNREAD = ("TF907", "TF908")
#: How many of a list are named in a step.
_NAMED = 5


class Share(NamedTuple):
    """Findings of something, by what ends them."""

    name: str
    remedies: Counter[str]
    title: str = ""

    @property
    def total(self) -> int:
        """How many findings."""
        return self.remedies.total()


class Step(NamedTuple):
    """Something to do: why, the command if there is one, and the files or codes that it is about."""

    what: str
    command: str = ""
    items: list[str] = []


class Summary(NamedTuple):
    """The numbers of all files. lines_tf1: the lines of the files with findings; converted: programs as a whole."""

    files: int
    files_tf1: int
    lines: int
    lines_tf1: int
    all: Share
    chapters: list[Share]
    codes: list[Share]
    by_file: list[Share]
    converted: int
    failed: list[Surveyed]
    steps: list[Step]


def summarize(files: list[Surveyed], titles: dict[str, str], paths: list[str]) -> Summary:
    """Add up the files of a run. titles: what is said of a code; paths: what the user named, for commands."""
    read = [file for file in files if not file.error]
    with_findings = [file for file in read if file.findings]
    noted = [finding for file in read for finding in file.findings]
    chapters = _shares((finding.code[2:3], finding.remedy) for finding in noted)
    codes = _shares((finding.code, finding.remedy) for finding in noted)
    by_file = _shares((file.name, finding.remedy) for file in with_findings for finding in file.findings)
    return Summary(
        len(files),
        len(with_findings),
        sum(file.lines for file in read),
        sum(file.lines for file in with_findings),
        Share("", Counter(finding.remedy for finding in noted)),
        [Share(CHAPTERS[digit], chapters[digit]) for digit in CHAPTERS if digit in chapters],
        sorted((Share(code, n, titles.get(code, "")) for code, n in codes.items()), key=lambda s: (-s.total, s.name)),
        sorted((Share(*pair) for pair in by_file.items()), key=lambda s: (-s.remedies["manual"], -s.total, s.name)),
        sum(1 for file in read if file.program),
        [file for file in files if file.error],
        _steps(read, titles, " ".join(map(shlex.quote, paths))),
    )


def _shares(pairs: Iterable[tuple[str, str]]) -> dict[str, Counter[str]]:
    shares: dict[str, Counter[str]] = {}
    for name, remedy in pairs:
        shares.setdefault(name, Counter())[remedy] += 1
    return shares


def _steps(files: list[Surveyed], titles: dict[str, str], paths: str) -> list[Step]:
    """What to do, in this order: each step makes the next one smaller."""
    of: dict[str, list[tuple[Surveyed, str]]] = {remedy: [] for remedy in REMEDIES}
    for file in files:
        for finding in file.findings:
            of[finding.remedy].append((file, finding.code))
    steps = []
    unread = [file.name for file in files if any(finding.code in _UNREAD for finding in file.findings)]
    if unread:
        what = f"Make {_count(unread, 'file')} valid Python 3. What else is in them is not known until then."
        steps.append(Step(what, items=_first(unread)))
    if of["safe"]:
        what = f"Apply the safe fixes: they end {_findings(of['safe'])}, with results that are proved equal."
        steps.append(Step(what, f"flake8-tf2 fix {paths}"))
    if of["program"]:
        names = list(dict.fromkeys(file.name for file, _ in of["program"]))
        what = f"Convert {_count(names, 'whole program')}: that ends {_findings(of['program'])}."
        steps.append(Step(what, f"flake8-tf2 fix --program {paths}", _first(names)))
    if of["unsafe"]:
        codes = Counter(code for _, code in of["unsafe"])
        what = f"Read what differs, then apply the unsafe fixes: they end {_findings(of['unsafe'])}."
        steps.append(Step(what, f"flake8-tf2 fix --unsafe {paths}", _first(_by_code(codes, titles))))
    stuck = [f"{file.name}: {file.stuck}" for file in files if file.stuck]
    if stuck:
        what = f"See why {_count(stuck, 'program')} {'is' if len(stuck) == 1 else 'are'} not converted as a whole."
        steps.append(Step(what, items=_first(stuck)))
    by_hand = Counter(code for _, code in of["manual"] if code not in _UNREAD)
    if by_hand:
        what = f"Rewrite the rest by hand: {_count(by_hand.total(), 'finding')}, most of these:"
        example = by_hand.most_common(1)[0][0]
        steps.append(Step(what, f"flake8-tf2 explain {example}", _first(_by_code(by_hand, titles))))
    return steps


def _findings(of: list[tuple[Surveyed, str]]) -> str:
    return f"{_count(of, 'finding')} in {_count({file.name for file, _ in of}, 'file')}"


def _count(things, word: str) -> str:
    number = things if isinstance(things, int) else len(things)
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _by_code(codes: Counter[str], titles: dict[str, str]) -> list[str]:
    return [f"{code} {titles.get(code, '')}: {number:,}" for code, number in codes.most_common()]


def _first(items: list[str]) -> list[str]:
    more = len(items) - _NAMED
    return items if more <= 1 else [*items[:_NAMED], f"and {more:,} more"]
