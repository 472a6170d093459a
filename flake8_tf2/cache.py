"""Results of files, kept from run to run: what was found in the same bytes, by the same code, rules and settings.

An entry is a small file, written in one step and never changed, so that runs at the same time cannot disturb each
other. What cannot be read or written is a miss, never an error. Shards of the folder are kept below a size.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import flake8

#: The largest total size of all entries, in bytes, give or take some per cent.
MOST = 100_000_000
_SHARDS = 256


class Cache(NamedTuple):
    """Results in a folder, found by a key. state: of code, rules and settings, on which all results depend."""

    folder: str
    state: str

    def key(self, content: bytes, *asked: object) -> str:
        """What a result is found by: the bytes of the file, and what was asked of it."""
        digest = hashlib.sha256(f"{self.state} {json.dumps(asked)} ".encode())
        digest.update(content)
        return digest.hexdigest()

    def get(self, key: str) -> Any:
        """The result of a key, or None."""
        try:
            with open(self._path(key), "rb", buffering=0) as file:  # it is read at once
                return json.loads(file.read())
        except (OSError, ValueError):
            return None

    def put(self, key: str, result: Any) -> None:
        """Keep a result, if JSON gives back what it gets."""
        try:
            text = json.dumps(result)
        except TypeError:
            return
        if json.loads(text) != result:
            return
        path = self._path(key)
        temporary = f"{path}.{os.getpid()}"
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            try:
                with open(temporary, "w", encoding="ascii") as file:
                    file.write(text)
                os.replace(temporary, path)
            except BaseException:
                os.unlink(temporary)
                raise
            if key[2] == "0":  # one write in sixteen looks whether there is too much
                _shrink(os.path.dirname(path), MOST // _SHARDS)

    def _path(self, key: str) -> str:
        return f"{self.folder}/{key[:2]}/{key[2:]}"


def _shrink(shard: str, most: int) -> None:
    """Remove the oldest entries of a shard that is too large, until half of what it may have is left."""
    with os.scandir(shard) as scan:
        entries = sorted((entry.stat().st_mtime_ns, entry.stat().st_size, entry.path) for entry in scan)
    size = sum(size for _, size, _ in entries)
    if size <= most:
        return
    for _, of_entry, path in entries:
        if size <= most // 2:
            break
        with contextlib.suppress(FileNotFoundError):  # another run was faster
            os.unlink(path)
        size -= of_entry


def of(settings) -> Cache:
    """The user's cache, for what a run with these settings finds."""
    options = settings.options
    parts = [
        _files(Path(__file__).parent, content=False),
        (sys.version, flake8.__version__, os.getcwd()),
        tuple(options),
        sorted((name, str(value)) for name, value in vars(settings.flake8).items()),
        _files(Path(options.rules), content=True) if options.rules else (),
        hashlib.sha256(Path(options.baseline).read_bytes()).hexdigest() if options.baseline else "",
    ]
    return Cache(os.path.join(_user_folder(), "flake8-tf2"), hashlib.sha256(repr(parts).encode()).hexdigest())


def _files(folder: Path, content: bool) -> list[tuple]:
    """What tells a state of a folder from others: its files, by their content or by size and time."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".txt", ".jsonl", ".yaml", ".yml") and path.is_file():
            facts = path.stat()
            state = hashlib.sha256(path.read_bytes()).hexdigest() if content else (facts.st_size, facts.st_mtime_ns)
            found.append((str(path), state))
    return found


def _user_folder() -> str:
    """Where a user's programs keep what they can make anew."""
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
