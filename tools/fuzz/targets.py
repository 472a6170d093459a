"""What must hold of every source, for the parts of the tool: what fails raises, and what takes too long is stopped."""

from __future__ import annotations

import ast
import contextlib
import re
import signal
import warnings
from typing import Callable, Iterator

from flake8_tf2.convert.program import convert_source
from flake8_tf2.files import decode
from flake8_tf2.fix.apply import fix_source
from flake8_tf2.lint import lint
from flake8_tf2.positions import split_lines
from flake8_tf2.run import lint_bytes
from flake8_tf2.options import Options

#: Of CPU time, in seconds; several times what the largest seed needs with its coverage counted.
LIMIT = {"names": 10, "match": 10, "fix": 20, "convert": 60}


class Slow(BaseException):
    """An input took longer than it may; not an Exception, since those are caught where other files must go on."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises Slow inside when so much CPU time is spent."""

    def stop(*_):
        raise Slow(f"more than {seconds:g} s")

    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def names(source: str) -> None:
    """What a name stands for does not depend on a comment above, nor on who parses."""
    if source.startswith("\ufeff") or not compiles(source):
        return
    found = lint(source, options=Options(hints=True))
    lower = lint("# above\n" + source, options=Options(hints=True))
    assert [(f.rule, f.symbol, f.span.line + 1, f.span.column) for f in found] == [
        (f.rule, f.symbol, f.span.line, f.span.column) for f in lower
    ]
    assert found == lint(source, options=Options(hints=True), tree=ast.parse(source))


def match(source: str) -> None:
    """Findings are in order, say something, and stand in the file."""
    lines = split_lines(source)
    found = lint(source, options=Options(hints=True))
    assert found == sorted(found, key=lambda f: f.span)
    for finding in found:
        line, column, end_line, end_column = finding.span
        assert finding.message and "\n" not in finding.message
        assert (1, 1) <= (line, column) <= (end_line, end_column)
        if end_line <= len(lines) and not finding.rule.startswith(("parse", "python2")):
            assert end_column <= len(lines[end_line - 1]) + 1
    lint_bytes(source.encode("utf-8", "surrogatepass"), "a.py", Options(hints=True))


def fix(source: str) -> None:
    """What is fixed still compiles, no fix fails, and a second run changes nothing."""
    for unsafe in (False, True):
        fixed = fix_source(source, unsafe=unsafe)
        if fixed.source != source:
            assert parses(fixed.source) and compiles(fixed.source) >= compiles(source), "it does not compile"
        assert not fixed.failed, f"taken back: {fixed.failed[0].finding.rule}: {fixed.failed[0].reason}"
        assert fix_source(fixed.source, unsafe=unsafe).source == fixed.source, "a second run changes more"


#: What the converter says where the fault is its own.
_OWN_FAULT = re.compile(r"the result would not be valid")


def convert(source: str) -> None:
    """What is converted compiles and has nothing of compat.v1; what is not says why."""
    if not compiles(source):
        return
    converted = convert_source(source)
    assert not _OWN_FAULT.search(converted.reason), converted.reason
    if not converted.reason:
        assert compiles(converted.source), "it does not compile"
        assert not _says_compat(ast.parse(converted.source)), "compat.v1"


def _says_compat(tree: ast.Module) -> bool:
    """Whether code, not a text, names tensorflow.compat.v1."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            named = [f"{getattr(node, 'module', None) or ''}.{alias.name}" for alias in node.names]
        else:
            named = [ast.unparse(node)] if isinstance(node, ast.Attribute) and node.attr == "v1" else []
        if any("compat.v1" in name for name in named):
            return True
    return False


def parses(source: str) -> bool:
    """Whether Python parses a source."""
    return _compiles(source, ast.PyCF_ONLY_AST)


def compiles(source: str) -> bool:
    """Whether Python compiles a source."""
    return _compiles(source, 0)


def _compiles(source: str, flags: int) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source.removeprefix("\ufeff"), "<fuzz>", "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


TARGETS: dict[str, Callable[[str], None]] = {"names": names, "match": match, "fix": fix, "convert": convert}


def text_of(content: bytes) -> str:
    """The source of some bytes, as a file of them would be read."""
    try:
        return decode(content)
    except (UnicodeError, SyntaxError, LookupError):
        return content.decode("latin-1")


def run(target: str, source: str) -> None:
    """Hold a target against a source. Raises what is wrong."""
    with limited(LIMIT[target]):
        TARGETS[target](source)
