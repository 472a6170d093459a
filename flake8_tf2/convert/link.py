"""Several files as one module, and back: names that files share are one name, other names are told apart."""

from __future__ import annotations

import ast
import re
from pathlib import PurePosixPath
from typing import Iterator, NamedTuple

from pyflakes import checker, messages

from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.scopes import names_in
from flake8_tf2.convert.source import Stuck
from flake8_tf2.fix.text import Text
from flake8_tf2.positions import split_lines

#: A letter that no program uses; before the number of a file it tells apart what files call alike.
FILE = "ˈ"
_FILE, _KEEP = f"{FILE}file", f"{FILE}keep"


class Imported(NamedTuple):
    """What a name of a file is in another: a name there, or with "" the file itself."""

    path: str
    name: str


class File:
    """One file of a project. Raises SyntaxError where it does not parse."""

    def __init__(self, number: int, path: str, source: str):
        self.number = number
        self.path = path
        self.source = source.removeprefix("\ufeff").replace("\r\n", "\n")
        self.tree = ast.parse(self.source)
        self.text = Text(split_lines(self.source))
        self.imported: dict[str, Imported] = {}  # by the name it has here
        self.kept: list[ast.stmt] = []  # import statements that name other files
        self.spelled: dict[str, str] = {}  # for the path of another file, the module that an import names

    @property
    def names(self) -> set[str]:
        """The names that the file binds itself."""
        statements = [node for node in self.tree.body if node not in self.kept]
        return set().union(set(), *(bound_names(node) for node in statements))


#: What a file says that builds or runs a graph.
_GRAPH = re.compile(r"placeholder|get_variable|Session|layers\.")


def runs(source: str) -> bool:
    """Whether a source may open a session, or have an Estimator that does."""
    return "Session" in source or "stimator" in source


def projects(files: dict[str, str]) -> list[list[str]]:
    """The paths of files that make one program, in groups.

    A program is what the files that are run import, those together that share a file which builds a graph. Files that
    stand alone or do not parse are left out; one that builds no graph may belong to several programs.
    """
    parsed = {}
    for number, (path, source) in enumerate(sorted(files.items())):
        try:
            parsed[path] = File(number, path, source)
        except (SyntaxError, ValueError, RecursionError):
            continue
    links = {path: {i.path for i in _imports(file, parsed)} for path, file in parsed.items()}
    imported = set().union(set(), *links.values())
    groups: list[set[str]] = []
    for path in links:
        if path in imported or not links[path]:
            continue
        found = _closure(path, links)
        shared = {p for p in found if _GRAPH.search(files[p])}
        for group in [g for g in groups if g & shared]:
            groups.remove(group)
            found |= group
        groups.append(found)
    return [sorted(group) for group in groups if any(_GRAPH.search(files[p]) for p in group)]


def imported_modules(source: str) -> list[tuple[str, int]]:
    """The modules that a source imports, each with the level of a relative import; none where it does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, 0) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = [(node.module, node.level)] if node.module else []
            prefix = f"{node.module}." if node.module else ""
            found += module + [(prefix + alias.name, node.level) for alias in node.names if alias.name != "*"]
    return found


def _closure(path: str, links: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    work = [path]
    while work:
        name = work.pop()
        if name not in found:
            found.add(name)
            work += links[name]
    return found


def _imports(file: File, files: dict[str, File]) -> Iterator[Imported]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                found = _from(file.path, node, alias.name, files)
                if found is not None:
                    yield found
        elif isinstance(node, ast.Import):
            for alias in node.names:
                path = _resolved(file.path, alias.name, 0, files)
                if path:
                    yield Imported(path, "")


def _from(path: str, node: ast.ImportFrom, name: str, files: dict[str, File]) -> Imported | None:
    inner = f"{node.module}.{name}" if node.module else name
    module = _resolved(path, inner, node.level, files)
    if module:
        return Imported(module, "")
    module = _resolved(path, node.module or "", node.level, files)
    return Imported(module, name) if module else None


def _resolved(path: str, module: str, level: int, files: dict[str, File]) -> str:
    """The path of the file that an import in a file means; "" where it is none of the project."""
    parts = module.split(".") if module else []
    here = PurePosixPath(path).parent
    roots = [here, *here.parents] if not level else [[here, *here.parents][level - 1]]
    for root in roots:
        candidates = [root.joinpath(*parts).with_suffix(".py")] if parts else []
        for candidate in map(str, [*candidates, root.joinpath(*parts, "__init__.py")]):
            if candidate in files and candidate != path:
                return candidate
    return ""


class Linked:
    """The files of a project as one module. Raises Stuck, and SyntaxError."""

    def __init__(self, sources: dict[str, str]):
        self.files = {path: File(n, path, source) for n, (path, source) in enumerate(sorted(sources.items()))}
        for file in self.files.values():
            self._read_imports(file)
        self.order = self._ordered()
        self.names = self._linked_names()
        self._drop_repeated_imports()
        self.text = "\n\n\n".join(self._linked(file) for file in self.order) + "\n"

    def _read_imports(self, file: File) -> None:
        for node in ast.walk(file.tree):
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            found = {}
            for alias in node.names:
                if isinstance(node, ast.ImportFrom):
                    meant = _from(file.path, node, alias.name, self.files)
                    if alias.name == "*" and _resolved(file.path, node.module or "", node.level, self.files):
                        raise Stuck(node, f"{file.path}: a star import of another file")
                else:
                    path = _resolved(file.path, alias.name, 0, self.files)
                    meant = Imported(path, "") if path else None
                    if meant and "." in alias.name and not alias.asname:
                        raise Stuck(node, f"{file.path}: `import {alias.name}` without a name of its own")
                if meant is not None:
                    found[alias.asname or alias.name] = meant
                    if isinstance(node, ast.ImportFrom) and meant.name:
                        file.spelled.setdefault(meant.path, "." * node.level + (node.module or ""))
            if found and len(found) < len(node.names):
                raise Stuck(node, f"{file.path}: one import of this project and of others")
            if found and node not in file.tree.body:
                raise Stuck(node, f"{file.path}: another file is imported within a block")
            file.imported.update(found)
            if found or isinstance(node, ast.ImportFrom) and node.module == "__future__":
                file.kept.append(node)

    def _ordered(self) -> list[File]:
        """The files, each behind those that it imports."""
        done: list[File] = []
        running: list[File] = []

        def visit(file: File) -> None:
            if file in done:
                return
            if file in running:
                raise Stuck(None, f"{file.path} and {running[-1].path} import each other")
            running.append(file)
            for meant in sorted(set(file.imported.values())):
                visit(self.files[meant.path])
            running.pop()
            done.append(file)

        for path in sorted(self.files):
            visit(self.files[path])
        return done

    def _linked_names(self) -> dict[tuple[str, str], str]:
        """What each name of each file is in the module."""
        bound: dict[str, dict[str, str]] = {}
        for file in self.order:
            for node in file.tree.body:
                for name in bound_names(node) if node not in file.kept else ():
                    bound.setdefault(name, {})[file.path] = _meaning(node, name, file)
        found = {}
        for name, files in bound.items():
            for path, meaning in files.items():
                alone = len(set(files.values())) == 1 and (len(files) == 1 or meaning.startswith("import "))
                found[path, name] = name if alone else f"{name}{FILE}{self.files[path].number}"
        return found

    def _drop_repeated_imports(self) -> None:
        """Each import stands once in the module."""
        seen: set[str] = set()
        for file in self.order:
            for node in file.tree.body:
                if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in file.kept:
                    names = {self.names[file.path, name] for name in bound_names(node)}
                    if names <= seen:
                        file.kept.append(node)
                    seen |= names

    def _linked(self, file: File) -> str:
        """The text of a file as a part of the module."""
        rewriter = Rewriter(file.text)
        for number, node in enumerate(file.kept):
            rewriter.replace(node, f"{_KEEP}({file.number}, {number})")
        parents = {child: node for node in ast.walk(file.tree) for child in ast.iter_child_nodes(node)}
        for name, inner in names_in(file.tree):
            if name.id in inner:
                continue
            meant = file.imported.get(name.id)
            if meant is None:
                linked = self.names.get((file.path, name.id), name.id)
                if linked != name.id:
                    rewriter.replace(name, linked)
            elif meant.name:
                rewriter.replace(name, self._name_of(meant, name, file))
            else:
                outer = parents.get(name)
                if not isinstance(outer, ast.Attribute):
                    raise Stuck(name, f"{file.path}: the module {name.id} itself is used")
                rewriter.replace(outer, self._name_of(Imported(meant.path, outer.attr), name, file))
        for node in file.tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in file.kept:
                self._rename_import(file, node, rewriter)
        for node in ast.walk(file.tree):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node in file.tree.body:
                linked = self.names[file.path, node.name]
                if linked != node.name:
                    start = file.text.offset(node.lineno, node.col_offset)
                    at = file.text.text.index(node.name, start + 4)
                    rewriter.edits[(at, at + len(node.name))] = linked
            elif isinstance(node, ast.Global):
                names = [self.names.get((file.path, n), n) for n in node.names]
                rewriter.replace(node, f"global {', '.join(names)}")
        return f"{_FILE}({file.number})\n" + rewriter.render(0, len(file.text.text)).strip("\n")

    def _rename_import(self, file: File, node: ast.Import | ast.ImportFrom, rewriter: Rewriter) -> None:
        for alias in node.names:
            own = (alias.asname or alias.name).partition(".")[0]
            linked = self.names[file.path, own]
            if linked == own:
                continue
            if alias.asname is None and "." in alias.name:
                raise Stuck(node, f"{file.path}: {own} is imported here, and another thing in another file")
            rewriter.replace(alias, f"{alias.name} as {linked}")

    def _name_of(self, meant: Imported, node: ast.AST, file: File) -> str:
        """What a name of another file is in the module, also where that file only imports it."""
        other = self.files[meant.path]
        if (meant.path, meant.name) in self.names:
            return self.names[meant.path, meant.name]
        if meant.name in other.imported and other.imported[meant.name].name:
            return self._name_of(other.imported[meant.name], node, file)
        raise Stuck(node, f"{file.path}: {meant.name} is not defined in {meant.path}")

    def imports_of(self, file: File) -> set[str]:
        """The paths of the files that a file has when it runs: itself, and what it imports."""
        found: set[str] = set()
        work = [file.path]
        while work:
            path = work.pop()
            if path not in found:
                found.add(path)
                work += [meant.path for meant in self.files[path].imported.values()]
        return found

    # Back to files

    def divided(self, text: str) -> tuple[str, dict[str, str]]:
        """What stands before the first file, and the text of each file by its path."""
        tree = ast.parse(text)
        lines = text.split("\n")
        marks = [(node.lineno, node.value.args[0].value) for node in tree.body if _called(node) == _FILE]
        by_number = {file.number: file for file in self.order}
        found = {}
        for position, (line, number) in enumerate(marks):
            end = marks[position + 1][0] - 1 if position + 1 < len(marks) else len(lines)
            file = by_number[number]
            found[file.path] = self._of_file(file, "\n".join(lines[line:end]).strip("\n") + "\n")
        return "\n".join(lines[: marks[0][0] - 1]), found

    def _of_file(self, file: File, text: str) -> str:
        tree = ast.parse(text)
        rewriter = Rewriter(Text(split_lines(text)))
        own = {linked: name for (path, name), linked in self.names.items() if path == file.path}
        elsewhere = {linked: (path, name) for (path, name), linked in self.names.items() if linked not in own}
        imports: dict[str, set[str]] = {}
        for name, inner in names_in(tree):
            if name.id in inner:
                continue
            if name.id in own:
                new = own[name.id]
            elif name.id in elsewhere:
                path, plain = elsewhere[name.id]
                new = self._spelled(file, path, plain, imports)
            else:
                continue
            if new != name.id:
                rewriter.replace(name, new)
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and own.get(node.name, node.name) != node.name:
                at = rewriter.text.text.index(node.name, rewriter.text.offset(node.lineno, node.col_offset) + 4)
                rewriter.edits[(at, at + len(node.name))] = own[node.name]
            elif isinstance(node, ast.alias) and FILE in (node.asname or ""):
                new = own.get(node.asname, node.asname)
                rewriter.replace(node, node.name if node.name == new else f"{node.name} as {new}")
            elif isinstance(node, ast.Global):
                rewriter.replace(node, "global " + ", ".join(own.get(n, n) for n in node.names))
            elif isinstance(node, ast.stmt) and _called(node) == _KEEP:
                kept = file.kept[node.value.args[1].value]
                added = imports.pop(self._module(file, kept), set()) if isinstance(kept, ast.ImportFrom) else set()
                rewriter.replace(node, self._import(file, kept, added))
        body = rewriter.render(0, len(rewriter.text.text))
        if imports:
            added = "".join(f"from {module} import {', '.join(sorted(n))}\n" for module, n in sorted(imports.items()))
            body = behind_imports(body, added)
        return self._without_unused(file, body)

    def _spelled(self, file: File, path: str, name: str, imports: dict[str, set[str]]) -> str:
        """How a file calls a name of another: as it imports it, or will."""
        for own, meant in file.imported.items():
            if meant.name and self._name_of(meant, file.tree, file) == self.names[path, name]:
                return own
        for own, meant in file.imported.items():
            if meant == Imported(path, ""):
                return f"{own}.{name}"
        definition = next(n for n in self.files[path].tree.body if name in bound_names(n))
        if isinstance(definition, (ast.Import, ast.ImportFrom)):
            return name  # the file needs the import itself: `complete` adds it
        module = file.spelled.get(path) or self.module_from(file, path)
        if name in file.names:
            raise Stuck(None, f"{file.path} has a name {name} of its own")
        imports.setdefault(module, set()).add(name)
        return name

    def module_from(self, file: File, path: str) -> str:
        """The module by which a file can import another: as others do, or beside it."""
        here, there = PurePosixPath(file.path).parent, PurePosixPath(path)
        if there.parent == here:
            relative = any(isinstance(n, ast.ImportFrom) and n.level for n in file.kept)
            return ("." if relative else "") + there.stem
        for other in self.files.values():
            if path in other.spelled and not other.spelled[path].startswith("."):
                return other.spelled[path]
        raise Stuck(None, f"how {file.path} would import {path} is not known")

    @staticmethod
    def _module(file: File, node: ast.ImportFrom) -> str:
        return "." * node.level + (node.module or "")

    @staticmethod
    def _import(file: File, node: ast.stmt, added: set[str]) -> str:
        text = file.text.of(node)
        missing = sorted(added - {a.asname or a.name for a in node.names})
        if not missing:
            return text
        names = ", ".join([*(f"{a.name} as {a.asname}" if a.asname else a.name for a in node.names), *missing])
        return f"from {'.' * node.level}{node.module or ''} import {names}"

    @staticmethod
    def _without_unused(file: File, text: str) -> str:
        """The text without imports of the project that nothing uses any more."""
        unused = _messages(text, messages.UnusedImport) - _messages(file.source, messages.UnusedImport)
        tree = ast.parse(text)
        rewriter = Rewriter(Text(split_lines(text)))
        for node in tree.body:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            left = [a for a in node.names if (a.asname or a.name) not in unused]
            if len(left) == len(node.names):
                continue
            if left:
                prefix = f"from {'.' * node.level}{node.module or ''} " if isinstance(node, ast.ImportFrom) else ""
                names = ", ".join(f"{a.name} as {a.asname}" if a.asname else a.name for a in left)
                rewriter.replace(node, f"{prefix}import {names}")
            else:
                start = rewriter.text.offset(node.lineno, 0)
                rewriter.edits[(start, rewriter.text.offset(node.end_lineno + 1, 0))] = ""
        return rewriter.render(0, len(rewriter.text.text))


def file_of(tree: ast.Module, line: int) -> int:
    """The number of the file in which a line of a linked module stands; -1 of any other module."""
    before = [n.value.args[0].value for n in tree.body if _called(n) == _FILE and n.lineno <= line]
    return before[-1] if before else -1


def undefined(text: str) -> set[str]:
    """The names that a text uses and never defines, as far as pyflakes sees."""
    return _messages(text, messages.UndefinedName) | _messages(text, messages.UndefinedLocal)


def bound_at_top(text: str) -> set[str]:
    """The names that a text binds as a module."""
    return set().union(set(), *map(bound_names, ast.parse(text).body))


def _messages(text: str, kind: type) -> set[str]:
    try:
        found = checker.Checker(ast.parse(text)).messages
    except (SyntaxError, RecursionError):
        return set()
    names = {m.message_args[0] for m in found if isinstance(m, kind)}
    return {n.rpartition(" as ")[2].rpartition(".")[2] for n in names}


def behind_imports(text: str, added: str) -> str:
    """A text with lines behind the imports at its head."""
    last = 0
    for node in ast.parse(text).body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not isinstance(node, (ast.Import, ast.ImportFrom)) and not is_text:
            break
        last = node.end_lineno
    lines = text.split("\n")
    return "\n".join([*lines[:last], *added.rstrip("\n").split("\n"), *lines[last:]])


def _called(node: ast.stmt) -> str:
    call = getattr(node, "value", None)
    return getattr(call.func, "id", "") if isinstance(call, ast.Call) and isinstance(node, ast.Expr) else ""


def _meaning(node: ast.stmt, name: str, file: File) -> str:
    """What a name is bound to: the same text for the same import."""
    if isinstance(node, ast.Import):
        alias = next(a for a in node.names if (a.asname or a.name).partition(".")[0] == name)
        return f"import {alias.name}"
    if isinstance(node, ast.ImportFrom):
        alias = next(a for a in node.names if (a.asname or a.name) == name)
        return f"import {'.' * node.level}{node.module}.{alias.name}"
    return file.path
