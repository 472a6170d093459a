"""Programs with Estimators: what stands in the way, and what to do by hand then; what is written of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from flake8_tf2.convert.program import convert_source
from flake8_tf2.lint import lint

HEAD = '''import numpy as np
import tensorflow as tf

data = np.arange(20, dtype=np.float32).reshape(10, 2)


def input_fn():
    return tf.data.Dataset.from_tensor_slices((data, data[:, 0])).batch(5)


'''
MODEL = '''def model_fn(features, labels, mode):
    outputs = tf.layers.dense(features, 1)[:, 0]
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=outputs + 1)
    loss = tf.reduce_mean(tf.square(outputs - labels))
    optimizer = tf.train.GradientDescentOptimizer(0.01)
    train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


'''
MADE = "estimator = tf.estimator.Estimator(model_fn)\n"
TRAINED = "estimator.train(input_fn, steps=3)\n"
EVALUATED = "print(estimator.evaluate(input_fn))\n"


def reason(source: str) -> str:
    converted = convert_source(HEAD + source)
    assert not converted.reason or converted.source == HEAD + source
    return converted.reason


def test_it_converts():
    assert reason(MODEL + MADE + TRAINED + EVALUATED) == ""


#: What is changed in the program that converts, and what the reason says.
REFUSED = {
    "canned": (
        "tf.estimator.Estimator(model_fn)", "tf.estimator.LinearRegressor([])", "TF332 shows",
    ),
    "baseline": ("tf.estimator.Estimator(model_fn)", "tf.estimator.BaselineClassifier()", "as a model_fn"),
    "tpu": (
        "tf.estimator.Estimator(model_fn)", "tf.contrib.tpu.TPUEstimator(model_fn, config=None)",
        "tf.distribute.TPUStrategy",
    ),
    "warm start": ("Estimator(model_fn)", 'Estimator(model_fn, warm_start_from="old")', "tf.train.load_checkpoint"),
    "hook": ("steps=3", "steps=3, hooks=[tf.train.LoggingTensorHook({}, 10)]", "write what the hook does"),
    "own hooks": ("steps=3", "steps=3, hooks=HOOKS", "write what the hooks do into the program"),
    "training hooks": ("train_op=train_op", "train_op=train_op, training_hooks=HOOKS", "into the loop of a session"),
    "head": (
        "    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)",
        "    return tf.contrib.estimator.regression_head().create_estimator_spec(features, mode, outputs)",
        "no tf.estimator.EstimatorSpec that stands there",
    ),
    "export": (TRAINED, TRAINED + 'estimator.export_savedmodel("out", None)\n', "export_savedmodel of an Estimator"),
    "distribution": (
        "Estimator(model_fn)", "Estimator(model_fn, config=tf.estimator.RunConfig(train_distribute=STRATEGY))",
        "train_distribute of a RunConfig",
    ),
    "input of unknown sort": ("    return tf.data.Dataset", "    return load(tf.data.Dataset) or tf.data.Dataset",
                              "let it return a tf.data.Dataset"),
    "random input": (
        "    return tf.data.Dataset.from_tensor_slices((data, data[:, 0])).batch(5)",
        "    return tf.random_normal([5, 2]), tf.random_normal([5])", "let it return a tf.data.Dataset",
    ),
    "two of them": (MADE, MADE + MADE.replace("estimator =", "other ="), "or several"),
    "handed on": (EVALUATED, "run(estimator)\n", "handed on"),
    "attribute": (MADE + TRAINED + EVALUATED, "holder.estimator = tf.estimator.Estimator(model_fn)\n", "not kept under a name"),
    "uncounted steps": ("loss, global_step=tf.train.get_global_step()", "loss", "steps are not counted"),
    "one name for two things": (
        "    loss =", "    if mode == tf.estimator.ModeKeys.EVAL:\n        outputs = 2 * outputs\n    loss =",
        "give it two names",
    ),
    "variables of one mode": (
        "    loss =", "    if mode == tf.estimator.ModeKeys.EVAL:\n        more = tf.layers.dense(features, 2)\n    loss =",
        "make them in all",
    ),
    "losses of one mode": (
        "    loss = tf.reduce_mean(tf.square(outputs - labels))\n",
        "    if mode == tf.estimator.ModeKeys.EVAL:\n        tf.losses.absolute_difference(labels, outputs)\n"
        "    tf.losses.mean_squared_error(labels, outputs)\n    loss = tf.losses.get_total_loss()\n",
        "losses are collected in one mode",
    ),
    "mode for more": ("    loss =", "    rate = {'train': 1, 'eval': 2}[mode]\n    loss =", "mode is read for more"),
    "listed variables": (
        "labels))\n", "labels)) + tf.add_n([tf.nn.l2_loss(v) for v in tf.trainable_variables()])\n",
        "known only when datasets are",
    ),
    "other columns": (
        "tf.layers.dense(features, 1)",
        'tf.feature_column.input_layer(features, [tf.feature_column.bucketized_column("x", [1])])',
        "only numeric feature columns",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name):
    old, new, told = REFUSED[name]
    program = HEAD + MODEL + MADE + TRAINED + EVALUATED
    assert old in program
    converted = convert_source(program.replace(old, new))
    assert told in converted.reason
    assert converted.source == program.replace(old, new)


def test_a_metric_without_conversion_is_refused():
    evaluated = MODEL.replace(
        "train_op=train_op", 'train_op=train_op, eval_metric_ops={"k": tf.metrics.recall_at_k(labels, outputs, 2)}'
    )
    assert "compute it from what predict gives" in reason(evaluated + MADE + EVALUATED)


def test_only_the_modes_that_run_are_written():
    source = HEAD + MODEL + MADE + "print(next(estimator.predict(input_fn)))\n"
    text = convert_source(source).source
    assert "GradientTape" not in text and "def evaluate" not in text and "yield from" in text


def test_training_is_told_within_scopes_and_loops():
    noise = "    with tf.name_scope('noise'):\n        if mode == tf.estimator.ModeKeys.TRAIN:\n            features = features + 1\n"
    text = convert_source(HEAD + MODEL.replace("    outputs =", noise + "    outputs =", 1) + MADE + TRAINED + EVALUATED).source
    assert "if training:" in text and "training=True)" in text and "training=False)" in text


def test_the_first_call_restores():
    made = MADE.replace("model_fn)", 'model_fn, model_dir="model")')
    branches = "if len(data) > 5:\n    estimator.train(input_fn)\nelse:\n    estimator.evaluate(input_fn)\n"
    text = convert_source(HEAD + MODEL + made + branches + "estimator.evaluate(input_fn)\n").source
    assert text.count(".restore(latest_checkpoint)") == 3  # no branch is before the last call for sure
    text = convert_source(HEAD + MODEL + made + TRAINED + branches).source
    assert text.count(".restore(latest_checkpoint)") == 1


def test_steps_that_are_left():
    once = convert_source(HEAD + MODEL + MADE + "estimator.train(input_fn, max_steps=9)\n").source
    assert ".take(9)" in once
    source = HEAD + MODEL + MADE + "for _ in range(2):\n    estimator.train(input_fn, max_steps=9)\n"
    assert ".take(max(9 - global_step.numpy(), 0))" in convert_source(source).source


def test_the_example_of_the_pages_converts():
    path = Path(__file__).parent.parent.parent / "docs" / "examples" / "estimator" / "house_prices.py"
    source = path.read_text("utf-8")
    converted = convert_source(source, path.name)
    assert converted.reason == ""
    assert lint(converted.source, path.name) == []
    assert "for name in sorted(FEATURES)]" in converted.source  # the order of feature columns
