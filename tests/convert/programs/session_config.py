"""A session with a config: threads, soft placement, memory growth, device names."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(4)

config = tf.ConfigProto(
    allow_soft_placement=True,
    log_device_placement=False,
    inter_op_parallelism_threads=1,
    intra_op_parallelism_threads=1)
config.gpu_options.allow_growth = True
config.gpu_options.per_process_gpu_memory_fraction = 0.4

with tf.device('/gpu:0'):
    a = tf.placeholder(tf.float32, [6, 6])
    b = tf.matmul(a, a, transpose_b=True)
with tf.device('/cpu:0'):
    c = tf.cholesky(b + 0.1 * tf.eye(6))
    logdet = 2.0 * tf.reduce_sum(tf.log(tf.matrix_diag_part(c)))
    scale = tf.Variable(1.0)
    cost = tf.square(logdet * scale - 3.0)
    train = tf.train.GradientDescentOptimizer(0.001).minimize(cost)

sess = tf.Session(config=config)
sess.run(tf.global_variables_initializer())
matrix = rs.randn(6, 6)
for i in range(6):
    _, s, v = sess.run([train, logdet, cost], {a: matrix})
    print("step %d logdet %.5f cost %.5f" % (i, s, v))
print("scale %.6f" % sess.run(scale))
sess.close()

with tf.Graph().as_default(), tf.Session('', config=tf.ConfigProto(device_count={'GPU': 0})) as sess:
    print("%.4f" % sess.run(tf.trace(tf.constant([[1., 2.], [3., 4.]]))))
