"""Fixes that need Python, by the key `function` of a rule's fix: each takes the site and the fix, and returns edits."""

from __future__ import annotations

from typing import Callable

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, rename
from flake8_tf2.fix.calls import adapt
from flake8_tf2.fix.text import Refused


def native(site: Site, spec: dict) -> list[Edit]:
    """`tf.compat.v1.x` as `tf.x`, where both are one object or differ in parameters that the call can be adapted to."""
    row = site.use.row
    symbol = site.use.reference.symbol
    if row is not None and row.status == "other":
        raise Refused("TF2 has another object under this name")
    edits = rename(site, symbol)
    if row is not None and row.status == "signature":
        edits += adapt(site, spec)
    return edits


FUNCTIONS: dict[str, Callable[[Site, dict], list[Edit]]] = {"adapt": adapt, "native": native}
