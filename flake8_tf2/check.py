"""What `check` finds in each file, as its report needs it.

It is rendered where the file is linted: a text goes from one process to another several times faster than findings.
"""

from __future__ import annotations

import functools
from typing import Any, Iterable, Iterator, NamedTuple

from flake8_tf2 import baseline, report
from flake8_tf2.cache import Cache
from flake8_tf2.lint import may_matter
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
    paths: Iterable[str],
    settings,
    flake8_arguments: list[str],
    form: str = "text",
    quote: bool = False,
    cache: Cache | None = None,
) -> Iterator[Checked]:
    """The results of files, in their order. flake8_arguments: what `settings` was read from, for other processes.

    form: a name for `report.of`, or KNOWN. quote: the text has each finding's source line under it. cache: where
    results are looked for, and kept.
    """
    work = functools.partial(check_file, form=form, quote=quote, cache=cache)
    if cache is None:
        return for_each(work, paths, settings, flake8_arguments)
    known = functools.partial(kept_result, form=form, quote=quote, cache=cache)
    return for_each(work, paths, settings, flake8_arguments, known)


def kept_result(path: str, settings, form: str, quote: bool, cache: Cache) -> Checked | None:
    """The result for a file that is as it was, if it was kept."""
    if path == "-":
        return None
    try:
        return _kept(_key(read_input(path), path, settings, form, quote, cache), cache)
    except OSError:
        return None


def _key(content: bytes, name: str, settings, form: str, quote: bool, cache: Cache) -> str:
    """What the result for a file is kept by; "" where it is not: to look for TensorFlow in vain is faster."""
    matters = may_matter(content.decode("utf-8", "replace"), settings.options)
    return cache.key(content, name, form, quote) if matters else ""


def _kept(key: str, cache: Cache) -> Checked | None:
    result = cache.get(key) if key else None
    return Checked(*result) if isinstance(result, list) and len(result) == len(Checked._fields) else None


def check_file(path: str, settings, form: str = "text", quote: bool = False, cache: Cache | None = None) -> Checked:
    """The findings of one file that flake8 would show; `-` is standard input."""
    name = settings.flake8.stdin_display_name if path == "-" else path

    def work() -> Checked:
        content = read_input(path)
        key = _key(content, name, settings, form, quote, cache) if cache else ""
        result = _kept(key, cache)
        if result is None:
            result = check_content(content)
            if key:
                cache.put(key, list(result))
        return result

    def check_content(content: bytes) -> Checked:
        gone = 0
        file, every = lint_bytes(content, name, settings.options, fixes=form in report.WITH_FIXES)
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
