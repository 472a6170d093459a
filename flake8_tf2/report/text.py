"""Lines like flake8's; on a terminal, each with the source line under it."""

from __future__ import annotations

import sys

from flake8_tf2.finding import Finding


class Report:
    """Prints each file as it comes."""

    def __init__(self):
        self._show_source = sys.stdout.isatty()

    def add(self, path: str, source: str, findings: list[Finding]) -> None:
        """Print the findings of a file. source: the text of the file where standard output is a terminal."""
        out = [f"{f.place(path)}: {f.code} {f.message}" for f in findings]
        if self._show_source and source and findings:
            from flake8_tf2.positions import split_lines

            lines = split_lines(source)
            out = [f"{text}\n{_quote(lines, f)}" for text, f in zip(out, findings)]
        if out:
            sys.stdout.write("\n".join(out) + "\n")

    def fail(self, path: str, reason: str) -> None:
        """A file could not be looked at, which standard error says."""

    def close(self) -> None:
        """End the report."""
        sys.stdout.flush()


def _quote(lines: list[str], finding: Finding) -> str:
    """The line of a finding, with the place marked."""
    line, column, end_line, end_column = finding.span
    text = "".join(c if c == "\t" or c.isprintable() else " " for c in lines[line - 1]) if line <= len(lines) else ""
    end = end_column if end_line == line else len(text) + 1
    lead = "".join("\t" if c == "\t" else " " for c in text[: column - 1])
    return f"    {text}\n    {lead}{'^' * max(end - column, 1)}"
