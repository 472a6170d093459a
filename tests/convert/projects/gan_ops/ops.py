"""Layers as functions."""
import tensorflow as tf


def linear(x, output_size, scope, stddev=0.1, bias_start=0.0):
    with tf.variable_scope(scope):
        matrix = tf.get_variable("matrix", [x.get_shape().as_list()[1], output_size],
                                 initializer=tf.random_normal_initializer(stddev=stddev))
        bias = tf.get_variable("bias", [output_size], initializer=tf.constant_initializer(bias_start))
        return tf.matmul(x, matrix) + bias


def lrelu(x, leak=0.2):
    return tf.maximum(x, leak * x)
