"""From source to findings: the only way in, for flake8, the command line and the editor."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Iterator

from flake8_tf2 import collector
from flake8_tf2 import registry as registries
from flake8_tf2.checks import CHECKS
from flake8_tf2.context import MAX_MESSAGE, File, Match, fill
from flake8_tf2.finding import Finding, Severity, Span
from flake8_tf2.match import counts, match_references
from flake8_tf2.names.references import Reference, References
from flake8_tf2.names.scopes import Layout
from flake8_tf2.names.values import Kept, Resolver
from flake8_tf2.options import Options
from flake8_tf2.positions import split_lines, to_span
from flake8_tf2.registry import Registry

_ROOT_WORDS = ("tensorflow", "keras")
#: Makes a named tuple of a tuple: several times faster than a call of its class.
_new = tuple.__new__


def lint(
    source: str,
    filename: str = "<unknown>",
    options: Options = Options(),
    tree: ast.Module | None = None,
    fixes: bool = False,
    tf1: bool = False,
) -> list[Finding]:
    """The findings of one file, in the order of the source.

    source: the text of the file, decoded. tree: what `ast.parse` gave for it, when the caller has it.
    fixes: also make the fixes of the findings, or say why there is none. tf1: what could be TF1 or TF2 is TF1, whatever
    the file shows.
    A source that says `tensorflow` and does not parse gives one finding of 9xx; nothing is raised for any source.
    Raises RuleError (flake8_tf2.rulefile) when the user's rule files of the options break their format.
    """
    if not may_matter(source, options):
        return []
    with collector.paused():
        return _lint(source, filename, options, tree, fixes, tf1)


def _lint(
    source: str, filename: str, options: Options, tree: ast.Module | None, fixes: bool, tf1: bool
) -> list[Finding]:
    registry = registries.load(options.rules)
    source = source.removeprefix("\ufeff")
    if tree is None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of invalid escapes and the like: not ours to report
                tree = ast.parse(source, filename)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return [unparsed(options, error, source)]
    try:
        return _lint_tree(source, options, tree, registry, fixes, tf1)
    except RecursionError:
        return [_simple(registry, "parse-error", Span(1, 1, 1, 1), "nests too deeply to be read")]


def may_matter(source: str, options: Options) -> bool:
    """Whether a source says the name of TensorFlow, or of what stands for it: otherwise it has no findings."""
    roots = registries.load(options.rules).roots if options.rules else _ROOT_WORDS
    # Of a dotted root the first part: `from acme import tf` does not say acme.tf.
    return any(root.partition(".")[0] in source for root in (*roots, *options.extra_roots))


def _lint_tree(
    source: str, options: Options, tree: ast.Module, registry: Registry, fixes: bool, tf1: bool
) -> list[Finding]:
    roots = dict(registry.roots)
    roots.update({root: ("tf", "native") for root in options.extra_roots})
    layout = Layout(tree, source, tuple(roots))
    symbols = registry.symbols.setdefault(options.extra_roots, Kept())
    resolver = Resolver(layout, registry.table, registry.receivers, roots, registry.extra_names, symbols)
    finder = References(layout, resolver, registry.methods, registry.chains)
    references = finder.find()
    is_tf1 = tf1 or _shows_tf1(registry, options, references)
    file = File(source, finder, resolver, registry, options, is_tf1)
    fix_of = None
    if fixes:
        from flake8_tf2.fix.build import Builder  # not needed where findings are only shown

        fix_of = Builder(file).fix
    findings: dict[tuple[Span, str], Finding] = {}
    ascii_only = source.isascii()
    matches = match_references(file, references)
    matches += _check(file, references)
    for match in matches:
        rule, place, symbol, severity, certain, _, _, message, _ = match
        if ascii_only:
            line, column, end_line, end_column = place
            span = _new(Span, (line, column + 1, end_line, end_column + 1))
        else:
            span = to_span(place, layout.lines)
        code = rule.code
        key = span, code
        if key in findings:
            continue
        fix, refused = None, ""
        if fix_of is not None:
            fix = fix_of(match)
            if isinstance(fix, str):
                fix, refused = None, fix
        findings[key] = _new(Finding, (span, code, rule.name, symbol, message, severity, certain, fix, refused, 0))
    layout.close()
    return sorted(findings.values())


def _check(file: File, references: list[Reference]) -> Iterator[Match]:
    for rule in file.registry.checks:
        check = CHECKS.get(rule.check)
        if check is None:
            continue  # of files that do not parse
        for found in check(file, references):
            severity = found.severity or Severity(rule.severity or "error")
            if found.spelling == "compat" and severity is Severity.ERROR:
                severity = Severity.WARNING
            message = fill(rule, {"symbol": found.symbol, **found.fields})
            match = Match(
                rule, found.place, found.symbol, severity, found.certain, found.spelling, found.evident, message,
                found.reference,
            )  # fmt: skip
            if counts(file, severity, found.spelling, found.evident):
                yield match


def _shows_tf1(registry: Registry, options: Options, references: list[Reference]) -> bool:
    """Whether a file has a name that only TF1 has: then what means one thing in TF1 and another in TF2 means TF1."""
    table = registry.table
    for reference in references:
        if reference.receiver is None and reference.known:
            if reference.spelling == "lost":
                return True
            if reference.spelling == "native" and not reference.symbol.startswith("tf.keras."):
                known = table.row(reference.symbol) is not None or reference.symbol.startswith("tf.examples")
                if known and not table.resolves(reference.symbol, options.target_version):
                    return True
    return False


# Files that cannot be read as Python

# Compiled when they are asked for.
_PYTHON_2 = (
    r"Missing parentheses in call to '(print|exec)'|multiple exception types must be parenthesized"
    r"|leading zeros in decimal integer|inconsistent use of tabs"
)
_PYTHON_2_LINE = (
    r"\s*(print\s+[^=(\s]|print\s*>>|exec\s+[\"'\w]|except\s+[\w.]+\s*,\s*\w+\s*:|raise\s+[\w.]+\s*,)"
    r"|.*(\b\d+[lL]\b|<>|\bur[\"'])"
)


def unparsed(options: Options, error: Exception, source: str) -> Finding:
    """The finding for a source that does not parse. error: what `ast.parse` raised."""
    line, column, name, reason = 1, 1, "parse-error", str(error)
    if "\0" in source:  # Python names no line
        line, reason = source.count("\n", 0, source.index("\0")) + 1, "it contains a null byte"
    elif isinstance(error, SyntaxError):
        line, column, reason = max(error.lineno or 1, 1), max(error.offset or 1, 1), error.msg or "invalid syntax"
        if re.search(_PYTHON_2, reason) or re.match(_PYTHON_2_LINE, _line(source, line)):
            name = "python2"
    elif not isinstance(error, ValueError):
        reason = "nests too deeply for Python's parser"
    return _simple(registries.load(options.rules), name, Span(line, column, line, column), reason)


def _line(source: str, number: int) -> str:
    lines = split_lines(source)
    return lines[number - 1] if number <= len(lines) else ""


def undecodable(options: Options, reason: str, line: int = 1) -> Finding:
    """The finding for a file that is no text in the encoding that it declares."""
    return _simple(registries.load(options.rules), "undecodable", Span(line, 1, line, 1), reason)


def _simple(registry: Registry, name: str, span: Span, reason: str) -> Finding:
    rule = next(r for r in registry.rules if r.name == name)
    message = fill(rule, {"reason": reason})
    if len(message) > MAX_MESSAGE:
        message = message[: MAX_MESSAGE - 3] + "..."
    return Finding(span, rule.code, rule.name, "", message, Severity.ERROR)
