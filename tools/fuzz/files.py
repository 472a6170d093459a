"""Other people's Python: every file of the standard library and of the installed packages, tests included.

    python -m tools.fuzz.files [--one-in N] [--program] [PATH...]

Each file is looked at as it is, and again with what it imports standing for TensorFlow, so that there is something to
find in it. Nothing is written. Prints what is wrong: an exception, a file that takes too long, and a fix that leaves
what does not parse. Exits with 1 if there is anything. --program also converts files as programs.
"""

from __future__ import annotations

import argparse
import ast
import re
import site
import sys
import sysconfig
from collections import Counter
from pathlib import Path
from typing import Iterator

from flake8_tf2.convert.program import convert_source
from flake8_tf2.fix.apply import fix_source
from flake8_tf2.options import Options
from flake8_tf2.run import lint_bytes
from tools.fuzz.targets import Slow, limited, parses

#: Of CPU time, in seconds, and so much more for each megabyte: the largest files of the standard library have one.
_LIMIT, _MORE = 20, 60
#: How many imported modules stand for TensorFlow.
_ROOTS = 4


def installed() -> list[Path]:
    """The folders of the standard library and of the installed packages."""
    found = [sysconfig.get_path("stdlib"), *site.getsitepackages(), sysconfig.get_path("purelib")]
    found = map(Path, found)
    return list(dict.fromkeys(folder.resolve() for folder in found if folder.is_dir()))


def files(paths: list[Path]) -> list[Path]:
    """The Python files of files and folders, each once."""
    found = [inner for path in paths for inner in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return list(dict.fromkeys(path for path in found if path.is_file()))


def roots(content: bytes) -> tuple[str, ...]:
    """The modules that a file imports most."""
    imported = Counter(re.findall(rb"^ *(?:import|from) ([a-zA-Z_]\w*)", content, re.M))
    return tuple(name.decode() for name, _ in imported.most_common(_ROOTS) if name != b"__future__")


def problems(path: Path, program: bool) -> Iterator[str]:
    """What is wrong with how a file is treated, one after the other."""
    content = path.read_bytes()
    for extra in ((), roots(content)):
        try:
            with limited(_LIMIT + _MORE * len(content) / 1e6):
                yield from _problems(content, str(path), Options(extra_roots=extra, hints=True), program)
        except (Exception, Slow) as error:
            yield f"{extra}: {type(error).__name__}: {error}"


def _problems(content: bytes, name: str, options: Options, program: bool) -> Iterator[str]:
    file, findings = lint_bytes(content, name, options, fixes=True)
    if file is None or not findings:
        return
    for unsafe in (False, True):
        fixed = fix_source(file.source, name, options, unsafe)
        if fixed.source != file.source and parses(file.source) and not parses(fixed.source):
            yield f"{options.extra_roots}: fixed, it does not parse"
        for failed in fixed.failed:
            yield f"{options.extra_roots}: {failed.finding.place(name)}: {failed.finding.rule}: {failed.reason}"
    if program:
        converted = convert_source(file.source, name, options)
        try:
            ast.parse(converted.source)
        except SyntaxError as error:
            if not converted.reason:
                yield f"converted, it does not parse: {error}"


def main() -> int:
    """Look at all files; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path, help="files and folders: else what is installed")
    parser.add_argument("--one-in", type=int, default=1, metavar="N", help="only each N-th file")
    parser.add_argument("--program", action="store_true", help="also convert files as programs")
    arguments = parser.parse_args()
    chosen = files(arguments.paths or installed())[:: arguments.one_in]
    wrong = 0
    for path in chosen:
        for problem in problems(path, arguments.program):
            print(f"{path}: {problem}", flush=True)
            wrong += 1
    print(f"{len(chosen)} files, {wrong} problems")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
