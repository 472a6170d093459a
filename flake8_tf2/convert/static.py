"""What containers hold that the file itself fills: lists, tuples, dictionaries and named tuples, built in the open."""

from __future__ import annotations

import ast

from flake8_tf2.convert.kinds import MUTATORS, bound_names, free_names, kept, parameters
from flake8_tf2.convert.source import Source

MAX_TURNS = 24
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)
_READERS = ("zip", "enumerate", "sorted", "reversed", "len", "range", "list", "tuple")


class Static:
    """What the file says that a container holds, as expressions that mean the same at a place."""

    def __init__(self, file: Source, place: ast.AST):
        self.file = file
        self.place = place
        self.scope = self._scope_of(place)

    def _scope_of(self, node: ast.AST) -> ast.AST:
        node = self.file.parents[node]
        while not isinstance(node, SCOPES):
            node = self.file.parents[node]
        return node

    def elements(self, node: ast.expr) -> list[ast.expr] | None:
        """What iterating over an expression gives; None where the file does not tell."""
        if isinstance(node, (ast.List, ast.Tuple)):
            return None if any(isinstance(e, ast.Starred) for e in node.elts) else list(node.elts)
        if isinstance(node, ast.Dict):
            return None if None in node.keys else list(node.keys)
        if isinstance(node, ast.Name):
            held = self.held(node)
            return None if held is None else [v if k is None else k for k, v in held]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
            held = self.held(node.func.value) if node.func.attr in ("items", "keys", "values") else None
            if held is None or any(k is None for k, _ in held):
                return None
            if node.func.attr == "items":
                return [ast.Tuple([k, v], ast.Load()) for k, v in held]
            return [k if node.func.attr == "keys" else v for k, v in held]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self._called(node.func.id, node.args)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self.elements(node.left), self.elements(node.right)
            return None if left is None or right is None else left + right
        return None

    def _called(self, name: str, args: list[ast.expr]) -> list[ast.expr] | None:
        if name == "range":
            numbers = [constant(a) for a in args]
            if all(isinstance(n, int) for n in numbers) and len(range(*numbers)) <= MAX_TURNS:
                return [ast.Constant(i) for i in range(*numbers)]
            return None
        columns = [self.elements(a) for a in args]
        if not columns or any(c is None for c in columns):
            return None
        if name == "zip":
            return [ast.Tuple(list(row), ast.Load()) for row in zip(*columns)]
        if len(columns) > 1:
            return None
        if name == "enumerate":
            return [ast.Tuple([ast.Constant(i), e], ast.Load()) for i, e in enumerate(columns[0])]
        if name == "sorted":
            values = [constant(e) for e in columns[0]]
            is_sortable = values and None not in values and len({type(v) for v in values}) == 1
            return [ast.Constant(v) for v in sorted(values)] if is_sortable else None
        if name == "reversed":
            return columns[0][::-1]
        return columns[0] if name in ("list", "tuple") else None

    def held(self, node: ast.expr) -> list[tuple[ast.expr | None, ast.expr]] | None:
        """The keys, None in lists, and values of a container that is built in the open, before the place."""
        if isinstance(node, ast.Dict):
            return None if None in node.keys else list(zip(node.keys, node.values))
        if not isinstance(node, ast.Name):
            return None
        held: list[tuple[ast.expr | None, ast.expr]] | None = None
        scope = self._binding(node.id)
        for use in self._uses(node.id, scope):
            parent = self.file.parents[use]
            statement = self._statement(use)
            at = (self.place.lineno, self.place.col_offset)
            before = scope is not self.scope or (use.lineno, use.col_offset) < at
            if not before and not self._is_repeated_with(use):
                continue
            if isinstance(use.ctx, ast.Store):
                if held is not None or not before or not self._is_once(statement, scope):
                    return None
                held = self._display(parent, use)
                if held is None:
                    return None
            elif isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load):
                key = constant(parent.slice)
                if held is None or not before or not self._is_once(statement, scope):
                    return None
                if not isinstance(statement, ast.Assign) or key is None or statement.targets != [parent]:
                    return None
                if any(k is None or constant(k) == key for k, _ in held):
                    return None
                held.append((parent.slice, statement.value))
            elif isinstance(parent, ast.Attribute) and parent.attr in MUTATORS:
                call = self.file.parents[parent]
                is_append = parent.attr == "append" and isinstance(statement, ast.Expr) and statement.value is call
                if held is None or not before or not is_append or not self._is_once(statement, scope):
                    return None
                held.append((None, call.args[0]))
            elif isinstance(parent, ast.Call) and use in parent.args:
                if getattr(parent.func, "id", "") not in _READERS and getattr(parent.func, "attr", "") != "run":
                    return None  # it may be changed there
            elif not isinstance(parent, (ast.For, ast.Subscript, ast.Attribute, ast.comprehension, ast.BinOp)):
                return None
        return held

    def filling(self, node: ast.expr) -> list[ast.For]:
        """The loops before this place that put something into what an expression iterates over, outer ones first."""
        found = {}
        for name in free_names(node):
            for use in self._uses(name, self.scope):
                parent = self.file.parents[use]
                puts = isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load)
                if puts or isinstance(parent, ast.Attribute) and parent.attr in MUTATORS:
                    around: ast.AST = use
                    while around is not self.scope:
                        around = self.file.parents[around]
                        if isinstance(around, ast.For) and around.lineno < self.place.lineno:
                            found[around] = None
        return sorted(found, key=lambda n: n.lineno)

    def _is_repeated_with(self, node: ast.AST) -> bool:
        """Whether a node and the place stand in a loop, so that each may come before the other."""
        return bool(self._loops(node) & self._loops(self.place))

    def _loops(self, node: ast.AST) -> set[ast.AST]:
        found = set()
        while node is not self.scope:
            node = self.file.parents[node]
            if isinstance(node, (ast.For, ast.While)):
                found.add(node)
        return found

    def _binding(self, name: str) -> ast.AST:
        """The scope that binds a name which is read at the place."""
        scope = self.scope
        while not isinstance(scope, ast.Module) and name not in own_names(scope):
            scope = self._scope_of(scope)
        return scope

    def _uses(self, name: str, scope: ast.AST) -> list[ast.Name]:
        """The places where a name of a scope stands, also in functions within that have no such name of their own."""
        found = [n for n in self.file.names.get(name, ()) if self._belongs(n, scope)]
        return sorted(found, key=lambda n: (n.lineno, n.col_offset))

    def _belongs(self, name: ast.Name, scope: ast.AST) -> bool:
        node: ast.AST | None = name
        while node is not scope:
            node = self.file.parents.get(node)
            if node is None or isinstance(node, SCOPES) and node is not scope and name.id in own_names(node):
                return False
        return True

    def _statement(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.file.parents[node]
        return node

    def _is_once(self, statement: ast.stmt, scope: ast.AST) -> bool:
        """Whether a statement of the scope runs just once."""
        node: ast.AST = self.file.parents[statement]
        while node is not scope:
            tests_main = isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
            if not isinstance(node, ast.With) and not tests_main:
                return False
            node = self.file.parents[node]
        return True

    def _display(self, parent: ast.AST, use: ast.Name) -> list[tuple[ast.expr | None, ast.expr]] | None:
        """What an assignment puts into a new container."""
        if not isinstance(parent, ast.Assign) or parent.targets != [use]:
            return None
        value = parent.value
        if isinstance(value, ast.Dict):
            return None if None in value.keys else list(zip(value.keys, value.values))
        if isinstance(value, (ast.List, ast.Tuple, ast.BinOp)):
            elements = self.elements(value)
            return None if elements is None else [(None, e) for e in elements]
        if not isinstance(value, ast.Call) or any(k.arg is None for k in value.keywords):
            return None
        named = [(ast.Constant(k.arg), k.value) for k in value.keywords]
        if getattr(value.func, "id", "") in ("dict", "OrderedDict") or getattr(value.func, "attr", "") == "OrderedDict":
            return named if not value.args else None
        fields = self.file.fields(value.func)
        if fields is None or len(value.args) > len(fields) or any(isinstance(a, ast.Starred) for a in value.args):
            return None
        return [*((ast.Constant(f), a) for f, a in zip(fields, value.args)), *named]


@kept
def own_names(scope: ast.AST) -> set[str]:
    """The parameters of a function, and the names that it binds."""
    if isinstance(scope, ast.Lambda):
        return parameters(scope.args)
    if not isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return set().union(*(bound_names(s) for s in getattr(scope, "body", [])))
    declared = {n for s in ast.walk(scope) if isinstance(s, (ast.Global, ast.Nonlocal)) for n in s.names}
    return (parameters(scope.args) | set().union(*(bound_names(s) for s in scope.body))) - declared


def constant(node: ast.AST):
    """The number or text that an expression is; None where it is no literal."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return -node.operand.value
    return node.value if isinstance(node, ast.Constant) else None
