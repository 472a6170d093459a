"""Which gradient tapes a function needs, and what each of them records: gradients may be taken of gradients."""

from __future__ import annotations

import ast

from flake8_tf2.convert import kinds
from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.model import INPUT, MOVES, Unit
from flake8_tf2.convert.source import Stuck


class Tapes:
    """The levels of statements: 0 needs no gradient, 1 a gradient of what needs none, and so on.

    A tape for each level records the statements up to it. What updates variables comes behind all tapes.
    """

    def __init__(self, program, units: list[Unit]):
        self.program = program
        self.source = program.source
        self.units = units
        self.differentiating = [u for u in units if u.gradients and not is_symbolic(self.source, u)]
        self.levels: dict[Unit, int] = {}
        self._find()
        self._of_losses = {call: self._loss_level(call) for call in self.calls()}
        self.count = max((level + 1 for level in self._of_losses.values()), default=0)

    def calls(self) -> list[ast.Call]:
        """The places where gradients are taken, in order."""
        return [call for unit in self.differentiating for call in unit.gradients]

    def kind(self, call: ast.Call) -> str:
        """How a call takes gradients: "minimize", "compute_gradients", "gradients"."""
        return "gradients" if self.source.symbol(call.func) else call.func.attr

    def bound(self, call: ast.Call) -> dict[str, ast.expr]:
        """The arguments of a call that takes gradients, by name."""
        if self.kind(call) == "gradients":
            return {n: a.value for n, a in self.source.bind(call, self.source.symbol(call.func)).bound.items()}
        return self.source.bind_method(call, call.func.attr)

    def loss(self, call: ast.Call) -> ast.expr:
        """What a call differentiates. Raises Stuck where it is given nothing."""
        node = self.bound(call).get("ys" if self.kind(call) == "gradients" else "loss")
        if node is None:
            raise Stuck(call, "what is differentiated is not known")
        return node

    def level(self, call: ast.Call) -> int:
        """The level of what a call differentiates."""
        return self._of_losses[call]

    def name(self, call: ast.Call) -> str:
        """The name of the tape that a call asks."""
        return self.names()[self._of_losses[call]]

    def names(self) -> list[str]:
        """The names of the tapes, from the innermost to the outermost."""
        if self.count < 3:
            return ["inner_tape", "tape"][2 - self.count :]
        return [f"tape_{level + 1}" for level in range(self.count)]

    def is_persistent(self, level: int) -> bool:
        """Whether the tape of a level is asked more than once."""
        asking = [call for call, found in self._of_losses.items() if found == level]
        return len(asking) > 1 or any(self._is_repeated(call) for call in asking)

    def at(self, level: int) -> list[Unit]:
        """The statements of a level, in order."""
        return [unit for unit in self.units if self.levels.get(unit, 0) == level]

    def behind(self) -> list[Unit]:
        """The statements behind all tapes, in order."""
        return [unit for unit in self.units if self.levels.get(unit, 0) >= self.count] if self.count else []

    def ordered(self) -> list[Unit]:
        """The statements in the order in which they are written."""
        within = [unit for level in range(max(self.count, 1)) for unit in self.at(level)]
        return [*within, *self.behind()]

    def watched(self, level: int) -> set[str]:
        """The tensors, not variables, by which the tape of a level is asked to differentiate."""
        found: set[str] = set()
        for unit in self.differentiating:
            for call in unit.gradients:
                if self.kind(call) == "gradients" and self._of_losses[call] == level:
                    found |= self._tensors(call, unit)
        return found

    # The levels

    def _find(self) -> None:
        needed = self._needed_by_losses()
        last = 1 + len(self.differentiating)
        for unit in self.units:
            level = max((self.levels.get(u, 0) for units in unit.reads.values() for u in units), default=0)
            if unit in self.differentiating:
                level = max(level, *(1 + self._loss_level(call, unit) for call in unit.gradients))
            late = unit.ordered or unit.value.kinds == {kinds.OP}
            if self.updates(unit) or late and self.differentiating and unit not in needed:
                level = last
            self.levels[unit] = level

    def updates(self, unit: Unit) -> bool:
        """Whether a statement has an optimizer update variables."""
        return any(
            isinstance(n, ast.Call) and getattr(n.func, "attr", "") in ("minimize", "apply_gradients")
            and self.program.evaluator.eval(n.func.value, unit.env).kinds & {kinds.OPTIMIZER}
            for n in ast.walk(unit.node)
        )  # fmt: skip

    def _loss_level(self, call: ast.Call, unit: Unit | None = None) -> int:
        unit = unit or next(u for u in self.differentiating if call in u.gradients)
        reads = self.program.reads(self.loss(call), unit.reads)
        return max((self.levels.get(u, 0) for units in reads.values() for u in units), default=0)

    def _needed_by_losses(self) -> set[Unit]:
        """The statements that what is differentiated is computed from."""
        found: set[Unit] = set()
        work = [
            units
            for unit in self.differentiating
            for call in unit.gradients
            for units in self.program.reads(self.loss(call), unit.reads).values()
        ]
        while work:
            for unit in work.pop():
                if unit not in found:
                    found.add(unit)
                    work += unit.reads.values()
        return found

    # What is watched

    def _tensors(self, call: ast.Call, unit: Unit) -> set[str]:
        node = self.bound(call).get("xs")
        found = set()
        for inner in ast.walk(node):
            if not isinstance(inner, ast.Name):
                continue
            units = unit.reads.get(inner.id, frozenset())
            if inner.id not in unit.reads and inner.id in self._of_comprehensions(unit, call):
                self._check_comprehension(inner, unit, call)
            for other in units:
                is_tensor = other.fate == INPUT or kinds.TENSOR in other.value.kinds
                if other.fate not in (MOVES, INPUT) or not is_tensor:
                    continue
                self._check_parts(inner, other)
                found.add(inner.id)
        return found

    def _of_comprehensions(self, unit: Unit, call: ast.Call) -> dict[str, ast.comprehension]:
        found = {}
        node: ast.AST = call
        while node is not unit.node:
            node = self.source.parents[node]
            for generator in getattr(node, "generators", ()):
                found.update({n.id: generator for n in ast.walk(generator.target) if isinstance(n, ast.Name)})
        return found

    def _check_comprehension(self, name: ast.Name, unit: Unit, call: ast.Call) -> None:
        generator = self._of_comprehensions(unit, call)[name.id]
        if self.program.evaluator.eval(generator.iter, unit.env).of_runs:
            raise Stuck(call, f"a gradient by {name.id}, which stands for one tensor after another")

    def _check_parts(self, name: ast.Name, unit: Unit) -> None:
        """A tape watches a tensor once its statement is through: what that computed from it already is not seen."""
        value = getattr(unit.node, "value", None)
        several = len(bound_names(unit.node)) > 1 or unit.value.holds
        own = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
        if several and own and value.func.id in self.program.evaluator.functions:
            raise Stuck(name, f"{name.id} is one of several tensors that a function gives back, and differentiated by")

    def _is_repeated(self, call: ast.Call) -> bool:
        node: ast.AST = call
        while not isinstance(node, ast.stmt):
            node = self.source.parents[node]
            if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
                return True
        return False


def is_symbolic(source, unit: Unit) -> bool:
    """Whether a statement takes gradients where no tape can be put around, or such as no tape takes."""
    if not isinstance(unit.node, (ast.Assign, ast.Expr, ast.AugAssign, ast.Return)):
        return True
    calls = [c for c in unit.gradients if source.symbol(c.func)]
    return bool(calls) and any("stop_gradients" in source.bind(c, source.symbol(c.func)).bound for c in calls)
