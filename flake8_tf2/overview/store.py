"""What the report has of each file, kept in a folder of Parquet files: for a run to go on with, and for other tools.

A row is a file, with its findings nested in it. Parts are written in one step each and never changed; of a file that
is in several of them the last row counts.
"""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Iterable, NamedTuple

import pyarrow
import pyarrow.parquet

from flake8_tf2.files import write_atomically
from flake8_tf2.overview.survey import Hunk, Noted, SurveyError, Surveyed, shown

#: A part is written after so many rows, or after so many seconds: that is what a run that is killed has lost.
_ROWS, _SECONDS = 5000, 10
_STATE = b"flake8-tf2"

_TEXT = pyarrow.string()
_HUNKS = pyarrow.list_(pyarrow.struct([(name, pyarrow.list_(_TEXT)) for name in Hunk._fields]))
_FINDING = pyarrow.struct([(name, _HUNKS if name == "hunks" else _TEXT) for name in Noted._fields])
#: path: the bytes that the system knows the file by. size, in bytes, and mtime, in ns since 1970: as it was found.
SCHEMA = pyarrow.schema([
    ("path", pyarrow.binary()), ("size", pyarrow.int64()), ("mtime", pyarrow.int64()), ("error", _TEXT),
    ("lines", pyarrow.int64()), ("findings", pyarrow.list_(_FINDING)), ("program", _TEXT), ("stuck", _TEXT),
])  # fmt: skip


class Facts(NamedTuple):
    """What tells whether a file is as it was; -1 where it cannot be asked."""

    size: int
    mtime: int


def facts(path: str) -> Facts:
    """The facts of a file."""
    try:
        found = os.stat(path)
    except OSError:
        return Facts(-1, -1)
    return Facts(found.st_size, found.st_mtime_ns)


class Store:
    """The results of a run, and of those before it. state: of code, rules and settings, on which all results depend.

    Raises SurveyError.
    """

    def __init__(self, folder: Path, state: str):
        self._folder = folder
        self._schema = SCHEMA.with_metadata({_STATE: state.encode()})
        self._rows: list[dict] = []
        self._written = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)
        parts = self._parts()
        self._number = int(parts[-1].stem.rpartition("-")[2]) if parts else 0
        for part in parts[-1:]:
            if self._metadata(part).get(_STATE) != state.encode():
                raise SurveyError(
                    f"{folder}: it was made with other options, rules or versions: remove it, or name another folder"
                )

    def _parts(self) -> list[Path]:
        return sorted(self._folder.glob("part-*.parquet"))

    @staticmethod
    def _metadata(part: Path) -> dict[bytes, bytes]:
        try:
            return pyarrow.parquet.read_schema(part).metadata or {}
        except pyarrow.ArrowException as error:
            raise SurveyError(f"{part}: it is no Parquet file: remove it ({error})") from error

    def kept(self) -> dict[str, Facts]:
        """The files of which there are results, as they were then."""
        found = {}
        for part in self._parts():
            columns = pyarrow.parquet.read_table(part, columns=["path", *Facts._fields]).to_pydict()
            for path, *known in zip(*columns.values()):
                found[os.fsdecode(path)] = Facts(*known)
        return found

    def add(self, path: str, of: Facts, result: Surveyed) -> None:
        """Take in a result; it may be written later."""
        row = {name: value for name, value in zip(Surveyed._fields, result) if name != "name"}
        row["error"] = shown(result.error)
        row["findings"] = [{**f._asdict(), "hunks": [h._asdict() for h in f.hunks]} for f in result.findings]
        self._rows.append({"path": os.fsencode(path), **of._asdict(), **row})
        if len(self._rows) >= _ROWS or time.monotonic() - self._written > _SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what is not written yet. Raises OSError."""
        if self._rows:
            content = io.BytesIO()
            table = pyarrow.Table.from_pylist(self._rows, schema=self._schema)
            pyarrow.parquet.write_table(table, content, compression="zstd")
            self._number += 1
            write_atomically(self._folder / f"part-{self._number:06}.parquet", content.getvalue())
            self._rows = []
        self._written = time.monotonic()

    def read(self, paths: Iterable[str]) -> list[Surveyed]:
        """The results of files, in their order."""
        wanted = dict.fromkeys(map(os.fsencode, paths))
        for part in self._parts():
            for row in pyarrow.parquet.read_table(part).to_pylist():
                if row["path"] in wanted:
                    wanted[row["path"]] = _surveyed(row)
        return [result for result in wanted.values() if result is not None]


def _surveyed(row: dict) -> Surveyed:
    name = os.fsdecode(row["path"])
    findings = [Noted(**{**f, "hunks": [Hunk(**hunk) for hunk in f["hunks"]]}) for f in row["findings"]]
    kept = {field: row[field] for field in Surveyed._fields if field != "name"}
    return Surveyed(name if row["error"] else shown(name), **{**kept, "findings": findings})
