"""Wrong: both networks have the same variables."""

import numpy as np
import tensorflow as tf


def network(name):
    w1 = tf.Variable(tf.keras.initializers.GlorotUniform()([4, 4]), name=f"{name}/w1")
    w2 = tf.Variable(tf.random.normal([4, 4], 0.0, 0.3), name=f"{name}/w2")
    return [w1, w2]


def computed(x, weights):
    return tf.matmul(tf.tanh(tf.matmul(x, weights[0])), weights[1])


ours = theirs = network("online")


@tf.function(input_signature=[tf.TensorSpec([None, 4])])
def difference(x):
    return computed(x, ours) - computed(x, theirs)


@tf.function(input_signature=[tf.TensorSpec([None, 4])])
def online(x):
    return computed(x, ours)


data = np.random.randn(10, 4)
for _ in range(2):
    print(np.abs(difference(data).numpy()).mean() > 0.001)
    for t, o in zip(theirs, ours):
        t.assign(o)
print(online(data).numpy()[0, 0])
