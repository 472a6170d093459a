"""Reading rule files: YAML, checked against the format that rules/README.md describes."""

from __future__ import annotations

import re
from pathlib import Path

#: Each key, and the type that its value must have.
_KEYS = {
    "code": str, "name": str, "symbols": list, "table": str, "check": str, "when": dict, "use": (str, list), "at": (str, dict),
    "targets": dict, "covers": (str, list), "evident": bool, "rule": dict, "constraints": dict, "utils": dict, "message": str,
    "severity": str, "tf2": str, "note": str, "cases": list,
}  # fmt: skip
_REQUIRED = ("code", "name", "message", "tf2", "note", "cases")
_CASE_KEYS = {"before", "after", "manual", "keep", "refuse", "because", "finds", "says", "given", "observe", "options"}
_CONDITIONS = {"absent", "present", "string", "number", "bool", "literal", "dynamic", "lambda"}
_USES = {"call", "value", "import"}


class RuleError(ValueError):
    """A rule file that does not follow the format; the message names the file and what is wrong."""


def load_rules(folder: Path) -> list[dict]:
    """All rules under a folder, in the order of their codes and names.

    Raises RuleError for a file that is not YAML or does not follow the format, OSError for one that cannot be read.
    """
    if not folder.is_dir():
        raise RuleError(f"{folder}: no such folder of rule files")
    rules = [load_rule(path) for path in sorted(folder.rglob("*.yaml"))]
    seen: dict[str, str] = {}
    for rule in rules:
        for key in (rule["name"], rule["code"]):
            if key in seen:
                raise RuleError(f"{rule['file']}: {key} is also used in {seen[key]}")
            seen[key] = rule["file"]
    return sorted(rules, key=lambda rule: (rule["code"], rule["name"]))


def load_rule(path: Path) -> dict:
    """One rule, with `file` (its path) added. Raises RuleError."""
    import yaml  # not needed where the index serves

    text = path.read_text(encoding="utf-8")
    try:
        rule = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{path}:{mark.line + 1}" if mark else str(path)
        raise RuleError(f"{line}: not YAML: {getattr(error, 'problem', error)}") from None
    if not isinstance(rule, dict):
        raise RuleError(f"{path}: a rule file is a mapping from keys to values")
    problem = _problem(rule)
    if problem:
        raise RuleError(f"{path}:{_line_of(text, problem[0])}: {problem[1]}")
    return {**rule, "file": str(path)}


def _line_of(text: str, key: str) -> int:
    """The line of a top-level key, or 1."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(f"{key}:"):
            return number
    return 1


def _problem(rule: dict) -> tuple[str, str] | None:
    """The first key that breaks the format, and how."""
    for key, value in rule.items():
        if key not in _KEYS:
            return str(key), f"unknown key {key!r}"
        if not isinstance(value, _KEYS[key]):
            wanted = _KEYS[key]
            names = " or ".join(t.__name__ for t in (wanted if isinstance(wanted, tuple) else (wanted,)))
            return key, f"{key} must be a {names}, not {type(value).__name__}"
    for key in _REQUIRED:
        if key not in rule:
            return key, f"the key {key!r} is missing"
    if not re.fullmatch(r"[A-Z]{1,3}[0-9]{3}", rule["code"]):
        return "code", f"code must be letters and three digits, like TF101, not {rule['code']!r}"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule["name"]):
        return "name", f"name must be words in lower case joined by -, not {rule['name']!r}"
    subjects = [key for key in ("symbols", "table", "check") if key in rule]
    if len(subjects) > 1 or not (subjects or "targets" in rule):
        return "name", "a rule has exactly one of symbols (or targets), table, check"
    if rule.get("severity", "error") not in ("error", "warning", "hint"):
        return "severity", f"severity must be error, warning or hint, not {rule['severity']!r}"
    for symbol in (*rule.get("symbols", ()), *rule.get("targets", ())):
        if not isinstance(symbol, str) or not re.fullmatch(r"\w+(\.\w+)*(\.\*)?", symbol):
            return "symbols" if "symbols" in rule else "targets", f"not a symbol: {symbol!r}"
    uses = rule.get("use", [])
    unknown = set([uses] if isinstance(uses, str) else uses) - _USES
    if unknown:
        return "use", f"use must be of {sorted(_USES)}, not {sorted(unknown)}"
    at = rule.get("at", "symbol")
    if at not in ("symbol", "call") and not (isinstance(at, dict) and set(at) == {"argument"}):
        return "at", f"at must be symbol, call or {{argument: NAME}}, not {at!r}"
    for name, condition in rule.get("when", {}).items():
        complaint = _condition_problem(condition)
        if complaint:
            return "when", f"condition on {name}: {complaint}"
    return _case_problem(rule)


def _condition_problem(condition: object) -> str:
    if isinstance(condition, list):
        return next(filter(None, map(_condition_problem, condition)), "")
    if isinstance(condition, dict):
        key = next(iter(condition), None)
        if len(condition) != 1 or key not in ("symbol", "not", "named", "matches"):
            return f"a mapping must be {{symbol: …}}, {{named: …}}, {{matches: …}} or {{not: …}}, not {condition!r}"
        return _condition_problem(condition["not"]) if key == "not" else ""
    return ""


def _case_problem(rule: dict) -> tuple[str, str] | None:
    for number, case in enumerate(rule["cases"], 1):
        if not isinstance(case, dict) or set(case) - _CASE_KEYS:
            return "cases", f"case {number} must be a mapping with keys of {sorted(_CASE_KEYS)}"
        kinds = [key for key in ("before", "keep", "refuse") if key in case]
        if len(kinds) != 1:
            return "cases", f"case {number} needs one of before, keep, refuse"
        if kinds == ["before"] and not ("after" in case or "manual" in case):
            return "cases", f"case {number} needs after or manual"
        if kinds != ["before"] and "because" not in case:
            return "cases", f"case {number} needs because"
    return None


def is_condition_word(text: object) -> bool:
    """Whether a condition is one of the words of the format, not a literal."""
    return isinstance(text, str) and text in _CONDITIONS
