"""One file that is converted: its tree, what its names stand for, and its text by offsets."""

from __future__ import annotations

import ast
import functools
import warnings
from typing import Iterator

from flake8_tf2 import registry as registries
from flake8_tf2.arguments import Arguments, bind
from flake8_tf2.convert.roles import Role, Roles
from flake8_tf2.fix.text import Text
from flake8_tf2.names.references import References
from flake8_tf2.names.scopes import Layout
from flake8_tf2.names.values import Kept, Resolver
from flake8_tf2.options import Options
from flake8_tf2.positions import split_lines

#: The parameters of methods, by which calls are bound.
_METHODS = {
    "run": ("fetches", "feed_dict", "options", "run_metadata"),
    "eval": ("feed_dict", "session"),
    "eval_variable": ("session",),
    "run_op": ("feed_dict", "session"),
    "minimize": (
        "loss", "global_step", "var_list", "gate_gradients", "aggregation_method", "colocate_gradients_with_ops",
        "name", "grad_loss",
    ),
    "compute_gradients": (
        "loss", "var_list", "gate_gradients", "aggregation_method", "colocate_gradients_with_ops", "grad_loss",
    ),
    "apply_gradients": ("grads_and_vars", "global_step", "name"),
}  # fmt: skip


class Stuck(Exception):
    """Something stands in the way of a conversion: what, and where."""

    def __init__(self, node: ast.AST | None, reason: str):
        super().__init__(reason)
        self.node = node
        self.reason = reason


class Source:
    """A file, parsed and resolved. Raises SyntaxError where it does not parse."""

    def __init__(self, source: str, options: Options = Options()):
        source = source.removeprefix("\ufeff")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tree = ast.parse(source)
        registry = registries.load(options.rules)
        lines = split_lines(source)
        roots = dict(registry.roots)
        roots.update({root: ("tf", "native") for root in options.extra_roots})
        self.table = registry.table
        self.roles = Roles(self.table)
        self.text = Text(lines)
        self.layout = Layout(self.tree, source, tuple(roots))
        self.resolver = Resolver(self.layout, registry.table, registry.receivers, roots, registry.extra_names, Kept())
        # What `find` is not asked for is not looked at: it only fills what the resolver keeps.
        References(self.layout, self.resolver, registry.methods, None).find()
        self.parents: dict[ast.AST, ast.AST] = {}
        self._places: dict[ast.AST, tuple] = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
        for scope, block, expressions, _ in self.layout.entries:
            for expression in expressions:
                for node in ast.walk(expression):
                    self._places[node] = (scope, block)

    @functools.cached_property
    def names(self) -> dict[str, list[ast.Name]]:
        """The places where each name is read or bound, in the order of `ast.walk`."""
        found: dict[str, list[ast.Name]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name):
                found.setdefault(node.id, []).append(node)
        return found

    @functools.cached_property
    def parameters(self) -> set[str]:
        """The names of the parameters of all functions."""
        return {node.arg for node in ast.walk(self.tree) if isinstance(node, ast.arg)}

    @functools.cached_property
    def calls_by_name(self) -> dict[str, list[ast.Call]]:
        """The calls of each plain name, in the order of `ast.walk`."""
        found: dict[str, list[ast.Call]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found.setdefault(node.func.id, []).append(node)
        return found

    def symbol(self, node: ast.AST) -> str:
        """The TF1 symbol that a dotted name stands for, in canonical spelling; "" where it stands for none."""
        place = self._places.get(node)
        if place is None or not isinstance(node, (ast.Name, ast.Attribute)):
            return ""
        values = self.resolver.values(node, *place)
        if len(values) != 1 or values[0].kind != "symbol":
            return ""
        return self.table.canonical(values[0].name)

    def role(self, symbol: str) -> Role:
        """What a call of a symbol makes."""
        return self.roles.of(symbol)

    def called_role(self, node: ast.AST) -> Role | None:
        """The role of the symbol that a node calls; None where it is no call of one."""
        symbol = self.symbol(node.func) if isinstance(node, ast.Call) else ""
        return self.role(symbol) if symbol else None

    def calls(self, node: ast.AST, *roles: Role) -> Iterator[tuple[ast.Call, str, Role]]:
        """The calls in code of symbols that have one of the roles, outer ones first, with symbol and role."""
        for inner in ast.walk(node):
            role = self.called_role(inner)
            if role in roles:
                yield inner, self.symbol(inner.func), role

    def bind(self, call: ast.Call, symbol: str) -> Arguments:
        """The arguments of a call of a symbol by their TF1 names. Raises Stuck behind a star."""
        row = self.table.row(symbol)
        signature = self.table.signature(row.tf1) if row is not None else ()
        if row is not None and row.kind == "class":
            signature = tuple(p for p in signature if p.name != "self")
        arguments = bind(call, signature)
        if arguments.open:
            raise Stuck(call, "a star hides what the call is given")
        return arguments

    def bind_method(self, call: ast.Call, method: str) -> dict[str, ast.expr]:
        """The arguments of a call of a method that the converter knows. Raises Stuck behind a star."""
        names = _METHODS[method]
        if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
            raise Stuck(call, "a star hides what the call is given")
        if len(call.args) > len(names):
            raise Stuck(call, "it has more arguments than TF1 knows")
        return dict(zip(names, call.args)) | {k.arg: k.value for k in call.keywords}

    def fields(self, node: ast.expr) -> list[str] | None:
        """The fields of a class of named tuples; None where a node names none that the file makes."""
        for statement in self.tree.body if isinstance(node, ast.Name) else ():
            call = getattr(statement, "value", None)
            if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == node.id:
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("namedtuple") and len(call.args) == 2:
                    try:
                        fields = ast.literal_eval(call.args[1])
                    except ValueError:
                        return None
                    return fields.replace(",", " ").split() if isinstance(fields, str) else list(fields)
        return None

    def alias(self) -> str:
        """What the file calls TensorFlow. Raises Stuck where it imports it under no name."""
        for name, bindings in self.layout.module.bindings.items():
            if any(b.kind == "import" and b.node in ("tensorflow", "tensorflow.compat.v1") for b in bindings):
                return name
        raise Stuck(None, "the file does not import tensorflow under a name")

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.text.of(node)
