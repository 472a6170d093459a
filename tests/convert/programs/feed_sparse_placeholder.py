"""A bag-of-words classifier on sparse input."""
import numpy as np
import tensorflow as tf

docs = ['good great fine', 'bad awful', 'great great food', 'awful food bad bad',
        'fine good', 'bad service', 'good service great', 'awful awful']
sentiment = [1, 0, 1, 0, 1, 0, 1, 0]
vocab = sorted(set(' '.join(docs).split()))
V = len(vocab)


def to_sparse(texts):
    indices, values = [], []
    for row, text in enumerate(texts):
        for col, word in enumerate(vocab):
            n = text.split().count(word)
            if n:
                indices.append([row, col])
                values.append(n)
    shape = (len(texts), V)
    return np.array(indices, dtype=np.int64), np.array(values, dtype=np.float32), np.array(shape, dtype=np.int64)


x = tf.sparse_placeholder(tf.float32)
y = tf.placeholder(tf.float32, [None])

w = tf.Variable(tf.random_normal([V, 1], stddev=0.1))
b = tf.Variable(tf.zeros([1]))
score = tf.reshape(tf.sparse_tensor_dense_matmul(x, w), [-1]) + b

loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=score))
train_op = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
total = tf.sparse_reduce_sum(x)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('words', int(sess.run(total, feed_dict={x: to_sparse(docs)})))

    ind, val, shape = to_sparse(docs)
    for epoch in range(10):
        _, c = sess.run([train_op, loss],
                        feed_dict={x: tf.SparseTensorValue(ind, val, shape), y: sentiment})
        if epoch % 3 == 0:
            print('epoch', epoch, 'loss %.6f' % c)

    # a smaller batch, as a tuple
    s = sess.run(score, feed_dict={x: to_sparse(['good food', 'bad food'])})
    print('good food %.5f, bad food %.5f' % (s[0], s[1]))
    for word, weight in sorted(zip(vocab, sess.run(w).ravel().tolist()), key=lambda p: p[1])[:2]:
        print(word, '%.4f' % weight)
