"""Fixes of Keras: arguments that became other objects, and results that depend on the model."""

from __future__ import annotations

import ast
import re

from flake8_tf2.finding import Edit
from flake8_tf2.fix.build import Site, delete_statement, fill
from flake8_tf2.fix.calls import change_arguments
from flake8_tf2.fix.text import Refused
from flake8_tf2.match import literal_value

#: Attributes and callbacks that read or set the rate of an optimizer, which a schedule does not allow.
_RATE_ATTRIBUTES = {"lr", "learning_rate"}
_RATE_CALLBACKS = {"ReduceLROnPlateau", "LearningRateScheduler"}


def decayed_rate(site: Site, spec: dict) -> list[Edit]:
    """The rate and `decay` of an optimizer as a schedule, unless the file reads or sets the rate itself."""
    if site.match.symbol.endswith("Nadam"):
        raise Refused("Nadam is another formula in Keras 3")
    for node in ast.walk(site.builder.file.references.layout.tree):
        attribute = getattr(node, "attr", None)
        if attribute in _RATE_ATTRIBUTES or (attribute or getattr(node, "id", None)) in _RATE_CALLBACKS:
            raise Refused(f"line {node.lineno} reads or sets the rate, which a schedule does not allow")
    text, bound = site.text, site.arguments.bound
    decay = text.of(bound["decay"].value)
    if "\n" in decay:
        raise Refused("its decay takes several lines")
    schedule, edits = site.spell("tf.keras.optimizers.schedules.InverseTimeDecay")
    if "learning_rate" not in bound:
        default = "0.01" if site.match.symbol.endswith("SGD") else "0.001"
        added = {"learning_rate": f"{schedule}({default}, 1, {decay})"}
        return edits + change_arguments(site, {"decay": None}, added, moved={"decay"})
    rate = text.arguments(site.call)[bound["learning_rate"].value]
    edits.append(text.edit(rate.value, rate.value, f"{schedule}("))
    edits.append(text.edit(rate.end, rate.end, f", 1, {decay})"))
    return edits + change_arguments(site, {"decay": None}, {}, moved={"decay"})


#: Methods that train, and functions that read or change the learning phase.
_OF_PHASE = {"fit", "fit_generator", "train_on_batch", "learning_phase", "learning_phase_scope", "in_train_phase"}


def testing_phase(site: Site, spec: dict) -> list[Edit]:
    """Delete the statement that says that nothing trains, in a file where nothing does."""
    for node in ast.walk(site.builder.file.references.layout.tree):
        if getattr(node, "attr", None) in _OF_PHASE or getattr(node, "id", None) in _OF_PHASE:
            raise Refused(f"line {node.lineno} trains, or asks for the phase: pass training=False where it matters")
    return delete_statement(site)


def predict_classes(site: Site, spec: dict) -> list[Edit]:
    """The classes of what the model predicts: the largest of several outputs, or whether the one is above a half."""
    predicted = "{self}.predict({x}, batch_size={batch_size?}, verbose={verbose=0})"
    outputs = _outputs(site)
    if not outputs:
        raise Refused("whether the model has one output or several is not seen here")
    if outputs > 1:
        return fill(site, predicted + ".argmax(axis=-1)", [])
    return fill(site, f'({predicted} > 0.5).astype("int32")', [])


#: Layers that keep the number of outputs of the one before.
_ELEMENTWISE = {"Activation", "Softmax", "Dropout", "BatchNormalization"}


def _outputs(site: Site) -> int:
    """The units of the last layer of the tf.keras.Sequential that a method is called on; 0 where they are not seen.

    The model must be made once in the scope of the call, and its layers be added in the same block.
    """
    model = site.use.reference.node.value
    if not isinstance(model, ast.Name):
        return 0
    parents = site.builder.parents
    tree: ast.AST = site.call
    while tree in parents and not isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef)):
        tree = parents[tree]
    made = layers = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == model.id and not isinstance(node.ctx, ast.Load):
            assign = parents.get(node)
            if made is not None or not isinstance(assign, ast.Assign) or not isinstance(assign.value, ast.Call):
                return 0
            made, given = assign, assign.value.args
            if given and not isinstance(given[0], ast.List):
                return 0
            layers = list(given[0].elts) if given else []
    if made is None:
        return 0
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("add", "pop"):
            if getattr(node.func.value, "id", "") == model.id:
                statement = parents.get(node)
                if node.func.attr == "pop" or len(node.args) != 1 or parents.get(statement) is not parents.get(made):
                    return 0
                layers.append(node.args[0])
    for layer in sorted(layers, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        name = getattr(getattr(layer, "func", None), "attr", None) or getattr(getattr(layer, "func", None), "id", "")
        if name == "Dense":
            units = [*layer.args[:1], *(k.value for k in layer.keywords if k.arg == "units")]
            value, _ = literal_value(units[0]) if units else (0, False)
            return value if isinstance(value, int) else 0
        if name not in _ELEMENTWISE:
            return 0
    return 0


def batch_input_shape(site: Site, spec: dict) -> list[Edit]:
    """`input_shape` for a `batch_input_shape` that leaves the size of the batch open."""
    argument = site.arguments.bound["batch_input_shape"]
    shape = argument.value
    if not isinstance(shape, (ast.Tuple, ast.List)) or not shape.elts or literal_value(shape.elts[0]) != (None, True):
        raise Refused("it fixes the size of the batch: start the model with tf.keras.Input(batch_shape=...)")
    place = site.text.arguments(site.call)[shape]
    if "#" in site.text.text[place.start : place.end]:
        raise Refused("a comment stands in it")
    sizes = [site.text.of(size) for size in shape.elts[1:]]
    comma = "," if isinstance(shape, ast.Tuple) and len(sizes) == 1 else ""
    opening, closing = "()" if isinstance(shape, ast.Tuple) else "[]"
    return [site.text.edit(place.start, place.end, f"input_shape={opening}{', '.join(sizes)}{comma}{closing}")]


def metric_name(site: Site, spec: dict) -> list[Edit]:
    """The short name of the metric, by which the file asks for it; the quotes stay."""
    start, end = site.text.range(site.match.place)
    return [site.text.edit(start, end, site.text.text[start:end].replace("accuracy", "acc"))]


#: What takes the path of a model or of its weights.
_TAKES_PATH = {
    "save",
    "save_weights",
    "load_weights",
    "save_model",
    "load_model",
    "ModelCheckpoint",
    "exists",
    "isfile",
}


def path_ending(site: Site, spec: dict) -> list[Edit]:
    """The ending that Keras 3 asks for, wherever the file hands this path to what saves, loads or looks for it."""
    node = site.arguments.bound[spec["parameter"]].value
    path = getattr(node, "value", None)
    stem = re.sub(r"(\.weights)?(\.(h5|hdf5|keras|ckpt|tf))?$", "", path) if isinstance(path, str) else ""
    if not stem or stem.endswith("/"):
        raise Refused("the path is computed, or names no file")
    edits = []
    for other in ast.walk(site.builder.file.references.layout.tree):
        if isinstance(other, ast.Constant) and other.value == path:
            call = site.builder.parents.get(other)
            if isinstance(call, ast.keyword):
                call = site.builder.parents.get(call)
            function = getattr(call, "func", None)
            if (getattr(function, "attr", None) or getattr(function, "id", None)) not in _TAKES_PATH:
                raise Refused(f"line {other.lineno} says the path, too, and for what is not seen")
            start, end = site.text.range(other)
            written = site.text.text[start:end]
            if not written[:-1].endswith(path) or written[-1] * 3 == written[-3:]:
                raise Refused("the path is written in parts, or with escapes")
            edits.append(site.text.edit(end - 1 - (len(path) - len(stem)), end - 1, spec["target"]))
    return edits
