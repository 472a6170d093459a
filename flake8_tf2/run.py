"""Working on files, those of a large tree on all cores, and linting one."""

from __future__ import annotations

import gc
import itertools
import os
import sys
from typing import Callable, Iterable, Iterator

from flake8_tf2 import collector
from flake8_tf2.files import PythonFile, Unreadable, line_of_byte, read_bytes
from flake8_tf2.finding import Finding
from flake8_tf2.lint import lint, undecodable
from flake8_tf2.options import Options

#: Starting a process costs as much as linting this many files.
_WORTH_A_PROCESS = 50
#: As `much`, of whole programs: each takes longer than to start a process.
PROGRAMS = 2
_CHUNK = 8


def for_each(
    work: Callable,
    paths: Iterable,
    settings,
    flake8_arguments: list[str],
    known: Callable = lambda path, settings: None,
    much: int = 2 * _WORTH_A_PROCESS,
) -> Iterator:
    """What `work(path, settings)` gives for each path (or what else there is work on), in order; of much on all cores.

    known: a result that is there already, or None; asked until it is clear that there is much work. much: how many
    paths are that.
    """
    paths = iter(paths)
    first = []
    unknown = 0
    for path in paths:
        result = known(path, settings)
        first.append((path, result))
        unknown += result is None
        if unknown == much or path == "-":
            break
    processes = cores()
    if processes < 2 or unknown < much or first[-1][0] == "-":
        with collector.seldom():
            for path, result in first:
                yield work(path, settings) if result is None else result
            for path in paths:
                yield work(path, settings)
        return
    from concurrent.futures import ProcessPoolExecutor

    global _settings
    _settings = settings  # a process that is forked has them
    executor = ProcessPoolExecutor(processes, initializer=_start, initargs=(work, flake8_arguments))
    try:
        to_do = itertools.chain((path for path, result in first if result is None), paths)
        results = executor.map(_work_in_process, to_do, chunksize=min(_CHUNK, max(much // processes, 1)))
        for _, result in first:
            yield next(results) if result is None else result
        yield from results
    finally:
        executor.shutdown(cancel_futures=True)  # what runs now comes to its end


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_work = _settings = None  # of a process of the pool


def _start(work: Callable, flake8_arguments: list[str]) -> None:
    global _work, _settings
    import signal

    gc.set_threshold(*collector.SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of which the process that started this one tells
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # by an exception, so that nothing half written is left
    _work = work
    if _settings is None:
        from flake8_tf2 import settings

        _settings = settings.read(flake8_arguments)


def _work_in_process(path: str):
    return _work(path, _settings)


def guarded(result: Callable, name: str, work: Callable):
    """What `work` returns, or a result with the name and the reason why there is none."""
    try:
        return work()
    except OSError as error:
        return result(name, error.strerror or str(error))
    except Unreadable as error:
        return result(name, str(error))
    except Exception as error:  # a bug of ours must not keep the other files from being looked at
        return result(name, f"internal error, please report it with the file: {error!r}")


def read_input(path: str) -> bytes:
    """The content of a file, or of standard input where the path is `-`. Raises OSError."""
    if path != "-":
        return read_bytes(path)
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read()


def lint_bytes(
    content: bytes, name: str, options: Options, fixes: bool = False
) -> tuple[PythonFile | None, list[Finding]]:
    """A file and the findings of its source; no file where the bytes are no text, which is then the finding.

    Raises Unreadable for what should be a notebook and is none.
    """
    try:
        file = open_file(content, name)
    except UnicodeDecodeError as error:
        return None, [undecodable(options, str(error), line_of_byte(error))]
    except (UnicodeError, SyntaxError, LookupError) as error:
        return None, [undecodable(options, str(error))]
    findings = lint(file.source, name, options, fixes=fixes)
    unread = file.unread(options)
    return file, sorted([*findings, *unread], key=lambda f: f.span) if unread else findings


def open_file(content: bytes, name: str) -> PythonFile:
    """What a file is by its name: a notebook, or a file of Python. Raises Unreadable, and what `decode` raises."""
    if not name.endswith(".ipynb"):
        return PythonFile(content)
    from flake8_tf2.notebooks.file import NotebookFile

    return NotebookFile(content)
