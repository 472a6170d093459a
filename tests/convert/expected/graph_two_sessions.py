"""Two graphs side by side, each with its own session; the second learns what the first computes."""
import numpy as np
import tensorflow as tf

teacher_w = tf.constant([[1.5], [-0.5]])


@tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
def compute_teacher_and_best(a):
    teacher = tf.sigmoid(tf.matmul(a, teacher_w))
    best = tf.reduce_max(teacher)
    return teacher, best


w = tf.Variable(tf.zeros_initializer()([2, 1]), name='w')
optimizer = tf.keras.optimizers.Adam(0.1, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 2], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(b, goal):
    with tf.GradientTape() as tape:
        student = tf.sigmoid(tf.matmul(b, w))
        loss = tf.reduce_mean(tf.square(student - goal))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


rs = np.random.RandomState(4)
for i in range(10):
    points = rs.randn(20, 2)
    t, m = (value.numpy() for value in compute_teacher_and_best(a=points))
    l = train_step(b=points, goal=t).numpy()
    if i % 3 == 0:
        print('%d %.5f best %.4f' % (i, l, m))
print(w.numpy().ravel().round(4).tolist())
