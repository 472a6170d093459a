"""Whether a tensor holds floats or integers, where the file shows it."""

from __future__ import annotations

import ast

from flake8_tf2.arguments import bind
from flake8_tf2.fix.build import Site
from flake8_tf2.fix.ranks import called
from flake8_tf2.match import literal_value
from flake8_tf2.names.scopes import Scope

_FLOATS = {"float16", "float32", "float64", "bfloat16"}
_INTEGERS = {"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
_CASTS = {"tf.to_float": "float", "tf.to_double": "float", "tf.to_int32": "integer", "tf.to_int64": "integer"}
#: Functions that take floats only, or complex numbers, which divide as floats do.
_OF_FLOATS = {
    "exp", "log", "log1p", "sqrt", "rsqrt", "sigmoid", "tanh", "nn.softmax", "nn.sigmoid", "nn.softplus", "nn.tanh",
    "nn.log_softmax", "sin", "cos", "erf", "norm", "nn.l2_loss", "nn.l2_normalize",
}  # fmt: skip
#: Functions that give integers, whatever they are given.
_OF_INTEGERS = {"shape", "size", "rank", "argmax", "argmin"}
#: Functions that give what their first argument is.
_SAME = {
    "reduce_sum", "reduce_max", "reduce_min", "reduce_mean", "reduce_prod", "identity", "stop_gradient", "abs",
    "square", "expand_dims", "squeeze", "reshape", "transpose", "tile", "maximum", "minimum", "add", "subtract",
    "multiply", "cumsum", "gather", "negative", "zeros_like", "ones_like",
}  # fmt: skip
_MAX_STEPS = 30


def kind(site: Site, node: ast.expr) -> str:
    """ "float" or "integer" as an expression of the call's arguments evidently is; "" where that is not seen.

    A Python integer is neither, since it becomes what it is computed with.
    """
    reference = site.use.reference
    return _Kinds(site).of(node, reference.scope, reference.block)


class _Kinds:
    def __init__(self, site: Site):
        self.file = site.builder.file
        self.steps = 0
        canonical = self.file.table.canonical
        self.floats = {canonical(f"tf.{name}") for name in _OF_FLOATS}
        self.integers = {canonical(f"tf.{name}") for name in _OF_INTEGERS}
        self.same = {canonical(f"tf.{name}") for name in _SAME}
        self.casts = {canonical(name): found for name, found in _CASTS.items()}

    def of(self, node: ast.expr, scope: Scope, block: int) -> str:
        self.steps += 1
        value, known = literal_value(node)
        if self.steps > _MAX_STEPS or known:
            return "float" if isinstance(value, float) else ""
        if isinstance(node, ast.BinOp):
            found = self.of(node.left, scope, block) or self.of(node.right, scope, block)
            # The quotient of integers is one in Python 2.
            return "" if isinstance(node.op, ast.Div) and found != "float" else found
        if isinstance(node, ast.UnaryOp):
            return self.of(node.operand, scope, block)
        if isinstance(node, ast.Subscript):
            return self.of(node.value, scope, block) if isinstance(node.value, ast.Call) else ""
        if isinstance(node, ast.Name):
            bindings = self.file.resolver.lookup(node.id, scope, (node.lineno, node.col_offset), block) or []
            found = {
                self.of(b.node, b.scope, b.block) if b.kind == "value" and isinstance(b.node, ast.expr) else ""
                for b in bindings
            }
            return found.pop() if len(found) == 1 else ""
        return self._of_call(node, scope, block) if isinstance(node, ast.Call) else ""

    def _of_call(self, call: ast.Call, scope: Scope, block: int) -> str:
        table = self.file.table
        symbol = called(self.file, call, scope, block)
        row = table.row(symbol) if symbol else None
        if row is None:
            return ""
        for names, result in ((self.floats, "float"), (self.integers, "integer")):
            if symbol in names:
                return result
        if symbol in self.casts:
            return self.casts[symbol]
        signature = table.signature(row.tf1)
        bound = bind(call, signature).bound
        if symbol == table.canonical("tf.cast"):
            dtype = getattr(bound["dtype"].value, "attr", "") if "dtype" in bound else ""
            return "float" if dtype in _FLOATS else "integer" if dtype in _INTEGERS else ""
        first = bound.get(signature[0].name) if signature else None
        return self.of(first.value, scope, block) if first is not None and symbol in self.same else ""
