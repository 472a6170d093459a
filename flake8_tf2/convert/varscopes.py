"""The variable scopes around statements: their names, initializers, and whether variables are found there again."""

from __future__ import annotations

import ast

from flake8_tf2.convert import kinds
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Stuck

#: What of a scope is converted.
_KNOWN = {"name_or_scope", "default_name", "values", "reuse", "initializer", "auxiliary_name_scope"}


class Scopes:
    """Reads the contexts of units, as far as `tf.variable_scope` made them."""

    def __init__(self, program):
        self.program = program
        self.source = program.source
        self._places: dict[tuple[str, ...], list[ast.expr]] = {}  # by the names of scopes, where they are opened

    def of(self, unit) -> list[tuple[ast.With, ast.withitem, dict[str, ast.expr]]]:
        """The variable scopes around a statement, outer ones first, with the arguments that made them."""
        found = []
        for outer in unit.around:
            for item in outer.items:
                if self.program.context_role(item.context_expr) is Role.VARIABLE_SCOPE:
                    found.append((outer, item, self.arguments(item.context_expr)))
        return found

    def arguments(self, call: ast.Call) -> dict[str, ast.expr]:
        """The arguments of a scope by name. Raises Stuck where they change how variables are made."""
        bound = {n: a.value for n, a in self.source.bind(call, self.source.symbol(call.func)).bound.items()}
        if set(bound) - _KNOWN:
            raise Stuck(call, f"{sorted(set(bound) - _KNOWN)[0]} of a variable scope has no conversion")
        return bound

    def is_current(self, node: ast.expr | None) -> bool:
        """Whether an expression is `tf.get_variable_scope()`, the scope that is there anyway."""
        return isinstance(node, ast.Call) and self.source.symbol(node.func).endswith("get_variable_scope")

    def path(self, unit) -> list[str]:
        """The names of the scopes around a statement."""
        path: list[str] = []
        for _, item, bound in self.of(unit):
            node = bound.get("name_or_scope")
            if isinstance(node, ast.Constant) and node.value is None:
                node = bound.get("default_name")
            if self.is_current(node):
                continue
            if isinstance(node, ast.Name) and self._opened(node, item.context_expr):
                path = self._of_object(node, item.context_expr)
            elif name := self.name(node, unit):
                path.append(name)
            elif not (isinstance(node, ast.Constant) and node.value == ""):
                raise Stuck(item.context_expr, "the name of the scope is not known")
        return path

    def of_ops(self, unit) -> list[str]:
        """The names of all scopes around a statement, which a `tf.Variable` has before its own; or else `path`."""
        scopes: list[tuple[str, ast.expr]] = []
        for outer in unit.around:
            for item in outer.items:
                if self.program.context_role(item.context_expr) in (Role.SCOPE, Role.VARIABLE_SCOPE):
                    given = item.context_expr.args[0] if item.context_expr.args else None
                    if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
                        return self.path(unit)
                    scopes.append((given.value, item.context_expr))
        return [self._numbered(scopes[: number + 1]) for number in range(len(scopes))]

    def _numbered(self, scopes: list[tuple[str, ast.expr]]) -> str:
        """The name of the last of some scopes: with a number, where one of this name was opened there before."""
        names = [name for name, _ in scopes]
        opened = self._places.setdefault(tuple(names), [])
        if scopes[-1][1] not in opened:
            opened.append(scopes[-1][1])
        number = opened.index(scopes[-1][1])
        return f"{names[-1]}_{number}" if number else names[-1]

    def name(self, node: ast.expr, unit) -> str:
        """The name of a scope; an expression of Python's in braces, as in an f-string; "" where it is not known."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else ""
        text = self.source.of(node)
        is_host = self.program.evaluator.eval(node, unit.env).kinds <= {kinds.HOST}
        is_plain = isinstance(node, (ast.Name, ast.Attribute)) and not self.source.symbol(node)
        return f"{{{text}}}" if is_host and is_plain else ""

    def _of_object(self, name: ast.Name, call: ast.Call) -> list[str]:
        """The path of the scope that was given a name where it was opened."""
        opened = self._opened(name, call)
        if len({outer for _, outer in opened}) != 1:
            raise Stuck(call, "the name of the scope is not known")
        unit, outer = opened[0]
        return self.path(_Within(unit.around[: unit.around.index(outer) + 1], unit.env))

    def _opened(self, name: ast.Name, call: ast.Call) -> list:
        """Statements in scopes that were given a name, with those, but for a scope of this name itself."""
        return [
            (unit, outer)
            for unit in self.program.units
            for outer in unit.around
            for item in outer.items
            if getattr(item.optional_vars, "id", "") == name.id and not _is_within(call, outer, self.source.parents)
        ]

    def names_op(self, node: ast.AST) -> bool:
        """Whether code is `name=scope.name`: the name of an op, which is none of a variable."""
        return isinstance(node, ast.Attribute) and node.attr == "name" and self._is_name(self.source.parents.get(node))

    @staticmethod
    def _is_name(node: ast.AST | None) -> bool:
        return isinstance(node, ast.keyword) and node.arg == "name"

    def name_text(self, node: ast.Attribute) -> str:
        """The name of the scope around code that has this name there; "" where it is not known."""
        outer: ast.AST = node
        while outer in self.source.parents:
            outer = self.source.parents[outer]
            for item in outer.items if isinstance(outer, ast.With) else ():
                if getattr(item.optional_vars, "id", None) == getattr(node.value, "id", ""):
                    if self.source.called_role(item.context_expr) is Role.VARIABLE_SCOPE:
                        name = self.arguments(item.context_expr).get("name_or_scope")
                        return self.source.of(name) if isinstance(name, (ast.Constant, ast.Name)) else ""
        return ""

    def initializer(self, unit) -> ast.expr | None:
        """The initializer that the innermost scope around a statement gives to variables; None if none does."""
        given = [bound["initializer"] for _, _, bound in self.of(unit) if "initializer" in bound]
        return given[-1] if given else None

    def reuses(self, unit) -> bool:
        """Whether variables of a statement are found again, not made."""
        reusing = False
        for outer, _, bound in self.of(unit):
            if "reuse" in bound and not self.is_auto(bound["reuse"]):
                reusing = reusing or not (isinstance(bound["reuse"], ast.Constant) and not bound["reuse"].value)
            reusing = reusing or any(at < unit.number for at in self.program.reusing.get(outer, ()))
        return reusing or any(at < unit.number for at in self.program.reusing.get(None, ()))

    def is_auto(self, node: ast.expr) -> bool:
        """Whether an argument says that variables are found again where there are."""
        return self.source.symbol(node).endswith("AUTO_REUSE")


class _Within:
    """Stands for a statement within contexts."""

    def __init__(self, around: tuple[ast.With, ...], env):
        self.around = around
        self.env = env


def reuse_call(source, node: ast.AST, names: set[str]) -> bool:
    """Whether a statement is `scope.reuse_variables()`. names: those of scopes."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or getattr(call.func, "attr", "") != "reuse_variables":
        return False
    owner = call.func.value
    is_current = isinstance(owner, ast.Call) and source.symbol(owner.func).endswith("get_variable_scope")
    return is_current or isinstance(owner, ast.Name) and owner.id in names


def _is_within(node: ast.AST, outer: ast.AST, parents: dict) -> bool:
    while node in parents:
        if node is outer:
            return True
        node = parents[node]
    return False
