"""References of a file: the places that resolve to a TensorFlow symbol."""

import ast
import functools
import re
from typing import NamedTuple

from flake8_tf2.names.scopes import ImportedName, Layout, Scope, bind_parameters, comprehension_scope
from flake8_tf2.names.values import UNKNOWN, Resolver, Value


#: Makes a named tuple of a tuple: several times faster than a call of its class.
_new = tuple.__new__


class Place(NamedTuple):
    """Where a node stands, as `ast` counts: lines from 1, columns in UTF-8 bytes from 0."""

    line: int
    column: int
    end_line: int
    end_column: int


class Reference(NamedTuple):
    """A place that resolves to a symbol.

    symbol: canonical spelling; of a method the class and the name, `tf.Session.run`.
    kind: "call", "value" (read without a call) or "import".
    head, node: what the place begins with, the name of a chain of attributes, and what it ends with.
    call: the call whose function this is.
    receiver: for a method of an instance, what it is called on.
    known: whether the symbol table, or a rule, knows the symbol; otherwise its last part is what TensorFlow lacks.
    weak: only the name of the receiver speaks for the symbol: it counts in a file that shows TF1 otherwise.
    """

    symbol: str
    kind: str
    head: ast.AST
    node: ast.AST
    spelling: str
    certain: bool
    scope: Scope
    block: int
    statement: ast.stmt
    call: ast.Call | None = None
    receiver: Value | None = None
    known: bool = True
    weak: bool = False

    @property
    def place(self) -> Place:
        """From the head of the chain to the end of the node."""
        head, node = self.head, self.node
        return _new(Place, (head.lineno, head.col_offset, node.end_lineno, node.end_col_offset))


class Meant(NamedTuple):
    """What a chain of attributes of a symbol means: the longest prefix that is known, and `used`, how many it takes.

    whole: whether that is a known symbol, all of the chain.
    """

    symbol: str
    spelling: str
    certain: bool
    used: int
    known: bool
    whole: bool


def place_of(node: ast.AST) -> Place:
    """The place of a node."""
    return Place(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


#: What chains of attributes that start at one symbol mean; None where it is nothing of interest.
Chains = dict[tuple[str, ...], Meant | None]


class References:
    """Finds the references of a file, given which attribute names rules ask about."""

    def __init__(self, layout: Layout, resolver: Resolver, methods: frozenset[str], chains: dict | None = None):
        """chains: what chains of attributes were found to mean, which the caller keeps from file to file."""
        self.layout = layout
        self.resolver = resolver
        self.methods = methods
        self.compares: list[tuple[ast.Compare, Scope, int, ast.stmt]] = []
        self.displays: list[tuple[ast.expr, Scope, int, ast.stmt]] = []
        self.stores: list[tuple[ast.Subscript, Scope, int, ast.stmt]] = []
        self.hashed: list[tuple[ast.expr, Scope, int]] = []  # comprehensions with keys, calls of set; with inner scopes
        self.dynamic: list[tuple[ast.Call, str, Value, Scope, int, ast.stmt]] = []
        # For each symbol that chains start with, and how it is spelled.
        self._chains: dict[tuple[str, str, bool], Chains] = {} if chains is None else chains
        self._heads = self._tensorflow_names()
        self._plain = self._plain_imports()
        resolver.plain = {name: value for name, (value, _) in self._plain.items()}
        self._stars = any(resolver.imported(module) is not UNKNOWN for module in layout.module.stars)
        self._searched = _Everything() if self._stars else self._heads  # names that may be TensorFlow's
        self._found = resolver.references

    def find(self) -> list[Reference]:
        """All references, those of import lines first, then in the order of the source."""
        if not (self._heads or self._stars):
            return []
        for imported in self.layout.imports:
            if not imported.exempt:
                self._import(imported)
        self._search()
        return self._found

    @functools.cached_property
    def symbols(self) -> frozenset[str]:
        """The symbols that the file speaks of, canonical, those of methods among them."""
        return frozenset(self.resolver.table.canonical(reference.symbol) for reference in self._found)

    # Which names stand for something of TensorFlow, anywhere in the file: a cheap test before the exact one.

    def _tensorflow_names(self) -> set[str]:
        packages = {root.partition(".")[0] for root in self.resolver.roots}
        names = {name for name, path in self.layout.imported if path.partition(".")[0] in packages}
        bound_from: dict[str, list[str]] = {}  # layers = tf.layers, then dense = layers.dense
        for name, node in self.layout.named:
            for head in _heads_of(node):
                bound_from.setdefault(head, []).append(name)
        work = list(names)
        while work:
            more = set(bound_from.get(work.pop(), ())) - names
            names |= more
            work += more
        return names

    def _plain_imports(self) -> dict[str, tuple[Value, Chains]]:
        """The names that one import at the top binds and nothing else does, with what is known of chains from them.

        They mean the same wherever they stand.
        """
        module = self.layout.module.bindings
        inner = [scope.bindings for scope in self.layout.scope_of.values()]
        plain = {}
        for name in self._heads:
            bindings = module.get(name, ())
            if len(bindings) == 1 and bindings[0].kind == "import" and not any(name in scope for scope in inner):
                value = self.resolver.imported(bindings[0].node)
                if value.kind == "symbol":
                    plain[name] = value, self._chains_from(value)
        return plain

    def _chains_from(self, value: Value) -> Chains:
        return self._chains.setdefault((value.name, value.spelling, value.certain), {})

    # Import lines

    def _import(self, imported: ImportedName) -> None:
        path, node, statement, _ = imported
        if path.endswith(".*"):
            return
        value = self.resolver.imported(path)
        if value is UNKNOWN or value.name == "tf":
            return
        scope = self.layout.module
        known = self.resolver.known(value.name)
        self._found.append(
            Reference(
                value.name, "import", node, node, value.spelling, True, scope, scope.block, statement, known=known
            )
        )

    # Expressions, by a list that grows: no depth of nesting can overflow it. The loop does what is most frequent:
    # calls, attributes of an import such as `tf.nn.relu`, and what is nothing of TensorFlow.

    def _search(self) -> None:
        heads, found, others, plain_imports = self._searched, self._found, self._OTHERS, self._plain
        told = self.methods | self._heads  # attributes that may say something of TensorFlow
        call_, attribute, name, constant = ast.Call, ast.Attribute, ast.Name, ast.Constant
        inner: list[tuple[list[ast.AST], Scope]] = []  # bodies of lambdas and comprehensions, with their scopes
        for scope, block, expressions, statement in self.layout.entries:
            nodes, plain = [*expressions], plain_imports
            while True:
                for node in nodes:  # to which their children are added
                    cls = type(node)
                    # By far the most frequent.
                    if cls is name:
                        if node.id in heads:
                            self._name(node, scope, block, statement, None)
                        continue
                    if cls is constant:
                        continue
                    call = None
                    if cls is call_:
                        nodes += node.args
                        for keyword in node.keywords:
                            nodes.append(keyword.value)
                        # The function of a call is looked at here, where its arguments are known.
                        call, node = node, node.func
                        cls = type(node)
                    if cls is attribute:
                        chain = (node.attr,)
                        head = node.value
                        cls = type(head)
                        while cls is attribute:
                            chain = (head.attr, *chain)
                            head = head.value
                            cls = type(head)
                        if cls is not name:
                            if not self._chain(node, head, chain, scope, block, statement, call):
                                nodes.append(head)
                        elif (first := head.id) in plain:
                            value, known = plain[first]
                            try:
                                meant = known[chain]
                            except KeyError:
                                meant = known[chain] = self._longest(value, chain)
                            if meant is not None:
                                symbol, spelling, certain, _, _, whole = meant
                                if whole:
                                    kind = "value" if call is None else "call"
                                    found.append(
                                        _new(Reference, (
                                            symbol, kind, head, node, spelling, certain, scope, block, statement, call,
                                            None, True, False,
                                        ))
                                    )  # fmt: skip
                                else:
                                    self._symbols((value,), chain, _parts(node), scope, block, statement, call)
                        elif first in heads or not told.isdisjoint(chain):
                            self._chain(node, head, chain, scope, block, statement, call)
                    elif cls is name:
                        if node.id in heads:
                            self._name(node, scope, block, statement, call)
                        elif node.id == "getattr":
                            self._getattr(call, scope, block, statement)
                        elif node.id in _HASHING and call.args:
                            self.hashed.append((call, scope, block))
                    elif call is not None:
                        nodes.append(node)
                    elif cls is ast.BinOp:
                        nodes += node.left, node.right
                    elif cls is ast.Tuple or cls is ast.List:
                        nodes += node.elts
                    elif cls in others:
                        nodes += others[cls](self, node, inner, scope, block, statement)
                    else:
                        nodes += self._inside(node)
                if not inner:
                    break
                nodes, scope = inner.pop()
                plain = {}  # what the scope binds may hide an import

    def _inside(self, node: ast.AST) -> list[ast.AST]:
        """The expressions in a node."""
        found: list[ast.AST] = []
        cls = type(node)
        for field in _CHILDREN[cls] if cls in _CHILDREN else _children(cls):
            value = getattr(node, field)
            if type(value) is list:
                found += value
            elif value is not None:
                found.append(value)
        return found

    # Each of these returns the expressions in a node that are in its scope.

    def _compare(self, node, inner, scope: Scope, block: int, statement: ast.stmt) -> list[ast.AST]:
        self.compares.append((node, scope, block, statement))
        return [node.left, *node.comparators]

    def _display(self, node, inner, scope: Scope, block: int, statement: ast.stmt) -> list[ast.AST]:
        self.displays.append((node, scope, block, statement))
        return self._inside(node)

    def _subscript(self, node, inner, scope: Scope, block: int, statement: ast.stmt) -> tuple[ast.AST, ...]:
        if type(node.ctx) is ast.Store:
            self.stores.append((node, scope, block, statement))
        return node.value, node.slice

    def _conditional(self, node, inner, scope: Scope, block: int, statement: ast.stmt) -> list[ast.AST]:
        return [] if self.layout.tests_version(node.test) else self._inside(node)

    def _lambda(self, node, inner, scope: Scope, block: int, statement: ast.stmt) -> list[ast.AST]:
        child = Scope("lambda", node, scope, block)
        self.layout.inside.append(child)
        annotations = bind_parameters(node.args, child)
        inner.append(([node.body], child))
        return annotations + node.args.defaults + [default for default in node.args.kw_defaults if default is not None]

    def _comprehension(self, node, inner, scope: Scope, block: int, statement: ast.stmt) -> list[ast.AST]:
        child = comprehension_scope(node, scope, block, self.layout)
        body: list[ast.AST] = [node.key, node.value] if type(node) is ast.DictComp else [node.elt]
        if type(node) is ast.DictComp or type(node) is ast.SetComp:
            self.hashed.append((node, child, block))
        first, *others = node.generators
        body += first.ifs
        for generator in others:
            body.append(generator.iter)
            body += generator.ifs
        inner.append((body, child))
        return [first.iter]  # which is evaluated outside

    _OTHERS = {
        ast.Compare: _compare,
        ast.Dict: _display,
        ast.Set: _display,
        ast.Subscript: _subscript,
        ast.IfExp: _conditional,
        ast.Lambda: _lambda,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.DictComp: _comprehension,
        ast.GeneratorExp: _comprehension,
    }

    def _name(self, node: ast.Name, scope: Scope, block: int, statement: ast.stmt, call: ast.Call | None) -> None:
        if type(node.ctx) is not ast.Load:
            return
        values = self.resolver.values(node, scope, block)
        self._symbols(values, (), [node], scope, block, statement, call)

    def _chain(self, node: ast.Attribute, head: ast.AST, chain: tuple[str, ...], scope, block, statement, call) -> bool:
        """Handle a chain of attributes of `head`; returns whether that means a symbol."""
        values: tuple[Value, ...] = ()
        if type(head) is ast.Name:
            if head.id in self._searched:
                values = self.resolver.values(head, scope, block)
        elif type(head) is ast.Call and getattr(head.func, "id", None) == "getattr":
            values = self.resolver.values(head, scope, block)
        for value in values:
            if value.kind == "symbol":
                self._symbols(values, chain, _parts(node), scope, block, statement, call)
                return True
        if len(chain) == 1 and node.attr not in self._heads:
            if node.attr in self.methods:
                self._method(node, scope, block, statement, call)
        elif not (self.methods.isdisjoint(chain) and self._heads.isdisjoint(chain)):
            self._methods(_parts(node)[1:], scope, block, statement, call)
        return False

    def _symbols(self, values, attributes: tuple[str, ...], nodes, scope, block, statement, call) -> None:
        """Report the longest known prefix of a chain, for each thing that its head may be."""
        if len(values) == 1:
            self._symbol(values[0], attributes, nodes, scope, block, statement, call, True, set())
            return
        certain = len({value.name for value in values}) == 1
        emitted: set[str] = set()
        for value in _mildest_first(values):
            self._symbol(value, attributes, nodes, scope, block, statement, call, certain, emitted)

    def _symbol(self, value, attributes, nodes, scope, block, statement, call, certain, emitted: set[str]) -> None:
        """The same for one thing. emitted: the symbols that were reported here; this one is added."""
        if value.kind != "symbol":
            return
        chains = self._chains_from(value)
        if attributes not in chains:
            chains[attributes] = self._longest(value, attributes)
        meant = chains[attributes]
        if meant is None or meant.symbol in emitted:
            return
        symbol, used = meant.symbol, meant.used
        first, last = nodes[0], nodes[used]
        if used and not meant.known and (getattr(first, "id", ""), attributes[0]) in self.layout.patched:
            return  # what the file itself sets on the module
        if not (used or self._stars) and self._told_already(symbol, first, scope, block, call):
            return
        emitted.add(symbol)
        if used < len(attributes):
            call = None
        kind = "value" if call is None else "call"
        certain = certain and meant.certain
        self._found.append(
            _new(Reference, (
                symbol, kind, first, last, meant.spelling, certain, scope, block, statement, call, None, meant.known,
                False,
            ))
        )  # fmt: skip

    def _told_already(self, symbol: str, node: ast.AST, scope: Scope, block: int, call: ast.Call | None) -> bool:
        """Whether a bare name says nothing that its assignment or import did not: `FLAGS` after `FLAGS = flags.FLAGS`.

        What is called says more, and so does an imported name, unless it is a constant.
        """
        if self.resolver.is_constant(symbol):
            return True
        if call is not None or type(node) is not ast.Name or node.id in self._plain:
            return False
        bindings = self.resolver.lookup(node.id, scope, (node.lineno, node.col_offset), block) or ()
        return not any(binding.kind == "import" for binding in bindings)

    def _longest(self, value: Value, attributes: tuple[str, ...]) -> Meant | None:
        found = self._longest_known(value, attributes)
        if found is None:
            return None
        value, used, known = found
        return Meant(value.name, value.spelling, value.certain, used, known, known and used == len(attributes) > 0)

    def _longest_known(self, value: Value, attributes: tuple[str, ...]) -> tuple[Value, int, bool] | None:
        resolver = self.resolver
        table = resolver.table
        best = (value, 0, resolver.known(value.name))
        for used, attribute in enumerate(attributes, 1):
            child = resolver.child(value, attribute)
            name = child.name
            if resolver.known(name) or name == "tf" or child.spelling == "private" and name.startswith("tf.python"):
                value = child
                best = (value, used, True)
                continue
            if table.is_class(value.name):
                return self._member(value, attribute, used) or best
            if value.spelling in ("private", "other") or value.name in ("tf.compat",):
                if name in ("tf.compat",) or value.name == "tf.compat":
                    value = child
                    continue
                return best if best[0].name != "tf" else None
            if table.is_module(value.name) or not best[2]:
                return child, used, False
            return best
        if best[0].name == "tf":
            return None
        return best

    def _member(self, cls: Value, attribute: str, used: int) -> tuple[Value, int, bool] | None:
        """An attribute of a class itself: `tf.losses.Reduction.MEAN`, `tf.Session.run`."""
        table = self.resolver.table
        found = table.member(cls.name, attribute)
        name = f"{cls.name}.{attribute}"
        if found is not None and f"{found[0]}.{attribute}" in self.resolver.extra_names:
            return cls._replace(name=f"{found[0]}.{attribute}"), used, True
        if name in self.resolver.extra_names:
            return cls._replace(name=name), used, True
        # What neither has, a class may still have from elsewhere: protobuf's methods are in no table.
        if found is not None and table.tf2_has_member(cls.name, attribute) is False and cls.spelling != "compat":
            return cls._replace(name=name), used, True
        return None

    # Methods

    def _methods(self, nodes: list[ast.Attribute], scope, block, statement, call) -> None:
        last = nodes[-1]
        for node in nodes:
            if node.attr in self._heads:
                values = self.resolver.values(node, scope, block)
                if any(v.kind == "symbol" for v in values):  # self.tf
                    rest = nodes[nodes.index(node) + 1 :]
                    if not rest and node.ctx.__class__ is not ast.Load:  # self.log = tf.log: what is read is told
                        return
                    attributes = tuple([n.attr for n in rest])
                    self._symbols(values, attributes, [node, *rest], scope, block, statement, call)
                    return
            if node.attr in self.methods:
                self._method(node, scope, block, statement, call if node is last else None)

    def _method(self, node: ast.Attribute, scope, block, statement, call: ast.Call | None) -> None:
        resolver = self.resolver
        values = resolver.values(node.value, scope, block)
        if len(values) == 1 and values[0].kind == "instance":  # by far the most frequent
            value = values[0]
            symbol = resolver.method_symbol(value.name, node.attr)
            if symbol:
                kind = "value" if call is None else "call"
                self._found.append(
                    _new(Reference, (
                        symbol, kind, node, node, value.spelling, value.certain, scope, block, statement, call, value,
                        True, False,
                    ))
                )  # fmt: skip
            return
        if len(values) == 1 and values[0] is UNKNOWN:
            instances = []
        else:
            instances = list(self._instances(values, node.attr))
        if instances:
            symbols = {}
            for value in instances:
                symbols.setdefault(resolver.method_symbol(value.name, node.attr), value)
            symbols.pop("", None)
            if len(symbols) > 1:
                symbols = self._without_derived(symbols)
            certain = len(symbols) == 1 and len(instances) == len(values) and all(v.certain for v in instances)
            weak = False
        else:
            if any(v.kind != "unknown" for v in values):
                return
            likely = self._likely(node, call)
            if likely is None:
                return
            cls, weak = likely["class"], bool(likely.get("weak"))
            symbols = {f"{cls}.{node.attr}": Value("instance", cls, self._usual_spelling(), False)}
            certain = False
        kind = "call" if call else "value"
        for symbol, value in symbols.items():
            self._found.append(
                Reference(
                    symbol, kind, node, node, value.spelling, certain, scope, block, statement, call, value, weak=weak
                )
            )

    def _instances(self, values, method: str):
        """Instances of TensorFlow classes; an object of a class of the file counts as its TensorFlow bases."""
        for value in values:
            if value.kind == "instance":
                yield value
            elif value.kind in ("object", "class"):
                yield from self._tensorflow_bases(value, method, set())

    def _tensorflow_bases(self, value: Value, method: str, seen: set[Scope]):
        cls = value.scope
        if cls in seen or method in cls.attributes:
            return
        seen.add(cls)
        if method in cls.bindings:  # what overrides the method of TensorFlow may be called otherwise
            value = value._replace(certain=False)
        for base in self.resolver.base_values(cls):
            if base.kind == "symbol":
                certain = base.certain and value.certain
                yield base._replace(kind="instance", name=self.resolver.class_name(base.name), certain=certain)
            elif base.kind == "class":
                yield from self._tensorflow_bases(base._replace(certain=value.certain), method, seen)

    def _without_derived(self, symbols: dict[str, Value]) -> dict[str, Value]:
        """Of methods of several classes, those that no other one is the base of."""
        classes = {symbol.rpartition(".")[0] for symbol in symbols}
        bases = self.resolver.table.bases
        return {
            symbol: value
            for symbol, value in symbols.items()
            if not classes.intersection(bases(symbol.rpartition(".")[0])[1:])
        }

    def _likely(self, node: ast.Attribute, call: ast.Call | None) -> dict | None:
        """What a receiver of unknown origin probably is, by its name and its call: an entry of receivers.yaml."""
        receiver = node.value
        if type(receiver) is ast.Subscript and getattr(receiver.value, "attr", "") == "shape":
            return {"class": "tf.Dimension"} if node.attr == "value" else None  # no other shape has items with a value
        entries = self.resolver.receivers.likely.get(node.attr)
        if entries is None:
            return None
        if call is not None and call.args and type(call.args[0]) is ast.Constant and call.args[0].value is None:
            return None  # none of these methods takes None, others of the same name do
        named_by = receiver.func if type(receiver) is ast.Call else receiver  # `make_session().graph`
        name = getattr(named_by, "attr", None) or getattr(named_by, "id", None) or ""
        if type(receiver) is ast.Name and self._is_import(receiver.id):
            return None  # a module: scipy's optimize
        keywords = {k.arg for k in call.keywords} if call else set()
        for entry in entries:
            if "unless" in entry and not self.layout.packages.isdisjoint(entry["unless"]):
                continue
            named = "names" in entry and _matches(entry["names"], name)
            if named or entry.get("always") or not keywords.isdisjoint(entry.get("keywords", ())):
                return entry
        return None

    def _is_import(self, name: str) -> bool:
        return any(binding.kind == "import" for binding in self.layout.module.bindings.get(name, ()))

    def _usual_spelling(self) -> str:
        """How this file spells TensorFlow, for receivers whose origin is not seen."""
        spellings = {self.resolver.imported(i.path).spelling for i in self.layout.imports}
        return "compat" if "compat" in spellings else "native"

    def _getattr(self, node: ast.Call, scope, block, statement) -> None:
        if not node.args:
            return
        values = self.resolver.values(node.args[0], scope, block)
        symbols = [v for v in values if v.kind == "symbol"]
        if not symbols:
            return
        attribute = Resolver.dynamic_attribute(node)
        if attribute is not None and attribute.isidentifier():
            self._symbols(values, (attribute,), [node, node], scope, block, statement, None)
        else:
            self.dynamic.append((node, symbols[0].name, symbols[0], scope, block, statement))


@functools.lru_cache(maxsize=4096)
def _matches(pattern: str, name: str) -> bool:
    """Whether a name matches. Kept: programs have few names for what they call again and again."""
    return re.search(pattern, name) is not None


def _parts(node: ast.AST) -> list[ast.AST]:
    """What a chain of attributes starts with, and the nodes of the attributes."""
    nodes = [node]
    while type(node) is ast.Attribute:
        node = node.value
        nodes.append(node)
    nodes.reverse()
    return nodes


def _mildest_first(values: tuple[Value, ...]) -> list[Value]:
    """Symbols, those last that TF2 may lack: a head that is compat.v1 by another way of import works under TF2."""
    return sorted((v for v in values if v.kind == "symbol"), key=lambda v: v.spelling == "native")


def _heads_of(node: object) -> list[str]:
    """The names through which a value may be TensorFlow's: `tf` and `layers` of `tf.layers`."""
    found = []
    parts = [node]
    for part in parts:  # to which theirs are added
        cls = type(part)
        if cls is ast.Name:
            found.append(part.id)
        elif cls is ast.Attribute:
            found.append(part.attr)
            parts.append(part.value)
        elif cls is ast.Tuple or cls is ast.List:
            parts += part.elts
        elif cls is ast.IfExp:
            parts += part.body, part.orelse
        elif cls is ast.BoolOp:
            parts += part.values
        elif cls is ast.AnnAssign:
            parts.append(part.value)
        elif cls is ast.Call and getattr(part.func, "id", None) == "getattr":
            parts += part.args[:1]
    return found


#: What asks each item for its hash.
_HASHING = {"set", "frozenset"}


class _Everything:
    """Holds every name: where a star import may bind any."""

    def __contains__(self, name: str) -> bool:
        return True


#: The fields of a class of nodes in which expressions stand, found out when a node of it is met.
_CHILDREN: dict[type, tuple[str, ...]] = {type(None): ()}  # in a dict display, None stands for the key of `**`
_NO_EXPRESSIONS = {"ctx", "op", "ops", "conversion", "kind", "arg", "id", "is_async"}


def _children(cls: type) -> tuple[str, ...]:
    found = _CHILDREN[cls] = tuple(field for field in cls._fields if field not in _NO_EXPRESSIONS)
    return found
