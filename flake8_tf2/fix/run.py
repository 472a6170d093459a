"""Fixing files: what becomes of each, and writing it so that nothing can be lost."""

from __future__ import annotations

import difflib
import functools
import os
import re
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple

from flake8_tf2.files import encode, read_bytes, write_atomically
from flake8_tf2.finding import Finding, Severity
from flake8_tf2.fix.apply import Fixed, fix_source
from flake8_tf2.lint import lint
from flake8_tf2.run import for_each, guarded, lint_bytes, read_input


class ProgramOptions(NamedTuple):
    """How whole programs are converted. jit: functions are compiled by XLA; exact: updates to the digit of TF1's."""

    jit: bool = False
    exact: bool = False


class Result(NamedTuple):
    """What became of one file, nothing of it written yet.

    error: why it could not be read, fixed or written; then nothing changed, and there are no findings.
    stuck: why a whole program was not converted, with the place; then nothing changed either.
    """

    name: str
    error: str = ""
    before: bytes = b""
    after: bytes = b""
    applied: list[Finding] = []
    left: list[Finding] = []
    failed: list[tuple[Finding, str]] = []
    stuck: str = ""
    converted: bool = False

    @property
    def changed(self) -> bool:
        """Whether the file would be another."""
        return self.before != self.after


def fix_files(
    paths: Iterable[str], settings, flake8_arguments: list[str], unsafe: bool, program: ProgramOptions | None = None
) -> Iterator[Result]:
    """The results of files, in their order. flake8_arguments: what `settings` was read from, for other processes.

    program: whole programs are converted, too.
    """
    return for_each(functools.partial(fix_file, unsafe=unsafe, program=program), paths, settings, flake8_arguments)


def fix_file(path: str, settings, unsafe: bool = False, program: ProgramOptions | None = None) -> Result:
    """What fixing makes of one file; `-` is standard input."""
    name = settings.flake8.stdin_display_name if path == "-" else path
    content = b""

    def work() -> Result:
        nonlocal content
        content = read_input(path)
        return _fix(content, name, settings, unsafe, program)

    result = guarded(Result, name, work)
    return result._replace(before=content, after=content) if result.error else result


def _fix(content: bytes, name: str, settings, unsafe: bool, program: ProgramOptions | None) -> Result:
    source, every = lint_bytes(content, name, settings.options)
    findings = settings.reported(every, name, source)
    if not findings:
        return Result(name, "", content, content)
    if not source:  # its bytes are no text
        return Result(name, "", content, content, [], findings)
    if program is not None:
        result = _convert(content, name, source, findings, settings, program)
        if result is not None:
            silenced = any(f.severity is not Severity.HINT for f in set(every) - set(findings))
            if silenced and result.converted:
                stuck = "some of its findings are silenced or not selected, and a program is converted as a whole"
                return Result(name, "", content, content, [], findings, [], stuck)
            return result
    fixed = fix_source(source, name, settings.options, unsafe, lambda found, text: settings.reported(found, name, text))
    return _encoded(name, content, source, fixed)


def _convert(
    content: bytes, name: str, source: str, findings: list[Finding], settings, program: ProgramOptions
) -> Result | None:
    """What becomes of a whole program; None of a file that is none."""
    from flake8_tf2.convert.program import NO_PROGRAM, convert_source  # not needed for local fixes

    try:
        converted = convert_source(source, name, settings.options, program.jit, program.exact)
    except Exception as error:  # a mistake of ours must not cost the other files
        return Result(
            name, "", content, content, [], findings, [], f"the converter failed: {type(error).__name__}: {error}"
        )
    if converted.reason == NO_PROGRAM:
        return None
    if converted.reason:
        place = f"line {converted.line}: " if converted.line else ""
        return Result(name, "", content, content, [], findings, [], place + converted.reason)
    left = settings.reported(lint(converted.source, name, settings.options), name, converted.source)
    result = _encoded(name, content, source, Fixed(converted.source, findings, left, []))
    return result._replace(converted=not result.error)


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
