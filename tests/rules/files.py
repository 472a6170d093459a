"""The rule files of the checkout, loaded one by one: a broken one fails its own test and no other."""

from __future__ import annotations

from flake8_tf2 import rulefile
from flake8_tf2.index import rules_folder

RULES: list[dict] = []
FILES: dict = {}

for path in sorted(rules_folder().rglob("*.yaml")):
    try:
        RULES.append(rulefile.load_rule(path))
        FILES[path] = ""
    except rulefile.RuleError as error:
        FILES[path] = str(error)
