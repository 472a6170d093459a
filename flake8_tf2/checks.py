"""Checks of structure: findings that are about more than one name.

Each takes a file and its references, and yields what it found; the rule file that names the function says the code and
the message.
"""

import ast
import functools
import re
from typing import Iterator, NamedTuple, Sequence

from flake8_tf2.finding import Severity
from flake8_tf2.context import File
from flake8_tf2.names.references import Place, Reference, place_of
from flake8_tf2.names.scopes import Scope
from flake8_tf2.names.values import UNKNOWN, Value, chain_of


class Found(NamedTuple):
    """A place that a check reports. severity: None where the rule says it. evident, reference: see context.Match."""

    place: Place
    symbol: str = ""
    severity: Severity | None = None
    certain: bool = True
    spelling: str = "native"
    evident: bool = False
    fields: dict[str, str] = {}
    reference: Reference | None = None


_EQUALITY = ast.Eq, ast.NotEq
_MEMBERSHIP = ast.In, ast.NotIn


def tensor_equality(file: File, references: list[Reference]) -> Iterator[Found]:
    """`==` and `!=` between tensors: identity in TF1, elementwise in TF2."""
    if not _may_be_tf1(file, references):
        return
    for node, scope, block, _ in file.references.compares:
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, node.comparators):
            if isinstance(operator, _MEMBERSHIP):
                tensor = _tensor(file, left, scope, block)
                if tensor is not None:
                    place = Place(left.lineno, left.col_offset, right.end_lineno, right.end_col_offset)
                    word = "in" if isinstance(operator, ast.In) else "not in"
                    yield Found(place, "tf.Tensor.__eq__", spelling=tensor.spelling, fields={"argument": word})
                continue
            if not isinstance(operator, _EQUALITY) or _is_string(left) or _is_string(right):
                continue
            tensor = _tensor(file, left, scope, block) or _tensor(file, right, scope, block)
            if _is_none(left) or _is_none(right):  # a tensor is unequal to None in both; a variable raises in TF2
                tensor = tensor if tensor is not None and file.resolver.is_a(tensor, "tf.Variable") else None
            if tensor is not None:
                sign = "==" if isinstance(operator, ast.Eq) else "!="
                place = Place(left.lineno, left.col_offset, right.end_lineno, right.end_col_offset)
                yield Found(place, "tf.Tensor.__eq__", spelling=tensor.spelling, fields={"argument": sign})


def _may_be_tf1(file: File, references: list[Reference]) -> bool:
    """Whether tensors of the file can be TF1's: elsewhere these spellings mean what they say."""
    return file.is_tf1 or any(reference.spelling == "compat" for reference in references)


def _is_string(node: ast.expr) -> bool:
    return node.__class__ is ast.Constant and node.value.__class__ is str


def _is_none(node: ast.expr) -> bool:
    return node.__class__ is ast.Constant and node.value is None


def tensor_as_key(file: File, references: list[Reference]) -> Iterator[Found]:
    """Tensors as keys of a dict or items of a set: hashed by identity in TF1, unhashable in TF2."""
    if not _may_be_tf1(file, references):
        return
    feeds = _feeds(references) if file.references.displays or file.references.hashed else set()
    for node, scope, block, _ in file.references.displays:
        if node in feeds:
            continue
        keys = node.keys if isinstance(node, ast.Dict) else node.elts
        for key in keys:
            tensor = key is not None and _tensor(file, key, scope, block)
            if tensor:
                yield Found(place_of(key), "tf.Tensor.__hash__", spelling=tensor.spelling)
                break  # one finding says it for the whole display
    for node, scope, block in file.references.hashed:
        if node in feeds:
            continue
        if not isinstance(node, ast.Call):
            key = node.key if isinstance(node, ast.DictComp) else node.elt
            tensor = _tensor(file, key, scope, block)
        elif file.resolver.is_builtin(node.func.id, scope):
            key = node
            tensor = _all_tensors(file, file.resolver.items(node.args[0], scope, block))
        else:
            continue
        if tensor is not None:
            yield Found(place_of(key), "tf.Tensor.__hash__", spelling=tensor.spelling)
    for node, scope, block, _ in file.references.stores:
        tensor = _tensor(file, node.slice, scope, block)
        if tensor is None:
            continue
        values = file.resolver.values(node.value, scope, block)
        name = (getattr(node.value, "id", None) or getattr(node.value, "attr", None) or "").lower()
        if (
            any(v.kind == "container" and isinstance(v.node, ast.Dict) for v in values)
            or "dict" in name
            or "feed" in name
        ):
            yield Found(place_of(node.slice), "tf.Tensor.__hash__", spelling=tensor.spelling)


def _feeds(references: list[Reference]) -> set[ast.AST]:
    """The arguments of session runs and evaluations, where tensors as keys are feeds."""
    feeds: set[ast.AST] = set()
    for reference in references:
        if reference.call is not None and reference.receiver is not None:
            feeds.update(reference.call.args)
            feeds.update(keyword.value for keyword in reference.call.keywords)
    return feeds


def _tensor(file: File, node: ast.expr, scope: Scope, block: int) -> Value | None:
    """The tensor that an expression surely is, or None."""
    if node.__class__ is ast.Constant:  # by far the most frequent
        return None
    return _all_tensors(file, file.resolver.values(node, scope, block))


def _all_tensors(file: File, values: Sequence[Value]) -> Value | None:
    """The first of values that are surely tensors, all of them, or None."""
    for value in values:
        if not (value.certain and file.resolver.is_tensor(value)):
            return None
    return values[0] if values else None


def star_import(file: File, references: list[Reference]) -> Iterator[Found]:
    """`from tensorflow import *`, and from a module that TF2 does not have."""
    for imported in file.references.layout.imports:
        if imported.exempt or not imported.path.endswith(".*"):
            continue
        value = file.resolver.imported(imported.path[:-2])
        if value is UNKNOWN or value.spelling in ("private", "other") or not file.resolver.known(value.name):
            continue
        if value.name == "tf" or not file.table.resolves(value.name, file.options.target_version):
            gone = value.name != "tf" and value.spelling != "compat"
            severity = Severity.ERROR if gone else Severity.WARNING
            yield Found(place_of(imported.node), value.name, severity, spelling=value.spelling, evident=True)


def dynamic_lookup(file: File, references: list[Reference]) -> Iterator[Found]:
    """`getattr(tf, name)` with a name that only the run knows."""
    for node, symbol, value, *_ in file.references.dynamic:
        yield Found(place_of(node), symbol, spelling=value.spelling)


def compat_import(file: File, references: list[Reference]) -> Iterator[Found]:
    """Imports of `tensorflow.compat.v1` and of its modules."""
    for imported in file.references.layout.imports:
        if imported.exempt or imported.path.endswith(".*"):
            continue
        value = file.resolver.imported(imported.path)
        if value.spelling == "compat" and (value.name == "tf" or file.table.is_module(value.name)):
            if file.table.known(value.name) or value.name == "tf":
                yield Found(place_of(imported.node), value.name, Severity.WARNING, spelling="compat", evident=True)


_VARIABLES = {"tf.Variable", "tf.get_variable", "tf.contrib.framework.variable", "tf.contrib.framework.model_variable"}
#: What makes layers with weights. Of contrib only these words: the modules have much else besides.
_LAYERS = ("tf.layers.", "tf.keras.layers.")
_NO_LAYERS = ("InputSpec", "flatten", "Flatten", "dropout", "Dropout", "pool", "Pool", "Input")
_CONTRIB_LAYERS = (
    r"tf\.contrib\.(layers|slim)\.(\w*conv\w*|(legacy_)?(fully_connected|linear|relu)|relu6|elu|\w+_norm"
    r"|gdn|GDN|bias_add|embed_sequence|bow_encoder|spatial_softmax|stack|repeat|\w*from_feature_columns)"
    r"|tf\.(nn\.rnn_cell|contrib\.rnn)\.(?!Dropout|Residual|Device|Highway|Multi)\w*(Cell|LSTM)"
)
_PROGRAM = (
    "tf.placeholder",
    "tf.Session",
    "tf.train.",
    "tf.gradients",
    "tf.losses.",
    "tf.GradientTape",
    "tf.keras.optimizers.",
)
_CONTAINERS = ("tf.Module", "tf.keras.layers.Layer", "tf.keras.Model", "tf.layers.Layer")


def container(file: File, references: list[Reference]) -> Iterator[Found]:
    """Plain classes that own TensorFlow state or build layers, with the container that TF2 has for what they do."""
    if not file.references.layout.classes:
        return
    roots = {cls: _root(file, cls) for cls in file.references.layout.classes}
    owned: dict[Scope, Scope | None] = {}  # for each scope with references, the topmost class around it
    contents: dict[Scope, list[Reference]] = {}
    for reference in references:
        scope = reference.scope
        if scope not in owned:
            owned[scope] = roots.get(_class_around(scope))
        root = owned[scope]
        if root is not None and reference.receiver is None:
            contents.setdefault(root, []).append(reference)
    for cls, inside in contents.items():
        calls = [r for r in inside if r.kind == "call"]
        variables = [r for r in calls if r.symbol in _VARIABLES]
        layers = [r for r in calls if _builds_layer(r.symbol)]
        if not variables and not layers:
            continue
        choice, reason = _choose(cls, inside, variables, layers)
        names_tf1 = any(not file.table.resolves(r.symbol, file.options.target_version) for r in variables + layers)
        severity = Severity.WARNING if names_tf1 else Severity.HINT
        node = cls.node
        column = node.col_offset + len("class ")
        place = Place(node.lineno, node.col_offset, node.lineno, column + len(node.name.encode()))
        yield Found(
            place,
            "",
            severity,
            spelling="native",
            evident=True,
            fields={"container": choice, "reason": reason, "symbol": node.name},
        )


@functools.lru_cache(maxsize=4096)
def _builds_layer(symbol: str) -> bool:
    if re.fullmatch(_CONTRIB_LAYERS, symbol):
        return "unit_norm" not in symbol
    return symbol.startswith(_LAYERS) and not any(word in symbol for word in _NO_LAYERS)


def _class_around(scope: Scope | None) -> Scope | None:
    while scope is not None and scope.kind != "class":
        scope = scope.parent
    return scope


def _root(file: File, cls: Scope) -> Scope | None:
    """The topmost class of the file above a class; None where some base is not of the file, except object."""
    for _ in range(20):
        values = [v for v in file.resolver.base_values(cls)]
        names = [getattr(b, "id", None) for b in cls.node.bases]
        above = [v for v in values if v.kind == "class"]
        if above:
            cls = above[0].scope
            continue
        return cls if all(name == "object" for name in names) else None
    return None


def _choose(
    cls: Scope, inside: list[Reference], variables: list[Reference], layers: list[Reference]
) -> tuple[str, str]:
    """The container for a class, and why."""
    methods = {name for name, bindings in cls.bindings.items() if any(b.kind == "function" for b in bindings)}
    program = any(r.symbol.startswith(_PROGRAM) for r in inside)
    if methods & {"compile", "fit"} or any(r.symbol in ("tf.keras.Model", "tf.keras.models.Model") for r in inside):
        return "tf.keras.Model", "compile and fit"
    if layers and not variables and not program and _is_stack(layers, inside):
        return "tf.keras.Sequential", "a plain stack of layers"
    if layers:
        return "tf.keras.Model", "owns layers"
    if program or not methods & {"__call__", "call", "forward"}:
        return "tf.Module", "custom loop over its variables"
    return "tf.keras.layers.Layer", "a block that owns variables"


def _is_stack(layers: list[Reference], inside: list[Reference]) -> bool:
    """Whether each layer is applied to the result of the one before, and nothing else is computed."""
    if len(layers) < 2 or len({r.scope for r in layers}) != 1:
        return False
    others = [r for r in inside if r.kind == "call" and r not in layers and not r.symbol.endswith("_initializer")]
    if others:
        return False
    before = None
    for layer in layers:
        statement = layer.statement
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            return isinstance(statement, ast.Return) and layer is layers[-1]
        applied = layer.call.args[0] if layer.call.args else None
        if before is not None and getattr(applied, "id", None) != before:
            return False
        before = statement.targets[0].id
    return True


_COMPILES = {"tf.keras.models.Model.compile", "tf.keras.models.Sequential.compile"}


def metric_names(file: File, references: list[Reference]) -> Iterator[Found]:
    """The metric "accuracy" of a file that reads it as "acc" or "val_acc", TF1's names of it."""
    if "accuracy" not in file.source or "compile" not in file.source:
        return
    compiles = [r for r in references if r.symbol in _COMPILES and r.call is not None]
    if not compiles:
        return
    names = set(_names_read(file.references.layout.tree))
    if any(name.endswith("accuracy") for name in names) or not any(name.endswith("acc") for name in names):
        return
    for reference in compiles:
        call = reference.call
        metrics = [*call.args[2:3], *(keyword.value for keyword in call.keywords if keyword.arg == "metrics")]
        for node in (inner for value in metrics for inner in ast.walk(value)):
            if isinstance(node, ast.Constant) and node.value == "accuracy":
                yield Found(
                    place_of(node), reference.symbol, certain=reference.certain, evident=True, reference=reference
                )


def _names_read(tree: ast.Module) -> Iterator[str]:
    """The names by which a file asks for metrics: `history.history["acc"]`, `logs.get("acc")`, `monitor="val_acc"`."""
    for node in ast.walk(tree):
        key = None
        if isinstance(node, ast.keyword) and node.arg == "monitor":
            key = node.value
        elif isinstance(node, ast.Subscript) and _is_history(node.value):
            key = node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            key = node.args[0] if node.args and _is_history(node.func.value) else None
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value


def _is_history(node: ast.expr) -> bool:
    return (getattr(node, "attr", None) or getattr(node, "id", None)) in ("history", "hist", "logs", "epoch_logs")


def hub_call(file: File, references: list[Reference]) -> Iterator[Found]:
    """Calls of a `hub.Module`, which what `hub.load` returns takes in another way."""
    layout = file.references.layout
    if "tensorflow_hub" not in layout.packages or not any(reference.symbol == "hub.Module" for reference in references):
        return
    for scope, block, expressions, _ in layout.entries:
        for node in (inner for expression in expressions for inner in ast.walk(expression)):
            if not isinstance(node, ast.Call) or getattr(chain_of(node.func)[1], "id", None) in file.resolver.plain:
                continue  # what an import gives is no instance
            values = file.resolver.values(node.func, scope, block)
            if values and all(value.kind == "instance" and value.name == "hub.Module" for value in values):
                certain = all(value.certain for value in values)
                yield Found(place_of(node), "hub.Module.__call__", certain=certain, evident=True)


#: By the key `check` of a rule file. Those of files that do not parse are reported by `lint` itself.
CHECKS = {
    "tensor_equality": tensor_equality,
    "tensor_as_key": tensor_as_key,
    "star_import": star_import,
    "dynamic_lookup": dynamic_lookup,
    "hub_call": hub_call,
    "metric_names": metric_names,
    "compat_import": compat_import,
    "container": container,
}
