"""Functions of devices, which TF2 does not call: the device that they give to all but variables, in their place."""

from __future__ import annotations

import ast

from flake8_tf2.convert.kinds import free_names
from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.queues import delete
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options

#: The types of ops that hold state, which such functions place elsewhere. In TF2 a variable is no op.
_STATE = {
    "Variable", "VariableV2", "AutoReloadVariable", "VarHandleOp", "MutableHashTable", "MutableHashTableOfTensors",
    "MutableDenseHashTable",
}  # fmt: skip


def with_plain_devices(source: str, options: Options) -> str:
    """A source without functions of devices that only tell variables from all else; others stay as they are."""
    if "device(" not in source:
        return source
    file = Source(source, options)
    rewriter = Rewriter(file)
    functions = {n.name: n for n in file.tree.body if isinstance(n, ast.FunctionDef)}
    replaced: set[str] = set()
    for call in ast.walk(file.tree):
        if not isinstance(call, ast.Call) or file.symbol(call.func) != "tf.device" or len(call.args) != 1:
            continue
        given = call.args[0]
        maker = functions.get(getattr(given.func, "id", "")) if isinstance(given, ast.Call) else None
        device = _device(file, maker, given) if maker is not None else None
        if device is not None:
            rewriter.replace(given, file.of(device))
            replaced.add(maker.name)
    for name in replaced:
        _forget(file, rewriter, functions[name])
    return rewriter.render(0, len(file.text.text)) if replaced else source


def _device(file: Source, maker: ast.FunctionDef, call: ast.Call) -> ast.expr | None:
    """What the function that a call makes returns for an op without state; None where that is not known."""
    inner = [n for n in maker.body if isinstance(n, ast.FunctionDef)]
    last = maker.body[-1]
    if len(inner) != 1 or not isinstance(last, ast.Return) or getattr(last.value, "id", "") != inner[0].name:
        return None
    returned = None
    for position, node in enumerate(inner[0].body):
        if isinstance(node, ast.If):
            others = node.orelse or inner[0].body[position + 1 :]
            if not _asks_for_state(file, node.test) or len(others) != 1 or not isinstance(others[0], ast.Return):
                return None
            returned = others[0].value
            break
        if not isinstance(node, ast.Assign):
            return None
    parameters = [a.arg for a in maker.args.args]
    given = {**dict(zip(parameters, call.args)), **{k.arg: k.value for k in call.keywords}}
    if isinstance(returned, ast.Constant) and isinstance(returned.value, str):
        return returned
    return given.get(getattr(returned, "id", ""))


def _asks_for_state(file: Source, test: ast.expr) -> bool:
    """Whether a test asks only if an op is of one of the types that hold state."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], (ast.In, ast.Eq)):
        return False
    types = test.comparators[0]
    if isinstance(types, ast.Name):
        values = [n.value for n in file.tree.body if isinstance(n, ast.Assign) and types.id in map(_named, n.targets)]
        types = values[0] if len(values) == 1 else types
    elements = types.elts if isinstance(types, (ast.List, ast.Tuple, ast.Set)) else [types]
    named = {e.value if isinstance(e, ast.Constant) else None for e in elements}
    return getattr(test.left, "attr", "") in ("op", "type") and named <= _STATE


def _forget(file: Source, rewriter: Rewriter, maker: ast.FunctionDef) -> None:
    """Delete a function that nothing calls any more, and what only it read."""
    inside = {id(n) for n in ast.walk(maker)}
    used = [n.args[0].func for n in ast.walk(file.tree)
            if isinstance(n, ast.Call) and n.args and file.text.range(n.args[0]) in rewriter.edits]  # fmt: skip
    names = [n for n in ast.walk(file.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    if any(n.id == maker.name and n not in used for n in names):
        return
    delete(file, rewriter, maker)
    for node in file.tree.body:
        if isinstance(node, ast.Assign) and all(map(_named, node.targets)):
            own = {_named(t) for t in node.targets}
            reading = [n for n in names if n.id in own]
            if own <= free_names(maker) and all(id(n) in inside for n in reading):
                delete(file, rewriter, node)


def _named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
