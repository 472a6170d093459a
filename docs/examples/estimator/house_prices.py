"""An Estimator that learns house prices: model_fn, input_fn, flags, logging."""
from __future__ import absolute_import, division, print_function

import tempfile

import numpy as np
import tensorflow as tf

flags = tf.flags
flags.DEFINE_string("output", None, "Folder of the model; a new one by default.")
flags.DEFINE_integer("steps", 300, "Steps of training.")
flags.DEFINE_integer("batch_size", 64, "Examples a step.")
flags.DEFINE_float("learning_rate", 0.05, "Learning rate of Adagrad.")
FLAGS = flags.FLAGS

FEATURES = ["area", "rooms", "age"]


def make_houses(n, seed):
    random = np.random.RandomState(seed)
    features = {name: random.rand(n).astype(np.float32) for name in FEATURES}
    price = (3.0 * features["area"] + 0.5 * features["rooms"]
             - 1.0 * features["age"] + random.normal(0, 0.05, n))
    return features, price.astype(np.float32)


def make_input_fn(features, prices, training):
    def input_fn():
        dataset = tf.data.Dataset.from_tensor_slices((features, prices))
        if training:
            dataset = dataset.shuffle(1000, seed=1).repeat()
        dataset = dataset.batch(FLAGS.batch_size)
        return dataset.make_one_shot_iterator().get_next()
    return input_fn


def model_fn(features, labels, mode, params):
    columns = [tf.feature_column.numeric_column(name) for name in FEATURES]
    net = tf.feature_column.input_layer(features, columns)
    for units in params["hidden_units"]:
        net = tf.layers.dense(net, units, activation=tf.nn.relu,
                              kernel_initializer=tf.glorot_uniform_initializer())
    net = tf.layers.dropout(net, rate=0.1,
                            training=mode == tf.estimator.ModeKeys.TRAIN)
    prices = tf.squeeze(tf.layers.dense(net, 1), axis=1)

    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"price": prices})

    loss = tf.losses.mean_squared_error(labels=labels, predictions=prices)
    if mode == tf.estimator.ModeKeys.EVAL:
        metrics = {
            "mae": tf.metrics.mean_absolute_error(labels, prices),
            "rmse": tf.metrics.root_mean_squared_error(labels, prices),
        }
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops=metrics)

    learning_rate = tf.train.exponential_decay(
        params["learning_rate"], tf.train.get_global_step(), 100, 0.9)
    tf.summary.scalar("learning_rate", learning_rate)
    optimizer = tf.train.AdagradOptimizer(learning_rate)
    train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def main(_):
    run_config = tf.estimator.RunConfig(
        model_dir=FLAGS.output or tempfile.mkdtemp(), tf_random_seed=1,
        save_summary_steps=50, log_step_count_steps=100)
    estimator = tf.estimator.Estimator(
        model_fn, config=run_config,
        params={"hidden_units": [16, 8], "learning_rate": FLAGS.learning_rate})

    features, prices = make_houses(2000, seed=0)
    estimator.train(make_input_fn(features, prices, True), steps=FLAGS.steps)

    features, prices = make_houses(200, seed=1)
    input_fn = make_input_fn(features, prices, False)
    result = estimator.evaluate(input_fn)
    tf.logging.info("evaluated at step %d", result["global_step"])
    for name in sorted(result):
        print("%s: %.4f" % (name, result[name]))
    for prediction, price in list(zip(estimator.predict(input_fn), prices))[:3]:
        print("predicted %.3f, was %.3f" % (prediction["price"], price))


if __name__ == "__main__":
    tf.logging.set_verbosity(tf.logging.INFO)
    tf.app.run()
