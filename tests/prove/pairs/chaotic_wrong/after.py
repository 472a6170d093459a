"""The logistic map, with a rate that is a little wrong."""

import tensorflow as tf

RATE = 3.9901


@tf.function(input_signature=[tf.TensorSpec([1])])
def following(x):
    return RATE * x * (1.0 - x)


value = [0.3]
for step in range(80):
    value = following(x=value).numpy()
    print("step %d: %.6f" % (step, value[0]))
