"""The page of a rule, for docs/rules/ and for `flake8-tf2 explain`, from its rule file."""

from __future__ import annotations

_SEVERITIES = {
    "": "error where the spelling does not resolve under the target TensorFlow 2, warning where it works there",
    "error": "error (through `tf.compat.v1`: warning)",
    "warning": "warning",
    "hint": "hint, only with `--tf2-hints`",
}


def render(rule: dict) -> str:
    """The page of one rule, as Markdown. rule: a rule file as `rulefile.load_rule` reads it."""
    parts = [f"# {rule['code']} {rule['name']}", f"> {rule['message']}"]
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
    parts.append("## Examples")
    parts += [_case(case) for case in rule["cases"]]
    return "\n\n".join(parts) + "\n"


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


def render_all(rules: list[dict]) -> dict[str, str]:
    """All pages by file name, and an index of them."""
    pages = {f"{rule['code']}.md": render(rule) for rule in rules}
    rows = [f"| [{r['code']}]({r['code']}.md) | {r['name']} | {_cell(r['message'])} |\n" for r in rules]
    pages["README.md"] = "".join(["# Rules\n\n| code | name | message |\n|---|---|---|\n", *rows])
    return pages
