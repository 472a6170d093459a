"""Summaries of gradients and variables, two writers, values written by hand."""
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


def image_bytes(images, most):
    """The first images of a batch, each scaled to the range of a byte."""
    images = images[:most]
    if images.dtype == tf.uint8:
        return images
    images = tf.cast(images, tf.float32)
    low = tf.reduce_min(images, [1, 2, 3], keepdims=True)
    high = tf.maximum(-low, tf.reduce_max(images, [1, 2, 3], keepdims=True))
    scale = tf.where(high < 1e-6, 0.0, tf.where(low < 0, 127.0, 255.0) / high)
    return tf.cast(images * scale + tf.where(low < 0, 128.0, 0.0), tf.uint8)


logs = 'summary_gradients_logs'
rs = np.random.RandomState(22)
train_x, test_x = rs.randn(48, 6), rs.randn(16, 6)
train_y, test_y = np.sin(train_x).sum(1), np.sin(test_x).sum(1)


w1 = tf.Variable(tf.keras.initializers.TruncatedNormal(stddev=0.3)([6, 8]), name='layer1/w')
w2 = tf.Variable(tf.keras.initializers.TruncatedNormal(stddev=0.3)([8, 1]), name='layer2/w')

opt = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        mean = tf.reduce_mean(w1)
        stddev = tf.sqrt(tf.reduce_mean(tf.square(w1 - mean)))
        histogram = tf.identity(w1)
        h = tf.nn.relu(tf.matmul(x, w1))
        out = tf.squeeze(tf.matmul(h, w2), 1)
        loss = tf.reduce_mean(tf.square(out - y), name='loss')
        gradient_histograms = {}
    variables = tape.watched_variables()
    grads = list(zip(tape.gradient(loss, variables), variables))
    for g, v in grads:
        gradient_histograms[v.name[:-2] + '/gradient'] = g
    opt.apply_gradients(grads)
    merged = dict(
        scalar={'layer1/summaries_w/mean_1': mean, 'layer1/summaries_w/stddev': stddev, 'mse': loss},
        histogram={
            'layer1/summaries_w/histogram': histogram,
            'layer1/activations': h,
            **gradient_histograms,
        },
    )
    return merged, loss


@tf.function(input_signature=[
    tf.TensorSpec([None, 6], tf.float32),
    tf.TensorSpec([None], tf.float32),
])
def compute_parts_and_loss(x, y):
    h = tf.nn.relu(tf.matmul(x, w1))
    out = tf.squeeze(tf.matmul(h, w2), 1)
    loss = tf.reduce_mean(tf.square(out - y), name='loss')
    weights = image_bytes(tf.reshape(w1, [1, 6, 8, 1]), 1)
    parts = dict(scalar={'mse': loss}, image={'weights/image': weights})
    return parts, loss


train_writer = tf.summary.create_file_writer(logs + '/train')
with train_writer.as_default():
    tf.summary.graph(train_step.get_concrete_function().graph)
test_writer = tf.summary.create_file_writer(logs + '/test')

for i in range(10):
    if i % 5 == 4:
        summary, l = tf.nest.map_structure(lambda value: value.numpy(), compute_parts_and_loss(x=test_x, y=test_y))
        write_summaries(test_writer, summary, i)
        print('test loss at step %d: %.6f' % (i, l))
    summary, l = tf.nest.map_structure(lambda value: value.numpy(), train_step(x=train_x, y=train_y))
    write_summaries(train_writer, summary, i)
    # a value from Python
    epoch_summary = dict(scalar={})
    epoch_summary["scalar"]['python/loss'] = float(l)
    write_summaries(train_writer, epoch_summary, i)
train_writer.close()
test_writer.close()
print('loss %.6f, w1 %.6f' % (l, w1.numpy().sum()))
print(len(glob.glob(logs + '/*/*')), 'event files')
shutil.rmtree(logs)
