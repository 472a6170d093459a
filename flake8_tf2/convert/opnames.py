"""The names that ops and scopes had in the graph of TF1, as far as tags of summaries depend on them."""

from __future__ import annotations

import ast
import re

from flake8_tf2.convert.kinds import bound_names
from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Source, Stuck

#: The ops of these functions have these names, and the functions make them where they are called.
_OPS = {
    "reduce_mean": "Mean", "reduce_sum": "Sum", "reduce_max": "Max", "reduce_min": "Min", "reduce_prod": "Prod",
    "sqrt": "Sqrt", "square": "Square", "argmax": "ArgMax", "cast": "Cast", "log": "Log", "exp": "Exp",
}  # fmt: skip
#: Ops that Python's operators, variables, sessions and others make on the way, without underscores.
_HIDDEN = set("""add sub mul truediv div pow neg abs const rank range shape stridedslice cond read init save gradients
    merge initialvalue greater less greaterequal lessequal mod floordiv matmul not and or identity cast
    assign beta1power
    beta2power packed stack zeros ones fill tofloat rangedelta rangestart reductionindices""".split())  # fmt: skip
_MAX_DEPTH = 20


def folded(node: ast.expr | None, texts: dict[str, str] = {}) -> str | None:
    """The text that an expression of literals, and of names of known texts, makes; None of any other."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return texts.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = folded(node.left, texts), folded(node.right, texts)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.JoinedStr):
        parts = [
            folded(v.value if isinstance(v, ast.FormattedValue) and v.format_spec is None else v, texts)
            for v in node.values
        ]
        return None if None in parts else "".join(parts)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and (left := folded(node.left, texts)) is not None:
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        known = [v.value if isinstance(v, ast.Constant) else folded(v, texts) for v in values]
        try:
            return None if None in known else left % tuple(known)
        except (TypeError, ValueError):
            return None
    return None


class OpNames:
    """Gives names as a graph of TF1 did: made unique against all others, without regard to case."""

    def __init__(self, source: Source):
        self.source = source
        self.functions: dict[str, ast.FunctionDef] = {}
        self.clear()
        self._literals = self._names_in_file()
        self._unsure_variable: ast.AST | None = None

    def clear(self) -> None:
        """Begin a new graph."""
        self._scope = ""
        self._variable_scope = ""
        self._in_use: dict[str, int] = {}
        self._maybe: set[tuple[str, str]] = set()  # scope and name of what may be there, without underscores
        self._texts: dict[str, str] = {}  # of parameters of functions that are followed into
        self._unknown = 0  # how many scopes around have names that are not known

    # Scopes

    def enter(self, node: ast.expr) -> tuple:
        """Enter a context: what `leave` is given afterwards."""
        state = (self._scope, self._variable_scope, self._unknown)
        symbol = self.source.symbol(node.func) if isinstance(node, ast.Call) else ""
        role = self.source.role(symbol) if symbol else None
        is_scope = role is Role.SCOPE and not symbol.endswith("as_default") or role is Role.VARIABLE_SCOPE
        if not is_scope:
            if isinstance(node, ast.Call):
                self.note(node)
            return state
        bound = self.source.bind(node, symbol).bound
        given = bound.get("name") or bound.get("name_or_scope") or bound.get("default_name")
        name = folded(given.value, self._texts) if given is not None else None
        if name is None or name == "" or name.endswith("/"):
            self._unknown += 1
            self._unknown_name(given and given.value)
            return state
        self._scope = self.unique(name)
        if role is Role.VARIABLE_SCOPE:
            self._variable_scope = f"{self._variable_scope}/{name}".lstrip("/")
        return state

    def leave(self, state: tuple) -> None:
        """Leave a context."""
        self._scope, self._variable_scope, self._unknown = state

    def unique(self, name: str, scope: str | None = None) -> str:
        """The full name of what is called so here: with a number where that is taken."""
        scope = self._scope if scope is None else scope
        full = f"{scope}/{name}" if scope else name
        key = full.lower()
        number = self._in_use.get(key, 0)
        self._in_use[key] = number + 1
        if number == 0:
            return full
        base = key
        while key in self._in_use:
            key = f"{base}_{number}"
            number += 1
        self._in_use[key] = 1
        return f"{full}_{number - 1}"

    def tag(self, name: str, node: ast.AST) -> str:
        """The tag of a summary of this name. Raises Stuck where it cannot be told."""
        if self._unknown:
            raise Stuck(node, "the scope of a summary has no name that is known")
        cleaned = re.sub(r"[^-/\w.]", "_", name).lstrip("/")
        if not cleaned or not re.fullmatch(r"[A-Za-z0-9.][A-Za-z0-9_.\-/]*", cleaned) and not self._scope:
            raise Stuck(node, "the tag of a summary is no name of an op")
        place = f"{self._scope}/{cleaned}".lstrip("/").lower()
        scope, _, last = place.rpartition("/")
        if (scope, _squashed(last)) in self._maybe or _squashed(last) in _HIDDEN:
            raise Stuck(node, f"the tag {cleaned} depends on names of ops that are not known")
        return self.unique(cleaned)

    # What else has names

    def note(self, node: ast.AST, repeated: bool = False, depth: int = 0) -> None:
        """Give names to what code makes. repeated: nobody knows how often."""
        if depth > _MAX_DEPTH:
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.With) and child in node.body or isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                continue
            self.note(child, repeated, depth)
        if isinstance(node, ast.With):
            states = [self.enter(item.context_expr) for item in node.items]
            for statement in node.body:
                self.note(statement, repeated, depth)
            for state in reversed(states):
                self.leave(state)
        if isinstance(node, ast.Call):
            self._call(node, repeated, depth)

    def _call(self, node: ast.Call, repeated: bool, depth: int) -> None:
        symbol = self.source.symbol(node.func)
        if not symbol:
            name = getattr(node.func, "id", "")
            if name in self.functions:
                outer, self._texts = self._texts, self._parameters(self.functions[name], node)
                for statement in self.functions[name].body:
                    self.note(statement, repeated or self._has_loop(statement), depth + 1)
                self._texts = outer
            elif getattr(node.func, "attr", "") in ("minimize", "compute_gradients", "apply_gradients"):
                self._may_be("gradients")
                for word in ("gradientdescent", "adam", "momentum", "adagrad", "rmsprop", "ftrl", "adadelta"):
                    self._may_be(word)
            return
        role = self.source.role(symbol)
        if role in (
            Role.HOST,
            Role.SESSION,
            Role.WRITER,
            Role.CONFIG,
            Role.SCOPE,
            Role.VARIABLE_SCOPE,
            Role.GRAPH,
            Role.SUMMARY,
        ):
            if role is Role.SUMMARY:
                self._may_be("merge")
            return
        given = next((k.value for k in node.keywords if k.arg in ("name", "scope")), None)
        if given is None:
            try:
                bound = self.source.bind(node, symbol).bound
                given = next((bound[n].value for n in ("name", "scope") if n in bound), None)
            except Stuck:
                self._unknown_name()
                return
        last = symbol.rpartition(".")[2]
        if role is Role.VARIABLE:
            self._variable(node, symbol, given, repeated)
            return
        if given is not None and not (isinstance(given, ast.Constant) and given.value is None):
            name = folded(given, self._texts)
            if name is None:
                self._unknown_name(given)
            elif repeated:
                self._may_be(name)
            else:
                self.unique(name)
        elif last in _OPS and not repeated:
            self.unique(_OPS[last])
        else:
            self._may_be(last)
            self._may_be(last.replace("reduce_", ""))
            self._may_be(last.replace("Optimizer", ""))

    def _parameters(self, function: ast.FunctionDef, call: ast.Call) -> dict[str, str]:
        """The texts that a call gives a function, by parameter; of one that the function binds anew, none."""
        names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        given = dict(zip(names[::-1], function.args.defaults[::-1])) | dict(zip(names, call.args))
        given |= {k.arg: k.value for k in call.keywords if k.arg}
        bound = set().union(*(bound_names(n) for n in function.body))
        found = {n: folded(v, self._texts) for n, v in given.items() if n not in bound}
        return {n: text for n, text in found.items() if text is not None}

    def _variable(self, node: ast.Call, symbol: str, given: ast.expr | None, repeated: bool) -> None:
        name = folded(given, self._texts)
        if name is None:
            self._unsure_variable = self._unsure_variable or node
            if given is None and not repeated:
                self.unique("Variable")
            else:
                self._unknown_name(given)
            return
        if symbol.endswith("get_variable"):
            self.unique(name, self._variable_scope)
            return
        full = self.unique(name)
        if repeated or full != f"{self._variable_scope}/{name}".lstrip("/"):
            self._unsure_variable = self._unsure_variable or node

    def require_static_variables(self, node: ast.AST) -> None:
        """Refuse where the variables of the program may have other names than in TF1."""
        for call in ast.walk(self.source.tree):
            if self.source.called_role(call) in (Role.LAYER, Role.MODULE):
                raise Stuck(node, "the names of variables of layers are not known")
        if self._unsure_variable is not None:
            raise Stuck(self._unsure_variable, "the name of this variable, by which it is summarised, is not known")

    def _may_be(self, name: str) -> None:
        place = f"{self._scope}/{name}".lstrip("/").lower()
        scope, _, last = place.rpartition("/")
        self._maybe.add((scope, _squashed(last)))

    def _unknown_name(self, node: ast.expr | None = None) -> None:
        """Note that something has a name which is not known, or only how it begins."""
        begin = _beginning(node)
        for literal in self._literals:
            if literal.startswith(begin):
                self._may_be(literal)

    def _has_loop(self, statement: ast.stmt) -> bool:
        return isinstance(statement, (ast.For, ast.While, ast.If))

    def _names_in_file(self) -> set[str]:
        """The texts of a file that may become names, but for those that are tags only."""
        tags = set()
        for node in ast.walk(self.source.tree):
            if isinstance(node, ast.Call) and (symbol := self.source.symbol(node.func)):
                if self.source.role(symbol) is Role.SUMMARY and node.args:
                    tags |= {id(n) for n in ast.walk(node.args[0])}
                tags |= {id(k.value) for k in node.keywords if k.arg in ("name", "scope")}  # known where they stand
        return {
            n.value for n in ast.walk(self.source.tree)
            if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in tags
            and re.fullmatch(r"[\w./-]+", n.value)
        }  # fmt: skip


def _beginning(node: ast.expr | None) -> str:
    """What a text surely begins with that is put together."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return _beginning(node.values[0]) if node.values else ""
    if isinstance(node, ast.BinOp):
        left = _beginning(node.left)
        return left.partition("%")[0] if isinstance(node.op, ast.Mod) else left if isinstance(node.op, ast.Add) else ""
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format":
        return _beginning(node.func.value).partition("{")[0]
    return ""


def _squashed(name: str) -> str:
    return name.lower().replace("_", "")
