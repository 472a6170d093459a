"""Recordings: what a program did under TF1, in a file, so that it can be compared where there is no TF1."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import NamedTuple

from flake8_tf2.files import write_atomically
from flake8_tf2.prove.inside import values
from flake8_tf2.prove.rounding import Rounding

_FORMAT = 2


class Reference(NamedTuple):
    """What a program did, and how far its own runs with changed inputs were apart."""

    result: dict
    rounding: Rounding


class Recording(NamedTuple):
    """hash: of the program and what it was given. mode: tf1, or compat for TF2 in its place.

    references: what it did, and if that is something else what it did with resource variables.
    """

    hash: str
    mode: str
    randomness: str
    references: list[Reference]

    @property
    def result(self) -> dict:
        return self.references[0].result


def reduced(result: dict, whole: int) -> dict:
    """A result with digests of arrays that have more elements than `whole`."""

    def walk(found: object) -> object:
        if isinstance(found, list):
            if len(found) == 3 and isinstance(found[0], str) and isinstance(found[1], list):
                array, digest = values.unpack(found) if found[0] != "O" else (None, None)
                return found if array is None or digest is not None else values.pack(array, whole)
            return [walk(item) for item in found]
        if isinstance(found, dict):
            return {key: walk(item) for key, item in found.items()}
        return found

    found = {**result, "variables": walk(result["variables"]), "files": walk(result["files"])}
    found.pop("races", None)  # says which run to keep, and this is it
    return found


def write(path: str, recording: Recording) -> None:
    """Write a recording; compressed where the name ends with .gz."""
    references = [{"rounding": found.rounding.as_json(), "result": found.result} for found in recording.references]
    content = {
        "format": _FORMAT, "hash": recording.hash, "mode": recording.mode, "randomness": recording.randomness,
        "references": references,
    }  # fmt: skip
    data = (json.dumps(content, sort_keys=True, separators=(",", ":")) + "\n").encode("utf-8")
    write_atomically(Path(path), gzip.compress(data, mtime=0) if path.endswith(".gz") else data)


def read(path: str) -> Recording:
    """Read a recording. Raises OSError, and ValueError where the file is none."""
    data = Path(path).read_bytes()
    try:
        found = json.loads(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
        if found["format"] != _FORMAT:
            raise ValueError(f"it is a recording of format {found['format']}, not {_FORMAT}")
        references = [Reference(one["result"], Rounding.from_json(one["rounding"])) for one in found["references"]]
        return Recording(found["hash"], found["mode"], found["randomness"], references)
    except (KeyError, TypeError, EOFError, UnicodeDecodeError) as error:
        raise ValueError(f"it is no recording: {error}") from error
