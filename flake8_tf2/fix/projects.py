"""Fixing programs of several files: what becomes of all their files together."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import NamedTuple, Sequence

from flake8_tf2.files import PythonFile, Unreadable
from flake8_tf2.finding import Finding, Severity
from flake8_tf2.fix.run import ProgramOptions, Result, Unconverted, result_of
from flake8_tf2.fix.apply import Fixed
from flake8_tf2.lint import lint
from flake8_tf2.run import PROGRAMS, for_each, lint_bytes, read_input


class _Read(NamedTuple):
    """A file of a project, with all its findings and those that are reported."""

    path: str
    content: bytes
    file: PythonFile
    every: list[Finding]
    findings: list[Finding]


def fix_projects(
    paths: Sequence[str], settings, flake8_arguments: list[str], program: ProgramOptions
) -> dict[str, Result]:
    """The results of the files, by path, that make programs together; other files are not in it.

    flake8_arguments: what `settings` was read from, for other processes.
    """
    from flake8_tf2.convert.link import projects, runs  # not needed for local fixes

    sources = {}
    for path in paths:
        if path.endswith(".py"):
            source = _source(path)
            if source is not None:
                sources[_key(path)] = source
    if not any(map(runs, sources.values())):
        return {}
    by_key = {_key(path): path for path in paths}
    groups = [[by_key[key] for key in g] for g in projects(sources) if any(runs(sources[key]) for key in g)]
    found: dict[str, Result] = {}
    work = functools.partial(_fix_project, program=program)
    for results in for_each(work, groups, settings, flake8_arguments, much=PROGRAMS):
        for path, result in results.items():
            earlier = found.get(path)
            if earlier is None or earlier.stuck or not earlier.changed:
                found[path] = result
            elif result.changed and result.after != earlier.after:
                return _all_stuck(found | results, "it is part of two programs, which would change it in two ways")
    return found


def _key(path: str) -> str:
    return os.path.normpath(path).replace(os.sep, "/")


def _source(path: str) -> str | None:
    try:
        return read_input(path).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _fix_project(paths: list[str], settings, program: ProgramOptions) -> dict[str, Result]:
    reads = []
    for path in paths:
        content = read_input(path)
        file, every = lint_bytes(content, path, settings.options)
        if file is None:  # its bytes are no text
            return {}
        reads.append(_Read(path, content, file, every, settings.reported(every, path, file.source)))
    stuck = {
        read.path: Result(read.path, "", read.content, read.content, [], read.file.placed(read.findings))
        for read in reads
    }
    if not any(read.findings for read in reads):
        return stuck
    try:
        return _converted(reads, settings, program)
    except Unconverted as reason:
        return _all_stuck(stuck, str(reason))


def _all_stuck(results: dict[str, Result], reason: str) -> dict[str, Result]:
    """What is said of files that stay as they are; of one without findings there is nothing to say."""
    return {
        path: result._replace(after=result.before, applied=[], converted=False, stuck=reason if result.left else "")
        for path, result in results.items()
    }


def _converted(reads: list[_Read], settings, program: ProgramOptions) -> dict[str, Result]:
    """The results of the converted files. Raises Unconverted."""
    from flake8_tf2.convert.project import convert_project

    given = program.given or frozenset()
    for read in reads:
        missing = missing_file(read.path, read.file.source, {*given, *(os.path.abspath(r.path) for r in reads)})
        if missing:
            raise Unconverted(
                f"{read.path} imports {missing}, which is not among the files to fix: name that file, too"
            )
        if any(f.severity is not Severity.HINT for f in set(read.every) - set(read.findings)):
            raise Unconverted(
                f"{read.path}: some of its findings are silenced or not selected, and a program is converted as a whole"
            )
    try:
        converted = convert_project(
            {_key(read.path): read.file.source for read in reads}, settings.options, program.jit, program.exact
        )
    except Exception as error:  # a mistake of ours must not cost the other files
        raise Unconverted(f"the converter failed: {type(error).__name__}: {error}") from error
    reasons = {found.reason for found in converted.values() if found.reason}
    if reasons:
        raise Unconverted(reasons.pop())
    results = {}
    for read in reads:
        source = converted[_key(read.path)].source
        left = lint(source, read.path, settings.options)
        read.file.note(left, source)
        fixed = Fixed(source, read.findings, settings.reported(left, read.path, source), [])
        try:
            result = result_of(read.file, read.path, read.content, fixed)
        except Unreadable as error:
            raise Unconverted(f"{read.path}: {error}") from error
        results[read.path] = result._replace(converted=result.changed)
    return results


def missing_file(path: str, source: str, given: set[str]) -> str:
    """A file with TensorFlow that a program imports and that is not among those given; "" where there is none.

    given: paths as `os.path.abspath` has them.
    """
    from flake8_tf2.convert.link import imported_modules

    here = Path(os.path.abspath(path)).parent
    for module, level in imported_modules(source):
        roots = [here, *_packages_above(here)] if not level else [here, *here.parents][level - 1 : level]
        for root in roots:
            target = root.joinpath(*module.split(".")).with_suffix(".py")
            if target.is_file() and str(target) != os.path.abspath(path) and str(target) not in given:
                if "tensorflow" in target.read_text(encoding="utf-8", errors="replace"):
                    return os.path.relpath(target)
    return ""


def _packages_above(folder: Path) -> list[Path]:
    """The folders around a folder, up to the first that is in no package."""
    found = []
    while (folder / "__init__.py").exists() and folder != folder.parent:
        folder = folder.parent
        found.append(folder)
    return found
