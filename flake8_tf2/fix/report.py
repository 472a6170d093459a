"""What the command `fix` prints."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Callable, TextIO

from flake8_tf2.finding import Applicability
from flake8_tf2.fix.run import Result


class TextReport:
    """For each file what was fixed, and what is left and why; a line of sums at the end."""

    def __init__(self, out: Callable[[], TextIO], verb: str):
        """out: gives the stream, which a progress bar replaces meanwhile.

        verb: what is said of a fix: `fixed`, or `would fix`.
        """
        self._out = out
        self._verb = verb
        self._files = self._fixed = self._left = self._unsafe = 0

    def add(self, result: Result) -> None:
        """Print one file; an error was told by the command."""
        if result.error:
            return
        self._files += result.changed
        self._fixed += len(result.applied)
        self._left += len(result.left)
        lines = []
        if result.applied:
            counts = Counter(finding.code for finding in result.applied)
            codes = ", ".join(f"{code} {number}" for code, number in sorted(counts.items()))
            what = "converted the program, " if result.converted else ""
            lines.append(f"{result.name}: {what}{self._verb} {len(result.applied)} ({codes})")
        if result.stuck:
            lines.append(f"{result.name}: the program was not converted: {result.stuck}")
            lines.append(f"{result.name}: it was left as it is; fix without --program does what stands alone")
        taken_back = {finding for finding, _ in result.failed}
        for finding in result.left:
            reason = f" (not fixed: {finding.refused})" if finding.refused else ""
            if finding.applicability is Applicability.UNSAFE and finding not in taken_back:
                reason = " (has an unsafe fix)"
                self._unsafe += 1
            lines.append(f"{finding.place(result.name)}: {finding.code} {finding.message}{reason}")
        for finding, reason in result.failed:
            lines.append(f"{finding.place(result.name)}: {finding.code} its fix was taken back: {reason}")
        if lines:
            print("\n".join(lines), file=self._out())

    def close(self) -> None:
        """Print the sums."""
        files = f"{self._files} file{'' if self._files == 1 else 's'}"
        unsafe = f", {self._unsafe} of them for --unsafe" if self._unsafe else ""
        print(f"{self._verb} {self._fixed} in {files}, {self._left} left{unsafe}", file=self._out(), flush=True)


class JsonReport:
    """One list of objects, an object a file that has findings, was changed or could not be."""

    def __init__(self, out: Callable[[], TextIO], verb: str):
        self._out = out
        self._objects: list[dict] = []

    def add(self, result: Result) -> None:
        """Keep one file for the list."""
        if not (result.applied or result.left or result.failed or result.error or result.stuck):
            return
        if result.error:  # what was to be written was not
            result = result._replace(after=result.before, applied=[], left=[], failed=[])
        name = result.name
        self._objects.append(
            {
                "path": name,
                "changed": result.changed,
                "fixed": [finding.as_json(name) for finding in result.applied],
                "left": [{**finding.as_json(name), "refused": finding.refused} for finding in result.left],
                "failed": [{**finding.as_json(name), "reason": reason} for finding, reason in result.failed],
                "converted": result.converted,
                "stuck": result.stuck,
                "error": result.error,
            }
        )

    def close(self) -> None:
        """Print the list."""
        json.dump(self._objects, self._out(), indent=1)
        print(file=self._out(), flush=True)


REPORTS = {"text": TextReport, "json": JsonReport}


def with_progress(results, total: int, doing: str = "fixing"):
    """The results as they come, with a bar on a terminal that reads standard error, where rich is installed."""
    shared = sys.stdout.isatty()
    if total < 2 or not sys.stderr.isatty():
        return results
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ImportError:
        return results
    # What is printed meanwhile goes above the bar, if to the same terminal; else it must not come near it.
    return _track(results, total, Progress(console=Console(stderr=True), transient=True, redirect_stdout=shared), doing)


def _track(results, total: int, progress, doing: str):
    with progress:
        yield from progress.track(results, total=total, description=doing)
