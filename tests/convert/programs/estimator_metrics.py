"""An Estimator with many metrics, evaluated after each epoch; the last batch of each is smaller."""
import numpy as np
import tensorflow as tf


class Data(object):
    def __init__(self, count, seed):
        rs = np.random.RandomState(seed)
        self.x = rs.randn(count, 5).astype(np.float32)
        self.y = (self.x[:, 0] * self.x[:, 1] + 0.3 * rs.randn(count) > 0.2).astype(np.int64)


train_data, test_data = Data(70, 21), Data(45, 22)


def input_fn_of(data, batch_size):
    def input_fn():
        dataset = tf.data.Dataset.from_tensor_slices((data.x, data.y))
        return dataset.batch(batch_size).make_one_shot_iterator().get_next()
    return input_fn


def hidden_layers(inputs, mode):
    net = inputs
    for index, units in enumerate([16, 8]):
        net = tf.layers.dense(net, units, activation=tf.nn.relu, name="hidden%d" % index)
        net = tf.layers.dropout(net, 0.1, training=(mode == tf.estimator.ModeKeys.TRAIN))
    return net


def model_fn(features, labels, mode):
    net = hidden_layers(features, mode)
    logits = tf.squeeze(tf.layers.dense(net, 1, name="logits"), 1)
    probabilities = tf.nn.sigmoid(logits)
    predicted = tf.cast(probabilities > 0.5, tf.int64)

    loss, train_op, metrics = None, None, None
    if mode != tf.estimator.ModeKeys.PREDICT:
        loss = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(labels, tf.float32), logits=logits))
    if mode == tf.estimator.ModeKeys.TRAIN:
        rate = tf.train.exponential_decay(0.02, tf.train.get_global_step(), 10, 0.95)
        optimizer = tf.train.AdamOptimizer(rate)
        grads_and_vars = optimizer.compute_gradients(loss)
        clipped = [(tf.clip_by_norm(grad, 1.0), var) for grad, var in grads_and_vars]
        train_op = optimizer.apply_gradients(clipped, global_step=tf.train.get_global_step())
    if mode == tf.estimator.ModeKeys.EVAL:
        metrics = {
            "accuracy": tf.metrics.accuracy(labels, predicted),
            "precision": tf.metrics.precision(labels, predicted),
            "recall": tf.metrics.recall(labels, predicted),
            "auc": tf.metrics.auc(labels, probabilities, num_thresholds=100),
            "mean/probability": tf.metrics.mean(probabilities),
            "rmse": tf.metrics.root_mean_squared_error(tf.cast(labels, tf.float32), probabilities),
        }
    return tf.estimator.EstimatorSpec(
        mode=mode, predictions=predicted, loss=loss, train_op=train_op, eval_metric_ops=metrics)


estimator = tf.estimator.Estimator(model_fn)
for epoch in range(4):
    estimator.train(input_fn_of(train_data, 16))
    result = estimator.evaluate(input_fn_of(test_data, 10))
    print("epoch %d:" % epoch, ", ".join("%s %.4f" % (key, result[key]) for key in sorted(result)))
print(list(estimator.predict(input_fn_of(test_data, 20)))[:12])
