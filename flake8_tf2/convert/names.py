"""Whether the names that variables have matter to a program, and are those of TF1."""

from __future__ import annotations

import ast

from flake8_tf2.convert.kinds import free_names
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Stuck

_STATE = (Role.LAYER, Role.VARIABLE, Role.MODULE)
#: The last parts of names that layers of contrib give their variables, and Keras' do not.
_OF_CONTRIB = ("weights", "biases", "kernel", "bias")


class Names:
    """Says whether a program reads or saves names of variables. Refuses names that are read and TF2 would not give."""

    def __init__(self, program):
        self.program = program
        self.source = program.source
        self._counts: dict[tuple, int] = {}
        read = any(self._is_read(n) for n in ast.walk(self.source.tree))
        self.are_read = read or any(self._scope_of(call, symbol) for call, symbol, _ in self._lists())
        # A saver finds by them what TF1 saved.
        self.are_saved = any(self.source.calls(self.source.tree, Role.SAVER))
        self.matter = self.are_read or self.are_saved

    def _is_read(self, node: ast.AST) -> bool:
        """Whether code reads a name; that of a scope which only names an op does not count."""
        if not isinstance(node, ast.Attribute) or node.attr != "name":
            return False
        parent = self.source.parents[node]
        return not (isinstance(parent, ast.keyword) and parent.arg == "name")

    def unique(self, graph: tuple, path: str, name: str) -> str:
        """The name that TF1 gives the next layer of a kind below a scope of a graph."""
        number = self._counts.get((graph, path + name), 0)
        self._counts[graph, path + name] = number + 1
        return f"{name}_{number}" if number else name

    def _lists(self):
        return self.source.calls(self.source.tree, Role.VARIABLES)

    def _scope_of(self, call: ast.Call, symbol: str) -> bool:
        return "scope" in self.source.bind(call, symbol).bound

    def require(self, node: ast.AST) -> None:
        """Refuse where a variable would have another name than in TF1."""
        for outer in ast.walk(self.source.tree):
            if isinstance(outer, ast.With) and self._in_function(outer):
                for item in outer.items:
                    is_scope = self.source.called_role(item.context_expr) is Role.SCOPE
                    if is_scope and self._makes(outer):
                        raise Stuck(item.context_expr, "a name scope round variables or layers, whose names are read")
        for call, symbol, role in self.source.calls(self.source.tree, Role.VARIABLE, Role.LAYER):
            if role is Role.LAYER and symbol.startswith("tf.contrib") and self._reads_ends():
                raise Stuck(call, "the names of the variables of this layer, which are read, are others in Keras")
            if role is Role.LAYER and "/" in (name := self._given(call, symbol)):
                if any(text is None or text in name for _, text in self._tests()):
                    raise Stuck(call, "the name of this layer, which is read, has a slash, and none of Keras has")
            if role is Role.VARIABLE and symbol.endswith(".Variable") and self._reads_all() and self._is_repeated(call):
                if "name" not in self.source.bind(call, symbol).bound:
                    raise Stuck(call, "the variable has no name, and names are read")

    def _given(self, call: ast.Call, symbol: str) -> str:
        """The name that a layer is given; "" of another expression."""
        bound = self.source.bind(call, symbol).bound
        given = bound.get("name") or bound.get("scope")
        value = getattr(given.value, "value", "") if given is not None else ""
        return value if isinstance(value, str) else ""

    def _is_repeated(self, node: ast.AST) -> bool:
        """Whether a place may be reached more than once."""
        while node not in (self.source.tree, self.program.scope):
            node = self.source.parents[node]
            if isinstance(node, (ast.For, ast.While, ast.ListComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)):
                return True
            if isinstance(node, ast.FunctionDef) and node is not self.program.scope:
                return True
        return False

    def _in_function(self, node: ast.AST) -> bool:
        owner = self.program.owner(node)
        return isinstance(owner, (ast.FunctionDef, ast.Lambda)) and owner is not self.program.scope

    def _makes(self, node: ast.AST) -> bool:
        """Whether code makes state, also in functions of the file that it calls."""
        seen: set[str] = set()
        work = [node]
        while work:
            block = work.pop()
            if any(self.source.calls(block, *_STATE)):
                return True
            for name in free_names(block) - seen:
                seen.add(name)
                if name in self.program.evaluator.functions:
                    work.append(self.program.evaluator.functions[name])
        return False

    def _tests(self) -> list[tuple[ast.Attribute, str | None]]:
        """Where names are read, with the text that they are compared with; None where all of them is used."""
        found: list[tuple[ast.Attribute, str | None]] = []
        for node in ast.walk(self.source.tree):
            if self._is_read(node):
                found.append((node, self._compared(node)))
        return found

    def _compared(self, node: ast.AST) -> str | None:
        parent = self.source.parents[node]
        while self._is_of_name(parent, node):
            node, parent = parent, self.source.parents[parent]
        other = None
        if isinstance(parent, ast.Compare) and len(parent.ops) == 1 and isinstance(parent.ops[0], (ast.In, ast.NotIn)):
            other = parent.left
        elif isinstance(parent, ast.Call) and parent.func is node and len(parent.args) == 1:
            other = parent.args[0]
        return other.value if isinstance(other, ast.Constant) and isinstance(other.value, str) else None

    @staticmethod
    def _is_of_name(node: ast.AST, name: ast.AST) -> bool:
        """Whether code takes a method of a name, or the name without its number: `name.split(":")[0]`."""
        if isinstance(node, ast.Attribute):
            return node.attr in ("name", "startswith", "find", "count", "split")
        if isinstance(node, ast.Call):
            return node.func is name and name.attr == "split"
        return isinstance(node, ast.Subscript) and isinstance(name, ast.Call)

    def _reads_all(self) -> bool:
        return any(text is None for _, text in self._tests())

    def _reads_ends(self) -> bool:
        """Whether it matters how the names of variables of layers end."""
        return any(text is None or any(end in text for end in _OF_CONTRIB) for _, text in self._tests())
