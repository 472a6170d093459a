"""A session with a config: threads, soft placement, memory growth, device names."""
import numpy as np
import tensorflow as tf

tf.config.set_soft_device_placement(True)
tf.debugging.set_log_device_placement(False)
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.set_visible_devices([], "GPU")
for gpu in tf.config.list_physical_devices("GPU"):
    tf.config.experimental.set_memory_growth(gpu, True)


rs = np.random.RandomState(4)


scale = tf.Variable(1.0)
optimizer = tf.keras.optimizers.SGD(0.001)


@tf.function(input_signature=[tf.TensorSpec([6, 6], tf.float32)])
def train_step(a):
    with tf.GradientTape() as tape:
        with tf.device('/gpu:0'):
            b = tf.matmul(a, a, transpose_b=True)
        with tf.device('/cpu:0'):
            c = tf.linalg.cholesky(b + 0.1 * tf.eye(6))
            logdet = 2.0 * tf.reduce_sum(tf.math.log(tf.linalg.diag_part(c)))
            cost = tf.square(logdet * scale - 3.0)
    variables = tape.watched_variables()
    gradients = tape.gradient(cost, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return logdet, cost


matrix = rs.randn(6, 6)
for i in range(6):
    s, v = (value.numpy() for value in train_step(a=matrix))
    print("step %d logdet %.5f cost %.5f" % (i, s, v))
print("scale %.6f" % scale.numpy())

print("%.4f" % tf.linalg.trace(tf.constant([[1., 2.], [3., 4.]])).numpy())
