"""Fetches as single tensors, lists, tuples, dicts, nested, and by a variable."""
import collections

import numpy as np
import tensorflow as tf

rs = np.random.RandomState(12)
data = rs.randn(32, 4)
labels = rs.randint(0, 3, 32)

w = tf.Variable(tf.random.normal([4, 3], stddev=0.3), name='w')
b = tf.Variable(tf.zeros([3]), name='b')


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def compute_loss(x, y):
    logits = tf.matmul(x, w) + b
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    return [loss]


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def evaluate(x, y):
    logits = tf.matmul(x, w) + b
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    guess = tf.cast(tf.argmax(logits, axis=1), tf.int32)
    return [(loss, [w, b]), {'guess': guess, 'logits': [logits]}]


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def compute_loss_and_accuracy(x, y):
    logits = tf.matmul(x, w) + b
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    guess = tf.cast(tf.argmax(logits, axis=1), tf.int32)
    hits = tf.equal(guess, y)
    accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
    return loss, accuracy


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def run(x, y):
    logits = tf.matmul(x, w) + b
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    guess = tf.cast(tf.argmax(logits, axis=1), tf.int32)
    hits = tf.equal(guess, y)
    accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
    return Report(cost=loss, score=accuracy)


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def compute_loss_and_accuracy_2(x, y):
    logits = tf.matmul(x, w) + b
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    guess = tf.cast(tf.argmax(logits, axis=1), tf.int32)
    hits = tf.equal(guess, y)
    accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
    return [loss, accuracy]


optimizer = tf.keras.optimizers.SGD(0.4)


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        logits = tf.matmul(x, w) + b
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        guess = tf.cast(tf.argmax(logits, axis=1), tf.int32)
        hits = tf.equal(guess, y)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def train_step_2(x, y):
    with tf.GradientTape() as tape:
        logits = tf.matmul(x, w) + b
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        guess = tf.cast(tf.argmax(logits, axis=1), tf.int32)
        hits = tf.equal(guess, y)
        accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return {'loss': loss, 'accuracy': accuracy, 'train': None}


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def train_step_3(x, y):
    with tf.GradientTape() as tape:
        logits = tf.matmul(x, w) + b
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        guess = tf.cast(tf.argmax(logits, axis=1), tf.int32)
        hits = tf.equal(guess, y)
        accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return [loss, accuracy, None]


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None], tf.int32),
])
def train_step_4(x, y):
    with tf.GradientTape() as tape:
        logits = tf.matmul(x, w) + b
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        guess = tf.cast(tf.argmax(logits, axis=1), tf.int32)
        hits = tf.equal(guess, y)
        accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return [accuracy, loss, None]


feed = dict(x=data, y=labels)
Report = collections.namedtuple('Report', ['cost', 'score'])


# a tuple
l, a = (value.numpy() for value in compute_loss_and_accuracy(**feed))
print('tuple %.5f %.4f' % (l, a))

# a list with ops whose value is thrown away
l = train_step(**feed).numpy()
print('list %.5f' % l)

# a dict
out = tf.nest.map_structure(lambda value: None if value is None else value.numpy(), train_step_2(**feed))
print('dict %.5f %.4f %s' % (out['loss'], out['accuracy'], out['train']))

# nested
(first, second), rest = tf.nest.map_structure(lambda value: value.numpy(), evaluate(**feed))
print('nested %.5f %.5f %.5f' % (first, second[0].sum(), second[1].sum()))
print('rest', rest['guess'][:5].tolist(), '%.5f' % rest['logits'][0].sum())

# a namedtuple
report = tf.nest.map_structure(lambda value: value.numpy(), run(**feed))
print('report %.5f %.4f' % (report.cost, report.score))

print('variable', ['%.4f' % v for v in [value.numpy() for value in compute_loss_and_accuracy_2(**feed)]])
results = [None if value is None else value.numpy() for value in train_step_3(**feed)]
print('variable', len(results), '%.4f' % results[0], results[-1] is None)

# a list of one element, and indexing the result
print('one %.5f' % [value.numpy() for value in compute_loss(**feed)][0])
print('index %.5f' % [None if value is None else value.numpy() for value in train_step_4(**feed)][1])
values = [value.numpy() for value in compute_loss_and_accuracy_2(**feed)]
print('later %.5f' % values[0])
