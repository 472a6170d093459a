# refused: tf.train.Server and ClusterSpec
"""A cluster of one: variables on a parameter server job, the session on a target."""
import numpy as np
import tensorflow as tf

cluster = tf.train.ClusterSpec({'worker': ['localhost:0']})
server = tf.train.Server(cluster, job_name='worker', task_index=0, start=False)

with tf.device(tf.train.replica_device_setter(worker_device='/job:worker/task:0', ps_tasks=0)):
    x = tf.placeholder(tf.float32, [None, 2])
    w = tf.Variable([[1.0], [2.0]])
    loss = tf.reduce_mean(tf.square(tf.matmul(x, w)))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)

if False:
    server.join()
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(3):
        _, l = sess.run([train, loss], {x: np.eye(2)})
        print('%.5f' % l)
