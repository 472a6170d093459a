"""Which class of the file an expression is an object of, as far as all that is bound to it tells."""

from __future__ import annotations

import ast
from typing import Iterator

from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Source

#: What is surely no object of a class of the file, and what is a session.
OTHER, SESSION = "", "<session>"

#: The classes that a value may be of; None where that is not known.
Classes = frozenset[str] | None

_OTHER, _SESSION = frozenset((OTHER,)), frozenset((SESSION,))
_DISPLAYS = (ast.List, ast.Tuple, ast.Set)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Objects:
    """The classes of the objects in a file."""

    def __init__(self, source: Source):
        self.source = source
        body = source.tree.body
        self.classes = {n.name: n for n in body if isinstance(n, ast.ClassDef)}
        self.functions = {n.name: n for n in body if isinstance(n, ast.FunctionDef)}
        self._calls = [n for n in ast.walk(source.tree) if isinstance(n, ast.Call)]
        self._stores = list(self._all_stores())
        imports = [n for n in body if isinstance(n, (ast.Import, ast.ImportFrom))]
        self._imported = {a.asname or a.name.partition(".")[0] for n in imports for a in n.names}
        self._running: set[tuple] = set()
        self._known: dict[tuple, Classes] = {}

    def of(self, node: ast.expr) -> Classes:
        """The classes that an expression may be an object of."""
        return self._kept(("of", node), lambda: self._of(node))

    def elements(self, node: ast.expr) -> Classes:
        """The classes of what an expression contains, if it is a list, tuple, set or the values of a dictionary."""
        return self._kept(("elements", node), lambda: self._elements(node))

    def sessions_of(self, function: ast.FunctionDef) -> list[str]:
        """The parameters of a function that every call gives a session."""
        names = [a.arg for a in _parameters(function)]
        return [name for name in names if _union(self._of_given(function, name)) == _SESSION]

    def _of_given(self, function: ast.FunctionDef, parameter: str) -> Iterator[Classes]:
        for value in self._given(function, parameter):
            yield self.of(value) if value is not None else None

    def _kept(self, key: tuple, find) -> Classes:
        if key in self._known:
            return self._known[key]
        if key in self._running:
            return frozenset()  # what leads to itself adds nothing
        self._running.add(key)
        found = find()
        self._running.discard(key)
        if not self._running:  # what was found within a circle may be too little
            self._known[key] = found
        return found

    def _of(self, node: ast.expr) -> Classes:
        if isinstance(node, ast.Call):
            return self._of_call(node)
        if isinstance(node, ast.Name):
            return _union(self.of(value) if value is not None else None for value in self._bound(node)) or None
        if isinstance(node, ast.Attribute):
            values = list(self._attribute(node))
            return _union(map(self.of, values)) or None
        if isinstance(node, ast.Subscript):
            return self.elements(node.value)
        if isinstance(node, ast.IfExp):
            return _union((self.of(node.body), self.of(node.orelse)))
        if isinstance(node, ast.BoolOp):
            return _union(map(self.of, node.values))
        if isinstance(node, _Marker):
            return node.find(self)
        return _OTHER

    def _of_call(self, node: ast.Call) -> Classes:
        function = node.func
        if self.source.called_role(node) is Role.SESSION:
            return _SESSION
        if isinstance(function, ast.Name):
            if function.id in self.classes:
                return frozenset((function.id,))
            if function.id in self.functions:
                return self._returned(self.functions[function.id])
            return _OTHER
        if isinstance(function, ast.Subscript):  # MODELS[name](config)
            return self._called_classes(function.value)
        if isinstance(function, ast.Attribute) and not self.source.symbol(function):
            owners = self.of(function.value)
            if owners is None:
                return None
            if SESSION in owners and function.attr == "as_default":
                return _SESSION
            methods = [m for owner in owners if owner in self.classes for m in self._methods(owner, function.attr)]
            return _union(map(self._returned, methods)) if methods else None if owners & set(self.classes) else _OTHER
        return _OTHER

    def _called_classes(self, node: ast.expr) -> Classes:
        """The classes that a table has, of which one is called."""
        values = self._bound(node) if isinstance(node, ast.Name) else [node]
        found: set[str] = set()
        for value in values:
            names = value.values if isinstance(value, ast.Dict) else getattr(value, "elts", None)
            if names is None or not all(isinstance(n, ast.Name) and n.id in self.classes for n in names):
                return None
            found |= {n.id for n in names}
        return frozenset(found) or None

    def _returned(self, function: ast.FunctionDef) -> Classes:
        returns = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
        return _union(map(self.of, returns)) if returns else _OTHER

    def _elements(self, node: ast.expr) -> Classes:
        if isinstance(node, _DISPLAYS):
            return _union(map(self.of, node.elts))
        if isinstance(node, ast.Dict):
            return _union(map(self.of, node.values))
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            return self.of(node.elt)
        if isinstance(node, ast.DictComp):
            return self.of(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("enumerate", "list", "reversed", "sorted"):
            return self.elements(node.args[0]) if node.args else _OTHER
        if isinstance(node, (ast.Name, ast.Attribute)):
            values = self._bound(node) if isinstance(node, ast.Name) else list(self._attribute(node))
            found = [self.elements(v) if v is not None else None for v in values]
            return _union([*found, *map(self.of, self._added(node))]) or None
        return _OTHER

    def _added(self, node: ast.Name | ast.Attribute) -> Iterator[ast.expr]:
        """What is appended to a list, or set in a dictionary, under the same name."""
        text = self.source.of(node)
        for call in self._calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "add") and call.args:
                if self.source.of(call.func.value) == text:
                    yield call.args[0]
        for target, value in self._stores:
            if isinstance(target, ast.Subscript) and self.source.of(target.value) == text:
                yield value

    # What names are bound to

    def _all_stores(self) -> Iterator[tuple[ast.expr, ast.expr]]:
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    yield from _pairs(target, node.value)
            elif isinstance(node, ast.AnnAssign) and node.value is not None:
                yield node.target, node.value
            elif isinstance(node, (ast.For, ast.comprehension)):
                target = node.target
                if isinstance(target, ast.Tuple) and getattr(getattr(node.iter, "func", None), "id", "") == "enumerate":
                    target = target.elts[-1]
                yield target, _Element(node.iter)
            elif isinstance(node, (ast.With,)):
                for item in node.items:
                    if item.optional_vars is not None:
                        yield item.optional_vars, item.context_expr

    def _around(self, node: ast.AST) -> Iterator[ast.AST]:
        """The functions around a node, the inner ones first, then the module."""
        while node in self.source.parents:
            node = self.source.parents[node]
            if isinstance(node, (*_FUNCTIONS, ast.Lambda, ast.Module)):
                yield node

    def _bound(self, node: ast.Name) -> list[ast.expr | None]:
        """What a name may be bound to; [None] where that is not known."""
        for scope in self._around(node):
            if isinstance(scope, ast.Lambda):
                if any(a.arg == node.id for a in scope.args.args):
                    return [None]
                continue
            is_global = any(isinstance(n, ast.Global) and node.id in n.names for n in ast.walk(scope))
            if isinstance(scope, _FUNCTIONS) and is_global:
                continue
            found: list[ast.expr | None] = []
            for target, value in self._stores:
                if isinstance(target, ast.Name) and target.id == node.id:
                    own = next(self._around(target))
                    declares = any(isinstance(n, ast.Global) and node.id in n.names for n in ast.walk(own))
                    if own is scope or isinstance(scope, ast.Module) and isinstance(own, _FUNCTIONS) and declares:
                        found.append(value)
            if isinstance(scope, _FUNCTIONS) and node.id in {a.arg for a in _parameters(scope)}:
                return [*found, *self._given(scope, node.id)]
            if found:
                return found
        is_other = node.id in self.classes or node.id in self.functions or node.id in self._imported
        return [_Is(_OTHER)] if is_other else [None]

    def _given(self, function: ast.FunctionDef, parameter: str) -> list[ast.expr | None]:
        """What the calls of a function give a parameter, and its default."""
        owner = self.source.parents[function]
        parameters = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        is_method = isinstance(owner, ast.ClassDef)
        is_static = any(getattr(d, "id", "") == "staticmethod" for d in function.decorator_list)
        if is_method and not is_static:
            if parameters and parameters[0] == parameter:
                if self.classes.get(owner.name) is not owner:  # it stands in another class, or in a function
                    return [None]
                return [_Is(frozenset(self._family(owner.name)))]
            parameters = parameters[1:]
        defaults = dict(zip(parameters[::-1], function.args.defaults[::-1]))
        values: list[ast.expr | None] = []
        for call in self._calls_of(function, owner if is_method else None):
            if any(isinstance(a, ast.Starred) for a in call.args):
                return [None]
            args = call.args[1:] if _names_class(call.func, self.classes) else call.args
            given = {**dict(zip(parameters, args)), **{k.arg: k.value for k in call.keywords}}
            value = given.get(parameter, defaults.get(parameter))
            values.append(value)
        return values or [None]

    def _calls_of(self, function: ast.FunctionDef, owner: ast.ClassDef | None) -> Iterator[ast.Call]:
        family = self._below(owner.name) if owner is not None else ()
        for call in self._calls:
            if owner is None:
                if getattr(call.func, "id", "") == function.name:
                    yield call
            elif function.name == "__init__":
                made = getattr(call.func, "id", "")
                is_own = made in family and self._methods(made, "__init__")[:1] == [function]
                if isinstance(call.func, ast.Subscript):
                    is_own = bool((self._called_classes(call.func.value) or frozenset()) & set(family))
                if is_own or getattr(call.func, "attr", "") == "__init__" and self._class_around(call) in family:
                    yield call
            elif getattr(call.func, "attr", "") == function.name:
                yield call

    def _class_around(self, node: ast.AST) -> str:
        while node in self.source.parents and not isinstance(node, ast.ClassDef):
            node = self.source.parents[node]
        return getattr(node, "name", "")

    # Attributes

    def _attribute(self, node: ast.Attribute) -> Iterator[ast.expr]:
        """What an attribute of an object may be bound to."""
        if self.source.symbol(node):
            yield _Is(_OTHER)
            return
        owners = self.of(node.value)
        if owners is None or not owners & set(self.classes):
            yield _Is(owners and _OTHER)
            return
        wanted = {name for owner in owners if owner in self.classes for name in self._family(owner)}
        found = False
        for target, value in self._stores:
            if isinstance(target, ast.Attribute) and target.attr == node.attr and target is not node:
                if isinstance(target.value, ast.Name) and self._class_of_self(target.value) in wanted:
                    found = True
                    yield value
        if not found:
            yield _Is(None if OTHER in owners or not wanted else _OTHER)

    def _class_of_self(self, node: ast.Name) -> str:
        """The class whose method calls the object by this name; "" if none does."""
        for scope in self._around(node):
            if isinstance(scope, _FUNCTIONS) and isinstance(self.source.parents[scope], ast.ClassDef):
                first = _parameters(scope)[:1]
                return self.source.parents[scope].name if first and first[0].arg == node.id else ""
        return ""

    # Hierarchies

    def _bases(self, name: str) -> list[str]:
        return [b.id for b in self.classes[name].bases if isinstance(b, ast.Name) and b.id in self.classes]

    def _above(self, name: str) -> list[str]:
        """A class before its bases; `class A(A)` has its own name for one of them."""
        found: list[str] = []
        waiting = [name]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.append(name)
                waiting += reversed(self._bases(name))
        return found

    def _below(self, name: str) -> list[str]:
        """A class and those derived from it."""
        return [c for c in self.classes if name in self._above(c)]

    def _family(self, name: str) -> list[str]:
        return list(dict.fromkeys([*self._above(name), *self._below(name)]))

    def _methods(self, name: str, method: str) -> list[ast.FunctionDef]:
        """The methods that a call may mean: the class's own or inherited one, and those that override it."""
        own = [m for c in self._above(name) for m in self.classes[c].body if getattr(m, "name", "") == method][:1]
        below = [m for c in self._below(name)[0:] for m in self.classes[c].body if getattr(m, "name", "") == method]
        return [m for m in dict.fromkeys([*own, *below]) if isinstance(m, _FUNCTIONS)]


def uses_graph(node: ast.ClassDef, objects: Objects) -> bool:
    """Whether a class builds a part of a graph, opens a session or is given one."""
    if any(objects.source.calls(node, Role.PLACEHOLDER, Role.SESSION)):
        return True
    return any(objects.sessions_of(n) for n in node.body if isinstance(n, ast.FunctionDef))


class _Marker(ast.expr):
    """An expression that does not stand in the file."""

    def find(self, objects: Objects) -> Classes:
        raise NotImplementedError


class _Is(_Marker):
    """Something whose classes are known."""

    def __init__(self, found: Classes):
        super().__init__()
        self.found = found

    def find(self, objects: Objects) -> Classes:
        return self.found


class _Element(_Marker):
    """What a loop takes out of something."""

    def __init__(self, iterated: ast.expr):
        super().__init__()
        self.iterated = iterated

    def find(self, objects: Objects) -> Classes:
        return objects.elements(self.iterated)


def _names_class(function: ast.expr, classes) -> bool:
    """Whether a call is `Base.method(self, ...)`."""
    return isinstance(function, ast.Attribute) and getattr(function.value, "id", "") in classes


def _parameters(function: ast.FunctionDef) -> list[ast.arg]:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return [a for a in named if a is not None]


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, _DISPLAYS):
        values = value.elts if isinstance(value, _DISPLAYS) and len(value.elts) == len(target.elts) else None
        for number, inner in enumerate(target.elts):
            yield from _pairs(inner, values[number] if values else _Element(value))
    else:
        yield target, value


def _union(found) -> Classes:
    result: set[str] = set()
    for classes in found:
        if classes is None:
            return None
        result |= classes
    return frozenset(result)
