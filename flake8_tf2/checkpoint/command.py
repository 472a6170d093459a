"""The command `flake8-tf2 checkpoint`: what it is given, and what it prints."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from flake8_tf2.prove.command import WRONG_USAGE, UsageError, add_run_arguments, require_folders

if TYPE_CHECKING:
    from flake8_tf2.checkpoint.convert import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("old", metavar="OLD", help="a checkpoint of TensorFlow 1: its prefix, or a folder, whose "
                        "latest is meant")  # fmt: skip
    parser.add_argument("new", metavar="NEW", help="the prefix of the checkpoint to write, or a folder that is there")
    parser.add_argument("--program", nargs="+", required=True, metavar="FILE", help="the program, of TensorFlow 1 or "
                        "converted: the file that is run, and those that it imports, or their folder")  # fmt: skip
    parser.add_argument("--exact", action="store_true", help="the program is converted by `fix --program --exact`")
    add_run_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how the table is printed")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; returns the exit status."""
    from flake8_tf2.checkpoint.convert import convert, new_prefix, old_prefix
    from flake8_tf2.prove.processes import ProcessError

    try:
        require_folders(arguments)
        old = old_prefix(arguments.old)
        new = new_prefix(arguments.new, old)
        outcome = convert(old, new, arguments)
    except (UsageError, ProcessError, OSError) as error:
        print(f"flake8-tf2: {error}", file=sys.stderr)
        return WRONG_USAGE
    names = {"old": str(old), "new": str(new)}
    if arguments.format == "json":
        print(json.dumps({**names, **outcome._asdict(), "written": not outcome.error}, indent=1))
    else:
        sys.stdout.write(as_text(outcome, **names))
    if outcome.error:
        print(f"flake8-tf2: {outcome.error}; {new} was not written", file=sys.stderr)
    return outcome.exit_status


def as_text(outcome: Outcome, old: str, new: str) -> str:
    """A table of what went where, what was missing and what was left over, and a line that sums up."""
    rows = [
        ("TensorFlow 1", "the program", "shape"),
        *((", ".join(r["tf1"]) or "nothing: 0", r["variable"], _shape(r["shape"])) for r in outcome.went),
        *((f"missing: {', '.join(r['tf1'])}", r["variable"], _shape(r["shape"])) for r in outcome.missing),
        *((f"{r['tf1'][0]}, {_shape(r['tf1_shape'])}", f"differs: {r['variable']}", _shape(r["shape"]))
          for r in outcome.shapes),
        *((r["tf1"][0], "left over", _shape(r["shape"])) for r in outcome.left),
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"{one:{widths[0]}}  {two:{widths[1]}}  {three}" for one, two, three in rows] if len(rows) > 1 else []
    if not outcome.error:
        left = f"{len(outcome.left)} left over" if outcome.left else "nothing left over"
        lines.append(f"{new}: {len(outcome.went)} variables of {old}, {left}")
    return "".join(f"{line}\n" for line in lines)


def _shape(shape: list[int]) -> str:
    return "x".join(map(str, shape)) or "scalar"
