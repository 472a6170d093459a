"""`tf.metrics.*` before the program is read: an object that counts, its result and its update."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_tf2.convert.layout import Rewriter
from flake8_tf2.convert.source import Source
from flake8_tf2.options import Options

_COMPARED = ("labels", "predictions", "weights")
#: For each metric the object that counts, and what its update is given.
_METRICS = {
    "tf.metrics.accuracy": ("StreamingAccuracy()", _COMPARED),
    "tf.metrics.mean": ("StreamingMean()", ("values", "weights")),
    "tf.metrics.mean_absolute_error": ('StreamingError("absolute")', _COMPARED),
    "tf.metrics.mean_squared_error": ('StreamingError("squared")', _COMPARED),
    "tf.metrics.root_mean_squared_error": ("StreamingRootError()", _COMPARED),
    "tf.metrics.precision": ("StreamingPrecision()", _COMPARED),
    "tf.metrics.recall": ("StreamingRecall()", _COMPARED),
    "tf.metrics.auc": ("StreamingAUC()", _COMPARED),
}


class Counter(NamedTuple):
    """The call that makes an object which counts, and what its update is given by name."""

    made: str
    given: dict[str, ast.expr]


def counter(file: Source, call: ast.Call) -> Counter | None:
    """What counts as a call of `tf.metrics` does; None where nothing is known that does."""
    symbol = file.symbol(call.func)
    if symbol not in _METRICS:
        return None
    made, wanted = _METRICS[symbol]
    bound = {n: a.value for n, a in file.bind(call, symbol).bound.items() if n != "name"}
    if symbol == "tf.metrics.auc" and "num_thresholds" in bound:
        made = f"StreamingAUC({file.of(bound.pop('num_thresholds'))})"
    if set(bound) - set(wanted):
        return None
    return Counter(made, {name: bound[name] for name in wanted if name in bound})


def as_objects(source: str, options: Options) -> str:
    """A source whose streaming metrics are objects: `metric.result()` and `metric.update(...)`.

    What it does not know stays as it is.
    """
    file = Source(source, options)
    rewriter = Rewriter(file)
    taken = set(file.names)
    for node in ast.walk(file.tree):
        made = counter(file, node) if isinstance(node, ast.Call) else None
        statement, picked = _statement(file, node) if made is not None else (None, None)
        if statement is None:
            continue
        given = ", ".join(f"{name}={file.of(value)}" for name, value in made.given.items())
        target = statement.targets[0]
        first = target.elts[0] if isinstance(target, ast.Tuple) else target
        name = f"{first.id}_metric" if isinstance(first, ast.Name) else "metric"
        while name in taken:
            name += "_"
        taken.add(name)
        indent = " " * statement.col_offset
        texts = [f"{name} = {made.made}"]
        if picked is not None:
            texts.append(
                f"{file.of(target)} = {name}.update({given})" if picked else f"{file.of(target)} = {name}.result()"
            )
        else:
            value, update = target.elts
            texts.append(f"{file.of(value)} = {name}.result()")
            texts.append(f"{file.of(update)} = {name}.update({given})")
        rewriter.replace(statement, f"\n{indent}".join(texts))
    return rewriter.render(0, len(file.text.text))


def _statement(file: Source, node: ast.Call) -> tuple[ast.Assign | None, int | None]:
    """The assignment that takes a metric's pair, or one of it, and which one."""
    parent = file.parents[node]
    picked = None
    if isinstance(parent, ast.Subscript) and isinstance(parent.slice, ast.Constant) and parent.slice.value in (0, 1):
        picked = parent.slice.value
        parent = file.parents[parent]
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1:
        return None, None
    target = parent.targets[0]
    if picked is None and not (isinstance(target, ast.Tuple) and len(target.elts) == 2):
        return None, None
    return parent, picked
