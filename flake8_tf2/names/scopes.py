"""Scopes and bindings of a file, from one pass over its statements.

Only statements are visited here: expressions are looked at later, those that may matter. What a name is bound to is
kept as the node that it was bound from; `values.py` says what that means.
"""

import ast
import functools
from collections import defaultdict
from typing import Iterator, NamedTuple

from flake8_tf2.positions import split_lines

#: Where a binding of another scope is looked up from: after everything.
END = (1 << 60, 0)

_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "AttributeError"}
#: Of statements in a guard that only makes an import optional: what uses the import is not exempt.
IMPORTS = "imports"
#: What may be a test of the version, or hold the result of one.
_TESTS = (ast.Compare, ast.Call, ast.BoolOp, ast.UnaryOp)
_VERSION_WORDS = ("version__", "VERSION", "hasattr")
_VERSION_NAMES = {"__version__", "VERSION", "GIT_VERSION", "__git_version__"}
#: What may hold a name of TensorFlow without calling it.
_NAMED = {ast.Name, ast.Attribute, ast.IfExp, ast.Tuple, ast.List, ast.BoolOp, ast.AnnAssign}
#: Makes a Binding of a tuple: a third of the time of a call of the class, and there is one a statement.
_new = tuple.__new__


class Binding(NamedTuple):
    """A name bound behind a node, in a block.

    kind: "import" (node is the dotted path), "value", "annotation" (node is the statement), "item" (an item of a value,
    by iteration), "part" (by unpacking: node is the binding of the whole and the index), "with", "param", "class",
    "function", "del" or "unknown".
    """

    kind: str
    node: object
    end: ast.AST | None
    block: int
    scope: "Scope"

    @property
    def position(self) -> tuple[int, int]:
        """Where `end` ends: from there the name is bound. What has no `end` is bound from the start."""
        end = self.end
        return (0, 0) if end is None else (end.end_lineno, end.end_col_offset)


class Scope:
    """A module, class, function, lambda or comprehension, and the names that it binds."""

    __slots__ = ("kind", "node", "parent", "bindings", "elsewhere", "attributes", "returns", "yields", "stars", "block")

    def __init__(self, kind: str, node: ast.AST | None, parent: "Scope | None", block: int):
        self.kind = kind
        self.node = node
        self.parent = parent
        self.block = block  # the block of its body
        self.bindings: dict[str, list[Binding]] = defaultdict(list)
        self.elsewhere: dict[str, Scope] = {}  # global and nonlocal names
        self.attributes: dict[str, list[Binding]] = {}  # of a class: what its methods set on self
        self.returns: list[ast.expr] = []
        self.yields: list[ast.expr] = []
        self.stars: list[str] = []  # modules imported by *, "" for those of the package itself

    def bind(self, name: str, binding: Binding) -> list[Binding]:
        """Record that this scope, or the one that `global` names, binds the name; returns all its bindings."""
        target = self.elsewhere.get(name, self) if self.elsewhere else self
        bindings = target.bindings[name]
        bindings.append(binding)
        return bindings

    def module(self) -> "Scope":
        """The outermost scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


class ImportedName(NamedTuple):
    """One name of an import statement: the dotted path that it stands for."""

    path: str
    node: ast.alias
    statement: ast.stmt
    exempt: bool


class Layout:
    """The scopes of a file, its import lines and its searchable expressions, in the order of the source."""

    def __init__(self, tree: ast.Module, source: str, roots: tuple[str, ...] = ("tensorflow",)):
        self.tree = tree
        self.source = source
        self.roots = roots
        # Expressions to be searched for references, by statement (of a compound one: of its head).
        self.entries: list[tuple[Scope, int, list[ast.expr], ast.stmt]] = []
        self.imports: list[ImportedName] = []
        self.imported: list[tuple[str, str]] = []  # all names that imports bind, and what they stand for
        # Names and attributes that something is bound to which may be a name of TensorFlow: `layers = tf.layers`.
        self.named: list[tuple[str, object]] = []
        self._named = {*_NAMED, ast.Call} if "getattr" in source else _NAMED
        self.classes: list[Scope] = []
        self.scope_of: dict[ast.AST, Scope] = {}
        self.inside: list[Scope] = []  # scopes of lambdas and comprehensions, made as they are asked for
        self._parents = [-1]  # of blocks: statements under one condition
        self.loops = [-1]  # for each block the innermost loop around it, a block too, or -1
        self.patched: set[tuple[str, str]] = set()  # names and attributes that are set on them: `tf.model = ...`
        self.packages: set[str] = set()  # the top-level packages that the file imports
        self._version_flags: set[str] = set()
        self._may_test_version = any(word in source for word in _VERSION_WORDS)
        self.module = Scope("module", tree, None, 0)
        self._visit_all(tree.body)
        if ":=" in source:
            self._bind_walruses()

    def close(self) -> None:
        """Forget the bindings, when all is done: they and their scopes hold each other."""
        for scope in (self.module, *self.scope_of.values(), *self.inside):
            scope.bindings.clear()
        for scope in self.classes:
            scope.attributes.clear()

    @functools.cached_property
    def lines(self) -> list[str]:
        """The lines of the source, which most files need not be split into."""
        return split_lines(self.source)

    @functools.cached_property
    def _version_lines(self) -> set[int]:
        """The lines that may test a version."""
        lines = set()
        for word in _VERSION_WORDS:  # a search for each is several times faster than a pattern of them all
            before, *parts = self.source.split(word)
            number = 1
            for part in parts:
                number += len(split_lines(before)) - 1
                lines.add(number)
                before = part
        return lines

    def encloses(self, outer: int, inner: int) -> bool:
        """Whether a statement in block `inner` runs only after those before it in block `outer`."""
        while inner > outer:
            inner = self._parents[inner]
        return inner == outer

    # One pass, with a stack of its own: an elif chain of any length is a tree of that depth.

    def _visit_all(self, body: list[ast.stmt]) -> None:
        work: list[tuple[Iterator[ast.stmt], Scope, int, bool]] = [(iter(body), self.module, 0, False)]
        later: list[tuple[list[ast.stmt], Scope, bool]] = []
        visitors = self._VISITORS
        while True:
            while work:
                statements, scope, block, exempt = work[-1]
                for statement in statements:
                    nested = visitors[type(statement)](self, statement, scope, block, exempt, later)
                    if nested:
                        for inner, inner_scope, inner_block, inner_exempt in reversed(nested):
                            work.append((iter(inner), inner_scope, inner_block, inner_exempt))
                        break
                else:
                    work.pop()
            if not later:
                return
            # Bodies of functions come after the scope around them: `global` then finds its module complete.
            work.extend((iter(inner), scope, scope.block, exempt) for inner, scope, exempt in reversed(later))
            later.clear()

    def _bind_walruses(self) -> None:
        for scope, block, expressions, _ in self.entries:
            for expression in expressions:
                for node in ast.walk(expression):
                    if type(node) is ast.NamedExpr:
                        binding = Binding("value", node.value, node, block, scope)
                        scope.bind(node.target.id, binding).sort(key=lambda b: b.position)
                        self._note(node.target.id, node.value)

    def loops_around(self, block: int) -> Iterator[int]:
        """The loops of its function that a block is in, from the innermost."""
        loop = self.loops[block]
        while loop >= 0:
            yield loop
            loop = self.loops[self._parents[loop]]

    def _new_block(self, parent: int) -> int:
        self._parents.append(parent)
        self.loops.append(self.loops[parent])
        return len(self.loops) - 1

    def _search(self, scope: Scope, block: int, statement: ast.stmt, exempt: bool, expressions: list[ast.expr]) -> None:
        if exempt is not True and expressions:
            self.entries.append((scope, block, expressions, statement))

    def _note(self, name: str, node: object) -> None:
        while type(node) is tuple:  # a part of a whole
            node = node[0].node
        if type(node) in self._named:
            self.named.append((name, node))

    def _assign(self, target: ast.expr, kind: str, node: object, end, scope: Scope, block: int) -> None:
        """Bind every name in a target, behind the node `end`."""
        cls = type(target)
        if cls is ast.Name:
            scope.bind(target.id, _new(Binding, (kind, node, end, block, scope)))
            self._note(target.id, node)
        elif cls is ast.Attribute:
            if type(target.value) is ast.Name:
                self.patched.add((target.value.id, target.attr))
                self._assign_attribute(target, kind, node, end, scope, block)
        elif cls is ast.Tuple or cls is ast.List:
            elements = target.elts
            values = getattr(node, "elts", None) if kind == "value" else None
            if (
                values is None
                or len(values) != len(elements)
                or any(type(e) is ast.Starred for e in (*elements, *values))
            ):
                whole = Binding(kind, node, end, block, scope)
                kind, values = "part", [(whole, index) for index in range(len(elements))]
            for index, element in enumerate(elements):
                if type(element) is ast.Starred:
                    self._assign(element.value, "unknown", None, end, scope, block)
                    values = [(whole, index - len(elements)) for index in range(len(elements))]  # the rest by the end
                else:
                    self._assign(element, kind, values[index], end, scope, block)

    def _assign_attribute(self, target: ast.Attribute, kind, node, end, scope: Scope, block: int) -> None:
        function = scope
        while function is not None and function.kind != "function":
            function = function.parent
        if function is None or function.parent.kind != "class":
            return
        arguments = function.node.args
        first = (arguments.posonlyargs or arguments.args or [None])[0]
        if first is not None and first.arg == target.value.id:
            attributes = function.parent.attributes
            attributes.setdefault(target.attr, []).append(_new(Binding, (kind, node, end, block, scope)))
            self._note(target.attr, node)

    # Statements. Each returns the bodies to go on with, as (statements, scope, block, exempt).

    def _visit_expression(self, statement, scope, block, exempt, later):
        value = statement.value
        if type(value) is ast.Yield and value.value is not None:
            scope.yields.append(value.value)
        if type(value) is not ast.Constant and exempt is not True:
            self.entries.append((scope, block, [value], statement))

    def _visit_simple(self, statement, scope, block, exempt, later):
        self._search(
            scope, block, statement, exempt, [v for v in statement.__dict__.values() if isinstance(v, ast.expr)]
        )

    def _visit_nothing(self, statement, scope, block, exempt, later):
        return None

    def _visit_assign(self, statement, scope, block, exempt, later):
        value = statement.value
        cls = type(value)
        searched = [] if cls is ast.Constant else [value]
        for target in statement.targets:
            if type(target) is ast.Name:  # by far the most frequent
                name = target.id
                binding = _new(Binding, ("value", value, statement, block, scope))
                if scope.elsewhere:
                    scope.bind(name, binding)
                else:
                    scope.bindings[name].append(binding)
                if cls in self._named:
                    self.named.append((name, value))
                if self._may_test_version and cls in _TESTS and self.tests_version(value):
                    self._version_flags.add(name)
            else:
                self._assign(target, "value", value, statement, scope, block)
                searched.append(target)
        if searched and exempt is not True:
            self.entries.append((scope, block, searched, statement))

    def _visit_ann_assign(self, statement, scope, block, exempt, later):
        self._assign(statement.target, "annotation", statement, statement, scope, block)
        found = self._annotations([statement.annotation]) + ([statement.value] if statement.value else [])
        self._search(scope, block, statement, exempt, found + [statement.target])

    def _visit_aug_assign(self, statement, scope, block, exempt, later):
        self._assign(statement.target, "value", statement, statement, scope, block)
        self._search(scope, block, statement, exempt, [statement.value, statement.target])

    def _visit_return(self, statement, scope, block, exempt, later):
        if statement.value is not None:
            scope.returns.append(statement.value)
            self._search(scope, block, statement, exempt, [statement.value])

    def _visit_import(self, statement, scope, block, exempt, later):
        for alias in statement.names:
            path = alias.name
            name = alias.asname
            package = path.partition(".")[0]
            bound = path
            if name is None:
                name = bound = package
            scope.bind(name, _new(Binding, ("import", bound, statement, block, scope)))
            self.imported.append((name, bound))
            self.packages.add(package)
            if path.startswith(self.roots):
                self.imports.append(ImportedName(path, alias, statement, bool(exempt)))

    def _visit_import_from(self, statement, scope, block, exempt, later):
        module = statement.module or ""
        relative = bool(statement.level)
        if not relative:
            self.packages.add(module.partition(".")[0])
        for alias in statement.names:
            name = alias.name
            path = f"{module}.{name}"
            if name == "*":
                scope.stars.append("" if relative else module)
            elif relative:
                scope.bind(alias.asname or name, _new(Binding, ("unknown", None, statement, block, scope)))
            else:
                scope.bind(alias.asname or name, _new(Binding, ("import", path, statement, block, scope)))
                self.imported.append((alias.asname or name, path))
            if not relative and path.startswith(self.roots):
                self.imports.append(ImportedName(path, alias, statement, bool(exempt)))

    def _visit_function(self, statement, scope, block, exempt, later):
        inner = Scope("function", statement, scope, self._new_block(block))
        self.loops[inner.block] = -1
        self.scope_of[statement] = inner
        scope.bind(statement.name, _new(Binding, ("function", inner, statement, block, scope)))
        arguments = statement.args
        found = statement.decorator_list + arguments.defaults
        if arguments.kw_defaults:
            found += [default for default in arguments.kw_defaults if default is not None]
        annotations = bind_parameters(arguments, inner)
        if statement.returns is not None:
            annotations.append(statement.returns)
        if annotations:
            found += self._annotations(annotations)
        if self._may_test_version:
            last = statement.body[-1]
            if type(last) is ast.Return and type(last.value) in _TESTS and self.tests_version(last.value):
                self._version_flags.add(statement.name)
        self._search(scope, block, statement, exempt, found)
        later.append((statement.body, inner, exempt))

    def _visit_class(self, statement, scope, block, exempt, later):
        inner = Scope("class", statement, scope, self._new_block(block))
        self.scope_of[statement] = inner
        self.classes.append(inner)
        scope.bind(statement.name, Binding("class", inner, statement, block, scope))
        found = statement.decorator_list + statement.bases + [k.value for k in statement.keywords]
        self._search(scope, block, statement, exempt, found)
        return [(statement.body, inner, inner.block, exempt)]

    def _visit_if(self, statement, scope, block, exempt, later):
        test = statement.test
        if self._may_test_version and self.tests_version(test):
            exempt = True
        self._search(scope, block, statement, exempt, [test])
        nested = [(statement.body, scope, self._new_block(block), exempt)]
        if statement.orelse:
            nested.append((statement.orelse, scope, self._new_block(block), exempt))
        return nested

    def _visit_while(self, statement, scope, block, exempt, later):
        self._search(scope, block, statement, exempt, [statement.test])
        return self._bodies(statement, scope, block, exempt)

    def _visit_for(self, statement, scope, block, exempt, later):
        target = statement.target
        self._assign(target, "item", statement.iter, target, scope, block)
        self._search(scope, block, statement, exempt, [statement.iter])
        return self._bodies(statement, scope, block, exempt)

    def _bodies(self, statement, scope, block, exempt):
        loop = self._new_block(block)
        self.loops[loop] = loop
        nested = [(statement.body, scope, loop, exempt)]
        if statement.orelse:
            nested.append((statement.orelse, scope, self._new_block(block), exempt))
        return nested

    def _visit_with(self, statement, scope, block, exempt, later):
        found = []
        for item in statement.items:
            found.append(item.context_expr)
            target = item.optional_vars
            if target is not None:
                self._assign(target, "with", item.context_expr, target, scope, block)
        self._search(scope, block, statement, exempt, found)
        return [(statement.body, scope, block, exempt)]

    def _visit_try(self, statement, scope, block, exempt, later):
        guard = exempt or _guarded(statement)
        nested = [(statement.body, scope, self._new_block(block), guard)]
        for handler in statement.handlers:
            if handler.type is not None:
                self._search(scope, block, statement, guard, [handler.type])
            if handler.name:
                scope.bind(handler.name, Binding("unknown", None, handler.type, block, scope))
            nested.append((handler.body, scope, self._new_block(block), guard))
        if statement.orelse:
            nested.append((statement.orelse, scope, self._new_block(block), exempt))
        if statement.finalbody:
            nested.append((statement.finalbody, scope, block, exempt))
        return nested

    def _visit_match(self, statement, scope, block, exempt, later):
        self._search(scope, block, statement, exempt, [statement.subject])
        nested = []
        for case in statement.cases:
            for pattern in ast.walk(case.pattern):
                name = getattr(pattern, "name", None) or getattr(pattern, "rest", None)
                if name:
                    # `case x:` and `case A() as x:` are the subject; a name inside of a pattern is some part of it.
                    whole = pattern is case.pattern and type(pattern) is ast.MatchAs
                    kind, node = ("value", statement.subject) if whole else ("unknown", None)
                    scope.bind(name, Binding(kind, node, pattern, block, scope))
                    self._note(name, node)
            values = [p for p in ast.walk(case.pattern) if isinstance(p, ast.expr)]
            self._search(scope, block, statement, exempt, values + ([case.guard] if case.guard else []))
            nested.append((case.body, scope, self._new_block(block), exempt))
        return nested

    def _visit_global(self, statement, scope, block, exempt, later):
        target = scope.module()
        if type(statement) is ast.Nonlocal:
            target = scope.parent
            while target is not None and target.kind != "function":
                target = target.parent
        for name in statement.names:
            if target is not None and target is not scope:
                scope.elsewhere[name] = target

    def _visit_delete(self, statement, scope, block, exempt, later):
        for target in statement.targets:
            if type(target) is ast.Name:
                scope.bind(target.id, Binding("del", None, statement, block, scope))
        self._search(scope, block, statement, exempt, [t for t in statement.targets if type(t) is not ast.Name])

    def _visit_type_alias(self, statement, scope, block, exempt, later):
        self._assign(statement.name, "value", statement.value, statement, scope, block)
        self._search(scope, block, statement, exempt, [statement.value])

    _VISITORS = {
        ast.Assign: _visit_assign,
        ast.AnnAssign: _visit_ann_assign,
        ast.AugAssign: _visit_aug_assign,
        ast.Return: _visit_return,
        ast.Import: _visit_import,
        ast.ImportFrom: _visit_import_from,
        ast.FunctionDef: _visit_function,
        ast.AsyncFunctionDef: _visit_function,
        ast.ClassDef: _visit_class,
        ast.If: _visit_if,
        ast.While: _visit_while,
        ast.For: _visit_for,
        ast.AsyncFor: _visit_for,
        ast.With: _visit_with,
        ast.AsyncWith: _visit_with,
        ast.Try: _visit_try,
        ast.Match: _visit_match,
        ast.Global: _visit_global,
        ast.Nonlocal: _visit_global,
        ast.Delete: _visit_delete,
        ast.Expr: _visit_expression,
        ast.Raise: _visit_simple,
        ast.Assert: _visit_simple,
        ast.Pass: _visit_nothing,
        ast.Break: _visit_nothing,
        ast.Continue: _visit_nothing,
    }
    if hasattr(ast, "TryStar"):  # Python 3.11
        _VISITORS[ast.TryStar] = _visit_try
    if hasattr(ast, "TypeAlias"):  # Python 3.12
        _VISITORS[ast.TypeAlias] = _visit_type_alias

    def _annotations(self, annotations: list[ast.expr]) -> list[ast.expr]:
        """Annotations, and what stands quoted in them."""
        quoted = []
        for annotation in annotations:
            if type(annotation) is not ast.Name and type(annotation) is not ast.Attribute:
                for node in ast.walk(annotation):
                    if type(node) is ast.Constant and type(node.value) is str:
                        quoted.append(parse_annotation(node, self.lines))
        return annotations + [node for node in quoted if node is not None]

    def tests_version(self, test: ast.expr) -> bool:
        """Whether an expression asks which TensorFlow this is."""
        if not self._may_test_version:
            return False
        flags = self._version_flags
        if self._version_lines.isdisjoint(range(test.lineno, test.end_lineno + 1)):
            if not flags:
                return False
            text = self.lines[test.lineno - 1] if test.lineno <= len(self.lines) else ""
            if not any(flag in text for flag in flags):
                return False
        root_names = {n for n, bs in self.module.bindings.items() if any(_is_tensorflow(b) for b in bs)}
        for node in ast.walk(test):
            if type(node) is ast.Attribute and node.attr in _VERSION_NAMES:
                while type(node) is ast.Attribute:
                    node = node.value
                if type(node) is ast.Name and node.id in root_names:
                    return True
            elif type(node) is ast.Name:
                if node.id in flags:
                    return True
                if node.id in ("__version__", "VERSION"):
                    return any(_is_tensorflow(b) for b in self.module.bindings.get(node.id, ()))
            elif type(node) is ast.Call and type(node.func) is ast.Name and node.func.id == "hasattr":
                first = node.args[0] if node.args else None
                while type(first) is ast.Attribute:
                    first = first.value
                if type(first) is ast.Name and first.id in root_names:
                    return True
        return False


def _is_tensorflow(binding: Binding) -> bool:
    return binding.kind == "import" and binding.node.partition(".")[0] == "tensorflow"


def _guarded(statement: ast.Try) -> bool | str:
    """What a try statement exempts: True where it chooses between imports, IMPORTS where it makes one optional."""
    if not any(isinstance(s, (ast.Import, ast.ImportFrom)) for s in statement.body):
        return False
    # A handler of everything says little: then only a body that does nothing but import and assign is a guard.
    only_imports = all(isinstance(s, (ast.Import, ast.ImportFrom, ast.Assign)) for s in statement.body)
    for handler in statement.handlers:
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        names = {getattr(t, "id", None) for t in types}
        if names & _IMPORT_ERRORS or (only_imports and names & {None, "Exception"}):
            other = any(isinstance(s, (ast.Import, ast.ImportFrom)) for s in handler.body)
            return True if other else IMPORTS
    return False


def bind_parameters(arguments: ast.arguments, inner: Scope) -> list[ast.expr]:
    """Bind the parameters of a function or lambda in its scope; returns their annotations."""
    annotations = []
    bindings, block = inner.bindings, inner.block
    for parameter in arguments.posonlyargs + arguments.args + arguments.kwonlyargs:
        bindings[parameter.arg] = [_new(Binding, ("param", parameter, None, block, inner))]
        if parameter.annotation is not None:
            annotations.append(parameter.annotation)
    for parameter in (arguments.vararg, arguments.kwarg):
        if parameter is not None:
            bindings[parameter.arg] = [_new(Binding, ("unknown", None, None, block, inner))]
            if parameter.annotation is not None:
                annotations.append(parameter.annotation)
    return annotations


def parse_annotation(node: ast.Constant, lines: list[str]) -> ast.expr | None:
    """The expression in a quoted annotation, placed where it stands, or else at the quotes; None without one."""
    text = node.value
    try:
        expression = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    start = lines[node.lineno - 1].encode("utf-8").find(text.encode("utf-8"), node.col_offset)
    exact = node.lineno == node.end_lineno and 0 <= start < node.end_col_offset
    for inner in ast.walk(expression):
        if hasattr(inner, "lineno"):
            if exact:
                inner.col_offset += start
                inner.end_col_offset += start
            else:
                inner.col_offset, inner.end_col_offset = node.col_offset, node.end_col_offset
            inner.lineno, inner.end_lineno = node.lineno, node.end_lineno
    return expression


def comprehension_scope(node: ast.expr, scope: Scope, block: int, layout: Layout) -> Scope:
    """The scope of a comprehension, with the names that its `for` bind."""
    inner = Scope("comprehension", node, scope, block)
    layout.inside.append(inner)
    for generator in node.generators:
        layout._assign(generator.target, "item", generator.iter, None, inner, block)
    return inner
