"""Lines like flake8's; where the source is given, each with the source line under it."""

from __future__ import annotations

import sys

from flake8_tf2.finding import Finding
from flake8_tf2.positions import split_lines


def render(path: str, findings: list[Finding], source: str) -> str:
    """The lines of a file."""
    out = [f"{f.place(path)}: {f.code} {f.message}\n" for f in findings]
    if source and findings:
        lines = split_lines(source)
        out = [f"{text}{_quote(lines, f)}\n" for text, f in zip(out, findings)]
    return "".join(out)


def _quote(lines: list[str], finding: Finding) -> str:
    """The line of a finding, with the place marked."""
    line, column, end_line, end_column = finding.span
    text = "".join(c if c == "\t" or c.isprintable() else " " for c in lines[line - 1]) if line <= len(lines) else ""
    end = end_column if end_line == line else len(text) + 1
    lead = "".join("\t" if c == "\t" else " " for c in text[: column - 1])
    return f"    {text}\n    {lead}{'^' * max(end - column, 1)}"


class Report:
    """Prints each file as it comes."""

    def add(self, part: str) -> None:
        """Print the lines of a file."""
        sys.stdout.write(part)

    def fail(self, path: str, reason: str) -> None:
        """A file could not be looked at, which standard error says."""

    def close(self) -> None:
        """End the report."""
        sys.stdout.flush()
