# tf.gradients, clip_by_global_norm, apply_gradients with zip
import tensorflow as tf
import numpy as np

BATCH = 25
CLIP = 1.5

np.random.seed(23)
data = np.random.randn(100, 4).astype('float32')
labels = ((data ** 2).sum(1) > 3.5).astype('int64')

inp = tf.placeholder(tf.float32, [None, 4], name="inp")
lab = tf.placeholder(tf.int64, [None], name="lab")
lr = tf.placeholder(tf.float32, [], name="lr")

with tf.variable_scope("net", initializer=tf.truncated_normal_initializer(stddev=0.4)):
    k0 = tf.get_variable("k0", [4, 10])
    c0 = tf.get_variable("c0", [10], initializer=tf.zeros_initializer())
    k1 = tf.get_variable("k1", [10, 2])

act = tf.nn.softplus(tf.matmul(inp, k0) + c0)
logits = tf.matmul(act, k1)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=lab, logits=logits))
acc = tf.reduce_mean(tf.to_float(tf.equal(tf.argmax(logits, 1), lab)))

tvars = tf.trainable_variables()
grads, global_norm = tf.clip_by_global_norm(tf.gradients(loss, tvars), CLIP)
opt = tf.train.GradientDescentOptimizer(lr)
train = opt.apply_gradients(zip(grads, tvars))

# the gradient with respect to the input, too
saliency = tf.gradients(loss, inp)[0]

sess = tf.Session()
sess.run(tf.global_variables_initializer())
rate = 0.8
for epoch in range(5):
    losses = []
    for i in range(0, len(data), BATCH):
        l, n, _ = sess.run([loss, global_norm, train],
                           {inp: data[i:i + BATCH], lab: labels[i:i + BATCH], lr: rate})
        losses.append(l)
    rate *= 0.7
    a = sess.run(acc, {inp: data, lab: labels})
    print("epoch %d  loss %.5f  norm %.5f  accuracy %.2f" % (epoch, np.mean(losses), n, a))

s = sess.run(saliency, {inp: data[:5], lab: labels[:5]})
print("saliency", s.shape, "%.6f" % np.abs(s).sum())
print("k0 %.5f" % sess.run(k0).sum(), "k1 %.5f" % np.abs(sess.run(k1)).sum())
