"""Notebook files: read and checked by nbformat; where cells change, no other character of the file does."""

from __future__ import annotations

import difflib
import json
import warnings
from typing import Iterator

from flake8_tf2.files import PythonFile, Unreadable
from flake8_tf2.finding import Finding
from flake8_tf2.notebooks.cells import Cell, CellLines, Module, place
from flake8_tf2.options import Options


class NotebookFile(PythonFile):
    """A notebook of Python as one source. source: its cells, joined. Raises Unreadable."""

    def __init__(self, content: bytes):
        self._text, self._cells = _read(content)
        self._module = Module(self._cells)
        self.source = self._module.source
        self._lines: dict[Finding, CellLines] = {}

    def unread(self, options: Options) -> list[Finding]:
        """The findings for the cells that do not parse."""
        return self._module.unread_findings(options)

    def note(self, findings: list[Finding], source: str) -> None:
        """Take note of the text in which findings were found: what is a cell's line in one is another's in the next."""
        self._lines.update(dict.fromkeys(findings, CellLines(source)))

    def placed(self, findings: list[Finding]) -> list[Finding]:
        """The findings at their places in the cells."""
        return [place(f, self._module, self._lines.get(f, self._module.lines)) for f in findings]

    def line(self, number: int) -> str:
        """A line of the source as a line of a cell."""
        position = self._module.lines.cell_of(number)
        return f"cell {self._cells[position].number}, line {number - self._module.lines.first(position) + 1}"

    def encoded(self, source: str) -> bytes:
        """The file with the cells of another source, and not a character else of it changed. Raises Unreadable."""
        texts = {cell.number: text for cell, text in zip(self._cells, self._module.divide(source))}
        sources = {cell.number: cell.source for cell in self._cells}
        parts, at = [], 0
        for number, (start, end) in enumerate(_places(self._text), 1):
            if texts.get(number) != sources.get(number):
                parts += [self._text[at:start], _rewritten(self._text[start:end], texts[number], self._text.isascii())]
                at = end
        return "".join([*parts, self._text[at:]]).encode("utf-8")


def _read(content: bytes) -> tuple[str, list[Cell]]:
    """The text of a notebook, and its code cells."""
    try:
        import nbformat
    except ImportError:
        raise Unreadable("notebooks need nbformat: pip install 'flake8-tf2[notebook]'") from None
    try:
        text = content.decode("utf-8")
        notebook = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"it is no notebook: {error}") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("nbformat"), int):
        raise Unreadable("it is no notebook: it does not say which nbformat it has")
    if (version := notebook["nbformat"]) != 4:
        raise Unreadable(f"it has nbformat {version}, not 4: run `jupyter nbconvert --to notebook --inplace` on it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cells without an id: it adds one to its copy
            nbformat.validate(json.loads(text), relax_add_props=True)
    except nbformat.ValidationError as error:
        raise Unreadable(f"it is no valid notebook: {' '.join(str(error).split())[:200]}") from None
    language = _language(notebook["metadata"])
    if language.lower() not in ("python", "ipython", ""):
        raise Unreadable(f"its language is {language}, not Python")
    cells = enumerate(notebook["cells"], 1)
    return text, [Cell(number, _source(cell)) for number, cell in cells if _is_python(cell)]


def _source(cell: dict) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def _language(metadata: dict) -> str:
    """The language of a notebook, or "" where it does not say."""
    named = metadata.get("kernelspec", {}).get("language") or metadata.get("language_info", {}).get("name")
    return named or ""


def _is_python(cell: dict) -> bool:
    own = cell["metadata"].get("vscode", {}).get("languageId", "python")
    return cell["cell_type"] == "code" and own == "python"


def _places(text: str) -> Iterator[tuple[int, int]]:
    """From where to where the sources of the cells stand in the text, in order."""
    from ast_grep_py import SgRoot

    for cell in _member(SgRoot(text, "json").root().child(0), "cells").children():
        if cell.kind() == "object":
            extent = _member(cell, "source").range()
            yield extent.start.index, extent.end.index


def _member(node, name: str):
    """The value of a member of an object; of several the last, as in JSON."""
    found = None
    for pair in node.children():
        if pair.kind() == "pair" and json.loads(pair.field("key").text()) == name:
            found = pair.field("value")
    return found


def _rewritten(old: str, source: str, ascii_only: bool) -> str:
    """The JSON of a source in the form of the old one: a string, or a list of lines with its blanks."""
    if not old.startswith("["):
        return json.dumps(source, ensure_ascii=ascii_only)
    from ast_grep_py import SgRoot

    items = [node.range() for node in SgRoot(old, "json").root().child(0).children() if node.kind() == "string"]
    if not items:
        return json.dumps(source.splitlines(keepends=True), ensure_ascii=ascii_only)
    raw = [old[item.start.index : item.end.index] for item in items]
    before = [json.loads(text) for text in raw]
    after = source.splitlines(keepends=True)
    lines = []
    for tag, i, j, k, l in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        lines += raw[i:j] if tag == "equal" else [json.dumps(line, ensure_ascii=ascii_only) for line in after[k:l]]
    head, tail = old[: items[0].start.index], old[items[-1].end.index :]
    between = old[items[0].end.index : items[1].start.index] if len(items) > 1 else "," + head[1:]
    return head + between.join(lines) + tail if lines else "[]"
