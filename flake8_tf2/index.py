"""Writes the index that linting loads, and the pages of the rules, from `rules/` and the symbol table.

python -m flake8_tf2.index            write both
python -m flake8_tf2.index --check    exit with 1 when what is committed is not what would be written
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from flake8_tf2 import rulefile
from flake8_tf2.names.table import Lines, SymbolTable
from flake8_tf2.registry import INDEX

_DATA = Path(__file__).parent / "names" / "data"
_RECEIVERS = Path(__file__).parent / "names" / "receivers.yaml"

#: Top-level packages, and the symbol and spelling that they stand for.
ROOTS = {
    "tensorflow": ("tf", "native"),
    "tensorflow_core": ("tf", "native"),  # where 1.15 keeps its modules
    "keras": ("tf.keras", "keras"),
    "tensorflow_hub": ("hub", "other"),
}


def rules_folder() -> Path:
    """The folder of the rule files, in an installation as in a checkout."""
    installed = Path(__file__).parent / "rules"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "rules"


def _lines(name: str) -> list[dict]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def pack_symbols(extends: dict[str, str]) -> dict[str, str]:
    """The symbol table in the form that SymbolTable reads; `extends` adds bases that TF1 does not export."""
    tf1 = {}
    for row in _with_moves(_lines("symbols.jsonl")):
        params = _dump(row["params"]) if row.get("params") else ""
        fields = [
            row["kind"],
            row["class"],
            row.get("target", ""),
            row.get("alias", ""),
            row.get("tf1", ""),
            row.get("tf2", ""),
        ]
        tf1[row["name"]] = "\t".join([*fields, params, "" if row.get("v1", True) else "-", row.get("range", "")])
    tf2 = {"tf": "module"}
    for row in _lines("tf2.jsonl"):
        tf2[row["name"]] = f"{row['kind']} {row['range']}" if row.get("range") else row["kind"]
    rows = {row["name"]: row for row in _lines("members.jsonl")}
    members = {}
    for name, row in rows.items():
        bases = list(row.get("bases", ()))
        for cls in (name, *bases):
            more = extends.get(cls)
            if more and more != name and more not in bases:
                bases += [more, *(b for b in rows.get(more, {}).get("bases", ()) if b not in bases)]
        members[name] = _dump({"bases": bases, "members": row.get("members", {})})
    lists = {row["name"]: row for row in _lines("tf2_members.jsonl")}
    tf2_members = {name: " ".join(sorted(_inherited(name, lists))) for name in lists}
    private = {row.pop("module"): _dump(row) for row in _lines("private.jsonl")}
    sections = {"tf1": tf1, "tf2": tf2, "members": members, "tf2_members": tf2_members, "private": private}
    return {key: _ascii(Lines.pack(values)) for key, values in sections.items()}


def _inherited(name: str, lists: dict[str, dict]) -> set[str]:
    """The members of a TF2 class, those of the class that its row refers to included."""
    row = lists.get(name, {})
    more = _inherited(row["of"], lists) if "of" in row else set()
    return {*row.get("members", ()), *more}


def _with_moves(rows: list[dict]) -> list[dict]:
    """The rows, those without an export of their own marked `moved` where another TF1 name of the same object has one.

    `tf.assert_equal` was also `tf.debugging.assert_equal`, which TF2 exports: with other parameters, so it is no mere
    renaming.
    """
    native: dict[str, dict] = {}
    for row in rows:
        if row["class"] in ("same", "signature", "other") and not row.get("range"):
            native.setdefault(row.get("alias") or row["name"], row)
    for row in rows:
        twin = native.get(row.get("alias") or row["name"])
        if row["class"] in ("compat", "gone") and twin is not None and row["kind"] != "module":
            changes = {key: twin[key] for key in ("tf2", "params") if key in twin}
            row.update({"class": "moved", "target": twin["name"], **changes})
    return rows


def pack_rules(rules: list[dict], table: SymbolTable) -> dict:
    """What linting needs of the rules, and by which symbols they are found."""
    packed, by_symbol, by_namespace, methods, extra = [], {}, {}, set(), set()
    aliases: dict[str, list[str]] = {}
    for row in table.rows():
        aliases.setdefault(row.alias or row.name, []).append(row.name)
    for number, rule in enumerate(rules):
        symbols = list(rule.get("symbols") or rule.get("targets") or ())
        entry = {key: rule[key] for key in ("code", "name", "message")}
        entry["symbols"] = symbols
        for key in ("table", "check", "when", "at", "targets", "covers", "evident", "severity"):
            if rule.get(key):
                entry[key] = rule[key]
        for key in ("unless", "hint"):
            if rule.get(key):
                entry[key] = [rule[key]] if isinstance(rule[key], dict) else rule[key]
        if rule.get("use"):
            entry["use"] = [rule["use"]] if isinstance(rule["use"], str) else rule["use"]
        structure = {key: rule[key] for key in ("rule", "constraints", "utils") if key in rule}
        if structure:
            entry["structure"] = _dump(structure)
        packed.append(entry)
        for symbol in symbols:
            if symbol.endswith(".*"):
                by_namespace.setdefault(symbol[:-2], []).append(number)
                continue
            parent, _, name = symbol.rpartition(".")
            if table.is_class(parent):
                symbol = f"{table.canonical(parent)}.{name}"  # as the resolver names methods
                methods.add(name)
                extra.add(symbol)
            by_symbol.setdefault(symbol, []).append(number)
            if not table.known(symbol):
                extra.update(_prefixes(symbol))
    named = {symbol: list(numbers) for symbol, numbers in by_symbol.items()}
    for symbol, numbers in named.items():
        native = table.known(symbol) and table.resolves(symbol, (2, 21))
        for alias in aliases.get(table.canonical(symbol), ()):
            # Another name of the object that TF2 still exports is not what the rule speaks of, unless this one is, too.
            if alias not in named and (native or not table.resolves(alias, (2, 21))):
                slot = by_symbol.setdefault(alias, [])
                slot.extend(n for n in numbers if n not in slot)
    return {
        "rules": packed,
        "by_symbol": dict(sorted(by_symbol.items())),
        "by_namespace": dict(sorted(by_namespace.items())),
        "methods": sorted(methods),
        "extra_names": sorted(extra),
        "fixes": {rule["name"]: rule["fixes"] for rule in rules if rule.get("fixes")},
    }


def _prefixes(symbol: str) -> list[str]:
    parts = symbol.split(".")
    return [".".join(parts[:end]) for end in range(2 if parts[0] == "tf" else 1, len(parts) + 1)]


def user_roots(rules: list[dict]) -> dict[str, tuple[str, str]]:
    """The packages that rules speak of besides TensorFlow's own."""
    symbols = {s for rule in rules for s in (*rule.get("symbols", ()), *rule.get("targets", ()))}
    known = {name.partition(".")[0] for root, (symbol, _) in ROOTS.items() for name in (root, symbol)}
    heads = {symbol.partition(".")[0] for symbol in symbols} - known
    return {head: (head, "other") for head in sorted(heads)}


def render_index() -> str:
    """The index as it is committed: on its first line the length of each section, then the sections."""
    import yaml

    receivers = yaml.safe_load(_RECEIVERS.read_text(encoding="utf-8"))
    symbols = pack_symbols(receivers.pop("extends"))
    rules = pack_rules(rulefile.load_rules(rules_folder()), SymbolTable(lambda name: symbols[name].encode()))
    lines = {
        "rules": "\n".join(map(_dump, rules.pop("rules"))),
        "by_symbol": Lines.pack({symbol: _dump(numbers) for symbol, numbers in rules.pop("by_symbol").items()}),
    }
    rest = {**rules, "receivers": receivers, "roots": ROOTS}
    sections = {**lines, **{name: _by_line(value) for name, value in rest.items()}}
    sections.update(symbols)
    lengths = {name: len(text) for name, text in sections.items()}
    return "\n".join([_dump(lengths), *sections.values(), ""])


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))  # in ASCII, which is read several times faster


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii")  # only reprs of defaults have anything else


def wrong_fixes() -> list[str]:
    """The names of the wrong fixes of tests/prove/wrong.py, by their recordings."""
    folder = rules_folder().parent / "tests" / "golden" / "wrong"
    return sorted(path.stem.replace("_", "-") for path in folder.glob("*.json"))


def _by_line(value: object) -> str:
    """JSON with one line an item, so that a change of one rule is a difference of one line."""
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{_dump(k)}:{_dump(v)}" for k, v in value.items()) + "\n}"
    return "[\n" + ",\n".join(map(_dump, value)) + "\n]"


def main(argv: list[str] | None = None) -> int:
    """Write, or with --check compare, the index and the pages."""
    from flake8_tf2 import pages
    from flake8_tf2.prove import summary
    from flake8_tf2.files import write_atomically

    parser = argparse.ArgumentParser(prog="python -m flake8_tf2.index", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 when something is stale")
    arguments = parser.parse_args(argv)
    try:
        wanted = {INDEX: render_index()}
    except rulefile.RuleError as error:
        print(error, file=sys.stderr)
        return 1
    docs = rules_folder().parent / "docs" / "rules"  # an installation has none
    if docs.parent.is_dir():
        rules, results = rulefile.load_rules(rules_folder()), summary.load()
        identical = sum("target" in row for row in _lines("symbols.jsonl"))
        document = summary.document(rules, results, summary.load_mutants(), wrong_fixes(), identical)
        wanted[docs.parent / "proof.md"] = document
        rendered = pages.render_all(rules, results)
        wanted.update({docs / name: text for name, text in rendered.items()})
        wanted.update({old: None for old in docs.glob("*.md") if old not in wanted})
    stale = [p for p, text in wanted.items() if text is None or not p.exists() or p.read_text(encoding="utf-8") != text]
    if arguments.check:
        for path in stale:
            print(f"{path} is stale: run python -m flake8_tf2.index", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        text = wanted[path]
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, text.encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
