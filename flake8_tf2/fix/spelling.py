"""How a file spells a name of TensorFlow 2, absl or numpy: by its own imports, or by one that is added."""

from __future__ import annotations

import ast
import re

from flake8_tf2.context import File
from flake8_tf2.finding import Edit
from flake8_tf2.fix.text import Refused, Text
from flake8_tf2.names.references import Reference
from flake8_tf2.names.scopes import Binding, Scope

#: What a fix may say at the head of a name: the module, and the names and imports that can bind it, the usual first.
_MODULES: dict[str, tuple[str, dict[str, str]]] = {
    "tf": ("tensorflow", {"tf": "import tensorflow as tf"}),
    "absl.logging": (
        "absl.logging",
        {"logging": "from absl import logging", "absl_logging": "from absl import logging as absl_logging"},
    ),
    "absl.flags": (
        "absl.flags",
        {"flags": "from absl import flags", "absl_flags": "from absl import flags as absl_flags"},
    ),
    "absl.app": ("absl.app", {"app": "from absl import app", "absl_app": "from absl import app as absl_app"}),
    "numpy": ("numpy", {"np": "import numpy as np", "numpy": "import numpy"}),
    "math": ("math", {"math": "import math"}),
    "tempfile": ("tempfile", {"tempfile": "import tempfile"}),
    "os": ("os", {"os": "import os"}),
    "unittest.mock": ("unittest.mock", {"mock": "from unittest import mock"}),
    "types": ("types", {"types": "import types"}),
}

#: Functions whose TF1 version took other parameters besides: what templates write of them means the same to both.
_SAME_AS_WRITTEN = {
    "tf.reduce_mean", "tf.reduce_sum", "tf.math.count_nonzero", "tf.nn.dropout", "tf.device", "tf.name_scope",
    "tf.nn.sigmoid_cross_entropy_with_logits", "tf.nn.sparse_softmax_cross_entropy_with_logits",
}  # fmt: skip

#: One more, of which only templates say the same: they stop the gradient at its labels, as TF1's function did.
_SAME_IN_TEMPLATES = {*_SAME_AS_WRITTEN, "tf.nn.softmax_cross_entropy_with_logits"}


class Speller:
    """Spells names for one file; collects nothing, so that each fix carries the import edits that it needs."""

    def __init__(self, file: File, text: Text):
        self.file = file
        self.text = text
        self._module = file.references.layout.module

    def spell(self, name: str, reference: Reference, in_template: bool = False) -> tuple[str, list[Edit]]:
        """The spelling of a full name (`tf.math.log`, `absl.logging.info`) at a reference, and edits of imports.

        in_template: a template writes its arguments, too. Raises Refused where no import of the file gives the name
        and one cannot be added.
        """
        head = next((h for h in _MODULES if name == h or name.startswith(h + ".")), None)
        if head is None:
            return name, []
        module, imports = _MODULES[head]
        rest = name[len(head) :]
        found = self._bound(module, reference.scope, reference.place.line)
        if found:
            return found + rest, []
        if head == "tf":
            compat = self._bound("tensorflow.compat.v1", reference.scope, reference.place.line)
            same = _SAME_IN_TEMPLATES if in_template else _SAME_AS_WRITTEN
            if compat and self._same_in_compat(name, same):
                return compat + rest, []
            if compat:
                raise Refused(
                    f"{name} is not what tf.compat.v1 has, which this file imports:"
                    " import tensorflow beside it, under another name"
                )
            if self._bound("tensorflow.compat.v1", self._module):
                raise Refused("tensorflow is shadowed here")
        binding = next((name for name in imports if not self._taken(name)), "")
        if not binding:
            (name, statement), *_ = imports.items()
            raise Refused(f"`{statement}` would collide with `{name}` in this file")
        return binding + rest, [self._import(imports[binding])]

    def _same_in_compat(self, name: str, as_written: set[str]) -> bool:
        row = self.file.table.row(name)
        return row is not None and (row.status == "same" or name in as_written) and row.compat

    def _bound(self, module: str, scope: Scope, line: int = 0) -> str:
        """The name that an import gives to a module at a line, unless it is bound again or shadowed.

        At the top of the file it may stand below the line; in a function it must stand above.
        """
        outer: Scope | None = scope
        while outer is not None:
            if outer.kind in ("function", "module"):
                for name, bindings in outer.bindings.items():
                    if self._imports(bindings, module, outer, line) and not self._shadowed(name, scope, outer):
                        return name
            outer = outer.parent
        return ""

    def _imports(self, bindings: list[Binding], module: str, scope: Scope, line: int) -> bool:
        """Whether a name is bound by imports of one module and nothing else, and not only under a condition."""
        paths = {b.node for b in bindings if b.kind == "import"}
        if len(paths) != 1 or any(b.kind != "import" for b in bindings):
            return False
        path = paths.pop()
        is_module = path == module or module == "tensorflow" and path in self.file.options.extra_roots
        above = bindings if scope.kind == "module" else [b for b in bindings if b.position[0] <= line]
        return is_module and any(b.block == scope.block for b in above)

    def _shadowed(self, name: str, scope: Scope, outer: Scope) -> bool:
        while scope is not None and scope is not outer:
            if name in scope.bindings:
                return True
            scope = scope.parent
        return False

    def _taken(self, name: str) -> bool:
        layout = self.file.references.layout
        bound = name in self._module.bindings or any(name in s.bindings for s in layout.scope_of.values())
        return bound or _used(layout.tree, name)

    def _import(self, statement: str) -> Edit:
        """The edit that adds an import: in its place among the absolute imports at the top of the file."""
        body = self.file.references.layout.tree.body
        lines = self.text.lines
        after = before = None
        new_group = False  # whether what stands before it is of the standard library, and it is not
        start = 0
        if body and isinstance(body[0], ast.Expr) and isinstance(getattr(body[0].value, "value", None), str):
            after, start = body[0], 1
        for node in body[start:]:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                break
            if isinstance(node, ast.ImportFrom) and (node.module == "__future__" or node.level):
                if node.module == "__future__":
                    after = node
                continue
            behind_standard = _is_standard(node) and not _is_standard_name(statement)
            if behind_standard or _import_key(node) <= _key_of(statement):
                after, before, new_group = node, None, behind_standard
            elif before is None:
                before = node
        if new_group and before is None:
            return self._line_behind(after, "\n" + statement + "\n")
        if after is not None and not new_group and not isinstance(after, ast.Expr) and not _is_future(after):
            return self._line_behind(after, statement + "\n")
        if before is not None:
            at = self.text.offset(before.lineno, 0)
            return self.text.edit(at, at, statement + "\n")
        if after is not None:
            return self._line_behind(after, "\n" + statement + "\n")
        at = 0
        for line in lines:  # behind the comments that a file begins with: the interpreter, the encoding
            if not re.match(r"#!|#.*coding[:=]", line):
                break
            at += len(line) + 1
        return self.text.edit(min(at, len(self.text.text)), min(at, len(self.text.text)), statement + "\n")

    def _line_behind(self, node: ast.stmt, text: str) -> Edit:
        if node.end_lineno >= len(self.text.lines):  # no line end behind it
            end = len(self.text.text)
            return self.text.edit(end, end, "\n" + text.rstrip("\n"))
        at = self.text.offset(node.end_lineno + 1, 0)
        return self.text.edit(at, at, text)


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _import_key(node: ast.stmt) -> tuple[bool, str]:
    """How isort orders imports of one section: `import x` before `from x import y`, each by name."""
    if isinstance(node, ast.Import):
        return False, node.names[0].name.lower()
    return True, (node.module or "").lower()


def _key_of(statement: str) -> tuple[bool, str]:
    return _import_key(ast.parse(statement).body[0])


def _is_standard(node: ast.stmt) -> bool:
    import sys

    return _import_key(node)[1].partition(".")[0] in {name.lower() for name in sys.stdlib_module_names}


def _is_standard_name(statement: str) -> bool:
    return _is_standard(ast.parse(statement).body[0])


def _used(tree: ast.Module, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(tree))
