"""Properties that build a part of the graph when they are first read: as attributes that `__init__` builds."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.scopes import first_line
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options


class Decorator(NamedTuple):
    """A function that makes a method a property which is computed once. scoped: in a variable scope of its name."""

    node: ast.FunctionDef
    scoped: bool


def built_at_once(source: str, options: Options) -> str:
    """A source without such properties. Raises Stuck where the order in which they are built is not known."""
    if "@property" not in source or "hasattr" not in source:
        return source
    file = Source(source, options)
    decorators = {n.name: d for n in file.tree.body if isinstance(n, ast.FunctionDef) and (d := _decorator(file, n))}
    if not decorators:
        return source
    rewriter = Rewriter(file)
    for node in file.tree.body:
        if isinstance(node, ast.ClassDef):
            _Class(file, rewriter, node, decorators).rewrite()
    for name in _with_helpers(file, decorators):
        node = next(n for n in file.tree.body if getattr(n, "name", "") == name)
        rewriter.edits[(file.text.offset(first_line(node), 0), file.text.range(node)[1])] = ""
    return rewriter.render(0, len(file.text.text))


def _decorator(file: Source, node: ast.FunctionDef) -> Decorator | None:
    called = {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    inner = [n for n in ast.walk(node) if isinstance(n, ast.FunctionDef) and n is not node]
    is_property = any(getattr(d, "id", "") == "property" for n in inner for d in n.decorator_list)
    if not is_property or not {"hasattr", "setattr", "getattr"} <= called:
        return None
    scopes = [c for c, _, _ in file.calls(node, Role.VARIABLE_SCOPE)]
    others = [c for c in ast.walk(node) if isinstance(c, ast.Call) and file.symbol(c.func) and c not in scopes]
    if len(scopes) > 1 or others:
        return None
    return Decorator(node, bool(scopes))


def _with_helpers(file: Source, decorators: dict[str, Decorator]) -> set[str]:
    """The decorators, and functions that only they use."""
    found = set(decorators)
    for name in [n.name for n in file.tree.body if isinstance(n, ast.FunctionDef)]:
        users = [n for n in ast.walk(file.tree) if isinstance(n, ast.Name) and n.id == name]
        own = [n for d in decorators.values() for n in ast.walk(d.node)]
        if users and all(u in own for u in users):
            found.add(name)
    return found


class _Class:
    """Rewrites the properties of one class."""

    def __init__(self, file: Source, rewriter: Rewriter, node: ast.ClassDef, decorators: dict[str, Decorator]):
        self.file = file
        self.rewriter = rewriter
        self.node = node
        self.methods = {n.name: n for n in node.body if isinstance(n, ast.FunctionDef)}
        self.lazy: dict[str, tuple[ast.expr, Decorator]] = {}
        for name, method in self.methods.items():
            for given in method.decorator_list:
                function = given.func if isinstance(given, ast.Call) else given
                if getattr(function, "id", "") in decorators:
                    self.lazy[name] = given, decorators[function.id]
        self.built: list[str] = []

    def rewrite(self) -> None:
        if not self.lazy:
            return
        init = self.methods.get("__init__")
        if init is None:
            raise Stuck(self.node, "properties are built when they are first read, which is not in __init__")
        for name in self.lazy:
            if len(self.methods[name].decorator_list) > 1 or f"_{name}" in self.methods:
                raise Stuck(self.methods[name], f"the property {name} has several decorators, or _{name} is there")
        own = init.args.args[0].arg
        last = init.body[-1]
        for statement in init.body:
            first = [n for n in self._reads(statement, own) if n not in self.built]
            is_only_read = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Attribute)
            if not first:
                continue
            indent = " " * statement.col_offset
            lines = [line for name in first for line in self._lines(name, own)]
            text = f"\n{indent}".join(lines)
            if is_only_read:
                self.rewriter.replace(statement, text)
            else:
                at = self.file.text.range(statement)[0]
                self.rewriter.edits[(at, at)] = f"{text}\n{indent}"
        rest = [line for name in self.lazy if name not in self.built for line in self._lines(name, own)]
        if rest:
            at = self.file.text.range(last)[1]
            self.rewriter.edits[(at, at)] = "".join(f"\n{' ' * last.col_offset}{line}" for line in rest)
        for name, (given, _) in self.lazy.items():
            method = self.methods[name]
            text = self.file.text
            start = text.offset(first_line(method), 0)
            at = text.text.index(name, text.text.index("def ", text.range(given)[1]))
            self.rewriter.edits[(start, at)] = f"{' ' * method.col_offset}def _"

    def _reads(self, node: ast.AST, own: str) -> list[str]:
        """The properties that code reads, in its order."""
        found = [n for n in ast.walk(node) if isinstance(n, ast.Attribute) and n.attr in self.lazy]
        found = [n for n in found if isinstance(n.value, ast.Name) and n.value.id == own]
        return list(dict.fromkeys(n.attr for n in sorted(found, key=lambda n: (n.lineno, n.col_offset))))

    def _lines(self, name: str, own: str, running: tuple[str, ...] = ()) -> list[str]:
        """The statements that build a property, behind those that it reads."""
        if name in self.built:
            return []
        if name in running:
            raise Stuck(self.methods[name], f"the property {name} reads itself")
        given, decorator = self.lazy[name]
        method = self.methods[name]
        lines = []
        for other in self._reads(method, method.args.args[0].arg):
            if other not in self.built and other != name:
                if decorator.scoped:
                    raise Stuck(method, f"{other} is built within the scope of {name}")
                lines += self._lines(other, own, (*running, name))
        self.built.append(name)
        statement = f"{own}.{name} = {own}._{name}()"
        if not decorator.scoped:
            return [*lines, statement]
        scope, options = self._scope(name, given, decorator)
        return [*lines, f"with {scope}({options}):", f"    {statement}"]

    def _scope(self, name: str, given: ast.expr, decorator: Decorator) -> tuple[str, str]:
        """The function that opens the scope of a property, and its arguments."""
        call = next(c for c, _, _ in self.file.calls(decorator.node, Role.VARIABLE_SCOPE))
        keywords = list(given.keywords) if isinstance(given, ast.Call) else []
        if isinstance(given, ast.Call) and given.args:
            raise Stuck(given, "what a decorator is given by position has no conversion")
        passes = any(k.arg is None for k in call.keywords)
        named = next((self.file.of(k.value) for k in keywords if k.arg == "scope"), repr(name))
        others = [k for k in keywords if k.arg != "scope"]
        if others and not passes or any(k.arg is None for k in keywords) or any(k.arg for k in call.keywords):
            raise Stuck(given, "what a decorator is given has no conversion")
        return self.file.of(call.func), ", ".join([named, *(f"{k.arg}={self.file.of(k.value)}" for k in others)])
