"""Initializers that are run again: variables get their initial values anew, as in another session of TF1."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flake8_tf2.convert.kinds import COUNTERS, NOTHING, free_names
from flake8_tf2.convert.link import file_of
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Stuck

if TYPE_CHECKING:
    from flake8_tf2.convert.model import Site, Unit
    from flake8_tf2.convert.slices import Slice

#: Optimizers of Keras whose slots begin at zero.
_FROM_ZERO = ("AdamOptimizer", "MomentumOptimizer", "AdadeltaOptimizer")


class Initializers:
    """Says which runs of initializers begin anew, and writes the function that they then call."""

    def __init__(self, writer):
        self.writer = writer
        self.source = writer.source
        self.program = writer.program
        self.again: dict[Site, str] = {}  # what stands for the run

    def find(self, runs: list[Slice], graph_of) -> None:
        """Note the runs that are not the first of their graph. graph_of: what tells the graph of a unit."""
        seen: dict[object, Unit] = {}
        anew: list[Slice] = []
        regions = {id(s.site.unit.region): file_of(self.source.tree, s.site.unit.node.lineno) for s in runs}
        one_after_another = len(regions) == len(set(regions.values()))
        for found in sorted(runs, key=lambda s: s.site.unit.number):
            unit = found.site.unit
            place = graph_of(unit), file_of(self.source.tree, unit.node.lineno)  # files are run one by one
            before = seen.get(place)
            seen[place] = unit
            single = self._single(found)
            if (
                single
                and one_after_another
                and all(u.number > (before.number if before else -1) for u in self._made(single, found))
            ):
                continue
            if before is None and one_after_another and not self.is_repeated(found.site.call):
                continue
            anew.append(found)
        every = [s for s in anew if not self._single(s)]
        if every and len(set(map(graph_of, (s.site.unit for s in runs)))) > 1:
            raise Stuck(every[0].site.call, "variables are initialised more than once, and there are several graphs")
        name = self.writer.new_name("initialize_variables") if every else ""
        for found in anew:
            single = self._single(found)
            if single:
                texts, _ = self._assigned(self._made(single, found), found.site)
                if len(texts) != 1:
                    raise Stuck(found.site.call, "variables are initialised more than once")
                self.again[found.site] = texts[0]
            else:
                self.again[found.site] = f"{name}()"
        if every:
            self._write(name, every[0].site)

    def _single(self, found: Slice) -> str:
        """The variable whose own initializer a run runs."""
        if len(found.fetches) == 1:
            node = found.fetches[0][0]
            if isinstance(node, ast.Attribute) and node.attr == "initializer" and isinstance(node.value, ast.Name):
                return node.value.id
        return ""

    def _made(self, name: str, found: Slice) -> list[Unit]:
        return sorted(found.site.definitions.get(name, ()), key=lambda u: u.number)

    def is_repeated(self, node: ast.AST) -> bool:
        """Whether a place may be reached more than once."""
        while node in self.source.parents:
            node = self.source.parents[node]
            if isinstance(node, (ast.For, ast.While)):
                return True
            if isinstance(node, ast.FunctionDef) and node is not self.program.scope:
                calls = self.program.calls_of(node)
                uses = [n for n in ast.walk(self.source.tree) if isinstance(n, ast.Name) and n.id == node.name]
                if not uses or node not in self.program.hosts and not calls:
                    return False  # what `tf.app.run` calls
                if len(uses) == 1 and getattr(getattr(self.source.parents[uses[0]], "func", None), "attr", "") == "run":
                    return self.is_repeated(uses[0])  # `app.run(main)`
                return len(uses) != 1 or len(calls) != 1 or self.is_repeated(calls[0])
            if isinstance(node, ast.Lambda):
                return True
        return False

    # Metrics

    def metrics_of(self, found: Slice) -> list[str]:
        """The metrics that a run of initializers resets, where they may have counted before."""
        unit = found.site.unit
        counters = [u for u in self.program.units if self._counts(u)]
        nodes = [node for node, _ in found.fetches]
        for node, _ in found.fetches:
            for units in self.program.reads(node, found.site.definitions).values():
                nodes += [u.node for u in units]
        text = " ".join(self.source.of(node) for node in nodes).lower()
        ran = any(s.unit.number < unit.number and s is not found.site and self._computes(s) for s in self.program.sites)
        if not counters or "local" not in text or not ran and not self.is_repeated(found.site.call):
            return []
        scopes = [self._scope(call) for node in nodes for call, _, _ in self.source.calls(node, Role.VARIABLES)]
        return [u.node.targets[0].id for u in counters if not scopes or any(self._is_below(u, s) for s in scopes)]

    @staticmethod
    def _counts(unit: Unit) -> bool:
        call = getattr(unit.node, "value", None)
        return isinstance(unit.node, ast.Assign) and getattr(getattr(call, "func", None), "id", "") in COUNTERS

    def _computes(self, site: Site) -> bool:
        value = self.program.evaluator.eval(site.fetches, site.env)
        return not value.kinds <= {NOTHING}

    def _scope(self, call: ast.Call) -> str:
        given = self.source.bind(call, self.source.symbol(call.func)).bound.get("scope")
        if given is None:
            return ""
        if not isinstance(given.value, ast.Constant) or not isinstance(given.value.value, str):
            raise Stuck(call, "which metrics it resets is not known")
        return given.value.value

    def _is_below(self, unit: Unit, scope: str) -> bool:
        """Whether a metric stands below a scope."""
        path = "".join(f"{name}/" for name in self.writer.scope_path(unit))
        if len(path) < len(scope) and scope.startswith(path):
            raise Stuck(unit.node, "whether a reset is of this metric is not known")
        return path.startswith(scope)

    # What is written

    def _write(self, name: str, site: Site) -> None:
        units = [made.unit for made in self.writer.lists.made]
        last_made = max(units, key=lambda u: u.number, default=None)
        if last_made is None or self.writer.stateful.name:
            raise Stuck(site.call, "variables are initialised more than once")
        texts, kept = self._assigned(list(dict.fromkeys(units)), site)
        for unit in self.program.units:
            if not isinstance(unit.node, (ast.FunctionDef, ast.ClassDef)):
                for node in ast.walk(unit.node):
                    symbol = self.source.symbol(node.func) if isinstance(node, ast.Call) else ""
                    if symbol and self.source.role(symbol) is Role.VARIABLE and unit not in units:
                        raise Stuck(site.call, "variables are initialised more than once, and one has no name")
        optimizers, last = self._optimizers(site)
        for optimizer in optimizers:
            texts += [
                f"for variable in {optimizer}.variables:",
                f"    if variable is not {optimizer}.learning_rate:",
                f"        variable.assign({self.writer.tf}.zeros_like(variable))",
            ]
        behind = max([last_made, *last], key=lambda u: u.number)
        if behind.number > site.unit.number and behind.region is site.unit.region:
            raise Stuck(site.call, "variables are initialised more than once, before all of them are made")
        if any(unit.region is not behind.region for unit in units):
            raise Stuck(site.call, "variables are initialised more than once, and made in several functions")
        body = "\n".join(f"    {line}" for text in texts for line in text.split("\n"))
        doc = '    """Begins anew, as another session did."""'
        self.writer.after.setdefault(behind, []).append(f"def {name}():\n{doc}\n{body}")
        for unit, text in kept:
            self.writer.loose_first.setdefault(unit, []).append(text)

    def _assigned(self, units: list[Unit], site: Site) -> tuple[list[str], list[tuple[Unit, str]]]:
        """Statements that give variables their initial values, and those that keep such values where they are made."""
        texts: list[str] = []
        kept: list[tuple[Unit, str]] = []
        for unit in units:
            for name, value in self._variables(unit, site):
                if self._is_drawn(value):
                    if self._is_seeded(value):
                        raise Stuck(site.call, "variables are initialised more than once, by random numbers of a seed")
                    if not self._is_same_later(value, unit):
                        raise Stuck(
                            value,
                            "variables are initialised more than once, and this value cannot be computed again",
                        )
                    texts.append(f"{name}.assign({ast.unparse(value)})")
                elif self._is_same_later(value, unit):
                    texts.append(f"{name}.assign({ast.unparse(value)})")
                else:
                    start = self.writer.new_name(f"{name}_at_first".replace("[", "_").replace("]", "").replace("'", ""))
                    kept.append((unit, f"{start} = {name}.numpy()"))
                    texts.append(f"{name}.assign({start})")
        if kept and len(units) == 1:
            self.writer.loose_first.setdefault(units[0], []).extend(text for _, text in kept)
            kept = []
        return texts, kept

    def _variables(self, unit: Unit, site: Site) -> list[tuple[str, ast.expr]]:
        """The variables that a statement makes, as they are read, with their initial values."""
        node = ast.parse(self.writer.rewriter.statement(unit.node)).body[0] if unit not in self.writer.before else None
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if not isinstance(target, ast.Name):
            raise Stuck(
                site.call, "variables are initialised more than once, and one is made by a layer or has no name"
            )
        if isinstance(node.value, ast.Dict):
            pairs = [(f"{target.id}[{ast.unparse(k)}]", v) for k, v in zip(node.value.keys, node.value.values) if k]
        elif isinstance(node.value, (ast.List, ast.Tuple)):
            pairs = [(f"{target.id}[{i}]", v) for i, v in enumerate(node.value.elts)]
        else:
            pairs = [(target.id, node.value)]
        found = []
        for name, value in pairs:
            is_call = isinstance(value, ast.Call) and ast.unparse(value.func) == f"{self.writer.tf}.Variable"
            initial = (
                [*value.args, *(k.value for k in value.keywords if k.arg == "initial_value")][:1] if is_call else []
            )
            if not initial:
                raise Stuck(site.call, "variables are initialised more than once, and how one begins is not known")
            found.append((name, initial[0]))
        return found

    def _is_drawn(self, value: ast.expr) -> bool:
        words = (
            "random",
            "normal",
            "uniform",
            "shuffle",
            "multinomial",
            "initializers",
            "poisson",
            "gamma",
            "initializer",
        )
        text = ast.unparse(value).lower()
        drawn = any(word in text for word in words) or any(
            isinstance(n, ast.Call) and isinstance(n.func, ast.Name) for n in ast.walk(value)
        )
        return drawn and f"{self.writer.tf}." in ast.unparse(value)

    def _is_seeded(self, value: ast.expr) -> bool:
        if any(isinstance(n, ast.keyword) and n.arg == "seed" for n in ast.walk(value)):
            return True
        return any(
            isinstance(n, ast.Attribute) and n.attr in ("set_random_seed", "set_seed") and self.source.symbol(n)
            for n in ast.walk(self.source.tree)
        )

    def _is_same_later(self, value: ast.expr, unit: Unit) -> bool:
        """Whether an expression means the same wherever it stands behind a unit: of TensorFlow and constants."""
        for node in ast.walk(value):
            if isinstance(node, ast.Call):
                inner = node.func
                while isinstance(inner, (ast.Call, ast.Attribute)):
                    inner = inner.func if isinstance(inner, ast.Call) else inner.value
                if not isinstance(inner, ast.Name) or inner.id != self.writer.tf:
                    return False
        for name in free_names(value) - {self.writer.tf}:
            binders = [u for u in self.program.units if name in u.binds]
            if len(binders) != 1 or binders[0].number > unit.number or binders[0].fate != "stays":
                return False
            if not isinstance(binders[0].node, ast.Assign) or not isinstance(
                binders[0].node.value, (ast.Constant, ast.BinOp)
            ):
                return False
        return True

    def _optimizers(self, site: Site) -> tuple[list[str], list[Unit]]:
        """The optimizers whose slots begin anew, and the statements behind which they are there."""
        names: list[str] = []
        units: list[Unit] = []
        for call, name in self.writer.optimizer_names.items():
            symbol = self.source.symbol(call.func)
            if symbol.endswith("GradientDescentOptimizer"):
                continue
            if not symbol.endswith(_FROM_ZERO) or name not in self.writer.keras_optimizers:
                raise Stuck(
                    site.call,
                    "variables are initialised more than once, and an optimizer begins at other values than 0",
                )
            names.append(name)
            units += [
                u
                for u in self.program.units
                if any(n is call for n in ast.walk(u.node)) and not isinstance(u.node, ast.FunctionDef)
            ]
        return names, units
