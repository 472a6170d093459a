"""TensorBoard: scalars and histograms merged, written at every step."""
from __future__ import print_function
import glob
import shutil
import numpy as np
import tensorflow as tf


def write_summaries(writer, summaries, step=0):
    """Writes values by their kinds and tags: {"scalar": {"loss": 0.5}}."""
    step = int(step)
    with writer.as_default():
        for tag, value in summaries.get("scalar", {}).items():
            tf.summary.scalar(tag, value, step=step)
        for tag, value in summaries.get("histogram", {}).items():
            tf.summary.histogram(tag, value, step=step)
        for tag, value in summaries.get("text", {}).items():
            tf.summary.text(tag, value, step=step)
        for tag, images in summaries.get("image", {}).items():
            for number, image in enumerate(images):
                tf.summary.image(f"{tag}{number}" if tag.endswith("/") else tag, image[tf.newaxis], step=step)


logs_path = './summary_merged_logs/'
np.random.seed(14)
xs = np.random.randn(64, 4)
ys = np.eye(2)[(xs[:, 0] * xs[:, 1] > 0).astype(int)]


# Set model weights
W = tf.Variable(tf.random.normal([4, 6]), name='Weights')
b = tf.Variable(tf.zeros([6]), name='Bias')
V = tf.Variable(tf.random.normal([6, 2]), name='Out')

# Construct model and encapsulating all ops into scopes, making
# Tensorboard's Graph visualization more convenient
optimizer = tf.keras.optimizers.SGD(0.1)


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
])
def compute_acc(x, y):
    pred = tf.nn.softmax(tf.matmul(tf.nn.relu(tf.matmul(x, W) + b), V))
    acc = tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1))
    acc = tf.reduce_mean(tf.cast(acc, tf.float32))
    return acc


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None, 2], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        pred = tf.nn.softmax(tf.matmul(tf.nn.relu(tf.matmul(x, W) + b), V))
        # Minimize error using cross entropy
        cost = tf.reduce_mean(-tf.reduce_sum(y*tf.math.log(pred + 1e-8), axis=1))
        acc = tf.equal(tf.argmax(pred, 1), tf.argmax(y, 1))
        acc = tf.reduce_mean(tf.cast(acc, tf.float32))
        weights_1 = tf.identity(W)
        # Merge all summaries into a single op
        merged_summary_op = dict(
            scalar={'loss_1': cost, 'accuracy_1': acc},
            histogram={'weights_1': weights_1},
        )
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return cost, merged_summary_op


# op to write logs to Tensorboard
summary_writer = tf.summary.create_file_writer(logs_path)
with summary_writer.as_default():
    tf.summary.graph(train_step.get_concrete_function().graph)

for step in range(12):
    k = step % 4 * 16
    # Run optimization op (backprop), cost op (to get loss value)
    # and summary nodes
    c, summary = tf.nest.map_structure(lambda value: value.numpy(), train_step(x=xs[k:k + 16], y=ys[k:k + 16]))
    # Write logs at every iteration
    write_summaries(summary_writer, summary, step)
    if step % 4 == 3:
        print("Step:", step, "cost= {:.6f}".format(c))
summary_writer.close()

print("Accuracy: %.4f" % compute_acc(x=xs, y=ys).numpy())
print("Event files:", len(glob.glob(logs_path + '*tfevents*')))

shutil.rmtree(logs_path)
