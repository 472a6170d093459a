"""The lists of variables that TF1 kept: as lists of what the program made, by the scopes in which it did."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from flake8_tf2.convert import inserted, kinds
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Stuck

if TYPE_CHECKING:
    from flake8_tf2.convert.model import Unit

_KEYS = {"TRAINABLE_VARIABLES": True, "GLOBAL_VARIABLES": False, "VARIABLES": False, "MODEL_VARIABLES": False}


class Made(NamedTuple):
    """Variables that a statement made: the text that lists all, or those that are trained, and their full name."""

    unit: Unit
    name: str
    every: str
    trained: str


class VariableLists:
    """Writes what stands for `tf.trainable_variables(...)` and its kin."""

    def __init__(self, writer):
        self.writer = writer
        self.source = writer.source
        self.program = writer.program
        self.made: list[Made] = []  # by the writer, as it makes state
        self.unknown: list[Unit] = []  # statements that make objects whose variables no text lists

    def add_in_place(self, unit: Unit, path: str) -> None:
        """Note the variables that a statement makes where it stands."""
        node = unit.node
        if unit.value.kinds & {kinds.MODULE}:
            self.add_object(unit)
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
            self.made.append(Made(unit, path + self._own_name(node), text, trained))

    def add_object(self, unit: Unit, name: str = "") -> None:
        """Note the variables of an object with state: of one under a name; others make a list unknown.

        name: what the writer calls the object, where the program does not.
        """
        target = unit.node.targets[0] if isinstance(unit.node, ast.Assign) else None
        wraps = any(self.source.calls(self.source.tree, Role.WRAPPER))  # what is wrapped would be listed twice
        if not name and isinstance(target, ast.Name) and not unit.value.holds:
            name = target.id
        if name and not wraps:
            of_keras = not any(inserted.replacement(s, self.source.table.canonical)
                               for _, s, _ in self.source.calls(unit.node, Role.MODULE))  # fmt: skip
            every, trained = (
                f"*(v.value for v in {name}.{kind})" if of_keras else f"*{name}.{kind}"
                for kind in ("variables", "trainable_variables")
            )
            self.made.append(Made(unit, name, every, trained))
        else:
            self.unknown.append(unit)

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
        return any(
            k.arg == "trainable" and isinstance(k.value, ast.Constant) and not k.value.value
            for n in ast.walk(node) if isinstance(n, ast.Call) for k in n.keywords
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
        return self._list("", True, unit)

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
        scope = ""
        if "scope" in bound:
            node = bound["scope"].value
            scope = self.writer.scope_name(node, unit)
            if not scope and not (isinstance(node, ast.Constant) and not node.value):
                raise Stuck(node, "the scope of the variables is not known")
        found = self._list(scope, trained, unit)
        if not found:
            raise Stuck(call, "no variables of this list were found")
        return found

    def _list(self, scope: str, trained: bool, unit: Unit) -> str:
        from flake8_tf2.convert.model import STAYS  # which imports this module

        texts = []
        for other in self.unknown:
            if other.number < unit.number:
                raise Stuck(unit.node, f"the variables of what line {other.node.lineno} makes are not known")
        graph = self.writer.graph_of(unit)
        for made in self.made:
            if scope and "{" in scope + made.name and scope.partition("/")[0] != made.name.partition("/")[0]:
                raise Stuck(unit.node, "which scopes the variables are in is known only when it runs")
            is_wanted = made.unit.number < unit.number and made.name.startswith(scope)
            if is_wanted and self.writer.graph_of(made.unit) == graph:
                text = made.trained if trained else made.every
                if text and text not in texts:
                    texts.append(text)
        state = self.writer.stateful.name
        if state and not any(made.name.startswith(scope) for made in self.made if scope):
            if texts and unit.fate == STAYS:
                raise Stuck(unit.node, "the order of variables of functions and of others is not known")
            arguments = [repr(scope)] if scope else []
            texts.append(f"*{state}.variables({', '.join([*arguments, *(['trainable=True'] if trained else [])])})")
        return f"[{', '.join(texts)}]" if texts else ""


def is_dynamic(program) -> bool:
    """Whether a program has variables that are there only once a function was traced: those of layers."""
    source = program.source
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and (symbol := source.symbol(node.func)):
            role = source.role(symbol)
            if role in (Role.LAYER, Role.MODULE):
                return True
            if role is Role.VARIABLE:
                owner = program.owner(node)
                if isinstance(owner, ast.FunctionDef) and owner is not program.scope:
                    call = ast.Call(ast.Name(owner.name, ast.Load()), [], [])
                    if not program.evaluator.returned(owner, call, {}).kinds <= {
                        kinds.VARIABLE,
                        kinds.HOST,
                        kinds.MODULE,
                    }:
                        return True
    return False


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
