"""The page itself: one file with its numbers, its style, its script and the findings as JSON; it loads nothing."""

from __future__ import annotations

import base64
import datetime
import hashlib
import itertools
import json
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from flake8_tf2 import __version__
from flake8_tf2.overview.history import Point
from flake8_tf2.overview.summary import Share, Summary
from flake8_tf2.overview.survey import REMEDIES, Surveyed, shown

_FOLDER = Path(__file__).parent
#: How many files the table lists; the map has them all.
_TABLE = 50

#: Characters of the diffs of whole programs: with them, a page of 50,000 findings is still one that opens.
_ROOM = 4_000_000

LABELS = {"safe": "safe fix", "unsafe": "unsafe fix", "program": "program conversion", "manual": "by hand"}


def render(summary: Summary, files: list[Surveyed], paths: list[str], history: list[Point] = ()) -> bytes:
    """The page, in UTF-8. paths: what the user named. history: of the commits, oldest first, or nothing."""
    loader = FileSystemLoader(_FOLDER)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(bar=_bar, date=_date, percent=_percent)
    script = (_FOLDER / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    text = environment.get_template("page.html").render(
        title=shown(", ".join(paths)),
        version=__version__,
        made=datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M"),
        summary=summary,
        remedies=REMEDIES,
        labels=LABELS,
        table=summary.by_file[:_TABLE],
        history=history,
        chart=_chart(history),
        style=Markup((_FOLDER / "page.css").read_text(encoding="utf-8")),
        script=Markup(script),
        digest=digest,
        data=Markup(embedded(data(files))),
    )
    return text.encode("utf-8")


def data(files: list[Surveyed]) -> dict:
    """What the script shows: files with findings one by one, others only as numbers of their folder.

    A finding is [place, code, message, remedy, line, hunks, refused]; message and refused are places in `texts`,
    and a hunk is [lines before or 0, lines after], where 0 is the line of the finding itself.
    """
    texts: dict[str, int] = {}
    clean: dict[str, list[int]] = {}
    shown_files = []
    room = _ROOM

    def place(text: str) -> int:
        return texts.setdefault(text, len(texts))

    for file in files:
        if file.findings:
            findings = [
                [
                    f.place, f.code, place(f.message), REMEDIES.index(f.remedy), f.line,
                    [[0 if hunk.before == [f.line] else hunk.before, hunk.after] for hunk in f.hunks],
                    place(f.refused),
                ]
                for f in file.findings
            ]  # fmt: skip
            room -= len(file.program)
            program = file.program if room >= 0 else "fix --program --diff shows it: this page has no room for more"
            shown_files.append([file.name, file.lines, findings, file.program and program, file.stuck])
        elif not file.error:
            folder, slash, _ = file.name.rpartition("/")
            counts = clean.setdefault(folder + slash, [0, 0])
            counts[0] += 1
            counts[1] += file.lines
    return {"texts": list(texts), "files": shown_files, "clean": [[folder, *n] for folder, n in clean.items()]}


def embedded(value: object) -> str:
    """JSON that may stand in a script element: nothing in it can end the element, or open a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _bar(share: Share, most: int) -> list[tuple[str, int, str]]:
    """The parts of a bar: remedy, number, and width in percent of a bar for `most` findings."""
    parts = [(remedy, share.remedies[remedy]) for remedy in REMEDIES]
    return [(remedy, number, f"{100 * number / most:.2f}") for remedy, number in parts if number]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "0 %"


def _date(time: int) -> str:
    return datetime.datetime.fromtimestamp(time, datetime.timezone.utc).strftime("%Y-%m-%d")


class Chart(NamedTuple):
    """The burn-down as a picture. dots: x, y and the commit; ticks: y and findings; line, area: points of SVG."""

    width: int
    height: int
    dots: list[tuple[str, str, Point]]
    ticks: list[tuple[str, str]]
    line: str
    area: str


def _chart(history: list[Point]) -> Chart | None:
    if len(history) < 2:
        return None
    width, height, left, right, top, bottom = 720, 220, 56, 14, 12, 28
    times = list(itertools.accumulate((point.time for point in history), max))  # a clock may have been wrong
    span = times[-1] - times[0]
    step = _step(max(max(point.findings for point in history), 1))
    ceiling = step * -(-max(max(point.findings for point in history), 1) // step)

    def x(number: int) -> float:
        share = (times[number] - times[0]) / span if span else number / (len(history) - 1)
        return left + share * (width - left - right)

    def y(findings: int) -> float:
        return top + (1 - findings / ceiling) * (height - top - bottom)

    dots = [(f"{x(n):.1f}", f"{y(point.findings):.1f}", point) for n, point in enumerate(history)]
    line = " ".join(f"{x_},{y_}" for x_, y_, _ in dots)
    area = f"{dots[0][0]},{y(0):.1f} {line} {dots[-1][0]},{y(0):.1f}"
    ticks = [(f"{y(n):.1f}", f"{n:,}") for n in range(0, ceiling + 1, step)]
    return Chart(width, height, dots, ticks, line, area)


def _step(most: int) -> int:
    """A round distance of ticks, so that there are three to six."""
    size = 10 ** (len(str(most)) - 1)
    return next((step for step in (max(size // 4, 1), max(size // 2, 1), size, 2 * size) if most <= 5 * step), 2 * size)
