"""Reading rule files: YAML, checked against the format that rules/README.md describes."""

from __future__ import annotations

import itertools
import re
import string
from pathlib import Path
from typing import Iterator

from flake8_tf2.files import line_of_byte

#: Each key, and the type that its value must have.
_KEYS = {
    "code": str, "name": str, "symbols": list, "table": str, "check": str, "when": dict, "unless": (dict, list),
    "hint": (dict, list), "use": (str, list), "at": (str, dict), "targets": dict, "covers": (str, list),
    "evident": bool, "rule": dict, "constraints": dict, "utils": dict, "message": str, "severity": str, "tf2": str,
    "note": str, "cases": list, "fixes": list,
}  # fmt: skip
_REQUIRED = ("code", "name", "message", "tf2", "note", "cases")
_CASE_KEYS = {
    "before", "after", "manual", "keep", "refuse", "because", "finds", "says", "given", "observe", "steps", "drift",
    "fails", "unproved", "options", "argv", "setup", "proof", "cpu",
}  # fmt: skip
_CODE = ("before", "after", "manual", "keep", "refuse", "because", "says", "unproved", "setup", "proof", "cpu")
_USES = ("call", "value", "import")
_TYPES = {
    str: "text", int: "a number", float: "a number", list: "a list", dict: "a mapping", bool: "true or false",
    type(None): "nothing",
}  # fmt: skip

#: The keys and numbers that lead to an item of a rule file, and what is wrong with it.
Where = tuple
Problem = tuple[Where, str]


class RuleError(ValueError):
    """A rule file that does not follow the format; the message names the file and what is wrong."""


def program(snippet: str) -> str:
    """A snippet of a case as a file: with the import of TensorFlow that it leaves out."""
    if re.search(r"\b(import|from)\s+(tensorflow|keras)|^\s*import tensorflow_hub", snippet, re.MULTILINE):
        return snippet
    return "import tensorflow as tf\n" + snippet


def load_rules(folder: Path) -> list[dict]:
    """All rules under a folder, in the order of their codes and names.

    Raises RuleError for a file that is not YAML or does not follow the format, OSError for one that cannot be read.
    """
    if not folder.is_dir():
        raise RuleError(f"{folder}: no such folder of rule files")
    rules = [load_rule(path) for path in sorted(folder.rglob("*.yaml"))]
    if not rules:
        raise RuleError(f"{folder}: no rule files, *.yaml, in this folder")
    seen: dict[str, str] = {}
    for rule in rules:
        for key in (rule["name"], rule["code"]):
            if key in seen:
                raise RuleError(f"{rule['file']}: {key} is also used in {seen[key]}")
            seen[key] = rule["file"]
    return sorted(rules, key=lambda rule: (rule["code"], rule["name"]))


def load_rule(path: Path) -> dict:
    """One rule, with `file` (its path) added. Raises RuleError, OSError where it cannot be read."""
    import yaml  # not needed where the index serves

    try:
        text = path.read_text(encoding="utf-8")
        rule = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}:{line_of_byte(error)}: not UTF-8: {error.reason}") from None
    except yaml.MarkedYAMLError as error:
        raise RuleError(f"{path}:{error.problem_mark.line + 1}: not YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:  # a control character, a date that is none
        raise RuleError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    if not isinstance(rule, dict):
        raise RuleError(f"{path}:1: a rule file is a mapping from keys to values")
    problem = _problem(rule)
    if problem:
        where, what = problem
        raise RuleError(f"{path}:{_line_of(yaml.compose(text), where)}: {what}")
    return {**rule, "file": str(path)}


def _line_of(node, where: Where) -> int:
    """The line of the item that keys and numbers lead to, as far as they do."""
    line = 1
    for step in where:
        if isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
            continue
        found = [(key, value) for key, value in node.value if key.value == step]
        if not found:
            break
        key, node = found[0]
        line = key.start_mark.line + 1
    return line


def _problem(rule: dict) -> Problem | None:
    """The first thing that breaks the format: where, and what it is."""
    return next(itertools.chain.from_iterable(check(rule) for check in _CHECKS), None)


def _check_keys(rule: dict) -> Iterator[Problem]:
    for key, value in rule.items():
        if key not in _KEYS:
            yield (str(key),), f"unknown key {key!r}"
        elif not isinstance(value, _KEYS[key]):
            wanted = _KEYS[key] if isinstance(_KEYS[key], tuple) else (_KEYS[key],)
            names = " or ".join(_TYPES[t] for t in wanted)
            yield (key,), f"{key} must be {names}, not {_TYPES.get(type(value), str(value))}"
    for key in _REQUIRED:
        if key not in rule:
            yield (), f"the key {key!r} is missing"


def _check_words(rule: dict) -> Iterator[Problem]:
    if not re.fullmatch(r"TF[0-9]{3}", rule["code"]):
        yield ("code",), f"code must be TF and three digits, like TF101, not {rule['code']!r}"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule["name"]):
        yield ("name",), f"name must be words in lower case joined by -, not {rule['name']!r}"
    if rule.get("severity", "error") not in ("error", "warning", "hint"):
        yield ("severity",), f"severity must be error, warning or hint, not {rule['severity']!r}"
    uses = rule.get("use", [])
    unknown = [use for use in ([uses] if isinstance(uses, str) else uses) if use not in _USES]
    if unknown:
        yield ("use",), f"use must be of {', '.join(_USES)}, not {unknown[0]!r}"
    at = rule.get("at", "symbol")
    argument = at.get("argument") if isinstance(at, dict) and len(at) == 1 else None
    if at not in ("symbol", "call") and not isinstance(argument, str):
        yield ("at",), f"at must be symbol, call or {{argument: NAME}}, not {at!r}"
    try:
        fields = list(string.Formatter().parse(rule["message"]))
    except ValueError as error:
        yield ("message",), f"message has a brace that opens or closes no {{field}}: {error}"
    else:
        for _, field, spec, conversion in fields:
            if field is not None and (spec or conversion or not field.isidentifier()):
                yield ("message",), f"message has a field that is no plain {{name}}: {field!r}"


def _check_subject(rule: dict) -> Iterator[Problem]:
    subjects = [key for key in ("symbols", "table", "check") if key in rule]
    if len(subjects) > 1 or not (subjects or "targets" in rule):
        yield ("name",), "a rule has exactly one of symbols (or targets), table, check"
    for key in ("symbols", "targets"):
        for step, symbol in enumerate(rule.get(key, ())):
            if not isinstance(symbol, str) or not re.fullmatch(r"\w+(\.\w+)*(\.\*)?", symbol):
                yield (key, step if key == "symbols" else symbol), f"not a symbol: {symbol!r}"
        if key in rule and not rule[key]:
            yield (key,), f"{key} is empty"
    for symbol, target in rule.get("targets", {}).items():
        if not isinstance(target, str):
            yield ("targets", symbol), f"the target of {symbol} must be text, not {target!r}"


def _check_functions(rule: dict) -> Iterator[Problem]:
    if "table" in rule:
        from flake8_tf2.families import FAMILIES

        if rule["table"] not in FAMILIES:
            yield ("table",), f"no such family: {rule['table']!r}"
    if "check" in rule:
        from flake8_tf2.checks import CHECKS

        if rule["check"] not in CHECKS and rule["check"] not in ("parse_error", "python2", "undecodable"):
            yield ("check",), f"no such check: {rule['check']!r}"


def _check_conditions(rule: dict) -> Iterator[Problem]:
    for name, condition in rule.get("when", {}).items():
        complaint = _condition_problem(condition) if name != "file" else _file_problem(condition)
        if complaint:
            yield ("when", str(name)), f"condition on {name}: {complaint}"
    for key in ("unless", "hint"):
        several = rule.get(key, [])
        for number, conditions in enumerate([several] if isinstance(several, dict) else several):
            where = (key,) if isinstance(several, dict) else (key, number)
            if not isinstance(conditions, dict):
                yield where, f"{key} must be a mapping or a list of mappings, not {conditions!r}"
                continue
            for name, condition in conditions.items():
                complaint = _condition_problem(condition) if name != "file" else _file_problem(condition)
                if complaint:
                    yield (*where, str(name)), f"condition on {name}: {complaint}"


def _file_problem(condition: object) -> str:
    lists = condition.values() if isinstance(condition, dict) and set(condition) <= {"has", "lacks"} else [None]
    return "" if all(isinstance(symbols, list) for symbols in lists) else f"a file has or lacks symbols: {condition!r}"


def _condition_problem(condition: object) -> str:
    if isinstance(condition, list):
        return next(filter(None, map(_condition_problem, condition)), "")
    if not isinstance(condition, dict):
        literal = condition is None or isinstance(condition, (str, int, float))
        return "" if literal else f"not a word or a literal: {condition!r}"
    (key, value), *more = condition.items() or [("", "")]
    if more or key not in ("symbol", "not", "named", "matches", "made_by", "rank"):
        known = "{symbol: …}, {named: …}, {matches: …}, {made_by: …}, {rank: …} or {not: …}"
        return f"a mapping must be {known}, not {condition!r}"
    if key == "not":
        return _condition_problem(value)
    if key == "rank":
        whole = isinstance(value, list) and all(type(rank) is int for rank in value)
        return "" if whole else f"rank must be a list of whole numbers, not {value!r}"
    if key == "made_by":
        return "" if isinstance(value, list) else f"made_by must be a list of symbols, not {value!r}"
    if not isinstance(value, str):
        return f"{key} must be text, not {value!r}"
    if key in ("named", "matches"):
        try:
            re.compile(value)
        except re.error as error:
            return f"{value!r} is no regular expression: {error}"
    return ""


def _check_structure(rule: dict) -> Iterator[Problem]:
    """ast-grep says itself what is wrong with a rule of its own."""
    structure = {key: rule[key] for key in ("rule", "constraints", "utils") if key in rule}
    if structure:
        from ast_grep_py import SgRoot

        try:
            SgRoot("", "python").root().find(structure)
        except Exception as error:  # it raises several types, Exception among them
            lines = str(error).partition("Stack backtrace")[0].split("\n")
            lines = [line for line in lines if line.strip() and not line.startswith("Caused")]
            causes = [line.partition(": ")[2] or line for line in lines]
            yield (next(iter(structure)),), f"not a rule of ast-grep: {' '.join(map(str.strip, causes))}"


def _check_cases(rule: dict) -> Iterator[Problem]:
    for number, case in enumerate(rule["cases"]):
        where = ("cases", number)
        if not isinstance(case, dict):
            yield where, f"a case must be a mapping, not {case!r}"
            continue
        for key in case:
            if key not in _CASE_KEYS:
                yield (*where, str(key)), f"unknown key {key!r} in a case; it may have {', '.join(sorted(_CASE_KEYS))}"
            elif key in _CODE and not isinstance(case[key], str):
                yield (*where, key), f"{key} must be text, not {case[key]!r}"
        kinds = [key for key in ("before", "keep", "refuse") if key in case]
        if len(kinds) != 1:
            yield where, "a case needs one of before, keep, refuse"
        elif kinds == ["before"] and not ("after" in case or "manual" in case):
            yield where, "a case with before needs after or manual"
        elif kinds != ["before"] and "because" not in case:
            yield where, f"a case with {kinds[0]} needs because"
        for key, complaint in _run_problems(case):
            yield (*where, key), complaint


#: What the inputs of a case are where it is run, and the keys that say how they are drawn.
_INPUT_KINDS = ("tensor", "numpy", "python", "variable", "placeholder")
_INPUT_KEYS = ("dtype", "shape", "range", "values", "each", "kind", "like")


def _run_problems(case: dict) -> Iterator[tuple[str, str]]:
    """What is wrong with the keys that say how a case is run, each with its key."""
    given = case.get("given", {})
    if not isinstance(given, dict):
        yield "given", f"given must be a mapping from names, not {given!r}"
        given = {}
    for name, spec in given.items():
        complaint = _input_problem(spec, given)
        if complaint:
            yield "given", f"given {name}: {complaint}"
    argv = case.get("argv", [])
    if not isinstance(argv, list) or not all(isinstance(argument, str) for argument in argv):
        yield "argv", f"argv must be a list of texts, not {argv!r}"
    for key in ("given", "observe", "steps"):
        if "argv" in case and key in case:
            yield key, f"a case that is run as a program, with argv, has no {key}"
    observe = case.get("observe", "")
    if not all(isinstance(text, str) for text in (observe if isinstance(observe, list) else [observe])):
        yield "observe", f"observe must be text or a list of texts, not {observe!r}"
    steps, drift = case.get("steps", 1), case.get("drift", 0.0)
    if type(steps) is not int or steps < 1:
        yield "steps", f"steps must be a number from 1, not {steps!r}"
    if type(drift) not in (int, float) or drift < 0:
        yield "drift", f"drift must be a number, the rtol, not {drift!r}"
    if not isinstance(case.get("fails", False), bool):
        yield "fails", f"fails must be true or false, not {case['fails']!r}"


def _input_problem(spec: object, given: dict) -> str:
    if not isinstance(spec, dict):
        return f"must be a mapping, not {spec!r}"
    unknown = [key for key in spec if key not in _INPUT_KEYS]
    if unknown:
        return f"unknown key {unknown[0]!r}; it may have {', '.join(_INPUT_KEYS)}"
    if spec.get("kind", "tensor") not in _INPUT_KINDS:
        return f"kind must be of {', '.join(_INPUT_KINDS)}, not {spec['kind']!r}"
    if "like" in spec and spec["like"] not in given:
        return f"like must be another name that is given, not {spec['like']!r}"
    shapes = spec.get("shape", [])
    if not isinstance(shapes, list) or not all(isinstance(shape, list) for shape in shapes):
        return f"shape must be a list of shapes, like [[], [3], [0, 2]], not {shapes!r}"
    limits = spec.get("range", [0, 1])
    if not isinstance(limits, list) or len(limits) != 2:
        return f"range must be [lowest, highest], not {limits!r}"
    return ""


#: The keys of a fix that say what it does, of which it has one or those that go together.
_ACTIONS = ("template", "function", "delete", "rename", "keywords", "add", "values", "refuse")
_FIX_KEYS = {
    "when": dict, "where": str, "template": (str, dict), "drop": list, "function": str, "delete": str,
    "rename": (str, dict), "keywords": dict,
    "values": dict, "add": dict, "parameter": str, "target": str, "refuse": str,
    "applicability": str, "proof": (str, dict),
    "otherwise": str,
}  # fmt: skip


def _check_fixes(rule: dict) -> Iterator[Problem]:
    for number, fix in enumerate(rule.get("fixes", ())):
        where = ("fixes", number)
        if not isinstance(fix, dict):
            yield where, f"a fix must be a mapping, not {fix!r}"
            continue
        for key, value in fix.items():
            if key not in _FIX_KEYS:
                known = ", ".join(sorted(_FIX_KEYS))
                yield (*where, str(key)), f"unknown key {key!r} in a fix; it may have {known}"
            elif not isinstance(value, _FIX_KEYS[key]):
                yield (*where, key), f"{key} of a fix has the wrong type: {value!r}"
        actions = [key for key in _ACTIONS if key in fix]
        if not actions or len(actions) > 1 and not any(
            set(actions) <= kinds for kinds in ({"rename", "keywords", "add", "values"}, {"function", "template"})
        ):
            yield where, "a fix has one of template, function, delete, refuse, or rename, keywords, add and values"
        if "refuse" not in fix and fix.get("applicability") not in ("safe", "unsafe"):
            yield where, f"the applicability of a fix must be safe or unsafe, not {fix.get('applicability')!r}"
        if "refuse" not in fix and "proof" not in fix:
            yield where, "a fix needs proof: what is claimed of it"
        if fix.get("where", "result") not in ("result", "statement", "value", "module"):
            yield (*where, "where"), f"where must be result, statement, value or module, not {fix['where']!r}"
        for name, condition in fix.get("when", {}).items():
            complaint = _condition_problem(condition)
            if complaint:
                yield (*where, "when", str(name)), f"condition on {name}: {complaint}"
        if "function" in fix:
            from flake8_tf2.fix.functions import FUNCTIONS

            if fix["function"] not in FUNCTIONS:
                yield (*where, "function"), f"no such function of fixes: {fix['function']!r}"
        if "template" in fix:
            from flake8_tf2.fix import template

            written = fix["template"]
            for text in written.values() if isinstance(written, dict) else [written]:
                try:
                    template.parse(text, frozenset(template.parameters(text)))
                except SyntaxError as error:
                    yield (*where, "template"), f"{text!r} is no expression with holes: {error.msg}"


_CHECKS = (
    _check_keys, _check_words, _check_subject, _check_functions, _check_conditions, _check_structure, _check_fixes,
    _check_cases,
)  # fmt: skip
