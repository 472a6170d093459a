"""Random ops draw anew at each run, and once for all fetches of one run."""
import numpy as np
import tensorflow as tf

noise = tf.random_normal([1000], mean=2.0, stddev=0.5)
twice = noise * 2.0
coin = tf.random_uniform([500]) < 0.3
dice = tf.random_uniform([600], minval=1, maxval=7, dtype=tf.int32)
probs = tf.placeholder(tf.float32, [None, 3])
drawn = tf.multinomial(tf.log(probs), 400)
shuffled = tf.random_shuffle(tf.range(10))
cut = tf.truncated_normal([400], stddev=1.0)
dropped = tf.nn.dropout(tf.ones([1000]), 0.6)

with tf.Session() as sess:
    a = sess.run(noise)
    b = sess.run(noise)
    print('anew:', bool((a != b).any()))
    c, d = sess.run([noise, twice])
    print('once in a run:', bool(np.allclose(c * 2, d)))
    print('mean near 2: %s, std near 0.5: %s' % (abs(a.mean() - 2) < 0.1, abs(a.std() - 0.5) < 0.1))
    print('coin', 0.2 < sess.run(tf.reduce_mean(tf.cast(coin, tf.float32))) < 0.4)
    values = sess.run(dice)
    print('dice', values.min() >= 1, values.max() <= 6, len(set(values.tolist())))
    draws = sess.run(drawn, {probs: [[0.0001, 0.9998, 0.0001], [0.5, 0.0001, 0.4999]]})
    print('drawn', draws.shape, int(np.bincount(draws[0]).argmax()), bool((draws[1] == 1).mean() < 0.1))
    s = sess.run(shuffled)
    print('shuffled', sorted(s.tolist()))
    print('cut', bool(np.abs(sess.run(cut)).max() <= 2.0))
    k = sess.run(dropped)
    print('kept', 0.5 < (k > 0).mean() < 0.7, '%.4f' % k.max())

    # a random walk inside variables
    pos = tf.Variable(tf.zeros([50]))
    move = tf.assign_add(pos, tf.random_normal([50], stddev=0.1))
    sess.run(tf.global_variables_initializer())
    spread = [float(sess.run(move).std()) for _ in range(8)]
    print('spread grows:', spread[-1] > spread[0])
