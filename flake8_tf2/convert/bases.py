"""Hierarchies of classes that build a graph: each class that is used has the methods of its bases itself."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.objects import Objects, uses_graph
from flake8_tf2.convert.source import Source, Stuck
from flake8_tf2.options import Options


#: What the names begin with of methods that a later class overrides.
SUPER = "_super_"


@dataclass
class Merged:
    """A source whose graph-building classes have no bases in it. siblings: those that had the same base."""

    text: str
    siblings: list[str]

    def variants(self) -> dict[str, str]:
        """For each of the siblings the source without the others: a run has one of them."""
        if len(self.siblings) < 2:
            return {}
        return {name: self._only(name) for name in self.siblings}

    def _only(self, name: str) -> str:
        return _with_classes(self.text, {other: _stub(other) for other in self.siblings if other != name})

    def united(self, texts: dict[str, str]) -> str:
        """The converted source, with the class of each variant. Raises Stuck where the rest is not the same."""
        stubs = {name: _stub(name) for name in self.siblings}
        rests = {_with_classes(text, stubs) for text in texts.values()}
        if len(rests) > 1:
            raise Stuck(None, f"what uses {', '.join(self.siblings)} would not be the same for all")
        return _with_classes(rests.pop(), {name: _class_text(text, name) for name, text in texts.items()})


def _stub(name: str) -> str:
    return f"class {name}:\n    pass"


def _class_text(source: str, name: str) -> str:
    node = next(n for n in ast.parse(source).body if isinstance(n, ast.ClassDef) and n.name == name)
    return "\n".join(source.split("\n")[node.lineno - 1 : node.end_lineno])


def _with_classes(source: str, texts: dict[str, str]) -> str:
    """A source with other texts for some of its classes."""
    lines = source.split("\n")
    for node in reversed(ast.parse(source).body):
        if isinstance(node, ast.ClassDef) and node.name in texts:
            lines[node.lineno - 1 : node.end_lineno] = texts[node.name].split("\n")
    return "\n".join(lines)


def merged(source: str, options: Options) -> Merged:
    """Merge graph-building classes with their bases. Raises Stuck where one cannot be."""
    file = Source(source, options)
    classes = {n.name: n for n in file.tree.body if isinstance(n, ast.ClassDef)}
    chains = {name: _chain(node, classes) for name, node in classes.items()}
    objects = Objects(file)
    building = {
        name for name, chain in chains.items() if len(chain) > 1 and any(uses_graph(c, objects) for c in chain)
    }
    bases = {c.name for name in building for c in chains[name][:-1]}
    if not building:
        return Merged(source, [])
    used = {
        n.id for n in ast.walk(file.tree)
        if isinstance(n, ast.Name) and n.id in bases and isinstance(n.ctx, ast.Load) and not _is_base(file, n)
    }  # fmt: skip
    rewriter = Rewriter(file)
    whole = [name for name in classes if name in building and (name not in bases or name in used)]
    for name in whole:
        rewriter.edits[_lines(file, classes[name])] = _Merger(file, chains[name]).text()
    for name in bases - used:
        rewriter.edits[_lines(file, classes[name])] = ""
    hierarchies: dict[str, list[str]] = {}
    for name in whole:
        hierarchies.setdefault(chains[name][0].name, []).append(name)
    several = [names for names in hierarchies.values() if len(names) > 1]
    if len(several) > 1:
        raise Stuck(None, f"several hierarchies of classes build graphs: {', '.join(sum(several, []))}")
    return Merged(rewriter.render(0, len(file.text.text)), several[0] if several else [])


def _chain(node: ast.ClassDef, classes: dict[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """A class behind its bases in the file, the first one first. Raises Stuck where it has several."""
    chain = [node]
    while True:
        own = [b for b in node.bases if isinstance(b, ast.Name) and b.id in classes]
        if not own:
            return chain[::-1]
        if len(node.bases) > 1 or classes[own[0].id] in chain:
            raise Stuck(node, "a class that builds a graph has several bases")
        node = classes[own[0].id]
        chain.append(node)


def _lines(file: Source, node: ast.stmt) -> tuple[int, int]:
    return file.text.offset(node.lineno, 0), file.text.range(node)[1]


def _is_base(file: Source, node: ast.Name) -> bool:
    """Whether a class is named only as a base, or to reach the methods of one."""
    parent = file.parents[node]
    if isinstance(parent, ast.ClassDef):
        return node in parent.bases
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "super":
        return True
    return isinstance(parent, ast.Attribute) and isinstance(file.parents[parent], ast.Call)


class _Merger:
    """Writes one class with all that it has from its bases."""

    def __init__(self, file: Source, chain: list[ast.ClassDef]):
        self.file = file
        self.chain = chain

    def text(self) -> str:
        """The text of the class."""
        root, last = self.chain[0], self.chain[-1]
        for base in root.bases:
            if not (isinstance(base, ast.Name) and base.id == "object"):
                raise Stuck(base, "a class that builds a graph has a base from elsewhere")
        values: dict[str, str] = {}
        members: dict[str, str] = {}
        head: list[str] = []
        for cls in self.chain:
            for number, node in enumerate(cls.body):
                if isinstance(node, ast.FunctionDef):
                    if node.name in members:
                        name = self._name(cls, node.name)
                        members[name] = members.pop(node.name).replace(f"def {node.name}(", f"def {name}(", 1)
                    members[node.name] = self._method(cls, node)
                elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                    if number == 0 and cls is last:
                        head.append(self._statement(node))
                elif not isinstance(node, ast.Pass):
                    values[self.file.of(node).partition("=")[0].strip()] = self._statement(node)
        wanted = self._called(members)
        if "__init__" in members:
            members = {"__init__": members.pop("__init__"), **members}
        kept = [text for name, text in members.items() if not name.startswith(SUPER) or name in wanted]
        header = f"class {last.name}({root.bases[0].id}):" if root.bases else f"class {last.name}:"
        body = "\n\n".join(["\n".join(p) for p in (head, list(values.values())) if p] + kept)
        return f"{header}\n{body}"

    def _name(self, cls: ast.ClassDef, method: str) -> str:
        """What a method is called that a later class overrides."""
        base = self.chain[self.chain.index(cls) - 1]
        return f"{SUPER}{base.name.lower()}_{method.strip('_')}"

    @staticmethod
    def _called(members: dict[str, str]) -> set[str]:
        return {name for name in members if any(f".{name}(" in text for text in members.values())}

    def _statement(self, node: ast.stmt) -> str:
        return shift(Rewriter(self.file).statement(node), 4)

    def _method(self, cls: ast.ClassDef, node: ast.FunctionDef) -> str:
        rewriter = Rewriter(self.file)
        own = node.args.args[0].arg if node.args.args else ""
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                found = self._super(cls, call, own)
                if found is not None:
                    text, drops = found
                    rewriter.replace(call.func, text)
                    if drops:
                        arguments = list(self.file.text.arguments(call).values())
                        end = arguments[1].start if len(arguments) > 1 else arguments[0].end
                        rewriter.edits[(arguments[0].start, end)] = ""
        decorators = node.decorator_list
        start = self.file.text.offset(decorators[0].lineno if decorators else node.lineno, 0)
        lines = rewriter.render(start, self.file.text.range(node)[1])
        return shift(shift(lines, -node.col_offset), 4)

    def _super(self, cls: ast.ClassDef, call: ast.Call, own: str) -> tuple[str, bool] | None:
        """What stands for `super().method` and `Base.method`, and whether the object is given as first argument."""
        value = call.func.value
        before = self.chain[: self.chain.index(cls)]
        drops = False
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "super":
            pass
        elif isinstance(value, ast.Name) and any(c.name == value.id for c in before):
            drops = bool(call.args) and isinstance(call.args[0], ast.Name) and call.args[0].id == own
            if not drops:
                return None
        else:
            return None
        has = [c for c in before if any(isinstance(n, ast.FunctionDef) and n.name == call.func.attr for n in c.body)]
        if not has:
            return None  # of object
        overrides = any(isinstance(n, ast.FunctionDef) and n.name == call.func.attr for n in cls.body)
        if not overrides:
            return f"{own}.{call.func.attr}", drops
        # The base's is renamed when the class that overrides it is met.
        return f"{own}.{SUPER}{self.chain[self.chain.index(cls) - 1].name.lower()}_{call.func.attr.strip('_')}", drops
