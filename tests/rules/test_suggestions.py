"""What rules suggest is TF2: every name in a target, a message or a TF2 equivalent resolves in the oldest and the newest."""

from __future__ import annotations

import re

import pytest

from flake8_tf2 import registry
from flake8_tf2.options import NEWEST, OLDEST
from tests.rules.files import RULES

_NAME = re.compile(r"\btf(?:\.\w+)+")


def suggested(rule: dict) -> set[str]:
    """The names that a rule tells its reader to write."""
    texts = [rule["tf2"], *(str(target) for target in rule.get("targets", {}).values())]
    return {name for text in texts for name in _NAME.findall(text)}


def resolves(name: str, version: tuple[int, int]) -> bool:
    """Whether TF2 has the name, or the class before its last dot has the attribute."""
    table = registry.load().table
    if table.resolves(name, version):
        return True
    parent, _, member = name.rpartition(".")
    return (
        table.resolves(parent, version)
        and table.tf2_has_member(parent, member) is not False
        and not table.is_module(parent)
    )


@pytest.mark.parametrize("version", [OLDEST, NEWEST], ids=str)
@pytest.mark.parametrize("rule", [pytest.param(r, id=r["code"]) for r in RULES])
def test_suggested_names_resolve(rule, version):
    allowed = {"tf.compat", "tf.compat.v1"}
    wrong = {
        n
        for n in suggested(rule)
        if not resolves(n, version) and n not in allowed and not n.startswith("tf.compat.v1.")
    }
    assert not wrong


def test_a_wrong_name_is_found():
    assert not resolves("tf.log", NEWEST)
    assert not resolves("tf.math.no_such_function", NEWEST)
    assert resolves("tf.data.Dataset.from_tensor_slices", NEWEST)
