"""The lists of variables that TF1 kept: as lists of what the program made, by the scopes in which it did."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from flake8_tf2.convert import inserted, kinds
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Stuck

if TYPE_CHECKING:
    from flake8_tf2.convert.model import Unit

_KEYS = {"TRAINABLE_VARIABLES": True, "GLOBAL_VARIABLES": False, "VARIABLES": False, "MODEL_VARIABLES": False}


class Made(NamedTuple):
    """Variables that a statement made: the text that lists all, or those that are trained, and their full name.

    name: begins all their names; exact: it is the whole name of the only one. holder: the object that has them, once it
    was called.
    """

    unit: Unit
    name: str
    every: str
    trained: str
    exact: bool = False
    holder: str = ""


class VariableLists:
    """Writes what stands for `tf.trainable_variables(...)` and its kin."""

    def __init__(self, writer):
        self.writer = writer
        self.source = writer.source
        self.program = writer.program
        self.made: list[Made] = []  # by the writer, as it makes state
        self.lost: list[Unit] = []  # statements that make variables which no text lists
        self.unknown: list[Unit] = []  # statements that make objects whose variables no text lists

    def add_in_place(self, unit: Unit, path: str) -> None:
        """Note the variables that a statement makes where it stands."""
        node = unit.node
        if unit.value.kinds & {kinds.MODULE}:
            self.add_object(unit)
            return
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        names = [getattr(e, "id", "") for e in target.elts] if isinstance(target, ast.Tuple) else []
        if not isinstance(target, ast.Name) and self._makes_here(node):
            if all(names) and unit.value.kinds <= {kinds.VARIABLE} and not self._is_untrained(node) and names:
                self.made.append(Made(unit, path, ", ".join(names), ", ".join(names)))
            else:
                self.lost.append(unit)
            return
        if (
            unit.value.kinds & {kinds.VARIABLE}
            and isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
        ):
            if any(self._lists(n) for n in ast.walk(node)) or not self._makes(node):
                return
            name = node.targets[0].id
            text = name
            if unit.value.holds:
                text = f"*{name}.values()" if isinstance(node.value, (ast.Dict, ast.DictComp)) else f"*{name}"
            trained = "" if self._is_untrained(node) else text
            exact = not unit.value.holds and any(self.source.calls(node, Role.VARIABLE))
            self.made.append(Made(unit, path + self._own_name(node) if exact else path, text, trained, exact))

    def _makes_here(self, node: ast.AST) -> bool:
        """Whether code makes variables, itself or by functions that give back nothing else."""
        if any(self.source.calls(node, Role.VARIABLE)):
            return True
        value = getattr(node, "value", None)
        function = self.program.evaluator.functions.get(getattr(getattr(value, "func", None), "id", ""))
        return function is not None and any(self.source.calls(function, Role.VARIABLE)) and isinstance(node, ast.Assign)

    def add_layer(self, unit: Unit, path: str, name: str, of_keras: bool) -> None:
        """Note the variables of a layer, below a path, that has this name."""
        texts = [f"{name}.{kind}" for kind in ("variables", "trainable_variables")]
        every, trained = (f"*(v.value for v in {text})" if of_keras else f"*{text}" for text in texts)
        self.made.append(Made(unit, path, every, trained, False, name))

    def add_object(self, unit: Unit, name: str = "") -> None:
        """Note the variables of an object with state: of one under a name; others make a list unknown.

        name: what the writer calls the object, where the program does not.
        """
        target = unit.node.targets[0] if isinstance(unit.node, ast.Assign) else None
        holds = not name and unit.value.holds
        if not name and isinstance(target, ast.Name):
            name = target.id
        if getattr(getattr(getattr(unit.node, "value", None), "func", None), "id", "") in kinds.COUNTERS:
            return
        if not name:
            self.unknown.append(unit)
            return
        of_keras = not any(inserted.replacement(s, self.source.table.canonical)
                           for _, s, _ in self.source.calls(unit.node, Role.MODULE))  # fmt: skip
        every, trained = (
            self._of_object(name, kind, of_keras, holds) for kind in ("variables", "trainable_variables")
        )
        if any(self.source.calls(self.source.tree, Role.WRAPPER)) or unit.value.holds:
            self.unknown.append(unit)  # what is wrapped would be listed twice
        self.made.append(Made(unit, name, every, trained, False, name))

    def _of_object(self, name: str, kind: str, of_keras: bool, holds: bool) -> str:
        """The variables of an object, or of those that a list or dict holds."""
        value = "v.value" if of_keras else "v"
        if holds:
            return f"*({value} for part in {self.writer.tf}.nest.flatten({name}) for v in part.{kind})"
        return f"*({value} for v in {name}.{kind})" if of_keras else f"*{name}.{kind}"

    def _makes(self, node: ast.AST) -> bool:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call):
                symbol = self.source.symbol(inner.func)
                if symbol and self.source.role(symbol) is Role.VARIABLE:
                    return True
                if isinstance(inner.func, ast.Name) and inner.func.id in self.program.evaluator.functions:
                    return True
        return False

    def _is_untrained(self, node: ast.AST) -> bool:
        calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
        return any(self.source.symbol(n.func).endswith("global_step") for n in calls) or any(
            k.arg == "trainable" and isinstance(k.value, ast.Constant) and not k.value.value
            for n in calls for k in n.keywords
        )  # fmt: skip

    def _own_name(self, node: ast.AST) -> str:
        for call, symbol, _ in self.source.calls(node, Role.VARIABLE):
            name = self.source.bind(call, symbol).bound.get("name")
            if name is not None and isinstance(name.value, ast.Constant):
                return str(name.value.value)
        return "Variable"

    def _lists(self, node: ast.AST) -> bool:
        return self.source.called_role(node) is Role.VARIABLES

    def calls(self, node: ast.AST) -> list[ast.Call]:
        """The calls in code that list variables."""
        return [n for n in ast.walk(node) if self._lists(n)]

    def trained(self, unit: Unit) -> str:
        """The list of all variables that TF1 would train by default."""
        return self._list(None, True, unit)

    def text(self, call: ast.Call, unit: Unit) -> str:
        """The list that stands for a call."""
        symbol = self.source.symbol(call.func)
        bound = self.source.bind(call, symbol).bound
        trained = symbol.endswith("trainable_variables")
        if symbol.endswith("get_collection"):
            key = self.source.symbol(bound["key"].value) if "key" in bound else ""
            last = key.rpartition(".")[2]
            if last not in _KEYS:
                raise Stuck(call, "the collection has no conversion")
            trained = _KEYS[last]
        elif symbol.endswith("local_variables"):
            raise Stuck(call, "local variables have no conversion")
        return self._list(bound["scope"].value if "scope" in bound else None, trained, unit)

    def trained_within(self, unit: Unit) -> str:
        """The list of all variables that TF1 would train by default, where the functions that make some are traced."""
        return self._list(None, True, unit, self.writer.stateful.name)

    def _list(self, scope: ast.expr | None, trained: bool, unit: Unit, state: str = "") -> str:
        """The list of what was made before a statement.

        scope: what names begin with; state: what has the variables of functions, where these are there anyway.
        """
        if scope is not None and isinstance(scope, ast.Constant) and not scope.value:
            scope = None
        prefix = "" if scope is None else self.writer.scopes.name(scope, unit)
        known = bool(prefix)
        if scope is not None:
            self.writer.names.require(unit.node)
        covered = self.writer.builds.covered(unit)
        for other in self.lost:
            if other.number < unit.number:
                raise Stuck(unit.node, f"the variables of what line {other.node.lineno} makes are not known")
        for other in self.unknown:
            if covered < other.number < unit.number or other.number < unit.number and not self.writer.stateful.name:
                raise Stuck(unit.node, f"the variables of what line {other.node.lineno} makes are not known")
        graph = self.writer.graph_of(unit)
        texts = []
        ambiguous = not known and scope is not None
        given = "" if scope is None else self.source.of(scope)
        state = state or (self.writer.stateful.name if covered >= 0 else "")
        if state:
            arguments = ", ".join([*filter(None, [given]), *(["trainable=True"] if trained else [])])
            texts.append(f"*{state}.variables({arguments})")
        for made in self.made:
            is_listed = state and made.unit.number <= covered
            if is_listed or made.unit.number >= unit.number or self.writer.graph_of(made.unit) != graph:
                continue
            if known and not self._begins(made.name, prefix):
                if made.exact or not self._may_match(prefix, made):
                    continue
                ambiguous = True
            ambiguous = ambiguous or known and not made.exact and not made.name.startswith(prefix)
            text = made.trained if trained else made.every
            if text and text not in texts:
                texts.append(text)
        if state and len(texts) == 1:
            return texts[0][1:]
        if ambiguous and texts:
            self.writer.use("of_scope")
            return f"of_scope([{', '.join(texts)}], {given})"
        return f"[{', '.join(texts)}]"

    @staticmethod
    def _begins(name: str, prefix: str) -> bool:
        """Whether a name begins as TF1 matched it; what is in braces is text."""
        return name.startswith(prefix) if "{" in prefix + name else bool(re.match(prefix, name))

    def _may_match(self, scope: str, made: Made) -> bool:
        """Whether a scope that does not match the beginning of names may match a whole one."""
        if "{" in scope + made.name and scope.partition("/")[0] != made.name.partition("/")[0]:
            return True
        plain = re.fullmatch(r"[\w/{}.]*", scope)
        return not plain or scope.startswith(made.name) or made.name == ""


def is_update_ops(source, call: ast.Call) -> bool:
    """Whether a call asks for the updates of batch normalisation, which TF2's layers do themselves."""
    symbol = source.symbol(call.func)
    if not symbol.endswith("get_collection"):
        return False
    key = source.bind(call, symbol).bound.get("key")
    if key is None:
        return False
    literal = isinstance(key.value, ast.Constant) and key.value.value == "update_ops"
    return literal or source.symbol(key.value).endswith("UPDATE_OPS")
