"""The optimizers that few programs use: proximal, dual averaging, and Ftrl with its options."""
import numpy as np
import tensorflow as tf

np.random.seed(12)
x_train = np.random.randn(40, 6).astype(np.float32)
y_train = x_train.dot(np.array([[2.], [0.], [0.], [-1.], [0.], [0.5]], dtype=np.float32))

x = tf.placeholder(tf.float32, [None, 6])
y = tf.placeholder(tf.float32, [None, 1])
step = tf.Variable(0, trainable=False, name='step', dtype=tf.int64)


def linear(name):
    with tf.variable_scope(name):
        w = tf.get_variable('w', [6, 1], initializer=tf.constant_initializer(0.3))
        return w, tf.reduce_mean(tf.square(tf.matmul(x, w) - y))


w1, loss1 = linear('proximal_adagrad')
train1 = tf.train.ProximalAdagradOptimizer(0.3, initial_accumulator_value=0.1,
                                           l1_regularization_strength=0.01).minimize(loss1)
w2, loss2 = linear('adagrad_da')
train2 = tf.train.AdagradDAOptimizer(0.3, step, l1_regularization_strength=0.01).minimize(loss2, global_step=step)
w3, loss3 = linear('ftrl')
train3 = tf.train.FtrlOptimizer(0.3, learning_rate_power=-0.5, initial_accumulator_value=0.2,
                                l2_regularization_strength=0.05,
                                l2_shrinkage_regularization_strength=0.01).minimize(loss3)
w4, loss4 = linear('adadelta')
train4 = tf.train.AdadeltaOptimizer(learning_rate=0.5, rho=0.9, epsilon=1e-4).minimize(loss4)
w5, loss5 = linear('adagrad')
train5 = tf.train.AdagradOptimizer(0.5, initial_accumulator_value=0.01).minimize(loss5)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for name, w, loss, train in [('proximal adagrad', w1, loss1, train1), ('adagrad da', w2, loss2, train2),
                                 ('ftrl', w3, loss3, train3), ('adadelta', w4, loss4, train4),
                                 ('adagrad', w5, loss5, train5)]:
        for i in range(10):
            sess.run(train, {x: x_train, y: y_train})
        value = sess.run(w)
        print('%-16s loss %.6f w %s' % (name, sess.run(loss, {x: x_train, y: y_train}),
                                        ' '.join('%.4f' % v for v in value.ravel())))
    print('step', sess.run(step))
