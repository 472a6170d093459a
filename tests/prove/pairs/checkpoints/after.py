"""Counts, saves, and loads what it saved."""

import tensorflow as tf

total = tf.Variable(tf.zeros([2]), name="total")
step = tf.Variable(0, dtype=tf.int64, trainable=False, name="global_step")


@tf.function
def add():
    total.assign_add([1.0, 2.5])
    step.assign_add(1)


checkpoint = tf.train.Checkpoint(total=total, step=step)
saver = tf.train.CheckpointManager(checkpoint, "./saved", max_to_keep=2, checkpoint_name="model")
for _ in range(4):
    add()
    saver.save(checkpoint_number=step)
total.assign([0.0, 0.0])
checkpoint.restore(tf.train.latest_checkpoint("./saved"))
print(total.numpy())
