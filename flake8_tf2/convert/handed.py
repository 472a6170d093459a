"""Placeholders that are handed to a constructor: the class makes them itself, and the object is asked for them."""

from __future__ import annotations

import ast

from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.passed import remove_argument, remove_parameter
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.scopes import names_in
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options


def made_within(source: str, options: Options) -> str:
    """A source whose classes make the placeholders that each of their calls would give them."""
    while True:
        found = _Handing(Source(source, options)).step()
        if found is None:
            return source
        source = found


class _Handing:
    """Moves one placeholder of a source into a class."""

    def __init__(self, file: Source):
        self.file = file
        self.names = set().union(set(), *map(bound_names, file.tree.body))

    def step(self) -> str | None:
        """The source with one moved; None where there is none to move."""
        for node in self.file.tree.body:
            init = next((n for n in getattr(node, "body", ()) if getattr(n, "name", "") == "__init__"), None)
            if not isinstance(node, ast.ClassDef) or init is None:
                continue
            uses = self.file.names.get(node.name, [])
            call = self.file.parents[uses[0]] if len(uses) == 1 else None
            if not isinstance(call, ast.Call) or call.func is not uses[0]:
                continue
            for position, parameter in enumerate(a.arg for a in init.args.args[1:]):
                found = self._moved(init, call, position, parameter)
                if found is not None:
                    return found
        return None

    def _moved(self, init: ast.FunctionDef, call: ast.Call, position: int, parameter: str) -> str | None:
        statement = self.file.parents[call]
        given = next((k.value for k in call.keywords if k.arg == parameter), None)
        if given is None and position < len(call.args):
            given = call.args[position]
        if not isinstance(given, ast.Name) or any(isinstance(a, ast.Starred) for a in call.args):
            return None
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            return None
        scope = self._scope(call)
        named = [pair for statement in scope.body for pair in names_in(statement)]
        uses = [n for n, inner in named if n.id == given.id and n.id not in inner]
        made = [self.file.parents[n] for n in uses if isinstance(n.ctx, ast.Store)]
        keys = [n for n in uses if isinstance(n.ctx, ast.Load) and n is not given]
        if len(made) != 1 or not self._makes(made[0]) or not all(self._is_key(n, statement) for n in keys):
            return None
        stored = self._stored(init, parameter)
        if stored is None:
            return None
        attribute = stored.targets[0].attr
        rewriter = Rewriter(self.file)
        rewriter.replace(stored.value, self.file.of(made[0].value))
        remove_parameter(self.file, rewriter, init, parameter)
        remove_argument(self.file, rewriter, call, position, parameter)
        text = self.file.text
        rewriter.edits[(text.offset(made[0].lineno, 0) - 1, text.range(made[0])[1])] = ""
        for key in keys:
            rewriter.replace(key, f"{statement.targets[0].id}.{attribute}")
        return rewriter.render(0, len(text.text))

    def _scope(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, (ast.FunctionDef, ast.Module)):
            node = self.file.parents[node]
        return node

    def _makes(self, node: ast.AST) -> bool:
        """Whether a statement only makes a placeholder, from what every part of the file knows."""
        if not isinstance(node, ast.Assign) or self.file.called_role(node.value) is not Role.PLACEHOLDER:
            return False
        own_line = not self.file.text.lines[node.lineno - 1][: node.col_offset].strip()
        return own_line and len(node.targets) == 1 and {n.id for n, _ in names_in(node.value)} <= self.names

    def _is_key(self, node: ast.Name, after: ast.stmt) -> bool:
        """Whether a name is the key of feeds, behind a statement."""
        parent = self.file.parents[node]
        is_key = isinstance(parent, ast.Dict) and node in parent.keys
        is_index = isinstance(parent, ast.Subscript) and node is parent.slice and isinstance(parent.ctx, ast.Store)
        return (is_key or is_index) and node.lineno > after.lineno

    @staticmethod
    def _stored(init: ast.FunctionDef, parameter: str) -> ast.Assign | None:
        """The statement that keeps a parameter as an attribute, where nothing else is done with it."""
        own = init.args.args[0].arg
        uses = [n for n in ast.walk(init) if isinstance(n, ast.Name) and n.id == parameter]
        for node in init.body:
            if isinstance(node, ast.Assign) and len(uses) == 1 and node.value is uses[0] and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Attribute) and getattr(target.value, "id", "") == own:
                    return node
        return None
