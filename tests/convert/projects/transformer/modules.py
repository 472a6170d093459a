"""Parts of the encoder, as functions."""
import numpy as np
import tensorflow as tf


def normalize(inputs, epsilon=1e-8, scope="ln"):
    """Layer normalisation over the last axis."""
    with tf.variable_scope(scope):
        size = inputs.get_shape()[-1:]
        mean, variance = tf.nn.moments(inputs, [-1], keep_dims=True)
        beta = tf.get_variable("beta", size, initializer=tf.zeros_initializer())
        gamma = tf.get_variable("gamma", size, initializer=tf.ones_initializer())
        return gamma * (inputs - mean) / ((variance + epsilon) ** 0.5) + beta


def position_embedding(length, size):
    """Sines and cosines of the position: (length, size)."""
    angle = np.arange(length)[:, None] / np.power(10000, 2 * (np.arange(size)[None] // 2) / size)
    angle[:, 0::2] = np.sin(angle[:, 0::2])
    angle[:, 1::2] = np.cos(angle[:, 1::2])
    return angle.astype(np.float32)


def multihead_attention(queries, num_units, num_heads, scope="attention"):
    with tf.variable_scope(scope):
        Q = tf.layers.dense(queries, num_units, activation=tf.nn.relu, name="q")
        K = tf.layers.dense(queries, num_units, activation=tf.nn.relu, name="k")
        V = tf.layers.dense(queries, num_units, activation=tf.nn.relu, name="v")
        Q_ = tf.concat(tf.split(Q, num_heads, axis=2), axis=0)
        K_ = tf.concat(tf.split(K, num_heads, axis=2), axis=0)
        V_ = tf.concat(tf.split(V, num_heads, axis=2), axis=0)
        weights = tf.nn.softmax(tf.matmul(Q_, tf.transpose(K_, [0, 2, 1])) / (num_units // num_heads) ** 0.5)
        outputs = tf.concat(tf.split(tf.matmul(weights, V_), num_heads, axis=0), axis=2)
        return normalize(outputs + queries)


def feedforward(inputs, num_units, scope="feedforward"):
    with tf.variable_scope(scope):
        outputs = tf.layers.dense(inputs, num_units[0], activation=tf.nn.relu, name="inner")
        outputs = tf.layers.dense(outputs, num_units[1], name="outer")
        return normalize(outputs + inputs)
