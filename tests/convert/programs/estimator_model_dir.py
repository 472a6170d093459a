"""What an Estimator leaves in its folder: checkpoints, summaries of training, and those of evaluation."""
import numpy as np
import tensorflow as tf

random = np.random.RandomState(31)
inputs = random.rand(60, 4).astype(np.float32)
labels = (inputs[:, 0] > inputs[:, 1]).astype(np.int32)


def input_fn(params):
    dataset = tf.data.Dataset.from_tensor_slices((inputs, labels))
    return dataset.repeat(2).batch(params["batch_size"])


def model_fn(features, labels, mode, params):
    net = features
    for units in params["hidden"]:
        net = tf.layers.dense(net, units, activation=tf.nn.elu)
    logits = tf.layers.dense(net, 2)
    predicted = tf.argmax(logits, axis=1, output_type=tf.int32)
    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
    tf.summary.scalar("share", tf.reduce_mean(tf.cast(predicted, tf.float32)))
    if mode == tf.estimator.ModeKeys.EVAL:
        tf.summary.scalar("never_written", loss)
        accuracy = tf.metrics.accuracy(labels, predicted)
        return tf.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={"accuracy": accuracy})
    train_op = tf.train.AdagradOptimizer(params["rate"]).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


estimator = tf.estimator.Estimator(
    model_fn,
    model_dir="estimator_model_dir",
    config=tf.estimator.RunConfig(
        save_checkpoints_steps=4, keep_checkpoint_max=3, save_summary_steps=5, log_step_count_steps=1000),
    params={"hidden": [6, 5], "batch_size": 10, "rate": 0.1})

for epoch in range(2):
    estimator.train(input_fn)
    result = estimator.evaluate(input_fn, steps=3)
    print("step %d accuracy %.4f loss %.5f" % (result["global_step"], result["accuracy"], result["loss"]))
print(estimator.latest_checkpoint())
