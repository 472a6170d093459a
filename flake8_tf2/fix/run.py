"""Fixing files: what becomes of each, and writing it so that nothing can be lost."""

from __future__ import annotations

import difflib
import functools
import os
import re
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple

from flake8_tf2.files import encode, read_bytes, write_atomically
from flake8_tf2.finding import Finding
from flake8_tf2.fix.apply import Fixed, fix_source
from flake8_tf2.run import for_each, guarded, lint_bytes, read_input


class Result(NamedTuple):
    """What became of one file, nothing of it written yet.

    error: why it could not be read, fixed or written; then nothing changed, and there are no findings.
    """

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
    content = b""

    def work() -> Result:
        nonlocal content
        content = read_input(path)
        return _fix(content, name, settings, unsafe)

    result = guarded(Result, name, work)
    return result._replace(before=content, after=content) if result.error else result


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
        present = read_bytes(result.name)
        if present == result.after:
            return ""  # by another name of the same file
        if present != result.before:
            return "it changed while it was fixed; nothing was written"
        if not os.access(result.name, os.W_OK):  # it could be replaced all the same
            return "not written: Permission denied"
        write_atomically(Path(result.name), result.after)
    except OSError as error:
        return f"not written: {error.strerror or error}"
    return ""


def diff(result: Result) -> bytes:
    """What changed in a file, as a unified diff, in the encoding of the file: else it would be no patch for it."""
    before, after = (re.findall(rb"[^\n]*\n|[^\n]+", content) for content in (result.before, result.after))
    name = os.fsencode(result.name)
    lines = difflib.diff_bytes(difflib.unified_diff, before, after, name, name)
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)
