"""The table [tool.flake8-tf2] of pyproject.toml, which flake8 itself does not read."""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path
from typing import NamedTuple

TABLE = "flake8-tf2"
#: The keys of options of this plugin: flake8 heeds them too. What it means for `Options` is in `plugin.read_options`.
OWN = {
    "allow-compat-v1": bool,
    "baseline": str,
    "extra-roots": list,
    "hints": bool,
    "rules": str,
    "target-version": str,
}
_PATHS = ("baseline", "rules")
#: The keys of options of flake8: only `flake8-tf2 check` and `fix` heed them.
_FLAKE8 = (
    "select", "ignore", "extend-select", "extend-ignore", "exclude", "extend-exclude", "filename", "per-file-ignores",
)  # fmt: skip
_KINDS = {bool: "true or false", str: "a string", list: "a list of strings"}


class PyprojectError(ValueError):
    """The table is wrong; the message says where and why."""


class Pyproject(NamedTuple):
    """What a pyproject.toml says.

    own: values by the keys of OWN, paths made absolute. flake8: what is flake8's, as a [flake8] section.
    folder: where the file is.
    """

    own: dict[str, object] = {}
    flake8: configparser.RawConfigParser = configparser.RawConfigParser()
    folder: str = ""


def read(folder: str = ".") -> Pyproject:
    """The table of the nearest pyproject.toml that has it, of a folder or those above. Raises PyprojectError."""
    here = Path(os.path.abspath(folder))
    for parent in (here, *here.parents):
        path = parent / "pyproject.toml"
        table = _table(path)
        if table is not None:
            return _read(path, table)
    return Pyproject()


def _table(path: Path) -> dict | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    if TABLE.encode() not in content:  # the reader of TOML need not be imported
        return None
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        table = tomllib.loads(content.decode("utf-8")).get("tool", {}).get(TABLE)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PyprojectError(f"{path}: {error}") from None
    if table is not None and not isinstance(table, dict):
        raise PyprojectError(f"{path}: tool.{TABLE} is not a table")
    return table


def _read(path: Path, table: dict) -> Pyproject:
    own, section = {}, {}
    for key, value in table.items():
        if key in OWN:
            kind = OWN[key]
            if not isinstance(value, kind) or kind is list and not all(isinstance(item, str) for item in value):
                raise PyprojectError(f"{path}: {key} in [tool.{TABLE}] must be {_KINDS[kind]}")
            own[key] = str(path.parent / value) if key in _PATHS else value
        elif key == "per-file-ignores" and isinstance(value, dict):
            section[key] = "\n".join(f"{pattern}: {_joined(path, key, codes)}" for pattern, codes in value.items())
        elif key in _FLAKE8:
            section[key] = _joined(path, key, value)
        else:
            known = ", ".join(sorted((*OWN, *_FLAKE8)))
            raise PyprojectError(f"{path}: [tool.{TABLE}] has no key {key!r}; its keys are {known}")
    config = configparser.RawConfigParser()
    config.read_dict({"flake8": section})
    return Pyproject(own, config, str(path.parent))


def _joined(path: Path, key: str, value: object) -> str:
    """A list as flake8 writes it; it takes strings, too."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    if not isinstance(value, str):
        raise PyprojectError(f"{path}: {key} in [tool.{TABLE}] must be {_KINDS[list]}")
    return value
