"""Families of rules that the symbol table drives: names, keywords, order and defaults of parameters.

Each takes a use of a symbol and the findings of rules that name it, and yields (where, fields of the message, evident):
where as the key `at` of a rule file says it. Of the arguments only the shape of the call may decide.
"""

from __future__ import annotations

import ast
import functools
import re
from typing import Iterator

from flake8_tf2.context import File, Told, Use, spelled_in_full
from flake8_tf2.names.table import Row, SymbolTable

Found = Iterator[tuple[str | dict, dict[str, str], bool]]
#: Where a rule reports a use, if it does not say otherwise.
SYMBOL = "symbol"


def renamed(file: File, use: Use, own: list[Told]) -> Found:
    """A symbol that native TF2 exports under another name."""
    row = use.row
    if row is not None and row.status in ("renamed", "moved") and not own:
        yield SYMBOL, {"symbol": row.name, "target": row.target}, True


def removed(file: File, use: Use, own: list[Told]) -> Found:
    """A symbol that has no native export, and no rule of its own."""
    row = use.row
    if own or row is None or use.native:
        return
    if row.status in ("compat", "gone") or use.reference.spelling in ("native", "keras") and not row.target:
        yield SYMBOL, {"symbol": row.name}, True


def unknown(file: File, use: Use, own: list[Told]) -> Found:
    """A name that neither TF 1.15 nor TF2 has: of an older TF1, or a slip."""
    reference = use.reference
    if own or use.row is not None or reference.known or reference.spelling in ("compat", "keras", "other", "private"):
        return
    if file.table.resolves(reference.symbol, file.options.target_version):
        return
    if re.match(_INTERNAL, reference.symbol):
        return  # TensorFlow's own insides, of which the table says nothing
    yield SYMBOL, {"symbol": reference.symbol}, True


_INTERNAL = r"tf\.(compiler|core|python|tools|tsl|dtensor|lite\.python)\b|.*\._"


def private(file: File, use: Use, own: list[Told]) -> Found:
    """A module or name below `tensorflow.python` or `tensorflow.core`: TensorFlow's internals, which move."""
    reference = use.reference
    if own or reference.kind != "import" or not reference.symbol.startswith(("tf.python.", "tf.core.")):
        return
    module = "tensorflow" + reference.symbol[2:]
    known = file.table.private(module)
    if known is None:
        parent, _, name = module.rpartition(".")
        known = file.table.private(parent)
        lost = known is not None and (not known.get("tf2") or name in known.get("missing", ()))
    else:
        lost = not known.get("tf2")
    if lost:
        yield SYMBOL, {"symbol": reference.symbol}, True


def compat(file: File, use: Use, own: list[Told]) -> Found:
    """A name spelled through `tf.compat.v1` that native TF2 exports, too, as another object or the same."""
    reference = use.reference
    if own or reference.spelling != "compat" or reference.kind == "import" or not spelled_in_full(file, reference):
        return
    row = use.row
    if row is None or row.status in ("same", "signature", "other"):
        target = reference.symbol if file.table.resolves(reference.symbol, file.options.target_version) else ""
        if target:
            yield SYMBOL, {"symbol": reference.symbol, "target": target}, True


# Parameters. A rule that names the symbol may cover some of them itself.


def _covered(own: list[Told]) -> set[str]:
    covered: set[str] = set()
    for told in own:
        covers = told.rule.covers
        covered.update(["all"] if covers == "all" else covers)
        covered.update(told.rule.when)
    return covered


def covered_by_rules(file: File, use: Use) -> set[str]:
    """The parameters that rules which name the symbol speak of in this call."""
    from flake8_tf2.match import rules_of  # which imports this module

    covered: set[str] = set()
    for rule in rules_of(file, use):
        covered.update(["all"] if rule.covers == "all" else rule.covers)
        covered.update(rule.when)
    return covered


def _changes(use: Use, own: list[Told]) -> dict | None:
    """What became of the parameters of a symbol that native TF2 has, unless a rule covers all of it."""
    row = use.row
    if (
        row is None
        or not row.params
        or use.arguments is None
        or row.status not in ("same", "signature", "renamed", "moved", "other")
    ):
        return None
    return None if "all" in _covered(own) else row.params


def means_the_same(table: SymbolTable, row: Row, call: ast.Call) -> bool:
    """Whether a call surely uses nothing that TF2 changed: a quick test, which most calls of unchanged names pass."""
    try:
        keywords, positions, relies, required = table.changes[row.name]
    except KeyError:
        keywords, positions, relies, required = table.changes[row.name] = _what_changed(table, row)
    if relies or len(call.args) > positions or required and lacking(required, call):
        return False
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg in keywords:
            return False
    return not any(argument.__class__ is ast.Starred for argument in call.args)


def _what_changed(table: SymbolTable, row: Row) -> tuple[frozenset[str], int, bool, dict[str, int]]:
    """Keywords that changed, the number of leading positions that did not, whether a default did, and `required`."""
    params = row.params
    gone, renames = set(params.get("removed", ())), params.get("renamed", {})
    positions = 0
    for before, now in zip(positional(table, row.tf1), positional(table, row.tf2 or row.tf1)):
        if before in gone or not keeps_role(before, now, renames):
            break
        positions += 1
    return (
        frozenset(gone | set(renames)),
        positions,
        any(differ(*pair) for pair in params.get("defaults", {}).values()),
        required(table, row),
    )


def required(table: SymbolTable, row: Row) -> dict[str, int]:
    """The parameters without a default in TF2 that TF1 does not ask for, each with its position in TF2."""
    before = table.signature(row.tf1)
    if any(p.kind in ("*", "**") for p in before):
        return {}  # they may be hidden there
    asked = {p.name for p in before if p.default is None}
    after = table.signature(row.tf2 or row.tf1)
    return {
        p.name: position
        for position, p in enumerate(after)
        if p.kind in ("positional", "keyword") and p.default is None and p.name not in asked
    }


def lacking(required: dict[str, int], call: ast.Call) -> list[str]:
    """Those of the required parameters that a call, read as TF2 reads it, surely does not give."""
    given = {keyword.arg for keyword in call.keywords}
    if None in given or any(argument.__class__ is ast.Starred for argument in call.args):
        return []
    return [name for name, position in required.items() if name not in given and position >= len(call.args)]


def keyword_renamed(file: File, use: Use, own: list[Told]) -> Found:
    """A keyword that native TF2 calls otherwise."""
    changes = _changes(use, own)
    if not changes or not changes.get("renamed"):
        return
    covered = _covered(own)
    if _takes_any_keyword(file, use):
        return
    for name, argument in use.arguments.bound.items():
        new = changes["renamed"].get(name)
        if new and argument.keyword is not None and name not in covered:
            fields = {"symbol": use.row.name, "argument": name, "target": new}
            yield {"argument": name}, fields, True


def parameter_removed(file: File, use: Use, own: list[Told]) -> Found:
    """An argument for a parameter that native TF2 does not have."""
    changes = _changes(use, own)
    if not changes or not changes.get("removed"):
        return
    covered = _covered(own)
    takes_any = _takes_any_keyword(file, use)
    for name in changes["removed"]:
        argument = use.arguments.bound.get(name)
        if argument is not None and name not in covered and not (takes_any and argument.keyword is not None):
            yield {"argument": name}, {"symbol": use.row.name, "argument": name}, argument.keyword is not None


def _takes_any_keyword(file: File, use: Use) -> bool:
    """Whether the TF2 signature ends in `**kwargs`, which may well take the old name: Keras' LeakyReLU takes alpha."""
    return any(p.kind == "**" for p in file.table.signature(use.row.tf2))


def order_changed(file: File, use: Use, own: list[Told]) -> Found:
    """A positional argument that native TF2 takes for another parameter."""
    changes = _changes(use, own)
    if not changes or not (changes.get("moved") or changes.get("removed") or changes.get("renamed")):
        return
    table, row = file.table, use.row
    after = positional(table, row.tf2 or row.tf1)
    covered = _covered(own)
    renames, gone = changes.get("renamed", {}), set(changes.get("removed", ()))
    for name, argument in use.arguments.bound.items():
        position = argument.position
        if position is None or name.startswith("#") or name in covered or name in gone:
            continue
        there = after[position] if position < len(after) else ""
        if not keeps_role(name, there, renames):
            fields = {"symbol": row.name, "argument": name, "target": there or "nothing"}
            yield {"argument": name}, fields, False
            return  # one finding a call: what follows is moved by the same cause


def positional(table: SymbolTable, signature: str) -> list[str]:
    """The parameters of a signature that may be given by position, in their order."""
    return [p.name for p in table.signature(signature) if p.kind == "positional"]


def keeps_role(old: str, new: str, renames: dict[str, str]) -> bool:
    """Whether a position means the same: its parameter has its name, its new one, or one that says the same."""
    if new == renames.get(old, old) or new.rstrip("s") == old.rstrip("s"):
        return True
    return {new, old} in ({"x", "input"}, {"input", "a"}, {"value", "input"})


def default_changed(file: File, use: Use, own: list[Told]) -> Found:
    """A call that relies on a default that native TF2 changed."""
    changes = _changes(use, own)
    if not changes or not changes.get("defaults"):
        return
    # TF1 wrote None for "see the old name of this parameter": what it did then is what the new default says.
    covered = _covered(own) | {"name", *changes.get("renamed", {}).values()}
    for name, (old, new) in changes["defaults"].items():
        if name not in covered and use.arguments.absent(name) and differ(old, new):
            fields = {"symbol": use.row.name, "argument": name, "old": old, "new": new}
            yield SYMBOL, fields, False


def parameter_required(file: File, use: Use, own: list[Told]) -> Found:
    """A call without an argument that native TF2 requires."""
    changes = _changes(use, own)
    if not changes:
        return
    table, row = file.table, use.row
    covered = _covered(own)
    renamed = {changes["renamed"][old] for old in use.arguments.bound if old in changes.get("renamed", {})}
    for name in lacking(required(table, row), use.reference.call):
        # What is given by its old name, or in another place, is found as such.
        if name not in covered and name not in renamed and name not in use.arguments.bound:
            yield SYMBOL, {"symbol": row.name, "argument": name}, True


#: Two ways to write one default.
_ONE_DEFAULT = {("'auto'", "'sum_over_batch_size'"), ("0", "'bilinear'")}


@functools.lru_cache(maxsize=None)
def differ(old: str | None, new: str | None) -> bool:
    """Whether two defaults mean different things. None, as a word or as no default, is what the function works out."""
    if None in (old, new) or "None" in (old, new) or (old, new) in _ONE_DEFAULT:
        return False
    before, after = _plain(old), _plain(new)
    return before != after and not (isinstance(before, tuple) and set(before) == {after})


def _plain(default: str) -> object:
    try:
        value = ast.literal_eval(default)
    except (ValueError, SyntaxError):
        return default
    return value.lower() if isinstance(value, str) else value


#: By the key `table` of a rule file: what became of a name, and of its parameters.
NAMES = {"renamed": renamed, "removed": removed, "unknown": unknown, "private": private, "compat": compat}
PARAMETERS = {
    "keyword-renamed": keyword_renamed,
    "parameter-removed": parameter_removed,
    "order-changed": order_changed,
    "default-changed": default_changed,
    "parameter-required": parameter_required,
}
FAMILIES = {**NAMES, **PARAMETERS}
