"""Folding lifted classes back: what stands between the marks is `__init__`, functions that read it are methods."""

from __future__ import annotations

import ast
import re

from flake8_tf2.convert.classes import (
    _BEGIN, _CLOSE, _END, _MARKED, _OF_MODULE, ATTRIBUTE, LOCAL, OBJECT, GraphClass, Lifted, is_static,
)  # fmt: skip
from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.layout import Rewriter, shift
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.scopes import bound_in, first_line, names_in
from flake8_tf2.convert.source import Stuck
from flake8_tf2.fix.text import Text
from flake8_tf2.positions import split_lines


def folded(text: str, lifted: Lifted) -> str:
    """The converted text of a lifted source, with its classes as classes again. Raises Stuck where that cannot be."""
    return _Fold(text, lifted).text() if lifted.classes else text


def plain(name: str) -> str:
    """A name without marks."""
    return _MARKED.sub("", name)


def class_of(name: str) -> int:
    """The number of the class that a marked name is of; 0 of others."""
    marks = _MARKED.search(name)
    return sum(letter in (ATTRIBUTE, LOCAL) for letter in marks.group().partition(_CLOSE)[0]) if marks else 0


class _Written(Rewriter):
    """The converted text, with what its names become."""

    def __init__(self, text: str):
        super().__init__(Text(split_lines(text)))

    def lines_of(self, node: ast.stmt) -> str:
        """The lines of a statement with its decorators, and with what stands behind it, at the left margin."""
        start = self.text.offset(first_line(node), 0)
        end = self.text.text.find("\n", self.text.range(node)[1])
        return shift(self.render(start, len(self.text.text) if end < 0 else end), -node.col_offset)

    def comments(self, node: ast.stmt) -> list[str]:
        """The comments directly above a statement."""
        number = first_line(node) - 1
        found = []
        while number >= 1 and self.text.lines[number - 1].lstrip().startswith("#"):
            found.append(self.text.lines[number - 1].strip())
            number -= 1
        return found[::-1]


class _Section:
    """What the conversion made of a class: the statements of `__init__`, and its methods."""

    def __init__(self, found: GraphClass):
        self.found = found
        self.parts: dict[str, list[ast.stmt]] = {name: [] for name in found.builders}
        self.methods: list[ast.FunctionDef] = []
        self.bound: set[str] = set()
        self.promoted: set[str] = set()
        self.names: dict[str, str] = {}  # of attributes, by what they are while lifted

    @property
    def statements(self) -> list[ast.stmt]:
        """The statements of all methods that build."""
        return [node for part in self.parts.values() for node in part]

    def has(self, name: str) -> bool:
        """Whether a name is of the class."""
        if class_of(name) == self.found.number:
            return True
        return name in self.bound or any(m.name == name for m in self.methods)


class _Fold:
    def __init__(self, text: str, lifted: Lifted):
        self.lifted = lifted
        self.source = _Written(text)
        self.tree = ast.parse(text)
        self.known = {n.name for n in lifted.file.tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        self.of_source = {n.id for n in ast.walk(lifted.file.tree) if isinstance(n, ast.Name)}
        self.sections = [_Section(found) for found in lifted.classes]
        self.outside: list[ast.stmt] = []
        self.local_names: dict[tuple[_Section, str], dict[str, str]] = {}  # of each method that builds
        self._left: dict[ast.FunctionDef, set[str]] = {}
        self._shapes: dict[ast.FunctionDef, list[str]] = {}
        self.arguments: dict[str, str] = {}  # of calls that make objects: optimizers, by parameter
        self.places: list[tuple[int, _Section]] = []  # how many statements stand outside before each class

    def text(self) -> str:
        self._divide()
        self._assign_functions()
        for section in self.sections:
            self._name(section)
        for section in self.sections:
            self._write_names(section)
        self._write_outside()
        return self._assembled()

    # Which statement belongs where

    def _divide(self) -> None:
        inside: _Section | None = None
        part = ""
        original = set().union(*(bound_names(n) for n in self.lifted.file.tree.body))
        fresh: list[ast.stmt] = []
        for node in self.tree.body:
            marker = self._marker(node)
            if marker is not None:
                name, number = marker
                inside = self.sections[number - 1] if name == _BEGIN else None
                part = node.value.args[1].value if inside is not None else ""
            elif inside is not None and (name := self._argument(inside, node)):
                self.arguments[name] = self.source.text.of(node.value)
            elif inside is not None and not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                inside.parts[part].append(node)
            elif isinstance(node, ast.Assign) and self._is_value(node):
                continue  # a value of the class, which stands there
            elif isinstance(node, ast.Assign) and not bound_names(node) & original:
                fresh.append(node)
            else:
                self.outside.append(node)
        for section in self.sections:
            section.bound = set().union(set(), *(bound_names(n) for n in section.statements))
        self.fresh, self.original = fresh, original

    @staticmethod
    def _argument(section: _Section, node: ast.stmt) -> str:
        """The parameter, as it is while lifted, whose argument a statement makes that stands for a call; or ""."""
        mark = section.found.builders["__init__"]
        wanted = {mark + name for name in section.found.optimizers}
        return next(iter(bound_names(node) & wanted), "") if isinstance(node, ast.Assign) else ""

    @staticmethod
    def _marker(node: ast.stmt) -> tuple[str, int] | None:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            name = getattr(node.value.func, "id", "")
            if name in (_BEGIN, _END):
                return name, node.value.args[0].value
        return None

    @staticmethod
    def _is_value(node: ast.Assign) -> bool:
        return all(isinstance(t, ast.Name) and t.id.startswith(ATTRIBUTE) for t in node.targets)

    def _assign_functions(self) -> None:
        """Functions that read a class are its methods; so are those that call such functions."""
        functions = [n for n in self.outside if isinstance(n, ast.FunctionDef) and n.name not in self.known]
        changed = True
        owner: dict[ast.FunctionDef, _Section] = {}
        while changed:
            changed = False
            for function in functions:
                if function in owner:
                    continue
                if class_of(function.name) and function.name.startswith(ATTRIBUTE):
                    found = [self.sections[class_of(function.name) - 1]]
                else:
                    names = {n.id for n, inner in names_in(function) if n.id not in inner}
                    found = [s for s in self.sections if any(s.has(n) for n in names)]
                if len(found) > 1:
                    raise Stuck(None, "a function would compute with the graphs of several classes")
                if found:
                    owner[function] = found[0]
                    found[0].methods.append(function)
                    changed = True
        for function in owner:
            self.outside.remove(function)
        for node in self.fresh:
            users = [s for s in self.sections if any(_reads(n, bound_names(node)) for n in (*s.methods, *s.statements))]
            if len(users) > 1:
                raise Stuck(None, "several classes would share one state")
            calls = [n for n in ast.walk(self.lifted.file.tree) if isinstance(n, ast.Call)
                     and users and getattr(n.func, "id", "") == users[0].found.name]  # fmt: skip
            others = [n for n in self.outside if _reads(n, bound_names(node))
                      and not (users and _has_receiver(n, users[0].found))]  # fmt: skip
            if others and users and len(calls) > 1:
                raise Stuck(None, "several objects would share one state")
            if users and not others:
                users[0].parts["__init__"].insert(0, node)
                users[0].bound |= bound_names(node)
            else:
                position = next((i for i, n in enumerate(self.outside) if n.lineno > node.lineno), len(self.outside))
                self.outside.insert(position, node)
        for section in self.sections:
            shared = {n for m in section.methods for g in ast.walk(m) if isinstance(g, ast.Global) for n in g.names}
            section.bound |= {n for n in shared - self.original if not n.startswith(ATTRIBUTE)}
        for number, section in enumerate(self.sections, 1):  # where they stood
            begin = next(n.lineno for n in self.tree.body if self._marker(n) == (_BEGIN, number))
            self.places.append((sum(n.lineno < begin for n in self.outside), section))

    # What names become

    def _name(self, section: _Section) -> None:
        used = {
            name.id
            for method in section.methods
            for name, inner in names_in(method)
            if name.id not in inner and section.has(name.id)
        }
        used |= self._read_elsewhere(section)
        copies = self._drop_copies(section, used)
        used |= set(copies.values())
        attributes = {n for n in used | section.bound if n.startswith(section.found.mark)}
        attributes |= {m.name for m in section.methods if m.name.startswith(section.found.mark)}
        taken: set[str] = set()
        for name in sorted(attributes):
            section.names[name] = plain(name)
            taken.add(plain(name))
        aliases = self._aliases(section)
        others = [*(m.name for m in section.methods), *sorted(used)]
        for name in others:
            if name in section.names:
                continue
            if name in copies:
                section.names[name] = section.names[copies[name]]
                continue
            if name in aliases:
                section.names[name] = aliases[name]
                continue
            section.names[name] = self._free(name, taken)
            if not any(m.name == name for m in section.methods):
                section.promoted.add(name)

    def _free(self, name: str, taken: set[str]) -> str:
        """A name that is not taken, and is now: without marks, and without a number that the conversion gave it."""
        base = plain(name)
        if base not in self.of_source:
            base = re.sub(r"_[0-9]+$", "", base) or base
        wanted, number = base, 2
        while wanted in taken:
            wanted, number = f"{base}_{number}", number + 1
        taken.add(wanted)
        return wanted

    def _read_elsewhere(self, section: _Section) -> set[str]:
        """The names that a class binds, and that other classes, or what stands outside of them, read."""
        others = [n for s in self.sections if s is not section for n in (*s.statements, *s.methods)]
        kept = section.bound - set().union(set(), *(s.bound for s in self.sections if s is not section))
        return {
            name.id for node in (*others, *self.outside) for name, inner in names_in(node)
            if name.id in kept and name.id not in inner and name.id not in self.original
        }  # fmt: skip

    @staticmethod
    def _aliases(section: _Section) -> dict[str, str]:
        """Parameters of `__init__` that it keeps as attributes."""
        found = {}
        stored = [n.id for s in section.statements for n in ast.walk(s)
                  if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]  # fmt: skip
        for node in section.statements:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name) and target.id.startswith(section.found.mark):
                    if node.value.id.startswith(LOCAL) and stored.count(node.value.id) == 0:
                        if stored.count(target.id) == 1:
                            found.setdefault(node.value.id, plain(target.id))
        return found

    def _drop_copies(self, section: _Section, used: set[str]) -> dict[str, str]:
        """Local names that are only other names of attributes: what they are, by name. Their statements go."""
        stored = [n.id for s in section.statements for n in ast.walk(s)
                  if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]  # fmt: skip
        found = {}
        for node in section.statements:  # self.cell = cell = ...
            targets = [t for t in getattr(node, "targets", ()) if isinstance(t, ast.Name) and stored.count(t.id) == 1]
            kept = next((t for t in targets if t.id.startswith(section.found.mark)), None)
            for target in targets if kept is not None else ():
                if target.id in used and not target.id.startswith(ATTRIBUTE):
                    found[target.id] = kept.id
                    index = node.targets.index(target)
                    behind = [*node.targets, node.value][index + 1]
                    text = self.source.text
                    self.source.edits[(text.range(target)[0], text.range(behind)[0])] = ""
        for part in section.parts.values():
            for node in list(part):
                value = getattr(node, "value", None)
                if isinstance(node, ast.Assign) and isinstance(value, ast.Name) and len(node.targets) == 1:
                    target = getattr(node.targets[0], "id", "")
                    is_local = target and not target.startswith(ATTRIBUTE) and target in used
                    if is_local and value.id.startswith(section.found.mark):
                        if stored.count(target) == 1 and stored.count(value.id) == 1:
                            found[target] = value.id
                            part.remove(node)
        return found

    # Writing

    def _write_names(self, section: _Section) -> None:
        for method in section.methods:
            self._rename(method, lambda name, method=method: self._in_method(section, method, name))
            self._shorten(method)
            self._signature(section, method)
            self._define(section, method)
        for part in section.parts:
            self._write_part(section, part)

    def _shorten(self, method: ast.FunctionDef) -> None:
        """Local names that have a number from the conversion go without it, where that is free."""
        names = {n.id for s in method.body for n, inner in names_in(s) if n.id not in inner}
        bound = set().union(set(), *(bound_names(n) for n in method.body))
        bound -= {n for g in ast.walk(method) if isinstance(g, ast.Global) for n in g.names}
        taken = {plain(n) for n in names | bound_in(method)}
        new = {}
        for name in sorted(n for n in bound & names if n not in self.of_source):
            base = re.sub(r"_[0-9]+$", "", plain(name))
            if base and base != plain(name) and base not in taken:
                new[name] = base
                taken.add(base)
        for node in ast.walk(method):
            if isinstance(node, ast.Name) and node.id in new:
                self.source.replace(node, new[node.id])

    def _in_method(self, section: _Section, method: ast.FunctionDef, name: str) -> str | None:
        if name in self._leaving(section, method):
            return plain(name)
        if section.has(name):
            return f"self.{section.names[name]}"
        return self._of_another(name, f"{section.found.name}.{plain(method.name)}")

    def _leaving(self, section: _Section, method: ast.FunctionDef) -> set[str]:
        """The tensors that a method would keep in the object. Raises Stuck where anything else reads them."""
        if method in self._left:
            return self._left[method]
        shared = {n for g in ast.walk(method) if isinstance(g, ast.Global) for n in g.names}
        found = {n for n in shared if n.startswith(section.found.mark) and plain(n) in section.found.graph}
        for node in (*section.statements, *section.methods, *self.outside) if found else ():
            names = [n for n, inner in names_in(node) if n.id in found and n.id not in inner]
            own = {n.id for n in names if isinstance(n.ctx, ast.Store)}
            for name in {n.id for n in names} - own:
                raise Stuck(None, f"{plain(name)}, which {plain(method.name)} computes, is read elsewhere")
        self._left[method] = found
        return found

    def _write_part(self, section: _Section, part: str) -> None:
        nodes = section.parts[part]
        bound = set().union(set(), *(bound_names(n) for n in nodes)) - section.promoted
        read = {n.id for s in nodes for n in ast.walk(s) if isinstance(n, ast.Name)}
        known = section.promoted | {m.name for m in section.methods}
        arguments = {n for n in read if n.startswith(LOCAL) and section.has(n) and n not in known}
        taken: set[str] = set()
        local: dict[str, str] = {}
        for name in sorted(bound | arguments, key=lambda n: (n not in arguments, n)):
            if name.startswith(ATTRIBUTE):
                continue
            local[name] = self._free(name, taken)
        self.local_names[section, part] = local

        def told(name: str) -> str | None:
            if name in local:
                return local[name]
            if section.has(name) and (name.startswith(ATTRIBUTE) or name in section.names):
                return f"self.{section.names.get(name, plain(name))}"
            return self._of_another(name, f"{section.found.name}.{part}")

        for node in nodes:
            self._rename(node, told)

    def _of_another(self, name: str, scope: str) -> str | None:
        """What a name of a class is outside of it: an attribute of the object that is at hand."""
        if name in self.arguments:
            return self.arguments[name]
        for section in self.sections:
            is_shared = name in section.promoted and name not in self.original
            if section.has(name) and (class_of(name) or is_shared or any(m.name == name for m in section.methods)):
                receiver = section.found.receiver(scope)
                if not receiver:
                    raise Stuck(None, f"which object {plain(name)} is of is not known in {scope or 'the module'}")
                return f"{receiver}.{section.names.get(name, plain(name))}"
        return None

    def _rename(self, node: ast.AST, told) -> None:
        """Write the names of a node as `told` says, and take the marks from all else."""
        for name, inner in names_in(node):
            new = told(name.id) if name.id not in inner else None
            if new is None and name.id != plain(name.id):
                new = plain(name.id)
            new = new and new.removesuffix(f".{OBJECT}")
            if new is not None and new != name.id:
                self.source.replace(name, new)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and _MARKED.search(inner.value):
                self.source.replace(inner, plain(self.source.text.of(inner)))
            elif isinstance(inner, ast.arg) and _MARKED.search(inner.arg):
                start = self.source.text.range(inner)[0]
                self.source.edits[(start, start + len(inner.arg))] = plain(inner.arg)
            elif isinstance(inner, ast.keyword) and inner.arg and _MARKED.search(inner.arg):
                start = self.source.text.range(inner)[0]
                self.source.edits[(start, start + len(inner.arg))] = plain(inner.arg)
            elif isinstance(inner, ast.FunctionDef) and inner is not node and _MARKED.search(inner.name):
                start = self.source.text.text.index(inner.name, self.source.text.range(inner)[0])
                self.source.edits[(start, start + len(inner.name))] = plain(inner.name)
            elif isinstance(inner, ast.Global):
                left = [n for n in inner.names if told(n) is None and not _MARKED.search(n)]
                self.source.replace(inner, f"global {', '.join(left)}" if left else _GONE)

    def _define(self, section: _Section, method: ast.FunctionDef) -> None:
        """Its name, the object as its first parameter, and the shapes that its parameters have."""
        text = self.source.text
        decorators = method.decorator_list
        start = text.offset(method.lineno, 0) if not decorators else text.range(decorators[-1])[1]
        name = text.text.index(method.name, text.text.index("def ", start))
        self.source.edits[(name, name + len(method.name))] = section.names[method.name]
        original = section.found.methods.get(plain(method.name))
        if original is not None and is_static(original) and not self._reads_object(section, method):
            first = text.offset(first_line(method), 0)
            self.source.edits[(first, first)] = "@staticmethod\n"
            return
        opening = text.text.index("(", name + len(method.name)) + 1
        has_more = text.text[opening:].lstrip()[0] != ")"
        self.source.edits[(opening, opening)] = "self, " if has_more else "self"
        for default in (*method.args.defaults, *(d for d in method.args.kw_defaults if d is not None)):
            if any(isinstance(n, ast.Name) and section.has(n.id) for n in ast.walk(default)):
                raise Stuck(None, "the default of a parameter would be an attribute of the object")

    @staticmethod
    def _reads_object(section: _Section, method: ast.FunctionDef) -> bool:
        return any(section.has(name.id) for name, inner in names_in(method) if name.id not in inner)

    def _signature(self, section: _Section, method: ast.FunctionDef) -> None:
        """Dimensions of its input that only the object knows are left open, and said within the method."""
        for decorator in method.decorator_list:
            for node in ast.walk(decorator):
                if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "TensorSpec"):
                    continue
                if not any(isinstance(n, ast.Name) and section.has(n.id) for n in ast.walk(node)):
                    continue
                specs = next(k.value.elts for k in decorator.keywords if k.arg == "input_signature")
                shape = node.args[0]
                if any(isinstance(n, ast.Name) and section.has(n.id) for a in node.args[1:] for n in ast.walk(a)):
                    raise Stuck(None, "the type of an input is an attribute of the object")
                parameter = plain(method.args.args[specs.index(node)].arg)
                probe = _Written(self.source.text.text)
                for name in ast.walk(shape):
                    if isinstance(name, ast.Name) and section.has(name.id):
                        probe.replace(name, f"self.{section.names.setdefault(name.id, plain(name.id))}")
                start, end = probe.text.range(shape)
                tf = self.source.text.of(node.func.value)
                self._shapes.setdefault(method, []).append(
                    f"{parameter} = {tf}.ensure_shape({parameter}, {probe.render(start, end)})"
                )
                if isinstance(shape, (ast.List, ast.Tuple)):
                    for element in shape.elts:
                        if any(isinstance(n, ast.Name) and section.has(n.id) for n in ast.walk(element)):
                            self.source.replace(element, "None")
                else:
                    self.source.replace(shape, "None")
        for line in reversed(self._shapes.get(method, [])):
            first = method.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(method.body) > 1:
                first = method.body[1]
            at = self.source.text.offset(first.lineno, 0)
            indent = " " * first.col_offset
            self.source.edits[(at, at)] = f"{indent}{line}\n" + self.source.edits.get((at, at), "")

    def _write_outside(self) -> None:
        for node in self.outside:
            for member in node.body if isinstance(node, ast.ClassDef) else [node]:
                name = getattr(member, "name", "")
                scope = f"{node.name}.{name}" if member is not node else name
                self._rename(member, lambda name, scope=scope: self._of_another(name, scope))

    # Putting it together

    def _assembled(self) -> str:
        out: list[str] = []
        at = 0
        text = self.source.text
        for number, node in enumerate([*self.outside, None]):
            for section in (s for place, s in self.places if place == number):
                out.append("\n\n\n" + self._class(section) + "\n\n\n")
            if node is None:
                break
            decorators = getattr(node, "decorator_list", None)
            first = decorators[0].lineno if decorators else node.lineno
            first -= len(self.source.comments(node))
            begin = text.offset(first, 0)
            previous = self.outside[number - 1] if number else None
            follows = previous is not None and self._are_neighbours(previous, node)
            if number == 0:
                out.append(self.source.render(0, begin))
            elif follows:
                out.append(self.source.render(at, begin))
            else:
                is_block = any(isinstance(n, (ast.FunctionDef, ast.ClassDef)) for n in (previous, node))
                out.append("\n\n\n" if is_block else "\n")
            stop = text.text.find("\n", text.range(node)[1])
            at = len(text.text) if stop < 0 else stop
            out.append(self.source.render(begin, at))
        joined = "".join(out)
        joined = "".join(line for line in joined.splitlines(keepends=True) if _GONE not in line)
        return re.sub(r"\n{4,}", "\n\n\n", joined).strip("\n") + "\n"

    def _are_neighbours(self, one: ast.stmt, other: ast.stmt) -> bool:
        body = self.tree.body
        return body.index(other) == body.index(one) + 1

    def _class(self, section: _Section) -> str:
        found = section.found
        file = self.lifted.file.text
        node = found.node
        indent = " " * node.body[0].col_offset
        is_module = self._is_module(section)
        lines = [f"class {node.name}({self._tf()}.Module):" if is_module else self._head(node)]
        kept = {m.name: m for m in section.methods}
        previous = node.body[0].lineno - 1
        for inner in node.body:
            between = [file.lines[n - 1].rstrip() for n in range(previous + 1, first_line(inner))]
            previous = inner.end_lineno
            if not isinstance(inner, ast.FunctionDef):
                lines += [*between, *file.text[file.offset(inner.lineno, 0) : file.range(inner)[1]].split("\n")]
            elif inner.name in section.parts:
                lines += [*between, *self._part(section, inner, is_module).split("\n")]
                if inner.name == list(section.parts)[-1]:
                    for method in section.methods:
                        if not method.name.startswith(found.mark):
                            lines += ["", *shift(self.source.lines_of(method), len(indent)).split("\n")]
            elif (method := kept.get(found.mark + inner.name)) is not None:
                lines += [*(between or [""]), *shift(self.source.lines_of(method), len(indent)).split("\n")]
        return "\n".join(line.rstrip() for line in lines)

    def _head(self, node: ast.ClassDef) -> str:
        file = self.lifted.file.text
        return file.text[file.offset(node.lineno, 0) : file.offset(first_line(node.body[0]), 0)].rstrip("\n")

    def _tf(self) -> str:
        return self.lifted.file.alias()

    def _is_module(self, section: _Section) -> bool:
        """Whether the class has state, and can be a `tf.Module`, which wraps containers and has some names itself."""
        if not any(isinstance(n, ast.FunctionDef) and n.decorator_list for n in section.methods):
            return False
        if section.found.attributes & _OF_MODULE or set(section.found.methods) & _OF_MODULE:
            return False
        if set(section.names.values()) & _OF_MODULE:
            return False
        containers = (ast.List, ast.Dict, ast.Set, ast.Tuple, ast.ListComp, ast.DictComp, ast.SetComp)
        for node in (*section.statements, *section.methods):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Assign) and any(
                    isinstance(t, ast.Name) and t.id.startswith(section.found.mark) for t in inner.targets
                ):
                    called = getattr(getattr(inner.value, "func", None), "id", "")
                    if isinstance(inner.value, containers) or called in ("list", "dict", "set", "tuple"):
                        return False
        return True

    def _part(self, section: _Section, method: ast.FunctionDef, is_module: bool) -> str:
        """A method that builds: what the conversion made of its statements."""
        file = self.lifted.file.text
        first = method.body[0]
        inner = " " * first.col_offset
        nodes = section.parts[method.name]
        lines = [self._parameters(section, method)]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            lines += file.text[file.offset(first.lineno, 0) : file.range(first)[1]].split("\n")
        start = len(lines)
        if is_module and method.name == "__init__":
            lines.append(f"{inner}super().__init__()")
        marks = section.found.builders[method.name]
        for name in sorted(section.promoted - section.bound):
            if name.startswith(marks):
                lines.append(f"{inner}self.{section.names[name]} = {plain(name)}")
        previous = None
        for node in nodes:
            comments = self.source.comments(node)
            begin = node.lineno - len(comments)
            between = self.source.text.lines[previous : begin - 1] if previous else []
            if between and not any(line.strip() for line in between):
                lines.append("")
            previous = node.end_lineno
            text = "\n".join([*comments, self.source.lines_of(node)])
            lines += shift(text, first.col_offset).split("\n")
        if len(lines) == start:
            lines.append(f"{inner}pass")
        return "\n".join(lines)

    def _parameters(self, section: _Section, method: ast.FunctionDef) -> str:
        """The head of a method without the sessions among its parameters."""
        file = self.lifted.file.text
        gone = section.found.sessions[method.name]
        text = file.text[file.offset(method.lineno, 0) : file.offset(method.body[0].lineno, 0)].rstrip("\n")
        text = text.rstrip()
        for name in gone:
            text = re.sub(rf",\s*{name}\b(\s*:[^,)]*)?(\s*=[^,)]*)?", "", text, count=1)
        for name, value in section.found.optimizers.items() if method.name == "__init__" else ():
            for default in method.args.defaults:
                if self.lifted.file.called_role(default) is Role.OPTIMIZER:
                    own = self.arguments[section.found.builders["__init__"] + name]
                    text = text.replace(file.of(default), own if default is value else "None")
        return text


_GONE = "\3"


def _has_receiver(node: ast.stmt, found: GraphClass) -> bool:
    """Whether a statement of the module calls an object of a class by a name that is known."""
    if isinstance(node, ast.ClassDef):
        return any(scope.startswith(f"{node.name}.") for scope in found.receivers)
    return (node.name if isinstance(node, ast.FunctionDef) else "") in found.receivers


def _reads(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(node))
