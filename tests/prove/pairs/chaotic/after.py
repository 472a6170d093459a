"""The logistic map, computed in another order, which rounds in another way."""

import tensorflow as tf

RATE = 3.99


@tf.function(input_signature=[tf.TensorSpec([1])])
def following(x):
    return RATE * x - RATE * x * x


value = [0.3]
for step in range(80):
    value = following(x=value).numpy()
    print("step %d: %.6f" % (step, value[0]))
