"""A fix without a passing proof is not safe: every fix, and every symbol that a safe fix names, is executed or identical."""

from __future__ import annotations

import functools
from typing import Iterator

import pytest

pytest.importorskip("tensorflow", minversion="2.0")

import tensorflow as tf  # noqa: E402

from flake8_tf2 import registry  # noqa: E402
from flake8_tf2.prove.compare import other_object  # noqa: E402
from tests.equivalence.suite import CASES, RULES, fixed  # noqa: E402


@functools.lru_cache(maxsize=None)
def executed() -> frozenset[tuple[str, int, str]]:
    """(rule, number of the fix, symbol) of what cases run."""
    table = registry.load().table
    return frozenset(
        (case.rule, RULES[case.rule]["fixes"].index(fix), table.canonical(symbol))
        for case in CASES
        for fix, symbol in fixed(case).fixes
    )


def named(rule: dict, number: int) -> Iterator[tuple[str, str]]:
    """The symbols that a fix names one by one, each with its TF2 name where it is only renamed."""
    fix = rule["fixes"][number]
    rename = fix.get("rename")
    if isinstance(rename, dict):
        yield from rename.items()
    elif rename == "{target}":
        before = [earlier.get("rename") for earlier in rule["fixes"][:number]]
        own = {symbol for renames in before if isinstance(renames, dict) for symbol in renames}
        yield from ((symbol, target) for symbol, target in rule.get("targets", {}).items() if symbol not in own)
    elif isinstance(fix.get("template"), dict):
        yield from ((symbol, "") for symbol in fix["template"])


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule["code"]) for rule in RULES.values()])
def test_every_symbol_of_a_safe_fix_is_executed_or_identical(rule):
    table = registry.load().table
    left = []
    for number, fix in enumerate(rule["fixes"]):
        for symbol, target in named(rule, number) if fix.get("applicability") == "safe" else ():
            core = table.canonical(symbol)  # a name of contrib may be one of a core object
            if (rule["name"], number, core) not in executed() and not (target and other_object(tf, core, target) == ""):
                left.append(symbol)
    assert left == [], "no case runs them, and they are not one object: add a case, or make the fix unsafe"
