"""tf.cond, tf.case and tf.while_loop, with gradients through them."""
import tensorflow as tf
import numpy as np

w = tf.Variable(0.5, name='w')


# a loop: w^n by multiplication
i0 = tf.constant(0)


@tf.function
def compute_fib():
    # fibonacci into a TensorArray
    ta = tf.TensorArray(tf.int32, size=8, clear_after_read=False)
    ta = ta.write(0, 1).write(1, 1)
    _, ta = tf.while_loop(lambda i, t: i < 8,
                          lambda i, t: (i + 1, t.write(i, t.read(i - 1) + t.read(i - 2))), (2, ta))
    fib = ta.stack()
    return fib


optimizer = tf.keras.optimizers.SGD(0.05)


@tf.function(input_signature=[tf.TensorSpec([], tf.float32), tf.TensorSpec([], tf.int32)])
def train_step(x, n):
    with tf.GradientTape() as tape:
        # cond on a placeholder
        y = tf.cond(x > 1.0, lambda: x * w, lambda: x + w)
        _, power = tf.while_loop(lambda i, p: i < n, lambda i, p: [i + 1, p * w], [i0, tf.constant(1.0)])
        loss = tf.square(y - 2.0) + tf.square(power - 0.3)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


@tf.function(input_signature=[tf.TensorSpec([], tf.float32), tf.TensorSpec([], tf.int32)])
def evaluate(x, n):
    with tf.GradientTape() as tape:
        # cond on a placeholder
        y = tf.cond(x > 1.0, lambda: x * w, lambda: x + w)
        _, power = tf.while_loop(lambda i, p: i < n, lambda i, p: [i + 1, p * w], [i0, tf.constant(1.0)])
        # Newton's method for a square root, until it is exact enough
        def unfinished(guess, steps):
            return tf.logical_and(tf.abs(guess * guess - x) > 1e-4, steps < 30)
        def improve(guess, steps):
            return 0.5 * (guess + x / guess), steps + 1
        root, used = tf.while_loop(unfinished, improve, (x, 0), back_prop=False)
        size = tf.case([(tf.less(n, 2), lambda: tf.constant('small')), (tf.less(n, 5), lambda: tf.constant('middle'))],
                       default=lambda: tf.constant('big'))
    grad = tape.gradient(power, [w])[0]
    return [y, power, root, used, size, grad]


for value, count in ((0.5, 1), (1.5, 2), (3.0, 4), (2.0, 6)):
    out = tf.nest.map_structure(lambda value: value.numpy(), evaluate(x=value, n=count))
    print('y %.4f power %.5f root %.4f in %d, %s, gradient %.5f' % (
        out[0], out[1], out[2], out[3], out[4].decode(), out[5]))
    l = train_step(x=value, n=count).numpy()
    print('  loss %.5f' % l)
print('w %.6f' % w.numpy())
print(compute_fib().numpy().tolist())
