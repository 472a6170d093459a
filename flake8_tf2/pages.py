"""The page of a rule, for docs/rules/ and for `flake8-tf2 explain`, from its rule file."""

from __future__ import annotations

import re

from flake8_tf2.prove.summary import of_rule

_SEVERITIES = {
    "": "error where the spelling does not resolve under the target TensorFlow 2, warning where it works there",
    "error": "error (through `tf.compat.v1`: warning)",
    "warning": "warning",
    "hint": "hint, only with `--tf2-hints`",
}


def render(rule: dict, proof: str = "") -> str:
    """The page of one rule, as Markdown. rule: as `rulefile.load_rule` reads it. proof: the section on its proof."""
    parts = [f"# {rule['code']} {rule['name']}", f"> {message(rule)}"]
    parts.append(f"**TF2:** {rule['tf2']}")
    parts.append(rule["note"].strip())
    symbols = rule.get("symbols") or list(rule.get("targets", ()))
    targets = rule.get("targets", {})
    if targets:
        rows = [f"| `{symbol}` | {_code(targets.get(symbol, ''))} |" for symbol in dict.fromkeys([*symbols, *targets])]
        parts.append("\n".join(["| TF1 | TF2 |", "|---|---|", *rows]))
    elif symbols:
        parts.append("**Symbols:** " + ", ".join(f"`{symbol}`" for symbol in symbols))
    parts.append(f"**Severity:** {_SEVERITIES[rule.get('severity', '')]}.")
    if rule.get("fixes"):
        parts.append("## Fix\n\n" + "\n".join(_fix(fix) for fix in rule["fixes"]))
    parts += [proof] if proof else []
    parts.append("## Examples")
    parts += [_case(case) for case in rule["cases"]]
    return "\n\n".join(parts) + "\n"


def message(rule: dict) -> str:
    """The message of a rule as it is for its first symbol; what depends on the place stands in capitals."""
    targets = rule.get("targets", {})
    first = next(iter(rule.get("symbols") or targets), "")
    known = {"symbol": first, "target": targets.get(first, "")}
    return re.sub(r"\{(\w+)\}", lambda m: known.get(m[1]) or m[1].upper(), rule["message"])


_CLAIMS = {
    "identity": "the same object",
    "exact": "equal values, dtypes, shapes and gradients",
    "distribution": "another random stream of the same distribution",
}


_WHERE = {
    "statement": "the call is a statement",
    "result": "its result is used",
    "value": "it is not called",
    "module": "it stands at the top level of a file",
}


def _fix(fix: dict) -> str:
    """What a fix does, for which calls, and what is claimed and executed of it."""
    conditions = [f"`{name}` is {_condition(condition)}" for name, condition in fix.get("when", {}).items()]
    conditions += [_WHERE[fix["where"]]] if fix.get("where") else []
    when = f", where {' and '.join(conditions)}" if conditions else ""
    if "refuse" in fix:
        return f"- none{when}: {fix['refuse']}"
    proof = fix["proof"]
    if isinstance(proof, dict):
        close = proof.get("close", {})
        claim = "equal within " + ", ".join(f"{key} {value:g}" for key, value in close.items())
    else:
        claim = _CLAIMS.get(proof, proof)
    return f"- {fix['applicability']}{when}: {_action(fix)} ({claim})"


def _condition(condition: object) -> str:
    if isinstance(condition, list):
        return " or ".join(map(_condition, condition))
    if isinstance(condition, dict):
        (key, value), *_ = condition.items()
        return f"not {_condition(value)}" if key == "not" else f"{key} {value}"
    words = ("absent", "present", "literal", "dynamic", "string", "number", "bool", "function")
    return str(condition) if condition in words else f"`{condition!r}`"


def _action(fix: dict) -> str:
    if "template" in fix:
        written = fix["template"]
        texts = written.values() if isinstance(written, dict) else [written]
        return ", ".join(f"`{text}`" for text in dict.fromkeys(texts))
    if "delete" in fix:
        return "the statement goes"
    if fix.get("function") in ("adapt", "native"):
        return "names, keywords, order and defaults as the symbol table has them"
    if "function" in fix:
        return "as the examples show"
    renames = fix.get("rename", "")
    is_one = isinstance(renames, str) and renames != "{target}"
    parts = [f"`{renames}`" if is_one else "the new name"] if renames else []
    parts += [f"`{old}` becomes `{new}`" if new else f"`{old}` goes" for old, new in fix.get("keywords", {}).items()]
    parts += [f"`{name}` becomes `{value}`" for name, value in fix.get("values", {}).items()]
    parts += [f"`{name}={value}` is written out" for name, value in fix.get("add", {}).items()]
    return ", ".join(parts)


def _code(text: str) -> str:
    """A target in a cell: code, unless it says itself what of it is."""
    return _cell(f"`{text}`" if text and "`" not in text else text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _case(case: dict) -> str:
    if "keep" in case:
        return f"Not reported: {case['because']}.\n\n{_block(case['keep'])}"
    if "refuse" in case:
        return f"Reported, not fixed: {case['because']}.\n\n{_block(case['refuse'])}"
    text = f"Before:\n\n{_block(case['before'])}\n\n"
    if "after" not in case:
        return text + f"By hand: {case['manual']}."
    if not case["after"].strip():
        return text + "After: nothing, the line goes."
    return text + f"After:\n\n{_block(case['after'])}"


def _block(code: str) -> str:
    return f"```python\n{code.rstrip()}\n```"


def render_all(rules: list[dict], results: dict[str, dict] | None = None) -> dict[str, str]:
    """All pages by file name, and an index of them. results: of the proof, as `summary.load` reads them."""
    pages = {f"{rule['code']}.md": render(rule, of_rule(rule["name"], results or {})) for rule in rules}
    rows = [f"| [{r['code']}]({r['code']}.md) | {r['name']} | {_cell(message(r))} |\n" for r in rules]
    pages["README.md"] = "".join(["# Rules\n\n| code | name | message |\n|---|---|---|\n", *rows])
    return pages
