"""Files whose names and labels are listed by Python, sliced by a queue; two nets of one scope with dropout."""
import os
import shutil
import numpy as np
import tensorflow as tf


import contextlib
import functools
import re


class State:
    """Variables and layers with TF1's names: each is made when it is first asked for, and kept."""

    def __init__(self):
        self.made = {}
        self.listed = []
        self._scopes, self._places = [], []
        self._counts, self._numbers = [{}], {}
        self._contexts = []
        self._rules = {}

    def scope(self, name):
        """A context below which names stand; entered again, it finds what it made."""
        self._scopes.append(name)
        # With a slash TensorFlow takes the name as it is: entered again, it would get a number.
        return self._enter(name, tf.name_scope(self._full("")))

    def label(self, name):
        """A context that tells apart what has no name of its own; it is no part of names."""
        self._scopes.append("")
        return self._enter(f"{name}:", contextlib.nullcontext())

    def _enter(self, place, context):
        self._places.append(place)
        self._counts.append({})
        self._contexts.append(context)
        context.__enter__()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._contexts.pop().__exit__(*error)
        self._scopes.pop()
        self._places.pop()
        self._counts.pop()

    def get(self, name, make, *inputs, **options):
        """What has this name; of a layer, what it makes of inputs."""
        return self._called(self._find(self._full(name), make), inputs, options)

    def new(self, name, make, *inputs, **options):
        """The next of this kind: the second within its scope is another than the first."""
        count = self._counts[-1].get(name, 0)
        self._counts[-1][name] = count + 1
        made = self._find((*self._places, name, count), lambda: make(self._unique(name)))
        return self._called(made, inputs, options)

    def keep(self, *objects):
        """List variables, and those of layers and cells, that the program made itself."""
        self.listed += [o for o in tf.nest.flatten(objects) if not any(o is other for other in self.listed)]

    def variables(self, scope="", trainable=False):
        """All variables, or those that are trained, whose names begin with a scope, in the order of TF1."""
        found = {}
        for made in self.listed:
            of_made = [made] if isinstance(made, tf.Variable) else made.variables
            if trainable and not isinstance(made, tf.Variable):
                of_made = getattr(made, "trainable_variables", of_made)  # none of a layer that is not trained
            for v in of_made:
                v = v if isinstance(v, tf.Variable) else v.value  # those of Keras hold one
                if re.match(scope or "", v.name) and (v.trainable or not trainable):
                    found[v.ref()] = v
        return list(found.values())

    def regularize(self, variable, regularizer):
        """Note that a variable has a regularizer; gives back the variable."""
        self._rules.setdefault(variable.ref(), (variable, regularizer))
        return variable

    def regularizers(self, scope=""):
        """The regularization losses of what was made below a scope, as functions."""
        found = dict(self._rules)
        for made in self.listed:
            for v in [] if isinstance(made, tf.Variable) else made.variables:
                if getattr(v, "regularizer", None) is not None:
                    found[v.value.ref()] = (v.value, v.regularizer)
        rules = [(v, rule) for v, rule in found.values() if rule is not None and re.match(scope or "", v.name)]
        return [functools.partial(rule, v) for v, rule in rules]

    def _full(self, name):
        return "/".join([*filter(None, self._scopes), name])

    def _find(self, key, make):
        if key not in self.made:
            with tf.init_scope():
                self.made[key] = make()
            self.listed += [m for m in [self.made[key]] if hasattr(m, "variables") or isinstance(m, tf.Variable)]
        return self.made[key]

    @staticmethod
    def _called(made, inputs, options):
        return made(*inputs, **options) if inputs else made

    def _unique(self, name):
        number = self._numbers.get(self._full(name), 0)
        self._numbers[self._full(name)] = number + 1
        return f"{name}_{number}" if number else name


state = State()


FOLDER = './slices'
SIZE = 6
rs = np.random.RandomState(31)
for kind in ('dark', 'light'):
    os.makedirs(os.path.join(FOLDER, kind))
    for number in range(4):
        image = (rs.rand(SIZE, SIZE) * 80 + (120 if kind == 'light' else 10)).astype(np.uint8)
        image.tofile(os.path.join(FOLDER, kind, '%d.raw' % number))


def net(x, reuse):
    with state.scope('net'):
        h = state.new("dense", lambda name: tf.keras.layers.Dense(10, activation=tf.nn.relu, name=name), tf.reshape(x, [-1, SIZE * SIZE]))
        out = state.new("dense", lambda name: tf.keras.layers.Dense(2, name=name), h)
        return tf.nn.softmax(out) if reuse else out


mode = 'folder'
batch_size = 4
names, labels = list(), list()
if mode == 'folder':
    label = 0
    for kind_2 in sorted(os.listdir(FOLDER)):
        for name in sorted(os.listdir(os.path.join(FOLDER, kind_2))):
            if name.endswith('.raw'):
                names.append(os.path.join(FOLDER, kind_2, name))
                labels.append(label)
        label += 1
else:
    raise Exception('Unknown mode.')
names = tf.convert_to_tensor(names, dtype=tf.string)
labels = tf.convert_to_tensor(labels, dtype=tf.int32)
# one image after the other


def read_example(image_2, label):
    image_2 = tf.io.read_file(image_2)
    image_2 = tf.cast(tf.reshape(tf.io.decode_raw(image_2, tf.uint8), [SIZE, SIZE]), tf.float32)
    image_2 = image_2 * 1.0 / 127.5 - 1.0
    return image_2, label


dataset = tf.data.Dataset.from_tensor_slices((names, labels))
dataset = dataset.repeat()
dataset = dataset.map(read_example).batch(batch_size, drop_remainder=True)
iterator = iter(dataset)
optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)


@tf.function
def train_step_2():
    with tf.GradientTape() as tape:
        X, Y = next(iterator)
        logits = net(X, False)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=Y))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    with tf.control_dependencies([loss]):
        optimizer.apply_gradients(zip(gradients, variables))


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        X, Y = next(iterator)
        logits = net(X, False)
        chances = net(X, True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=Y))
        accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(chances, 1), tf.cast(Y, tf.int64)), tf.float32))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    with tf.control_dependencies([loss]):
        optimizer.apply_gradients(zip(gradients, variables))
    return loss, accuracy


for step in range(1, 9):
    if step % 2 == 0:
        l, acc = (value.numpy() for value in train_step())
        print('step %d loss %.5f accuracy %.4f' % (step, l, acc))
    else:
        train_step_2()
shutil.rmtree(FOLDER)
