"""Writing what a step summarised."""

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
