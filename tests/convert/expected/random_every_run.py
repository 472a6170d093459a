"""Random ops draw anew at each run, and once for all fetches of one run."""
import numpy as np
import tensorflow as tf


@tf.function
def compute_noise():
    noise = tf.random.normal([1000], mean=2.0, stddev=0.5)
    return noise


@tf.function
def compute_noise_and_twice():
    noise = tf.random.normal([1000], mean=2.0, stddev=0.5)
    twice = noise * 2.0
    return noise, twice


@tf.function
def run():
    coin = tf.random.uniform([500]) < 0.3
    return tf.reduce_mean(tf.cast(coin, tf.float32))


@tf.function
def compute_dice():
    dice = tf.random.uniform([600], minval=1, maxval=7, dtype=tf.int32)
    return dice


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_drawn(probs):
    drawn = tf.random.categorical(tf.math.log(probs), 400)
    return drawn


@tf.function
def compute_shuffled():
    shuffled = tf.random.shuffle(tf.range(10))
    return shuffled


@tf.function
def compute_cut():
    cut = tf.random.truncated_normal([400], stddev=1.0)
    return cut


@tf.function
def compute_dropped():
    dropped = tf.nn.dropout(tf.ones([1000]), rate=1 - 0.6)
    return dropped


a = compute_noise().numpy()
b = compute_noise().numpy()
print('anew:', bool((a != b).any()))
c, d = (value.numpy() for value in compute_noise_and_twice())
print('once in a run:', bool(np.allclose(c * 2, d)))
print('mean near 2: %s, std near 0.5: %s' % (abs(a.mean() - 2) < 0.1, abs(a.std() - 0.5) < 0.1))
print('coin', 0.2 < run().numpy() < 0.4)
values = compute_dice().numpy()
print('dice', values.min() >= 1, values.max() <= 6, len(set(values.tolist())))
draws = compute_drawn(probs=[[0.0001, 0.9998, 0.0001], [0.5, 0.0001, 0.4999]]).numpy()
print('drawn', draws.shape, int(np.bincount(draws[0]).argmax()), bool((draws[1] == 1).mean() < 0.1))
s = compute_shuffled().numpy()
print('shuffled', sorted(s.tolist()))
print('cut', bool(np.abs(compute_cut().numpy()).max() <= 2.0))
k = compute_dropped().numpy()
print('kept', 0.5 < (k > 0).mean() < 0.7, '%.4f' % k.max())

# a random walk inside variables
pos = tf.Variable(tf.zeros([50]))


@tf.function
def run_move():
    move = pos.assign_add(tf.random.normal([50], stddev=0.1))
    return move


spread = [float(run_move().numpy().std()) for _ in range(8)]
print('spread grows:', spread[-1] > spread[0])
