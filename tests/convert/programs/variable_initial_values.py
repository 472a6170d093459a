"""How variables start: initialized_value, initializers, dtypes, local variables,
assign from numpy, a list of variables."""
import numpy as np
import tensorflow as tf

v = tf.Variable(tf.random_normal([4, 3], mean=1.0, stddev=0.5), name="v")
twice = tf.Variable(v.initialized_value() * 2.0, name="twice")
ints = tf.Variable([1, 2, 3], dtype=tf.int64, name="ints")
flag = tf.Variable(False, name="flag")
table = tf.get_variable("table", initializer=np.eye(3, dtype=np.float32) * 2)
glorot = tf.get_variable("glorot", [5, 5])
ortho = tf.get_variable("ortho", [3, 3], initializer=tf.orthogonal_initializer())
unit = tf.get_variable("unit", [4, 4], initializer=tf.random_uniform_initializer(-0.5, 0.5))
cut = tf.get_variable("cut", [6], initializer=tf.truncated_normal_initializer(mean=0.0, stddev=0.02))
scaled = tf.get_variable("scaled", [6, 2], initializer=tf.variance_scaling_initializer(scale=2.0))
local = tf.Variable(3.5, collections=[tf.GraphKeys.LOCAL_VARIABLES], trainable=False, name="local")
double = tf.get_variable("double", [2], dtype=tf.float64, initializer=tf.zeros_initializer())

gram = tf.matmul(ortho, ortho, transpose_a=True)
product = tf.matmul(v, table)

with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    a, b = sess.run([v, twice])
    print("twice: %s" % np.allclose(a * 2, b))
    print("orthogonal: %s" % np.allclose(sess.run(gram), np.eye(3), atol=1e-5))
    for t in (glorot, unit, cut, scaled):
        value = sess.run(t)
        print(t.op.name, value.shape, "%.5f" % value.sum(), np.abs(value).max() < 4)
    print("product %.5f" % sess.run(product).sum())
    # change them
    sess.run(tf.assign(table, np.ones((3, 3))))
    sess.run([ints.assign(ints * 10), flag.assign(True)])
    sess.run(table[0, :].assign([5., 5., 5.]))
    print(sess.run(ints).tolist(), sess.run(flag), sess.run(table).sum(), sess.run(local))
    print("double", sess.run(double + 1).dtype, sess.run(double + 1).tolist())
    sess.run(tf.variables_initializer([table, ints]))
    print(sess.run(ints).tolist(), sess.run(table).sum())
    print("count", sum(int(np.prod(t.get_shape().as_list())) for t in tf.trainable_variables()))
