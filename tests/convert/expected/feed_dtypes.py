"""Lists, scalars, float64 and integer arrays are fed where the graph wants
float32, int32, bool and strings."""
import numpy as np
import tensorflow as tf


@tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
def compute_v(v):
    return v


@tf.function(input_signature=[tf.TensorSpec([], tf.int32)])
def compute_k(k):
    return k


@tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
def compute_top_and_where(v):
    top, where = tf.nn.top_k(tf.reduce_sum(v, axis=1), k=2)
    return top, where


@tf.function(input_signature=[
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec([], tf.int32),
])
def compute_power(v, k):
    power = tf.pow(v, tf.cast(k, tf.float32))
    return power


@tf.function(input_signature=[
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec([None], tf.bool),
])
def compute_chosen(v, flags):
    chosen = tf.boolean_mask(v, flags)
    return chosen


@tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
def compute_greeting(names):
    greeting = tf.strings.join(['hello ', names])
    return greeting


@tf.function(input_signature=[tf.TensorSpec(None, tf.float32)])
def compute_size_and_normed(anything):
    size = tf.size(anything)
    normed = anything / tf.reduce_max(anything)
    return size, normed


t, w = (value.numpy() for value in compute_top_and_where(v=[[1, 2], [5, 5], [3, 0]]))
print(t.tolist(), w.tolist())

p = compute_power(v=np.array([[2., 3.]]), k=np.int64(3)).numpy()
print(p.tolist())

c = compute_chosen(v=np.arange(6).reshape(3, 2), flags=[True, False, True]).numpy()
print(c.tolist())

for g in compute_greeting(names=['Ann', 'Bob']).numpy():
    print(g.decode('utf-8'))

for array in ([1, 2, 4], np.ones((2, 3, 2)) * 3, 7):
    s, q = (value.numpy() for value in compute_size_and_normed(anything=array))
    print(int(s), 'sum %.4f' % np.sum(q), 'ndim', np.ndim(q))

# a fetched placeholder is what was fed, cast
print(compute_k(k=5).numpy() + 1, compute_v(v=[[1, 2]]).numpy().dtype)
