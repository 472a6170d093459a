"""An Estimator with batch normalisation, whose updates the train op waits for, and input functions of arguments."""
import functools

import numpy as np
import tensorflow as tf

rs = np.random.RandomState(8)
inputs = rs.randn(64, 6).astype(np.float32) * 3 + 1
targets = np.tanh(inputs[:, :2].sum(axis=1)).astype(np.float32)


def input_fn(x, y, batch_size, training):
    """A dataset of features and targets, or of features alone."""
    dataset = tf.data.Dataset.from_tensor_slices(x if y is None else (x, y))
    if training:
        dataset = dataset.repeat(5)
    return dataset.batch(batch_size).prefetch(1)


def constant_input_fn():
    return tf.constant(inputs[:10]), tf.constant(targets[:10])


def model_fn(features, labels, mode, params, config):
    is_training = mode == tf.estimator.ModeKeys.TRAIN
    with tf.variable_scope("network"):
        net = features
        if is_training:
            # some noise
            net = net + tf.random_normal(tf.shape(net), stddev=0.01)
        net = tf.layers.dense(net, params["units"], use_bias=False)
        net = tf.layers.batch_normalization(net, momentum=0.9, training=is_training)
        net = tf.nn.relu(net)
        outputs = tf.layers.dense(net, 1, name="outputs")[:, 0]

    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions={"y": outputs, "doubled": 2 * outputs})
    loss = tf.reduce_mean(tf.square(outputs - labels))
    if mode == tf.estimator.ModeKeys.EVAL:
        spec = tf.estimator.EstimatorSpec(mode, loss=loss)
        return spec
    assert mode == tf.estimator.ModeKeys.TRAIN
    step = tf.train.get_global_step()
    optimizer = tf.train.RMSPropOptimizer(params["learning_rate"])
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(update_ops):
        train_op = optimizer.minimize(loss, step)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


regressor = tf.estimator.Estimator(
    model_fn, params=dict(units=8, learning_rate=0.01), config=tf.estimator.RunConfig(tf_random_seed=5))
regressor.train(functools.partial(input_fn, inputs, targets, batch_size=16, training=True))
print(sorted(regressor.evaluate(lambda: input_fn(inputs, targets, 30, False)).items()))
regressor.train(constant_input_fn, steps=3)
print(sorted(regressor.evaluate(constant_input_fn, steps=2).items()))
for batch in regressor.predict(lambda: input_fn(inputs[:7], None, 4, False), yield_single_examples=False):
    print(len(batch["y"]), "%.5f" % batch["doubled"].sum())
