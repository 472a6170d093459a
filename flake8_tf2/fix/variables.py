"""`tf.get_variable` as `tf.Variable`, where it can only create a variable: at module level, or in `__init__`."""

from __future__ import annotations

import ast

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, fill
from flake8_tf2.fix.initializers import all_floats
from flake8_tf2.fix.text import Refused
from flake8_tf2.match import condition_holds, literal_value

#: Names that make `get_variable` find, rename or shape variables from elsewhere in the file.
_SCOPES = {
    "variable_scope", "variable_op_scope", "get_variable_scope", "reuse_variables", "AUTO_REUSE", "make_template",
    "arg_scope", "VariableScope", "_reuse", "reuse",
}  # fmt: skip
_UNTRANSLATED = ("regularizer", "collections", "caching_device", "partitioner", "custom_getter", "constraint")
_INTEGERS = [{"symbol": f"tf.{name}"} for name in ("int32", "int64", "int16", "int8", "uint8", "bool")]
_FLOATS = [{"symbol": f"tf.{name}"} for name in ("float32", "float64", "float16")]
#: Initializers that TF2 has, with the arguments that must be given, since their defaults differ.
_KNOWN = {
    "tf.zeros_initializer": (), "tf.ones_initializer": (), "tf.constant_initializer": ("value",),
    "tf.random_normal_initializer": ("stddev",), "tf.random_uniform_initializer": ("minval", "maxval"),
}  # fmt: skip
_KERAS = ("GlorotUniform", "GlorotNormal", "VarianceScaling", "TruncatedNormal", "Orthogonal", "HeUniform")


def get_variable(site: Site, spec: dict) -> list[Edit]:
    """Create the variable where it stands. Raises Refused where another call may share it or scopes name it."""
    _require_creation(site)
    bound = site.arguments.bound
    for name in _UNTRANSLATED:
        if name in bound and literal_value(bound[name].value) != (None, True):
            raise Refused(f"a tf.Variable has no {name}, or it means another thing")
    if "validate_shape" in bound and literal_value(bound["validate_shape"].value) != (True, True):
        raise Refused("validate_shape is not known to be True")
    value = _initial_value(site)
    drop = [*_UNTRANSLATED, "validate_shape", "use_resource", "initializer", "dtype"]
    return fill(site, f"tf.Variable({value}, trainable={{trainable?}}, name={{name}})", drop)


def variable_name(site: Site, spec: dict) -> list[Edit]:
    """`v.name` without its `:0` for `v.op.name`."""
    reference = site.use.reference
    outer = site.builder.parents.get(reference.node)
    if site.match.symbol != "tf.Variable.op" or not isinstance(outer, ast.Attribute) or outer.attr != "name":
        raise Refused("an eager variable has neither")
    end = site.text.range(reference.place)[1]
    return [site.text.edit(end - len("op"), site.text.range(outer)[1], 'name.split(":")[0]')]


def _require_creation(site: Site) -> None:
    """Refuse where the call may find a variable, or may run more than once."""
    parents = site.builder.parents
    tree = site.builder.file.references.layout.tree
    statement = site.use.reference.statement
    if not isinstance(statement, ast.Assign) or statement.value is not site.call:
        raise Refused("the variable is not kept under a name of its own")
    owner = parents.get(statement)
    if isinstance(owner, ast.FunctionDef) and owner.name == "__init__" and isinstance(parents.get(owner), ast.ClassDef):
        if any(not isinstance(base, ast.Name) or base.id != "object" for base in parents[owner].bases):
            raise Refused("its class has bases, which may keep variables in another way")
    elif not isinstance(owner, ast.Module):
        raise Refused("it may run more than once, or within a scope: create the variable in __init__")
    names = set()
    literals = 0
    name = site.arguments.bound.get("name")
    if name is None or not isinstance(name.value, ast.Constant):
        raise Refused("its name is not a literal")
    for node in ast.walk(tree):
        names.add(getattr(node, "attr", None) or getattr(node, "id", None) or getattr(node, "arg", None))
        literals += isinstance(node, ast.Constant) and node.value == name.value.value
    if names & _SCOPES:
        raise Refused("the file has variable scopes or reuse")
    if literals > 1:
        raise Refused("its name is said again, and may find the same variable")


def _initial_value(site: Site) -> str:
    """The template of the value that the variable starts with."""
    bound, file, use = site.arguments.bound, site.builder.file, site.use

    def holds(name: str, condition: object) -> bool:
        return condition_holds(file, use, site.arguments, name, condition)

    shape = bound.get("shape")
    initializer = bound.get("initializer")
    if initializer is not None and literal_value(initializer.value) == (None, True):
        initializer = None
    if shape is None:
        if initializer is None or not all_floats(initializer.value) or "dtype" in bound:
            raise Refused("without a shape the initializer must be a literal of floats")
        return "{initializer}"
    if not isinstance(shape.value, (ast.List, ast.Tuple)):
        raise Refused("its shape is not a list")
    is_float = holds("dtype", ["absent", *_FLOATS])
    if not is_float and not holds("dtype", _INTEGERS):
        raise Refused("its dtype is not known")
    dtype = ", {dtype}" if "dtype" in bound and not holds("dtype", _FLOATS[0]) else ""
    if initializer is None:
        if is_float:
            return f"tf.keras.initializers.GlorotUniform()({{shape}}{dtype})"
        return "tf.zeros({shape}, {dtype})"
    value = initializer.value
    function = value.func if isinstance(value, ast.Call) else value
    found = file.resolver.values(function, use.reference.scope, use.reference.block)
    symbols = {file.table.canonical(v.name) if v.kind == "symbol" else "" for v in found}
    symbol = symbols.pop() if len(symbols) == 1 else ""
    symbol = next((known for known in _KNOWN if file.table.canonical(known) == symbol), symbol)
    if not isinstance(value, ast.Call):
        if symbol in ("tf.zeros_initializer", "tf.ones_initializer"):
            return f"{{initializer}}()({{shape}}{dtype})"
        raise Refused("its initializer is not a call that stands here")
    row = file.table.row(symbol) if symbol else None
    given = _given(value, file.table.signature(row.tf1) if row is not None else ())
    wanted = _KNOWN.get(symbol, () if symbol.rpartition(".")[2] in _KERAS and ".keras." in symbol else None)
    if wanted is None:
        raise Refused("its initializer is none that TF2 has")
    if not set(wanted) <= given or "dtype" in given:
        raise Refused("its initializer relies on a default that changed, or says a dtype")
    if symbol not in ("tf.zeros_initializer", "tf.ones_initializer", "tf.constant_initializer") and "seed" in given:
        raise Refused("a seed gives other values in TF2")
    if symbol == "tf.constant_initializer" and not dtype:
        value = value.args[0] if value.args else value.keywords[0].value
        if not all_floats(value):
            dtype = ", tf.float32"
    return f"{{initializer}}({{shape}}{dtype})"


def _given(call: ast.Call, signature: tuple) -> set[str]:
    """The parameters that a call gives, but for None; a star gives those that no fix can tell."""
    if any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords):
        raise Refused("a star hides arguments of its initializer")
    positional = [parameter.name for parameter in signature if parameter.name != "self"]
    if len(call.args) > len(positional):
        raise Refused("the arguments of its initializer are not known")
    given = {**dict(zip(positional, call.args)), **{k.arg: k.value for k in call.keywords}}
    return {name for name, value in given.items() if literal_value(value) != (None, True)}
