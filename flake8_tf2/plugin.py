"""The flake8 plugin: an adapter of `lint`."""

from __future__ import annotations

import ast
import os
import sys
from typing import Iterator

from flake8.exceptions import ExecutionError

from flake8_tf2 import __version__
from flake8_tf2.options import NEWEST, Options, parse_version


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
        # No defaults: what is not said here or in flake8's files is looked for in pyproject.toml.
        parser.add_option(
            "--tf2-allow-compat-v1", action="store_true", default=None, parse_from_config=True,
            help="do not report what is spelled through tf.compat.v1 and works there",
        )  # fmt: skip
        parser.add_option(
            "--tf2-target-version", metavar="VERSION", parse_from_config=True,
            help="the TensorFlow 2 version that the code shall run under (default: 2.21)",
        )  # fmt: skip
        parser.add_option(
            "--tf2-extra-roots", metavar="MODULES", comma_separated_list=True, parse_from_config=True,
            help="modules that stand for tensorflow in this code",
        )  # fmt: skip
        parser.add_option(
            "--tf2-hints", action="store_true", default=None, parse_from_config=True, help="report advice, too"
        )
        parser.add_option(
            "--tf2-rules", metavar="DIR", parse_from_config=True, normalize_paths=True,
            help="a folder of rule files of your own; in a configuration file ./DIR, which is beside that file",
        )  # fmt: skip
        parser.add_option(
            "--tf2-baseline", metavar="FILE", parse_from_config=True, normalize_paths=True,
            help="a file of known findings, which are not reported; in a configuration file ./FILE, beside that file",
        )  # fmt: skip

    @classmethod
    def parse_options(cls, options) -> None:
        """Take the options over; flake8 ends with the message where one is wrong."""
        from flake8_tf2 import pyproject

        # flake8 keeps these two to itself, and says nothing else of which files it read.
        if any(argument.partition("=")[0] in ("--isolated", "--config") for argument in sys.argv[1:]):
            cls.options = read_options(options, {})
            return
        try:
            cls.options = read_options(options, pyproject.read().own)
        except pyproject.PyprojectError as error:
            raise ExecutionError(str(error)) from None

    def run(self) -> Iterator[tuple[int, int, str, type]]:
        """The findings as flake8 wants them: line, column from 0, text, type."""
        from flake8_tf2.lint import lint

        source = "".join(self._lines)
        findings = lint(source, self._filename, self.options, self._tree)
        if self.options.baseline:
            from flake8_tf2 import baseline

            findings = baseline.load(self.options.baseline).split(findings, self._filename, source).new
        for finding in findings:
            yield finding.span.line, finding.span.column - 1, f"{finding.code} {finding.message}", type(self)


def read_options(options, own: dict[str, object]) -> Options:
    """Our options from flake8's namespace, and where it has none from `own`, the values of pyproject.toml.

    Raises flake8's ExecutionError where a value is wrong.
    """

    def value(name: str, default):
        given = getattr(options, "tf2_" + name.replace("-", "_"))
        return own.get(name, default) if given is None else given

    try:
        version = parse_version(value("target-version", ".".join(map(str, NEWEST))))
    except ValueError as error:
        raise ExecutionError(f"--tf2-target-version: {error}") from None
    roots = tuple(value("extra-roots", ()))
    for root in roots:
        if not all(part.isidentifier() for part in root.split(".")):
            raise ExecutionError(f"--tf2-extra-roots: {root!r} is not the name of a module")
    rules, known = value("rules", ""), value("baseline", "")
    rules, known = rules and os.path.abspath(rules), known and os.path.abspath(known)
    if rules:
        from flake8_tf2 import registry
        from flake8_tf2.rulefile import RuleError

        try:
            registry.load(rules)
        except (RuleError, OSError) as error:
            raise ExecutionError(f"--tf2-rules: {error}") from None
    if known:
        from flake8_tf2 import baseline

        try:
            baseline.load(known)
        except baseline.BaselineError as error:
            raise ExecutionError(f"--tf2-baseline: {error}") from None
    return Options(value("allow-compat-v1", False), version, roots, value("hints", False), rules, known)
