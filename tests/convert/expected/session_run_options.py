"""RunOptions, RunMetadata, timing: the extras of session.run."""
import time

import numpy as np
import tensorflow as tf

w = tf.Variable(tf.random.normal([20, 20], stddev=0.2))


def forward(x):
    y = x
    for _ in range(3):
        y = tf.nn.tanh(tf.matmul(y, w))
    out = tf.reduce_mean(y, axis=1)
    return out


@tf.function(input_signature=[tf.TensorSpec([None, 20], tf.float32)])
def compute_out(x):
    return forward(x)


@tf.function(input_signature=[tf.TensorSpec([None, 20], tf.float32)])
def compute_out_2(x):
    out = forward(x)
    return [out]


data = np.random.RandomState(1).randn(6, 20)

start = time.time()
v = compute_out(x=data).numpy()
print('%.6f' % v.sum(), time.time() - start < 60)

for i in range(2):
    v = compute_out(x=data * (i + 1)).numpy()
    print(i, '%.6f' % v.sum())

# options by position, without a trace
v = [value.numpy() for value in compute_out_2(x=-data)]
print('%.6f' % v[0].sum())
