"""Initializers that several variables share: written out at each, since one of Keras draws the same for all."""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options

#: What in TF2 is an initializer of Keras.
_OF_KERAS = ("xavier_initializer", "xavier_initializer_conv2d", "variance_scaling_initializer", "variance_scaling",
             "glorot_uniform_initializer", "glorot_normal_initializer", "glorot_uniform", "glorot_normal",
             "orthogonal_initializer", "orthogonal", "uniform_unit_scaling_initializer", "he_normal", "he_uniform",
             "lecun_normal", "lecun_uniform")  # fmt: skip


def written_out(source: str, options: Options) -> str:
    """A source in which names of such initializers are their calls, where those mean the same there."""
    file = Source(source, options)
    rewriter = Rewriter(file)
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            for target, value in _pairs(node.targets[0], node.value):
                if _is_initializer(file, value) and isinstance(target, ast.Name):
                    _write_out(file, rewriter, node, target, value)
    return rewriter.render(0, len(file.text.text)) if rewriter.edits else source


def _pairs(target: ast.expr, value: ast.expr):
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return zip(target.elts, value.elts)
    return [(target, value)]


def _is_initializer(file: Source, node: ast.expr) -> bool:
    symbol = file.symbol(node.func) if isinstance(node, ast.Call) else ""
    return symbol.rpartition(".")[2] in _OF_KERAS and file.role(symbol) is Role.HOST


def _write_out(file: Source, rewriter: Rewriter, node: ast.Assign, target: ast.Name, value: ast.Call) -> None:
    owner = _owner(file, node)
    names = [n for n in ast.walk(owner) if isinstance(n, ast.Name) and n.id == target.id]
    if any(n is not target and not isinstance(n.ctx, ast.Load) for n in names):
        return
    if any(isinstance(n, ast.arg) and n.arg == target.id for n in ast.walk(owner)):
        return
    if not all(isinstance(n, ast.Constant) for a in (*value.args, *(k.value for k in value.keywords)) for n in [a]):
        return
    for use in names:
        if use is not target:
            rewriter.replace(use, file.of(value))
    if node.targets[0] is target:
        start, end = file.text.offset(node.lineno, 0), file.text.range(node)[1]
        tail = file.text.text[end : file.text.text.find("\n", end)]
        alone = all(node not in getattr(file.parents[node], name, ()) or len(getattr(file.parents[node], name)) == 1
                    for name in ("body", "orelse", "finalbody"))  # fmt: skip
        if alone or tail.strip() or file.text.text[start : file.text.range(node)[0]].strip():
            rewriter.replace(node, "pass")
        else:
            rewriter.edits[(start, end + 1)] = ""


def _owner(file: Source, node: ast.AST) -> ast.AST:
    while not isinstance(node, (ast.FunctionDef, ast.Module, ast.ClassDef, ast.Lambda)):
        node = file.parents[node]
    return node
