"""Calls within graphs that TF2 has only in another form, as that form."""

from __future__ import annotations

import ast

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options


def respelled(source: str, options: Options) -> str:
    """A source in which prints that count are the operation that TF1 ran, and cases are lists of pairs."""
    file = Source(source, options)
    rewriter = Rewriter(file)
    for node in [*ast.walk(file.tree)][::-1]:  # inner ones first
        symbol = file.symbol(node.func) if isinstance(node, ast.Call) else ""
        if symbol == "tf.Print" and not _is_plain(file, node):
            rewriter.replace(node, _print(file, rewriter, node, symbol))
        elif symbol == "tf.case" and node.args and isinstance(node.args[0], ast.Dict) and None not in node.args[0].keys:
            pairs = zip(node.args[0].keys, node.args[0].values)
            texts = ", ".join(f"({rewriter.of(k)}, {rewriter.of(v)})" for k, v in pairs)
            rewriter.replace(node.args[0], f"[{texts}]")
    return rewriter.render(0, len(file.text.text))


def _is_plain(file: Source, node: ast.Call) -> bool:
    """Whether a print is all of a statement, and prints at each run: for that there is a fix."""
    parent = file.parents[node]
    return isinstance(parent, ast.Assign) and "first_n" not in file.bind(node, "tf.Print").bound


def _print(file: Source, rewriter: Rewriter, node: ast.Call, symbol: str) -> str:
    bound = file.bind(node, symbol).bound
    texts = {
        "input": rewriter.of(bound["input_"].value), "data": rewriter.of(bound["data"].value), "message": "''",
        "first_n": "-1", "summarize": "3",
    }  # fmt: skip
    for name in ("message", "first_n", "summarize"):
        if name in bound and not (isinstance(bound[name].value, ast.Constant) and bound[name].value.value is None):
            texts[name] = file.of(bound[name].value)
    tf = file.of(node.func).removesuffix(".Print")
    return f"{tf}.raw_ops.Print({', '.join(f'{name}={text}' for name, text in texts.items())})"
