"""Initializers: a Keras one draws the same values at each call, so it may stand only where it serves one variable."""

from __future__ import annotations

import ast
import re

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, fill, fill_template
from flake8_tf2.fix.calls import change_arguments
from flake8_tf2.fix.text import Refused
from flake8_tf2.match import condition_holds, literal_value

#: What makes one variable of the initializer that it is handed. Scopes, argument scopes and cells make several.
_ONE_VARIABLE = re.compile(
    r"(get_variable|get_local_variable|Variable|add_weight|add_variable|dense|Dense|fully_connected|Embedding"
    r"|(separable_)?conv[123]d(_transpose)?|(Separable|Depthwise)?Conv[123]D(Transpose)?)$"
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_REPEATS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


#: Initializers that a function of TF2 can stand for, which draws anew at each call: its body, and TF1's defaults.
_ANEW = {"tf.truncated_normal_initializer": ("tf.random.truncated_normal(shape", {"mean": "0.0", "stddev": "1.0"})}


def keras_initializer(site: Site, spec: dict) -> list[Edit]:
    """Write the template of a fix; where the instance may serve more than one variable a function, or none."""
    try:
        if not _serves_one(site):
            raise Refused("one Keras initializer returns the same values at every call: make one for each variable")
        return fill_template(site, spec)
    except Refused:
        known = _ANEW.get(site.match.symbol)
        if known is None or site.use.reference.call is None or "seed" in site.arguments.bound:
            raise
        return fill(site, _function(site, *known), ["dtype"])


def _function(site: Site, body: str, defaults: dict[str, str]) -> str:
    """The template of a function of the shape and the dtype; what is not a number is bound where it is made."""
    bound = site.arguments.bound
    parameters, arguments = "shape, dtype=tf.float32", ""
    for name, default in defaults.items():
        if name in bound and literal_value(bound[name].value)[1]:
            arguments += f", {name}={{{name}}}"
        elif name in bound:
            parameters += f", {name}={{{name}}}"
            arguments += f", {name}={name}"
        elif default != "0.0":
            arguments += f", {name}={default}"
    return f"lambda {parameters}: {body}{arguments}, dtype=dtype)"


def without_dtype(site: Site, spec: dict) -> list[Edit]:
    """Drop the dtype of an initializer where it is what TF2 makes without it, or where what takes it says the dtype."""
    taken = _is_argument(site.builder.parents, site.call)
    single = [{"symbol": "tf.float32"}, "float32"]
    if not taken and not condition_holds(site.builder.file, site.use, site.arguments, "dtype", single):
        raise Refused("it is not float32: give the dtype where the initializer is called")
    if "value" in site.arguments.bound and not taken and not all_floats(site.arguments.bound["value"].value):
        raise Refused("without its dtype the constant may be of another: give it where the initializer is called")
    return change_arguments(site, {"dtype": None}, {})


def all_floats(node: ast.expr) -> bool:
    """Whether a value is a float that is written here, or lists of such."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return bool(node.elts) and all(map(all_floats, node.elts))
    value, known = literal_value(node)
    return known and isinstance(value, float)


def _serves_one(site: Site) -> bool:
    parents = site.builder.parents
    call = site.use.reference.call or site.use.reference.node
    parent = parents.get(call)
    if _is_argument(parents, call) or isinstance(parent, ast.Call) and parent.func is call:
        return True
    if not isinstance(parent, ast.Assign) or [type(t) for t in parent.targets] != [ast.Name]:
        return False
    name = parent.targets[0].id
    tree = _scope(parents, parent)
    uses = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id == name and n is not parent.targets[0]]
    block = _block(parents, parent)
    return len(uses) <= 1 and all(_is_argument(parents, use) and _block(parents, use) is block for use in uses)


def _scope(parents: dict[ast.AST, ast.AST], node: ast.AST) -> ast.AST:
    """Where the names that a statement binds are known: its function, or the file."""
    while node in parents and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        node = parents[node]
    return node


def _is_argument(parents: dict[ast.AST, ast.AST], node: ast.expr) -> bool:
    """Whether a value is handed to what makes one variable of it."""
    parent = parents.get(node)
    call = parents.get(parent) if isinstance(parent, ast.keyword) else parent
    if not isinstance(call, ast.Call) or call.func is node:
        return False
    return _ONE_VARIABLE.match(getattr(call.func, "attr", None) or getattr(call.func, "id", None) or "") is not None


def _block(parents: dict[ast.AST, ast.AST], node: ast.AST) -> ast.AST:
    """The innermost function, class or loop around a node, or the module."""
    node = parents[node]
    while node in parents and not isinstance(node, _FUNCTIONS + _REPEATS):
        node = parents[node]
    return node
