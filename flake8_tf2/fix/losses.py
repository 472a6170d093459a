"""Losses: TF1's functions also add to a collection, so they may go only where the file does not read it."""

from __future__ import annotations

import ast

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, fill_template
from flake8_tf2.fix.text import Refused

_READERS = {"get_total_loss", "get_losses", "create_train_op", "create_clones", "optimize_clones"}


def loss(site: Site, spec: dict) -> list[Edit]:
    """Write the template of a fix; raises Refused where the file reads the collection of losses."""
    if "loss_collection" in site.arguments.bound:
        raise Refused("it names the collection that it adds to")
    for node in ast.walk(site.builder.file.references.layout.tree):
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if name in _READERS or name == "LOSSES" or isinstance(node, ast.Constant) and node.value == "losses":
            raise Refused("the file reads the collection that the loss is added to")
    return fill_template(site, spec)
