"""What an expression stands for: a TensorFlow symbol, an instance of one of its classes, or something of the file.

Nothing is computed ahead: a value is worked out when a reference asks for it, from the bindings that reach the place.
"""

import ast
import functools
import typing
from typing import Iterable, NamedTuple

from flake8_tf2.names.scopes import END, Binding, Layout, Scope, comprehension_scope, parse_annotation
from flake8_tf2.names.table import SymbolTable

if typing.TYPE_CHECKING:
    from flake8_tf2.names.references import Reference

#: Makes a named tuple of a tuple: several times faster than a call of its class.
_new = tuple.__new__

#: Expressions nest deeper than this only in generated code; there a value is unknown.
_MAX_DEPTH = 80
#: More bindings of one name reach a place only in generated code; what comes before these is unknown.
_MAX_BINDINGS = 50


class Held:
    """The values in a container that no display shows; `parts` where they stand in order, each of several values.

    Compared by identity: containers nest.
    """

    __slots__ = ("values", "parts")

    def __init__(self, values: Iterable["Value"], parts: tuple[list["Value"], ...] = ()):
        self.values = list(values)
        self.parts = parts


class Value(NamedTuple):
    """One thing that an expression may stand for.

    kind: "symbol" (name is `tf.…`), "instance" (name is its class), "method" (of an instance; name is the class of its
    result, "" for nothing of interest), "class", "object" (of a class of the file), "function", "container" (node is a
    display, a comprehension, or what it holds) or "unknown".
    spelling: how TensorFlow was reached: "native", "compat" (`tf.compat.v1`), "keras" (the keras package), "private"
    (`tensorflow.python`) or "other" (a package that rules speak of).
    """

    kind: str
    name: str = ""
    spelling: str = "native"
    certain: bool = True
    scope: Scope | None = None
    node: ast.AST | Held | None = None


UNKNOWN = Value("unknown", certain=False)
_UNKNOWN_ALONE = (UNKNOWN,)
#: Scopes inside of an expression.
INNER = ("lambda", "comprehension")


class Receivers(NamedTuple):
    """Which calls and attributes give which objects; from `receivers.yaml`."""

    returns: dict[str, str]
    attributes: dict[str, str]
    calls: dict[str, str]
    items: dict[str, str]
    iterations: dict[str, str]
    likely: dict[str, list[dict]]  # by method
    telling: dict[
        str, str
    ] = {}  # methods that only one class has: whatever they are called on, it is probably of that class


class Kept:
    """What was worked out of symbols alone: the same for all files with the same roots."""

    __slots__ = ("imported", "children", "results", "chains", "methods")

    def __init__(self) -> None:
        self.imported: dict[str, Value] = {}
        self.children: dict[tuple[str, str, bool, str], Value] = {}
        self.results: dict[str, str] = {}
        self.chains: dict[tuple[str, str, bool], dict[tuple[str, ...], tuple[Value, ...]]] = {}
        self.methods: dict[tuple[str, str], str] = {}


class Resolver:
    """Answers what expressions of one file stand for."""

    def __init__(
        self,
        layout: Layout,
        table: SymbolTable,
        receivers: Receivers,
        roots: dict[str, tuple[str, str]],
        extra_names: frozenset[str],
        kept: Kept | None = None,
    ):
        """kept: what the caller keeps from file to file."""
        self.layout = layout
        self.table = table
        self.receivers = receivers
        self.roots = roots
        self.extra_names = extra_names  # names that rules speak of and the table does not know
        self._known = kept or Kept()
        self._kept: dict[ast.AST, tuple[Value, ...]] = {}
        # Filled by References: those of the file, and the names that one import at its top binds and nothing else does.
        self.references: list[Reference] = []
        self.plain: dict[str, Value] = {}
        self.made_by: dict[ast.AST, set[str]] = {}  # kept by flake8_tf2.names.origins
        self._depth = 0

    @functools.cached_property
    def callees(self) -> dict[ast.Call, list[str]]:
        """The symbols that calls were found to call, methods of instances aside."""
        callees: dict[ast.Call, list[str]] = {}
        for symbol, _, _, _, _, _, _, _, _, call, receiver, _, _ in self.references:
            if call is not None and receiver is None:
                callees.setdefault(call, []).append(symbol)
        return callees

    # Symbols

    def imported(self, path: str) -> Value:
        """What an import of a dotted path gives."""
        known = self._known.imported
        if path not in known:
            known[path] = self._from_root(path)
        return known[path]

    def _from_root(self, path: str) -> Value:
        parts = path.split(".")
        for end in range(len(parts), 0, -1):
            root = self.roots.get(".".join(parts[:end]))
            if root is not None:
                value = Value("symbol", *root)
                for part in parts[end:]:
                    value = self.child(value, part)
                return value
        return UNKNOWN

    def child(self, parent: Value, attribute: str) -> Value:
        """The symbol one dot below a symbol, whether known or not."""
        children = self._known.children
        key = (parent.name, parent.spelling, parent.certain, attribute)
        child = children.get(key)
        if child is None:
            child = children[key] = self._child(parent, attribute)
        return child

    def _child(self, parent: Value, attribute: str) -> Value:
        name, spelling = parent.name, parent.spelling
        if name == "tf.compat":
            if attribute == "v1":
                return parent._replace(name="tf", spelling="compat")
            if attribute == "v2":
                return parent._replace(name="tf", spelling="native")
        child = f"{name}.{attribute}"
        if name.startswith(("tf.python", "tf.contrib", "tf.core")) and not self.table.known(child):
            private = self.table.private("tensorflow" + name[2:])
            if private is not None:
                public = private.get("names", {}).get(attribute)
                # Both ways between contrib and the rest the module says more than the object that it passes on.
                if public is not None and public.startswith("tf.contrib") == name.startswith("tf.contrib"):
                    works = private.get("tf2") and attribute not in private.get("missing", ())
                    return parent._replace(name=public, spelling="private" if works else "lost")
        if child == "tf.python":
            spelling = "private"
        return parent._replace(name=child, spelling=spelling)

    def known(self, name: str) -> bool:
        """Whether the table or a rule knows a symbol of this name."""
        return self.table.known(name) or name in self.extra_names

    def method_symbol(self, cls: str, method: str) -> str:
        """The symbol of a method of an instance, named by the nearest class of which a rule speaks; "" without one."""
        known = self._known.methods
        key = (cls, method)
        if key not in known:
            names = (f"{base}.{method}" for base in self.table.bases(cls))
            known[key] = next((name for name in names if name in self.extra_names), "")
        return known[key]

    def is_constant(self, name: str) -> bool:
        """Whether a symbol is neither called nor a namespace."""
        row = self.table.row(name)
        return row is not None and row.kind == "constant"

    # Names

    def lookup(self, name: str, scope: Scope, position: tuple[int, int], block: int) -> list[Binding] | None:
        """The bindings of a name that can reach a place; None when the file does not bind it."""
        own = True  # in the scope itself class bodies count, from inside of it they do not
        while scope is not None:
            if scope.elsewhere and name in scope.elsewhere:
                scope, position, block, own = scope.elsewhere[name], END, -1, True
                continue
            bindings = scope.bindings.get(name)
            # The body of a class sees the scope around it until it binds the name itself: `tf = tf`.
            if bindings is not None and (scope.kind != "class" or own and bindings[0].position <= position):
                return bindings if len(bindings) == 1 else self._reaching(bindings, scope, position, block)
            if scope.kind != "comprehension":  # what runs later sees the last state of the scope around it
                position, block, own = END, -1, False
            scope = scope.parent
        return None

    def _reaching(self, bindings: list[Binding], scope: Scope, position, block: int) -> list[Binding]:
        if block < 0:
            block = scope.block
        found = []
        layout = self.layout
        encloses = layout.encloses
        last = -1  # the block of the binding before which nothing else reaches the place
        for binding in reversed(bindings):
            if binding.position <= position:
                found.append(binding)
                if len(found) > _MAX_BINDINGS:
                    return [*found, Binding("unknown", None, None, block, scope)]
                if encloses(binding.block, block):
                    last = binding.block
                    break
        if layout.loops[block] >= 0 and bindings[-1].position > position:
            # What the loop binds below reaches the place on its next turn.
            loops = [loop for loop in layout.loops_around(block) if last < 0 or not encloses(loop, last)]
            later = (b for b in bindings[-_MAX_BINDINGS:] if b.position > position)
            found += [b for b in later if any(encloses(loop, b.block) for loop in loops)]
        return found or bindings

    # Expressions

    def values(self, node: ast.expr, scope: Scope, block: int) -> tuple[Value, ...]:
        """Everything that an expression may stand for; UNKNOWN is among it when something else is possible."""
        kept = self._kept
        result = kept.get(node)
        if result is not None:
            return result
        method = _EVALUATORS.get(type(node))
        if method is None or self._depth > _MAX_DEPTH:
            return _UNKNOWN_ALONE
        kept[node] = ()  # a value that depends on itself adds nothing
        self._depth += 1
        try:
            result = method(self, node, scope, block)
            if type(result) is not tuple:
                result = tuple(result)
            if len(result) > 1:
                result = tuple(dict.fromkeys(result))
        finally:
            self._depth -= 1
        kept[node] = result
        return result

    def _name(self, node: ast.Name, scope: Scope, block: int):
        if node.id in self.plain and scope.kind not in INNER:
            return (self.plain[node.id],)
        bindings = self.lookup(node.id, scope, (node.lineno, node.col_offset), block)
        if bindings is None:
            return self._from_star(node.id)
        if len(bindings) == 1:
            return self.bound(bindings[0])
        result: list[Value] = []
        for binding in bindings:
            result += self.bound(binding)
        return result

    def _from_star(self, name: str):
        if not self.layout.module.stars:
            return _UNKNOWN_ALONE
        certain = True
        for module in reversed(self.layout.module.stars):
            value = self.imported(f"{module}.{name}")
            if value is UNKNOWN:
                certain = False  # that module may have the name too
            elif self.known(value.name):
                return (value._replace(certain=certain),)
        return (UNKNOWN,)

    def bound(self, binding: Binding) -> tuple[Value, ...] | list[Value]:
        """What a binding gives its name."""
        kind, node, _, block, scope = binding
        if kind == "value":
            if type(node) is ast.AugAssign:
                return self._augmented(node, scope, block)
            return self.values(node, scope, block)
        if kind == "import":
            return (self.imported(node),)
        if kind == "item":
            return self._items(self.values(node, scope, block), self.receivers.iterations)
        if kind == "part":
            whole, index = node
            return self._items(self.bound(whole), self.receivers.iterations, index)
        if kind == "with":
            return self._entered(self.values(node, scope, block))
        if kind == "class":
            return (Value("class", scope=node),)
        if kind == "function":
            return (Value("function", scope=node),)
        if kind == "param":
            result = self._kept.get(node)
            if result is None:
                result = self._kept[node] = tuple(self._parameter(node, scope))
            return result
        if kind == "annotation":
            values = self.values(node.value, scope, block) if node.value else ()
            if values and UNKNOWN not in values:
                return values
            return [*(v for v in values if v is not UNKNOWN), *self.annotated(node.annotation, scope, block)]
        if kind == "del":
            return ()
        return (UNKNOWN,)

    def _augmented(self, node: ast.AugAssign, scope: Scope, block: int):
        values = self.values(node.value, scope, block)
        if any(self.is_tensor(v) for v in values):
            return (Value("instance", "tf.Tensor"),)
        return self.values(node.target, scope, block) if isinstance(node.target, ast.Name) else (UNKNOWN,)

    def _entered(self, values):
        """What `with` gives its `as`: TensorFlow's sessions and writers, a context manager what it yields."""
        for value in values:
            if value.kind == "container":
                yield from self._contained(value, None)
            elif value.kind == "instance" and value.name.endswith("variable_scope"):
                yield value._replace(name="tf.VariableScope")
            else:
                yield value

    def _parameter(self, node: ast.arg, scope: Scope):
        if node.annotation is not None:
            return self.annotated(node.annotation, scope.parent, scope.parent.block)
        function = scope.node
        parent = scope.parent
        if parent is not None and parent.kind == "class" and type(function) is not ast.Lambda:
            arguments = function.args.posonlyargs + function.args.args
            if arguments and arguments[0] is node:
                decorators = {getattr(d, "id", None) for d in function.decorator_list}
                if "staticmethod" not in decorators:
                    return (Value("class" if "classmethod" in decorators else "object", scope=parent),)
        return (UNKNOWN,)

    def annotated(self, node: ast.expr, scope: Scope, block: int):
        """The instances that an annotation promises: of a class, of one in `Optional[...]` or `a | b`, or quoted."""
        if type(node) is ast.Constant and isinstance(node.value, str):
            node = parse_annotation(node, self.layout.lines)
            if node is None:
                return (UNKNOWN,)
        if type(node) is ast.Subscript:
            inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            head = getattr(node.value, "attr", None) or getattr(node.value, "id", "")
            if head in ("Type", "type"):
                return self.values(node.slice, scope, block)
            if head in ("Dict", "dict", "Mapping", "MutableMapping", "DefaultDict", "OrderedDict"):
                inner = inner[1:]
            values = [v for part in inner for v in self.annotated(part, scope, block)]
            return values if head in _TRANSPARENT else (Value("container", node=Held(values)),)
        if type(node) is ast.BinOp:
            return [*self.annotated(node.left, scope, block), *self.annotated(node.right, scope, block)]
        if type(node) is ast.Constant and node.value is None:
            return ()
        result = []
        for value in self.values(node, scope, block):
            if value.kind == "symbol" and self.table.is_class(value.name):
                result.append(value._replace(kind="instance", name=self.class_name(value.name)))
            elif value.kind == "class":
                result.append(value._replace(kind="object"))
            else:
                result.append(UNKNOWN)
        return result

    def class_name(self, name: str) -> str:
        """The canonical name of a class; a TF2-only name stays."""
        return self.table.canonical(name)

    def _attribute(self, node: ast.Attribute, scope: Scope, block: int):
        result = []
        for value in self.values(node.value, scope, block):
            result += self.attribute(value, node.attr)
        return result

    def attribute(self, value: Value, attribute: str) -> list[Value]:
        """What an attribute of a value may stand for."""
        kind = value.kind
        if kind == "symbol":
            return [self.child(value, attribute)]
        if kind == "instance":
            for base in self.table.bases(value.name):
                name = self.receivers.attributes.get(f"{base}.{attribute}")
                if name is not None:
                    return [Value("instance", name, value.spelling, value.certain)]
                name = self.receivers.returns.get(f"{base}.{attribute}")
                if name is not None:
                    return [value._replace(kind="method", name=value.name if name == "self" else name)]
        elif kind in ("object", "class"):
            return self._class_attribute(value, attribute, set())
        return [UNKNOWN]

    def _class_attribute(self, value: Value, attribute: str, seen: set) -> list[Value]:
        cls = value.scope
        if cls in seen:
            return []
        seen.add(cls)
        bindings = cls.attributes.get(attribute, []) + cls.bindings.get(attribute, [])
        if bindings:
            result: list[Value] = []
            for binding in bindings:
                if binding.kind != "function":
                    result += self.bound(binding)
                elif is_property(binding.node.node):
                    result += self._returned(binding.node)
                elif not _is_setter(binding.node.node):
                    result += self.bound(binding)
            return result
        result = []
        for base in self.base_values(cls):
            if base.kind == "class":
                result += self._class_attribute(base, attribute, seen)
            elif base.kind == "symbol":
                result += self.attribute(base._replace(kind="instance"), attribute)
        return result or [UNKNOWN]

    def base_values(self, cls: Scope) -> list[Value]:
        """What the bases of a class of the file stand for."""
        bases = cls.node.bases
        return [v for base in bases for v in self.values(base, cls.parent, cls.parent.block)]

    def _call(self, node: ast.Call, scope: Scope, block: int):
        function = node.func
        result: list[Value] = []
        if type(function) is ast.Name:
            if function.id == "getattr":
                looked_up = self.dynamic_attribute(node)
                if looked_up is not None:
                    for value in self.values(node.args[0], scope, block):
                        result += self.attribute(value, looked_up)
                    return result
            elif function.id == "super":
                return self._super(scope)
            elif function.id in _ITERATORS and node.args and self.is_builtin(function.id, scope):
                return self._iterator(function.id, node.args, scope, block)
            callees = self.values(function, scope, block)
        elif type(function) is ast.Attribute:
            method = function.attr
            chain, head = chain_of(function)
            if type(head) is ast.Name and head.id in self.plain and scope.kind not in INNER:
                return self._chain_result(self.plain[head.id], chain)
            callees = []
            for value in self.values(function.value, scope, block):
                if value.kind == "container":
                    result += self._container_method(value, method, node)
                elif value is UNKNOWN and method in self.receivers.telling:
                    name = self.receivers.returns.get(f"{self.receivers.telling[method]}.{method}")
                    result.append(Value("instance", name, certain=False) if name else UNKNOWN)
                else:
                    callees += self.attribute(value, method)
        else:
            callees = self.values(function, scope, block)
        for value in callees:
            result += self.called(value)
        return result

    def _chain_result(self, value: Value, chain: tuple[str, ...]) -> tuple[Value, ...]:
        """What a call gives of a chain of attributes that starts at a symbol."""
        chains = self._known.chains.setdefault((value.name, value.spelling, value.certain), {})
        result = chains.get(chain)
        if result is None:
            for attribute in chain:
                value = self.child(value, attribute)
            result = tuple(self.called(value))
            if result[0].kind != "container":  # which are compared by identity
                chains[chain] = result
        return result

    def _super(self, scope: Scope):
        """The object itself as its bases have it."""
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        if scope is None:
            return (UNKNOWN,)
        kinds = {"class": "object", "symbol": "instance"}
        return [
            base._replace(kind=kinds[base.kind]) if base.kind in kinds else UNKNOWN for base in self.base_values(scope)
        ]

    def _iterator(self, function: str, arguments: list[ast.expr], scope: Scope, block: int):
        """What the functions give that iterate over their arguments: `enumerate`, `zip` and the like."""
        if function not in ("enumerate", "zip"):
            return self.values(arguments[0], scope, block)
        items = [self._items(self.values(a, scope, block), self.receivers.iterations) for a in arguments]
        if function == "enumerate":
            items = [[UNKNOWN], items[0]]
        return (_pairs(*items),)

    def _container_method(self, container: Value, method: str, call: ast.Call) -> list[Value]:
        if method in ("get", "pop", "setdefault", "popitem", "popleft"):
            key = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            return self._contained(container, key)
        if method == "copy":
            return [container]
        if method in ("values", "items"):
            values = self._contained(container, None)
            return [Value("container", node=Held(values)) if method == "values" else _pairs([UNKNOWN], values)]
        return [UNKNOWN]

    @staticmethod
    def dynamic_attribute(node: ast.Call) -> str | None:
        """The name in `getattr(x, "name")`."""
        if len(node.args) in (2, 3) and isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, str):
            return node.args[1].value
        return None

    def called(self, value: Value) -> list[Value]:
        """What a call of a value returns."""
        kind = value.kind
        if kind == "symbol":
            results = self._known.results
            if value.name not in results:
                results[value.name] = self._symbol_result(value.name)
            return [self._result(value, results[value.name])]
        if kind == "method":
            return [self._result(value, value.name)]
        if kind == "class":
            return [value._replace(kind="object")]
        if kind == "function":
            return self._returned(value.scope)
        if kind == "object":
            result = []
            for method in self._class_attribute(value, "__call__", set()):
                result += self.called(method) if method.kind == "function" else [UNKNOWN]
            return result
        if kind == "instance":
            for base in self.table.bases(value.name):
                name = self.receivers.calls.get(base)
                if name is not None:
                    return [Value("instance", name, value.spelling, value.certain)]
        return [UNKNOWN]

    @staticmethod
    def _result(value: Value, name: str) -> Value:
        """An instance of a class, or a list of such, as `receivers.yaml` writes it: `[tf.Variable]`."""
        if not name:
            return UNKNOWN
        if name.startswith("["):
            return value._replace(
                kind="container", name="", node=Held([value._replace(kind="instance", name=name[1:-1])])
            )
        return _new(Value, ("instance", name, value.spelling, value.certain, value.scope, value.node))

    def _symbol_result(self, name: str) -> str:
        """The class of what a call of a symbol returns, or ""."""
        table, returns = self.table, self.receivers.returns
        canonical = table.canonical(name)
        for spelled in (name, canonical):
            if spelled in returns:
                return returns[spelled]
        if table.is_class(name) or not table.known(name) and name.rpartition(".")[2][:1].isupper():
            return canonical  # by the custom of names a class, even where the table does not know it
        row = table.row(name)
        if row is not None and row.kind == "function":
            # TF1's way to tell what adds an op to the graph: it takes a name for it (contrib: a scope).
            parameters = table.signature(row.tf1)
            if any(p.name in ("name", "scope") for p in parameters):
                return "tf.Tensor"
        return ""

    def _returned(self, function: Scope) -> list[Value]:
        result: list[Value] = []
        if isinstance(function.node, ast.AsyncFunctionDef):
            return [UNKNOWN]
        node = function.node
        if node.returns is not None:
            result += [
                v for v in self.annotated(node.returns, function.parent, function.parent.block) if v is not UNKNOWN
            ]
            if result:
                return result
        if function.yields:
            return [Value("container", scope=function, node=ast.List(function.yields, ast.Load()))]
        for expression in function.returns:
            result += self.values(expression, function, function.block)
        return result

    def _binary(self, node: ast.BinOp, scope: Scope, block: int):
        operand: ast.expr = node
        while type(operand) is ast.BinOp:  # a sum of a thousand terms is a tree of that depth
            for value in self.values(operand.right, scope, block):
                if self.is_tensor(value):
                    return (value._replace(name="tf.Tensor"),)
            operand = operand.left
        for value in self.values(operand, scope, block):
            if self.is_tensor(value):
                return (value._replace(name="tf.Tensor"),)
        return (UNKNOWN,)

    def _unary(self, node: ast.UnaryOp, scope: Scope, block: int):
        for value in self.values(node.operand, scope, block):
            yield (
                value._replace(name="tf.Tensor")
                if self.is_tensor(value) and not isinstance(node.op, ast.Not)
                else UNKNOWN
            )

    def _compare(self, node: ast.Compare, scope: Scope, block: int):
        if isinstance(node.ops[0], (ast.Lt, ast.LtE, ast.Gt, ast.GtE)):
            for operand in (node.left, node.comparators[0]):
                for value in self.values(operand, scope, block):
                    if self.is_tensor(value):
                        return (value._replace(name="tf.Tensor"),)
        return (UNKNOWN,)

    def _conditional(self, node: ast.IfExp, scope: Scope, block: int):
        return [*self.values(node.body, scope, block), *self.values(node.orelse, scope, block)]

    def _either(self, node: ast.BoolOp, scope: Scope, block: int):
        return [value for operand in node.values for value in self.values(operand, scope, block)]

    def _walrus(self, node: ast.NamedExpr, scope: Scope, block: int):
        return self.values(node.value, scope, block)

    def _constant(self, node: ast.Constant, scope: Scope, block: int):
        # None has no methods: where it is one possibility of several, another one is meant.
        return () if node.value is None else _UNKNOWN_ALONE

    def _container(self, node: ast.expr, scope: Scope, block: int):
        return (Value("container", scope=scope, node=node),)

    def _subscript(self, node: ast.Subscript, scope: Scope, block: int):
        values = self.values(node.value, scope, block)
        table = self.receivers.iterations if isinstance(node.slice, ast.Slice) else self.receivers.items
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        result = self._items(values, table, key)
        if isinstance(node.slice, ast.Slice):
            # A part of a shape is a shape.
            return [
                v if v.kind == "instance" and v.name == "tf.TensorShape" else r for v, r in zip(values, result)
            ] or result
        return result

    def _items(self, values, table: dict[str, str], key: object = None) -> list[Value]:
        """The items of values, by index or by iteration; of a container those under the key, if one is given."""
        result = []
        for value in values:
            if value.kind == "instance":
                for base in self.table.bases(value.name):
                    if base in table:
                        result.append(value._replace(name=table[base]))
                        break
                else:
                    result.append(UNKNOWN)
            elif value.kind == "container":
                result += self._contained(value, key)
            else:
                result.append(UNKNOWN)
        return result

    def _contained(self, container: Value, key: object) -> list[Value]:
        """The values in a container, under a key if one is given."""
        node, scope = container.node, container.scope
        if type(node) is Held:
            known = isinstance(key, int) and -len(node.parts) <= key < len(node.parts)
            return (node.parts[key] if known else node.values) or [UNKNOWN]
        if type(node) in _COMPREHENSIONS:
            inner = comprehension_scope(node, scope, scope.block, self.layout)
            element = node.value if type(node) is ast.DictComp else node.elt
            return list(self.values(element, inner, scope.block)) or [UNKNOWN]
        if type(node) is ast.Dict:
            chosen = [
                value
                for name, value in zip(node.keys, node.values)
                if key is None or (isinstance(name, ast.Constant) and name.value == key)
            ]
        elif isinstance(key, int) and -len(node.elts) <= key < len(node.elts) and not _has_star(node):
            chosen = [node.elts[key]]
        else:
            chosen = node.elts
        result = [value for item in chosen for value in self.values(item, scope, scope.block)]
        return result or [UNKNOWN]

    # Questions about values

    def items(self, node: ast.expr, scope: Scope, block: int) -> list[Value]:
        """What iteration over an expression gives."""
        return self._items(self.values(node, scope, block), self.receivers.iterations)

    def is_builtin(self, name: str, scope: Scope) -> bool:
        """Whether a name is bound nowhere around, so that it is Python's own."""
        return self.lookup(name, scope, END, -1) is None

    def is_a(self, value: Value, cls: str) -> bool:
        """Whether a value is an instance of a TensorFlow class."""
        return value.kind == "instance" and cls in self.table.bases(value.name)

    def is_tensor(self, value: Value) -> bool:
        """Whether a value is a tensor or a variable."""
        return value.kind == "instance" and (
            value.name in ("tf.Tensor", "tf.Variable") or "tf.Variable" in self.table.bases(value.name)
        )


_EVALUATORS = {
    ast.Name: Resolver._name,
    ast.Attribute: Resolver._attribute,
    ast.Call: Resolver._call,
    ast.BinOp: Resolver._binary,
    ast.UnaryOp: Resolver._unary,
    ast.Compare: Resolver._compare,
    ast.IfExp: Resolver._conditional,
    ast.BoolOp: Resolver._either,
    ast.NamedExpr: Resolver._walrus,
    ast.Subscript: Resolver._subscript,
    ast.List: Resolver._container,
    ast.Tuple: Resolver._container,
    ast.Dict: Resolver._container,
    ast.Set: Resolver._container,
    ast.ListComp: Resolver._container,
    ast.SetComp: Resolver._container,
    ast.DictComp: Resolver._container,
    ast.GeneratorExp: Resolver._container,
    ast.Constant: Resolver._constant,
}

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_ITERATORS = {"enumerate", "zip", "reversed", "sorted", "list", "tuple", "set", "frozenset", "iter", "dict"}
#: Of `X[tf.Session]` in an annotation: those X that say a session, rather than something that holds one.
_TRANSPARENT = {"Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired"}


def chain_of(node: ast.expr) -> tuple[tuple[str, ...], ast.expr]:
    """The attributes of a chain such as `tf.nn.relu`, and what it starts with."""
    chain: tuple[str, ...] = ()
    while type(node) is ast.Attribute:
        chain = (node.attr, *chain)
        node = node.value
    return chain, node


def _pairs(*parts: list[Value]) -> Value:
    """What `zip` gives."""
    pair = Value("container", node=Held((v for values in parts for v in values), parts))
    return Value("container", node=Held([pair]))


def _has_star(node: ast.expr) -> bool:
    return any(type(element) is ast.Starred for element in node.elts)


def _is_setter(function: ast.AST) -> bool:
    return any(getattr(d, "attr", "") in ("setter", "deleter") for d in function.decorator_list)


def is_property(function: ast.AST) -> bool:
    """Whether a function of a class is read like an attribute; lazy-property decorators of any name count."""
    for decorator in getattr(function, "decorator_list", ()):
        name = getattr(decorator, "attr", None) or getattr(decorator, "id", None) or ""
        if "property" in name:
            return True
    return False
