"""An Estimator whose input functions give datasets, and tensors of an iterator: train, evaluate, predict."""
import numpy as np
import tensorflow as tf


def make_blobs(count, seed):
    random = np.random.RandomState(seed)
    points = random.randn(count, 4).astype(np.float32)
    labels = (points[:, 0] + points[:, 1] > 0).astype(np.int32) + (points[:, 2] > 1).astype(np.int32)
    return points, labels


TRAIN = make_blobs(120, seed=3)
TEST = make_blobs(50, seed=4)


def train_input_fn():
    dataset = tf.data.Dataset.from_tensor_slices(TRAIN)
    dataset = dataset.map(lambda points, label: ({"points": points}, label))
    return dataset.repeat().batch(32)


def eval_input_fn():
    features, labels = TEST
    dataset = tf.data.Dataset.from_tensor_slices(({"points": features}, labels)).batch(16)
    iterator = dataset.make_one_shot_iterator()
    features, labels = iterator.get_next()
    return features, labels


def model_fn(features, labels, mode, params):
    """Two layers with dropout, which only training has."""
    net = tf.layers.dense(features["points"], params["units"], activation=tf.nn.relu)
    net = tf.layers.dropout(net, rate=0.2, training=mode == tf.estimator.ModeKeys.TRAIN)
    logits = tf.layers.dense(net, params["classes"])
    predictions = {
        "class": tf.argmax(logits, axis=1),
        "probabilities": tf.nn.softmax(logits),
    }
    # Nothing else is needed to predict.
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions)

    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    if mode == tf.estimator.ModeKeys.TRAIN:
        optimizer = tf.train.GradientDescentOptimizer(learning_rate=params["rate"])
        train_op = optimizer.minimize(loss=loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=train_op)

    # How good it is.
    metrics = {"accuracy": tf.metrics.accuracy(labels=labels, predictions=predictions["class"])}
    return tf.estimator.EstimatorSpec(mode=mode, loss=loss, eval_metric_ops=metrics)


classifier = tf.estimator.Estimator(
    model_fn=model_fn,
    params={
        "units": 12,
        "classes": 3,
        "rate": 0.1,
    })

classifier.train(input_fn=train_input_fn, steps=40)
before = classifier.evaluate(input_fn=eval_input_fn)
classifier.train(input_fn=train_input_fn, steps=20)
after = classifier.evaluate(input_fn=eval_input_fn, steps=2)
for name, result in [("before", before), ("after", after)]:
    print(name, " ".join("%s=%.5f" % (key, result[key]) for key in sorted(result)))

for number, prediction in enumerate(classifier.predict(input_fn=eval_input_fn)):
    if number < 4:
        print(prediction["class"], " ".join("%.5f" % p for p in prediction["probabilities"]))
print(number + 1, "examples")
