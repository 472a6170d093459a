"""Ranks that a file shows, and those that it only seems to."""

from __future__ import annotations

import pytest

from flake8_tf2.fix.apply import fix_source

SEEN = {
    "placeholder": ("x = tf.placeholder(tf.float32, [None, 8, 8, 3])", 4),
    "one image of a format": ("x = tf.image.decode_jpeg(data)", 3),
    "through functions that keep the axes": ("x = tf.image.random_hue(tf.to_float(tf.reshape(v, (8, 8, 3))), 0.1)", 3),
    "a new axis": ("x = tf.reshape(v, [8, 8, 3])[None]", 4),
    "arithmetic": ("x = tf.image.decode_png(data) / 255 - 0.5", 3),
    "the last binding": ("x = data\nx = tf.image.decode_png(x)", 3),
    "two bindings of one rank": ("if data:\n    x = tf.zeros([1, 2, 2, 3])\nelse:\n    x = tf.ones([1, 4, 4, 3])", 4),
}
UNSEEN = {
    "a parameter": "def f(x):\n    return tf.image.resize_images(x, [3, 4])",
    "two ranks": "x = tf.zeros([2, 2, 3])\nif data:\n    x = tf.zeros([1, 2, 2, 3])\ny = tf.image.resize_images(x, [3, 4])",
    "a shape with a star": "y = tf.image.resize_images(tf.reshape(v, [*shape, 3]), [3, 4])",
    "a shape that is computed": "y = tf.image.resize_images(tf.reshape(v, shape), [3, 4])",
    "a part": "a, x = tf.zeros([2, 2, 2, 3])\ny = tf.image.resize_images(x, [3, 4])",
    "a loop that sets it again": (
        "x = tf.zeros([1, 2, 2, 3])\nfor i in data:\n    y = tf.image.resize_images(x, [3, 4])\n    x = i"
    ),
    "an attribute behind a condition": (
        "self.x = tf.zeros([1, 2, 2, 3])\nif data:\n    self.x = data\ny = tf.image.resize_images(self.x, [3, 4])"
    ),
}


def _fixed(code: str) -> str:
    return fix_source(f"import tensorflow as tf\n{code}\n", "case.py", unsafe=True).source


@pytest.mark.parametrize(("code", "axes"), SEEN.values(), ids=SEEN)
def test_rank_that_is_seen(code, axes):
    fixed = _fixed(f"{code}\ny = tf.image.resize_images(x, [3, 4])")
    images = {3: "tf.expand_dims(x, 0)", 4: "x"}[axes]
    assert f"y = tf.raw_ops.ResizeBilinear(images={images}, size=[3, 4])" in fixed


@pytest.mark.parametrize("code", UNSEEN.values(), ids=UNSEEN)
def test_rank_that_is_not_seen(code):
    assert "tf.image.resize_images" in _fixed(code)


def test_attribute_set_right_before():
    before = "self.x = tf.zeros([1, 2, 2, 3])\nself.x = tf.image.resize_images(self.x, [3, 4])\nself.x = tf.squeeze(self.x)"
    assert "self.x = tf.raw_ops.ResizeBilinear(images=self.x, size=[3, 4])" in _fixed(before)
