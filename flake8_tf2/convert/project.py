"""Converting files that import one another: as one program, and each file anew, or none."""

from __future__ import annotations

import ast

from flake8_tf2.convert import inserted
from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.link import File, Linked, behind_imports, bound_at_top, undefined
from flake8_tf2.convert.program import Converted, converted_text, place_of, told, with_line_ends
from flake8_tf2.convert.source import Stuck
from flake8_tf2.options import Options


def convert_project(
    files: dict[str, str], options: Options = Options(), jit: bool = False, exact: bool = False
) -> dict[str, Converted]:
    """Convert files as one program; all of them, or none. files: the sources by path, with `/` between its parts.

    Raises RuleError as `lint` does.
    """
    try:
        parts = _converted_files(files, options, jit, exact)
    except SyntaxError as error:
        reason = f"it does not parse: {error.msg}"
        return {path: Converted(source, reason) for path, source in files.items()}
    except Stuck as stuck:
        place = place_of(stuck.node, files)
        reason = (f"{place[0]}:{place[1]}: " if place else "") + told(stuck)[0]
        return {path: Converted(source, reason) for path, source in files.items()}
    return {path: Converted(with_line_ends(part, files[path])) for path, part in parts.items()}


def _converted_files(files: dict[str, str], options: Options, jit: bool, exact: bool) -> dict[str, str]:
    linked = Linked(files)
    converted = converted_text(linked.text, "<project>", options, jit, exact)
    head, parts = linked.divided(converted.text)
    found = _Heads(head, linked, converted.pieces).on(parts)
    for file in linked.order:
        missing = undefined(found[file.path]) - undefined(file.source)
        if missing:
            raise Stuck(None, f"the result would not define {', '.join(sorted(missing))} in {file.path}")
    return {path: f"{text.strip(chr(10))}\n" if text.strip() else "" for path, text in found.items()}


class _Heads:
    """What the conversion wrote at the head of the module, for the files that use it: imports and pieces."""

    def __init__(self, head: str, linked: Linked, pieces: list[str]):
        tree = ast.parse(head)
        self.linked = linked
        self.pieces = inserted.with_needed(pieces)
        self.homes: dict[str, File] = {}  # of pieces, and of what the conversion made, that are written
        self.imports = {
            name: file.text.of(node)
            for file in linked.order for node in file.tree.body
            if isinstance(node, (ast.Import, ast.ImportFrom)) and node not in file.kept for name in bound_names(node)
        }  # fmt: skip
        self.imports |= {
            name: ast.unparse(node)
            for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)) for name in bound_names(node)
        }  # fmt: skip
        rest = [n for n in tree.body if not isinstance(n, (ast.Import, ast.ImportFrom))]
        self.made = {name: ast.unparse(n) for n in rest if isinstance(n, ast.Assign) for name in bound_names(n)}
        # Where sessions were configured; or the file that is run.
        self.configuring = [f for f in linked.order if "ConfigProto" in f.source] or linked.order[-1:]
        self.statements = [ast.unparse(n) for n in rest if not isinstance(n, ast.Assign)]

    def on(self, parts: dict[str, str]) -> dict[str, str]:
        """The files with their heads."""
        users = {}
        for file in self.linked.order:
            for name in undefined(parts[file.path]) - undefined(file.source):
                users.setdefault(name, []).append(file)
        self.shared = {name: self._home(files) for name, files in users.items() if len(files) > 1}
        return {file.path: self._on(file, parts[file.path]) for file in self.linked.order}

    def _home(self, users: list[File]) -> File | None:
        """The file for what several use: the last that all of them import, or are; None if there is none."""
        everywhere = set.intersection(*map(self.linked.imports_of, users))
        return next((file for file in reversed(self.linked.order) if file.path in everywhere), None)

    def _wanted(self, file: File, text: str) -> set[str]:
        """What a file uses and has not, and what others use that is to stand in it."""
        own = {name for name, home in self.shared.items() if home is file}
        return (undefined(text) - undefined(file.source) | own) - bound_at_top(text)

    def _on(self, file: File, text: str) -> str:
        if self.statements and file in self.configuring:
            text = behind_imports(text, "\n" + "\n".join(self.statements))
        needed = self._wanted(file, text)
        made = [name for name in self.made if name in needed and name not in self.homes]
        if made:
            text = behind_imports(text, "\n" + "\n".join(self.made[name] for name in made))
            self.homes |= dict.fromkeys(made, file)
            needed |= self._wanted(file, text)
        own = [piece for piece in self.pieces if piece in needed and self._is_new(piece, file)]
        if own:
            text = behind_imports(text, f"\n\n{self._text_of(own, text)}")
            self.homes |= {name: file for name in inserted.with_needed(own) if self.shared.get(name, file) is file}
        imported: dict[str, list[str]] = {}
        for name in sorted(needed & set(self.homes) - bound_at_top(text)):
            home = self.homes[name]
            if home.path not in self.linked.imports_of(file):
                raise Stuck(None, f"{file.path} and {home.path} would share {name}, and neither imports the other")
            imported.setdefault(self.linked.module_from(file, home.path), []).append(name)
        lines = [f"from {module} import {', '.join(names)}" for module, names in imported.items()]
        missing = undefined(text) - undefined(file.source)
        lines += sorted({self.imports[name] for name in missing if name in self.imports})
        return behind_imports(text, "\n".join(lines)) if lines else text

    def _is_new(self, piece: str, file: File) -> bool:
        """Whether a piece is written into a file: it does not stand in one that the file can import."""
        home = self.homes.get(piece)
        return home is None or home.path not in self.linked.imports_of(file)

    def _text_of(self, pieces: list[str], text: str) -> str:
        bound = {
            name: node for node in ast.parse(text).body
            if isinstance(node, (ast.Import, ast.ImportFrom)) for name in bound_names(node)
        }  # fmt: skip
        names = {alias.name: alias.asname or alias.name for node in bound.values() for alias in node.names}
        return inserted.text_of(pieces, names.get("tensorflow", "tf"), names.get("numpy", "np"), set(bound))
