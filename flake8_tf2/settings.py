"""The settings that flake8 would use, read by flake8 itself: select, ignore, per-file-ignores, exclude, noqa, tf2-*."""

from __future__ import annotations

from typing import NamedTuple

from flake8 import utils
from flake8.options.parse_args import parse_args
from flake8.processor import FileProcessor
from flake8.style_guide import Decision, StyleGuideManager
from flake8.violation import Violation

from flake8_tf2.finding import Finding
from flake8_tf2.lint import split_lines
from flake8_tf2.options import Options
from flake8_tf2.plugin import read_options


class Settings(NamedTuple):
    """What a run reports, and where it looks."""

    options: Options
    flake8: object  # flake8's namespace of options
    guides: StyleGuideManager

    def is_excluded(self, path: str) -> bool:
        """Whether flake8's exclude and extend-exclude leave a path out."""
        patterns = (*self.flake8.exclude, *self.flake8.extend_exclude)
        import logging

        return utils.matches_filename(
            path, patterns=patterns, log_message='"%(path)s" has %(whether)sbeen excluded', logger=logging.getLogger(__name__)
        )

    def reported(self, findings: list[Finding], path: str, source: str) -> list[Finding]:
        """The findings that flake8 would show for a file: selected, not ignored, not silenced by noqa."""
        guide = self.guides.style_guide_for(path)
        chosen = [f for f in findings if guide.should_report_error(f.code) is Decision.Selected]
        if not chosen or self.flake8.disable_noqa or "noqa" not in source.lower():
            return chosen
        lines = [line + "\n" for line in split_lines(source)]
        processor = FileProcessor(path, self.flake8, lines=lines)
        if processor.should_ignore_file():
            return []
        return [f for f in chosen if not _silenced(processor, lines, path, f)]


def _silenced(processor: FileProcessor, lines: list[str], path: str, finding: Finding) -> bool:
    line, column = finding.span.line, finding.span.column
    # A file that does not parse has no logical lines: then the physical one counts, as in flake8.
    text = processor.noqa_line_for(line) or (lines[line - 1] if line <= len(lines) else "")
    return Violation(finding.code, path, line, column, finding.message, text).is_inline_ignored(False)


def read(arguments: list[str]) -> Settings:
    """Settings from flake8's configuration files and from arguments in flake8's spelling.

    Raises flake8's ExecutionError, or exits as argparse does, where a setting is wrong.
    """
    _, namespace = parse_args(arguments)
    return Settings(read_options(namespace), namespace, StyleGuideManager(namespace, formatter=None))
