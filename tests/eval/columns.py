"""Columns are characters from 1."""
import tensorflow as tf

é = tf.placeholder(tf.float32)  # expect: 5 TF101
names = ["日本語", tf.placeholder(tf.float32), "𝔘𝔫𝔦", tf.placeholder(tf.int32)]  # expect: 17 TF101, 52 TF101
if names:
	tabbed = tf.placeholder(tf.float32)  # expect: 11 TF101
spread = (
    "ü",
    tf  # expect: 5 TF101
    .placeholder(tf.float32),
)

form_feed = tf.placeholder(tf.float32)  # expect: 13 TF101
