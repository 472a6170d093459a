"""Workflow commands of GitHub Actions, which shows each finding at its line of a pull request."""

from __future__ import annotations

import os
import sys

from flake8_tf2.finding import Finding, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}


def render(path: str, findings: list[Finding], source: str) -> str:
    """The commands of a file; its path is relative to the current folder, which must be the top of the checkout."""
    return "".join(f"{_command(path, finding)}\n" for finding in findings)


def _command(path: str, finding: Finding) -> str:
    line, column, end_line, end_column = finding.span
    text = finding.message
    place = f",line={line},col={column},endLine={end_line}"
    if end_line == line:  # else GitHub refuses columns
        place += f",endColumn={end_column}"
    if finding.cell:  # of a notebook GitHub shows other lines than those of its cells
        place, text = "", f"cell {finding.cell}, line {line}: {text}"
    title = _property(f"{finding.code} {finding.rule}")
    return f"::{_LEVELS[finding.severity]} file={_file(path)}{place},title={title}::{_data(text)}"


class Report:
    """Prints each file as it comes."""

    def add(self, part: str) -> None:
        """Print the commands of a file."""
        sys.stdout.write(part)

    def fail(self, path: str, reason: str) -> None:
        """Print why a file could not be looked at."""
        print(f"::error file={_file(path)},title=flake8-tf2::{_data(reason)}")

    def close(self) -> None:
        """End the report."""
        sys.stdout.flush()


def _file(path: str) -> str:
    return _property(os.path.normpath(path).replace(os.sep, "/"))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
