"""Fixes that depend on what an argument evidently is: its rank, its dtype, the call that takes it."""

from __future__ import annotations

import ast

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, fill
from flake8_tf2.fix.kinds import kind
from flake8_tf2.fix.ranks import rank
from flake8_tf2.fix.text import Refused


def batch_gather(site: Site, spec: dict) -> list[Edit]:
    """`tf.gather` with the batch dimensions that the rank of the indices gives."""
    indices = site.arguments.bound.get("indices")
    axes = rank(site, indices.value) if indices else 0
    if not axes:
        raise Refused("the rank of the indices is not seen here")
    return fill(site, f"tf.gather({{params}}, {{indices}}, batch_dims={axes - 1})", [])


def div(site: Site, spec: dict) -> list[Edit]:
    """`tf.divide` of floats, `tf.math.floordiv` of integers, where an operand shows which they are."""
    bound = site.arguments.bound
    kinds = {kind(site, bound[name].value) for name in ("x", "y") if name in bound} - {""}
    if kinds == {"float"}:
        return fill(site, "tf.math.truediv({x}, {y})", [])
    if kinds == {"integer"}:
        return fill(site, "tf.math.floordiv({x}, {y})", [])
    raise Refused("whether these are integers, which tf.div floors, or floats is not seen here")


def tfrecord_compression(site: Site, spec: dict) -> list[Edit]:
    """A constant of TFRecordCompressionType as the string that it is to TFRecordOptions, where it is given to that."""
    node = site.use.reference.node
    parent = site.builder.parents.get(node)
    if isinstance(parent, ast.keyword):
        parent = site.builder.parents.get(parent)
    name = site.match.symbol.rpartition(".")[2]
    if isinstance(node, ast.Attribute) and name == "TFRecordCompressionType":
        outer = site.builder.parents.get(node)
        if isinstance(outer, ast.Attribute):
            node, name = outer, outer.attr
            parent = site.builder.parents.get(outer)
            if isinstance(parent, ast.keyword):
                parent = site.builder.parents.get(parent)
    texts = {"NONE": '""', "ZLIB": '"ZLIB"', "GZIP": '"GZIP"'}
    takes = isinstance(parent, ast.Call) and getattr(parent.func, "attr", "") == "TFRecordOptions"
    if name not in texts or not takes:
        raise Refused("only TFRecordOptions is known to take the string")
    start, end = site.text.range(node)
    return [site.text.edit(start, end, texts[name])]
