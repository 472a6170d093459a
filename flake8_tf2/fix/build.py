"""The fix of a match: which of a rule's `fixes` applies, and its edits."""

from __future__ import annotations

import ast
import functools
import re
from typing import Callable, NamedTuple

from flake8_tf2.arguments import Arguments
from flake8_tf2.context import File, Match, Use
from flake8_tf2.finding import Applicability, Edit, Fix
from flake8_tf2.fix import imports, template as templates
from flake8_tf2.fix.spelling import Speller
from flake8_tf2.fix.text import Refused, Text
from flake8_tf2.match import conditions_hold, target_of, use_of


class Site(NamedTuple):
    """All that a fix needs to know of one place."""

    builder: Builder
    match: Match
    use: Use

    @property
    def text(self) -> Text:
        """The text of the file."""
        return self.builder.text

    @property
    def call(self) -> ast.Call:
        """The call that is fixed. Raises Refused where the symbol is not called."""
        if self.use.reference.call is None:
            raise Refused("it is not called here")
        return self.use.reference.call

    @property
    def arguments(self) -> Arguments:
        """The arguments of the call by parameter. Raises Refused where a star hides some, or the call has too many."""
        self.call  # noqa: B018  (refuses)
        arguments = self.use.arguments
        if arguments.open:
            raise Refused("a star hides some of its arguments")
        for name in arguments.bound:
            if name.startswith("#"):
                raise Refused("it has more arguments than TF 1.15's signature")
        return arguments

    def spell(self, name: str, in_template: bool = False) -> tuple[str, list[Edit]]:
        """A full name as the file spells it, and the edits of imports that this needs; in_template as for Speller."""
        return self.builder.speller.spell(name, self.use.reference, in_template)

    def spelled(self, expression: str) -> tuple[str, list[Edit]]:
        """An expression with its full names as the file spells them, and the edits of imports that this needs."""
        parts, edits = [], []
        for part in templates.parse(expression, frozenset()).parts:
            if isinstance(part, templates.Name):
                part, more = self.spell(part.name)
                edits += more
            parts.append(part)
        return "".join(parts), edits


class Builder:
    """Makes the fixes of one file."""

    def __init__(self, file: File):
        self.file = file
        self.text = Text(file.references.layout.lines)
        self.speller = Speller(file, self.text)

    @functools.cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """The parent of each node of the file."""
        tree = self.file.references.layout.tree
        return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}

    def fix(self, match: Match) -> Fix | str:
        """The fix of a match, or why there is none; "" where its rule has no fix for any place."""
        reference = match.reference
        if reference is None:
            return ""
        if reference.kind == "import":
            remove = imports.remove_unused
            return self._attempt(lambda: Fix(Applicability.SAFE, remove(self.file, self.text, reference)))
        fixes = self.file.registry.fixes.get(match.rule.name, ())
        if not fixes:
            return ""
        if reference.receiver is None and not reference.certain:
            return "it may stand for something else here"
        site = Site(self, match, use_of(self.file, reference))
        return self._attempt(lambda: self._choose(site, fixes))

    @staticmethod
    def _attempt(make: Callable[[], Fix]) -> Fix | str:
        try:
            return make()
        except Refused as refused:
            return str(refused)

    def _choose(self, site: Site, fixes: list[dict]) -> Fix:
        self._readable(site)
        reason = ""
        for spec in fixes:
            if not _is_for(site, spec):
                reason = reason or f"no fix is known for {site.match.symbol}"
                continue
            if _stands(site, spec.get("where", "")) and conditions_hold(self.file, site.use, spec.get("when", {})):
                if spec.get("refuse"):
                    raise Refused(spec["refuse"])
                edits = merge(self._edits(site, spec))
                if not edits:
                    raise Refused("nothing of it can be written otherwise here")
                self._require_comments(edits)
                # A receiver that is only likely is an assumption, and nothing that rests on one is safe.
                sure = site.match.certain and not site.use.reference.weak
                return Fix(Applicability(spec["applicability"]) if sure else Applicability.UNSAFE, edits)
            reason = reason or spec.get("otherwise", "")
        raise Refused(reason or "its arguments are none that a fix is known for")

    def _require_comments(self, edits: tuple[Edit, ...]) -> None:
        """Refuse edits that write over a comment; one in a statement that goes, goes with it."""
        for edit in edits:
            start, end = (self.text.at(*edit.span[i : i + 2]) for i in (0, 2))
            if edit.text not in ("", "pass") and "#" in self.text.text[start:end] and _comments(self.text, start, end):
                raise Refused("a comment stands in what the fix replaces")

    def _readable(self, site: Site) -> None:
        """Refuse what stands in an f-string: its places are wrong before Python 3.12, and its quotes matter in all."""
        node: ast.AST | None = site.use.reference.node
        while node is not None and not isinstance(node, ast.stmt):
            if isinstance(node, ast.JoinedStr):
                raise Refused("it stands in an f-string")
            node = self.parents.get(node)

    def _edits(self, site: Site, spec: dict) -> list[Edit]:
        if "function" in spec:
            from flake8_tf2.fix.functions import FUNCTIONS

            return FUNCTIONS[spec["function"]](site, spec)
        if "template" in spec:
            return fill_template(site, spec)
        if "delete" in spec:
            return delete_statement(site)
        edits = []
        for name, written in spec.get("values", {}).items():
            place = site.text.arguments(site.call)[site.arguments.bound[name].value]
            spelled, more = site.spelled(written)
            edits += [*more, site.text.edit(place.value, place.end, spelled)]
        if "keywords" in spec or "add" in spec:
            from flake8_tf2.fix.calls import change_arguments

            add = {}
            for name, written in spec.get("add", {}).items():
                if name not in site.arguments.bound:
                    add[name], more = site.spelled(written)
                    edits += more
            edits += change_arguments(site, spec.get("keywords", {}), add)
        if "rename" in spec:
            target = _of_symbol(site, spec["rename"])
            edits += rename(site, target_of(site.match.rule, site.use) if target == "{target}" else target)
        return edits


def _stands(site: Site, where: str) -> bool:
    """Whether the reference is used as a fix says: called for its result, as a statement of its own, or as a value."""
    reference = site.use.reference
    if not where:
        return True
    if where == "module":
        return isinstance(site.builder.parents.get(reference.statement), ast.Module)
    if reference.call is None:
        return where == "value"
    is_statement = isinstance(reference.statement, ast.Expr) and reference.statement.value is reference.call
    return where == ("statement" if is_statement else "result")


def _is_for(site: Site, spec: dict) -> bool:
    """Whether a fix that says something of its own for each symbol says something for this one."""
    written = [spec[key] for key in ("template", "rename") if isinstance(spec.get(key), dict)]
    canonical = site.builder.file.table.canonical
    symbol = canonical(site.match.symbol)
    return all(any(canonical(named) == symbol for named in text) for text in written)


def _of_symbol(site: Site, text: str | dict[str, str]) -> str:
    """What a fix says for the symbol, where it says something else for each."""
    if isinstance(text, str):
        return text
    symbol = site.match.symbol
    table = site.builder.file.table
    for named, own in text.items():
        if symbol == named or table.canonical(symbol) == table.canonical(named):
            return own
    raise Refused(f"no fix is known for {symbol}")


def merge(edits: list[Edit]) -> tuple[Edit, ...]:
    """The edits of a fix in their order: each once, and what is inserted where a replacement begins as part of it."""
    merged: list[Edit] = []
    for edit in sorted(dict.fromkeys(edits)):
        span, text = edit.span, edit.text
        if span[:2] == span[2:] and not text:
            continue
        last = merged[-1] if merged else None
        if last is not None and last.span[:2] == last.span[2:] == span[:2]:
            merged[-1] = Edit(span, last.text + text)
        else:
            merged.append(edit)
    return tuple(merged)


def rename(site: Site, target: str) -> list[Edit]:
    """Replace the name of a reference by another full name."""
    text, reference = site.text, site.use.reference
    start, end = text.range(reference.place)
    if text.text.count("(", start, end) != text.text.count(")", start, end):
        start, end = text.range(reference.node)  # its head stands in parentheses
    spelled, edits = site.spell(target)
    # Of `tf.log` and `tf.math.log` only what differs is written, so that fixes around it do not collide.
    return [*_gap(text, start, end, spelled), *edits]


# Templates

_TOKEN = re.compile(
    r"(?P<blank>[ \t\f\r\n]+|\\\n|\#[^\n]*)|\w+|\*\*|//|[=!<>]=|->|:="
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|.",
    re.S,
)


def fill_template(site: Site, spec: dict, outer: ast.Call | None = None) -> list[Edit]:
    """Write the template that a fix has for the symbol; `outer` as for `fill`."""
    return fill(site, _of_symbol(site, spec["template"]), spec.get("drop", []), outer)


def fill(site: Site, template: str, drop: list[str], outer: ast.Call | None = None) -> list[Edit]:
    """Write a template over a call (or over a name that is not called), by the smallest edits.

    drop: parameters whose arguments may go. `name` may always: eager TensorFlow names no ops. outer: the call of a
    method whose argument the call is; it is written over, too, and `{self}` is what the method is called on.
    """
    text, reference = site.text, site.use.reference
    values: dict[str, tuple[int, int, ast.expr]] = {}
    if reference.call is not None:
        node: ast.expr = reference.call
        places = text.arguments(reference.call)
        for name, bound in site.arguments.bound.items():
            argument = places[bound.value]
            values[name] = argument.value, argument.end, bound.value
    else:
        node = reference.node
    if outer is not None:
        node = outer
    if reference.receiver is not None or outer is not None:
        receiver = outer.func.value if outer is not None else reference.node.value
        values["self"] = text.range(node)[0], _behind_parentheses(text, text.range(receiver)[1]), receiver
    wanted = set(templates.parameters(template))
    for name, (_, _, value) in values.items():
        if name not in wanted and name != "self":
            if name != "name" and name not in drop:
                raise Refused(f"{name} has no place in TF2's call")
            if not is_simple(value):
                raise Refused(f"{name} goes, and what it computes would go with it")
    parsed = templates.parse(template, frozenset(values))
    start, end = text.range(node)
    parts: list[str | tuple[int, int]] = []
    edits: list[Edit] = []
    for part in parsed.parts:
        if isinstance(part, templates.Name):
            spelled, more = site.spell(part.name, in_template=True)
            edits += more
            parts.append(spelled)
        elif isinstance(part, templates.Hole):
            first, last, value = values[part.parameter]
            enclosed = part.bare or _enclosed(text, first, last, value) or part.operand and _is_number(value)
            wrap = not enclosed or _needs_parentheses(value, text, first)
            parts += ["(", (first, last), _Closing(")")] if wrap else [(first, last)]
        else:
            parts.append(part)
    if not parsed.atomic and not _may_be_bare(site, node, text.text[start:end]):
        parts = ["(", *parts, _Closing(")")]
    written = _write(text, start, end, parts)
    if _breaks(_written(text, start, end, written)) and not _breaks(text.text[start:end]):
        written = _write(
            text, start, end, ["(", *parts, _Closing(")")]
        )  # what stood in parentheses, and on lines of its own
    return edits + written


class _Closing(str):
    """The end of parentheses around a value, before which no comma may stand: it would make a tuple."""


def _written(text: Text, start: int, end: int, edits: list[Edit]) -> str:
    """What the characters from start to end become."""
    new, at = "", start
    for edit in sorted(edits):
        first, last = (text.at(*edit.span[i : i + 2]) for i in (0, 2))
        new += text.text[at:first] + edit.text
        at = last
    return new + text.text[at:end]


def _breaks(written: str) -> bool:
    """Whether a line ends outside of all brackets, where that would end the statement."""
    depth = 0
    for token in _TOKEN.finditer(written):
        word = token[0]
        if word in "([{":
            depth += 1
        elif word in ")]}":
            depth -= 1
        elif token["blank"] and "\n" in word and not word.startswith("\\") and not depth:
            return True
    return False


def _behind_parentheses(text: Text, at: int) -> int:
    """Behind the parentheses that close after an expression, before the dot that follows it."""
    match = re.compile(r"(?:[ \t\n\\]*\))*").match(text.text, at)
    return match.end()


def is_simple(node: ast.expr) -> bool:
    """Whether evaluating an expression twice, or not at all, makes no difference."""
    if isinstance(node, (ast.Constant, ast.Name)):
        return True
    if isinstance(node, ast.Attribute):
        return is_simple(node.value)
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(map(is_simple, node.elts))
    return isinstance(node, ast.UnaryOp) and is_simple(node.operand)


def _enclosed(text: Text, start: int, end: int, value: ast.expr) -> bool:
    """Whether a value needs no parentheses beside an operator or a dot: an atom, or in parentheses already."""
    return templates.is_atomic(value) or text.range(value) != (start, end)


def _is_number(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, (int, float, complex))


def _needs_parentheses(value: ast.expr, text: Text, start: int) -> bool:
    """Whether even an argument needs parentheses: a generator that stood alone, a walrus, a yield."""
    first = text.range(value)[0]
    if isinstance(value, ast.GeneratorExp):
        return first < start  # its parentheses are those of the call
    return isinstance(value, (ast.NamedExpr, ast.Yield, ast.YieldFrom)) and first == start


def _may_be_bare(site: Site, node: ast.expr, old: str) -> bool:
    parent = site.builder.parents.get(node)
    statement = isinstance(parent, (ast.stmt, type(None)))
    return templates.is_bare(node, parent) and not (statement and "\n" in old)


#: What may be written twice: names, numbers, and strings that begin and end as they look.
_CHEAP = re.compile(r"[\w.]+|'[^'\"\\\n{}]*'|\"[^'\"\\\n{}]*\"")


def _write(text: Text, start: int, end: int, parts: list[str | tuple[int, int]]) -> list[Edit]:
    """Edits that turn the characters from start to end into texts and pieces of the source."""
    pieces = [part for part in parts if isinstance(part, tuple)]
    in_order = all(a[1] <= b[0] for a, b in zip(pieces, pieces[1:]))
    if not in_order:
        for piece in pieces:
            if pieces.count(piece) > 1 and not _CHEAP.fullmatch(text.text[slice(*piece)]):
                raise Refused("an argument would be computed twice")
        kept = set()
        for first, last in pieces:
            kept.update(range(first, last))
        if any(m.start() not in kept for m in _comments(text, start, end)):
            raise Refused("a comment stands between the arguments that change places")
        new = "".join(text.text[slice(*p)] if isinstance(p, tuple) else p for p in parts)
        return [text.edit(start, end, new)]
    edits = []
    at, new, grouped = start, "", False
    for part in [*parts, (end, end)]:
        if isinstance(part, str):
            grouped = isinstance(part, _Closing) if not new else grouped
            new += part
        elif not new and at == start < part[0]:
            if _comments(text, start, part[0]):
                raise Refused("a comment stands in what the fix replaces")
            edits.append(text.edit(start, part[0], ""))  # with its blanks: they would be an indent
            at = part[1]
        elif at == start and "\n" in text.text[start : part[0]] and not re.search(r"[(\[{]", new):
            # No bracket is left that would let the expression begin on a line of its own.
            if _comments(text, start, part[0]):
                raise Refused("a comment stands in what the fix replaces")
            edits.append(text.edit(start, part[0], new))
            at, new = part[1], ""
        else:
            edits += _gap(text, at, part[0], new, grouped)
            at, new = part[1], ""
    return edits


def _comments(text: Text, start: int, end: int) -> list[re.Match]:
    return [m for m in _TOKEN.finditer(text.text, start, end) if m[0].startswith("#")]


def _gap(text: Text, start: int, end: int, new: str, grouped: bool = False) -> list[Edit]:
    """The edit that turns what stands between two pieces into a text: only the tokens that differ are touched.

    grouped: the new text begins with the end of parentheses around a value.
    """
    old = [m for m in _TOKEN.finditer(text.text, start, end) if not m["blank"]]
    wanted = [m for m in _TOKEN.finditer(new) if not m["blank"]]
    if [m[0] for m in old[:2]] == [",", ")"] and [m[0] for m in wanted[:1]] == [")"] and not grouped:
        del old[0]  # a trailing comma stays
    elif [m[0] for m in old] == [",", ")"] and re.match(r",.*\)$", new, re.S) and "\n" in text.text[start:end]:
        new = new[:-1] + ",)"  # where each argument has its line
        wanted = [m for m in _TOKEN.finditer(new) if not m["blank"]]
    head = 0
    while head < min(len(old), len(wanted)) and old[head][0] == wanted[head][0]:
        head += 1
    tail = 0
    while tail < min(len(old), len(wanted)) - head and old[-1 - tail][0] == wanted[-1 - tail][0]:
        tail += 1
    if head == len(old) == len(wanted):
        return []
    first = old[head - 1].end() if head else start
    last = old[len(old) - tail].start() if tail else end
    new_first = wanted[head - 1].end() if head else 0
    new_last = wanted[len(wanted) - tail].start() if tail else len(new)
    middle = new[new_first:new_last]
    if head + tail == len(old):
        # Nothing goes: the new text stands right behind what is before it, and the layout stays.
        if head and not tail and first < end and not _comments(text, first, end):
            return [text.edit(end, end, middle.lstrip(" "))]
        blank = tail and old[head].start() > first
        return [text.edit(first, first, middle.rstrip(" ") if blank else middle)]
    first_old, last_old = old[head].start(), old[len(old) - tail - 1].end()
    if any(m.start() < last_old for m in _comments(text, first_old, last_old)):
        raise Refused("a comment stands in what the fix replaces")
    if old[len(old) - tail - 1][0] == "," and not middle.rstrip().endswith(","):
        # A comma that goes takes the blanks behind it along.
        last_old += len(re.compile(r"[ \t]*").match(text.text, last_old, last)[0])
    line_start = text.text.rfind("\n", 0, first_old) + 1
    if not middle.strip() and not text.text[line_start:first_old].strip():
        # What a line begins with takes its blanks, and a line of its own, along: what follows stands there now.
        last_old += len(re.compile(r"[ \t]*(\n[ \t]*)?").match(text.text, last_old, last)[0])
    opened = re.fullmatch(r"(.*\()(\w+=)", middle, re.S)
    if not tail and opened and old[-1][0] == "(" and last_old < end:
        # The keyword stands right before its value, even where that begins a line of its own.
        return [text.edit(first_old, last_old, opened[1].lstrip(" ")), text.edit(end, end, opened[2])]
    if first_old > start:  # the blanks before it stay
        middle = middle.lstrip(" ")
    if text.text[last_old : last_old + 1].isspace() and last_old < end:
        middle = middle.rstrip(" ")
    return [text.edit(first_old, last_old, middle)]


# Statements


def statement_of(site: Site) -> ast.stmt:
    """The statement that is a call and nothing else. Raises Refused where the call is part of more."""
    statement = site.use.reference.statement
    if not isinstance(statement, ast.Expr) or statement.value is not site.use.reference.call:
        raise Refused("its result is used")
    return statement


def delete_statement(site: Site) -> list[Edit]:
    """Delete a statement that is a call, with its lines; `pass` takes its place where it is alone in its block."""
    statement = statement_of(site)
    return delete(site.text, statement, site.builder.parents.get(statement))


def bodies(node: ast.AST) -> list[list[ast.stmt]]:
    """The lists of statements right below a node; of an expression (`body` of a lambda) there are none."""
    found = [getattr(node, field, None) for field in ("body", "orelse", "finalbody")]
    return [body for body in found if isinstance(body, list)]


def delete(text: Text, statement: ast.stmt, parent: ast.AST | None) -> list[Edit]:
    """Delete a statement, with its lines where nothing else stands on them."""
    start, end = text.range(statement)
    line_start = text.offset(statement.lineno, 0)
    behind = re.compile(r"[ \t]*(#[^\n]*)?(\n|$)").match(text.text, end)
    alone = not text.text[line_start:start].strip() and behind
    if not isinstance(parent, ast.Module) and [statement] in bodies(parent):
        return [text.edit(start, end, "pass")]
    if alone:
        return [text.edit(line_start, behind.end(), "")]
    semicolon = re.compile(r"[ \t]*;[ \t]*").match(text.text, end)
    if semicolon and not re.compile(r"[ \t]*(#|\n|$)").match(text.text, semicolon.end()):
        return [text.edit(start, semicolon.end(), "")]
    return [text.edit(start, end, "pass")]
