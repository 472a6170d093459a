"""Fixes of contrib: functions for `dataset.apply`, and layers whose arguments a scope could give."""

from __future__ import annotations

import ast

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, fill_template, rename
from flake8_tf2.fix.ranks import rank
from flake8_tf2.fix.text import Refused


def applied(site: Site, spec: dict) -> list[Edit]:
    """Write the template over `dataset.apply(f(...))`; `{self}` is the dataset."""
    call = site.call
    outer = site.builder.parents.get(call)
    if isinstance(outer, ast.keyword) and outer.arg == "transformation_func":
        outer = site.builder.parents.get(outer)
    if not isinstance(outer, ast.Call) or not isinstance(outer.func, ast.Attribute) or outer.func.attr != "apply":
        raise Refused("it is not the argument of a dataset's apply")
    if len(outer.args) + len(outer.keywords) != 1:
        raise Refused("apply has more arguments than a function of datasets")
    return fill_template(site, spec, outer)


def outside_arg_scope(site: Site, spec: dict) -> list[Edit]:
    """Write the template, but not in a file with an arg_scope, which may give arguments that the call does not show."""
    nodes = ast.walk(site.builder.file.references.layout.tree)
    if any("arg_scope" in (getattr(n, "attr", None) or getattr(n, "id", "")) for n in nodes):
        raise Refused("an arg_scope of the file may give it arguments")
    return fill_template(site, spec)


def contrib_keras(site: Site, spec: dict) -> list[Edit]:
    """The name without `contrib.`, where TF1 had one object under both; modules go with what is used of them."""
    row = site.use.row
    if row is None or row.kind == "module" or not row.target.startswith("tf.keras."):
        raise Refused("tf.keras has another object under this name, or none")
    return rename(site, row.target)


def transpose_batch_time(site: Site, spec: dict) -> list[Edit]:
    """Write the template, which is for three axes."""
    argument = site.arguments.bound.get("x")
    if argument is None or rank(site, argument.value) != 3:
        raise Refused("whether it has three axes is not seen here")
    return fill_template(site, spec)
