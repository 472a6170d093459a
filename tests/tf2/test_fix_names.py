"""Every name of TensorFlow 2 that a fix can write resolves in the TensorFlow 2 that is installed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

tf = pytest.importorskip("tensorflow", minversion="2.0")

import flake8_tf2.fix  # noqa: E402
from flake8_tf2.fix import template  # noqa: E402
from flake8_tf2.index import rules_folder  # noqa: E402
from flake8_tf2.registry import load  # noqa: E402
from flake8_tf2.rulefile import load_rules  # noqa: E402

RULES = [rule for rule in load_rules(rules_folder()) if rule.get("fixes")]
VERSION = tuple(int(part) for part in tf.__version__.split(".")[:2])


def names_of(rule: dict) -> set[str]:
    """The full names in what the fixes of a rule write: templates, renames, and the cases after the fix."""
    found: set[str] = set()
    for fix in rule["fixes"]:
        written = fix.get("template", [])
        for text in written.values() if isinstance(written, dict) else [written] if written else []:
            parsed = template.parse(text, frozenset(template.parameters(text)))
            found |= {part.name for part in parsed.parts if isinstance(part, template.Name)}
        renames = fix.get("rename", [])
        found |= set(renames.values() if isinstance(renames, dict) else [renames] if renames else [])
        if fix.get("rename") == "{target}":
            found |= set(rule.get("targets", {}).values()) - {"{target}"}
    for case in rule["cases"]:
        if "after" in case:
            found |= dotted(case["after"])
    return {name for name in found if name.startswith("tf.")}


def dotted(source: str) -> set[str]:
    """The chains of attributes in a source that begin with `tf`, the longest of each."""
    inner = set()
    chains = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            chains[node] = ast.unparse(node)
            inner.add(node.value)
    return {text for node, text in chains.items() if node not in inner and re.fullmatch(r"tf(\.\w+)+", text)}


def resolves(name: str) -> bool:
    """Whether the installed TensorFlow has a name; of what is no module, attributes of instances are not looked at."""
    value = tf
    for part in name.split(".")[1:]:
        try:
            value = getattr(value, part)
        except AttributeError:
            return False
    return True


@pytest.mark.parametrize("rule", [pytest.param(rule, id=rule["code"]) for rule in RULES])
def test_names_of_rules(rule):
    left = {"tf.placeholder", "tf.AUTO_REUSE", "tf.Session"}  # what cases keep to show that they are TF1
    assert [name for name in sorted(names_of(rule) - left) if not resolves(name)] == []


def test_names_in_functions():
    folder = Path(flake8_tf2.fix.__file__).parent
    literals = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals |= set(re.findall(r"^tf(?:\.\w+)+$", node.value))
    table = load().table
    unknown = [name for name in sorted(literals) if not resolves(name) and not table.row(name)]
    assert unknown == []


def test_targets_of_the_symbol_table():
    rows = [row for row in load().table.rows() if row.status in ("renamed", "moved") and row.target]
    assert len(rows) > 500
    wrong = [row.target for row in rows if load().table.resolves(row.target, VERSION) and not resolves(row.target)]
    assert wrong == []
