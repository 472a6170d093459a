"""Known findings, kept in a file: an old code base fails only for what is new.

The file has one finding a line, sorted, as JSON: path, code, symbol, how often, source line. Paths are relative to the
folder of the file. Neither line numbers nor blanks count, so that a finding which moves or is indented stays known.
"""

from __future__ import annotations

import functools
import json
import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from flake8_tf2.files import write_atomically
from flake8_tf2.finding import Finding
from flake8_tf2.positions import split_lines

_HEAD = {"flake8-tf2 baseline": 1, "lines": ["path", "code", "symbol", "count", "source line"]}
#: Code, symbol and source line, with single blanks: what makes two findings of a file the same.
Key = tuple[str, str, str]


class BaselineError(Exception):
    """A baseline cannot be read; the message says why, and what to do."""


class Split(NamedTuple):
    """The findings of a file that are new, and how many of the baseline the file no longer has."""

    new: list[Finding]
    gone: int


class Baseline:
    """The known findings of a folder: for each file by its path, how often it has which."""

    def __init__(self, folder: str, files: dict[str, Counter[Key]] | None = None):
        self._folder = folder
        self._files: dict[str, Counter[Key]] = files or {}

    def split(self, findings: list[Finding], path: str, source: str) -> Split:
        """Tell new findings of a file from known ones; of equal ones the first are the known.

        findings: as `lint` gives them: what is silenced takes part, and flake8 drops it after.
        """
        known = Counter(self._files.get(self._key(path), ()))
        new = []
        for finding, key in zip(findings, keys(findings, source)):
            if known[key] > 0:
                known[key] -= 1
            else:
                new.append(finding)
        return Split(new, sum(known.values()))

    @classmethod
    def beside(cls, path: str) -> Baseline:
        """A baseline without findings, which will be written to a path."""
        return cls(os.path.dirname(os.path.abspath(path)))

    def add(self, path: str, known: Counter[Key]) -> None:
        """Make findings of a file known, as `counts` gives them."""
        if known:
            self._files[self._key(path)] = known

    def total(self) -> int:
        """How many findings are known."""
        return sum(counts.total() for counts in self._files.values())

    def write(self, path: str) -> None:
        """Write the file in one step. Raises OSError."""
        rows = [
            [name, code, symbol, count, line]
            for name, counts in self._files.items()
            for (code, symbol, line), count in counts.items()
        ]
        lines = [json.dumps(row, ensure_ascii=False) for row in [_HEAD, *sorted(rows)]]
        text = "".join(f"{line}\n" for line in lines)
        write_atomically(Path(path), text.encode("utf-8", "surrogatepass"))  # names of files may be no text

    def _key(self, path: str) -> str:
        absolute = os.path.abspath(path)
        try:
            return os.path.relpath(absolute, self._folder).replace(os.sep, "/")
        except ValueError:  # on another drive of Windows
            return absolute.replace(os.sep, "/")


def keys(findings: list[Finding], source: str) -> list[Key]:
    """What makes each finding of a file the same as another."""
    if not findings:
        return []
    lines = split_lines(source)

    def text(number: int) -> str:
        return " ".join(lines[number - 1].removeprefix("\ufeff").split()) if number <= len(lines) else ""

    return [(f.code, f.symbol, text(f.span.line)) for f in findings]


def counts(findings: list[Finding], reported: list[Finding], source: str) -> Counter[Key]:
    """How often a file has each of what is reported of it.

    findings: as `lint` gives them. What is reported once and silenced elsewhere counts twice: `split` will see both.
    """
    of = dict(zip(findings, keys(findings, source)))
    wanted = {of[finding] for finding in reported}
    return Counter(key for key in of.values() if key in wanted)


@functools.lru_cache(maxsize=4)
def load(path: str) -> Baseline:
    """The baseline of a file. Raises BaselineError."""
    try:
        text = Path(path).read_bytes().decode("utf-8", "surrogatepass")
    except FileNotFoundError:
        how = f"flake8-tf2 check PATH... --write-baseline {os.path.basename(path)}"
        raise BaselineError(f"{path}: there is no such file; write it with `{how}`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"{path}: {error}") from None
    files: dict[str, Counter[Key]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        try:
            row = json.loads(line) if line.strip() or number == 1 else _HEAD
            if number == 1 and row != _HEAD:
                raise ValueError
            if isinstance(row, list):
                name, code, symbol, count, source_line = row
                files.setdefault(str(name), Counter())[code, symbol, source_line] += int(count)
            elif row != _HEAD:
                raise ValueError
        except (ValueError, TypeError):
            what = "is no line of a baseline; write the file anew with --write-baseline"
            raise BaselineError(f"{path}:{number}: this {what}") from None
    return Baseline(os.path.dirname(os.path.abspath(path)), files)
