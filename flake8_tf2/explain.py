"""What `flake8-tf2 explain` prints: the page of a rule, or the row of a symbol and its rules."""

from __future__ import annotations

from flake8_tf2 import pages, registry, rulefile
from flake8_tf2.index import rules_folder
from flake8_tf2.lint import lint
from flake8_tf2.names.table import Row
from flake8_tf2.options import Options
from flake8_tf2.prove import summary

_STATUS = {
    "same": "TF2 exports the same object under this name.",
    "renamed": "TF2 exports the same object as `{target}`.",
    "moved": "TF2 exports it as `{target}`, with other parameters.",
    "signature": "TF2 exports this name with other parameters.",
    "other": "TF2 exports another object under this name.",
    "compat": "TF2 exports it as `tf.compat.v1` only; there is no native name.",
    "gone": "TF2 does not have it, `tf.compat.v1` included.",
}


def explain(subject: str) -> str | None:
    """The text for a code, a rule's name or a symbol; None when there is no such thing."""
    rules = rulefile.load_rules(rules_folder())
    for rule in rules:
        if subject.upper() == rule["code"] or subject == rule["name"]:
            return pages.render(rule, summary.of_rule(rule["name"], summary.load()))
    return _symbol(_canonical(subject), rules)


def _canonical(subject: str) -> str:
    for prefix in ("tensorflow.compat.v1.", "tf.compat.v1.", "tensorflow."):
        if subject.startswith(prefix):
            return "tf." + subject[len(prefix) :]
    return subject


def _symbol(symbol: str, rules: list[dict]) -> str | None:
    loaded = registry.load()
    row = loaded.table.row(symbol)
    parent, _, name = symbol.rpartition(".")
    method = f"{loaded.table.canonical(parent)}.{name}"
    found = loaded.exact(symbol) or loaded.exact(method) or (loaded.below(symbol) if row else [])
    speaking = {rule.name for rule in found}
    if row is None and not speaking:
        return None
    parts = [f"# {symbol}"]
    if row is not None:
        reported = _reported(symbol, [parameter.name for parameter in loaded.table.signature(row.tf1)])
        parts += [*changes_of(row), "\n".join(reported) or "Nothing is reported of it."]
    pages_ = [pages.render(rule) for rule in rules if rule["name"] in speaking]
    return "\n".join(["\n\n".join(parts) + "\n", *pages_])


def _reported(symbol: str, parameters: list[str]) -> list[str]:
    """What is reported of a symbol in a TF1 file, as a value and called with every parameter by name."""
    arguments = ", ".join(f"{name}={name}" for name in parameters)
    source = f"import tensorflow as tf\ntf.placeholder\n{symbol}\n{symbol}({arguments})\n"
    found = [f"{f.code} {f.message}" for f in lint(source, options=Options(hints=True)) if f.span.line > 2]
    return [f"- {text}" for text in dict.fromkeys(found)]


def changes_of(row: Row) -> list[str]:
    """What became of a symbol in TF2, with both signatures, as paragraphs of Markdown."""
    parts = [_STATUS[row.status].format(target=row.target)]
    if row.alias:
        parts.append(f"Canonical TF1 name: `{row.alias}`.")
    if row.range:
        parts.append(f"TF2 versions that export it: {row.range}.")
    if row.tf1:
        parts.append(f"TF 1.15: `({row.tf1})`")
    exported = row.status in ("same", "renamed", "moved", "signature")
    tf2 = row.tf1 if exported and not row.tf2 and not row.params else row.tf2  # said only where it differs
    if tf2:
        parts.append(f"TF 2: `({tf2})`")
    defaults = row.params.get("defaults", {})
    changes = [
        *(f"- `{old}` is `{new}`" for old, new in row.params.get("renamed", {}).items()),
        *(f"- `{name}` is gone" for name in row.params.get("removed", ())),
        *(f"- `{name}` is new" for name in row.params.get("added", ())),
        *(f"- `{name}` stands at another position" for name in row.params.get("moved", ())),
        *(f"- `{name}` defaults to `{new}`, was `{old}`" for name, (old, new) in defaults.items()),
    ]
    if changes:
        parts.append("\n".join(changes))
    return parts


def suggestion(subject: str) -> str:
    """A hint at what may have been meant, or ""."""
    import difflib

    loaded = registry.load()
    names = [row.name for row in loaded.table.rows()] + [rule.code for rule in loaded.rules]
    close = difflib.get_close_matches(subject, names, n=3)
    return f"; did you mean {', '.join(close)}?" if close else ""
