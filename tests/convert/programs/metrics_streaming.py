"""tf.metrics over several batches: value and update op, local variables, a reset."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(77)
truth = rng.randint(0, 2, 40)
scores = np.clip(truth * 0.4 + rng.rand(40) * 0.6, 0.01, 0.99)

labels = tf.placeholder(tf.int64, [None])
probs = tf.placeholder(tf.float32, [None])
predicted = tf.cast(probs > 0.5, tf.int64)

with tf.variable_scope('metrics'):
    acc, acc_update = tf.metrics.accuracy(labels, predicted)
    prec, prec_update = tf.metrics.precision(labels, predicted)
    rec, rec_update = tf.metrics.recall(labels=labels, predictions=predicted)
    mean, mean_update = tf.metrics.mean(probs)
    auc, auc_update = tf.metrics.auc(labels, probs)
    mse, mse_update = tf.metrics.mean_squared_error(tf.cast(labels, tf.float32), probs)
updates = tf.group(acc_update, prec_update, rec_update, mean_update, auc_update, mse_update)
reset = tf.variables_initializer(tf.get_collection(tf.GraphKeys.LOCAL_VARIABLES, scope='metrics'))
values = {'accuracy': acc, 'precision': prec, 'recall': rec, 'mean': mean, 'auc': auc, 'mse': mse}


def show(sess):
    result = sess.run(values)
    print(', '.join('%s %.5f' % (k, result[k]) for k in sorted(result)))


with tf.Session() as sess:
    sess.run(tf.local_variables_initializer())
    for i in range(0, 40, 10):
        sess.run(updates, {labels: truth[i:i + 10], probs: scores[i:i + 10]})
        show(sess)
    sess.run(reset)
    a = sess.run(acc_update, {labels: truth[:5], probs: scores[:5]})
    print('after reset %.3f' % a)
    print('accuracy by value op %.3f' % sess.run(acc))
