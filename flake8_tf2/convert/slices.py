"""What each place that runs something needs: the statements that compute it, and what it is fed."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from flake8_tf2.convert import kinds
from flake8_tf2.convert.model import GOES, INPUT, MOVES, STAYS, Program, Site, Unit
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Stuck

#: Parts of the names of ops that draw anew, or act, at each run.
_ANEW = ("random", "dropout", "truncated_normal", "multinomial", "shuffle", "sampled", "sampler", "nce_loss", "py_func",
         "numpy_function", "Print", "print", "Assert", "read_file", "get_next")  # fmt: skip


@dataclass(eq=False)
class Feed:
    """A fed tensor: its name, the units that bound it, and its placeholder call where it is one."""

    name: str
    units: frozenset[Unit]
    placeholder: ast.Call | None
    value: ast.expr | None  # what it is fed; None where the feeds are a variable


@dataclass(eq=False)
class Slice:
    """What a site needs, in the order of the source.

    fetches: the expressions that are run, in order, with what they are; feeds in the order of the dictionary.
    """

    site: Site
    fetches: list[tuple[ast.expr, kinds.Value]]
    feeds: list[Feed]
    units: list[Unit] = field(default_factory=list)
    defaults: list[Unit] = field(default_factory=list)  # placeholders that take their default
    dictionary: str = ""  # the variable that holds the feeds

    @property
    def trains(self) -> bool:
        """Whether it computes gradients."""
        return any(unit.gradients for unit in self.units)


class Slicer:
    """Finds what the sites of a program need. Raises Stuck where that cannot be told."""

    def __init__(self, program: Program):
        self.program = program
        self.source = program.source
        self.feed_displays: dict[ast.Dict, list[Feed]] = {}
        self.copied: set[Unit] = set()  # moved units that what stays needs, too
        self._constants()
        self.slices = [s for s in map(self._slice, program.sites)]
        self._check_what_stays()

    # Constants stay where they are: they are the same in all runs

    def _constants(self) -> None:
        constant: set[Unit] = set()
        for unit in self.program.units:
            if unit.fate == MOVES and isinstance(unit.node, ast.Assign) and not unit.weak and not unit.ordered:
                if unit.value.kinds <= {kinds.TENSOR, kinds.HOST} and self._is_constant(unit, constant):
                    constant.add(unit)
        for unit in constant:
            unit.fate = STAYS

    def _is_constant(self, unit: Unit, constant: set[Unit]) -> bool:
        for name, units in unit.reads.items():
            for other in units:
                if other.fate in (MOVES, INPUT, GOES) and other not in constant:
                    return False
                if other.value.kinds & {kinds.VARIABLE, kinds.ITERATOR, kinds.MODULE, kinds.OPTIMIZER, kinds.DATASET}:
                    return False
        return not self.acts(unit.node)

    def acts(self, node: ast.AST, seen: frozenset = frozenset()) -> bool:
        """Whether a node, or a function of the file that it calls, makes state or gives another value at each run."""
        for inner in ast.walk(node):
            if isinstance(inner, (ast.Name, ast.Attribute)):
                symbol = self.source.symbol(inner)
                if symbol:
                    role = self.source.role(symbol)
                    if any(word in symbol.rpartition(".")[2] for word in _ANEW):
                        return True
                    if role not in (Role.TENSOR, Role.HOST):
                        return True
                elif isinstance(inner, ast.Name):
                    function = self.program.evaluator.functions.get(inner.id)
                    if function is not None and function not in seen and self.acts(function, seen | {function}):
                        return True
        return False

    # One site

    def _slice(self, site: Site) -> Slice:
        feeds, dictionary = self._feeds(site)
        made = Slice(site, list(self._leaves(site.fetches, site)), feeds, [], [], dictionary)
        fed = {feed.name: feed.units for feed in feeds}
        found: set[Unit] = set()
        defaults: set[Unit] = set()
        work: list[tuple[str, frozenset[Unit]]] = []
        for node, _ in made.fetches:
            work += self.program.reads(node, site.definitions).items()
        while work:
            name, units = work.pop()
            if units == fed.get(name):
                continue
            for unit in units:
                if unit.fate == INPUT:
                    if not self._default(unit):
                        raise Stuck(site.call, f"{name} is not fed here")
                    if unit not in defaults:
                        defaults.add(unit)
                        work += unit.reads.items()
                elif unit.fate == MOVES and unit not in found:
                    found.add(unit)
                    work += unit.reads.items()
                    work += self._mutators(unit)
        made.units = sorted(found, key=lambda u: u.number)
        made.defaults = sorted(defaults, key=lambda u: u.number)
        return made

    def _mutators(self, unit: Unit) -> list[tuple[str, frozenset[Unit]]]:
        return [(name, units) for name, units in unit.reads.items() if name in unit.binds]

    def _default(self, unit: Unit) -> bool:
        calls = [n for n in ast.walk(unit.node) if isinstance(n, ast.Call) and n in self.program.placeholders]
        return all(self.source.symbol(c.func).endswith("placeholder_with_default") for c in calls)

    def _leaves(self, node: ast.expr, site: Site):
        if isinstance(node, (ast.List, ast.Tuple)):
            for element in node.elts:
                if isinstance(element, ast.Starred):
                    raise Stuck(element, "a star among the fetches")
                yield from self._leaves(element, site)
            return
        if isinstance(node, ast.Dict):
            for value in node.values:
                yield from self._leaves(value, site)
            return
        value = self.program.evaluator.eval(node, site.env)
        if isinstance(node, ast.Name) and value.holds and value.of_runs:
            units = site.definitions.get(node.id, frozenset())
            if value.kinds & {kinds.OP} or len(units) != 1:
                raise Stuck(node, f"{node.id} holds ops, or is bound in several places")
        elif not (value.of_runs or value.kinds & {kinds.NOTHING, kinds.VARIABLE}):
            reading = self.program.reads(node, site.definitions)
            if not any(u.value.of_runs for units in reading.values() for u in units):
                raise Stuck(node, "what is run here is not known")
        yield node, value

    # Feeds

    def _feeds(self, site: Site) -> tuple[list[Feed], str]:
        node = site.feeds
        if node is None:
            return [], ""
        if isinstance(node, ast.Dict):
            return self._display(node, site), ""
        if isinstance(node, ast.Name):
            displays = self._displays(node.id, site)
            every = [self._display(display, site) for display in displays]
            names = [[feed.name for feed in feeds] for feeds in every]
            if any(sorted(n) != sorted(names[0]) for n in names):
                raise Stuck(node, f"{node.id} holds different feeds at different places")
            return [Feed(f.name, f.units, f.placeholder, None) for f in every[0]], node.id
        raise Stuck(node, "its feeds are no dictionary that stands in the file")

    def _displays(self, name: str, site: Site) -> list[ast.Dict]:
        found = []
        for node in ast.walk(site.unit.region):
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, (ast.Store, ast.Del)):
                statement = self.source.parents[node]
                if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Dict):
                    raise Stuck(node, f"the feeds {name} are no dictionary that stands in the file")
                found.append(statement.value)
            elif isinstance(node, ast.Name) and node.id == name:
                parent = self.source.parents[node]
                if isinstance(parent, ast.Subscript) or isinstance(parent, ast.Attribute):
                    raise Stuck(node, f"the feeds {name} are changed")
        if not found:
            raise Stuck(site.feeds, f"the feeds {name} are no dictionary that stands in the file")
        return found

    def _display(self, node: ast.Dict, site: Site) -> list[Feed]:
        feeds = []
        for key, value in zip(node.keys, node.values):
            if not isinstance(key, ast.Name):
                raise Stuck(key or node, "what is fed is no plain name")
            units = site.definitions.get(key.id, frozenset())
            of_runs = site.env.get(key.id, kinds.PYTHON)
            if not units or not all(u.fate in (INPUT, MOVES) for u in units) or not of_runs.of_runs:
                raise Stuck(key, f"{key.id} is no tensor that the file builds")
            feeds.append(Feed(key.id, units, of_runs.placeholder, value))
        self.feed_displays[node] = feeds
        return feeds

    # What stays must not need what moves

    def _check_what_stays(self) -> None:
        for unit in self.program.units:
            if unit.fate != STAYS or isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
                continue
            hidden = {id(n) for site in unit.sites for n in ast.walk(site.call)}
            hidden |= {id(k) for d in self.feed_displays for k in d.keys}
            hidden |= {id(n) for n in self._rates(unit)}
            for node in ast.walk(unit.node):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in hidden:
                    for other in unit.reads.get(node.id, ()):
                        if other.fate in (MOVES, INPUT) and not self._copy(other):
                            raise Stuck(node, f"{node.id} is used outside of a run")

    def _rates(self, unit: Unit) -> list[ast.AST]:
        """The learning rates that optimizers are made with: they are set in the functions."""
        found: list[ast.AST] = []
        for node in ast.walk(unit.node):
            if isinstance(node, ast.Call) and (symbol := self.source.symbol(node.func)):
                if self.source.role(symbol) is Role.OPTIMIZER:
                    rate = self.source.bind(node, symbol).bound.get("learning_rate")
                    if rate is not None:
                        found += ast.walk(rate.value)
        return found

    def _copy(self, unit: Unit) -> bool:
        """Whether what moves can also stay, since it needs nothing that is fed or changes: it is computed once."""
        if unit in self.copied:
            return True
        if unit.fate != MOVES or unit.weak or unit.value.kinds - {kinds.TENSOR, kinds.HOST}:
            return False
        for units in unit.reads.values():
            for other in units:
                if other.fate == INPUT or other.value.kinds & {kinds.VARIABLE, kinds.MODULE, kinds.ITERATOR}:
                    return False
                if other.fate == MOVES and not self._copy(other):
                    return False
        self.copied.add(unit)
        return True
