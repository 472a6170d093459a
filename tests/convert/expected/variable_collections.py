"""Variables found by scope: trainable_variables, get_collection, collections of our own."""
import tensorflow as tf
import numpy as np


import re


COLLECTIONS = {}  # by name, what was added, with its scope


def add_to_collection(names, value, scope=""):
    """Adds a value to a collection, or to several; a variable once. Returns the value."""
    for name in [names] if isinstance(names, str) else names:
        collection = COLLECTIONS.setdefault(name, [])
        if not isinstance(value, tf.Variable) or not any(value is other for other, _ in collection):
            collection.append((value, scope))
    return value


def get_collection(name, scope=None):
    """What was added to a collection, or what of it stands below a scope."""
    return [value for value, place in COLLECTIONS.get(name, ()) if re.match(scope or "", place)]


def clear_collections(*names):
    """Empties collections: each function computes what it adds to them anew."""
    for name in names:
        COLLECTIONS.pop(name, None)


rng = np.random.RandomState(55)

w = add_to_collection(['eval_params', "variables",
                                 "trainable_variables"], tf.Variable(tf.random_normal_initializer(0., 0.3)([3, 4]), name='actor/eval/w'))
b = add_to_collection(['eval_params', "variables",
                                 "trainable_variables"], tf.Variable(tf.constant_initializer(0.1)([4]), name='actor/eval/b'))
w2 = tf.Variable(tf.keras.initializers.GlorotUniform()([3, 4]), trainable=False, name='actor/eval_next/w')


@tf.function
def run(get_collection, s):
    s = tf.cast(s, tf.float32)
    clear_collections("outputs")
    act = tf.nn.tanh(tf.matmul(s, w) + b)
    act2 = tf.nn.tanh(tf.matmul(s, w2))
    add_to_collection('outputs', act)
    add_to_collection('outputs', act2)
    return get_collection('outputs')


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_total(s):
    clear_collections("graph_losses")
    act = tf.nn.tanh(tf.matmul(s, w) + b)
    add_to_collection("graph_losses", tf.reduce_mean(tf.square(act - 0.5)))
    add_to_collection("graph_losses", 0.01 * tf.nn.l2_loss(w))
    total = tf.add_n(get_collection("graph_losses"))
    return total


params = get_collection('eval_params')
by_scope = [w, b, w2]   # a prefix: both scopes
exact = [w, b]
print(len(params), len(by_scope), len(exact), len([w, b]))

optimizer = tf.keras.optimizers.SGD(0.5)


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def train_step(s):
    clear_collections("graph_losses")
    with tf.GradientTape() as tape:
        act = tf.nn.tanh(tf.matmul(s, w) + b)
        add_to_collection("graph_losses", tf.reduce_mean(tf.square(act - 0.5)))
        add_to_collection("graph_losses", 0.01 * tf.nn.l2_loss(w))
        total = tf.add_n(get_collection("graph_losses"))
    gradients = tape.gradient(total, params)
    optimizer.apply_gradients(zip(gradients, params))


@tf.function
def run_copy():
    copy = [t.assign(e) for t, e in zip([w2], exact)]


batch = rng.randn(12, 3)
for i in range(6):
    train_step(s=batch)
print('total %.6f' % compute_total(s=batch).numpy())
outs = tf.nest.map_structure(lambda value: value.numpy(), run(get_collection=get_collection, s=batch))
print('outputs %.5f %.5f' % (outs[0].sum(), outs[1].sum()))
run_copy()
for v in by_scope:
    print(v.name, '%.5f' % v.numpy().sum())
