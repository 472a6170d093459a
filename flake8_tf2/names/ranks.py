"""How many axes a tensor has, as far as the file shows: a vector in `tf.random_uniform(tf.stack([n]))`."""

from __future__ import annotations

import ast

from flake8_tf2.names.origins import bindings_of, called
from flake8_tf2.names.scopes import Scope
from flake8_tf2.names.values import Resolver

#: What has the shape that is its argument of this position, or of this name.
_SHAPED = {
    "tf.zeros": (0, "shape"), "tf.ones": (0, "shape"), "tf.fill": (0, "dims"), "tf.reshape": (1, "shape"),
    "tf.random.uniform": (0, "shape"), "tf.random.normal": (0, "shape"), "tf.random.truncated_normal": (0, "shape"),
    "tf.placeholder": (1, "shape"), "tf.get_variable": (1, "shape"), "tf.broadcast_to": (1, "shape"),
}  # fmt: skip
#: What has the axes of its first argument.
_ELEMENTWISE = {
    "tf.cast", "tf.identity", "tf.stop_gradient", "tf.to_float", "tf.to_int32", "tf.to_int64", "tf.zeros_like",
    "tf.ones_like", "tf.abs", "tf.square", "tf.sqrt", "tf.exp", "tf.log", "tf.negative", "tf.sign", "tf.logical_not",
    "tf.is_nan", "tf.is_finite", "tf.nn.relu", "tf.sigmoid", "tf.tanh", "tf.round", "tf.floor", "tf.ceil",
}  # fmt: skip
_SUM_UP = {
    "tf.reduce_sum", "tf.reduce_mean", "tf.reduce_max", "tf.reduce_min", "tf.reduce_prod", "tf.reduce_all",
    "tf.reduce_any", "tf.reduce_logsumexp",
}  # fmt: skip
_MAX_DEPTH = 12


def rank(resolver: Resolver, node: ast.expr, scope: Scope, block: int, depth: int = 0) -> int | None:
    """The number of axes of what an expression stands for, or None."""
    if depth > _MAX_DEPTH:
        return None

    def of(part: ast.expr) -> int | None:
        return rank(resolver, part, scope, block, depth + 1)

    cls = node.__class__
    if cls is ast.Constant:
        return 0 if isinstance(node.value, (int, float, str, bytes)) else None
    if cls is ast.UnaryOp:
        return of(node.operand)
    if cls is ast.Compare or cls is ast.BinOp:
        operands = [node.left, node.right] if cls is ast.BinOp else [node.left, *node.comparators]
        ranks = [of(operand) for operand in operands]
        return None if None in ranks or getattr(node, "op", None).__class__ is ast.MatMult else max(ranks)
    if cls is ast.List or cls is ast.Tuple:
        inner = of(node.elts[0]) if node.elts and node.elts[0].__class__ is not ast.Starred else None
        return None if inner is None else inner + 1
    if cls is ast.Call:
        names = {resolver.table.canonical(name) for name in called(resolver, node, scope, block)}
        return _of_call(resolver, names.pop(), node, scope, block, depth) if len(names) == 1 else None
    if cls is ast.Name or cls is ast.Attribute:
        ranks = set()
        for binding in bindings_of(resolver, node, scope, block):
            plain = binding.kind == "value" and isinstance(binding.node, ast.expr)
            ranks.add(rank(resolver, binding.node, binding.scope, binding.block, depth + 1) if plain else None)
        return ranks.pop() if len(ranks) == 1 else None
    return None


def _of_call(resolver: Resolver, name: str, call: ast.Call, scope: Scope, block: int, depth: int) -> int | None:
    canonical = resolver.table.canonical
    if any(argument.__class__ is ast.Starred for argument in call.args):
        return None
    first = call.args[0] if call.args else None
    for function, (position, keyword) in _SHAPED.items():
        if canonical(function) == name:
            shape = _argument(call, position, keyword)
            return None if shape is None else _length(resolver, shape, scope, block)
    if first is None:
        return None
    if name == canonical("tf.shape"):
        return 1
    if name == canonical("tf.range"):
        return 1
    inner = rank(resolver, first, scope, block, depth + 1)
    if name in map(canonical, _ELEMENTWISE):
        return inner
    if name == canonical("tf.constant"):
        return inner if _argument(call, 2, "shape") is None else None
    arg_max = name in (canonical("tf.argmax"), canonical("tf.argmin"))
    if (arg_max or name in map(canonical, _SUM_UP)) and not any(k.arg in _KEEPS for k in call.keywords):
        axis = _argument(call, 1, "axis") or _argument(call, 1, "reduction_indices") or _argument(call, 1, "dimension")
        if axis is None and not arg_max:
            return 0
        one = axis is None or _is_number(axis)
        return inner - 1 if inner and one and (arg_max or len(call.args) < 3) else None
    return None


def _length(resolver: Resolver, shape: ast.expr, scope: Scope, block: int) -> int | None:
    """How many axes a shape has that an expression gives."""
    cls = shape.__class__
    if cls is ast.List or cls is ast.Tuple:
        return None if any(part.__class__ is ast.Starred for part in shape.elts) else len(shape.elts)
    if cls is ast.Call and len(shape.args) == 1:
        names = called(resolver, shape, scope, block)
        if names == {resolver.table.canonical("tf.stack")} and shape.args[0].__class__ is ast.List:
            return _length(resolver, shape.args[0], scope, block)
        if names == {resolver.table.canonical("tf.shape")}:
            return rank(resolver, shape.args[0], scope, block, _MAX_DEPTH // 2)
    return None


def _argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    if len(call.args) > position:
        return call.args[position]
    return next((k.value for k in call.keywords if k.arg == keyword), None)


def _is_number(node: ast.expr) -> bool:
    value = node.operand if node.__class__ is ast.UnaryOp else node
    return value.__class__ is ast.Constant and isinstance(value.value, int)


_KEEPS = {"keepdims", "keep_dims"}
