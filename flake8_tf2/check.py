"""What `check` prints of each file.

It is rendered where the file is linted: a text goes from one process to another several times faster than findings.
"""

from __future__ import annotations

import functools
import json
from typing import Iterable, Iterator, NamedTuple

from flake8_tf2.files import PythonFile
from flake8_tf2.finding import Finding
from flake8_tf2.positions import split_lines
from flake8_tf2.run import for_each, guarded, lint_bytes, read_input


class Checked(NamedTuple):
    """What became of one file: the number of its findings and their text, or why it could not be read."""

    name: str
    error: str = ""
    found: int = 0
    text: str = ""


def check_files(
    paths: Iterable[str], settings, flake8_arguments: list[str], form: str = "text", quote: bool = False
) -> Iterator[Checked]:
    """The results of files, in their order. flake8_arguments: what `settings` was read from, for other processes.

    form: `text` or `json`. quote: the text has each finding's source line under it.
    """
    return for_each(functools.partial(check_file, form=form, quote=quote), paths, settings, flake8_arguments)


def check_file(path: str, settings, form: str = "text", quote: bool = False) -> Checked:
    """The findings of one file that flake8 would show; `-` is standard input."""
    name = settings.flake8.stdin_display_name if path == "-" else path

    def work() -> Checked:
        file, findings = lint_bytes(read_input(path), name, settings.options, fixes=form == "json")
        source = "" if file is None else file.source
        findings = settings.reported(findings, name, source)
        findings = findings if file is None else file.placed(findings)
        quoted = source if quote and type(file) is PythonFile else ""  # cells are not lines of the file
        text = as_json(name, findings) if form == "json" else as_text(name, findings, quoted)
        return Checked(name, "", len(findings), text)

    return guarded(Checked, name, work)


def as_text(name: str, findings: list[Finding], source: str = "") -> str:
    """Lines like flake8's; where the source is given, each with the source line under it."""
    out = [f"{f.place(name)}: {f.code} {f.message}\n" for f in findings]
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


def as_json(name: str, findings: list[Finding]) -> str:
    """The items of a JSON list, one a finding, without the brackets of the list."""
    return json.dumps([f.as_json(name) for f in findings], indent=1)[2:-2]
