"""A regression whose session is made by a helper, and whose tensors live in a dictionary."""
import numpy as np
import tensorflow as tf


def create_session():
    config = tf.ConfigProto(allow_soft_placement=True)
    config.gpu_options.allow_growth = True
    return tf.Session(config=config)


def build_graph(n_features):
    tensors = {}
    tensors['x'] = tf.placeholder(tf.float32, [None, n_features])
    tensors['y'] = tf.placeholder(tf.float32, [None])
    w = tf.get_variable('w', [n_features, 1], initializer=tf.zeros_initializer())
    tensors['pred'] = tf.squeeze(tf.matmul(tensors['x'], w), 1)
    tensors['loss'] = tf.reduce_mean(tf.square(tensors['pred'] - tensors['y']))
    tensors['train'] = tf.train.AdamOptimizer(0.1).minimize(tensors['loss'])
    tensors['w'] = w
    return tensors


def train(sess, t, X, Y, epochs=20):
    for epoch in range(epochs):
        _, l = sess.run([t['train'], t['loss']], feed_dict={t['x']: X, t['y']: Y})
        if epoch % 5 == 0:
            print('epoch %d loss %.5f' % (epoch, l))


def predict(sess, t, X):
    return sess.run(t['pred'], feed_dict={t['x']: X})


def main():
    rng = np.random.RandomState(5)
    X = rng.randn(40, 3)
    Y = X.dot([1.0, -2.0, 0.5])
    t = build_graph(3)
    sess = create_session()
    sess.run(tf.global_variables_initializer())
    train(sess, t, X[:30], Y[:30])
    print('mae %.5f' % np.abs(predict(sess, t, X[30:]) - Y[30:]).mean())
    print(np.round(sess.run(t['w']).ravel(), 4).tolist())
    sess.close()


if __name__ == '__main__':
    main()
