"""Containers that only carry tensors from where they are built to where they are run, as plain names."""

from __future__ import annotations

import ast
import functools

from flake8_tf2.convert.kinds import parameters
from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.queues import delete
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Source
from flake8_tf2.convert.static import SCOPES, Static, constant
from flake8_tf2.options import Options


#: Stands for the key of what takes a list as a whole.
_WHOLE = object()


def unpacked(source: str, options: Options) -> str:
    """A source in which `model["x"]`, `model.x` and `inputs[0]` are names of their own, where these are inputs.

    Only containers are taken apart that the file fills in the open and whose items are all that is read of them.
    """
    file = Source(source, options)
    for name in list(file.names):
        text = _Unpacker(file, name).text()
        if text is not None:
            source, file = text, Source(text, options)
    return source


class _Unpacker:
    """Takes one container apart."""

    def __init__(self, file: Source, name: str):
        self.file = file
        self.name = name
        self.rewriter = Rewriter(file)

    @functools.cached_property
    def taken(self) -> set[str]:
        """The names that the file uses."""
        return {*self.file.names, *self.file.parameters}

    def text(self) -> str | None:
        """The source without the container; None where it stays."""
        uses = self.file.names.get(self.name, [])
        if self.name in self.file.parameters:
            return None
        loads = [n for n in uses if isinstance(n.ctx, ast.Load)]
        stores = [n for n in uses if not isinstance(n.ctx, ast.Load)]
        if len(stores) != 1 or not loads or not isinstance(self.file.parents[stores[0]], ast.Assign):
            return None
        held = Static(self.file, max(loads, key=lambda n: (n.lineno, n.col_offset))).held(loads[0])
        if not held:
            return None
        items = {i if k is None else constant(k): v for i, (k, v) in enumerate(held)}
        if None in items or not (self._has_inputs(items) or self._is_fed(loads)):
            return None
        takers = {use: self._taker(use, items) for use in loads}
        if None in takers.values():
            return None
        return self._rewrite(stores[0], items, takers)

    def _has_inputs(self, items: dict) -> bool:
        """Whether there are placeholders in a container."""
        return any(self._is_placeholder(v) for v in items.values())

    def _is_placeholder(self, node: ast.expr) -> bool:
        if self.file.called_role(node) is Role.PLACEHOLDER:
            return True
        if isinstance(node, ast.Name):
            for other in ast.walk(self.file.tree):
                if isinstance(other, ast.Assign) and self.file.called_role(other.value) is Role.PLACEHOLDER:
                    if any(getattr(t, "id", "") == node.id for t in other.targets):
                        return True
        return False

    def _is_fed(self, loads: list[ast.Name]) -> bool:
        """Whether an item is a key of a dictionary."""
        keys = {id(k) for n in ast.walk(self.file.tree) if isinstance(n, ast.Dict) for k in n.keys}
        return any(id(self.file.parents[use]) in keys for use in loads)

    def _taker(self, use: ast.Name, items: dict):
        """What takes an item, or all, or fills it, with the key; None where the container is used whole."""
        parent = self.file.parents[use]
        if isinstance(parent, ast.Subscript) and parent.value is use:
            key = constant(parent.slice)
            if isinstance(key, int) and key < 0 and key not in items:
                key += len(items)
            return (parent, key) if key in items else None
        if isinstance(parent, ast.Attribute):
            call = self.file.parents[parent]
            if parent.attr == "append" and isinstance(call, ast.Call) and call.func is parent:
                return call, None
            return (parent, parent.attr) if parent.attr in items else None
        if isinstance(parent, ast.Assign) and parent.value is use and len(parent.targets) == 1:
            target = parent.targets[0]
            if isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) == len(items):
                if all(isinstance(e, ast.Name) for e in target.elts):
                    return parent, None
        if self._is_zipped(use, parent) and list(items) == [*range(len(items))]:
            return use, _WHOLE
        return None

    @staticmethod
    def _is_zipped(use: ast.Name, parent: ast.AST) -> bool:
        """Whether a list is read as a whole where a display of its items means the same."""
        if isinstance(parent, ast.Call):
            return getattr(parent.func, "id", "") in ("zip", "enumerate", "len") and use in parent.args
        return isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is use or isinstance(parent, ast.BinOp)

    def _rewrite(self, store: ast.Name, items: dict, takers: dict) -> str | None:
        statement = self.file.parents[store]
        names = {k: v.id if isinstance(v, ast.Name) else self._own(str(k)) for k, v in items.items()}
        static = Static(self.file, store)
        for scope in {static.scope, *(Static(self.file, use).scope for use in takers)}:
            if any(self._stores(scope, n) > (scope is static.scope) for n in names.values()):
                return None
        for node, key in takers.values():
            if key is _WHOLE:
                self.rewriter.replace(node, f"[{', '.join(names.values())}]")
            elif key is not None:  # read, or filled by its key
                self.rewriter.replace(node, names[key])
        lines = {k: f"{names[k]} = {self.rewriter.of(v)}" for k, v in items.items() if not isinstance(v, ast.Name)}
        placed = {k: self._statement(v) for k, v in items.items()}
        self._put(statement, [lines[k] for k in lines if placed[k] is statement])
        for node, key in takers.values():
            if key is _WHOLE:
                continue
            outer = self._statement(node)
            if isinstance(node, ast.Assign):
                self._put(node, [f"{t.id} = {n}" for t, n in zip(node.targets[0].elts, names.values()) if t.id != n])
            elif key is None or not isinstance(node.ctx, ast.Load):
                filled = next(k for k in items if placed[k] is outer)
                self._put(outer, [lines[filled]] if filled in lines else [])
        return self.rewriter.render(0, len(self.file.text.text))

    def _put(self, statement: ast.stmt, lines: list[str]) -> None:
        if lines:
            self.rewriter.replace(statement, ("\n" + " " * statement.col_offset).join(lines))
        else:
            delete(self.file, self.rewriter, statement)

    def _own(self, key: str) -> str:
        name = key if key.isidentifier() and key not in self.taken else f"{self.name}_{key}"
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def _statement(self, node: ast.AST) -> ast.stmt:
        while not isinstance(node, ast.stmt):
            node = self.file.parents[node]
        return node

    def _stores(self, scope: ast.AST, name: str) -> int:
        """How often a scope binds a name itself, but for unpacking the container under the item's own name."""
        found = 0
        work = list(ast.iter_child_nodes(scope))
        while work:
            node = work.pop()
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
                found += getattr(getattr(self._statement(node), "value", None), "id", "") != self.name
            if not isinstance(node, SCOPES):
                work += ast.iter_child_nodes(node)
        return found + (isinstance(scope, ast.FunctionDef) and name in parameters(scope.args))
