"""Functions that use a global session and global tensors."""
import numpy as np
import tensorflow as tf

rate = 0.05

hidden_2 = tf.keras.layers.Dense(6, activation=tf.nn.sigmoid, name="hidden")
output_2 = tf.keras.layers.Dense(1, name="output")


@tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
def compute_output(x):
    hidden = hidden_2(x)
    output = output_2(hidden)
    return output


@tf.function(input_signature=[
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_cost(x, y):
    hidden = hidden_2(x)
    output = output_2(hidden)
    cost = tf.reduce_mean(tf.math.squared_difference(tf.cast(output, tf.float32), tf.cast(y, tf.float32)))
    return cost


optimizer = tf.keras.optimizers.Adam(rate, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        hidden = hidden_2(x)
        output = output_2(hidden)
        cost = tf.reduce_mean(tf.math.squared_difference(tf.cast(output, tf.float32), tf.cast(y, tf.float32)))
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))


XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]
OUT = [[0], [1], [1], [0]]


def start():
    pass


def learn(n):
    for _ in range(n):
        train_step(x=XOR, y=OUT)


def error():
    return compute_cost(x=XOR, y=OUT).numpy()


def answer(a, b):
    return float(compute_output(x=[[a, b]]).numpy()[0, 0])


start()
print("before %.6f" % error())
for _ in range(3):
    learn(8)
    print("error %.6f" % error())
for p in XOR:
    print(p, "%.4f" % answer(*p))
