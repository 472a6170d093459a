"""Loops over what the file itself lists, turn by turn: where each turn builds another part of the graph, or runs it."""

from __future__ import annotations

import ast

from flake8_tf2.convert.kinds import bound_names, free_names, free_of_block
from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Source
from flake8_tf2.convert.static import MAX_TURNS, SCOPES, Static, constant
from flake8_tf2.options import Options

_MAX_LINES = 400


def unrolled(source: str, place: ast.AST | None, options: Options) -> str | None:
    """A source with the outermost loop around a place, or directly within it, written turn by turn.

    None where there is none whose turns the file tells. place: a node of a tree of the same source.
    """
    if place is None:
        return None
    file = Source(source, options)
    for loop in _loops(file, place):
        static = Static(file, loop)
        filling = static.filling(loop.iter)
        turns = _turns(file, loop) if not filling else None
        if turns and _needs_turns(file, loop, turns):
            return _Unroller(file, loop, static, turns).text()
        for other in filling:  # what it iterates over is known once these are written out
            turns = _turns(file, other)
            if turns:
                return _Unroller(file, other, Static(file, other), turns).text()
    for other in _filling(file, place) if isinstance(place, ast.expr) else ():
        turns = _turns(file, other)
        if turns:
            return _Unroller(file, other, Static(file, other), turns).text()
    return None


def _filling(file: Source, place: ast.expr) -> list[ast.For]:
    """The loops that put something into the lists that an expression is made of."""
    at = place.lineno, place.col_offset
    node = next((n for n in ast.walk(file.tree) if isinstance(n, type(place)) and (n.lineno, n.col_offset) == at), None)
    if node is None:
        return []
    names, work = set(), [*free_names(node)]
    while work:
        name = work.pop()
        if name not in names:
            names.add(name)
            for other in ast.walk(file.tree):
                if isinstance(other, ast.Assign) and name in bound_names(other):
                    work += free_names(other.value)
    listed = ast.List([ast.Name(n, ast.Load()) for n in sorted(names)], ast.Load())
    return Static(file, node).filling(listed)


def placeholders_listed(source: str, options: Options) -> str:
    """A source whose comprehensions of placeholders, over what the file tells, are lists of them."""
    file = Source(source, options)
    rewriter = Rewriter(file)
    for node in ast.walk(file.tree):
        if not isinstance(node, ast.ListComp) or file.called_role(node.elt) is not Role.PLACEHOLDER:
            continue
        generator = node.generators[0]
        turns = Static(file, node).elements(generator.iter) if len(node.generators) == 1 else None
        if not turns or len(turns) > MAX_TURNS or generator.ifs:
            continue
        texts = [_with_turn(file, node.elt, generator.target, turn) for turn in turns]
        if all(texts):
            rewriter.replace(node, f"[{', '.join(texts)}]")
    return rewriter.render(0, len(file.text.text)) if rewriter.edits else source


def _with_turn(file: Source, node: ast.expr, target: ast.expr, turn: ast.expr) -> str:
    """The text of an expression with what a turn gives the names of a target; "" where that is not known."""
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    values = turn.elts if isinstance(target, ast.Tuple) and isinstance(turn, (ast.Tuple, ast.List)) else [turn]
    if len(targets) != len(values) or not all(isinstance(t, ast.Name) for t in targets):
        return ""
    given = {t.id: ast.unparse(v) for t, v in zip(targets, values)}
    rewriter = Rewriter(file)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in given:
            rewriter.replace(inner, given[inner.id])
    return rewriter.of(node)


def _turns(file: Source, loop: ast.For) -> list[ast.expr] | None:
    """What a loop iterates over, where it can be written turn by turn."""
    turns = Static(file, loop).elements(loop.iter)
    if turns is None or not 0 < len(turns) <= MAX_TURNS or not _is_straight(file, loop):
        return None
    return turns if len(turns) * (loop.end_lineno - loop.lineno) <= _MAX_LINES else None


def _needs_turns(file: Source, loop: ast.For, turns: list[ast.expr]) -> bool:
    """Whether turns differ in what they build or run: over more than numbers, or building by the number."""
    if any(constant(n) is None for turn in turns for n in (turn.elts if isinstance(turn, ast.Tuple) else [turn])):
        return True
    targets = bound_names(loop.target)
    for node in ast.walk(loop):
        if isinstance(node, ast.Assign) and not _runs(node) and _builds(file, node):
            return True
        name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
        fetches = node.func.value if name == "eval" else node.args[0] if name == "run" and node.args else None
        if fetches is not None and free_names(fetches) & targets:
            return True
    return False


def _builds(file: Source, node: ast.AST) -> bool:
    return any(file.called_role(n) not in (None, Role.HOST) for n in ast.walk(node))


def _runs(node: ast.AST) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr in ("run", "eval") for n in ast.walk(node))


def _loops(file: Source, place: ast.AST) -> list[ast.For]:
    """The loops at a place, outer ones first: around it, or, of a compound statement, within it."""
    at = (place.lineno, place.col_offset)
    end = (place.end_lineno, place.end_col_offset)
    found = []
    for node in ast.walk(file.tree):
        if isinstance(node, ast.For):
            start, stop = (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)
            if start <= at and end <= stop or isinstance(place, ast.stmt) and at <= start and stop <= end:
                found.append(node)
    return sorted(found, key=lambda n: (n.lineno, n.col_offset))


def _is_straight(file: Source, loop: ast.For) -> bool:
    """Whether each turn runs to its end, and defines no functions."""
    for node in ast.walk(loop):
        if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.Return, ast.Yield, ast.Global, ast.Nonlocal)):
            return False
        if isinstance(node, (ast.Break, ast.Continue)):
            around = file.parents[node]
            while not isinstance(around, (ast.For, ast.While)):
                around = file.parents[around]
            if around is loop:
                return False
    return not loop.orelse


class _Unroller:
    """Writes one loop turn by turn."""

    def __init__(self, file: Source, loop: ast.For, static: Static, turns: list[ast.expr]):
        self.file = file
        self.loop = loop
        self.static = static
        self.turns = turns
        self.names = {n.id for n in ast.walk(file.tree) if isinstance(n, ast.Name)}
        self.named = Rewriter(file)  # what gets names where it is built
        self.given: dict[int, str] = {}  # by the id of an expression, its name

    def text(self) -> str | None:
        """The whole source; None where a turn cannot be told."""
        bindings = []
        for turn in self.turns:
            pairs: list[tuple[str, ast.expr]] = []
            if not self._bind(self.loop.target, turn, pairs):
                return None
            bindings.append(pairs)
        copies = []
        for number, pairs in enumerate(bindings, 1):
            copies.append(self._copy(pairs, number))
        start = self.file.text.offset(self.loop.lineno, 0)
        end = self.file.text.range(self.loop)[1]
        self.named.edits[(start, end)] = shift("\n".join(copies), self.loop.col_offset)
        return self.named.render(0, len(self.file.text.text))

    def _bind(self, target: ast.expr, value: ast.expr, pairs: list[tuple[str, ast.expr]]) -> bool:
        if isinstance(target, ast.Name):
            pairs.append((target.id, value))
            return True
        if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            if len(target.elts) == len(value.elts):
                return all(self._bind(t, v, pairs) for t, v in zip(target.elts, value.elts))
        return False

    def _copy(self, pairs: list[tuple[str, ast.expr]], number: int) -> str:
        """One turn. Names that it gives what it builds are its own; targets stand for what they mean."""
        constants = {name: constant(value) for name, value in pairs}
        unpacked = self._unpacked(constants)
        body = [s for s in self.loop.body if s not in unpacked]
        for statement, value in unpacked.items():
            self._bind(statement.targets[0], value, pairs)
        rebound = set().union(*(bound_names(s) for s in body))
        constants = {name: value for name, value in constants.items() if name not in rebound}
        after = self._read_after() if number == len(self.turns) else set()
        replaced: dict[str, str] = {}
        lines = []
        for name, value in pairs:
            text = self._text(value)
            if text is None and name not in rebound:
                replaced[name] = self._own(f"{name}_{number}")
                lines.append(f"{replaced[name]} = {self.file.of(value)}")
            elif name not in rebound:
                replaced[name] = text
            if name in rebound or name in after:
                lines.append(f"{name} = {replaced.get(name) or text or self.file.of(value)}")
        for name in sorted(self._built(set(replaced)) - after):
            replaced[name] = self._own(f"{name}_{number}")
        rewriter = Rewriter(self.file)
        for statement in body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and node.id in replaced:
                    rewriter.replace(node, replaced[node.id])
                elif isinstance(node, ast.Subscript) and (item := self._item(node, constants)) is not None:
                    if (text := self._text(item)) is not None:
                        rewriter.replace(node, text)
        previous = self.loop.body[0].lineno - 1
        for statement in self.loop.body:
            for line in range(previous + 1, statement.lineno):
                comment = self.file.text.lines[line - 1].strip()
                if comment.startswith("#"):
                    lines.append(comment)
            previous = statement.end_lineno
            if statement not in unpacked:
                lines += self._statement(statement, rewriter, constants)
        return "\n".join(lines)

    def _unpacked(self, constants: dict) -> dict[ast.Assign, ast.expr]:
        """The statements of a turn that only give names to what is in a container."""
        found = {}
        for statement in self.loop.body:
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                item = self._item(statement.value, constants)
                names = [n for n in ast.walk(statement.targets[0]) if isinstance(n, ast.Name)]
                once = all(sum(n.id in bound_names(s) for s in self.loop.body) == 1 for n in names)
                if item is not None and once and self._bind(statement.targets[0], item, []):
                    found[statement] = item
        return found

    def _item(self, node: ast.expr, constants: dict) -> ast.expr | None:
        """What stands in a container at a key that a turn knows."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
            return None
        key = constants.get(node.slice.id) if isinstance(node.slice, ast.Name) else None
        held = self.static.held(node.value) if key is not None else None
        if held is None:
            return None
        if held and held[0][0] is None:
            return held[key][1] if isinstance(key, int) and -len(held) <= key < len(held) else None
        return next((v for k, v in held if constant(k) == key), None)

    def _statement(self, statement: ast.stmt, rewriter: Rewriter, constants: dict) -> list[str]:
        """A statement of a turn; of a condition on constants, the branch that runs."""
        if isinstance(statement, ast.If):
            chosen = _decided(statement.test, constants)
            if chosen is not None:
                branch = statement.body if chosen else statement.orelse
                return [line for inner in branch for line in self._statement(inner, rewriter, constants)]
        if isinstance(statement, ast.With):
            body = [line for inner in statement.body for line in self._statement(inner, rewriter, constants)]
            start = self.file.text.range(statement)[0]
            head = rewriter.render(start, self.file.text.range(statement.items[-1].optional_vars
                                                               or statement.items[-1].context_expr)[1])
            return [f"{shift(head, -statement.col_offset)}:", *(shift(line, 4) for line in body or ["pass"])]
        return [rewriter.statement(statement)]

    def _text(self, node: ast.expr) -> str | None:
        """An element as a turn reads it: what is computed by a name that it gets; None where it stands in a loop."""
        if self._is_plain(node):
            return ast.unparse(node)
        if id(node) not in self.given:
            statement = node
            while not isinstance(statement, ast.stmt):
                statement = self.file.parents.get(statement)
                if statement is None:
                    return None
            if isinstance(statement, (ast.For, ast.While)):
                return None
            self.given[id(node)] = name = self._own(self._wanted(node))
            at = self.file.text.offset(statement.lineno, 0) + statement.col_offset
            self.named.edits[(at, at)] = (
                self.named.edits.get((at, at), "") + f"{name} = {self.file.of(node)}\n{' ' * statement.col_offset}"
            )
            self.named.replace(node, name)
        return self.given[id(node)]

    def _is_plain(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Tuple):
            return all(map(self._is_plain, node.elts))
        return constant(node) is not None or isinstance(node, ast.Name) and self._is_kept(node.id)

    def _wanted(self, node: ast.expr) -> str:
        """A name for an element: that of its container with the text that stands beside it."""
        parent = self.file.parents.get(node)
        key = ""
        if isinstance(parent, (ast.Tuple, ast.List)):
            key = next((e.value for e in parent.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)), "")
        elif isinstance(parent, ast.Dict):
            key = str(constant(parent.keys[parent.values.index(node)]) or "")
        elif isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Subscript):
            key = str(constant(parent.targets[0].slice) or "")
        word = "".join(c if c.isalnum() else "_" for c in key).strip("_")
        return word if word[:1].isalpha() else "item"

    def _own(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self.names:
            name, number = f"{wanted}_{number}", number + 1
        self.names.add(name)
        return name

    def _is_kept(self, name: str) -> bool:
        """Whether a name means the same wherever it stands: it is bound once, or never in the file."""
        stores = sum(isinstance(n, ast.Name) and n.id == name and not isinstance(n.ctx, ast.Load)
                     for n in ast.walk(self.file.tree))  # fmt: skip
        return stores < 2

    def _read_after(self) -> set[str]:
        """The names that are read behind the loop as the loop leaves them, or by functions."""
        names = set().union(*(free_names(n) for n in ast.walk(self.file.tree) if isinstance(n, ast.FunctionDef)), set())
        node: ast.AST = self.loop
        while not isinstance(node, SCOPES):
            parent = self.file.parents[node]
            for block in (getattr(parent, name, None) for name in ("body", "orelse", "finalbody")):
                if isinstance(block, list) and node in block:
                    names |= free_of_block(block[block.index(node) + 1 :], set())
            if isinstance(parent, (ast.For, ast.While)):
                names |= free_names(parent)
            node = parent
        return names

    def _built(self, targets: set[str]) -> set[str]:
        """The names that a turn gives parts of the graph, and that no other turn reads."""
        found: set[str] = set()
        assigned = [s for s in ast.walk(self.loop) if isinstance(s, ast.Assign)]
        for _ in range(2):
            for statement in assigned:
                value = statement.value
                builds = any(self.file.symbol(n) for n in ast.walk(value)) or free_names(value) & (found | targets)
                if builds and not _runs(value):
                    found |= {n for t in statement.targets if not isinstance(t, ast.Subscript) for n in bound_names(t)}
        seen: set[str] = set()
        carried: set[str] = set()
        for statement in self.loop.body:
            carried |= free_names(statement) - seen
            seen |= bound_names(statement) if isinstance(statement, (ast.Assign, ast.With)) else set()
        return found - carried - {"_"}


def _decided(test: ast.expr, constants: dict) -> bool | None:
    """What a comparison of constants gives; None where it is another."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], (ast.Eq, ast.NotEq)):
        sides = [constants.get(n.id) if isinstance(n, ast.Name) else constant(n)
                 for n in (test.left, test.comparators[0])]  # fmt: skip
        if None not in sides:
            return (sides[0] == sides[1]) is isinstance(test.ops[0], ast.Eq)
    return None
