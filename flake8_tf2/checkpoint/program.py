"""The program whose variables a checkpoint is for, ready to run: converted, where it is one of TensorFlow 1."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Iterator, Sequence

from flake8_tf2.files import PythonFile, read_bytes
from flake8_tf2.prove.command import UsageError

#: What the saver has that conversion writes into programs.
_SAVER = "def of_tf1(self"


@contextlib.contextmanager
def ready(files: Sequence[str], exact: bool = False) -> Iterator[str]:
    """The file to run, the first of those given, which may be converted or not; the others are what it imports.

    exact: as for `fix --program`. Raises UsageError where it cannot be read or converted.
    """
    sources = {path: _source(path) for path in _paths(files)}
    if any(_SAVER in source for source in sources.values()):
        yield files[0]
        return
    root = os.path.commonpath([os.path.dirname(os.path.abspath(path)) for path in sources])
    by_key = {os.path.relpath(path, root).replace(os.sep, "/"): source for path, source in sources.items()}
    entry = os.path.relpath(files[0], root).replace(os.sep, "/")
    _require_all(sources)
    converted = _converted(by_key, entry, exact)
    if not any(_SAVER in source for source in converted.values()):
        raise UsageError(f"{files[0]} makes no tf.train.Saver: it neither saves nor restores")
    with tempfile.TemporaryDirectory(prefix="flake8-tf2-converted-") as folder:
        for key, source in {**by_key, **converted}.items():
            target = Path(folder, key)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source, encoding="utf-8")
        yield str(Path(folder, entry))


def _paths(files: Sequence[str]) -> list[str]:
    """The files, and those of folders."""
    if os.path.isdir(files[0]):
        raise UsageError(f"{files[0]} is a folder: name the file that is run first, then the others or their folder")
    found = dict.fromkeys(files[:1])
    for path in files:
        if os.path.isdir(path):
            found |= dict.fromkeys(map(str, sorted(Path(path).rglob("*.py"))))
        else:
            found[path] = None
    unique = {os.path.realpath(path): path for path in reversed(found)}
    return list(reversed(unique.values()))


def _source(path: str) -> str:
    try:
        return PythonFile(read_bytes(path)).source
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (UnicodeError, SyntaxError, LookupError):
        raise UsageError(f"{path}: it is no Python source") from None


def _require_all(sources: dict[str, str]) -> None:
    from flake8_tf2.fix.projects import missing_file

    given = {os.path.abspath(path) for path in sources}
    for path, source in sources.items():
        missing = missing_file(path, source, given)
        if missing:
            raise UsageError(f"{path} imports {missing}, which is not among the files of --program: name it, too")


def _converted(sources: dict[str, str], entry: str, exact: bool) -> dict[str, str]:
    from flake8_tf2.convert.link import projects
    from flake8_tf2.convert.program import NO_PROGRAM, convert_source
    from flake8_tf2.convert.project import convert_project

    group = next((group for group in projects(sources) if entry in group), [])
    if group:
        found = convert_project({key: sources[key] for key in group}, exact=exact)
    else:
        found = {entry: convert_source(sources[entry], entry, exact=exact)}
    for file in found.values():
        if file.reason.endswith(NO_PROGRAM):
            raise UsageError(f"{entry} opens no session, and has no saver that `fix --program` wrote: name the program")
        if file.reason:
            where = f"{entry}:{file.line}" if file.line and not group else entry
            raise UsageError(f"{where} is not converted: {file.reason}")
    return {key: file.source for key, file in found.items()}
