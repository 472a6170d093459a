"""Linting files, those of a large tree on all cores."""

from __future__ import annotations

import itertools
import os
import sys
from typing import Iterable, Iterator, NamedTuple

from flake8_tf2.files import decode, line_of_byte, read_bytes
from flake8_tf2.finding import Finding
from flake8_tf2.lint import lint, undecodable
from flake8_tf2.options import Options

#: Starting a process costs as much as linting this many files.
_WORTH_A_PROCESS = 50
_CHUNK = 8


class Result(NamedTuple):
    """What became of one file: its findings, or why it could not be read. source: "" where its bytes are no text."""

    name: str
    source: str
    findings: list[Finding]
    error: str = ""


def lint_files(paths: Iterable[str], settings, flake8_arguments: list[str]) -> Iterator[Result]:
    """The results of files, in their order. flake8_arguments: what `settings` was read from, for other processes."""
    paths = iter(paths)
    first = list(itertools.islice(paths, 2 * _WORTH_A_PROCESS))
    processes = _cores()
    if processes < 2 or len(first) < 2 * _WORTH_A_PROCESS or "-" in first:
        for path in itertools.chain(first, paths):
            yield lint_file(path, settings)
        return
    import multiprocessing

    with multiprocessing.Pool(processes, _start, (flake8_arguments,)) as pool:
        yield from pool.imap(_lint_in_process, itertools.chain(first, paths), _CHUNK)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_settings = None  # of a process of the pool


def _start(flake8_arguments: list[str]) -> None:
    global _settings
    import signal

    from flake8_tf2 import settings

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    _settings = settings.read(flake8_arguments)


def _lint_in_process(path: str) -> Result:
    result = lint_file(path, _settings)
    return result if sys.stdout.isatty() else result._replace(source="")  # only a terminal is shown the source


def lint_file(path: str, settings) -> Result:
    """The findings of one file that flake8 would show; `-` is standard input."""
    name = settings.flake8.stdin_display_name if path == "-" else path
    try:
        content = _read(path)
    except OSError as error:
        return Result(name, "", [], error.strerror or str(error))
    try:
        source, findings = _lint(content, name, settings.options)
    except Exception as error:  # a bug of ours must not keep the other files from being looked at
        return Result(name, "", [], f"internal error, please report it with the file: {error!r}")
    return Result(name, source, settings.reported(findings, name, source))


def _read(path: str) -> bytes:
    if path != "-":
        return read_bytes(path)
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read()


def _lint(content: bytes, name: str, options: Options) -> tuple[str, list[Finding]]:
    try:
        source = decode(content)
    except UnicodeDecodeError as error:
        return "", [undecodable(options, str(error), line_of_byte(error))]
    except (UnicodeError, SyntaxError, LookupError) as error:
        return "", [undecodable(options, str(error))]
    return source, lint(source, name, options)
