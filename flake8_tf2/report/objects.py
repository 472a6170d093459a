"""One JSON list of objects, an object a finding."""

from __future__ import annotations

import json
import sys

from flake8_tf2.finding import Finding


def render(path: str, findings: list[Finding], source: str) -> str:
    """The items of a JSON list, one a finding, without the brackets of the list."""
    return json.dumps([f.as_json(path) for f in findings], indent=1)[2:-2]


class Report:
    """Keeps the items for one list."""

    def __init__(self):
        self._items: list[str] = []

    def add(self, part: str) -> None:
        """Keep the items of a file."""
        if part:
            self._items.append(part)

    def fail(self, path: str, reason: str) -> None:
        """A file could not be looked at, which standard error says."""

    def close(self) -> None:
        """Print the list, which is whole now."""
        sys.stdout.write("[\n" + ",\n".join(self._items) + "\n]\n" if self._items else "[]\n")
        sys.stdout.flush()
