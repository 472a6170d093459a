"""Fixes of inputs and execution."""

from __future__ import annotations

import ast

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, delete_statement, rename
from flake8_tf2.fix.text import Refused


def py_func(site: Site, spec: dict) -> list[Edit]:
    """`tf.numpy_function` for `tf.py_func`, unless Tout is or may be a list of one type, which gives a list in TF1 only."""
    argument = site.arguments.bound.get("Tout")
    if argument is None:
        raise Refused("the call does not give Tout")
    types = argument.value
    if isinstance(types, (ast.List, ast.Tuple)):
        if len(types.elts) < 2 or any(isinstance(t, ast.Starred) for t in types.elts):
            raise Refused("Tout is a list of one type, or of none: TF1 returns a list, eager TF2 the tensor")
        return rename(site, "tf.numpy_function")
    reference = site.use.reference
    values = site.builder.file.resolver.values(types, reference.scope, reference.block)
    if not values or any(v.kind != "symbol" for v in values):
        raise Refused("Tout may be a list of one type: TF1 returns a list, eager TF2 the tensor")
    return rename(site, "tf.numpy_function")


def reset_default_graph(site: Site, spec: dict) -> list[Edit]:
    """Delete the call where the file has no other name that only TF1 has, so that no graph is built any more."""
    file = site.builder.file
    for reference in file.references.find():
        row = file.table.row(reference.symbol)
        left = reference.receiver is not None and reference.receiver.spelling != "native"
        left = left or row is not None and row.status in ("compat", "gone")
        if left and reference.kind != "import" and reference.symbol != site.match.symbol:
            raise Refused(f"line {reference.place.line} still needs TF1's graph: {reference.symbol}")
    return delete_statement(site)
