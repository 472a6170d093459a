"""Programs made of others: mutations that work on statements, expressions and names, so that most results parse."""

from __future__ import annotations

import ast
import functools
import random
import re
import warnings
from typing import Callable, Iterable, NamedTuple

#: How often a mutation is tried again whose result does not parse, before that is taken as it is.
_TRIES = 6
_LONGEST = 400
_CONSTANTS = [
    b"None", b"True", b"0", b"-1", b"1e400", b"''", b"'\xc3\xa9'", b"[]", b"()", b"{}", b"...", b"2**70", b"b'x'",
    b"f'{x}'", b"(yield)", b"(x := 1)", b"*x", b"lambda: 0", b"[x for x in y]",
]  # fmt: skip
_IMPORTS = [
    b"import tensorflow as tf",
    b"import tensorflow.compat.v1 as tf",
    b"import tensorflow",
    b"from tensorflow import *",
    b"from tensorflow.compat import v1 as tf",
    b"import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()",
    b"import tensorflow as tf\ntf = tf.compat.v1",
    b"try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None",
]
_HEADS = [
    b"if x:", b"for i in range(3):", b"while True:", b"with tf.name_scope('a'):", b"with tf.Session() as sess:",
    b"with tf.Graph().as_default():", b"with tf.variable_scope('a', reuse=tf.AUTO_REUSE):", b"class A(object):",
    b"class A(tf.keras.Model):", b"try:", b"async def f():", b"if __name__ == '__main__':", b"@tf.function\ndef f(x):",
    b"def f(x, *args, **kwargs):", b"def train(sess, x=tf.zeros([])):",
]  # fmt: skip
#: A pattern, and what is written in one of its places, or in all.
_NOISE = {
    rb"\n": [b"\r\n", b"\r", b"  # noqa\n", b"  # noqa: TF1\n", b"\n\n", b""],
    rb"\n(?=\w)": [b"\n\x0c\n", b"; "],
    rb"^": [b"\xef\xbb\xbf", b"# coding: latin-1\n"],
    rb"$": [b"\x0c"],
    rb"    ": [b"\t"],
    rb"\(": [b"(\n"],
    rb"(?<=\w)\(": [b"(*a, "],
    rb"\)": [b", **k)", b",)"],
    rb", ": [b",\n   # c\xc3\xa9\n  "],
    rb" = ": [b" = \\\n  ", b" = await "],
    rb"\btf\.": [b"tf.compat.v1.", b"tf . ", b"(tf)."],
    rb"\bx\b": [b"\xc3\xa9"],
    rb"'": [b'"'],
    rb"\bself\.": [b""],
    rb"\breturn\b": [b"yield"],
    rb"\w+=(?=\w)": [b""],
}


class Parsed(NamedTuple):
    """A source and its tree; positions of the tree are offsets of the bytes."""

    text: bytes
    tree: ast.Module
    starts: list[int]

    def range(self, node: ast.AST) -> tuple[int, int]:
        """The offsets at which a node begins and ends."""
        first = self.starts[node.lineno - 1] + node.col_offset
        return first, self.starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.AST) -> bytes:
        """The text of a node."""
        first, last = self.range(node)
        return self.text[first:last]


@functools.lru_cache(64)
def parsed(text: bytes) -> Parsed | None:
    """A source as it is read; None where it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if text.startswith(b"\xef\xbb\xbf") or b"coding" in text[:200]:
        return None  # offsets count other bytes
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return Parsed(text, tree, starts)


class Block(NamedTuple):
    """A statement with whole lines of its own: offsets, and what its lines are indented by."""

    start: int
    end: int
    indent: bytes
    is_only: bool


def blocks(program: Parsed) -> list[Block]:
    """The statements of a program, nested ones included."""
    found = []
    for parent in ast.walk(program.tree):
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(parent, field, None)
            if not isinstance(statements, list):
                continue
            for statement in statements:
                decorators = getattr(statement, "decorator_list", [])
                line = min([statement.lineno, *(d.lineno for d in decorators)])
                start, end = program.starts[line - 1], program.starts[statement.end_lineno]
                indent = re.match(rb"[ \t]*", program.text[start:end])[0]
                tail = program.text[program.range(statement)[1] : end]
                if len(indent) == statement.col_offset and re.fullmatch(rb"\s*(#.*)?\s*", tail):
                    found.append(Block(start, end, indent, len(statements) == 1 and not isinstance(parent, ast.Module)))
    return found


def expressions(program: Parsed) -> list[ast.expr]:
    """The expressions of a program, without what only looks like one."""
    return [
        node
        for node in ast.walk(program.tree)
        if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    ]


def indented(lines: bytes, old: bytes, new: bytes) -> bytes:
    """Lines with another indentation; those of strings are moved, too."""
    moved = [new + line.removeprefix(old) if line.strip() else line for line in lines.splitlines(keepends=True)]
    return b"".join(moved) if not moved or moved[-1].endswith((b"\n", b"\r")) else b"".join(moved) + b"\n"


class Mutator:
    """Makes programs of programs. seeds: where statements and expressions are taken from."""

    def __init__(self, seeds: Iterable[bytes]):
        self._statements: list[tuple[bytes, bytes]] = []
        self._expressions: list[bytes] = []
        for seed in seeds:
            self._learn(seed)

    def _learn(self, seed: bytes) -> None:
        program = parsed(seed)
        if program is None:
            return
        for block in blocks(program):
            text = program.text[block.start : block.end]
            if len(text) < _LONGEST:
                self._statements.append((text, block.indent))
        self._expressions += [text for node in expressions(program) if 3 < len(text := program.of(node)) < _LONGEST]

    def mutated(self, text: bytes, seed: int, largest: int = 1 << 16) -> bytes:
        """Another program: several mutations, each of which is tried again where its result does not parse."""
        chance = random.Random(seed)
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            text = self._once(text, chance, largest)
        return text

    def _once(self, text: bytes, chance: random.Random, largest: int) -> bytes:
        made = text
        for _ in range(_TRIES):
            program = parsed(text)
            mutation = chance.choice(_OF_PROGRAMS if program and program.tree.body else _OF_TEXTS)
            made = mutation(self, program or text, chance)
            if len(made) <= largest and made != text and (parsed(made) or chance.random() < 0.02):
                return made
        return made if len(made) <= largest and chance.random() < 0.1 else text

    def crossed(self, text: bytes, other: bytes, seed: int, largest: int = 1 << 16) -> bytes:
        """A program with some statements of another one."""
        chance = random.Random(seed)
        program, giver = parsed(text), parsed(other)
        if program is None or giver is None or not (given := blocks(giver)):
            return text
        first = chance.choice(given)
        made = _inserted(program, other[first.start : first.end], first.indent, chance)
        return made if len(made) <= largest else text

    def _insert(self, program: Parsed, chance: random.Random) -> bytes:
        text, indent = chance.choice(self._statements)
        return _inserted(program, self._at_home(text, program, chance), indent, chance)

    def _at_home(self, text: bytes, program: Parsed, chance: random.Random) -> bytes:
        """A text from elsewhere that speaks of names of the program."""
        names = _names(program)
        for name in set(re.findall(rb"\b[a-z_]\w*\b", text)):
            if names and name not in (b"tf", b"np") and chance.random() < 0.3:
                text = _renamed(text, name, chance.choice(names))
        return text

    def _express(self, program: Parsed, chance: random.Random) -> bytes:
        nodes = expressions(program)
        if not nodes:
            return program.text
        node = chance.choice(nodes)
        start, end = program.range(node)
        new = chance.choice((
            lambda: chance.choice(_CONSTANTS),
            lambda: program.of(chance.choice(nodes)),
            lambda: self._at_home(chance.choice(self._expressions), program, chance),
            lambda: b"(" + program.of(node) + b")",
            lambda: program.of(node) + b"[0]",
            lambda: b"(" + program.of(node) + b" if x else " + program.of(chance.choice(nodes)) + b")",
            lambda: b"tf.identity(" + program.of(node) + b", name='n')",
        ))()  # fmt: skip
        return program.text[:start] + new + program.text[end:]


def _inserted(program: Parsed, text: bytes, indent: bytes, chance: random.Random) -> bytes:
    places = blocks(program)
    if not places:
        return program.text + text
    place = chance.choice(places)
    at = chance.choice((place.start, place.end))
    return program.text[:at] + indented(text, indent, place.indent) + program.text[at:]


def _without(program: Parsed, block: Block) -> bytes:
    instead = block.indent + b"pass\n" if block.is_only else b""
    return program.text[: block.start] + instead + program.text[block.end :]


def _delete(_, program: Parsed, chance: random.Random) -> bytes:
    found = blocks(program)
    return _without(program, chance.choice(found)) if found else program.text


def _move(_, program: Parsed, chance: random.Random) -> bytes:
    found = blocks(program)
    if not found:
        return program.text
    block = chance.choice(found)
    text = program.text[block.start : block.end]
    copies = chance.random() < 0.3
    rest = program if copies else parsed(_without(program, block))
    return _inserted(rest, text, block.indent, chance) if rest and rest.tree.body else program.text


def _swap(_, program: Parsed, chance: random.Random) -> bytes:
    found = blocks(program)
    one, other = sorted(chance.choices(found, k=2)) if found else (None, None)
    if one is None or one.end > other.start:
        return program.text
    text = program.text
    first = indented(text[other.start : other.end], other.indent, one.indent)
    second = indented(text[one.start : one.end], one.indent, other.indent)
    return text[: one.start] + first + text[one.end : other.start] + second + text[other.end :]


def _wrap(_, program: Parsed, chance: random.Random) -> bytes:
    found = blocks(program)
    if not found:
        return program.text
    first = chance.choice(found)
    last = chance.choice([b for b in found if b.indent == first.indent and b.start >= first.start][:6])
    text = program.text[first.start : last.end]
    head = chance.choice(_HEADS)
    body = indented(head + b"\n", b"", first.indent) + indented(text, first.indent, first.indent + b"    ")
    tail = first.indent + b"except Exception: pass\n" if head == b"try:" else b""
    return program.text[: first.start] + body + tail + program.text[last.end :]


def _unwrap(_, program: Parsed, chance: random.Random) -> bytes:
    compound = [node for node in ast.walk(program.tree) if hasattr(node, "body") and isinstance(node, ast.stmt)]
    if not compound:
        return program.text
    node = chance.choice(compound)
    start, end = program.starts[node.lineno - 1], program.starts[node.end_lineno]
    first, last = program.starts[node.body[0].lineno - 1], program.starts[node.body[-1].end_lineno]
    old = re.match(rb"[ \t]*", program.text[first:last])[0]
    new = re.match(rb"[ \t]*", program.text[start:end])[0]
    return program.text[:start] + indented(program.text[first:last], old, new) + program.text[end:]


def _names(program: Parsed) -> list[bytes]:
    return sorted({node.id.encode() for node in ast.walk(program.tree) if isinstance(node, ast.Name)})


def _renamed(text: bytes, old: bytes, new: bytes, count: int = 0) -> bytes:
    return re.sub(rb"\b%s\b" % re.escape(old), lambda _: new, text, count=count)


def _rename(_, program: Parsed, chance: random.Random) -> bytes:
    words = list(dict.fromkeys(re.findall(rb"\b[A-Za-z_]\w*\b", program.text)))
    if not words:
        return program.text
    old, new = chance.choice(words), chance.choice([*words, b"tf", b"x", b"self", b"sess", "é".encode()])
    if chance.random() < 0.4:
        return _renamed(program.text, old, new)
    place = chance.choice(list(re.finditer(rb"\b%s\b" % re.escape(old), program.text)))
    return program.text[: place.start()] + new + program.text[place.end() :]


def _respell_import(_, program: Parsed, chance: random.Random) -> bytes:
    lines = program.text.splitlines(keepends=True)
    imports = [n for n, line in enumerate(lines) if re.match(rb"(import|from) tensorflow", line)]
    at = chance.choice(imports) if imports else 0
    lines[at : at + bool(imports)] = [chance.choice(_IMPORTS) + b"\n"]
    return b"".join(lines)


def _noise(_, program: Parsed | bytes, chance: random.Random) -> bytes:
    text = program.text if isinstance(program, Parsed) else program
    pattern = chance.choice(list(_NOISE))
    new = chance.choice(_NOISE[pattern])
    places = list(re.finditer(pattern, text))
    if not places:
        return text
    if chance.random() < 0.2:
        return re.sub(pattern, lambda _: new, text)
    place = chance.choice(places)
    return text[: place.start()] + new + text[place.end() :]


def _bytes(_, text: Parsed | bytes, chance: random.Random) -> bytes:
    text = text.text if isinstance(text, Parsed) else text
    at = chance.randrange(len(text) + 1)
    new = chance.choice((b"", b"\n", b"(", b")", b"\0", b"\xff", b"    ", b"#", b"'''", bytes([chance.randrange(256)])))
    return text[:at] + new + text[at + chance.choice((0, 1, 1, 10)) :]


_Mutation = Callable[[Mutator, Parsed, random.Random], bytes]
_OF_TEXTS: list[_Mutation] = [_noise, _bytes]
_OF_PROGRAMS: list[_Mutation] = [
    *[Mutator._insert] * 3, *[Mutator._express] * 3, *[_delete, _move, _wrap, _rename, _noise] * 2,
    _swap, _unwrap, _respell_import,
]  # fmt: skip


def reduced(text: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """A smaller source that still fails: without the statements that it does not need, and without empty lines."""
    changed = True
    while changed and (program := parsed(text)):
        changed = False
        for block in sorted(blocks(program), key=lambda b: b.start - b.end):
            smaller = _without(program, block)
            if smaller != text and len(smaller) < len(text) and parsed(smaller) and fails(smaller):
                text, changed = smaller, True
                break
    dense = re.sub(rb"\n\s*\n+", b"\n", text).lstrip(b"\n")
    return dense if fails(dense) else text
