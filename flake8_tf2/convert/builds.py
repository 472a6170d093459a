"""Variables that only computing makes, those of layers: made at once, in the order of TF1, where a list needs them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_tf2.convert import kinds
from flake8_tf2.convert.kinds import mutated_names
from flake8_tf2.convert.model import INPUT, MOVES, STAYS, Site, Unit
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.slices import Feed, Slice
from flake8_tf2.convert.source import Stuck

if TYPE_CHECKING:
    from flake8_tf2.convert.write import Function, Writer


class Builds:
    """The functions that are traced only to make variables, each before the list that needs them."""

    def __init__(self, writer: Writer):
        self.writer = writer
        self.source = writer.source
        self.program = writer.program
        self.slices: list[tuple[Slice, Unit]] = []  # with the list that needs it
        self._kept: set[Unit] = set()
        self._find()

    def _find(self) -> None:
        """Find what lists need, which then is needed even where nothing runs it."""
        made: set[Unit] = set()
        for unit in self.program.units:
            if unit.fate == STAYS or unit in self.writer.slicer.needed:
                if self._lists(unit):
                    graph = self.writer.graph_of(unit)
                    new = [
                        u
                        for u in self.program.units[: unit.number]
                        if u not in made and self._makes(u) and self.writer.graph_of(u) == graph
                    ]
                    if new:
                        made.update(new)
                        self.slices.append((self._slice(new, unit), unit))
        for found, _ in self.slices:
            self.writer.slicer.needed |= set(found.units)

    def _lists(self, unit: Unit) -> bool:
        """Whether a statement lists variables, or trains all where some are not to be trained."""
        if isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
            return False
        calls = [c for c in self.writer.lists.calls(unit.node) if not self.program.evaluator.is_update_ops(c)]
        return bool(
            calls
            or self.writer.trains_all(unit)
            or self.writer.regularization(unit)
            or unit.fate == STAYS and self.writer.finds_variables(unit)
        )

    def _makes(self, unit: Unit) -> bool:
        """Whether variables are there only once a statement was traced."""
        if unit.fate != MOVES or isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
            return False
        roles = {role for _, _, role in self.source.calls(unit.node, Role.LAYER, Role.MODULE)}
        calls = [n for n in ast.walk(unit.node) if isinstance(n, ast.Call)]
        called = [self.program.evaluator.eval(c.func, unit.env) for c in calls]
        uses = any(v.kinds & {kinds.MODULE} for v in called)
        given = any(
            self.program.evaluator.eval(a, unit.env).kinds & {kinds.MODULE} for c in calls for a in c.args
        )
        return bool(roles) or uses or given or self.writer.stateful.makes(unit.node)

    def _slice(self, makers: list[Unit], unit: Unit) -> Slice:
        """What makers compute, from placeholders that are never fed."""
        found: set[Unit] = set(makers)
        feeds: dict[str, Feed] = {}
        defaults: set[Unit] = set()
        work = [(name, units, maker) for maker in makers for name, units in maker.reads.items()]
        while work:
            name, units, reader = work.pop()
            for other in units:
                if other.fate == INPUT and self.writer.slicer.has_default(other):
                    defaults.add(other)
                elif other.fate == INPUT:
                    value = reader.env.get(name, kinds.PYTHON)
                    if name in feeds and feeds[name].units != units:
                        raise Stuck(unit.node, f"{name} stands for two placeholders of layers whose variables it lists")
                    feeds[name] = Feed(name, units, value.placeholder, None)
                elif other.fate == MOVES and other not in found:
                    if not other.value.kinds & {kinds.DATASET, kinds.ITERATOR}:
                        found.add(other)
                        work += [(n, us, other) for n, us in other.reads.items()]
        if any(feed.placeholder is None for feed in feeds.values()):
            raise Stuck(unit.node, "it lists variables of layers whose inputs are not known")
        call = next(n for n in ast.walk(unit.node) if isinstance(n, ast.Call))
        site = Site(call, unit, call, None, unit.env, {})
        made = Slice(site, [], sorted(feeds.values(), key=lambda f: min(u.number for u in f.units)))
        made.units = sorted(found, key=lambda u: u.number)
        made.defaults = sorted(defaults, key=lambda u: u.number)
        return made

    def write(self) -> None:
        """Write the functions, each traced as soon as it is defined."""
        for found, unit in self.slices:
            self.writer.place_build(self._function(found, unit))

    def _function(self, found: Slice, unit: Unit) -> Function:
        from flake8_tf2.convert.write import Function  # which imports this module

        constants = {}
        for feed in found.feeds:
            given = self.source.bind(feed.placeholder, self.source.symbol(feed.placeholder.func)).bound
            if not given:  # of an Estimator
                raise Stuck(unit.node, "variables of layers are listed, whose inputs are known only when datasets are")
            if "dtype" in given and self.source.of(given["dtype"].value).strip("'\"").rpartition(".")[2] == "bool":
                constants[feed.name] = "False"
        function = Function([found], self.writer.new_name("build"), traced=True, constants=constants)
        if self.writer.stateful.name:
            self._keep(function, found, unit)
        return function

    def _keep(self, function: Function, found: Slice, unit: Unit) -> None:
        """Have the variables that the program makes itself listed among those of functions, where TF1 did."""
        for made in self.writer.lists.made:
            if made.unit.number >= unit.number or made.unit in self._kept:
                continue
            if made.holder:
                text = f"{self.writer.stateful.name}.keep({made.holder})"
                for other in found.units:
                    if other is made.unit or made.unit in other.reads.get(made.holder, ()):
                        function.keeps.setdefault(other, []).append(text)
                        if made.unit.fate == STAYS:
                            function.also.append(made.unit)
                continue
            self._kept.add(made.unit)
            before = [u for u in found.units if u.number <= made.unit.number]
            place = max(before, key=lambda u: u.number) if before else None
            function.keeps.setdefault(place, []).append(f"{self.writer.stateful.name}.keep({made.every})")
            function.also.append(made.unit)

        for other in self.writer.lists.unknown:
            if other.fate == STAYS and other.number < unit.number and other not in self._kept:
                self._kept.add(other)
                self._keep_object(function, found, unit, other)

    def _keep_object(self, function: Function, found: Slice, unit: Unit, made: Unit) -> None:
        """Have the variables listed of objects that stay, by what they are called that holds all of them."""
        holders, names = [made], set(made.binds) | mutated_names(made.node)
        for other in self.program.units[made.number + 1 : unit.number]:
            is_kept = other.fate == STAYS and isinstance(other.node, ast.Assign) and other.value.kinds & {kinds.MODULE}
            if is_kept and names & set(other.reads):
                holders.append(other)
                names |= other.binds
        for user in found.units:
            for holder in reversed(holders):
                read = [n for n in sorted(holder.binds) if not holder.value.holds and holder in user.reads.get(n, ())]
                if read and isinstance(holder.node, ast.Assign):
                    function.keeps.setdefault(user, []).append(f"{self.writer.stateful.name}.keep({read[0]})")
                    return
        raise Stuck(unit.node, f"the variables of what line {made.node.lineno} makes are not known")

    def covered(self, unit: Unit) -> int:
        """The number up to which what statements make is there where a list stands; -1 where no build is before it."""
        return max((u.number for _, u in self.slices if u.number <= unit.number), default=-1)
