"""Iterators of datasets: Python's, made where TF1 made or initialised them."""

from __future__ import annotations

import ast

from flake8_tf2.convert import calls, kinds
from flake8_tf2.convert.layout import shift
from flake8_tf2.convert.model import GOES, INPUT, MOVES, STAYS, Unit
from flake8_tf2.convert.source import Stuck

_ONE_SHOT, _INITIALIZED, _STRUCTURE = "make_one_shot_iterator", "make_initializable_iterator", "from_structure"


class Iterators:
    """Rewrites what makes iterators, and what takes elements from them."""

    def __init__(self, writer):
        self.writer = writer
        self.source = writer.source
        self.program = writer.program
        #: Of iterators that are initialised by a run: by name, the dataset where it is known.
        self._datasets: dict[str, ast.expr | None] = {}
        self._makers: dict[str, tuple[Unit, ast.expr, str]] = {}  # names of initialisers: their dataset and iterator
        self._functions: dict[tuple, str] = {}

    def read(self) -> None:
        """Rewrite all units."""
        for unit in self.program.units:
            if isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
                continue
            for node in ast.walk(unit.node):
                if isinstance(node, ast.Call):
                    self._call(unit, node)

    def _call(self, unit: Unit, node: ast.Call) -> None:
        kind = self.source.symbol(node.func).rpartition(".")[2] or getattr(node.func, "attr", "")
        if kind == "get_next":
            receiver = node.func.value
            if self.program.evaluator.eval(receiver, unit.env).kinds & {kinds.ITERATOR}:
                if isinstance(receiver, ast.Call):
                    name = self.writer.new_name("iterator")
                    self.writer.before.setdefault(unit, []).append(f"{name} = iter({self._dataset_text(receiver)})")
                    self.writer.rewriter.replace(node, f"next({name})")
                else:
                    self.writer.rewriter.replace(node, f"next({self.source.of(receiver)})")
        elif kind == _ONE_SHOT:
            if unit.fate == STAYS:
                self.writer.rewriter.replace(node, f"iter({self._dataset_text(node)})")
        elif kind in (_INITIALIZED, _STRUCTURE):
            if not (
                isinstance(unit.node, ast.Assign)
                and unit.node.value is node
                and isinstance(unit.node.targets[0], ast.Name)
            ):
                raise Stuck(node, "the iterator is not kept under a name")
            name = unit.node.targets[0].id
            unit.fate = GOES
            self._datasets[name] = self._dataset(node) if kind == _INITIALIZED else None
        elif kind == "make_initializer":
            name = getattr(node.func.value, "id", "")
            if not (isinstance(unit.node, ast.Assign) and isinstance(unit.node.targets[0], ast.Name) and node.args):
                raise Stuck(node, "the initializer is not kept under a name")
            self._makers[unit.node.targets[0].id] = (unit, node.args[0], name)

    def _dataset(self, node: ast.Call) -> ast.expr:
        """The dataset that an iterator is made of: what its method is called on, or its argument."""
        if self.source.symbol(node.func):
            return node.args[0] if node.args else node.keywords[0].value
        return node.func.value

    def _dataset_text(self, node: ast.Call) -> str:
        return self.writer.rewriter.of(self._dataset(node))

    def of(self, found) -> list[str]:
        """The iterators that a function takes elements from, and that a run initialises: it is given them."""
        names = {name for unit in found.units for name in unit.reads}
        return [name for name in self._datasets if name in names]

    def spec(self, name: str) -> str:
        """The spec of an iterator in an input signature; "" where it is of several datasets."""
        dataset = self._datasets[name]
        if dataset is None or not isinstance(dataset, ast.Name) or name in {f[0] for f in self._functions}:
            return ""
        units = [u for u in self.program.units if dataset.id in u.binds]
        if any(u.fate != STAYS for u in units):
            return ""
        return f"{self.writer.tf}.data.IteratorSpec({self.source.of(dataset)}.element_spec)"

    def initialize(self, found, node: ast.expr) -> None:
        """What becomes of a run of an initializer."""
        site = found.site
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name, unit, dataset = node.value.id, None, self._datasets.get(node.value.id)
            owners = site.definitions.get(name, frozenset())
            unit = next(iter(owners), None)
        elif isinstance(node, ast.Name) and node.id in self._makers:
            unit, dataset, name = self._makers[node.id]
        else:
            unit = dataset = None
            name = ""
        if dataset is None or unit is None or name not in self._datasets:
            raise Stuck(node, "what is initialised here is not known")
        if isinstance(site.unit.region, ast.FunctionDef) and site.unit.region is not self.program.scope:
            raise Stuck(node, "a function initialises an iterator of the module")
        moved = self._moved(dataset, unit)
        if not moved:
            self.writer.rewriter.replace(site.call, f"{name} = iter({self.writer.rewriter.of(dataset)})")
            return
        function = self._function(name, dataset, unit, moved, found)
        given = ", ".join(f"{f.name}={self.writer.rewriter.of(f.value)}" for f in found.feeds)
        self.writer.rewriter.replace(site.call, f"{name} = {function}({given})")

    def _moved(self, dataset: ast.expr, unit: Unit) -> list[Unit]:
        """The statements that build a dataset from what is fed."""
        units: set[Unit] = set()
        work = list(self.program.reads(dataset, unit.reads).values())
        while work:
            for other in work.pop():
                if other.fate == MOVES and other not in units:
                    units.add(other)
                    work += other.reads.values()
        return sorted(units, key=lambda u: u.number)

    def _function(self, name: str, dataset: ast.expr, unit: Unit, moved: list[Unit], found) -> str:
        key = (name, tuple(moved))
        if key in self._functions:
            return self._functions[key]
        function = self._functions[key] = self.writer.new_name(f"make_{name}")
        fed = {f.name for f in found.feeds}
        for other in moved:
            for read, units in other.reads.items():
                if any(u.fate == INPUT for u in units) and read not in fed:
                    raise Stuck(found.site.call, f"{read} is not fed here")
        lines = [f"def {function}({', '.join(f.name for f in found.feeds)}):"]
        for feed in found.feeds:
            if feed.placeholder is None:
                raise Stuck(found.site.call, f"{feed.name}, which is fed here, is no placeholder")
            dtype = calls.signature(self.source, feed.placeholder, self.writer.tf).rpartition(", ")[2][:-1]
            lines.append(f"    {feed.name} = {self.writer.tf}.cast({feed.name}, {dtype})")
        for other in moved:
            lines.append(shift(self.writer.rewriter.statement(other.node), 4))
        lines.append(f"    return iter({self.writer.rewriter.of(dataset)})")
        self.writer.after.setdefault(max(moved, key=lambda u: u.number), []).append("\n".join(lines))
        return function
