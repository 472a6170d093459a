"""Counters of steps that XLA can reach on a GPU, for --jit.

TensorFlow keeps int32 variables in the memory of the host, and a function that XLA compiled for a GPU cannot use them
there. int64, which `tf.train.create_global_step` takes, is kept on the GPU.
"""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.schedules import is_schedule
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options

_VARIABLES = {"tf.Variable": "initial_value", "tf.get_variable": "initializer"}
#: What takes a counter of either type as its first argument.
_TAKE = {"tf.cast", "tf.to_float", "tf.assign", "tf.assign_add"}
_RUN = {"run", "eval"}


def widened(source: str, options: Options) -> str:
    """A source whose int32 counters are int64, where nothing in it can tell them apart."""
    file = Source(source, options)
    rewriter = Rewriter(file)
    for node in ast.walk(file.tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and is_int32(file, node.value)):
            continue
        target = node.targets[0]
        others = [use for use in file.names[target.id] if use is not target]
        if len(node.targets) == 1 and all(_takes_either(file, use) for use in others):
            _widen(file, rewriter, node.value)
    return rewriter.render(0, len(file.text.text))


def is_int32(file: Source, call: ast.expr) -> bool:
    """Whether an expression makes an int32 variable, as far as it shows it."""
    symbol = file.symbol(call.func) if isinstance(call, ast.Call) else ""
    if symbol not in _VARIABLES:
        return False
    bound = file.bind(call, symbol).bound
    if "dtype" in bound:
        return file.symbol(bound["dtype"].value) == "tf.int32"
    initial = bound.get(_VARIABLES[symbol])
    return initial is not None and type(getattr(initial.value, "value", None)) is int


def _widen(file: Source, rewriter: Rewriter, call: ast.Call) -> None:
    bound = file.bind(call, file.symbol(call.func)).bound
    wide = f"{file.alias()}.int64"
    if "dtype" in bound:
        rewriter.replace(bound["dtype"].value, wide)
    else:
        rewriter.replace(call, f"{file.of(call)[:-1].rstrip().rstrip(',')}, dtype={wide})")


def _takes_either(file: Source, use: ast.Name) -> bool:
    """Whether a use of a counter gives the same with int32 as with int64."""
    node, parent = use, file.parents[use]
    if isinstance(use.ctx, ast.Store):
        return False
    if isinstance(parent, ast.keyword):
        return parent.arg == "global_step"
    while isinstance(parent, (ast.List, ast.Tuple)):
        node, parent = parent, file.parents[parent]
    if isinstance(parent, ast.Attribute):
        return parent.attr in _RUN
    if not isinstance(parent, ast.Call) or node is parent.func:
        return False
    if isinstance(parent.func, ast.Attribute) and parent.func.attr in _RUN:
        return node is parent.args[0]
    symbol = file.symbol(parent.func)
    if symbol == "tf.train.global_step":
        return True
    if node is not use:
        return False
    if is_schedule(symbol):
        return True
    operands = [argument for argument in parent.args[1:] if symbol.startswith("tf.assign")]
    return symbol in _TAKE and node is parent.args[0] and all(isinstance(o, ast.Constant) for o in operands)
