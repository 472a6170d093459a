"""How many findings there are of each code, and how many of them have a fix."""

from __future__ import annotations

import sys
from collections import Counter

from flake8_tf2.finding import Applicability, Finding


def render(path: str, findings: list[Finding], source: str) -> list[tuple[str, str, Applicability]]:
    """Of each finding of a file the code, the rule and what its fix may be relied on for."""
    return [(f.code, f.rule, f.applicability) for f in findings]


class Report:
    """Counts, and prints a table at the end: the most frequent code first."""

    def __init__(self):
        self._names: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._fixes: dict[Applicability, Counter[str]] = {kind: Counter() for kind in Applicability}
        self._files = 0

    def add(self, part: list[tuple[str, str, Applicability]]) -> None:
        """Count the findings of a file."""
        self._files += bool(part)
        for code, name, applicability in part:
            self._names[code] = name
            self._counts[code] += 1
            self._fixes[applicability][code] += 1

    def fail(self, path: str, reason: str) -> None:
        """A file could not be looked at, which standard error says."""

    def close(self) -> None:
        """Print the table."""
        safe, unsafe = self._fixes[Applicability.SAFE], self._fixes[Applicability.UNSAFE]
        rows = [
            (str(count), str(safe[code]), str(unsafe[code]), code, self._names[code])
            for code, count in sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        ]
        files = f"all, in {self._files} file{'' if self._files == 1 else 's'}"
        rows.append((str(self._counts.total()), str(safe.total()), str(unsafe.total()), "", files))
        print("findings  safe  unsafe  code   rule")
        for count, safe_count, unsafe_count, code, name in rows:
            print(f"{count:>8}  {safe_count:>4}  {unsafe_count:>6}  {code:<5}  {name}")
        sys.stdout.flush()
