"""Every case of every rule file, through `lint`."""

from __future__ import annotations

import ast
import collections

import pytest

from flake8_tf2 import lint as lint_module
from flake8_tf2 import registry
from flake8_tf2.context import fill
from flake8_tf2.finding import Severity
from flake8_tf2.fix import build
from flake8_tf2.fix.apply import fix_source
from flake8_tf2.options import NEWEST, OLDEST, Options
from flake8_tf2.positions import split_lines
from flake8_tf2.rulefile import program
from tests.rules.files import FILES, RULES

CASES = [
    pytest.param(rule, case, id=f"{rule['code']}-{rule['name']}-{number}")
    for rule in RULES
    for number, case in enumerate(rule["cases"], 1)
]


def findings(rule: dict, snippet: str, options: dict | None = None):
    """The findings in a snippet, advice included, with the texts of their spans."""
    source = program(snippet)
    lines = split_lines(source)
    chosen = {"hints": True, **(options or {})}
    result = lint_module.lint(source, "case.py", Options(**chosen))
    return [(f, _text(lines, f.span)) for f in result]


def _text(lines: list[str], span) -> str:
    if span.line == span.end_line:
        return lines[span.line - 1][span.column - 1 : span.end_column - 1]
    first, *middle, last = lines[span.line - 1 : span.end_line]
    return "\n".join([first[span.column - 1 :], *middle, last[: span.end_column - 1]])


@pytest.mark.parametrize("path, problem", [pytest.param(p, e, id=p.stem) for p, e in FILES.items()])
def test_file_follows_the_format(path, problem):
    assert not problem


def test_codes_and_names_are_unique():
    for key in ("code", "name"):
        used = [rule[key] for rule in RULES]
        assert sorted(used) == sorted(set(used)), key


@pytest.mark.parametrize("rule, case", CASES)
def test_case(rule, case):
    options = case.get("options")
    if "keep" in case:
        found = [(f.message, text) for f, text in findings(rule, case["keep"], options) if f.code == rule["code"]]
        assert found == [], f"kept because {case['because']}"
        return
    snippet = case.get("before", case.get("refuse"))
    own = [(f, text) for f, text in findings(rule, snippet, options) if f.code == rule["code"]]
    assert own, f"{rule['code']} does not fire; found {[(f.code, t) for f, t in findings(rule, snippet, options)]}"
    if "finds" in case:
        assert sorted(text for _, text in own) == sorted(case["finds"])
    if "says" in case:
        assert case["says"] in [f.message for f, _ in own]
    if case.get("after"):
        for version in (OLDEST, NEWEST):
            after = findings(rule, case["after"], {**(options or {}), "target_version": version})
            left = [(f.code, text) for f, text in after if f.code == rule["code"] or f.severity is Severity.ERROR]
            assert left == [], f"the result is still reported for {version}"
        assert "compat.v1" not in case["after"]


FIXED = [p for p in CASES if p.values[0].get("fixes") and ("after" in p.values[1] or "refuse" in p.values[1])]


@pytest.mark.parametrize("rule, case", FIXED)
def test_fix(rule, case):
    before = program(case.get("before", case.get("refuse")))
    options = Options(**case.get("options", {}))
    fixed = fix_source(before, "case.py", options, unsafe=True)
    assert not fixed.failed
    own = [f for f in fixed.left if f.code == rule["code"]]
    if "refuse" in case:
        assert own and all(f.refused for f in own), "a case that is refused says why"
        return
    assert fixed.source == program(case["after"])
    assert own == []
    assert fix_source(fixed.source, "case.py", options, unsafe=True).source == fixed.source
    ast.parse(fixed.source)


@pytest.mark.parametrize("rule", [pytest.param(r, id=r["code"]) for r in RULES if r.get("fixes")])
def test_every_fix_has_a_case(rule):
    """Each fix of a rule is the one that some case gets."""
    used = set()
    for case in rule["cases"]:
        snippet = case.get("before", case.get("refuse"))
        if snippet is not None and ("after" in case or "refuse" in case):
            used |= chosen_fixes(rule, program(snippet), case.get("options", {}))
    assert used == {index for index, fix in enumerate(rule["fixes"]) if "refuse" not in fix}


def chosen_fixes(rule: dict, source: str, options: dict) -> set[int]:
    """The numbers of the fixes that are chosen for a rule's findings in a source."""
    seen = set()
    original = build.Builder._edits

    def spy(self, site, spec):
        if site.match.rule.name == rule["name"]:
            seen.add(rule["fixes"].index(spec))
        return original(self, site, spec)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build.Builder, "_edits", spy)
        lint_module.lint(source, "case.py", Options(**{"hints": True, **options}), fixes=True)
    return seen


@pytest.mark.parametrize("rule", [pytest.param(r, id=r["code"]) for r in RULES])
def test_every_rule_has_an_example_and_a_near_miss(rule):
    kinds = {key for case in rule["cases"] for key in case}
    assert "keep" in kinds
    assert "before" in kinds or rule["name"] == "undecodable"  # bytes, which YAML cannot hold


def spoken_of(rule: dict) -> list[str]:
    """All symbols that a rule may be reported for."""
    table = registry.load().table
    symbols = list(rule.get("symbols") or rule.get("targets") or ())
    below = tuple(s[:-1] for s in symbols if s.endswith(".*"))
    return [s for s in symbols if not s.endswith(".*")] + [
        r.name for r in table.rows() if below and r.name.startswith(below)
    ]


@pytest.mark.parametrize("rule", [pytest.param(r, id=r["code"]) for r in RULES])
def test_messages_are_short_whatever_fills_them(rule):
    table = registry.load().table
    for symbol in spoken_of(rule):
        row = table.row(symbol)
        target = rule.get("targets", {}).get(symbol) or (row.target if row else "")
        fields = collections.defaultdict(str, symbol=symbol, target=target, argument="feed_dict")
        text = rule["message"].format_map(fields)
        assert len(text) <= 120, text


def test_messages_of_families_are_short():
    rules = {rule.table: rule for rule in registry.load().tables}
    for row in registry.load().table.rows():
        if row.name.startswith("tf.contrib"):
            continue  # these have rules of their own
        if row.target and row.status in ("renamed", "moved"):
            text = fill(rules["renamed"], {"symbol": row.name, "target": row.target})
        elif row.status in ("compat", "gone") and not row.name.startswith("tf.raw_ops"):
            text = fill(rules["removed"], {"symbol": row.name})
        else:
            continue
        assert len(text) <= 120, text
        for old, new in row.params.get("renamed", {}).items():
            fields = {"symbol": row.name, "argument": old, "target": new}
            assert len(fill(rules["keyword-renamed"], fields)) <= 120
        for old in row.params.get("removed", ()):
            assert len(fill(rules["parameter-removed"], {"symbol": row.name, "argument": old})) <= 120


def test_folder_fits_code():
    chapters = {"1": "inputs", "2": "model", "3": "training", "4": "saving", "5": "summary", "6": "data", "7": "names",
                "8": "contrib", "9": "leftovers"}  # fmt: skip
    for rule in RULES:
        assert f"/{chapters[rule['code'][2]]}/{rule['name'].replace('-', '_')}.yaml" in rule["file"]
