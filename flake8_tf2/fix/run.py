"""Fixing files: what becomes of each, and writing it so that nothing can be lost."""

from __future__ import annotations

import difflib
import functools
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple

from flake8_tf2.files import decode, encode, read_bytes, write_atomically
from flake8_tf2.finding import Finding
from flake8_tf2.fix.apply import Fixed, fix_source
from flake8_tf2.run import for_each, guarded, lint_bytes, read_input


class Result(NamedTuple):
    """What became of one file, nothing of it written yet. error: why it could not be read; then all else is empty."""

    name: str
    error: str = ""
    before: bytes = b""
    after: bytes = b""
    applied: list[Finding] = []
    left: list[Finding] = []
    failed: list[tuple[Finding, str]] = []

    @property
    def changed(self) -> bool:
        """Whether the file would be another."""
        return self.before != self.after


def fix_files(paths: Iterable[str], settings, flake8_arguments: list[str], unsafe: bool) -> Iterator[Result]:
    """The results of files, in their order. flake8_arguments: what `settings` was read from, for other processes."""
    return for_each(functools.partial(fix_file, unsafe=unsafe), paths, settings, flake8_arguments)


def fix_file(path: str, settings, unsafe: bool = False) -> Result:
    """What fixing makes of one file; `-` is standard input."""
    name = settings.flake8.stdin_display_name if path == "-" else path
    return guarded(Result, name, lambda: _fix(read_input(path), name, settings, unsafe))


def _fix(content: bytes, name: str, settings, unsafe: bool) -> Result:
    source, findings = lint_bytes(content, name, settings.options)
    findings = settings.reported(findings, name, source)
    if not findings:
        return Result(name, "", content, content)
    if not source:  # its bytes are no text
        return Result(name, "", content, content, [], findings)
    fixed = fix_source(source, name, settings.options, unsafe, lambda found, text: settings.reported(found, name, text))
    return _encoded(name, content, source, fixed)


def _encoded(name: str, content: bytes, source: str, fixed: Fixed) -> Result:
    try:
        after = content if fixed.source == source else encode(fixed.source, content)
    except UnicodeEncodeError as error:
        return Result(name, f"a fix needs a character that the encoding of the file does not have: {error}")
    return Result(name, "", content, after, fixed.applied, fixed.left, [tuple(f) for f in fixed.failed])


def write(result: Result) -> str:
    """Write what became of a file over it; returns why that failed, or ""."""
    try:
        if read_bytes(result.name) != result.before:
            return "it changed while it was fixed; nothing was written"
        write_atomically(Path(result.name), result.after)
    except OSError as error:
        return f"not written: {error.strerror or error}"
    return ""


def diff(result: Result) -> str:
    """What changed in a file, as a unified diff."""
    before, after = (decode(content).split("\n") for content in (result.before, result.after))
    lines = []
    for text in difflib.unified_diff(_ended(before), _ended(after), result.name, result.name):
        lines.append(text if text.endswith("\n") else text + "\n\\ No newline at end of file\n")
    return "".join(lines)


def _ended(lines: list[str]) -> list[str]:
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
