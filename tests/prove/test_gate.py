"""A fix without a proof does not pass: each is taken by a case that is executed, and what TF 1.15.5 returned is recorded.

tests/equivalence executes them; it also looks at each symbol that a fix names.
"""

from __future__ import annotations

import pytest

from tests.equivalence.suite import CASES, RULES, fixed, recorded


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule["code"]) for rule in RULES.values()])
def test_every_fix_is_executed(rule):
    taken = []
    for case in CASES:
        if case.rule == rule["name"] and not case.fails:
            taken += [fix for fix, _ in fixed(case).fixes]
            assert recorded(case)
    unproved = any("unproved" in case for case in rule["cases"])  # which says why; that is never enough for `safe`
    wanted = [f for f in rule["fixes"] if "refuse" not in f and (f["applicability"] == "safe" or not unproved)]
    assert [fix for fix in wanted if fix not in taken] == [], "no case that is run takes it: add one with after"


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule["code"]) for rule in RULES.values()])
def test_only_what_is_claimed_equal_is_safe(rule):
    """Another random stream is safe where the original was not seeded: so a seed is a condition, of this fix or before."""
    asked = False
    for fix in rule["fixes"]:
        asked = asked or "seed" in fix.get("when", {})
        if fix.get("applicability") == "safe" and fix["proof"] == "distribution":
            assert asked or "seed" not in str(fix.get("template", ""))
        if fix.get("applicability") == "safe" and isinstance(fix["proof"], dict):
            assert fix["proof"]["close"].get("rtol", 0) <= 3e-5, "beyond the drift of unchanged operations"
