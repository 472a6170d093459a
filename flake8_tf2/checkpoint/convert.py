"""Making a checkpoint by the program that shall read it: this restores the old one, and saves."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Iterator, NamedTuple

from flake8_tf2.checkpoint.program import ready
from flake8_tf2.files import write_atomically
from flake8_tf2.prove.command import UsageError
from flake8_tf2.prove.processes import Interpreter, Job, run_alone

ALL, SOME_LEFT, FAILED = 0, 1, 2

_HOOK = Path(__file__).parent / "inside" / "flake8_tf2_checkpoint.py"


class Outcome(NamedTuple):
    """What became of a checkpoint: rows with "tf1", the names there, "variable", that of the program, and "shape".

    error: why nothing was written; "" if it was.
    """

    went: list[dict]
    missing: list[dict]
    shapes: list[dict]
    left: list[dict]
    error: str = ""

    @property
    def exit_status(self) -> int:
        return FAILED if self.error else SOME_LEFT if self.left else ALL


def old_prefix(given: str) -> Path:
    """The prefix of a checkpoint. Raises UsageError where there is none."""
    path = Path(given)
    if path.is_dir():
        try:
            state = (path / "checkpoint").read_text(encoding="utf-8")
            name = re.search(r'^model_checkpoint_path: "(.*)"$', state, re.MULTILINE)[1]
        except (OSError, TypeError):
            raise UsageError(
                f"{given} has no file `checkpoint` that names the latest: name a checkpoint by its prefix, "
                "as model-100 of model-100.index"
            ) from None
        path = path / name
        if not _is_checkpoint(path):  # the folder was moved
            path = Path(given, os.path.basename(name))
    elif (prefix := re.sub(r"\.(index|meta|data-\d+-of-\d+)$", "", given)) != given and _is_checkpoint(Path(prefix)):
        raise UsageError(f"{given} is one file of a checkpoint: name its prefix, {prefix}")
    if not _is_checkpoint(path):
        raise UsageError(f"{path}: there is no such checkpoint")
    return path


def _is_checkpoint(path: Path) -> bool:
    """Whether there is a checkpoint: three files, or one of the first format."""
    return path.with_name(f"{path.name}.index").is_file() or path.is_file()


def new_prefix(given: str, old: Path) -> Path:
    """The prefix of the checkpoint to write. Raises UsageError where one is there."""
    path = Path(given, old.name) if given.endswith("/") or os.path.isdir(given) else Path(given)
    if path.with_name(f"{path.name}.index").exists():
        raise UsageError(f"{path}: there is a checkpoint already; give another name, or remove it")
    return path


def convert(old: Path, new: Path, arguments: argparse.Namespace) -> Outcome:
    """Have the program of a command read a checkpoint and write the other: all of it, or nothing.

    Raises UsageError, ProcessError, and OSError where it cannot be written.
    """
    python = arguments.tf2_python or sys.executable
    with ready(arguments.program, arguments.exact) as program, _beside(new) as folder:
        hook, told, made = folder / "hook", folder / "told.json", folder / "made" / new.name
        hook.mkdir()
        shutil.copy(_HOOK, hook)
        asked = {"old": os.path.abspath(old), "new": str(made), "told": str(told)}
        (hook / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
        own = os.path.dirname(os.path.abspath(arguments.program[0]))
        job = Job(
            program, tuple(arguments.args), arguments.cwd, (str(hook), *arguments.path, own), preload=(_HOOK.stem,)
        )
        result = run_alone(Interpreter(python, "tf2", "own", arguments.gpu), job, arguments.timeout)
        found = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {}
        outcome = _outcome(found, result, old, arguments.program[0])
        if not outcome.error:
            _place(made, new)
    return outcome


def _outcome(found: dict, result: dict, old: Path, program: str) -> Outcome:
    rows = [found.get(kind, []) for kind in Outcome._fields[:4]]
    if "error" in found:
        return Outcome(*rows, error=found["error"])
    if found.get("shapes"):
        row = found["shapes"][0]
        return Outcome(*rows, error=f"{row['variable']} is of shape {row['shape']} in {program} and of shape "
                       f"{row['tf1_shape']} in {old}: is the program configured as it was?")  # fmt: skip
    if not found.get("ended"):
        how = {"timeout": "did not come in time to", "ok": "ended, and did not"}.get(result["status"], "crashed before")
        why = f": {result['error']}" if result.get("error") else ""
        return Outcome(*rows, error=f"{program} {how} save or restore all of it{why}")
    if found["missing"]:
        names = ", ".join(row["variable"] for row in found["missing"][:3])
        more = len(found["missing"]) - 3
        return Outcome(*rows, error=f"{old} does not have all that {program} saves: {names}"
                       + (f" and {more} more" if more > 0 else ""))  # fmt: skip
    return Outcome(*rows)


@contextlib.contextmanager
def _beside(new: Path) -> Iterator[Path]:
    """A folder for a while on the disk of a file; the folders of the file are made, and go again if they stay empty."""
    parent = Path(os.path.abspath(new)).parent
    made = [folder for folder in (parent, *parent.parents) if not folder.exists()]
    parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".flake8-tf2-", dir=parent) as folder:
            yield Path(folder)
    finally:
        with contextlib.suppress(OSError):
            for folder in made:
                folder.rmdir()


def _place(made: Path, new: Path) -> None:
    """Move a checkpoint to its name, and have the file `checkpoint` name it as the latest; or leave nothing."""
    placed: list[Path] = []
    try:
        # The index last: without it there is no checkpoint.
        for part in sorted(made.parent.glob(f"{made.name}.*"), key=lambda part: part.suffix == ".index"):
            target = new.with_name(new.name + part.name[len(made.name) :])
            placed.append(target)
            os.replace(part, target)
        state = new.with_name("checkpoint")
        old = state.read_text(encoding="utf-8") if state.exists() else ""
        kept = re.findall(r'^all_model_checkpoint_paths: "(.*)"$', old, re.MULTILINE)
        lines = [f'model_checkpoint_path: "{new.name}"']
        lines += [f'all_model_checkpoint_paths: "{n}"' for n in [*(n for n in kept if n != new.name), new.name]]
        write_atomically(state, ("\n".join(lines) + "\n").encode())
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise
