"""Fetches as single tensors, lists, tuples, dicts, nested, and by a variable."""
import collections

import numpy as np
import tensorflow as tf

rs = np.random.RandomState(12)
data = rs.randn(32, 4)
labels = rs.randint(0, 3, 32)

x = tf.placeholder(tf.float32, [None, 4])
y = tf.placeholder(tf.int32, [None])
w = tf.Variable(tf.random_normal([4, 3], stddev=0.3), name='w')
b = tf.Variable(tf.zeros([3]), name='b')
logits = tf.matmul(x, w) + b
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
guess = tf.cast(tf.argmax(logits, axis=1), tf.int32)
hits = tf.equal(guess, y)
accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
train = tf.train.GradientDescentOptimizer(0.4).minimize(loss)

feed = {x: data, y: labels}
Report = collections.namedtuple('Report', ['cost', 'score'])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())

    # a tuple
    l, a = sess.run((loss, accuracy), feed)
    print('tuple %.5f %.4f' % (l, a))

    # a list with ops whose value is thrown away
    _, l, _ = sess.run([train, loss, hits.op], feed)
    print('list %.5f' % l)

    # a dict
    out = sess.run({'loss': loss, 'accuracy': accuracy, 'train': train}, feed_dict=feed)
    print('dict %.5f %.4f %s' % (out['loss'], out['accuracy'], out['train']))

    # nested
    (first, second), rest = sess.run([(loss, [w, b]), {'guess': guess, 'logits': [logits]}], feed)
    print('nested %.5f %.5f %.5f' % (first, second[0].sum(), second[1].sum()))
    print('rest', rest['guess'][:5].tolist(), '%.5f' % rest['logits'][0].sum())

    # a namedtuple
    report = sess.run(Report(cost=loss, score=accuracy), feed)
    print('report %.5f %.4f' % (report.cost, report.score))

    # by a variable, which grows
    wanted = [loss, accuracy]
    print('variable', ['%.4f' % v for v in sess.run(wanted, feed)])
    wanted.append(train)
    results = sess.run(wanted, feed_dict=feed)
    print('variable', len(results), '%.4f' % results[0], results[-1] is None)

    # a list of one element, and indexing the result
    print('one %.5f' % sess.run([loss], feed)[0])
    print('index %.5f' % sess.run([accuracy, loss, train], feed)[1])
    values = sess.run([loss, accuracy], feed)
    print('later %.5f' % values[0])
