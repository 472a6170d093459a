"""One JSON list of objects, an object a finding."""

from __future__ import annotations

import json
import sys

from flake8_tf2.finding import Finding


class Report:
    """Keeps the findings for one list."""

    def __init__(self):
        self._objects: list[dict] = []

    def add(self, path: str, source: str, findings: list[Finding]) -> None:
        """Keep the findings of a file."""
        self._objects += [f.as_json(path) for f in findings]

    def fail(self, path: str, reason: str) -> None:
        """A file could not be looked at, which standard error says."""

    def close(self) -> None:
        """Print the list."""
        json.dump(self._objects, sys.stdout, indent=1)
        sys.stdout.write("\n")
        sys.stdout.flush()
