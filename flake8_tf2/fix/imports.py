"""Imports that a file no longer needs."""

from __future__ import annotations

import ast
import re

from flake8_tf2.context import File
from flake8_tf2.finding import Edit
from flake8_tf2.fix.text import Refused, Text
from flake8_tf2.names.references import Reference


def remove_unused(file: File, text: Text, reference: Reference) -> tuple[Edit, ...]:
    """Remove an imported name that nothing uses any more. Raises Refused where something may."""
    from flake8_tf2.fix.build import bodies, delete  # which imports this module

    alias, statement = reference.node, reference.statement
    name = alias.asname or alias.name.partition(".")[0]
    tree = file.references.layout.tree
    if is_used(tree, name, statement):
        raise Refused(f"`{name}` is still used")
    if len(statement.names) == 1:
        parent = next(node for node in ast.walk(tree) if any(statement in body for body in bodies(node)))
        return tuple(delete(text, statement, parent))
    start, end = text.range(alias)
    rest = re.compile(r"[ \t]*,?[ \t]*(#[^\n]*)?(\n|$)").match(text.text, end)
    line_start = text.offset(alias.lineno, 0)
    if rest and not text.text[line_start:start].strip() and "(" in text.text[text.range(statement)[0] : start]:
        return (text.edit(line_start, rest.end(), ""),)  # a line of its own between parentheses
    if rest and rest[1]:
        raise Refused("a comment stands behind it")
    behind = re.compile(r"[ \t]*,[ \t]*(?:\n[ \t]*(?=\w))?").match(text.text, end)
    if behind and alias is not statement.names[-1]:
        return (text.edit(start, behind.end(), ""),)
    before = statement.names[statement.names.index(alias) - 1]
    return (text.edit(text.range(before)[1], end, ""),)


def is_used(tree: ast.Module, name: str, statement: ast.stmt) -> bool:
    """Whether a name may be used outside of the statement that imports it: read, bound again, exported, or spelled."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name:
            return True
        if isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names:
            return True
        if isinstance(node, (ast.Import, ast.ImportFrom)) and node is not statement:
            for other in node.names:
                if (other.asname or other.name.partition(".")[0]) == name and "." not in other.name:
                    return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(rf"\b{name}\b", node.value):
            if node.value == name or "." in node.value and node.value.startswith(name + "."):
                return True  # `__all__`, getattr, mock.patch("module.name")
    return False
