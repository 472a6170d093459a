"""The pages of the rules."""

import re

import pytest

from flake8_tf2 import rulefile
from flake8_tf2.index import rules_folder
from flake8_tf2.pages import message, render, render_all

RULE = {
    "code": "TF001", "name": "acme", "message": "{symbol} is gone: a | b", "tf2": "`b`", "note": "Why.\n",
    "symbols": ["a.x", "a.y"],
    "cases": [
        {"before": "a.x()\n", "after": "b.x()\n"},
        {"before": "a.y()", "after": ""},
        {"before": "a.z()", "manual": "think"},
        {"keep": "c.x()", "because": "not a"},
        {"refuse": "a.x", "because": "not called"},
    ],
}  # fmt: skip

PAGE = """\
# TF001 acme

> a.x is gone: a | b

**TF2:** `b`

Why.

**Symbols:** `a.x`, `a.y`

**Severity:** error where the spelling does not resolve under the target TensorFlow 2, warning where it works there.

## Examples

Before:

```python
a.x()
```

After:

```python
b.x()
```

Before:

```python
a.y()
```

After: nothing, the line goes.

Before:

```python
a.z()
```

By hand: think.

Not reported: not a.

```python
c.x()
```

Reported, not fixed: not called.

```python
a.x
```
"""


def test_page():
    assert render(RULE) == PAGE


def test_targets_are_a_table():
    page = render({**RULE, "targets": {"a.x": "b.x", "a.z": "`b | c` or d"}})
    assert "| TF1 | TF2 |\n|---|---|\n| `a.x` | `b.x` |\n| `a.y` |  |\n| `a.z` | `b \\| c` or d |\n" in page


@pytest.mark.parametrize("severity", ["error", "warning", "hint"])
def test_severity(severity):
    assert f"**Severity:** {severity}" in render({**RULE, "severity": severity})


def test_what_depends_on_the_place_stands_in_capitals():
    family = {"message": "{argument}= of {symbol} is {target}"}
    assert message(family) == "ARGUMENT= of SYMBOL is TARGET"
    assert message({**family, "symbols": ["a.x"], "targets": {"a.x": "b.x"}}) == "ARGUMENT= of a.x is b.x"


def test_the_list_of_pages():
    pages = render_all([RULE])
    assert pages["TF001.md"] == PAGE
    assert pages["README.md"].endswith("| [TF001](TF001.md) | acme | a.x is gone: a \\| b |\n")


def test_every_rule_has_a_page():
    rules = []
    for path in rules_folder().rglob("*.yaml"):
        try:
            rules.append(rulefile.load_rule(path))
        except rulefile.RuleError:
            pass  # tests/rules says so
    for name, page in render_all(rules).items():
        assert page.startswith("# ") and page.endswith("\n") and "\n\n\n\n" not in page, name
        assert len(re.findall("^```", page, re.MULTILINE)) % 2 == 0, name


def test_fixes_are_told_with_their_conditions_and_claims():
    rule = {
        "code": "TF001", "name": "a", "message": "m", "tf2": "t", "note": "n", "cases": [], "symbols": ["tf.x"],
        "fixes": [
            {"when": {"a": ["absent", 1]}, "template": "tf.y({b})", "applicability": "safe", "proof": "exact"},
            {"rename": "tf.z", "keywords": {"a": "b", "c": None}, "applicability": "unsafe",
             "proof": {"close": {"rtol": 1e-5}}},
            {"when": {"b": {"not": "literal"}}, "refuse": "b is not known"},
        ],
    }  # fmt: skip
    page = render(rule)
    assert "- safe, where `a` is absent or `1`: `tf.y({b})` (equal values, dtypes, shapes and gradients)\n" in page
    assert "- unsafe: `tf.z`, `a` becomes `b`, `c` goes (equal within rtol 1e-05)\n" in page
    assert "- none, where `b` is not literal: b is not known\n" in page
