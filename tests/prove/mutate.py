"""Mutants of what fixes write: small wrong changes, which the proof must notice."""

from __future__ import annotations

import ast
import copy
import inspect
import random
from typing import Callable, Iterator, NamedTuple

#: The most siblings that take the place of one symbol.
_SIBLINGS = 6
_STRINGS = {
    "SAME": "VALID", "VALID": "SAME", "fan_in": "fan_avg", "fan_avg": "fan_in", "MAX": "AVG", "AVG": "MAX",
    "truncated_normal": "untruncated_normal", "uniform": "truncated_normal", "channels_last": "channels_first",
}  # fmt: skip
_DTYPES = {
    "float32": "float64", "float64": "float32", "float16": "float32", "int32": "int64", "int64": "int32",
    "bool": "int32", "uint8": "int32", "string": "int32",
}  # fmt: skip
_OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Pow: ast.Mult,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
#: Methods of instances, for which there is no namespace to look into.
_METHODS = {
    "assign": "assign_add", "assign_add": "assign_sub", "assign_sub": "assign_add", "map": "filter", "filter": "map",
    "scatter_add": "scatter_sub", "scatter_sub": "scatter_add", "take": "skip", "skip": "take", "batch": "take",
}  # fmt: skip
#: What touches files becomes another of its row, and nothing else: mutants must not delete what is not theirs.
_FILES = [{"exists", "isdir", "glob", "listdir", "stat", "walk"}, {"copy", "rename"}, {"mkdir", "makedirs"}]
_UNTOUCHED = ("tf.io", "tf.saved_model", "tf.summary", "tf.train", "tf.debugging", "tf.config", "tf.test", "tf.sysconfig")

#: Changes a node of a copied tree in its place, or returns what takes its place.
Change = Callable[[ast.AST], ast.AST | None]


class Mutant(NamedTuple):
    """A wrong version of a source: which operator made it, what it changed, and all of it."""

    operator: str
    change: str
    source: str


def mutants(before: list[str], after: str, seed: str) -> list[Mutant]:
    """All mutants of what of `after` is in none of the sources before, in an order that the seed decides."""
    tree = ast.parse(after)
    nodes = (node for source in before for node in ast.walk(ast.parse(source)))
    old = {ast.dump(node) for node in nodes if not isinstance(node, (ast.Constant, ast.Name))}
    names = _imported(tree)
    chance = random.Random(seed)
    found = []
    for number, node in enumerate(_changed(tree, old)):
        for operator, change in _changes(node, names, chance):
            other = copy.deepcopy(tree)
            target = list(_changed(other, old))[number]
            place = change(target)
            if place is not None:
                other = _Replace(target, place).visit(other)
            ast.fix_missing_locations(other)
            text = f"{ast.unparse(node)} -> {ast.unparse(place if place is not None else target)}"
            found.append(Mutant(operator, text, ast.unparse(other) + "\n"))
    unique = {mutant.source: mutant for mutant in found if mutant.source != ast.unparse(tree) + "\n"}
    order = sorted(unique.values())
    chance.shuffle(order)
    return order


def _changed(tree: ast.AST, old: set[str]) -> Iterator[ast.AST]:
    """The nodes that are new, and constants in them. Imports and names of operations do not count."""
    for child in ast.iter_child_nodes(tree):
        is_old = isinstance(child, (ast.stmt, ast.expr)) and ast.dump(child) in old
        if is_old or isinstance(child, (ast.Import, ast.ImportFrom)) or getattr(child, "arg", None) == "name":
            continue
        yield child
        yield from _changed(child, old)
    if isinstance(tree, ast.Call) and ast.dump(tree.func) in old:
        yield tree.func  # the call is new, if its function is not


class _Replace(ast.NodeTransformer):
    def __init__(self, target: ast.AST, place: ast.AST):
        self.target, self.place = target, place

    def visit(self, node: ast.AST) -> ast.AST:
        return self.place if node is self.target else self.generic_visit(node)


def _changes(node: ast.AST, names: dict[str, object], chance: random.Random) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Constant):
        yield from (("constant", change) for change in _constants(node.value))
    elif isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in _OPERATORS:
        yield "operator", lambda n: setattr(n, "op", _OPERATORS[type(n.op)]())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _OPERATORS:
        yield "operator", lambda n: n.ops.__setitem__(0, _OPERATORS[type(n.ops[0])]())
    elif isinstance(node, ast.Attribute):
        yield from _attributes(node, names, chance)
    elif isinstance(node, ast.Call):
        yield from _calls(node)
        yield "negate", lambda n: ast.UnaryOp(ast.USub(), n)
        for number in range(len(node.args)):
            if not isinstance(node.args[number], (ast.Starred, ast.Constant)):
                yield "negate", lambda n, at=number: n.args.__setitem__(at, ast.UnaryOp(ast.USub(), n.args[at]))


def _constants(value: object) -> Iterator[Change]:
    def becomes(other: object) -> Change:
        return lambda node: ast.Constant(other)

    if isinstance(value, bool):
        yield becomes(not value)
    elif isinstance(value, int):
        yield becomes(value + 1)
        yield becomes(-value if value else -1)
    elif isinstance(value, float):
        yield becomes(value * 2 or 1.0)
        yield becomes(-value or 0.5)
    elif isinstance(value, str):
        yield becomes(_STRINGS.get(value, value + "x"))


def _calls(node: ast.Call) -> Iterator[tuple[str, Change]]:
    for number, keyword in enumerate(node.keywords):
        if keyword.arg not in (None, "name"):
            yield "keyword", lambda n, at=number: n.keywords.pop(at) and None
    values = [ast.dump(value) for value in (*node.args, *(k.value for k in node.keywords))]
    for number in range(len(values) - 1):
        if values[number] != values[number + 1]:
            yield "swap", lambda n, at=number: _swap(n, at)


def _swap(node: ast.Call, at: int) -> None:
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    values[at], values[at + 1] = values[at + 1], values[at]
    node.args = values[: len(node.args)]
    for keyword, value in zip(node.keywords, values[len(node.args) :]):
        keyword.value = value


def _attributes(node: ast.Attribute, names: dict[str, object], chance: random.Random) -> Iterator[tuple[str, Change]]:
    def becomes(name: str) -> Change:
        return lambda n: setattr(n, "attr", name)

    chain = ast.unparse(node)
    parent = _resolve(ast.unparse(node.value), names)
    if chain.startswith("tf.") and node.attr in _DTYPES:
        yield "dtype", becomes(_DTYPES[node.attr])
    elif parent is None:
        if node.attr in _METHODS:
            yield "symbol", becomes(_METHODS[node.attr])
    elif callable(getattr(parent, node.attr, None)):
        siblings = _siblings(chain, node.attr, parent)
        for name in chance.sample(siblings, min(len(siblings), _SIBLINGS)):
            yield "symbol", becomes(name)


def _siblings(chain: str, name: str, parent: object) -> list[str]:
    """The names of a namespace that may be taken for one of them: of the same sort, with the parameters that it requires."""
    for row in _FILES:
        if name in row and chain.startswith("tf.io.gfile."):
            return sorted(row - {name})
    if chain.startswith(_UNTOUCHED) and not chain.startswith("tf.train.load"):
        return []
    own = _plain(getattr(parent, name))
    found = []
    for other in dir(parent):
        value = _plain(getattr(parent, other, None))
        same_sort = callable(value) and inspect.isclass(value) == inspect.isclass(own) and not inspect.ismodule(value)
        if not other.startswith("_") and same_sort and value is not own and _takes(value, own):
            found.append(other)
    return found


def _takes(value: Callable, own: Callable) -> bool:
    """Whether a callable can be called with what the other requires."""
    try:
        parameters = inspect.signature(own).parameters.values()
        required = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
        inspect.signature(value).bind(*required)
    except (TypeError, ValueError):
        return False
    return True


def _plain(value: object) -> object:
    from tensorflow.python.util import tf_decorator

    return tf_decorator.unwrap(value)[1] if callable(value) else value


def _imported(tree: ast.Module) -> dict[str, object]:
    """The namespaces that a source imports, by the names that it gives them."""
    names: dict[str, object] = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            text = ast.unparse(node)
            if text == "import tensorflow as tf" or text.startswith("from absl import"):
                exec(text, names)
    return names


def _resolve(chain: str, names: dict[str, object]) -> object:
    """What a dotted name stands for, where its head is a namespace that is imported."""
    head, *rest = chain.split(".")
    value = names.get(head)
    for part in rest:
        value = getattr(value, part, None)
    return value
