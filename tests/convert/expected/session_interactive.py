"""InteractiveSession: everything with .eval() and .run()."""
import numpy as np
import tensorflow as tf

np.random.seed(6)

points = np.random.randn(60, 3)
answers = (points.dot([1.0, -2.0, 0.5]) > 0.2).astype(np.float32).reshape(-1, 1)


W = tf.Variable(tf.random.truncated_normal([3, 1], stddev=0.1))
b = tf.Variable(tf.constant(0.1, shape=[1]))

print("at first: %.6f %.6f" % (W.numpy().sum(), b.numpy()[0]))


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_cross_entropy(x, y_):
    y = tf.matmul(x, W) + b
    cross_entropy = tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(labels=y_, logits=y))
    return cross_entropy


optimizer = tf.keras.optimizers.SGD(0.5)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step_2(x, y_):
    with tf.GradientTape() as tape:
        y = tf.matmul(x, W) + b
        cross_entropy = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(labels=y_, logits=y))
    variables = tape.watched_variables()
    gradients = tape.gradient(cross_entropy, variables)
    optimizer.apply_gradients(zip(gradients, variables))


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_accuracy(x, y_):
    y = tf.matmul(x, W) + b
    correct = tf.equal(tf.round(tf.sigmoid(y)), y_)
    accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))
    return accuracy


for i in range(15):
    lo = (i * 20) % 60
    if i % 5 == 0:
        train_accuracy = compute_accuracy(x=points[lo:lo + 20], y_=answers[lo:lo + 20]).numpy()
        print('step %d, training accuracy %g' % (i, train_accuracy))
    train_step_2(x=points[lo:lo + 20], y_=answers[lo:lo + 20])

print('accuracy %g' % compute_accuracy(x=points, y_=answers).numpy())
print('cross entropy %.6f' % compute_cross_entropy(x=points, y_=answers).numpy())

# a counter
counter = tf.Variable(0, name='counter')


@tf.function
def run():
    one_more = counter.assign_add(1)


for _ in range(3):
    run()
print('counter', int(counter.numpy()))

W_end, b_end = W.numpy(), b.numpy()
print('W %s b %.5f' % (' '.join('%.5f' % w for w in W_end.ravel()), b_end[0]))
