"""What the expressions of a program are: Python values, variables, tensors that each run computes anew, ops.

An expression that is computed from a tensor is a tensor itself, whatever Python makes of it: both belong into the
function that computes them.
"""

from __future__ import annotations

import ast
import functools
import weakref
from typing import Callable, NamedTuple

from flake8_tf2.convert.roles import Role
from flake8_tf2.convert.source import Source, Stuck

HOST, TENSOR, VARIABLE, MODULE, OPTIMIZER, OP, NOTHING, SESSION = (
    "host", "tensor", "variable", "module", "optimizer", "op", "nothing", "session"
)  # fmt: skip
ITERATOR, DATASET, SAVER, WRITER, SUMMARY, CONFIG, GRAPH, INITIALIZER, AVERAGES = (
    "iterator", "dataset", "saver", "writer", "summary", "config", "graph", "initializer", "averages"
)  # fmt: skip
#: What is computed at each run, and so belongs into functions.
OF_RUNS = frozenset((TENSOR, OP, SUMMARY))


class Value(NamedTuple):
    """What an expression may be.

    kinds: of it, or of what it holds. parts: of what is unpacked by position. placeholder: the call that made it, where
    it is a placeholder itself. holds: whether it is a container.
    """

    kinds: frozenset[str]
    parts: tuple["Value", ...] | None = None
    placeholder: ast.Call | None = None
    holds: bool = False

    @property
    def of_runs(self) -> bool:
        """Whether it is computed at each run."""
        return bool(self.kinds & OF_RUNS)


def _value(*kinds: str) -> Value:
    return Value(frozenset(kinds))


PYTHON = _value(HOST)
_OF_ROLE = {
    Role.HOST: HOST, Role.TENSOR: TENSOR, Role.VARIABLE: VARIABLE, Role.LAYER: TENSOR, Role.DROPOUT: TENSOR,
    Role.MODULE: MODULE, Role.AVERAGES: AVERAGES,
    Role.OPTIMIZER: OPTIMIZER, Role.GRADIENTS: TENSOR, Role.OP: OP, Role.NOTHING: NOTHING, Role.SESSION: SESSION,
    Role.DATASET: DATASET, Role.SAVER: SAVER, Role.WRITER: WRITER, Role.SUMMARY: SUMMARY, Role.CONFIG: CONFIG,
    Role.GRAPH: GRAPH, Role.VARIABLES: VARIABLE, Role.SCOPE: HOST, Role.VARIABLE_SCOPE: HOST, Role.DEVICE: HOST,
    Role.ORDER: HOST,
}  # fmt: skip
#: Attributes of a variable that Python knows before any run.
_STATIC = {"name", "shape", "dtype", "op", "get_shape", "graph", "device", "initializer"}
_ASSIGNS = {"assign", "assign_add", "assign_sub", "scatter_update", "scatter_add", "scatter_sub", "scatter_nd_update"}
#: Methods of Python's containers that change them.
MUTATORS = {"append", "extend", "insert", "update", "add", "setdefault", "pop", "remove", "clear"}

#: Functions whose result may be several tensors.
_SEVERAL = {
    "unstack", "split", "gradients", "meshgrid", "map_fn", "while_loop", "scan", "foldl", "foldr", "cond",
    "case", "moments", "top_k", "unique", "unique_with_counts", "dynamic_rnn", "static_rnn",
    "bidirectional_dynamic_rnn", "static_bidirectional_rnn", "raw_rnn", "py_func", "numpy_function", "tuple",
    "weighted_moments", "setdiff1d", "svd", "qr", "self_adjoint_eig", "ctc_beam_search_decoder",
    "ctc_greedy_decoder", "fused_batch_norm", "clip_by_global_norm", "identity_n", "dynamic_partition", "batch",
    "shuffle_batch", "get_regularization_losses",
}  # fmt: skip

#: Objects of pieces that count over runs, in what were local variables.
COUNTERS = {
    "StreamingMean", "StreamingAccuracy", "StreamingError", "StreamingRootError", "StreamingPrecision",
    "StreamingRecall", "StreamingAUC",
}  # fmt: skip

Env = dict[str, Value]


class Evaluator:
    """Says what expressions are, given what names are. Functions of the file are followed into."""

    def __init__(self, source: Source):
        self.source = source
        self.functions: dict[str, ast.FunctionDef] = {}
        self._running: list[ast.FunctionDef] = []
        self.assigned: list[tuple[str, Value]] = []  # what names were given, since the list was emptied
        self.collected: dict[str, frozenset[str]] = {}  # the kinds of what was added to collections, by key
        #: Set by the program: which lists of variables are of updates.
        self.is_update_ops: Callable[[ast.Call], bool] = lambda call: False

    def eval(self, node: ast.expr | None, env: Env) -> Value:
        """The value of an expression."""
        if node is None:
            return PYTHON
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is not None:
            return method(node, env)
        return self._computed(
            [self.eval(child, env) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        )

    @staticmethod
    def _computed(values: list[Value]) -> Value:
        """What Python computes from values: a tensor where there is one among them, or a variable."""
        kinds = frozenset().union(*(v.kinds for v in values)) if values else frozenset()
        return _value(TENSOR) if kinds & (OF_RUNS | {VARIABLE}) else PYTHON

    @staticmethod
    def _held(values: list[Value], parts: bool = False) -> Value:
        kinds = frozenset().union(*(v.kinds for v in values)) if values else frozenset((HOST,))
        return Value(kinds, tuple(values) if parts else None, None, True)

    def _constant(self, node, env):
        return PYTHON

    def _name(self, node: ast.Name, env: Env) -> Value:
        return env.get(node.id, PYTHON)

    def _starred(self, node, env):
        return self.eval(node.value, env)

    def _namedexpr(self, node, env):
        raise Stuck(node, "an assignment within an expression")

    def _list(self, node, env):
        return self._held(
            [self.eval(e, env) for e in node.elts], not any(isinstance(e, ast.Starred) for e in node.elts)
        )

    _tuple = _set = _list

    def _dict(self, node, env):
        return self._held([self.eval(v, env) for v in node.values])

    def _ifexp(self, node, env):
        return self.join(
            self.eval(node.body, env), self.eval(node.orelse, env), self._computed([self.eval(node.test, env)])
        )

    def _boolop(self, node, env):
        values = [self.eval(v, env) for v in node.values]
        return self.join(*values) if any(v.kinds & {SESSION} for v in values) else self._computed(values)

    @staticmethod
    def join(*values: Value) -> Value:
        """What is one of several."""
        if all(v == values[0] for v in values):
            return values[0]
        kinds = frozenset().union(*(v.kinds for v in values))
        if len(kinds) > 1:
            kinds = kinds - {HOST}
        parts = None
        if all(v.parts is not None for v in values) and len({len(v.parts) for v in values}) == 1:
            parts = tuple(Evaluator.join(*column) for column in zip(*(v.parts for v in values)))
        return Value(kinds, parts, None, any(v.holds for v in values))

    def _comprehension(self, node, env):
        inner = dict(env)
        for generator in node.generators:
            self.assign(generator.target, self.turn(generator.iter, inner), inner)
        elements = [node.value] if isinstance(node, ast.DictComp) else [node.elt]  # keys are of feeds
        return self._held([self.eval(e, inner) for e in elements])

    _listcomp = _setcomp = _generatorexp = _dictcomp = _comprehension

    @staticmethod
    def item(value: Value) -> Value:
        """What iterating over a value, or indexing it, gives."""
        if value.kinds & {TENSOR} and not value.holds:
            return _value(TENSOR)
        if value.kinds == {VARIABLE} and not value.holds:
            return _value(TENSOR)
        return Value(value.kinds)

    def turn(self, node: ast.expr, env: Env) -> Value:
        """What a turn of a loop over an expression is given."""
        value = self.eval(node, env)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("zip", "enumerate"):
            items = [self.item(self.eval(a, env)) for a in node.args]
            return self._held([PYTHON, *items] if node.func.id == "enumerate" else items, True)
        return self.item(value)

    def _lambda(self, node, env):
        inner = {k: v for k, v in env.items() if k not in parameters(node.args)}
        return Value(self.eval(node.body, inner).kinds & OF_RUNS or frozenset((HOST,)), None, None, True)

    def _attribute(self, node: ast.Attribute, env: Env) -> Value:
        if self.source.symbol(node):
            return PYTHON
        value = self.eval(node.value, env)
        if value.kinds <= {VARIABLE} and node.attr in _STATIC:
            return _value(NOTHING) if node.attr == "initializer" else PYTHON
        if value.kinds & {ITERATOR}:
            return _value(INITIALIZER if node.attr == "initializer" else TENSOR)
        if value.of_runs:
            return _value(TENSOR)
        if value.kinds & {SESSION, GRAPH} and node.attr == "graph":
            return _value(GRAPH)
        if value.kinds & {MODULE} and node.attr in (
            "kernel",
            "bias",
            "weights",
            "trainable_weights",
            "trainable_variables",
        ):
            return Value(frozenset((VARIABLE,)), None, None, "s" == node.attr[-1])
        return PYTHON if value.kinds <= {HOST} else Value(value.kinds)

    def _subscript(self, node: ast.Subscript, env: Env) -> Value:
        value = self.eval(node.value, env)
        index = self.eval(node.slice, env)
        if value.parts is not None and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
            if -len(value.parts) <= node.slice.value < len(value.parts):
                return value.parts[node.slice.value]
        if index.of_runs:
            return _value(TENSOR)
        if isinstance(node.slice, ast.Slice) and value.holds:
            return value._replace(parts=None)
        if not value.holds and value.kinds & {VARIABLE}:
            return _value(TENSOR)
        return Value(value.kinds)

    def _binop(self, node: ast.BinOp, env: Env) -> Value:
        left, right = self.eval(node.left, env), self.eval(node.right, env)
        if left.holds or right.holds:
            return self._held([left, right])
        return self._computed([left, right])

    def _call(self, node: ast.Call, env: Env) -> Value:
        source = self.source
        arguments = [self.eval(a, env) for a in (*node.args, *(k.value for k in node.keywords))]
        symbol = source.symbol(node.func)
        if symbol:
            return self._of_symbol(node, symbol, arguments, env)
        if isinstance(node.func, ast.Name):
            function = self.functions.get(node.func.id)
            if function is not None and node.func.id not in env:
                return self.returned(function, node, env)
            if node.func.id in ("list", "tuple", "sorted", "reversed", "dict", "zip", "enumerate", "set") and arguments:
                joined = self._held(arguments)
                return joined._replace(kinds=joined.kinds - {HOST} or joined.kinds)
            if self.source.fields(node.func) is not None:
                return self._held(arguments)
            if node.func.id == "next" and any(a.kinds & {ITERATOR} for a in arguments):
                return _value(TENSOR)
            if node.func.id in COUNTERS and node.func.id not in env:
                return _value(MODULE)
            if node.func.id in ("add_to_collection", "get_collection") and node.func.id not in env:
                return self._collection(node, arguments)
            called = env.get(node.func.id, PYTHON)
            if called.kinds & {MODULE}:
                return _value(TENSOR)
            if called.of_runs:
                return _value(TENSOR)
            return self._computed(arguments)
        if isinstance(node.func, ast.Attribute):
            return self._method(node, arguments, env)
        return self._computed([self.eval(node.func, env), *arguments])

    def _collection(self, node: ast.Call, arguments: list[Value]) -> Value:
        """What adding to a collection gives, the value itself; or what getting one does."""
        keys = node.args[0].elts if isinstance(node.args[0], (ast.List, ast.Tuple)) else [node.args[0]]
        texts = [getattr(key, "value", "*") for key in keys]
        if node.func.id == "add_to_collection":
            for text in texts:
                self.collected[text] = self.collected.get(text, frozenset()) | arguments[1].kinds
            return arguments[1]._replace(placeholder=None)
        if texts == ["update_ops"]:
            return Value(frozenset((OP,)), None, None, True)
        found = [self.collected[key] for key in self.collected if key in (*texts, "*") or texts == ["*"]]
        kinds = frozenset().union(*found)
        return Value(frozenset((VARIABLE if found and kinds <= {VARIABLE} else TENSOR,)), None, None, True)

    def _of_symbol(self, node: ast.Call, symbol: str, arguments: list[Value], env: Env) -> Value:
        role = self.source.role(symbol)
        if role is Role.UNKNOWN:
            raise Stuck(node, f"{symbol} has no conversion")
        if role is Role.PLACEHOLDER:
            return Value(frozenset((TENSOR,)), None, node)
        if role is Role.VARIABLES:
            if self.is_update_ops(node):
                return Value(frozenset((NOTHING,)), None, None, True)
            return Value(frozenset((VARIABLE,)), None, None, True)
        if role is Role.OP and symbol.endswith(".group") and arguments and all(a.kinds <= {NOTHING} for a in arguments):
            return _value(NOTHING)
        if role is Role.WRAPPER:
            if symbol.endswith("Tuple"):
                return self._held(arguments)
            computed = any(a.of_runs for a in arguments)
            return _value(MODULE, TENSOR) if computed else _value(MODULE)
        if role is Role.HOST and any(a.of_runs for a in arguments):
            return _value(TENSOR)
        if role is Role.DATASET and symbol.endswith(("_iterator", "from_structure")):
            return _value(ITERATOR)
        if symbol.rpartition(".")[2] in ("dynamic_rnn", "static_rnn", "bidirectional_dynamic_rnn"):
            states = Value(frozenset((TENSOR,)), None, None, True)  # of any structure
            outputs = _value(TENSOR) if symbol.endswith("tf.nn.dynamic_rnn") else states
            return Value(frozenset((TENSOR,)), (outputs, states), None, True)
        if symbol.endswith(("py_func", "py_function", "numpy_function")):
            several = self.source.bind(node, symbol).bound.get("Tout")
            if several is not None and not isinstance(several.value, (ast.List, ast.Tuple, ast.Name)):
                return _value(TENSOR)
        if role in (Role.TENSOR, Role.GRADIENTS) and symbol.rpartition(".")[2] in _SEVERAL:
            return Value(frozenset((TENSOR,)), None, None, True)
        return _value(_OF_ROLE[role])

    def _method(self, node: ast.Call, arguments: list[Value], env: Env) -> Value:
        name = node.func.attr
        value = self.eval(node.func.value, env)
        kinds = value.kinds
        if kinds & {SAVER, WRITER}:
            return PYTHON
        if kinds & {SESSION}:
            return PYTHON if name != "as_default" else _value(SESSION)
        if name == "zero_state" and kinds & {MODULE}:
            return Value(frozenset((TENSOR,)), None, None, True)  # of the structure that the cell has
        if kinds & {OPTIMIZER} and value.holds:
            return value._replace(parts=None, holds=name != "get") if name in ("get", "values", "items") else PYTHON
        if kinds & {OPTIMIZER}:
            if name in ("minimize", "apply_gradients"):
                return _value(OP)
            if name == "compute_gradients":
                return Value(frozenset((TENSOR,)), None, None, True)
            raise Stuck(node, f"the method {name} of an optimizer has no conversion")
        if value.of_runs and not kinds & {MODULE} or kinds & {NOTHING}:
            return PYTHON if name in ("eval", "run", "numpy") else _value(TENSOR)
        if kinds == {VARIABLE} and not value.holds:
            if name in _ASSIGNS:
                return _value(OP)
            return PYTHON if name in _STATIC or name in ("eval", "load") else _value(TENSOR)
        if kinds & {MODULE}:
            return _value(TENSOR) if name not in ("build", "get_weights", "set_weights", "count_params") else PYTHON
        if kinds & {AVERAGES}:
            if name == "apply":
                return _value(OP)
            if name == "average" and arguments:
                return _value(VARIABLE) if arguments[0].kinds <= {VARIABLE} else _value(TENSOR)
            raise Stuck(node, f"{name} of a moving average has no conversion")
        if kinds & {DATASET}:
            if name in ("make_one_shot_iterator", "make_initializable_iterator"):
                return _value(ITERATOR)
            return _value(DATASET)
        if kinds & {ITERATOR}:
            return Value(frozenset((TENSOR,)), None, None, True) if name == "get_next" else _value(INITIALIZER)
        if name in ("items", "values", "keys", "get", "copy", "pop") and value.holds:
            return value._replace(parts=None, holds=name != "get")
        if name in ("merge_all",):
            return _value(SUMMARY)
        return self._computed([*arguments, value] if not value.holds else arguments)

    # Assignments and functions

    def assign(self, target: ast.expr, value: Value, env: Env) -> None:
        """Give the names of a target their values."""
        if isinstance(target, ast.Name):
            env[target.id] = value
            self.assigned.append((target.id, value))
        elif isinstance(target, (ast.Tuple, ast.List)):
            parts = value.parts
            if parts is None or len(parts) != len(target.elts):
                parts = [self.item(value)] * len(target.elts)
            for element, part in zip(target.elts, parts):
                self.assign(element.value if isinstance(element, ast.Starred) else element, part, env)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            name = target.value.id
            old = env.get(name, PYTHON)
            if value.of_runs:
                self.assigned.append((name, value))
            env[name] = Value(
                (old.kinds | value.kinds) - ({HOST} if value.kinds != {HOST} else set()), None, None, True
            )

    def statements(self, body: list[ast.stmt], env: Env, returned: list[Value]) -> None:
        """Run statements on the values of names; what is returned is collected."""
        for statement in body:
            self.statement(statement, env, returned)

    def statement(self, node: ast.stmt, env: Env, returned: list[Value]) -> None:
        """Run one statement on the values of names."""
        if isinstance(node, ast.Assign):
            value = self.eval(node.value, env)
            for target in node.targets:
                self.assign(target, value, env)
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name):
                old, new = env.get(node.target.id, PYTHON), self.eval(node.value, env)
                self.assign(node.target, self._held([old, new]) if old.holds else self._computed([old, new]), env)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self.assign(node.target, self.eval(node.value, env), env)
        elif isinstance(node, ast.Return):
            returned.append(self.eval(node.value, env))
        elif isinstance(node, ast.Expr):
            self.eval(node.value, env)
            self._mutated(node.value, env)
        elif isinstance(node, ast.If):
            self.eval(node.test, env)
            other = dict(env)
            self.statements(node.body, env, returned)
            self.statements(node.orelse, other, returned)
            for name, value in other.items():
                env[name] = self.join(env[name], value) if name in env else value
        elif isinstance(node, (ast.For, ast.While)):
            for _ in range(2):  # what the first turn binds, the second sees
                if isinstance(node, ast.For):
                    self.assign(node.target, self.turn(node.iter, env), env)
                self.statements(node.body, env, returned)
            self.statements(node.orelse, env, returned)
        elif isinstance(node, ast.With):
            for item in node.items:
                if item.optional_vars is not None:
                    self.assign(item.optional_vars, self.eval(item.context_expr, env), env)
            self.statements(node.body, env, returned)
        elif isinstance(node, ast.Try):
            self.statements(node.body, env, returned)
            for handler in node.handlers:
                self.statements(handler.body, env, returned)
            self.statements(node.orelse + node.finalbody, env, returned)
        elif isinstance(node, ast.FunctionDef):
            self.functions[node.name] = node
            env.pop(node.name, None)

    def _mutated(self, node: ast.expr, env: Env) -> None:
        """What `outputs.append(h)` makes of `outputs`."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            name = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            values = [self.eval(a, env) for a in node.args]
            kinds = frozenset().union(*(v.kinds for v in values)) - {HOST} if values else frozenset()
            if name and kinds:
                value = Value((env.get(name, PYTHON).kinds - {HOST}) | kinds, None, None, True)
                self.assign(ast.Name(name, ast.Store()), value, env)

    def returned(self, function: ast.FunctionDef, call: ast.Call, env: Env) -> Value:
        """What a call of a function of the file returns."""
        if function in self._running or len(self._running) > 20:
            return _value(TENSOR)
        inner = dict(env)
        args = function.args
        names = [a.arg for a in (*args.posonlyargs, *args.args)]
        for name in [*names, *(a.arg for a in args.kwonlyargs)]:
            inner[name] = PYTHON
        for name, argument in zip(names, call.args):
            inner[name] = self.eval(argument, env)
        for keyword in call.keywords:
            if keyword.arg:
                inner[keyword.arg] = self.eval(keyword.value, env)
        for extra in (args.vararg, args.kwarg):
            if extra is not None:
                values = [self.eval(a, env) for a in (*call.args[len(names) :], *(k.value for k in call.keywords))]
                inner[extra.arg] = self._held(values)
        returned: list[Value] = []
        self._running.append(function)
        try:
            self.statements(function.body, inner, returned)
        finally:
            self._running.pop()
        return self.join(*returned) if returned else PYTHON


def parameters(arguments: ast.arguments) -> set[str]:
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    named += [a for a in (arguments.vararg, arguments.kwarg) if a is not None]
    return {a.arg for a in named}


def kept(find: Callable[[ast.AST], set[str]]) -> Callable[[ast.AST], frozenset[str]]:
    """A function of nodes that remembers what it found as long as the node is there: no tree is ever changed."""
    known: weakref.WeakKeyDictionary[ast.AST, frozenset[str]] = weakref.WeakKeyDictionary()

    @functools.wraps(find)
    def found(node: ast.AST) -> frozenset[str]:
        names = known.get(node)
        if names is None:
            names = known[node] = frozenset(find(node))
        return names

    return found


@kept
def free_names(node: ast.AST) -> set[str]:
    """The names that a node reads and does not bind itself in a scope of its own."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    if isinstance(node, (ast.Lambda, ast.FunctionDef)):
        body = node.body if isinstance(node.body, list) else [node.body]
        inner = set().union(*(free_names(n) for n in body))
        bound = parameters(node.args)
        if isinstance(node, ast.FunctionDef):
            declared = {n for s in ast.walk(node) if isinstance(s, (ast.Global, ast.Nonlocal)) for n in s.names}
            bound |= set().union(*(bound_names(n) for n in node.body)) - declared
        outside = [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        return (inner - bound) | set().union(*(free_names(n) for n in outside), set())
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        bound = {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
        inner = set().union(*(free_names(child) for child in ast.iter_child_nodes(node)))
        return (inner - bound) | free_names(node.generators[0].iter)
    if isinstance(node, ast.For):
        inner = free_of_block(node.body, bound_names(node.target))
        return free_names(node.iter) | free_names(node.target) | inner | free_of_block(node.orelse, set())
    if isinstance(node, (ast.With, ast.If, ast.While)):
        heads = [node.test] if not isinstance(node, ast.With) else [item.context_expr for item in node.items]
        bound = (
            set()
            if not isinstance(node, ast.With)
            else {n for i in node.items if i.optional_vars for n in bound_names(i.optional_vars)}
        )
        names = set().union(*(free_names(head) for head in heads))
        return names | free_of_block(node.body, bound) | free_of_block(getattr(node, "orelse", []), set())
    names: set[str] = set().union(*(free_names(child) for child in ast.iter_child_nodes(node)))
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        names.add(node.target.id)
    return names


def free_of_block(body: list[ast.stmt], bound: set[str]) -> set[str]:
    """The names that statements read before they surely bind them."""
    names: set[str] = set()
    bound = set(bound)
    for statement in body:
        names |= free_names(statement) - bound
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom, ast.FunctionDef)):
            bound |= bound_names(statement)
        elif isinstance(statement, ast.With):
            bound |= set().union(*(bound_names(s) for s in statement.body if isinstance(s, ast.Assign)), set())
    return names


def mutated_names(node: ast.AST) -> set[str]:
    """The names of containers that a node changes: `x[i] = t`, `x.append(t)`."""
    found = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Subscript) and isinstance(inner.ctx, (ast.Store, ast.Del)):
            found |= free_names(inner.value) if isinstance(inner.value, (ast.Name, ast.Subscript)) else set()
        elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr in MUTATORS:
            if isinstance(inner.func.value, ast.Name):
                found.add(inner.func.value.id)
    return found


@kept
def bound_names(node: ast.AST) -> set[str]:
    """The names that a statement binds in its own scope."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(a.asname or a.name).partition(".")[0] for a in node.names}
    if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        return set()
    names = {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)) else set()
    if isinstance(node, ast.ExceptHandler) and node.name:
        names.add(node.name)
    return names.union(*(bound_names(child) for child in ast.iter_child_nodes(node)))
