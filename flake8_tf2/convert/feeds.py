"""Dictionaries of feeds: which tensors they hold where something is run, and their keys as names of parameters."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Callable

from flake8_tf2.convert.kinds import parameters
from flake8_tf2.convert.source import Stuck
from flake8_tf2.convert.static import Static, constant, own_names

if TYPE_CHECKING:
    from flake8_tf2.convert.model import Program, Site, Unit

_MAX_DEPTH = 8


@dataclass(eq=False)
class Feed:
    """A fed tensor: its name, the units that bound it, and its placeholder call where it is one."""

    name: str
    units: frozenset[Unit]
    placeholder: ast.Call | None
    value: ast.expr | None  # what it is fed; None where the feeds are a variable
    optional: bool = False  # it is not always fed, and else computed


@dataclass
class Held:
    """What a dictionary holds: feeds that are always there, and those that may be."""

    always: dict[str, Feed] = field(default_factory=dict)
    maybe: dict[str, Feed] = field(default_factory=dict)

    def joined(self, other: "Held") -> "Held":
        """What one of two dictionaries holds."""
        both = {n: f for n, f in self.always.items() if n in other.always}
        every = {**self.maybe, **other.maybe, **self.always, **other.always}
        return Held(both, {n: f for n, f in every.items() if n not in both})

    def updated(self, other: "Held", surely: bool = True) -> "Held":
        """What a dictionary holds into which another is put."""
        if surely:
            always = {**self.always, **other.always}
            return Held(always, {n: f for n, f in {**self.maybe, **other.maybe}.items() if n not in always})
        extra = {**other.maybe, **other.always}
        return Held(self.always, {**self.maybe, **{n: f for n, f in extra.items() if n not in self.always}})


class FeedDicts:
    """Follows the dictionaries that runs are fed. Raises Stuck where it cannot be told what they hold.

    feed: says what tensor a key is, at a site. edits: for each key what is written in its place; hidden: all nodes that
    are only keys.
    """

    def __init__(self, program: Program, feed: Callable[[ast.expr, ast.expr | None, Site], Feed]):
        self.program = program
        self.source = program.source
        self._feed = feed
        self.edits: dict[tuple[int, int], str] = {}
        self.hidden: set[int] = set()

    def of(self, node: ast.expr, site: Site) -> list[Feed]:
        """The feeds of a dictionary that is no display at the site."""
        held = self._held(node, site.call, site, 0)
        feeds = [*held.always.values(), *(replace(f, optional=True) for f in held.maybe.values())]
        return [replace(f, value=None) for f in feeds]

    def _held(self, node: ast.expr, place: ast.AST, site: Site, depth: int) -> Held:
        if depth > _MAX_DEPTH:
            raise Stuck(node, "the feeds are no dictionary that stands in the file")
        if isinstance(node, ast.Dict):
            return self._display(node, site, depth)
        if isinstance(node, ast.Name):
            return self._name(node.id, place, site, depth)
        if isinstance(node, ast.IfExp):
            return self._held(node.body, place, site, depth).joined(self._held(node.orelse, place, site, depth))
        if isinstance(node, ast.DictComp):
            return self._comprehension(node, site)
        if isinstance(node, ast.Call):
            return self._call(node, place, site, depth)
        raise Stuck(node, "the feeds are no dictionary that stands in the file")

    def _display(self, node: ast.Dict, site: Site, depth: int) -> Held:
        held = Held()
        plain = None not in node.keys
        before = dict(self.edits)
        for key, value in zip(node.keys, node.values):
            if key is None:
                held = held.updated(self._held(value, value, site, depth + 1))
                continue
            feed = self._feed(key, value, site)
            held = held.updated(Held({feed.name: feed}))
            start, end = self.source.text.range(key)
            if plain:
                text = self.source.text.text
                colon = text.index(":", end) + 1
                while text[colon] in " \t":
                    colon += 1
                self.edits[(start, colon)] = f"{feed.name}="
            else:
                self.edits[(start, end)] = repr(feed.name)
            self.hidden.add(id(key))
        start, end = self.source.text.range(node)
        if plain:
            self.edits[(start, start + 1)] = "dict("
            self.edits[(end - 1, end)] = ")"
            one_line = f"dict({', '.join(f'{n}={self.source.of(f.value)}' for n, f in held.always.items())})"
            if self._fits(node, one_line):
                self.edits = before | {(start, end): one_line}
        return held

    def _fits(self, node: ast.Dict, text: str) -> bool:
        """Whether a display of several lines, in which nothing else is written anew, goes on one."""
        if node.lineno == node.end_lineno or node.col_offset + len(text) > 100 or "\n" in text:
            return False
        if "#" in self.source.of(node):
            return False
        return not any(
            isinstance(n, ast.Dict)
            or isinstance(n, ast.Call) and getattr(n.func, "attr", "") in ("run", "eval", "load")
            or self.source.symbol(n)
            for value in node.values
            for n in ast.walk(value)
        )

    def _call(self, node: ast.Call, place: ast.AST, site: Site, depth: int) -> Held:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "copy" and not node.args:
            return self._held(node.func.value, place, site, depth)
        name = getattr(node.func, "id", "")
        if name == "dict" and not node.keywords and len(node.args) < 2:
            if not node.args:
                return Held()
            given = node.args[0]
            if isinstance(given, ast.Call) and getattr(given.func, "id", "") == "zip" and len(given.args) == 2:
                return self._keys(given.args[0], site)
            return self._held(given, place, site, depth)
        function = self.program.evaluator.functions.get(name)
        returns = [n for n in ast.walk(function) if isinstance(n, ast.Return)] if function is not None else []
        returns = [r for r in returns if self.program.owner(r) is function]
        if not returns or any(r.value is None for r in returns):
            raise Stuck(node, "the feeds are no dictionary that stands in the file")
        held = [self._held(r.value, r, site, depth + 1) for r in returns]
        return functools.reduce(Held.joined, held)

    def _keys(self, node: ast.expr, site: Site) -> Held:
        """A list of keys, which becomes a list of names."""
        elements = Static(self.source, node).elements(node)
        if elements is None:
            raise Stuck(node, "what is fed is not known")
        feeds = [self._feed(e, None, site) for e in elements]
        self.edits[self.source.text.range(node)] = f"[{', '.join(repr(f.name) for f in feeds)}]"
        self.hidden |= {id(n) for n in ast.walk(node)}
        return Held({f.name: f for f in feeds})

    def _comprehension(self, node: ast.DictComp, site: Site) -> Held:
        """`{p: v for p, v in zip(placeholders, values)}`, `{placeholders[n]: data[n] for n in names}`."""
        generator = node.generators[0]
        if len(node.generators) > 1 or generator.ifs:
            raise Stuck(node, "what is fed is not known")
        if isinstance(node.key, ast.Name):
            called = generator.iter
            targets = generator.target.elts if isinstance(generator.target, ast.Tuple) else []
            if isinstance(called, ast.Call) and getattr(called.func, "id", "") == "zip" and targets:
                at = [getattr(t, "id", "") for t in targets].index(node.key.id)
                return self._keys(called.args[at], site)
        if isinstance(node.key, ast.Subscript) and isinstance(node.key.value, ast.Name):
            elements = Static(self.source, node).elements(generator.iter)
            held = Static(self.source, node).held(node.key.value)
            is_same = ast.unparse(node.key.slice) == ast.unparse(generator.target)
            if elements is not None and held is not None and is_same:
                items = {constant(k): v for k, v in held if k is not None}
                if all(constant(e) in items for e in elements):
                    feeds = {constant(e): self._feed(items[constant(e)], None, site) for e in elements}
                    key = self.source.of(node.key.slice)
                    if any(name != feed.name for name, feed in feeds.items()):
                        key = f"{ {name: feed.name for name, feed in feeds.items()} }[{key}]"
                    self.edits[self.source.text.range(node.key)] = key
                    self.hidden |= {id(n) for n in ast.walk(node.key)}
                    return Held({f.name: f for f in feeds.values()})
        raise Stuck(node, "what is fed is not known")

    # Dictionaries in variables

    def _name(self, name: str, place: ast.AST, site: Site, depth: int) -> Held:
        region = self.program.owner(place)
        while not isinstance(region, ast.Module) and name not in own_names(region):
            region = self.program.owner(region)
        if isinstance(region, ast.FunctionDef) and name in parameters(region.args):
            held = [self._held(given, given, site, depth + 1) for given in self._given(region, name)]
            if not held:
                raise Stuck(place, f"the feeds {name} are no dictionary that stands in the file")
            return self._with_sets(functools.reduce(Held.joined, held), name, region, region, place, site, depth)
        bindings = self._bindings(name, region)
        if region is not self.program.owner(place):  # of the scope around a function, which runs at any time
            held = [self._with_sets(self._held(b, b, site, depth + 1), name, region, b, place, site, depth)
                    for b in bindings]  # fmt: skip
            if not held:
                raise Stuck(place, f"the feeds {name} are no dictionary that stands in the file")
            return functools.reduce(Held.joined, held)
        before = [b for b in bindings if _at(b) < _at(place)]
        around = self._around(place)
        later = [b for b in bindings if b not in before and self._loops(b) & around]
        if not before and not later:
            raise Stuck(place, f"the feeds {name} are no dictionary that stands in the file")
        last = max(before, key=_at) if before else later[0]
        others = [*self._in_other_branches(last, before, around), *(b for b in later if b is not last)]
        result = self._held(last, last, site, depth + 1)
        result = self._with_sets(result, name, region, last, place, site, depth)
        for other in others:
            joined = self._with_sets(self._held(other, other, site, depth + 1), name, region, other, place, site, depth)
            result = result.joined(joined)
        return result

    def _given(self, function: ast.FunctionDef, name: str) -> list[ast.expr]:
        """What calls of a function give a parameter."""
        found = [self.program.given(function, call, name) for call in self.program.calls_of(function)]
        if None in found:
            raise Stuck(function, f"the feeds {name} are not always given")
        return found

    def _bindings(self, name: str, region: ast.AST) -> list[ast.expr]:
        """The expressions that a region assigns to a name, in order."""
        found = []
        for node in self._names(name, region):
            parent = self.source.parents[node]
            if isinstance(node.ctx, ast.Store):
                if not isinstance(parent, ast.Assign) or parent.targets != [node]:
                    raise Stuck(node, f"the feeds {name} are no dictionary that stands in the file")
                found.append(parent.value)
            elif isinstance(node.ctx, ast.Del):
                raise Stuck(node, f"the feeds {name} are deleted")
        return sorted(found, key=_at)

    def _names(self, name: str, region: ast.AST) -> list[ast.Name]:
        return [n for n in ast.walk(region)
                if isinstance(n, ast.Name) and n.id == name and self.program.owner(n) is region]  # fmt: skip

    def _with_sets(
        self, held: Held, name: str, region: ast.AST, binding: ast.AST, place: ast.AST, site: Site, depth: int
    ) -> Held:
        """What a dictionary holds at a place, with what is put into it behind its binding."""
        around = self._around(place)
        behind = self._around(binding)
        start = _at(binding) if binding is not region else (0, 0)
        for node in sorted(self._names(name, region), key=_at):
            parent = self.source.parents[node]
            put = None
            if isinstance(parent, ast.Subscript) and parent.value is node:
                if isinstance(parent.ctx, ast.Del):
                    raise Stuck(node, f"the feeds {name} are deleted")
                feed = self._feed(parent.slice, None, site)
                self.edits[self.source.text.range(parent.slice)] = repr(feed.name)
                self.hidden |= {id(n) for n in ast.walk(parent.slice)}
                put = Held({feed.name: feed}) if isinstance(parent.ctx, ast.Store) else None
            elif isinstance(parent, ast.Attribute):
                call = self.source.parents[parent]
                if parent.attr == "update" and isinstance(call, ast.Call) and len(call.args) == 1 and not call.keywords:
                    put = self._held(call.args[0], node, site, depth + 1)
                elif parent.attr not in ("copy", "items", "keys", "values", "get"):
                    raise Stuck(node, f"the feeds {name} are changed by {parent.attr}")
            if put is None:
                continue
            if self.program.owner(place) is not region:
                held = held.updated(put, surely=False)
                continue
            inside = self._around(node) - around
            in_loop = any(isinstance(a, (ast.For, ast.While)) for a in self._loops(node) & around if a not in behind)
            if start < _at(node) < _at(place):
                conditional = any(isinstance(a, (ast.If, ast.For, ast.While, ast.Try)) for a in inside)
                held = held.updated(put, surely=not conditional)
            elif _at(node) > _at(place) and in_loop:
                held = held.updated(put, surely=False)
        return held

    def _around(self, node: ast.AST) -> set[ast.AST]:
        """The nodes around a node."""
        found = set()
        while node in self.source.parents:
            node = self.source.parents[node]
            found.add(node)
        return found

    def _loops(self, node: ast.AST) -> set[ast.AST]:
        return {a for a in self._around(node) if isinstance(a, (ast.For, ast.While))}

    def _in_other_branches(self, last: ast.expr, before: list[ast.expr], around: set[ast.AST]) -> list[ast.expr]:
        """What stands in for the last binding where a condition is otherwise, or stood there before it."""
        found: list[ast.expr] = []
        for branch in self._around(last) - around:
            if isinstance(branch, (ast.If, ast.For, ast.While, ast.Try)):
                inside = [b for b in before if b is not last and branch in self._around(b)]
                outside = [b for b in before if branch not in self._around(b)]
                is_whole = isinstance(branch, ast.If) and branch.orelse and inside
                found += inside if is_whole else [*inside, *outside[-1:]]
        return list(dict.fromkeys(found))


def _at(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset
