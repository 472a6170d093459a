"""The arguments of a call as TensorFlow 2 takes them: keywords renamed, positions named, defaults written out."""

from __future__ import annotations

import ast

from flake8_tf2.families import differ, keeps_role, positional, covered_by_rules
from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, is_simple, rename
from flake8_tf2.fix.text import Argument, Refused, Text
from flake8_tf2.match import literal_value

#: Parameters that never changed a result; eager TensorFlow names no ops, takes no locks, and its scopes seek no graph.
_WITHOUT_EFFECT = {"name", "use_locking", "values"}

#: Parameters that went, and what TF2 always does: not what TF1 did by default.
_TF2_DOES = {"partition_strategy": "'div'", "merge_repeated": "False"}

#: Parameters that take something else in TF2, under any name, and what that is.
_OTHER_VALUES = {("tf.nn.space_to_batch", "block_size"): "TF2 takes a list, [2, 2], not a number"}

#: Parameters that TF2 wants to be written, and what says what TF1 did without them.
_WRITTEN = {"colors": "None", "data_format": '"NHWC"'}


def adapt(site: Site, spec: dict) -> list[Edit]:
    """The whole call as the symbol table says that TF2 takes it; all findings of the table on a call share these edits.

    Raises Refused where an argument has no place in TF2's signature, or a default cannot be written.
    """
    use, row = site.use, site.use.row
    if row is None:
        raise Refused("the symbol table does not know it")
    params = row.params if row.status in ("same", "signature", "renamed", "moved", "other") else {}
    edits = rename(site, row.target) if row.target else []
    if use.reference.call is None:
        if row.status == "moved" or params.get("moved") or params.get("removed"):
            raise Refused("what it is passed to may give it arguments that TF2 does not take")
        return edits
    if not params:
        return edits
    table = site.builder.file.table
    covered = covered_by_rules(site.builder.file, use)
    if "all" in covered:
        return edits
    arguments = site.arguments
    for name in arguments.bound:
        reason = _OTHER_VALUES.get((table.canonical(row.name), name))
        if reason:
            raise Refused(f"{name}: {reason}")
    keywords: dict[str, str | None] = {}
    for name in params.get("removed", ()):
        if name in arguments.bound and name not in covered:
            _require_default(site, name)
            keywords[name] = None
    renamed = params.get("renamed", {})
    for old, new in renamed.items():
        if old in arguments.bound and old not in covered:
            if new not in arguments.bound:
                keywords[old] = new
            elif literal_value(arguments.bound[old].value) == (None, True):
                keywords[old] = None  # the old name of a parameter, left empty
            else:
                raise Refused(f"{old} and {new} are both given")
    after = positional(table, row.tf2 or row.tf1)
    takes = {p.name for p in table.signature(row.tf2 or row.tf1)}
    named = set()
    for name, argument in arguments.bound.items():
        if argument.position is None or name in keywords and keywords[name] is None:
            continue
        there = after[argument.position] if argument.position < len(after) else ""
        if not keeps_role(name, there, renamed):
            new = keywords.get(name, name)
            if new not in takes:
                raise Refused(f"{name} has no place in TF2's call")
            named.add(name)
    add = {}
    skipped = covered | {"name", *renamed.values()}
    for name, (old, new) in params.get("defaults", {}).items():
        if name not in skipped and name not in arguments.bound and differ(old, new):
            if name not in takes:
                raise Refused(f"{name} has no place in TF2's call")
            _require_literal(name, old)
            add[name] = old
    given = {keywords.get(name, name) for name in arguments.bound} | set(add)
    for parameter in table.signature(row.tf2 or row.tf1):
        name = parameter.name
        if parameter.kind in ("positional", "keyword") and parameter.default is None and name not in given:
            if name not in _WRITTEN:
                raise Refused(f"TF2's call needs {name}")
            add[name] = _WRITTEN[name]
    return edits + change_arguments(site, keywords, add, named)


def _require_default(site: Site, name: str) -> None:
    """Refuse an argument whose parameter went, unless it says what TF1 did without it."""
    if name in _WITHOUT_EFFECT:
        return
    value, known = literal_value(site.arguments.bound[name].value)
    signature = site.builder.file.table.signature(site.use.row.tf1)
    default = _TF2_DOES.get(name) or next((p.default for p in signature if p.name == name), None)
    try:
        same = known and default is not None and ast.literal_eval(default) == value
    except (ValueError, SyntaxError):
        same = False
    if not same:
        raise Refused(f"TF2 does not take {name}, which is not what TF2 does without it")


def _require_literal(name: str, default: str) -> None:
    try:
        ast.literal_eval(default)
    except (ValueError, SyntaxError):
        raise Refused(f"the old default of {name} cannot be written: {default}") from None


def change_arguments(
    site: Site,
    keywords: dict[str, str | None],
    add: dict[str, str],
    named: frozenset[str] | set[str] = frozenset(),
    moved: frozenset[str] | set[str] = frozenset(),
) -> list[Edit]:
    """Rename (or with None drop) arguments by their TF1 names, give `named` ones by keyword, and add others behind.

    Every positional argument behind one that is dropped or named is given by keyword, too. moved: those that are
    dropped here, and that the caller writes elsewhere.
    """
    text, call = site.text, site.call
    bound = site.arguments.bound
    places = text.arguments(call)
    order = list(places.values())
    kept: list[Argument] = []
    edits: list[Edit] = []
    must_name = False
    for name, argument in sorted(bound.items(), key=lambda item: places[item[1].value].start):
        place = places[argument.value]
        new = keywords.get(name, name)
        if new is None:
            if name not in moved and not is_simple(argument.value):
                raise Refused(f"{name} goes, and what it computes would go with it")
            edits.append(_drop(text, order, order.index(place), bool(kept)))
            must_name = must_name or argument.position is not None
            continue
        kept.append(place)
        if argument.keyword is not None:
            if new != name:
                edits.append(text.edit(place.start, place.start + len(name), new))
        elif must_name or name in named:
            edits.append(text.edit(place.start, place.start, f"{new}="))
            must_name = True
    written = ", ".join(f"{name}={value}" for name, value in add.items() if name not in bound)
    if written:
        if len(bound) == 1 and isinstance(call.args and call.args[0], ast.GeneratorExp):
            raise Refused("a generator stands alone as its argument")
        if not kept:
            at = order[-1].comma or order[-1].end if order else text.opening(call)
            edits.append(text.edit(at, at, written))
        elif kept[-1] is order[-1] and order[-1].comma:
            edits.append(text.edit(order[-1].comma, order[-1].comma, f" {written},"))
        else:
            edits.append(text.edit(kept[-1].end, kept[-1].end, f", {written}"))
    return edits


def by_keyword(site: Site, spec: dict) -> list[Edit]:
    """Give every argument by its keyword, whose position changed."""
    return change_arguments(site, {}, {}, set(site.arguments.bound))


def is_one(node: ast.AST | None) -> bool:
    """Whether a node is a list or tuple of one element."""
    return isinstance(node, (ast.List, ast.Tuple)) and len(node.elts) == 1 and not isinstance(node.elts[0], ast.Starred)


def unwrapped(site: Site, display: ast.List | ast.Tuple) -> list[Edit]:
    """The edits that write the one element of a list or tuple in its place."""
    text = site.text
    start, end = text.range(display)
    first, last = text.range(display.elts[0])
    before, behind = text.text[start:first], text.text[last:end]
    if "#" in before + behind or "(" in before[1:] or ")" in behind[:-1]:
        raise Refused("parentheses or a comment stand around the element of the list")
    # An element of several lines stood within brackets, which let it.
    opening, closing = ("(", ")") if "\n" in text.text[first:last] else ("", "")
    return [text.edit(start, first, opening), text.edit(last, end, closing)]


def only_element(site: Site, spec: dict) -> list[Edit]:
    """The one element of the list or tuple that the argument `parameter` is."""
    return unwrapped(site, site.arguments.bound[spec["parameter"]].value)


def _drop(text: Text, order: list[Argument], index: int, has_left: bool) -> Edit:
    argument = order[index]
    if has_left:
        start, end = order[index - 1].end, argument.end
    elif index + 1 < len(order):
        start, end = argument.start, order[index + 1].start
    else:
        start, end = argument.start, argument.comma or argument.end
    if "#" in text.text[start:end]:
        raise Refused("a comment stands beside an argument that goes")
    return text.edit(start, end, "")
