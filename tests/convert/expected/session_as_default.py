"""sess.as_default(), get_default_session(), a graph kept in a variable, explicit close."""
import numpy as np
import tensorflow as tf

np.random.seed(58)
w = tf.Variable(tf.keras.initializers.Orthogonal()([3, 3]), name='w')
scale = tf.Variable(tf.ones_initializer()([]), name='scale')


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_y(x):
    y = tf.matmul(x, w) * scale
    return y


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_energy(x):
    y = tf.matmul(x, w) * scale
    energy = tf.reduce_sum(tf.square(y), axis=1)
    return energy


@tf.function
def run_shrink():
    shrink = scale.assign(scale * 0.5)


def current_scale():
    return scale.numpy()


points = np.random.randn(5, 3)
print('energy kept:', bool(np.allclose(compute_energy(x=points).numpy(), (points ** 2).sum(1), atol=1e-4)))
print('scale %.3f' % current_scale())
run_shrink()
print('scale %.3f' % current_scale())
print('y %.5f' % np.abs(compute_y(x=points).numpy()).sum())

# the session lives on after the with
run_shrink()


@tf.function
def compute_doubled():
    doubled = tf.multiply(scale, 2.0)
    return doubled


print('doubled %.3f' % compute_doubled().numpy())
print('scale %.3f' % scale.numpy())
