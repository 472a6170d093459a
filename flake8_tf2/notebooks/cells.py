"""The cells of a notebook as one module: names are resolved across them, and what is no Python stands aside.

A magic or shell line becomes a string, or where it is the value of an assignment a call of which nothing is known. It
keeps its number of lines, so that all others are what they were. Between two cells stands a line of ours, by which a
changed module is divided again.
"""

from __future__ import annotations

import ast
import bisect
import re
import warnings
from typing import Iterator, NamedTuple

from flake8_tf2.files import Unreadable
from flake8_tf2.finding import Finding, Span
from flake8_tf2.lint import may_matter, unparsed
from flake8_tf2.options import Options


class Cell(NamedTuple):
    """A code cell. number: among all cells of the notebook, from 1."""

    number: int
    source: str


#: Cell magics behind which a cell is Python that runs among the other cells.
_PYTHON_CELLS = {"capture", "debug", "prun", "time", "timeit"}

_EOL = r"(?:\r\n|\r|\n)"
#: To the end of a line, and on where a backslash ends it.
_REST = rf"(?:[^\r\n\\]|\\{_EOL}|\\)*"
#: None of these can begin a statement of Python, or follow its first `=`.
_ESCAPED = re.compile(
    rf"[ \t]*(?:[^\r\n=#'\"()]*[^\r\n=#'\"()!<>]=[ \t]*(?P<value>[%!]{_REST})|(?P<line>[%!?,;/]{_REST}))"
)
_HELP = re.compile(r"[ \t]*(?P<line>%{0,2}[A-Za-z_*][\w.*\[\]-]*\?{1,2}[ \t]*)(?=[\r\n]|\Z)")
_TOKEN = re.compile(
    r'"{3}(?:\\[\s\S]|[^\\])*?(?:"{3}|\Z)|' r"'{3}(?:\\[\s\S]|[^\\])*?(?:'{3}|\Z)|"
    r'"(?:\\[\s\S]|[^"\\\r\n])*"?|' rf"'(?:\\[\s\S]|[^'\\\r\n])*'?|#[^\r\n]*|\\{_EOL}|[(\[{{]|[)\]}}]|{_EOL}"
)  # fmt: skip
_CELL_MAGIC = re.compile(rf"(?:[ \t]*{_EOL})*(?P<line>%%(?P<name>\w+)(?!\w*\?)[^\r\n]*)")

_WORD = re.compile(r"[^\W\d]\w*")
#: What IPython replaces in shell lines and in what stands behind a cell magic.
_INSERTED = re.compile(r"\{[^{}]*\}|\$\w+")

_PLACEHOLDER = re.compile(r'(?:get_ipython)?\("flake8-tf2 line (\d+)"\s*\)')
_SEPARATOR = re.compile(rf'^"flake8-tf2 cell (\d+)"[ \t]*(?:{_EOL}|\Z)', re.MULTILINE)


class Module:
    """Cells, joined.

    source: the module. unread: the errors of the cells that do not parse, by their position; the module goes without.
    """

    def __init__(self, cells: list[Cell]):
        self.cells = cells
        self.unread: dict[int, Exception] = {}
        self._opaque: list[str] = []  # what is no Python
        self.source = self._joined()
        if _error_of(self.source) is not None:
            errors = ((position, _error_of(self._neutral(cell.source))) for position, cell in enumerate(cells))
            self.unread = {position: error for position, error in errors if error is not None}
            self.source = self._joined()
        self.lines = CellLines(self.source)

    def _joined(self) -> str:
        parts: list[str] = []
        self._opaque.clear()
        self._used: set[str] = set()  # the names that it may use
        self._held: list[list[int]] = []  # the numbers of what is no Python, for each cell
        for position, cell in enumerate(self.cells):
            if position:
                parts.append(f'"flake8-tf2 cell {position}"\n')
            start = len(self._opaque)
            is_read = position not in self.unread
            parts.append(self._neutral(cell.source) if is_read else self._placeholder(cell.source, _WORD))
            parts.append("\n")
            self._held.append(list(range(start, len(self._opaque))))
        return "".join(parts)

    def _neutral(self, source: str) -> str:
        """A cell as Python, with as many lines."""
        text, at = "", 0
        for start, end in _escaped(source):
            text += source[at:start] + ("get_ipython" if source[at:start].rstrip().endswith("=") else "")
            text += self._placeholder(source[start:end])
            at = end
        return text + source[at:]

    def _placeholder(self, text: str, words: re.Pattern | None = None) -> str:
        """A string in the place of a text. words: what in it may be names; by default what its kind of magic reads."""
        self._opaque.append(text)
        if words is None:
            words = _WORD if text.startswith("%") and not text.startswith("%%") else _INSERTED
        self._used.update(word for found in words.findall(text) for word in _WORD.findall(found))
        return f'("flake8-tf2 line {len(self._opaque) - 1}"{"".join(re.findall(_EOL, text))})'

    def unread_findings(self, options: Options) -> list[Finding]:
        """The findings, in lines of the module, for the cells that do not parse."""
        if not self.unread or not may_matter("".join(cell.source for cell in self.cells), options):
            return []
        found = []
        for position, error in self.unread.items():
            finding = unparsed(options, error, self.cells[position].source)
            message = finding.message.replace("in the file", "in the cell")
            before = self.lines.first(position) - 1
            line, column, end_line, end_column = finding.span
            span = Span(line + before, column, end_line + before, end_column)
            found.append(finding._replace(message=message, span=span))
        return found

    def divide(self, source: str) -> list[str]:
        """The sources of the cells, from the module or what was made of it. Raises Unreadable."""
        parts = _SEPARATOR.split(source)
        if [int(number) for number in parts[1::2]] != list(range(1, len(self.cells))):
            raise Unreadable("what was one cell would be part of another")
        missing = self._used and self._used & (_bound(self.source) - _bound(source))
        if missing:
            raise Unreadable(f"{', '.join(sorted(missing))} would be gone, which is used where no Python is read")
        return [self._restored(position, part) for position, part in enumerate(parts[::2])]

    def _restored(self, position: int, text: str) -> str:
        old = self.cells[position]
        if [int(number) for number in _PLACEHOLDER.findall(text)] != self._held[position]:
            raise Unreadable(f"a magic or shell line of cell {old.number} would move")
        text = _PLACEHOLDER.sub(lambda match: self._opaque[int(match[1])], text)
        if [line for line in text.splitlines() if line.strip()] == [x for x in old.source.splitlines() if x.strip()]:
            return old.source  # blank lines around what went elsewhere are no change
        return old.source[: len(old.source) - len(old.source.lstrip("\n"))] + text.strip("\n") + _end(old.source)


def _end(source: str) -> str:
    return source[len(source.rstrip("\n")) :]


class CellLines:
    """Where the cells are in a module, or in what was made of it: positions of cells from 0, lines from 1."""

    def __init__(self, source: str):
        separators = [match.start() for match in _SEPARATOR.finditer(source)]
        ends = [match.end() for match in re.finditer(_EOL, source)]
        # The line behind each separator.
        self._first = [1, *(bisect.bisect_right(ends, start) + 2 for start in separators)]

    def cell_of(self, line: int) -> int:
        """The position of the cell that has a line of the module; a line between two is of the one before."""
        return max(bisect.bisect_right(self._first, line) - 1, 0)

    def first(self, position: int) -> int:
        """The line of the module that is the first of a cell."""
        return self._first[position]


def place(finding: Finding, module: Module, lines: CellLines) -> Finding:
    """A finding of a module as one of its cell. lines: of the text in which it was found."""
    number, span = _local(finding.span, module, lines)
    fix = finding.fix
    if fix is not None:
        edits = [(edit, *_local(edit.span, module, lines)) for edit in fix.edits]
        fix = fix._replace(edits=tuple(edit._replace(span=there, cell=cell) for edit, cell, there in edits))
    return finding._replace(span=span, fix=fix, cell=number)


def _local(span: Span, module: Module, lines: CellLines) -> tuple[int, Span]:
    """A span of a module as the number of its cell and the span there."""
    position = lines.cell_of(span.line)
    before = lines.first(position) - 1
    line, column, end_line, end_column = span
    return module.cells[position].number, Span(line - before, column, end_line - before, end_column)


def _escaped(source: str) -> Iterator[tuple[int, int]]:
    """From where to where a cell is magic, shell or a question: statements, or the values of assignments."""
    at = 0
    while (magic := _CELL_MAGIC.match(source, at)) is not None:
        end = magic.end() if magic["name"] in _PYTHON_CELLS else len(source)
        yield magic.start("line"), end
        at = end
    depth, starts = 0, True  # whether a statement may begin
    while at < len(source):
        if starts and depth == 0:
            found = _ESCAPED.match(source, at) or _HELP.match(source, at)
            if found is not None:
                yield found.span(found.lastgroup)
                at = found.end()
        token = _TOKEN.search(source, at)
        if token is None:
            return
        word, at = token[0], token.end()
        starts = word[0] in "\r\n"
        depth = max(depth + (word in ("(", "[", "{")) - (word in (")", "]", "}")), 0)


def _error_of(source: str) -> Exception | None:
    """Why a source does not parse, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return error
    return None


def _bound(source: str) -> set[str]:
    """The names that a source binds at its top level."""
    found: set[str] = set()
    stack: list[ast.AST] = [ast.parse(source)]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        stack += ast.iter_child_nodes(node)
    return found
