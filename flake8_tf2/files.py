"""Which files to look at, and reading and writing them."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import stat
import tokenize
from pathlib import Path
from typing import Iterator

#: Folders that hold other people's code, or none.
SKIPPED = {
    ".git", ".hg", ".svn", ".tox", ".nox", ".eggs", "__pycache__", "node_modules", ".mypy_cache", ".pytest_cache",
}  # fmt: skip


def find_files(
    paths: list[str], excluded=lambda path: False, wanted=lambda path: path.endswith(".py")
) -> Iterator[str]:
    """The wanted files of files and folders, in order, each once; a file that is named is taken whatever its name.

    Below folders, what git ignores, virtual environments and excluded paths are left out.
    Yields paths that do not exist, too: reading them gives the error.
    """
    seen = set()
    for path in paths:
        if excluded(path):
            continue
        for name in _walk(path, excluded, wanted) if os.path.isdir(path) else [path]:
            key = os.path.normpath(name)
            if key not in seen:
                seen.add(key)
                yield name


def _walk(folder: str, excluded, wanted) -> Iterator[str]:
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
        if ".gitignore" in names:
            ignores.enter(current)
        folders = []
        for entry in entries:
            path = os.path.join(current, entry.name)
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name in SKIPPED if is_folder else not (wanted(path) and _is_file(entry)):
                continue
            if excluded(path) or ignores.match(path, is_folder):
                continue
            if is_folder:
                folders.append(path)
            else:
                yield path
        stack.extend(reversed(folders))


def _is_file(entry: os.DirEntry) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link to itself
        return False


class _Ignores:
    """The .gitignore files that apply below a folder, those of its parents in the repository included."""

    def __init__(self, folder: str):
        self._specs: list[tuple[str, object]] = []  # the outer before the inner
        for parent in reversed(_parents_in_repository(os.path.abspath(folder))):
            self.enter(parent)
        if self.match(folder, True):
            self._specs.clear()  # ignored as a whole, and yet asked for

    def enter(self, folder: str) -> None:
        """Read the .gitignore of a folder, if it has one."""
        try:
            text = Path(folder, ".gitignore").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return
        import pathspec

        spec = pathspec.GitIgnoreSpec.from_lines(text.splitlines())
        self._specs.append((os.path.join(os.path.abspath(folder), ""), spec))

    def match(self, path: str, is_folder: bool) -> bool:
        """Whether git would ignore a path: the last line that speaks of it decides, the innermost file first."""
        absolute = os.path.abspath(path)
        for folder, spec in reversed(self._specs):
            if absolute.startswith(folder):
                inner = absolute[len(folder) :].replace(os.sep, "/") + ("/" if is_folder else "")
                verdict = spec.check_file(inner).include
                if verdict is not None:
                    return verdict
        return False


def _parents_in_repository(folder: str) -> list[str]:
    """The folders around a folder, up to the top of its git repository; none when it is in no repository."""
    parents: list[str] = []
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return []
        folder = parent
        parents.append(folder)
    return parents


def read_bytes(path: str) -> bytes:
    """The content of a file.

    Raises OSError where it cannot be read, or is no regular file: a pipe could let us wait for ever.
    """
    with open(path, "rb", buffering=0, opener=_open_regular) as file:  # it is read at once
        return file.read()


def _open_regular(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # without waiting for the other end of a pipe
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "Not a regular file", path)
    return descriptor


def decode(content: bytes) -> str:
    """Decode source as Python does: by its byte order mark or coding line, else UTF-8; line ends are kept.

    Raises UnicodeError, SyntaxError or LookupError where it is no text in the encoding that it declares.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError:
        content.decode("utf-8")  # where this is the reason, its error knows the place
        raise
    return content.decode(encoding)


def encode(source: str, original: bytes) -> bytes:
    """Encode a source as the bytes that it was decoded from, with their byte order mark. Raises UnicodeEncodeError."""
    encoding, _ = tokenize.detect_encoding(io.BytesIO(original).readline)
    return source.encode(encoding)


class Unreadable(Exception):
    """A file is not what it should be, or cannot become what it should; the message says why and what to do."""


class PythonFile:
    """A file of Python: its text, and the way back to its bytes. Raises what `decode` raises."""

    def __init__(self, content: bytes):
        self._content = content
        self.source = decode(content)

    @property
    def quoted(self) -> str:
        """The text whose lines the places of findings count; "" where they count those of parts of it."""
        return self.source

    def unread(self, options) -> list:
        """The findings for the parts that do not parse and that `source` goes without: none."""
        return []

    def note(self, findings: list, source: str) -> None:
        """Take note of the text in which findings were found."""

    def placed(self, findings: list) -> list:
        """The findings at the places that a user is told."""
        return findings

    def line(self, number: int) -> str:
        """A line of the source as a user is told of it."""
        return f"line {number}"

    def encoded(self, source: str) -> bytes:
        """The bytes of the file with another source. Raises Unreadable."""
        try:
            return encode(source, self._content)
        except UnicodeEncodeError as error:
            raise Unreadable(
                f"a fix needs a character that the encoding of the file does not have: {error}"
            ) from None


def line_of_byte(error: UnicodeDecodeError) -> int:
    """The line of the first byte that cannot be decoded."""
    return error.object.count(b"\n", 0, error.start) + 1


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file in one step, keeping its mode and owner; a failure leaves the old one."""
    path = Path(os.path.realpath(path))
    # Its name is known before it is there: an interrupt at any moment leaves nothing behind.
    temporary = path.with_name(f".flake8-tf2-{os.getpid()}-{os.urandom(6).hex()}")
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            old = path.stat()
            mode = stat.S_IMODE(old.st_mode)
            new = os.stat(temporary)
            if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
                with contextlib.suppress(OSError):  # only root may give files away
                    os.chown(temporary, old.st_uid, old.st_gid)
        except FileNotFoundError:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
