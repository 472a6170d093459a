"""Fixing files: what becomes of each, and writing it so that nothing can be lost."""

from __future__ import annotations

import difflib
import functools
import os
import re
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple

from flake8_tf2.files import PythonFile, Unreadable, read_bytes, write_atomically
from flake8_tf2.finding import Finding, Severity
from flake8_tf2.fix.apply import Fixed, fix_source
from flake8_tf2.lint import lint
from flake8_tf2.run import PROGRAMS, for_each, guarded, lint_bytes, read_input


class ProgramOptions(NamedTuple):
    """How whole programs are converted. jit: functions are compiled by XLA; exact: updates to the digit of TF1's.

    given: the absolute paths of all files that are fixed; a program that needs more is left.
    """

    jit: bool = False
    exact: bool = False
    given: frozenset[str] | None = None


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

    program: whole programs are converted, too, those of several files together.
    """
    if program is None:
        return for_each(functools.partial(fix_file, unsafe=unsafe), paths, settings, flake8_arguments)
    return _fix_programs(list(paths), settings, flake8_arguments, unsafe, program)


def _fix_programs(
    paths: list[str], settings, flake8_arguments: list[str], unsafe: bool, program: ProgramOptions
) -> Iterator[Result]:
    from flake8_tf2.fix.projects import fix_projects  # which imports this module

    program = program._replace(given=frozenset(map(os.path.abspath, paths)))
    together = fix_projects(paths, settings, flake8_arguments, program)
    work = functools.partial(fix_file, unsafe=unsafe, program=program)
    rest = [path for path in paths if path not in together]
    alone = for_each(work, rest, settings, flake8_arguments, much=PROGRAMS)
    for path in paths:
        yield together[path] if path in together else next(alone)


def fix_file(path: str, settings, unsafe: bool = False, program: ProgramOptions | None = None) -> Result:
    """What fixing makes of one file; `-` is standard input."""
    name = settings.flake8.stdin_display_name if path == "-" else path
    content = b""

    def work() -> Result:
        nonlocal content
        content = read_input(path)
        return fix_content(content, name, settings, unsafe, program)

    result = guarded(Result, name, work)
    return result._replace(before=content, after=content) if result.error else result


def fix_content(
    content: bytes, name: str, settings, unsafe: bool = False, program: ProgramOptions | None = None
) -> Result:
    """What fixing makes of the bytes of a file. Raises Unreadable, and RuleError as `lint` does."""
    file, every = lint_bytes(content, name, settings.options)
    if file is None:  # its bytes are no text
        return Result(name, "", content, content, [], settings.reported(every, name, ""))
    findings = settings.reported(every, name, file.source)
    if not findings:
        return Result(name, "", content, content)
    unread = [f for f in file.unread(settings.options) if f in findings]

    def stuck(reason: str) -> Result:
        return Result(name, "", content, content, [], file.placed(findings), [], reason)

    if program is not None:
        try:
            fixed = _converted(file, name, findings, settings, program)
        except Unconverted as reason:
            return stuck(str(reason))
        if fixed is not None:
            if any(f.severity is not Severity.HINT for f in set(every) - set(findings)):
                return stuck("some of its findings are silenced or not selected, and a program is converted as a whole")
            if unread:
                return stuck("it has cells that do not parse, and a program is converted as a whole")
            try:
                return result_of(file, name, content, fixed)._replace(converted=True)
            except Unreadable as error:
                return stuck(str(error))

    def reported(found: list[Finding], text: str) -> list[Finding]:
        file.note(found, text)
        return settings.reported(found, name, text)

    fixed = fix_source(file.source, name, settings.options, unsafe, reported)
    return result_of(file, name, content, fixed._replace(left=[*fixed.left, *unread]))


class Unconverted(Exception):
    """A program stays as it is; the message says why, with the place."""


def _converted(file: PythonFile, name: str, findings: list[Finding], settings, program: ProgramOptions) -> Fixed | None:
    """What becomes of a whole program; None of a file that is none. Raises Unconverted."""
    from flake8_tf2.convert.program import NO_PROGRAM, convert_source  # not needed for local fixes
    from flake8_tf2.fix.projects import missing_file

    try:
        converted = convert_source(file.source, name, settings.options, program.jit, program.exact)
    except Exception as error:  # a mistake of ours must not cost the other files
        raise Unconverted(f"the converter failed: {type(error).__name__}: {error}") from error
    if converted.reason == NO_PROGRAM:
        return None
    if program.given is not None and (missing := missing_file(name, file.source, program.given)):
        raise Unconverted(f"it imports {missing}, which is not among the files to fix: name that file, too")
    if converted.reason:
        raise Unconverted(f"{file.line(converted.line)}: {converted.reason}" if converted.line else converted.reason)
    found = lint(converted.source, name, settings.options)
    file.note(found, converted.source)
    return Fixed(converted.source, findings, settings.reported(found, name, converted.source), [])


def result_of(file: PythonFile, name: str, content: bytes, fixed: Fixed) -> Result:
    """The result of a file that becomes this. Raises Unreadable where the file cannot have this source."""
    after = content if fixed.source == file.source else file.encoded(fixed.source)
    failed = [(file.placed([finding])[0], reason) for finding, reason in fixed.failed]
    return Result(name, "", content, after, file.placed(fixed.applied), file.placed(fixed.left), failed)


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
