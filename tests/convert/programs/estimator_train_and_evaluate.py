"""train_and_evaluate with a model_dir: checkpoints, summaries, and a second run that goes on from the first."""
import os
import shutil

import numpy as np
import tensorflow as tf

FOLDER = "estimator_train_and_evaluate_model"
shutil.rmtree(FOLDER, ignore_errors=True)

random = np.random.RandomState(11)
xs = random.rand(100, 3).astype(np.float32)
ys = (xs.dot([[1.0], [-2.0], [0.5]]) + 0.3).astype(np.float32)


def input_fn(first, last, repeat):
    dataset = tf.data.Dataset.from_tensor_slices((xs[first:last], ys[first:last]))
    if repeat:
        dataset = dataset.repeat()
    return dataset.batch(20)


def regression(features, labels, mode, params):
    hidden = tf.layers.dense(features, params.hidden, activation=tf.nn.tanh, name="hidden")
    values = tf.layers.dense(hidden, 1, name="values")
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode, predictions=values)
    loss = tf.losses.mean_squared_error(labels, values)
    optimizer = tf.train.AdamOptimizer(params.learning_rate)
    train_op = optimizer.minimize(loss, global_step=tf.train.get_or_create_global_step())
    tf.summary.histogram("values", values)
    metrics = {"error": tf.metrics.mean_absolute_error(labels, values)}
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, eval_metric_ops=metrics)


def main():
    hparams = tf.contrib.training.HParams(hidden=6, learning_rate=0.05)
    config = tf.estimator.RunConfig(
        model_dir=FOLDER, save_summary_steps=10, log_step_count_steps=1000, keep_checkpoint_max=3)
    estimator = tf.estimator.Estimator(regression, params=hparams, config=config)
    train_spec = tf.estimator.TrainSpec(input_fn=lambda: input_fn(0, 80, True), max_steps=40)
    eval_spec = tf.estimator.EvalSpec(input_fn=lambda: input_fn(80, 100, False), steps=None)
    tf.estimator.train_and_evaluate(estimator, train_spec, eval_spec)

    # some more steps
    estimator.train(lambda: input_fn(0, 80, True), max_steps=50)
    result = estimator.evaluate(lambda: input_fn(80, 100, False))
    print("step %d error %.6f loss %.6f" % (result["global_step"], result["error"], result["loss"]))
    for value, y in zip(estimator.predict(lambda: input_fn(90, 93, False)), ys[90:]):
        print("%.5f %.5f" % (value[0], y[0]))
    print(os.path.basename(estimator.latest_checkpoint()))
    print(sorted(name for name in os.listdir(estimator.model_dir) if name.endswith(".index")))


if __name__ == "__main__":
    main()
    shutil.rmtree(FOLDER)
