# tf.gradients, clip_by_global_norm, apply_gradients with zip
import tensorflow as tf
import numpy as np

BATCH = 25
CLIP = 1.5

np.random.seed(23)
data = np.random.randn(100, 4).astype('float32')
labels = ((data ** 2).sum(1) > 3.5).astype('int64')


k0 = tf.Variable((lambda shape, dtype=tf.float32: tf.random.truncated_normal(shape, stddev=0.4, dtype=dtype))([4, 10]), name='net/k0')
c0 = tf.Variable(tf.zeros_initializer()([10]), name='net/c0')
k1 = tf.Variable((lambda shape, dtype=tf.float32: tf.random.truncated_normal(shape, stddev=0.4, dtype=dtype))([10, 2]), name='net/k1')


@tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32), tf.TensorSpec([None], tf.int64)])
def compute_acc(inp, lab):
    act = tf.nn.softplus(tf.matmul(inp, k0) + c0)
    logits = tf.matmul(act, k1)
    acc = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), lab), tf.float32))
    return acc


tvars = [k0, c0, k1]
opt = tf.keras.optimizers.SGD()


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int64),
    tf.TensorSpec([], tf.float32),
])
def train_step(inp, lab, lr):
    with tf.GradientTape() as tape:
        act = tf.nn.softplus(tf.matmul(inp, k0) + c0)
        logits = tf.matmul(act, k1)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=lab, logits=logits))
    grads, global_norm = tf.clip_by_global_norm(tape.gradient(loss, tvars), CLIP)
    opt.learning_rate.assign(lr)
    opt.apply_gradients(zip(grads, tvars))
    return loss, global_norm


@tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32), tf.TensorSpec([None], tf.int64)])
def compute_saliency(inp, lab):
    with tf.GradientTape() as tape:
        tape.watch(inp)
        act = tf.nn.softplus(tf.matmul(inp, k0) + c0)
        logits = tf.matmul(act, k1)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=lab, logits=logits))
    # the gradient with respect to the input, too
    saliency = [tape.gradient(loss, inp)][0]
    return saliency


rate = 0.8
for epoch in range(5):
    losses = []
    for i in range(0, len(data), BATCH):
        l, n = (value.numpy() for value in train_step(inp=data[i:i + BATCH], lab=labels[i:i + BATCH], lr=rate))
        losses.append(l)
    rate *= 0.7
    a = compute_acc(inp=data, lab=labels).numpy()
    print("epoch %d  loss %.5f  norm %.5f  accuracy %.2f" % (epoch, np.mean(losses), n, a))

s = compute_saliency(inp=data[:5], lab=labels[:5]).numpy()
print("saliency", s.shape, "%.6f" % np.abs(s).sum())
print("k0 %.5f" % k0.numpy().sum(), "k1 %.5f" % np.abs(k1.numpy()).sum())
