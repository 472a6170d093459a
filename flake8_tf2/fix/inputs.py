"""Fixes of inputs and execution."""

from __future__ import annotations

import ast

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, delete_statement, is_simple, rename
from flake8_tf2.fix.calls import is_one, unwrapped
from flake8_tf2.fix.template import is_atomic
from flake8_tf2.fix.text import Refused
from flake8_tf2.match import literal_value


def py_func(site: Site, spec: dict) -> list[Edit]:
    """`tf.numpy_function` for `tf.py_func`. For a list of one type only TF1 returns a list: it goes around the call."""
    argument = site.arguments.bound.get("Tout")
    if argument is None:
        raise Refused("the call does not give Tout")
    types = argument.value
    if isinstance(types, (ast.List, ast.Tuple)):
        if not types.elts or any(isinstance(t, ast.Starred) for t in types.elts):
            raise Refused("Tout is a list of no type: call the function itself where its result is not needed")
        renamed = rename(site, "tf.numpy_function")
        return [*renamed, *unwrapped(site, types), *_in_list(site)] if is_one(types) else renamed
    reference = site.use.reference
    values = site.builder.file.resolver.values(types, reference.scope, reference.block)
    if not values or any(v.kind != "symbol" for v in values):
        raise Refused("Tout may be a list of one type: TF1 returns a list, eager TF2 the tensor")
    return rename(site, "tf.numpy_function")


def _in_list(site: Site) -> list[Edit]:
    """The edits that put the call into a list; where its first item is taken, that goes instead."""
    start, end = site.text.range(site.call)
    outer = site.builder.parents.get(site.call)
    if isinstance(outer, ast.Subscript) and literal_value(outer.slice) == (0, True):
        return [site.text.edit(end, site.text.range(outer)[1], "")]
    return [site.text.edit(start, start, "["), site.text.edit(end, end, "]")]


def reset_default_graph(site: Site, spec: dict) -> list[Edit]:
    """Delete the call where the file has no other name that only TF1 has, so that no graph is built any more."""
    file = site.builder.file
    for reference in file.references.find():
        row = file.table.row(reference.symbol)
        left = reference.receiver is not None and reference.receiver.spelling != "native"
        left = left or row is not None and row.status in ("compat", "gone")
        if left and reference.kind != "import" and reference.symbol != site.match.symbol:
            raise Refused(f"line {reference.place.line} still needs TF1's graph: {reference.symbol}")
    return delete_statement(site)


#: What may stand around a call that is computed whenever its statement is, once.
_ALWAYS = (
    ast.Call, ast.keyword, ast.Tuple, ast.List, ast.Dict, ast.BinOp, ast.UnaryOp, ast.Subscript, ast.Attribute,
    ast.Starred,
)  # fmt: skip


def print_statement(site: Site, spec: dict) -> list[Edit]:
    """`tf.print(...)` in a line before the statement, and the plain value where `tf.Print` returned it."""
    text, call, bound = site.text, site.call, site.arguments.bound
    _require_own_line(site)
    data, message, first_n = bound.get("data"), bound.get("message"), bound.get("first_n")
    if "input_" not in bound or data is None or not isinstance(data.value, (ast.List, ast.Tuple)):
        raise Refused("what it prints is not a list that is written here")
    if first_n is not None and literal_value(first_n.value) not in ((None, True), (-1, True)):
        raise Refused("first_n has no counterpart: count in Python")
    inner = {node for value in (data.value, bound["input_"].value) for node in ast.walk(value)}
    for node in inner:
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "Print":
            raise Refused("one Print stands in another")
        if isinstance(node, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)):
            raise Refused("it binds a name, or waits, where it stands")
    printed = []
    if message is not None and literal_value(message.value) != (None, True):
        value, known = literal_value(message.value)
        if not known and not is_simple(message.value):
            raise Refused("its message is computed")
        printed.append(_quoted(value.rstrip()) if known and isinstance(value, str) else text.of(message.value))
    places = text.arguments(call)
    for element in data.value.elts:
        printed.append(text.of(element))
    if "summarize" in bound and literal_value(bound["summarize"].value) != (None, True):
        printed.append(f"summarize={text.of(bound['summarize'].value)}")
    spelled, edits = site.spell("tf.print")
    statement = site.use.reference.statement
    line = text.lines[statement.lineno - 1]
    indent = line[: len(line) - len(line.lstrip())]
    at = text.offset(statement.lineno, 0)
    start, end = text.range(call)
    place = places[bound["input_"].value]
    value = text.text[place.value : place.end]
    if "#" in text.text[start:end]:
        raise Refused("a comment may stand between its arguments")
    if not is_atomic(bound["input_"].value) and not value.startswith("("):
        value = f"({value})"
    return [*edits, text.edit(at, at, f"{indent}{spelled}({', '.join(printed)})\n"), text.edit(start, end, value)]


def _quoted(value: str) -> str:
    """A string in double quotes, as TensorFlow's users write them."""
    plain = '"' not in value and "\\" not in value and value.isprintable()
    return f'"{value}"' if plain else repr(value)


def _require_own_line(site: Site) -> None:
    """Refuse a call that is not surely computed once where its statement stands, or that shares its line."""
    statement, node = site.use.reference.statement, site.builder.parents.get(site.call)
    while node is not None and node is not statement:
        if not isinstance(node, _ALWAYS):
            raise Refused("it stands where a statement before it would not do the same: a lambda, a condition, a loop")
        node = site.builder.parents.get(node)
    if not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)):
        raise Refused("it stands in the head of a block")
    start = site.text.range(statement)[0]
    if site.text.text[site.text.offset(statement.lineno, 0) : start].strip():
        raise Refused("another statement stands before it on its line")
