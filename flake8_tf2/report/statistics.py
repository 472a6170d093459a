"""How many findings there are of each code, and how many of them have a fix."""

from __future__ import annotations

import sys
from collections import Counter

from flake8_tf2.finding import Applicability, Finding


class Report:
    """Counts, and prints a table at the end: the most frequent code first."""

    def __init__(self):
        self._names: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._fixes: dict[Applicability, Counter[str]] = {kind: Counter() for kind in Applicability}
        self._files = 0

    def add(self, path: str, source: str, findings: list[Finding]) -> None:
        """Count the findings of a file."""
        self._files += bool(findings)
        for finding in findings:
            self._names[finding.code] = finding.rule
            self._counts[finding.code] += 1
            self._fixes[finding.applicability][finding.code] += 1

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
