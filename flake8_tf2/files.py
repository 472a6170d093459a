"""Which files to look at, and reading and writing them."""

from __future__ import annotations

import io
import os
import stat
import tempfile
import tokenize
from pathlib import Path
from typing import Iterator

#: Folders that hold other people's code, or none.
_SKIPPED = {".git", ".hg", ".svn", ".tox", ".nox", ".eggs", "__pycache__", "node_modules", ".mypy_cache", ".pytest_cache"}


def find_files(paths: list[str], excluded=lambda path: False) -> Iterator[str]:
    """The Python files of files and folders, in order; a file that is named is taken whatever its name.

    Below folders, what git ignores, virtual environments and excluded paths are left out.
    Yields paths that do not exist, too: reading them gives the error.
    """
    seen = set()
    for path in paths:
        found = _walk(path, excluded) if os.path.isdir(path) else iter([path] if not excluded(path) else [])
        for name in found:
            key = os.path.realpath(name) if name != "-" else name
            if key not in seen:
                seen.add(key)
                yield name


def _walk(folder: str, excluded) -> Iterator[str]:
    ignores = _Ignores(folder)
    stack = [folder]
    while stack:
        current = stack.pop()
        try:
            with os.scandir(current) as scan:
                entries = sorted(scan, key=lambda e: e.name)
        except OSError:
            yield current  # reading it gives the error
            continue
        names = {e.name for e in entries}
        if current != folder and ("pyvenv.cfg" in names or "conda-meta" in names):
            continue
        ignores.enter(current, ".gitignore" in names)
        folders = []
        for entry in entries:
            path = os.path.join(current, entry.name) if current != "." else os.path.join(".", entry.name)
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and entry.name in _SKIPPED:
                continue
            if not is_folder and not entry.name.endswith((".py", ".pyi")):
                continue
            if excluded(path) or ignores.match(path, is_folder):
                continue
            if is_folder:
                folders.append(path)
            elif entry.is_file():
                yield path
        stack.extend(reversed(folders))


class _Ignores:
    """The .gitignore files that apply below a folder, those of its parents in the repository included."""

    def __init__(self, folder: str):
        self._specs: list[tuple[str, object]] = []
        path = os.path.abspath(folder)
        while not os.path.isdir(os.path.join(path, ".git")):
            parent = os.path.dirname(path)
            if parent == path:
                return  # not in a repository: only the files below count
            path = parent
            self.enter(path, os.path.isfile(os.path.join(path, ".gitignore")))

    def enter(self, folder: str, has_file: bool) -> None:
        """Read the .gitignore of a folder, if it has one."""
        if has_file:
            import pathspec

            try:
                text = Path(folder, ".gitignore").read_text(encoding="utf-8", errors="replace")
            except OSError:
                return
            spec = pathspec.GitIgnoreSpec.from_lines(text.splitlines())
            self._specs.append((os.path.abspath(folder) + os.sep, spec))

    def match(self, path: str, is_folder: bool) -> bool:
        """Whether git would ignore a path."""
        if not self._specs:
            return False
        absolute = os.path.abspath(path)
        for folder, spec in self._specs:
            if absolute.startswith(folder):
                inner = absolute[len(folder) :].replace(os.sep, "/") + ("/" if is_folder else "")
                if spec.match_file(inner):
                    return True
        return False


def read_source(path: str) -> str:
    """The text of a file, line ends kept.

    Raises OSError where it cannot be read or is no regular file, UnicodeDecodeError or SyntaxError where it is no text in the encoding that
    it declares.
    """
    with open(path, "rb", opener=_open_regular) as file:
        return decode(file.read())


def _open_regular(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe, and refuse what is no file."""
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path}: not a regular file")
    return descriptor


def decode(content: bytes) -> str:
    """Decode source as Python does: by its byte order mark or coding line, else UTF-8."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return content.decode(encoding)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file in one step, keeping its mode; a failure leaves the old one."""
    path = Path(os.path.realpath(path))
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
