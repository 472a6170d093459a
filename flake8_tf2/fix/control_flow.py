"""Fixes of tf.cond and tf.while_loop: TF1 unpacked lists of one tensor, TF2 gives back the structure that it got."""

from __future__ import annotations

import ast

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, fill_template, rename
from flake8_tf2.fix.calls import change_arguments, is_one, unwrapped
from flake8_tf2.fix.text import Refused


_BRANCHES = (("true_fn", "fn1"), ("false_fn", "fn2"))


def cond_of_one(site: Site, spec: dict) -> list[Edit]:
    """Take the list or tuple around the one tensor of each branch away."""
    edits = []
    for branch in _branches(site):
        body = getattr(branch, "body", None)
        if not isinstance(branch, ast.Lambda) or not is_one(body):
            raise Refused("one of the branches is no lambda that returns one tensor in a list")
        element = body.elts[0]
        if isinstance(element, ast.Constant):
            raise Refused("a branch returns a number, which TF1 made a tensor")
        edits += unwrapped(site, body)
    return edits


def strict_cond(site: Site, spec: dict) -> list[Edit]:
    """Drop `strict`. Where the branches return lists of one, the list goes around the call: TF1 reads that alike."""
    dropped = change_arguments(site, {"strict": None}, {})
    kinds = [type(b.body) for b in _branches(site) if isinstance(b, ast.Lambda) and is_one(b.body)]
    if not kinds:
        return dropped
    if len(kinds) != 2 or kinds[0] is not kinds[1]:
        raise Refused("one branch returns a list of one tensor, the other is not seen to")
    return [*dropped, *cond_of_one(site, spec), *_enclosed(site, kinds[0])]


def smart_cond(site: Site, spec: dict) -> list[Edit]:
    """Write the template, unless a branch returns a list of one: TF1 unpacked it for a tensor, and not for a bool."""
    if any(is_one(getattr(branch, "body", None)) for branch in _branches(site)):
        raise Refused("a branch returns a list of one tensor, which TF1 unpacked where the predicate was a tensor")
    return fill_template(site, spec)


def while_loop_structure(site: Site, spec: dict) -> list[Edit]:
    """Drop `return_same_structure`. A list of one goes around the call, and its item is taken: as TF157 wants it."""
    dropped = change_arguments(site, {"return_same_structure": None}, {})
    variables = site.arguments.bound["loop_vars"].value if "loop_vars" in site.arguments.bound else None
    statement = site.use.reference.statement
    unpacked = isinstance(statement, ast.Assign) and isinstance(statement.targets[0], (ast.List, ast.Tuple))
    if not is_one(variables) or unpacked and statement.value is site.call:
        return dropped
    return [*dropped, *_enclosed(site, type(variables), "[0]")]


def without_back_prop(site: Site, spec: dict) -> list[Edit]:
    """Stop the gradient at each result, for `back_prop=False`."""
    if "TensorArray" in site.text.text:
        raise Refused("a TensorArray has no gradient to stop: put tf.stop_gradient around the tensors of the result")
    dropped = change_arguments(site, {"back_prop": None}, {})
    stopped, edits = site.spelled("tf.nest.map_structure(tf.stop_gradient)")
    start, end = site.text.range(site.call)
    if is_one(site.arguments.bound["loop_vars"].value if "loop_vars" in site.arguments.bound else None):
        outer = site.builder.parents.get(site.call)
        if not isinstance(outer, ast.Subscript):
            raise Refused("TF1 returned its one variable without a list: take it out of TF2's first")
        end = site.text.range(outer)[1]
    return [
        *edits,
        *dropped,
        *rename(site, "tf.while_loop"),
        site.text.edit(start, start, stopped[:-1] + ", "),
        site.text.edit(end, end, ")"),
    ]


def _branches(site: Site) -> list[ast.expr | None]:
    bound = site.arguments.bound
    return [next((bound[name].value for name in names if name in bound), None) for names in _BRANCHES]


def _enclosed(site: Site, kind: type, item: str = "") -> list[Edit]:
    """The edits that put the call, or an item of it, into a list or tuple of one."""
    start, end = site.text.range(site.call)
    opening, closing = ("[", "]") if kind is ast.List else ("(", ",)")
    return [site.text.edit(start, start, opening), site.text.edit(end, end, item + closing)]


def while_loop_of_one(site: Site, spec: dict) -> list[Edit]:
    """The one item of what TF2 returns; a body that returned the bare tensor returns it in a list."""
    bound = site.arguments.bound
    variables = bound["loop_vars"].value if "loop_vars" in bound else None
    body = bound["body"].value if "body" in bound else None
    if not is_one(variables):
        raise Refused("its loop variables are not written here")
    end = site.text.range(site.call)[1]
    edits = [site.text.edit(end, end, "[0]"), *rename(site, "tf.while_loop")]
    if not isinstance(body, ast.Lambda):
        if _returns_one(site, body, type(variables)):
            return edits
        raise Refused("its body is not seen to return its variable in a list, as the loop variables are")
    returned = body.body
    if isinstance(returned, (ast.List, ast.Tuple)):
        if type(returned) is type(variables) and is_one(returned):
            return edits
        raise Refused("its body returns another structure than its loop variables")
    if not _is_tensor(site, returned, {argument.arg for argument in body.args.args}):
        raise Refused("its body may return a list")
    start, last = site.text.range(returned)
    opening, closing = ("[", "]") if isinstance(variables, ast.List) else ("(", ",)")
    return [site.text.edit(start, start, opening), site.text.edit(last, last, closing), *edits]


def _is_tensor(site: Site, node: ast.expr, names: set[str]) -> bool:
    """Whether an expression is a tensor as far as its look tells: arithmetic, a loop variable, a function of TF."""
    if isinstance(node, ast.BinOp):
        return _is_tensor(site, node.left, names) or _is_tensor(site, node.right, names)
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Call):
        reference = site.use.reference
        found = site.builder.file.resolver.values(node.func, reference.scope, reference.block)
        rows = [site.builder.file.table.row(v.name) if v.kind == "symbol" else None for v in found]
        plain = ("tf.", "tf.math.", "tf.nn.", "tf.linalg.")
        many = {f"tf.{n}" for n in ("split", "unstack", "meshgrid", "while_loop", "cond", "case", "py_func", "tuple")}
        names = {row.name for row in rows if row is not None}
        return bool(rows) and all(rows) and all(n.rpartition(".")[0] + "." in plain for n in names) and not names & many
    return False


def _returns_one(site: Site, body: ast.expr | None, kind: type) -> bool:
    """Whether the function that a name stands for returns its one value in such a display, wherever it returns."""
    if body is None:
        return False
    reference = site.use.reference
    found = site.builder.file.resolver.values(body, reference.scope, reference.block)
    returned = [r for value in found if value.kind == "function" and value.scope for r in value.scope.returns]
    return bool(returned) and len(found) == 1 and all(type(r) is kind and is_one(r) for r in returned)
