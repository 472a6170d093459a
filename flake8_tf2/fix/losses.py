"""Losses: the losses of the elements, weighted and reduced as TF1's functions did; they may go only where the file
does not read the collection that they also add to."""

from __future__ import annotations

import ast
from typing import NamedTuple

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, fill, fill_template
from flake8_tf2.fix.text import Refused
from flake8_tf2.match import condition_holds, literal_value

_READERS = {"get_total_loss", "get_losses", "create_train_op", "create_clones", "optimize_clones"}
_REGULARIZATION_READERS = _READERS - {"get_losses"} | {"get_regularization_loss", "get_regularization_losses"}

#: The values of tf.losses.Reduction. SUM_OVER_NONZERO_WEIGHTS is the default's old name.
_REDUCTIONS = {
    "none": "NONE",
    "weighted_sum": "SUM",
    "weighted_mean": "MEAN",
    "weighted_sum_over_batch_size": "SUM_OVER_BATCH_SIZE",
    "weighted_sum_by_nonzero_weights": "SUM_BY_NONZERO_WEIGHTS",
}


class _Elements(NamedTuple):
    """The losses of the elements, as a template. dtype: theirs. like: a template of a tensor of their shape.

    mean: their mean, where TF2 has a shorter way to it. flat: whether weighted ones become one axis, since TF1 took
    weights of shape [batch, 1] beside losses of shape [batch]. sum: whether the template is a sum of terms.
    """

    template: str
    dtype: str
    like: str
    mean: str = ""
    flat: bool = False
    sum: bool = False


_LABELS, _PREDICTIONS = "tf.cast({labels}, tf.float32)", "tf.cast({predictions}, tf.float32)"
_COSINE = f"tf.reduce_sum({_PREDICTIONS} * {_LABELS}, {{axis}}"
_ELEMENTS = {
    "absolute_difference": _Elements(f"tf.abs({_PREDICTIONS} - {_LABELS})", "tf.float32", "{predictions}"),
    "mean_squared_error": _Elements(
        f"tf.math.squared_difference({_PREDICTIONS}, {_LABELS})", "tf.float32", "{predictions}"
    ),
    "huber_loss": _Elements(
        # Keras takes the mean over the last axis: over one of one element that is the element.
        "tf.keras.losses.huber(tf.expand_dims({labels}, -1), tf.expand_dims({predictions}, -1), {delta=1.0})",
        "tf.float32",
        "{predictions}",
        "tf.keras.losses.Huber({delta=1.0})({labels}, {predictions})",
    ),
    "log_loss": _Elements(
        f"-{_LABELS} * tf.math.log({_PREDICTIONS} + {{epsilon=1e-7}})"
        f" - (1 - {_LABELS}) * tf.math.log(1 - {_PREDICTIONS} + {{epsilon=1e-7}})",
        "tf.float32",
        "{predictions}",
        sum=True,
    ),
    "hinge_loss": _Elements(
        f"tf.nn.relu(1 - (2 * {_LABELS} - 1) * tf.cast({{logits}}, tf.float32))", "tf.float32", "{logits}"
    ),
    "cosine_distance": _Elements(
        f"1 - {_COSINE}, keepdims=True)",
        "tf.float32",
        "tf.reduce_sum({predictions}, {axis}, keepdims=True)",
        f"tf.reduce_mean(1 - {_COSINE}))",
        sum=True,
    ),
    "sigmoid_cross_entropy": _Elements(
        "tf.nn.sigmoid_cross_entropy_with_logits("
        "labels=tf.cast({multi_class_labels}, {logits}.dtype), logits={logits})",
        "{logits}.dtype",
        "{logits}",
    ),
    "softmax_cross_entropy": _Elements(
        "tf.nn.softmax_cross_entropy_with_logits("
        "labels=tf.stop_gradient(tf.cast({onehot_labels}, {logits}.dtype)), logits={logits})",
        "{logits}.dtype",
        "{logits}[..., 0]",
    ),
    "sparse_softmax_cross_entropy": _Elements(
        "tf.nn.sparse_softmax_cross_entropy_with_logits(labels={labels}, logits={logits})",
        "{logits}.dtype",
        "{labels}",
        flat=True,
    ),
    "compute_weighted_loss": _Elements("{losses}", "{losses}.dtype", "{losses}"),
}
_SMOOTHED = {
    "sigmoid_cross_entropy": " * (1 - {label_smoothing}) + 0.5 * {label_smoothing}",
    "softmax_cross_entropy": " * (1 - {label_smoothing})"
    " + {label_smoothing} / tf.cast(tf.shape({logits})[-1], {logits}.dtype)",
}


def loss(site: Site, spec: dict) -> list[Edit]:
    """Write a loss out; raises Refused where the file reads the collection of losses."""
    bound = site.arguments.bound
    elements = _elements(site)
    _require_not_collected(site)
    reduction = _reduction(site)
    template = _reduced(elements, reduction, _weight(site))
    if "dim" in bound and "axis" not in bound:
        template = template.replace("{axis}", "{dim}")
    return fill(site, template, ["weights", "reduction", "label_smoothing", "scope", "loss_collection"])


def _require_not_collected(site: Site) -> None:
    collection = site.arguments.bound.get("loss_collection")
    if collection is not None:
        if literal_value(collection.value) == (None, True):
            return
        raise Refused("it names the collection that it adds to")
    _require_not_read(site, _READERS | {"LOSSES"}, "losses")


def _require_not_read(site: Site, readers: set[str], collection: str) -> None:
    """Refuse a call whose result is not used, or is in a collection that the file reads by these names."""
    statement = site.use.reference.statement
    if isinstance(statement, ast.Expr) and statement.value is site.call:
        raise Refused("its result is not used here: what it is for is the collection that it adds to")
    for node in ast.walk(site.builder.file.references.layout.tree):
        name = getattr(node, "attr", None) or getattr(node, "id", None)
        if name in readers or isinstance(node, ast.Constant) and node.value == collection:
            raise Refused("the file reads the collection that it is added to")


def regularization(site: Site, spec: dict) -> list[Edit]:
    """Write the template of a penalty; raises Refused where the file reads the collection of penalties."""
    _require_not_read(site, _REGULARIZATION_READERS | {"REGULARIZATION_LOSSES"}, "regularization_losses")
    return fill_template(site, spec)


def _elements(site: Site) -> _Elements:
    name = site.match.symbol.rpartition(".")[2]
    elements = _ELEMENTS.get(name)
    if elements is None:
        raise Refused("its elements are rows: write it out, as the page of the rule does")
    if ".contrib." in site.match.symbol and name == "sparse_softmax_cross_entropy":
        elements = elements._replace(template=elements.template.replace("{labels}", "tf.reshape({labels}, [-1])"))
    smoothing = site.arguments.bound.get("label_smoothing")
    if smoothing is None or name not in _SMOOTHED:
        return elements
    value, known = literal_value(smoothing.value)
    if known and value == 0:
        return elements
    if known and not (isinstance(value, (int, float)) and value > 0):
        raise Refused("its label smoothing is no number above 0")
    labels = "tf.cast({" + ("multi_class" if name.startswith("sigmoid") else "onehot") + "_labels}, {logits}.dtype)"
    return elements._replace(template=elements.template.replace(labels, labels + _SMOOTHED[name]))


def _reduction(site: Site) -> str:
    """The name of the reduction in TF1's class."""
    given = site.arguments.bound.get("reduction")
    if given is None and site.match.symbol.endswith("contrib.losses.hinge_loss"):
        return "NONE"
    if given is None:
        return "SUM_BY_NONZERO_WEIGHTS"
    value, known = literal_value(given.value)
    if known and value in _REDUCTIONS:
        return _REDUCTIONS[value]
    for name in [*_REDUCTIONS.values(), "SUM_OVER_NONZERO_WEIGHTS"]:
        symbol = {"symbol": f"tf.losses.Reduction.{name}"}
        if condition_holds(site.builder.file, site.use, site.arguments, "reduction", symbol):
            return "SUM_BY_NONZERO_WEIGHTS" if name == "SUM_OVER_NONZERO_WEIGHTS" else name
    raise Refused("which reduction it takes is not seen here")


def _weight(site: Site) -> str:
    """What the weights are: one, a number that is not 0, or any."""
    given = site.arguments.bound.get("weights")
    if given is None:
        return "one"
    value, known = literal_value(given.value)
    if known and isinstance(value, (int, float)) and not isinstance(value, bool) and value:
        return "one" if value == 1 else "number"
    if ".contrib." in site.match.symbol:
        raise Refused("its weights are those of rows, or of elements: which is not seen here")
    return "any"


def _reduced(elements: _Elements, reduction: str, weight: str) -> str:
    """The template of the losses, weighted and reduced."""
    template = elements.template
    operand = f"({template})" if elements.sum else template
    factor = " * {weights}" if weight == "number" else ""
    if weight != "any":
        if reduction == "NONE":
            return operand + factor if factor else template
        if reduction == "SUM":
            return f"tf.reduce_sum({template}){factor}"
        # The mean that is weighted with one number has it in its divisor, too.
        return (elements.mean or f"tf.reduce_mean({template})") + (factor if reduction != "MEAN" else "")
    weights, like = f"tf.cast({{weights}}, {elements.dtype})", elements.like
    if elements.flat and reduction == "NONE":
        raise Refused("its weights may have an axis of one more than the losses, which TF1 took away")
    if elements.flat:
        operand, weights, like = (f"tf.reshape({part}, [-1])" for part in (template, weights, like))
    weighted = f"{operand} * {weights}"
    if reduction == "NONE":
        return weighted
    if reduction == "SUM_OVER_BATCH_SIZE":
        return f"tf.reduce_mean({weighted})"
    if reduction == "SUM":
        return f"tf.reduce_sum({weighted})"
    spread = f"{weights} * tf.ones_like({like}, {elements.dtype})"
    if reduction == "MEAN":
        return f"tf.math.divide_no_nan(tf.reduce_sum({weighted}), tf.reduce_sum({spread}))"
    return (
        f"tf.math.divide_no_nan(tf.reduce_sum({weighted}), tf.math.count_nonzero({spread}, dtype={elements.dtype}))"
    )
