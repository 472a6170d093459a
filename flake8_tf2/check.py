"""What `check` finds in each file, as its report needs it.

It is rendered where the file is linted: a text goes from one process to another several times faster than findings.
"""

from __future__ import annotations

import functools
from typing import Any, Iterable, Iterator, NamedTuple

from flake8_tf2 import baseline, report
from flake8_tf2.run import for_each, guarded, lint_bytes, read_input

#: The form of results from which a baseline is written.
KNOWN = "known"


class Checked(NamedTuple):
    """What became of one file: the number of its findings and its part of the report, or why it could not be read.

    gone: how many findings of the baseline are not in the file.
    """

    name: str
    error: str = ""
    found: int = 0
    part: Any = None
    gone: int = 0


def check_files(
    paths: Iterable[str], settings, flake8_arguments: list[str], form: str = "text", quote: bool = False
) -> Iterator[Checked]:
    """The results of files, in their order. flake8_arguments: what `settings` was read from, for other processes.

    form: a name for `report.of`, or KNOWN. quote: the text has each finding's source line under it.
    """
    return for_each(functools.partial(check_file, form=form, quote=quote), paths, settings, flake8_arguments)


def check_file(path: str, settings, form: str = "text", quote: bool = False) -> Checked:
    """The findings of one file that flake8 would show; `-` is standard input."""
    name = settings.flake8.stdin_display_name if path == "-" else path

    def work() -> Checked:
        gone = 0
        file, every = lint_bytes(read_input(path), name, settings.options, fixes=form in report.WITH_FIXES)
        source = file.source if file else ""
        if settings.options.baseline:
            every, gone = baseline.load(settings.options.baseline).split(every, name, source)
        findings = settings.reported(every, name, source)
        if form == KNOWN:
            part = baseline.counts(every, findings, source)
        else:
            shown = file.quoted if file and quote else ""
            part = report.of(form).render(name, file.placed(findings) if file else findings, shown)
        return Checked(name, "", len(findings), part, gone)

    return guarded(Checked, name, work)
