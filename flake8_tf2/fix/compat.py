"""The last step out of `tensorflow.compat.v1`: its import and its switches go together, once nothing needs them."""

from __future__ import annotations

import ast

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import bodies, delete
from flake8_tf2.fix.text import Text
from flake8_tf2.positions import split_lines

#: What the findings of the imports and of the switches are called.
RULES = {"compat-import", "version-switch"}
_SWITCHES = {
    "disable_v2_behavior", "disable_eager_execution", "disable_v2_tensorshape", "disable_tensor_equality",
    "disable_resource_variables", "disable_control_flow_v2", "enable_v2_behavior", "enable_eager_execution",
    "enable_v2_tensorshape", "enable_tensor_equality", "enable_resource_variables", "enable_control_flow_v2",
}  # fmt: skip


def without_compat(source: str) -> tuple[Edit, ...]:
    """Edits that import `tensorflow` where a source imports `tensorflow.compat.v1`, and delete what switches to TF1.

    Whether the program is then one of TF2 is for `lint` to say. Empty where there is nothing to change.
    """
    tree = ast.parse(source.removeprefix("\ufeff"))
    text = Text(split_lines(source.removeprefix("\ufeff")))
    edits: list[Edit] = []
    for node in ast.walk(tree):
        for body in bodies(node):
            for statement in body:
                if isinstance(statement, (ast.Import, ast.ImportFrom)):
                    bound = _compat_name(statement)
                    if bound:
                        edits.append(text.edit(*text.range(statement), f"import tensorflow as {bound}"))
                elif isinstance(statement, ast.Expr) and _is_switch(statement.value):
                    edits += delete(text, statement, node)
    return tuple(edits)


def _compat_name(statement: ast.Import | ast.ImportFrom) -> str:
    """What a statement that imports nothing but `tensorflow.compat.v1` calls it; "" of any other statement."""
    if len(statement.names) != 1:
        return ""
    alias = statement.names[0]
    if isinstance(statement, ast.Import):
        return (alias.asname or "") if alias.name == "tensorflow.compat.v1" else ""
    is_compat = statement.module == "tensorflow.compat" and not statement.level and alias.name == "v1"
    return (alias.asname or alias.name) if is_compat else ""


def _is_switch(node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    return isinstance(function, ast.Attribute) and function.attr in _SWITCHES
