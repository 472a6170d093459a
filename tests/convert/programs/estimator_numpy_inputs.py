"""An Estimator fed by numpy_input_fn: a convolution over digits that the program draws, in a main function."""
from __future__ import print_function

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)


def draw(count, seed):
    random = np.random.RandomState(seed)
    images = random.rand(count, 64).astype(np.float32) * 0.3
    labels = random.randint(0, 2, count)
    for image, label in zip(images, labels):
        image[label * 32 + 8:label * 32 + 16] += 1.0
    return images, labels.astype(np.int32)


def cnn_model_fn(features, labels, mode):
    """Model function of a small CNN."""
    # Input layer
    images = tf.reshape(features["x"], [-1, 8, 8, 1])
    # Convolution and pooling
    conv = tf.layers.conv2d(inputs=images, filters=4, kernel_size=[3, 3], padding="same", activation=tf.nn.relu)
    pool = tf.layers.max_pooling2d(inputs=conv, pool_size=[2, 2], strides=2)
    flat = tf.reshape(pool, [-1, 4 * 4 * 4])
    # Logits layer
    logits = tf.layers.dense(inputs=flat, units=2)

    predictions = {
        # for PREDICT and EVAL
        "classes": tf.argmax(input=logits, axis=1),
        "probabilities": tf.nn.softmax(logits, name="softmax_tensor"),
    }
    if mode == tf.estimator.ModeKeys.PREDICT:
        export_outputs = {"digits": tf.estimator.export.PredictOutput(predictions)}
        return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions, export_outputs=export_outputs)

    onehot_labels = tf.one_hot(indices=tf.cast(labels, tf.int32), depth=2)
    loss = tf.losses.softmax_cross_entropy(onehot_labels=onehot_labels, logits=logits)

    # The training op
    if mode == tf.estimator.ModeKeys.TRAIN:
        optimizer = tf.train.MomentumOptimizer(0.05, 0.9)
        train_op = optimizer.minimize(loss=loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=train_op)

    eval_metric_ops = {"accuracy": tf.metrics.accuracy(labels=labels, predictions=predictions["classes"])}
    return tf.estimator.EstimatorSpec(mode=mode, loss=loss, eval_metric_ops=eval_metric_ops)


def main(unused_argv):
    train_images, train_labels = draw(90, seed=1)
    eval_images, eval_labels = draw(35, seed=2)

    digits = tf.estimator.Estimator(model_fn=cnn_model_fn)

    # Train
    train_input_fn = tf.estimator.inputs.numpy_input_fn(
        x={"x": train_images}, y=train_labels, batch_size=20, num_epochs=None, shuffle=False)
    digits.train(input_fn=train_input_fn, steps=25)

    # Evaluate
    eval_input_fn = tf.estimator.inputs.numpy_input_fn(
        x={"x": eval_images}, y=eval_labels, num_epochs=1, shuffle=False, batch_size=10)
    results = digits.evaluate(input_fn=eval_input_fn)
    print("accuracy %.5f loss %.5f step %d" % (results["accuracy"], results["loss"], results["global_step"]))

    # Predict
    predict_input_fn = tf.estimator.inputs.numpy_input_fn({"x": eval_images[:5]}, shuffle=False)
    for digit, label in zip(digits.predict(input_fn=predict_input_fn), eval_labels):
        print(digit["classes"], label, "%.5f" % digit["probabilities"][1])


if __name__ == "__main__":
    tf.app.run(main)
