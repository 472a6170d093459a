"""The settings that flake8 would use, read by flake8 itself: select, ignore, per-file-ignores, exclude, noqa, tf2-*."""

from __future__ import annotations

import argparse
import configparser
import logging
import os
import re
import tokenize
from pathlib import Path
from typing import Iterator, NamedTuple

import flake8
from flake8 import utils
from flake8.exceptions import Flake8Exception
from flake8.main.options import register_default_options, stage1_arg_parser
from flake8.options.aggregator import aggregate_options
from flake8.options.config import _find_config_file, load_config, parse_config
from flake8.options.manager import OptionManager
from flake8.processor import FileProcessor
from flake8.style_guide import Decision, StyleGuideManager
from flake8.violation import Violation

from flake8_tf2 import pyproject
from flake8_tf2.finding import Finding
from flake8_tf2.positions import split_lines
from flake8_tf2.options import Options
from flake8_tf2.plugin import Plugin, read_options

_LOG = logging.getLogger(__name__)


class SettingsError(Exception):
    """A setting is wrong; the message says which and why."""


class Settings(NamedTuple):
    """What a run reports, and where it looks."""

    options: Options
    flake8: argparse.Namespace
    guides: StyleGuideManager

    def is_excluded(self, path: str) -> bool:
        """Whether flake8's exclude and extend-exclude leave a path out."""
        if path == "-":
            if self.flake8.stdin_display_name == "stdin":
                return False  # as in flake8
            path = self.flake8.stdin_display_name
        patterns = (*self.flake8.exclude, *self.flake8.extend_exclude)
        return utils.matches_filename(path, patterns, '"%(path)s" has %(whether)sbeen excluded', _LOG)

    def is_wanted(self, path: str) -> bool:
        """Whether a file of a folder has a name that flake8 looks for: *.py, if not configured otherwise."""
        return utils.fnmatch(path, self.flake8.filename)

    def reported(self, findings: list[Finding], path: str, source: str) -> list[Finding]:
        """The findings that flake8 would show for a file: selected, not ignored, not silenced by noqa."""
        guide = self.guides.style_guide_for(path)
        codes = {c for c in {f.code for f in findings} if guide.should_report_error(c) is Decision.Selected}
        chosen = [f for f in findings if f.code in codes]
        if not chosen or self.flake8.disable_noqa or "noqa" not in source.lower():
            return chosen
        lines = [line + "\n" for line in split_lines(source)]
        processor = _Processor(path, self.flake8, lines)
        if processor.should_ignore_file():
            return []
        texts = processor.noqa_texts({f.span.line for f in chosen}, source)
        return [f for f in chosen if not _silenced(f, path, texts[f.span.line])]


class _Processor(FileProcessor):
    @property
    def file_tokens(self) -> Iterator[tokenize.TokenInfo]:
        """The tokens one by one: a list of them takes more memory than the tree of the file."""
        lines = iter(self.lines)
        return tokenize.generate_tokens(lambda: next(lines))

    def noqa_texts(self, numbers: set[int], source: str) -> dict[int, str]:
        """For each line the text in which flake8 looks for noqa."""
        physical = {n: self.lines[n - 1] if n <= len(self.lines) else "" for n in numbers}
        if not re.search(_LONG_FSTRING, source) and not any(self._may_be_joined(n) for n in numbers):
            return physical  # tokens take longer than all else that is done with a file
        try:
            return {n: self.noqa_line_for(n) or physical[n] for n in numbers}
        except (tokenize.TokenError, SyntaxError):
            return physical  # a file that does not parse has no logical lines

    def _may_be_joined(self, number: int) -> bool:
        """Whether flake8 may look for noqa on other lines, too: those of a long string, or behind a backslash."""
        first = last = min(number, len(self.lines))
        while first > 1 and self.lines[first - 2].endswith("\\\n"):
            first -= 1
        while last < len(self.lines) and self.lines[last - 1].endswith("\\\n"):
            last += 1
        texts = self.lines[first - 1 : last]
        joined = "".join(texts)
        return '"""' in joined or "'''" in joined or last > first and "noqa" in joined.lower()


#: In which code stands on lines that show no quotes.
_LONG_FSTRING = r"\b(?:[fF][rR]?|[rR][fF])(?:\"{3}|'{3})"


def _silenced(finding: Finding, path: str, text: str) -> bool:
    if "noqa" not in text.lower():
        return False
    line, column = finding.span.line, finding.span.column
    return Violation(finding.code, path, line, column, finding.message, text).is_inline_ignored(False)


def read(arguments: list[str], folder: str = os.curdir) -> Settings:
    """Settings from arguments in flake8's spelling, its configuration files, and pyproject.toml, in that order.

    folder: where flake8 would be started; the files are those of the folder, or of the nearest around it.
    Raises SettingsError.
    """
    try:
        known = stage1_arg_parser().parse_known_args(arguments)[0]
        table = pyproject.Pyproject() if known.isolated or known.config else pyproject.read(folder)
        namespace = _namespace(arguments, table, folder)
        return Settings(read_options(namespace, table.own), namespace, StyleGuideManager(namespace, formatter=None))
    except (Flake8Exception, ValueError, configparser.Error) as error:  # PyprojectError is a ValueError
        raise SettingsError(str(error)) from None


def _namespace(arguments: list[str], table: pyproject.Pyproject, folder: str) -> argparse.Namespace:
    """What flake8's parse_args gives, without loading other plugins: their options are not ours to read."""
    first = stage1_arg_parser()
    known, rest = first.parse_known_args(arguments)
    path = None if known.isolated else known.config or _config_file(os.path.abspath(folder))
    isolated = known.isolated or path is None and not known.append_config
    config, folder = load_config(path, known.append_config, isolated=isolated)
    manager = OptionManager(version=flake8.__version__, plugin_versions="", parents=[first], formatter_names=[])
    register_default_options(manager)
    manager.extend_default_select(["TF"])
    Plugin.add_options(manager)
    manager.parser.set_defaults(**parse_config(manager, table.flake8, table.folder))
    return aggregate_options(manager, config, folder, rest)


class _Unparsed(logging.Handler):
    """Keeps the files of which flake8 logs that it cannot parse them, with the reason."""

    def __init__(self):
        super().__init__()
        self.files: list[tuple[str, Exception]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.files.append(record.args)


def _config_file(folder: str) -> str | None:
    """The configuration file that flake8 finds. Raises ValueError for one that speaks of flake8 and does not parse.

    flake8 goes on without such a file; `fix` would then rewrite files that it excludes.
    """
    handler, log = _Unparsed(), logging.getLogger(_find_config_file.__module__)
    log.addHandler(handler)
    try:
        path = _find_config_file(folder)
    finally:
        log.removeHandler(handler)
    for name, error in handler.files:
        if b"flake8" in Path(name).read_bytes():
            raise ValueError(f"{name}: {' '.join(str(error).split())}: mend it, or name another with --config")
    return path
