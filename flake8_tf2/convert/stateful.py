"""State that is made where it is used, in functions and loops: it is made once, and found again by its name."""

from __future__ import annotations

import ast
import functools

from flake8_tf2.convert import calls, kinds
from flake8_tf2.convert.collected import keys_of
from flake8_tf2.convert.kinds import bound_names, free_names
from flake8_tf2.convert.model import MOVES, Unit
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.varscopes import reuse_call
from flake8_tf2.convert.source import Stuck

_MAKES = (Role.LAYER, Role.VARIABLE, Role.MODULE, Role.AVERAGES)
_LAMBDA = {"get": "lambda", "new": "lambda name"}
#: What Python knows of a tensor before any run.
_STATIC = ("shape", "get_shape", "dtype")
_NEVER = (Role.OPTIMIZER, Role.PLACEHOLDER, Role.SAVER, Role.WRITER, Role.SUMMARY, Role.VARIABLES)


class StatefulCode:
    """Rewrites functions, loops and branches of moved code so that what they make is kept in one object."""

    def __init__(self, writer):
        self.writer = writer
        self.source = writer.source
        self.program = writer.program
        self.rewriter = writer.rewriter
        self.name = ""  # of the object that keeps state
        self._rewritten: set[str] = set()
        self._labels: dict[Unit, str] = {}
        self._places: dict[tuple, Unit] = {}  # by scope and position in it, the statement that was there first
        self._positions: dict[ast.With, list[Unit]] = {}

    def rewrite(self, unit: Unit) -> None:
        """Rewrite what a moved statement calls, and itself where it is a loop, a branch or a function.

        Statements come in the order of the source, so labels are given in that order, too.
        """
        if not isinstance(unit.node, (ast.Assign, ast.Expr, ast.AugAssign, ast.Return)):
            self._rewrite_block(unit.node, unit.env)
        elif self.names_layers:
            for call, symbol in self._unnamed(unit.node):
                self._layer(call, symbol, unit.node)
        for name in self._called(unit.node):
            self._rewrite_function(self.program.evaluator.functions[name], unit.env)
        self.label(unit)

    def label(self, unit: Unit) -> list[str]:
        """The contexts in which a moved statement finds its state."""
        if not self.makes(unit.node):
            return []
        scopes = self.writer.scopes
        found = scopes.of(unit)
        for _, item, bound in found:
            if "initializer" in bound:
                raise Stuck(item.context_expr, "the scope changes how a function makes variables")
        path = scopes.path(unit)
        contexts = [f"{self.name}.scope({calls.full_name(name)})" for name in path]
        innermost = found[-1][0] if found else None
        reuses = scopes.reuses(unit)
        if self._needs_label(unit.node):
            contexts.append(f'{self.name}.label("{self._label(unit, tuple(path), innermost, reuses)}")')
        return contexts

    def _label(self, unit: Unit, path: tuple, innermost: ast.With | None, reuses: bool) -> str:
        """The label of a statement, the same in every function; one that reuses a scope has that of its twin there."""
        if unit not in self._labels:
            twin = None
            if innermost is not None:
                within = self._positions.setdefault(innermost, [])
                within.append(unit)
                place = (*path, len(within))
                twin = self._places.setdefault(place, unit)
            if reuses and twin is not None and twin is not unit:
                self._labels[unit] = self._labels[twin]
            else:
                label = self.writer.target(unit)
                while label in self._labels.values():
                    label += "_"
                self._labels[unit] = label
        return self._labels[unit]

    def finds(self, node: ast.AST) -> bool:
        """Whether functions that code calls find variables by name."""
        functions = [self.program.evaluator.functions[name] for name in self._called(node)]
        if any(f is self.program.scope or f in self.program.hosts for f in functions):
            return False  # they are read as the statements that they have
        return any(s.endswith("get_variable") for f in functions for _, s, _ in self.source.calls(f, Role.VARIABLE))

    def makes(self, node: ast.AST) -> bool:
        """Whether code makes state where it computes, itself in a loop or branch, or in functions that it calls."""
        is_plain = isinstance(node, (ast.Assign, ast.Expr, ast.AugAssign))
        own = bool(self.names_layers and self._unnamed(node) if is_plain else self._state_calls(node))
        return own or any(self._state_calls(self.program.evaluator.functions[n]) for n in self._called(node))

    @functools.cached_property
    def names_layers(self) -> bool:
        """Whether all layers without a name are named as they are first called: in the order of TF1, for a saver.

        Where functions or loops make some of them it is not known before how many come before the others.
        """
        if not any(self.source.calls(self.source.tree, Role.SAVER)):
            return False
        for unit in self.program.units:
            is_plain = isinstance(unit.node, (ast.Assign, ast.Expr, ast.AugAssign, ast.FunctionDef, ast.ClassDef))
            functions = [self.program.evaluator.functions[n] for n in self._called(unit.node)]
            if unit.fate == MOVES and any(map(self._unnamed, functions if is_plain else [unit.node, *functions])):
                return True
        return False

    def _unnamed(self, node: ast.AST) -> list[tuple[ast.Call, str]]:
        """The layers in code that are given no name, with their symbols."""
        found = []
        for call, symbol, _ in self.source.calls(node, Role.LAYER):
            bound = self.source.bind(call, symbol).bound
            if not (bound.get("name") or bound.get("scope")):
                found.append((call, symbol))
        return found

    def _called(self, node: ast.AST) -> list[str]:
        """The functions of the file that code calls, also through others, but for those that only make variables."""
        found: dict[str, None] = {}
        work = sorted(free_names(node))
        while work:
            name = work.pop()
            function = self.program.evaluator.functions.get(name)
            if function is not None and name not in found and function is not node:
                found[name] = None
                work += sorted(free_names(function))
        return list(found)

    def _state_calls(self, node: ast.AST, strict: bool = True) -> list[tuple[ast.Call, str, Role]]:
        """The calls in code that make state; strict: what must not stand in functions raises Stuck."""
        found = []
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call) and (symbol := self.source.symbol(inner.func)):
                role = self.source.role(symbol)
                if role in _MAKES:
                    found.append((inner, symbol, role))
                elif role is Role.VARIABLES and not isinstance(node, ast.FunctionDef):
                    continue  # the writer lists them
                elif role in _NEVER and strict:
                    raise Stuck(inner, f"{symbol} in a function or loop that computes")
        return found

    def _needs_label(self, node: ast.AST) -> bool:
        """Whether what code makes would be confused with what other statements make by the same code."""
        nodes = [self.program.evaluator.functions[n] for n in self._called(node)]
        if self.names_layers or not isinstance(node, (ast.Assign, ast.Expr, ast.AugAssign)):
            nodes.append(node)
        for outer in nodes:
            for call, symbol, role in self._state_calls(outer):
                if symbol.endswith(".Variable") or role in (Role.MODULE, Role.AVERAGES):
                    return True
                if symbol.endswith("get_variable"):
                    continue
                bound = self.source.bind(call, symbol).bound
                if not (bound.get("name") or bound.get("scope")) and not self._in_scope(call, outer):
                    return True
        return False

    def _in_scope(self, node: ast.AST, outer: ast.AST) -> bool:
        while node is not outer:
            node = self.source.parents[node]
            if isinstance(node, ast.With):
                for item in node.items:
                    if self._scope_call(item.context_expr) is not None:
                        return True
        return False

    def _scope_call(self, node: ast.expr) -> ast.Call | None:
        return node if self.source.called_role(node) is Role.VARIABLE_SCOPE else None

    # Rewriting

    def _rewrite_function(self, function: ast.FunctionDef, env: kinds.Env) -> None:
        if function.name in self._rewritten:
            return
        self._rewritten.add(function.name)
        if self.only_makes(function, env):
            return
        self._rewrite_block(function, {})

    def only_makes(self, function: ast.FunctionDef, env: kinds.Env) -> bool:
        """Whether a function gives back nothing but the state that it makes."""
        calls_ = self._state_calls(function, strict=False)
        if not calls_ or any(role is Role.LAYER for _, _, role in calls_) or self._given_tensors(function):
            return False
        collects = keys_of(self.source, {}, function, "add_to_collection")
        if collects or any(symbol.endswith("get_variable") for _, symbol, _ in calls_):
            return False  # its scopes count, and what it adds to collections each time
        call = ast.Call(ast.Name(function.name, ast.Load()), [], [])
        returned = self.program.evaluator.returned(function, call, env)
        return returned.kinds <= {kinds.VARIABLE, kinds.MODULE, kinds.HOST}

    def _rewrite_block(self, block: ast.AST, env: kinds.Env) -> None:
        makers = {
            name for name, f in self.program.evaluator.functions.items() if f is not block and self.only_makes(f, env)
        }
        done: list[ast.AST] = []
        for node in ast.walk(block):  # outer ones first
            if not isinstance(node, ast.Call) or any(_is_within(node, d, self.source.parents) for d in done):
                continue
            symbol = self.source.symbol(node.func)
            role = self.source.role(symbol) if symbol else None
            if role is Role.VARIABLES and not isinstance(block, ast.FunctionDef):
                continue  # the writer lists them
            if role in _NEVER:
                raise Stuck(node, f"{symbol} in a function or loop that computes")
            if role is Role.LAYER:
                self._layer(node, symbol, block)
            elif role in (Role.VARIABLE, Role.MODULE, Role.AVERAGES):
                self._keep(node, symbol, block)
                done.append(node)
            elif role is None and isinstance(node.func, ast.Name) and node.func.id in makers:
                self._keep(node, "", block)
                done.append(node)
        self._scopes(block)

    def _layer(self, node: ast.Call, symbol: str, block: ast.AST) -> None:
        self.use()
        bound = self.source.bind(node, symbol).bound
        made, inputs = calls.layer(self.source, node, symbol, self.writer.tf)
        self._require_static(node, block, bound.get("inputs"))
        named = bound.get("name") or bound.get("scope")
        base = calls.default_name(symbol)
        key = self.source.of(named.value) if named is not None else f'"{base}"'
        method = "get" if named is not None else "new"
        inputs_node = bound["inputs"].value
        # What stands within the inputs is written when this is: its text is looked up then.
        start, end = self.source.text.range(inputs_node)
        rest = inputs[len(self.source.of(inputs_node)) :]
        if method == "new":
            made = calls.with_name(made, "name")
        head = f"{self.name}.{method}({key}, {_LAMBDA[method]}: {made}, "
        call_start, call_end = self.source.text.range(node)
        self.rewriter.edits[(call_start, start)] = head
        self.rewriter.edits[(end, call_end)] = f"{rest})"

    def _keep(self, node: ast.Call, symbol: str, block: ast.AST) -> None:
        self.use()
        self._require_static(node, block, None)
        name = None
        if symbol.endswith("get_variable"):
            name = self.source.bind(node, symbol).bound.get("name")
        key = self.source.of(name.value) if name is not None else f'"{self._own_name(node, symbol)}"'
        method = "get" if name is not None else "new"
        made = self.rewriter.inside(node)
        if symbol.endswith("ariable"):
            made = calls.variable(self.source, self.rewriter, node, symbol, self.writer.tf)
            made = self.writer.regularized(node, symbol, made)
        named = symbol.endswith(".Variable") and "name" not in self.source.bind(node, symbol).bound
        if named:
            key, made = '"Variable"', calls.with_name(made, "name")
        signature = "lambda _" if method == "new" and not named else _LAMBDA[method]
        self.rewriter.replace(node, f"{self.name}.{method}({key}, {signature}: {made})")

    def _own_name(self, node: ast.AST, symbol: str) -> str:
        parent = self.source.parents[node]
        if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
            return parent.targets[0].id
        return symbol.rpartition(".")[2].lower() or "variable"

    def use(self) -> None:
        """Have an object that keeps state."""
        if not self.name:
            self.name = self.writer.new_name("state")

    def _require_static(self, node: ast.Call, block: ast.AST, inputs) -> None:
        """What state is made from must not be a tensor of the run: only what Python knows of shapes."""
        hidden = set() if inputs is None else {id(n) for n in ast.walk(inputs.value)}
        for given in node.keywords:
            if given.arg in ("training", "is_training"):
                hidden |= {id(n) for n in ast.walk(given.value)}
        dynamic = self._dynamic_names(block)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Attribute) and inner.attr in _STATIC:
                hidden.add(id(inner.value))
            if isinstance(inner, ast.Name) and id(inner) not in hidden and inner.id in dynamic:
                raise Stuck(inner, f"state is made from {inner.id}, which is known only when it runs")

    def _dynamic_names(self, block: ast.AST) -> set[str]:
        """The names that a block gives what TensorFlow computes."""
        found: set[str] = set()
        if isinstance(block, ast.FunctionDef):
            found |= self._given_tensors(block)
        for node in ast.walk(block):
            if isinstance(node, (ast.Assign, ast.AugAssign)) and not self._state_only(node.value):
                if any(self.source.calls(node.value, Role.TENSOR, Role.LAYER, Role.DROPOUT)):
                    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                        found |= bound_names(target)
        return found

    def _given_tensors(self, function: ast.FunctionDef, seen: frozenset = frozenset()) -> set[str]:
        """The parameters of a function that calls give tensors."""
        found: set[str] = set()
        if function in seen:
            return found
        for call in self.program.calls_of(function):
            owner = self.program.owner(call)
            env = dict(self.program.env)
            if isinstance(owner, ast.FunctionDef) and owner is not self.program.scope:
                inner = self._given_tensors(owner, seen | {function})
                env = {n: v for n, v in env.items() if n not in {a.arg for a in owner.args.args}}
                env.update({n: kinds.Value(frozenset((kinds.TENSOR,))) for n in inner})
            for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
                given = self.program.given(function, call, argument.arg)
                if given is not None and self.program.evaluator.eval(given, env).of_runs:
                    found.add(argument.arg)
        return found

    def _state_only(self, node: ast.expr) -> bool:
        return self.source.called_role(node) in (Role.VARIABLE, Role.MODULE)

    def _scopes(self, block: ast.AST) -> None:
        """Variable scopes within a block name what stands in them."""
        for node in ast.walk(block):
            if not isinstance(node, ast.With):
                continue
            for item in node.items:
                call = self._scope_call(item.context_expr)
                if call is None:
                    continue
                bound = self.writer.scopes.arguments(call)
                if "initializer" in bound:
                    raise Stuck(call, "the initializer of a scope in a function has no conversion")
                self._reuses(item.optional_vars, block)
                start = self.source.text.range(item.context_expr)[0]
                end = self.source.text.range(item.optional_vars or item.context_expr)[1]
                self.use()
                self.rewriter.edits[(start, end)] = f"{self.name}.{self._scope_text(call, bound)}"
        self._reuses(None, block)

    def _scope_text(self, call: ast.Call, bound: dict[str, ast.expr]) -> str:
        """The context that stands for a scope in a function."""
        node, default = bound.get("name_or_scope"), bound.get("default_name")
        if self.writer.scopes.is_current(node):
            return 'label("")'
        is_none = node is None or isinstance(node, ast.Constant) and node.value is None
        if default is not None and (is_none or isinstance(node, ast.Name)):
            owner = self.program.owner(call)
            if not isinstance(owner, ast.FunctionDef) or len(self.program.calls_of(owner)) > 1:
                raise Stuck(call, "the name of the scope is not known")
            return f"scope({'' if is_none else self.source.of(node) + ' or '}{self.source.of(default)})"
        if is_none or isinstance(node, ast.Constant) and not isinstance(node.value, str):
            raise Stuck(call, "the name of the scope is not known")
        return f"scope({self.source.of(node)})"

    def _reuses(self, target: ast.expr | None, block: ast.AST) -> None:
        """A scope may only be told to reuse: what has a name is found anyway."""
        names = {getattr(target, "id", "")} - {""}
        for node in ast.walk(block):
            if reuse_call(self.source, node, names | self._outer_scopes(block)):
                self.rewriter.replace(node, "pass")
            elif isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
                attribute = self.source.parents[node]
                statement = self.source.parents[self.source.parents[attribute]]
                if self.writer.scopes.names_op(attribute):
                    continue
                if not (
                    isinstance(attribute, ast.withitem)  # the parameter of that name
                    or getattr(attribute, "func", None) is not None and self._scope_call(attribute)
                    or reuse_call(self.source, statement, names)
                ):  # fmt: skip
                    raise Stuck(target, "an object of a scope is used")

    def _outer_scopes(self, block: ast.AST) -> set[str]:
        """The names of scopes around a loop or branch."""
        found: set[str] = set()
        node = block
        while node in self.source.parents:
            node = self.source.parents[node]
            if isinstance(node, ast.With):
                found |= {i.optional_vars.id for i in node.items if isinstance(i.optional_vars, ast.Name)}
        return found


def _is_within(node: ast.AST, outer: ast.AST, parents: dict) -> bool:
    while node in parents:
        if node is outer:
            return True
        node = parents[node]
    return False
