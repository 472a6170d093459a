"""The dtypes of tensors, as far as the file shows them."""

from __future__ import annotations

import ast

from flake8_tf2.convert import calls
from flake8_tf2.convert.model import Program, Unit
from flake8_tf2.convert.roles import Role

_GIVEN = {
    "argmax": "int64", "argmin": "int64", "arg_max": "int64", "arg_min": "int64", "shape": "int32", "size": "int32",
    "rank": "int32", "equal": "bool", "not_equal": "bool", "less": "bool", "greater": "bool", "logical_and": "bool",
    "logical_not": "bool", "logical_or": "bool", "in_top_k": "bool", "one_hot": "float32", "random_normal": "float32",
    "random_uniform": "float32", "truncated_normal": "float32", "is_nan": "bool", "less_equal": "bool",
    "greater_equal": "bool",
}  # fmt: skip
_MAX_STEPS = 60


class Dtypes:
    """Follows what is computed to inputs and variables."""

    def __init__(self, program: Program, tf: str):
        self.program = program
        self.source = program.source
        self.tf = tf
        self._steps = 0

    def of_units(self, name: str, units: frozenset[Unit]) -> str:
        """The dtype of what statements bound to a name, as the file writes it; "" where it is not known."""
        found = {self._of_unit(name, unit) for unit in units}
        return found.pop() if len(found) == 1 else ""

    def _of_unit(self, name: str, unit: Unit) -> str:
        self._steps += 1
        node = unit.node
        if self._steps > _MAX_STEPS or not isinstance(node, (ast.Assign, ast.AugAssign)):
            return ""
        if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Name):
            target = node.targets[0]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for element, value in zip(target.elts, node.value.elts):
                    if getattr(element, "id", "") == name:
                        return self.of(value, unit)
            return ""
        return self.of(node.value, unit)

    def of(self, node: ast.expr, unit: Unit) -> str:
        """The dtype of an expression."""
        if isinstance(node, ast.Name):
            units = unit.reads.get(node.id, frozenset())
            return self.of_units(node.id, units) if units else ""
        if isinstance(node, ast.Constant):
            return {float: f"{self.tf}.float32", bool: f"{self.tf}.bool"}.get(type(node.value), "")
        if isinstance(node, ast.BinOp):
            return self.of(node.left, unit) or self.of(node.right, unit)
        if isinstance(node, ast.UnaryOp):
            return self.of(node.operand, unit)
        if isinstance(node, ast.Subscript):
            return self.of(node.value, unit)
        if isinstance(node, ast.Call):
            return self._of_call(node, unit)
        return ""

    def _of_call(self, node: ast.Call, unit: Unit) -> str:
        if node in self.program.placeholders:
            return calls.signature(self.source, node, self.tf).rpartition(", ")[2][:-1]
        symbol = self.source.symbol(node.func)
        if symbol:
            last = symbol.rpartition(".")[2]
            role = self.source.role(symbol)
            given = self.source.bind(node, symbol).bound
            if "dtype" in given and self.source.symbol(given["dtype"].value):
                return self.source.of(given["dtype"].value)
            if last in _GIVEN:
                return f"{self.tf}.{_GIVEN[last]}"
            if role is Role.VARIABLE and "initial_value" not in given:
                return f"{self.tf}.float32"
            if role in (Role.TENSOR, Role.LAYER, Role.DROPOUT, Role.VARIABLE) and node.args:
                return self.of(node.args[0], unit)
            return ""
        if isinstance(node.func, ast.Attribute) and node.func.attr == "zero_state":
            return self.source.of(node.args[1]) if len(node.args) > 1 else ""
        if isinstance(node.func, ast.Name):  # a function of the file: it mostly keeps the dtype of what it is given
            return self.of(node.args[0], unit) if node.args else ""
        return self.of(node.func.value, unit) if isinstance(node.func, ast.Attribute) else ""
