"""Converting the source of a program: the graph first, then what fixes rewrite, and never half of it."""

from __future__ import annotations

import ast
import re
from typing import Callable, NamedTuple, TypeVar

from flake8_tf2.convert import metrics
from flake8_tf2.convert.argscopes import written_in_full
from flake8_tf2.convert.bases import merged
from flake8_tf2.convert.classes import Lifted
from flake8_tf2.convert.collect import as_functions
from flake8_tf2.convert.columns import side_by_side
from flake8_tf2.convert.containers import unpacked
from flake8_tf2.convert.counters import widened
from flake8_tf2.convert.devices import with_plain_devices
from flake8_tf2.convert.estimators import as_session, traced
from flake8_tf2.convert.fold import folded, plain
from flake8_tf2.convert.handed import made_within
from flake8_tf2.convert.hoist import before_loops
from flake8_tf2.convert.initializers import written_out
from flake8_tf2.convert.inline import inlined
from flake8_tf2.convert.lazy import built_at_once
from flake8_tf2.convert.link import behind_imports, runs, undefined
from flake8_tf2.convert.model import Program
from flake8_tf2.convert.nested import fed_at_once
from flake8_tf2.convert.passed import given_to_functions, read_from_around
from flake8_tf2.convert.queues import as_datasets
from flake8_tf2.convert.respelled import respelled
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.schedules import as_schedules
from flake8_tf2.convert.shared import factored
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.convert.statements import one_a_line, train_ops_apart
from flake8_tf2.convert.summaries import with_summaries
from flake8_tf2.convert.traces import untraced
from flake8_tf2.convert.unroll import placeholders_listed, unrolled
from flake8_tf2.convert.versions import told_apart
from flake8_tf2.convert.write import PIECES, Writer
from flake8_tf2.finding import Finding, Severity
from flake8_tf2.fix.apply import Fixed, fix_source
from flake8_tf2.lint import lint
from flake8_tf2.options import Options


T = TypeVar("T")
#: Why a file is not converted that is none of these programs.
NO_PROGRAM = "the file opens no session"


class Converted(NamedTuple):
    """What became of a program: the new source, or why it stayed and where (line and column from 1, 0 if nowhere)."""

    source: str
    reason: str = ""
    line: int = 0
    column: int = 0


def read_program(source: str, filename: str = "<unknown>", options: Options = Options()) -> Program:
    """The model of a program. Raises Stuck, and SyntaxError."""
    return _used(source, filename, options, lambda program: program)[0]


def _used(source: str, filename: str, options: Options, use: Callable[[Program], T]) -> tuple[T, Fixed]:
    """What is made of the model of a program, and what the fixes of its expressions were.

    Where a loop stands in the way whose turns the file tells, they are written one by one.
    """
    for rewrite in (written_in_full, written_out, as_functions, as_schedules, with_plain_devices, placeholders_listed):
        source = rewrite(source, options)
    summarised, pieces = with_summaries(source, options)
    fixed = _with_expressions_fixed(summarised, filename, options)
    form = untraced(train_ops_apart(one_a_line(fixed.source), options), options)
    form = _prepared(respelled(form, options), options)
    first: Stuck | None = None
    while True:
        try:
            program = Program(Source(form, options))
            program.pieces = pieces
            return use(program), fixed
        except Stuck as stuck:
            first = first or stuck
            in_turns = unrolled(form, stuck.node, options)
        if in_turns is None:
            raise first
        form = _prepared(in_turns, options)


def _prepared(source: str, options: Options) -> str:
    """A source in the form that the model reads: one graph, in the open, each name one thing."""
    source = as_datasets(inlined(source, options), options)
    source = metrics.as_objects(before_loops(source, options), options)
    for _ in range(2):  # what a container held may be handed on, too
        source = unpacked(read_from_around(source, options), options)
    return told_apart(source, options)


def convert_source(
    source: str, filename: str = "<unknown>", options: Options = Options(), jit: bool = False, exact: bool = False
) -> Converted:
    """Convert a program of a graph and sessions to functions; all of it, or nothing.

    Raises RuleError as `lint` does.
    """
    if not runs(source):
        return Converted(source, NO_PROGRAM)
    try:
        converted = converted_text(source, filename, options, jit, exact)
    except SyntaxError as error:
        return Converted(source, f"it does not parse: {error.msg}", error.lineno or 0)
    except Stuck as stuck:
        reason, *place = told(stuck)
        return Converted(source, reason, *(place_of(stuck.node, {"": source}) or ("", *place))[1:])
    text = converted.text
    if converted.pieces and PIECES not in text:  # a class stood right behind the imports
        text = behind_imports(text, f"\n\n{PIECES}\n\n")
    text = converted.writer.with_pieces(text, converted.pieces)
    missing = undefined(text) - undefined(source)
    if missing:
        return Converted(source, f"the result would not define {', '.join(sorted(missing))}")
    return Converted(with_line_ends(text, source))


def told(stuck: Stuck) -> tuple[str, int, int]:
    """Why, and where, a conversion is stuck."""
    return plain(stuck.reason), getattr(stuck.node, "lineno", 0), getattr(stuck.node, "col_offset", -1) + 1


def place_of(node: ast.AST | None, sources: dict[str, str]) -> tuple[str, int, int] | None:
    """The file, line and column of what a node was before it was lifted or inlined; None if that is not known."""
    if not isinstance(node, (ast.expr, ast.stmt)):
        return None
    wanted = _spelled(node)
    for path, source in sources.items():
        for other in ast.walk(ast.parse(source)):
            if type(other) is type(node) and _spelled(other) == wanted:
                return path, other.lineno, other.col_offset + 1
    return None


def _spelled(node: ast.AST) -> str:
    return re.sub(r"\bself\.|\u02c8\d*", "", plain(ast.unparse(node)))  # the mark of a file, too


class Text(NamedTuple):
    """A converted text with a mark in the place of its pieces, and what wrote it."""

    text: str
    writer: Writer
    pieces: list[str]


def converted_text(source: str, filename: str, options: Options, jit: bool, exact: bool) -> Text:
    """The converted text, without its pieces. Raises Stuck, and SyntaxError."""
    source = as_session(side_by_side(_with_flags_fixed(source, filename, options), options), options)
    source = fed_at_once(source, options)
    source = built_at_once(source, options)
    whole = merged(made_within(source, options), options)
    variants = whole.variants()
    if not variants:
        return _converted(whole.text, filename, options, jit, exact)
    made = {name: _converted(text, filename, options, jit, exact) for name, text in variants.items()}
    first = next(iter(made.values()))
    text = whole.united({name: found.text for name, found in made.items()})
    return Text(text, first.writer, list(dict.fromkeys(p for found in made.values() for p in found.pieces)))


def _converted(source: str, filename: str, options: Options, jit: bool, exact: bool) -> Text:
    lifted = Lifted(source, options)
    source = widened(lifted.text, options) if jit else lifted.text
    (writer, text), fixed = _used(source, filename, options, lambda program: _written(program, jit, exact))
    converted = _finished(source, traced(text), filename, options, fixed.left)
    if converted.reason:
        raise Stuck(None, converted.reason)
    text = factored(given_to_functions(converted.source, options), {function.name for function in writer.functions})
    return Text(folded(text, lifted), writer, writer.pieces)


def _written(program: Program, jit: bool, exact: bool) -> tuple[Writer, str]:
    writer = Writer(program, jit, exact)
    return writer, writer.write()


def with_line_ends(text: str, source: str) -> str:
    """A text with the line ends, and the mark of byte order, of a source."""
    if source.count("\r\n") * 2 > source.count("\n"):
        text = text.replace("\n", "\r\n")
    return ("\ufeff" if source.startswith("\ufeff") else "") + text


def _with_expressions_fixed(source: str, filename: str, options: Options) -> Fixed:
    """The source with what only computes rewritten: there the file still shows what the inputs are."""
    roles = Source(source, options).roles

    def wanted(findings: list[Finding], _: str) -> list[Finding]:
        wanted = [f for f in findings if roles.of(f.symbol) in (Role.TENSOR, Role.HOST) and not _is_layer(f.symbol)]
        return [f for f in wanted if f.symbol != "tf.Print"]  # where it stands matters: in the function that computes

    return fix_source(source, filename, options, unsafe=True, reported=wanted)


def _with_flags_fixed(source: str, filename: str, options: Options) -> str:
    """The source with command-line flags rewritten: while a class is lifted, it seems to read them too early."""
    if not re.search(r"\bflags\b|app\.run", source):
        return source

    def wanted(findings: list[Finding], _: str) -> list[Finding]:
        return [f for f in findings if f.symbol.startswith(("tf.app.", "tf.flags."))]

    return fix_source(source, filename, options, unsafe=True, reported=wanted).source


def _is_layer(symbol: str) -> bool:
    return symbol.startswith(("tf.layers.", "tf.contrib.layers.", "tf.keras.layers."))


def _finished(source: str, text: str, filename: str, options: Options, left: list[Finding]) -> Converted:
    """The written program with what is left of TF1 fixed, if nothing stays. left: what its expressions had before."""
    try:
        ast.parse(text)
    except SyntaxError as error:
        return Converted(source, f"the result would not be valid Python: {error.msg} (line {error.lineno})")
    fixed = fix_source(text, filename, options, unsafe=True)
    rest = [f for f in lint(fixed.source, filename, options, fixes=True) if f.severity is not Severity.HINT]
    rest += _of_two_meanings(source, fixed.source, filename, options, left)
    if rest:
        finding = rest[0]
        return Converted(
            source, f"{finding.code} {finding.message}" + (f" ({finding.refused})" if finding.refused else "")
        )
    return Converted(_without_echoes(fixed.source))


def _without_echoes(source: str) -> str:
    """A source without `x = x`, which is left where a print passed on what it printed."""
    lines = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and len(node.targets) == 1:
            if getattr(node.targets[0], "id", "") == node.value.id:
                lines[node.lineno - 1] = ""
    return "\n".join(line for line, before in zip(lines, source.split("\n")) if line or not before)


def _of_two_meanings(source: str, text: str, filename: str, options: Options, left: list[Finding]) -> list[Finding]:
    """What means another thing in TF2 under the same name, and was left as it is: alone it looks like TF2."""
    refused = {(f.rule, f.symbol) for f in left if f.refused and f.severity is Severity.ERROR}
    if "softmax_cross_entropy_with_logits_v2" in source:  # renamed, it has the name of another
        refused = {
            (rule, symbol) for rule, symbol in refused if not symbol.endswith("softmax_cross_entropy_with_logits")
        }
    found = lint(text, filename, options, fixes=True, tf1=True) if refused else []
    return [f for f in found if (f.rule, f.symbol) in refused and f.refused]
