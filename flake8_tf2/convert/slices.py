"""What each place that runs something needs: the statements that compute it, and what it is fed."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from flake8_tf2.convert import kinds
from flake8_tf2.convert.calls import SETTABLE
from flake8_tf2.convert.feeds import Feed, FeedDicts
from flake8_tf2.convert.model import GOES, INPUT, MOVES, STAYS, Program, Site, Unit
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Stuck
from flake8_tf2.convert.static import Static

#: Parts of the names of ops that draw anew, or act, at each run.
_ANEW = ("random", "dropout", "truncated_normal", "multinomial", "shuffle", "sampled", "sampler", "nce_loss", "py_func",
         "get_regularization_losses", "numpy_function", "Print", "print", "Assert", "read_file", "get_next",
         "TensorArray", "Normal")  # fmt: skip


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
    dictionary: ast.expr | None = None  # what gives the feeds, where they are no display at the site

    @property
    def trains(self) -> bool:
        """Whether it computes gradients."""
        return any(unit.gradients for unit in self.units)


class Slicer:
    """Finds what the sites of a program need. Raises Stuck where that cannot be told."""

    def __init__(self, program: Program):
        self.program = program
        self.source = program.source
        self.fetch_lists: dict[Site, ast.expr] = {}  # of sites that name a list, the list
        self.feed_dicts = FeedDicts(program, self._feed)
        self.feed_displays: set[ast.Dict] = set()  # at sites
        self.fed_constants: set[Unit] = set()
        self.copied: set[Unit] = set()  # moved units that what stays needs, too
        self._constants()
        self.slices = [self._slice(site) for site in program.sites]
        self.needed = {unit for found in self.slices for unit in found.units}
        self._check_what_stays()

    # Constants stay where they are: they are the same in all runs

    def _constants(self) -> None:
        constant: set[Unit] = set()
        begun = {  # `total = tf.constant(0.0)`, to which something is added
            other
            for unit in self.program.units if unit.fate == MOVES and unit.weak
            for name in unit.binds
            for other in unit.reads.get(name, ())
        }  # fmt: skip
        for unit in self.program.units:
            is_assigned = isinstance(unit.node, ast.Assign) and unit.fate == MOVES and unit not in begun
            if is_assigned and not unit.weak and not unit.ordered:
                if unit.value.kinds <= {kinds.TENSOR, kinds.HOST} and self._is_constant(unit, constant):
                    constant.add(unit)
        for unit in constant:
            unit.fate = STAYS
        for unit in self.program.units:  # datasets of constants, which are there before anything runs
            if unit.value.kinds & {kinds.DATASET, kinds.ITERATOR} and not self.program.reads_inputs(unit):
                unit.fate = STAYS if unit.fate == MOVES else unit.fate

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
                    if inner.id in ("add_to_collection", "get_collection"):
                        return True
                    function = self.program.evaluator.functions.get(inner.id)
                    if function is not None and function not in seen and self.acts(function, seen | {function}):
                        return True
        return False

    # One site

    def _slice(self, site: Site) -> Slice:
        feeds, dictionary = self._feeds(site)
        made = Slice(site, list(self._leaves(site.fetches, site)), feeds, [], [], dictionary)
        fed = {feed.name: feed.units for feed in feeds if not feed.optional}
        found: set[Unit] = set()
        defaults: set[Unit] = set()
        rated: set[Unit] = set()
        work: list[tuple[str, frozenset[Unit]]] = []
        for node, _ in made.fetches:
            work += self.program.reads(node, site.definitions).items()
            work += self.program.collected([node], site.unit.number).items()
        while work:
            name, units = work.pop()
            if units == fed.get(name):
                continue
            for unit in units:
                if unit.fate == INPUT:
                    if not self.has_default(unit):
                        given = next((f for f in feeds if f.name == name and f.units == units), None)
                        if given is None:
                            raise Stuck(site.call, f"{name} is not fed here")
                        given.optional = False  # TF1 would have asked for it
                        fed[name] = units
                        continue
                    if unit not in defaults:
                        defaults.add(unit)
                        work += unit.reads.items()
                elif unit.fate == STAYS and unit.value.kinds & {kinds.OPTIMIZER} and unit not in rated:
                    rated.add(unit)
                    for rate in self._rate_arguments(unit):
                        work += self.program.reads(rate, unit.reads).items()
                elif (
                    unit.fate == MOVES and unit not in found and not unit.value.kinds & {kinds.DATASET, kinds.ITERATOR}
                ):
                    self._check_choice(unit)
                    found.add(unit)
                    work += unit.reads.items()
                    work += self._mutators(unit)
        made.units = sorted(found, key=lambda u: u.number)
        made.defaults = sorted(defaults, key=lambda u: u.number)
        return made

    def _check_choice(self, unit: Unit) -> None:
        """Python must not choose among ops that are there: as statements of a function, all of them would run."""
        for node in ast.walk(unit.node):
            if not isinstance(node, (ast.If, ast.IfExp)):
                continue
            for name in ast.walk(node):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load):
                    if any(kinds.OP in u.value.kinds for u in unit.reads.get(name.id, ()) if u is not unit):
                        raise Stuck(name, f"whether {name.id} runs is decided where the graph is built")

    def _mutators(self, unit: Unit) -> list[tuple[str, frozenset[Unit]]]:
        return [(name, units) for name, units in unit.reads.items() if name in unit.binds]

    def has_default(self, unit: Unit) -> bool:
        """Whether a statement makes placeholders that have defaults."""
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
            display = self._fetch_list(node, site)
            if display is not None:
                yield from self._leaves(display, site)
                return
            if len(site.definitions.get(node.id, ())) == 0:
                raise Stuck(node, f"{node.id} is bound nowhere")
        elif not (value.of_runs or value.kinds & {kinds.NOTHING, kinds.VARIABLE, kinds.INITIALIZER}):
            reading = self.program.reads(node, site.definitions)
            if not any(u.value.of_runs for units in reading.values() for u in units):
                raise Stuck(node, "what is run here is not known")
        yield node, value

    def _fetch_list(self, node: ast.Name, site: Site) -> ast.expr | None:
        """The list that a name of fetches stands for, where it is bound to one that stands in the file."""
        units = site.definitions.get(node.id, frozenset())
        held = Static(self.source, node).held(node)
        for unit in units:
            if held is None or not unit.weak and not isinstance(unit.node, ast.Assign):
                return None
        for inner in (n for _, value in held or () for n in ast.walk(value)):
            if isinstance(inner, ast.Call):
                return None
            if isinstance(inner, ast.Name) and len({u for u in self.program.units if inner.id in u.binds}) != 1:
                if any(unit.reads.get(inner.id) != site.definitions.get(inner.id) for unit in units):
                    return None
        if not units or held is None:
            return None
        if any(key is not None for key, _ in held):
            if len(units) > 1 or not isinstance(next(iter(units)).node.value, ast.Dict):
                return None
            display: ast.expr = ast.Dict([k for k, _ in held], [v for _, v in held])
        else:
            display = ast.List([v for _, v in held], ast.Load())
        self.fetch_lists[site] = display
        return display

    # Feeds

    def _feeds(self, site: Site) -> tuple[list[Feed], ast.expr | None]:
        """What a site is fed, and what gives it unless that is a display there."""
        node = site.feeds
        if node is None:
            return [], None
        if isinstance(node, ast.Dict) and None not in node.keys:
            self.feed_displays.add(node)
            return [self._feed(key, value, site) for key, value in zip(node.keys, node.values)], None
        return self.feed_dicts.of(node, site), node

    def _feed(self, key: ast.expr, value: ast.expr | None, site: Site) -> Feed:
        if not isinstance(key, ast.Name):
            raise Stuck(key, "what is fed is no plain name")
        units = site.definitions.get(key.id, frozenset())
        of_runs = site.env.get(key.id, kinds.PYTHON)
        if not units or not of_runs.of_runs:
            raise Stuck(key, f"{key.id} is no tensor that the file builds")
        for unit in units:
            if unit.fate == STAYS:  # a constant that is fed is an input of this function
                self.fed_constants.add(unit)
        return Feed(key.id, units, of_runs.placeholder, value)

    # What stays must not need what moves

    def _check_what_stays(self) -> None:
        for unit in self.program.units:
            if unit.fate != STAYS or isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
                continue
            hidden = {id(n) for site in unit.sites for n in ast.walk(site.call)}
            hidden |= {id(k) for d in self.feed_displays for k in d.keys}
            hidden |= self.feed_dicts.hidden
            hidden |= {id(n) for n in self._rates(unit)}
            for node in ast.walk(unit.node):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in hidden:
                    for other in unit.reads.get(node.id, ()):
                        if other.fate in (MOVES, INPUT) and not self._copy(other, self._is_counted(node)):
                            raise Stuck(node, f"{node.id} is used outside of a run")

    def _rates(self, unit: Unit) -> list[ast.AST]:
        """The rates and momenta that optimizers are made with: they are set in the functions."""
        return [n for rate in self._rate_arguments(unit) for n in ast.walk(rate)]

    def _rate_arguments(self, unit: Unit) -> list[ast.expr]:
        calls = self.source.calls(unit.node, Role.OPTIMIZER)
        bound = [self.source.bind(call, symbol).bound for call, symbol, _ in calls]
        return [given[name].value for given in bound for name in SETTABLE if name in given]

    def _is_counted(self, node: ast.Name) -> bool:
        """Whether only the number of what a list holds is asked."""
        parent = self.source.parents[node]
        return isinstance(parent, ast.Call) and getattr(parent.func, "id", "") == "len"

    def _copy(self, unit: Unit, counted: bool = False) -> bool:
        """Whether what moves can also stay, since it needs nothing that is fed or changes: it is computed once."""
        if unit in self.copied:
            return True
        if not counted and any(self.source.calls(unit.node, Role.VARIABLES)):
            return False
        if unit.fate != MOVES or unit.weak or unit.value.kinds - {kinds.TENSOR, kinds.HOST}:
            return False
        if any(self.source.calls(unit.node, Role.VARIABLES)):
            return False
        for units in unit.reads.values():
            for other in units:
                if other.fate == INPUT or other.value.kinds & {kinds.VARIABLE, kinds.MODULE, kinds.ITERATOR}:
                    return False
                if other.fate == MOVES and not self._copy(other):
                    return False
        self.copied.add(unit)
        return True
