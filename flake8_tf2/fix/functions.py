"""Fixes that need Python, by the key `function` of a rule's fix: each takes the site and the fix, and returns edits."""

from __future__ import annotations

from typing import Callable

from flake8_tf2.finding import Edit
from flake8_tf2.fix import arrays, contrib, keras, programs
from flake8_tf2.fix.build import Site, delete_statement, rename
from flake8_tf2.fix.calls import adapt, by_keyword, only_element
from flake8_tf2.fix.control_flow import (
    cond_of_one,
    smart_cond,
    strict_cond,
    while_loop_of_one,
    while_loop_structure,
    without_back_prop,
)
from flake8_tf2.fix.images import resize_images
from flake8_tf2.fix.initializers import keras_initializer, without_dtype
from flake8_tf2.fix.inputs import print_statement, py_func, reset_default_graph
from flake8_tf2.fix.losses import loss, regularization
from flake8_tf2.fix.text import Refused
from flake8_tf2.fix.variables import get_variable, variable_name


def native(site: Site, spec: dict) -> list[Edit]:
    """`tf.compat.v1.x` as `tf.x`, where both are one object or differ in parameters that the call can be adapted to."""
    row = site.use.row
    symbol = site.use.reference.symbol
    if row is not None and row.status == "other":
        raise Refused("TF2 has another object under this name")
    edits = rename(site, symbol)
    if row is not None and row.status == "signature":
        edits += adapt(site, spec)
    return edits


def delete_switch(site: Site, spec: dict) -> list[Edit]:
    """Delete a call that switches to TF2's behaviour; one that switches to TF1's goes with the program's last TF1."""
    if site.match.symbol.rpartition(".")[2].startswith("disable"):
        raise Refused("it holds the program in TF1")
    return delete_statement(site)


FUNCTIONS: dict[str, Callable[[Site, dict], list[Edit]]] = {
    "absl_flags": programs.absl_flags,
    "absl_logging": programs.absl_logging,
    "adapt": adapt,
    "app_run": programs.app_run,
    "applied": contrib.applied,
    "batch_gather": arrays.batch_gather,
    "batch_input_shape": keras.batch_input_shape,
    "by_keyword": by_keyword,
    "cond_of_one": cond_of_one,
    "contrib_keras": contrib.contrib_keras,
    "decayed_rate": keras.decayed_rate,
    "delete_switch": delete_switch,
    "div": arrays.div,
    "get_variable": get_variable,
    "keras_initializer": keras_initializer,
    "logging_python_level": programs.python_level,
    "loss": loss,
    "metric_name": keras.metric_name,
    "native": native,
    "only_element": only_element,
    "outside_arg_scope": contrib.outside_arg_scope,
    "path_ending": keras.path_ending,
    "predict_classes": keras.predict_classes,
    "print_statement": print_statement,
    "py_func": py_func,
    "regularization": regularization,
    "reset_default_graph": reset_default_graph,
    "resize_images": resize_images,
    "smart_cond": smart_cond,
    "strict_cond": strict_cond,
    "testing_phase": keras.testing_phase,
    "test_helper": programs.test_helper,
    "tfrecord_compression": arrays.tfrecord_compression,
    "transpose_batch_time": contrib.transpose_batch_time,
    "variable_name": variable_name,
    "while_loop_of_one": while_loop_of_one,
    "while_loop_structure": while_loop_structure,
    "without_back_prop": without_back_prop,
    "without_dtype": without_dtype,
}
