"""Functions that build part of a graph and are called once, as the statements that they are: one graph to convert."""

from __future__ import annotations

import ast
import functools

from flake8_tf2.convert.bases import SUPER
from flake8_tf2.convert.classes import ATTRIBUTE
from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.queues import delete, touches
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.scopes import bound_in
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options

#: What a function that only computes does not have.
_BUILDS = (Role.PLACEHOLDER, Role.OPTIMIZER, Role.GRADIENTS, Role.SAVER, Role.SUMMARY, Role.VARIABLES)
_MAX_ROUNDS = 30
#: The number of statements of a function that is inlined at each of its calls.
_MAX_REPEATED = 8


def inlined(source: str, options: Options) -> str:
    """A source in which functions that build a graph, and are called once, stand where they are called."""
    wholes = _whole_programs(Source(source, options))
    for _ in range(_MAX_ROUNDS):
        found = Inliner(Source(source, options), wholes).step()
        if found is None:
            return source
        source = found
    return source


def _whole_programs(source: Source) -> set[str]:
    """The functions that build a graph and run it, where there are several: one after the other."""
    functions = [n for n in source.tree.body if isinstance(n, ast.FunctionDef)]
    found = {f.name for f in functions
             if any(source.calls(f, Role.PLACEHOLDER)) and any(source.calls(f, Role.SESSION))}  # fmt: skip
    return found if len(found) > 1 else set()


class Inliner:
    """Inlines one call of a function of a source.

    wholes: the functions that are inlined though they open a session.
    """

    def __init__(self, source: Source, wholes: set[str] = frozenset()):
        self.source = source
        self.wholes = wholes
        self.rewriter = Rewriter(source)
        self.functions = {n.name: n for n in source.tree.body if isinstance(n, ast.FunctionDef)}

    def step(self) -> str | None:
        """The source with one call inlined; None where there is none to inline."""
        for function in self.functions.values():
            gives = self._gives_session(function)
            is_main = self._opens_session(function) and function.name not in self.wholes
            if not gives and (not self._builds(function) or is_main):
                continue
            calls = [
                n for n in ast.walk(self.source.tree)
                if isinstance(n, ast.Name) and n.id == function.name and isinstance(n.ctx, ast.Load)
            ]  # fmt: skip
            if not calls or len(calls) > 1 and not self.may_repeat(function):
                continue
            self._is_last = len(calls) == 1
            call = self.source.parents[calls[0]]
            statement = self.source.parents[call] if isinstance(call, ast.Call) and call.func is calls[0] else None
            if not isinstance(statement, (ast.Assign, ast.Expr)) or statement.value is not call:
                continue
            if self._is_in_loop(statement) or not self._is_straight(function):
                continue
            if not _globals(function) <= self._globals_at(statement):
                continue  # until what calls it stands in the module itself
            text = self._inline(function, call, statement)
            if text is not None:
                return text
        return None

    def _around(self, node: ast.AST):
        while node in self.source.parents:
            node = self.source.parents[node]
            yield node

    def _globals_at(self, node: ast.AST) -> set[str]:
        """The names of the module that a statement may bind: all, but in a function."""
        for outer in self._around(node):
            if isinstance(outer, ast.FunctionDef):
                return _globals(outer)
        return set().union(set(), *map(_globals, self.functions.values()))

    def may_repeat(self, function: ast.FunctionDef) -> bool:
        """Whether a function is inlined where it is called more than once: a short one, that makes train ops."""
        trains = any(
            isinstance(n, ast.Attribute) and n.attr in ("minimize", "apply_gradients") for n in ast.walk(function)
        )
        state = any(self.source.calls(function, Role.LAYER, Role.MODULE, Role.PLACEHOLDER))
        if trains and not state and len(function.body) <= _MAX_REPEATED:
            return True
        return touches(self.source, function) or self._gives_session(function)

    def _builds(self, function: ast.FunctionDef) -> bool:
        if any(self.source.calls(function, *_BUILDS)) or touches(self.source, function):
            return True
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and node.attr in ("minimize", "compute_gradients", "apply_gradients"):
                return True
        return SUPER in function.name or self._binds_outside(function) or self._reads_tensors(function)

    def _reads_tensors(self, function: ast.FunctionDef) -> bool:
        """Whether a method of a lifted class computes from tensors of the object, where the graph is built."""
        if not function.name.startswith(ATTRIBUTE) or _runs(function):
            return False
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Name) and node.id == function.name:
                if any(isinstance(n, ast.FunctionDef) for n in self._around(node)):
                    return False
        return any(isinstance(n, ast.Name) and n.id in self._tensors for n in ast.walk(function))

    @functools.cached_property
    def _tensors(self) -> set[str]:
        """The attributes of lifted classes that TensorFlow computes."""
        found: set[str] = set()
        stores = [n for n in ast.walk(self.source.tree) if isinstance(n, (ast.Assign, ast.AugAssign))]
        while True:
            more = {
                name for node in stores for name in bound_names(node)
                if name.startswith(ATTRIBUTE) and name not in found and any(
                    isinstance(n, ast.Call) and self.source.symbol(n.func) or isinstance(n, ast.Name) and n.id in found
                    for n in ast.walk(node.value)
                )
            }  # fmt: skip
            if not more:
                return found
            found |= more

    def _binds_outside(self, function: ast.FunctionDef) -> bool:
        """Whether a function computes, and binds names of the module, but runs nothing."""
        if _runs(function) or not _globals(function):
            return False
        calls = [n for n in ast.walk(function) if isinstance(n, ast.Call)]
        called = {n.func.id for n in calls if isinstance(n.func, ast.Name)} - {function.name}
        return any(self.source.symbol(n.func) for n in calls) or any(
            self._builds(self.functions[name]) for name in called if name in self.functions
        )

    def _opens_session(self, function: ast.FunctionDef) -> bool:
        return any(self.source.calls(function, Role.SESSION))

    def _gives_session(self, function: ast.FunctionDef) -> bool:
        """Whether a function only makes a session, which it returns."""
        opened = [call for call, _, _ in self.source.calls(function, Role.SESSION)]
        last = function.body[-1]
        if len(opened) != 1 or not isinstance(last, ast.Return):
            return False
        holder = self.source.parents[opened[0]]
        if holder is last:
            return True
        kept = getattr(holder.targets[0], "id", "") if isinstance(holder, ast.Assign) else ""
        return kept != "" and getattr(last.value, "id", None) == kept

    def _is_in_loop(self, node: ast.AST) -> bool:
        blocks = (ast.For, ast.While, ast.If, ast.ClassDef, ast.Lambda, ast.Try)
        return any(isinstance(outer, blocks) and not _tests_main(outer) for outer in self._around(node))

    def _is_straight(self, function: ast.FunctionDef) -> bool:
        nodes = list(_own_nodes(function))
        returns = [n for n in nodes if isinstance(n, ast.Return)]
        last = _last(function.body)
        if function.decorator_list or function.args.vararg or function.args.kwarg:
            return False
        if any(isinstance(n, (ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.ClassDef)) for n in ast.walk(function)):
            return False
        if not returns:
            return True
        return returns == [last]

    def _inline(self, function: ast.FunctionDef, call: ast.Call, statement: ast.stmt) -> str | None:
        if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            return None
        names = self._new_names(function, call, statement)
        given = self._given(function, call)
        if names is None or given is None or not self._keeps_inner(function, names):
            return None
        lines: list[str] = []
        for name, value in given.items():
            if names.get(name, name) != self.source.of(value):
                lines.append(f"{names.get(name, name)} = {self.source.of(value)}")
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and names.get(node.id, node.id) != node.id:
                self.rewriter.replace(node, names[node.id])
        body = list(function.body)
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]
        previous = function.body[0].lineno - 1 if body and body[0] is function.body[0] else function.body[0].end_lineno
        for inner in body:
            for number in range(previous + 1, inner.lineno):
                line = self.source.text.lines[number - 1].strip()
                if line.startswith("#"):
                    lines.append(line)
            previous = inner.end_lineno
            if isinstance(inner, ast.Global):
                continue  # the names of the module are at home here
            if isinstance(inner, ast.Return):
                lines += self._returned(inner, statement)
            else:
                if inner is body[-1] and isinstance(last := _last(body), ast.Return):
                    returned = self._returned(last, statement)
                    self.rewriter.replace(last, ("\n" + " " * last.col_offset).join(returned))
                    if not returned:
                        delete(self.source, self.rewriter, last)
                lines.append(self.rewriter.statement(inner))
        if not isinstance(_last(body) if body else None, ast.Return) and isinstance(statement, ast.Assign):
            return None
        text = shift("\n".join(lines), statement.col_offset).lstrip(" ")
        rewriter = Rewriter(self.source)
        rewriter.replace(statement, text or "pass")
        start = self.source.text.offset(function.lineno, 0)
        end = self.source.text.range(function)[1]
        if self._is_last:
            rewriter.edits[(start, end)] = ""
        return rewriter.render(0, len(self.source.text.text))

    @staticmethod
    def _keeps_inner(function: ast.FunctionDef, names: dict[str, str]) -> bool:
        """Whether functions within the function keep their names, and those that they bind."""
        inner = [n for n in ast.walk(function) if isinstance(n, (ast.FunctionDef, ast.Lambda)) and n is not function]
        bound = {n.name for n in inner if isinstance(n, ast.FunctionDef)}.union(*(bound_in(n) for n in inner))
        return all(names.get(name, name) == name for name in bound)

    def _returned(self, node: ast.Return, statement: ast.stmt) -> list[str]:
        if node.value is None or isinstance(statement, ast.Expr):
            return []
        text = self.rewriter.of(node.value)
        targets = " = ".join(self.source.of(t) for t in statement.targets)
        if (
            isinstance(node.value, ast.Tuple)
            and isinstance(statement.targets[0], ast.Tuple)
            and len(statement.targets) == 1
        ):
            pairs = list(zip(statement.targets[0].elts, node.value.elts))
            if len(pairs) == len(node.value.elts) == len(statement.targets[0].elts):
                left = [(self.source.of(t), self.rewriter.of(v)) for t, v in pairs]
                left = [(t, v) for t, v in left if t != v and t != "_"]
                if not {t for t, _ in left} & {v for _, v in left}:
                    return [f"{t} = {v}" for t, v in left]
        return (
            []
            if text == targets
            else [f"{targets} = {text.strip('()') if isinstance(node.value, ast.Tuple) else text}"]
        )

    def _given(self, function: ast.FunctionDef, call: ast.Call) -> dict[str, ast.expr] | None:
        parameters = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        if len(call.args) > len(parameters):
            return None
        given = dict(zip(parameters, call.args)) | {k.arg: k.value for k in call.keywords}
        defaults = dict(zip(parameters[::-1], function.args.defaults[::-1]))
        keyword_only = dict(zip((a.arg for a in function.args.kwonlyargs), function.args.kw_defaults))
        defaults |= {n: d for n, d in keyword_only.items() if d is not None}
        for name, value in defaults.items():
            given.setdefault(name, value)
        return given if set(given) == {*parameters, *keyword_only} else None

    def _new_names(self, function: ast.FunctionDef, call: ast.Call, statement: ast.stmt) -> dict[str, str] | None:
        """What the names of a function become where it is inlined: what it is given and gives keep the caller's."""
        shared = _globals(function)
        own = set().union(*(bound_names(n) for n in function.body)) | {
            a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
        }
        own -= shared
        taken = {n.id for n in ast.walk(self.source.tree) if isinstance(n, ast.Name) and not self._within(n, function)}
        taken |= set(self.functions)
        names: dict[str, str] = {}
        rebound = set().union(*(bound_names(n) for n in function.body))
        given = self._given(function, call)
        if given is None:
            return None
        used: set[str] = set()
        for name, value in given.items():  # a parameter that is given a name, and keeps its value, is that name
            if isinstance(value, ast.Name) and name not in rebound and (value.id not in own or value.id == name):
                names[name] = value.id
                used.add(value.id)
        last = _last(function.body)
        if isinstance(last, ast.Return) and last.value is not None and isinstance(statement, ast.Assign):
            target = statement.targets[0]
            pairs = [(target, last.value)]
            if isinstance(target, ast.Tuple) and isinstance(last.value, ast.Tuple):
                pairs = list(zip(target.elts, last.value.elts))
            for wanted, value in pairs:
                if isinstance(wanted, ast.Name) and isinstance(value, ast.Name) and value.id in rebound:
                    if value.id not in names and wanted.id not in used and wanted.id != "_":
                        if wanted.id not in own or wanted.id == value.id:
                            names[value.id] = wanted.id
                            used.add(wanted.id)
        for name in sorted(own - set(names)):
            new, number = name, 2
            while new in taken or new in used:
                new, number = f"{name}_{number}", number + 1
            names[name] = new
            used.add(new)
        return names

    def _within(self, node: ast.AST, outer: ast.AST) -> bool:
        return node is outer or outer in self._around(node)


def _globals(function: ast.FunctionDef) -> set[str]:
    return {name for n in ast.walk(function) if isinstance(n, ast.Global) for name in n.names}


def _own_nodes(node: ast.AST):
    """The nodes in a function, without those of functions within it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield from _own_nodes(child)


def _runs(function: ast.FunctionDef) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr in ("run", "eval") for n in ast.walk(function))


def _last(body: list[ast.stmt]) -> ast.stmt:
    """The last statement of a block, also within contexts."""
    last = body[-1]
    return _last(last.body) if isinstance(last, ast.With) else last


def _tests_main(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and getattr(node.test.left, "id", "") == "__name__"
    )
