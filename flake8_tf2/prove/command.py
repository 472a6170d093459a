"""The command `flake8-tf2 prove`: what it is given, and what it prints."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Iterator

if TYPE_CHECKING:
    from flake8_tf2.files import PythonFile

WRONG_USAGE = 2


class UsageError(Exception):
    """What is asked for makes no sense, or cannot be done here."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("programs", nargs="+", metavar="PROGRAM", help="BEFORE and AFTER; one of them with --fix, "
                        "--record or --recorded")  # fmt: skip
    parser.add_argument("--tf1-python", metavar="PATH", help="an interpreter with TensorFlow 1.15, which runs BEFORE; "
                        "without it TF2's tf.compat.v1 stands in")  # fmt: skip
    add_run_arguments(parser)
    parser.add_argument("--rtol", type=float, metavar="X", help="relative difference that is allowed (1e-4)")
    parser.add_argument("--atol", type=float, metavar="X", help="absolute difference that is allowed (1e-7)")
    parser.add_argument("--randomness", choices=("alike", "fresh", "own"), default="alike", help="random ops "
                        "give the same numbers each time (alike), others at each run (fresh), or are left alone (own)")
    parser.add_argument("--fix", action="store_true", help="AFTER is what `fix` makes of BEFORE")
    parser.add_argument("--unsafe", action="store_true", help="with --fix: the unsafe fixes, too")
    parser.add_argument("--program", action="store_true", help="with --fix: BEFORE is converted as a whole program")
    parser.add_argument("--jit", action="store_true", help="with --program: as for `fix`")
    parser.add_argument("--exact", action="store_true", help="with --program: as for `fix`")
    parser.add_argument("--record", metavar="FILE", help="keep what BEFORE did; compressed if named .gz")
    parser.add_argument("--recorded", metavar="FILE", help="compare AFTER with what BEFORE did then; needs no TF1")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """How programs are run."""
    parser.add_argument("--tf2-python", metavar="PATH", help="an interpreter with TensorFlow 2 (default: this one)")
    parser.add_argument("--args", nargs=argparse.REMAINDER, default=[], metavar="ARG", help="arguments of the program; "
                        "what follows is its")  # fmt: skip
    parser.add_argument("--cwd", metavar="DIR", help="the program runs in a fresh copy of it (default: an empty one)")
    parser.add_argument("--path", action="append", default=[], metavar="DIR", help="put on sys.path; may be repeated")
    parser.add_argument("--timeout", type=float, default=600.0, metavar="S", help="seconds for a program (600)")
    parser.add_argument("--gpu", action="store_true", help="let TensorFlow 2 use a GPU")


def require_folders(arguments: argparse.Namespace) -> None:
    """Raises UsageError where what `add_run_arguments` was given cannot be."""
    if arguments.timeout <= 0:
        raise UsageError("--timeout must be more than 0")
    if arguments.tf2_python and not os.access(arguments.tf2_python, os.X_OK):
        raise UsageError(f"--tf2-python {arguments.tf2_python}: there is no such program")
    for path in [*arguments.path, *([arguments.cwd] if arguments.cwd else [])]:
        if not os.path.exists(path):
            raise UsageError(f"{path}: there is no such file")
        if not os.path.isdir(path):
            raise UsageError(f"{path}: it is no folder")


class NotConverted(Exception):
    """BEFORE stays as it is, and so there is no AFTER; the message says why."""


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; returns the exit status."""
    try:
        from flake8_tf2.prove import pair  # noqa: F401  (needs numpy)
        from flake8_tf2.prove.processes import ProcessError
    except ImportError as error:
        return _fail(f"{error}: pip install 'flake8-tf2[prove]'")
    try:
        return _run(arguments)
    except (UsageError, ProcessError, ValueError, OSError) as error:
        return _fail(str(error))


def _run(arguments: argparse.Namespace) -> int:
    from flake8_tf2.prove.verdict import NOT_COMPARABLE, Verdict

    try:
        verdict = _verdict(arguments)
    except NotConverted as error:
        verdict = Verdict(NOT_COMPARABLE, str(error))
    if verdict is None:
        return 0
    if arguments.format == "json":
        json.dump(verdict.as_json(), sys.stdout, indent=1)
        print()
    else:
        sys.stdout.write(verdict.as_text())
    return verdict.exit_status


def _verdict(arguments: argparse.Namespace):
    """The verdict that was asked for; None where only a recording was. Raises NotConverted."""
    from flake8_tf2.prove import pair, recording

    settings = _settings(arguments)
    before, after = _programs(arguments)
    with contextlib.ExitStack() as stack:
        extra = []
        notes = []
        if arguments.fix:
            after, notes = stack.enter_context(_fixed(before, arguments))
            extra = [os.path.dirname(os.path.abspath(before))]
        one = _job(arguments, before) if before else None
        two = _job(arguments, after, extra) if after else None
        if arguments.recorded:
            found = recording.read(arguments.recorded)
            if one and pair.digest(one) != found.hash:
                raise UsageError(f"{arguments.recorded} is a recording of another program or of other files")
            if found.randomness != settings.randomness:
                raise UsageError(f"the recording was made with --randomness {found.randomness}")
            verdict = pair.prove_recorded([found], [two], settings)[0]
        elif arguments.record:
            found = pair.record(one, settings)
            recording.write(arguments.record, found)
            if two is None:
                print(f"{arguments.record}: {len(found.result['events'])} fetches, "
                      f"{len(found.result['variables'])} variables, {len(found.result['files'])} files")  # fmt: skip
                return None
            verdict = pair.prove_recorded([found], [two], settings)[0]
        else:
            verdict = pair.prove(one, two, settings)
    verdict.notes += notes
    return verdict


def _settings(arguments: argparse.Namespace):
    from flake8_tf2.prove.pair import Settings
    from flake8_tf2.prove.tolerance import Tolerance

    require_folders(arguments)
    given = {"rtol": arguments.rtol, "atol": arguments.atol}
    if any(value is not None and value < 0 for value in given.values()):
        raise UsageError("--rtol and --atol cannot be negative")
    if arguments.rtol == 0:
        raise UsageError("--rtol 0 lets nothing agree: two versions round differently")
    if arguments.tf1_python and not os.access(arguments.tf1_python, os.X_OK):
        raise UsageError(f"--tf1-python {arguments.tf1_python}: there is no such program")
    return Settings(
        tf1_python=arguments.tf1_python,
        tf2_python=arguments.tf2_python or sys.executable,
        timeout=arguments.timeout,
        tolerance=Tolerance(**{name: value for name, value in given.items() if value is not None}),
        randomness=arguments.randomness,
        gpu=arguments.gpu,
    )


def _programs(arguments: argparse.Namespace) -> tuple[str | None, str | None]:
    """BEFORE and AFTER, as far as they are given."""
    found = arguments.programs
    if arguments.record and arguments.recorded:
        raise UsageError("--record and --recorded exclude each other")
    if arguments.fix and (len(found) > 1 or arguments.recorded):
        raise UsageError("with --fix, give BEFORE alone: AFTER is made of it")
    if (arguments.unsafe or arguments.program) and not arguments.fix:
        raise UsageError("--unsafe and --program say what --fix does: they need it")
    if (arguments.jit or arguments.exact) and not arguments.program:
        raise UsageError("--jit and --exact say how programs are converted: they need --program")
    if len(found) > 2 or len(found) < 2 and not (arguments.fix or arguments.record or arguments.recorded):
        raise UsageError("two programs are needed, BEFORE and AFTER; or BEFORE and --fix")
    for path in found:
        if not os.path.exists(path):
            raise UsageError(f"{path}: there is no such file")
    if len(found) == 2:
        return found[0], found[1]
    return (None, found[0]) if arguments.recorded else (found[0], None)


def _job(arguments: argparse.Namespace, program: str, extra: list[str] | None = None):
    from flake8_tf2.prove.processes import Job

    return Job(program, tuple(arguments.args), arguments.cwd, tuple([*arguments.path, *(extra or [])]))


@contextlib.contextmanager
def _fixed(before: str, arguments: argparse.Namespace) -> Iterator[tuple[str, list[str]]]:
    """(a file with what `fix` makes of a program, what is to be said of it)."""
    import tempfile

    from flake8_tf2.files import PythonFile, read_bytes

    try:
        file = PythonFile(read_bytes(before))
    except (UnicodeError, SyntaxError, LookupError):
        raise UsageError(f"{before}: it is no Python source") from None
    source, notes = (_program if arguments.program else _expressions)(file, before, arguments)
    with tempfile.TemporaryDirectory(prefix="flake8-tf2-fixed-") as folder:
        path = Path(folder, os.path.basename(before))
        path.write_bytes(file.encoded(source))
        yield str(path), notes


def _program(file: PythonFile, name: str, arguments: argparse.Namespace) -> tuple[str, list[str]]:
    from flake8_tf2.convert.program import convert_source

    converted = convert_source(file.source, name, jit=arguments.jit, exact=arguments.exact)
    if converted.reason:
        where = f"{name}:{converted.line}" if converted.line else name
        raise NotConverted(f"{where} is not converted: {converted.reason}")
    return converted.source, []


def _expressions(file: PythonFile, name: str, arguments: argparse.Namespace) -> tuple[str, list[str]]:
    from flake8_tf2.fix.apply import fix_source
    from flake8_tf2.options import Options

    fixed = fix_source(file.source, name, Options(), arguments.unsafe)
    notes = []
    if not fixed.applied:
        notes.append("fix changed nothing")
    if fixed.left:
        notes.append(f"fix left {len(fixed.left)} findings, the first at line {fixed.left[0].span.line}: "
                     f"{fixed.left[0].code} {fixed.left[0].message}")  # fmt: skip
    return fixed.source, notes


def _fail(message: str) -> int:
    print(f"flake8-tf2: {message}", file=sys.stderr)
    return WRONG_USAGE
