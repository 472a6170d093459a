"""InteractiveSession: everything with .eval() and .run()."""
import numpy as np
import tensorflow as tf

np.random.seed(6)
sess = tf.InteractiveSession()

points = np.random.randn(60, 3)
answers = (points.dot([1.0, -2.0, 0.5]) > 0.2).astype(np.float32).reshape(-1, 1)

x = tf.placeholder(tf.float32, shape=[None, 3])
y_ = tf.placeholder(tf.float32, shape=[None, 1])

W = tf.Variable(tf.truncated_normal([3, 1], stddev=0.1))
b = tf.Variable(tf.constant(0.1, shape=[1]))

tf.global_variables_initializer().run()
print("at first: %.6f %.6f" % (W.eval().sum(), b.eval()[0]))

y = tf.matmul(x, W) + b
cross_entropy = tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(labels=y_, logits=y))
train_step = tf.train.GradientDescentOptimizer(0.5).minimize(cross_entropy)

correct = tf.equal(tf.round(tf.sigmoid(y)), y_)
accuracy = tf.reduce_mean(tf.cast(correct, tf.float32))

for i in range(15):
    lo = (i * 20) % 60
    if i % 5 == 0:
        train_accuracy = accuracy.eval(feed_dict={x: points[lo:lo + 20], y_: answers[lo:lo + 20]})
        print('step %d, training accuracy %g' % (i, train_accuracy))
    train_step.run(feed_dict={x: points[lo:lo + 20], y_: answers[lo:lo + 20]})

print('accuracy %g' % accuracy.eval({x: points, y_: answers}))
print('cross entropy %.6f' % cross_entropy.eval({x: points, y_: answers}))

# a counter
counter = tf.Variable(0, name='counter')
counter.initializer.run()
one_more = tf.assign_add(counter, 1)
for _ in range(3):
    one_more.op.run()
print('counter', int(counter.eval()))

W_end, b_end = sess.run([W, b])
print('W %s b %.5f' % (' '.join('%.5f' % w for w in W_end.ravel()), b_end[0]))
sess.close()
