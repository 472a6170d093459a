"""The flake8 plugin: an adapter of `lint`."""

from __future__ import annotations

import ast
import os
from typing import Iterator

from flake8_tf2 import __version__
from flake8_tf2.options import Options, parse_version


class Plugin:
    """Reports the findings of one file to flake8."""

    name = "flake8-tf2"
    version = __version__
    options = Options()

    def __init__(self, tree: ast.Module, lines: list[str], filename: str = "<unknown>"):
        self._tree = tree
        self._lines = lines
        self._filename = filename

    @staticmethod
    def add_options(parser) -> None:
        """Add the options --tf2-… to flake8's."""
        parser.add_option(
            "--tf2-allow-compat-v1", action="store_true", default=False, parse_from_config=True,
            help="do not report what is spelled through tf.compat.v1 and works there",
        )  # fmt: skip
        parser.add_option(
            "--tf2-target-version", default="2.21", metavar="VERSION", parse_from_config=True,
            help="the TensorFlow 2 version that the code shall run under (default: 2.21)",
        )  # fmt: skip
        parser.add_option(
            "--tf2-extra-roots", default="", metavar="MODULES", comma_separated_list=True, parse_from_config=True,
            help="modules that stand for tensorflow in this code",
        )  # fmt: skip
        parser.add_option(
            "--tf2-hints", action="store_true", default=False, parse_from_config=True, help="report advice, too"
        )
        parser.add_option(
            "--tf2-rules", default="", metavar="DIR", parse_from_config=True, normalize_paths=True,
            help="a folder of rule files of your own; in a configuration file ./DIR, which is beside that file",
        )  # fmt: skip

    @classmethod
    def parse_options(cls, options) -> None:
        """Take the options over; flake8 ends with the message where one is wrong."""
        cls.options = read_options(options)

    def run(self) -> Iterator[tuple[int, int, str, type]]:
        """The findings as flake8 wants them: line, column from 0, text, type."""
        from flake8_tf2.lint import lint

        for finding in lint("".join(self._lines), self._filename, self.options, self._tree):
            yield finding.span.line, finding.span.column - 1, f"{finding.code} {finding.message}", type(self)


def read_options(options) -> Options:
    """Our options from flake8's namespace. Raises flake8's ExecutionError where a value is wrong."""
    from flake8.exceptions import ExecutionError

    try:
        version = parse_version(options.tf2_target_version)
    except ValueError as error:
        raise ExecutionError(f"--tf2-target-version: {error}") from None
    for root in options.tf2_extra_roots:
        if not all(part.isidentifier() for part in root.split(".")):
            raise ExecutionError(f"--tf2-extra-roots: {root!r} is not the name of a module")
    rules = options.tf2_rules and os.path.abspath(options.tf2_rules)
    if rules:
        from flake8_tf2 import registry
        from flake8_tf2.rulefile import RuleError

        try:
            registry.load(rules)
        except (RuleError, OSError) as error:
            raise ExecutionError(f"--tf2-rules: {error}") from None
    return Options(options.tf2_allow_compat_v1, version, tuple(options.tf2_extra_roots), options.tf2_hints, rules)
