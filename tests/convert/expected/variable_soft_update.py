"""Assign ops of all kinds; a target network that follows softly."""
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
        if not inputs:
            return made
        if isinstance(made, tf.keras.layers.Layer) and not made.built:
            with tf.init_scope():  # in the graph of a function the names of its variables would get numbers
                made.build(inputs[0].shape)
        return made(*inputs, **options)

    def _unique(self, name):
        number = self._numbers.get(self._full(name), 0)
        self._numbers[self._full(name)] = number + 1
        return f"{name}_{number}" if number else name


state = State()


TAU = 0.2
rs = np.random.RandomState(64)


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def build(x):
    def build_net(scope, trainable):
        with state.scope(scope):
            h = state.get('l1', lambda: tf.keras.layers.Dense(5, activation=tf.nn.relu, name='l1', trainable=trainable), x)
            return state.get('l2', lambda: tf.keras.layers.Dense(1, name='l2', trainable=trainable), h)
    online = build_net('online', True)
    target = build_net('target', False)


build.get_concrete_function()  # makes the variables of its layers


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def run(x):
    def build_net(scope, trainable):
        with state.scope(scope):
            h = state.get('l1', lambda: tf.keras.layers.Dense(5, activation=tf.nn.relu, name='l1', trainable=trainable), x)
            return state.get('l2', lambda: tf.keras.layers.Dense(1, name='l2', trainable=trainable), h)
    online = build_net('online', True)
    target = build_net('target', False)
    return online - target


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_online_and_target(x):
    def build_net(scope, trainable):
        with state.scope(scope):
            h = state.get('l1', lambda: tf.keras.layers.Dense(5, activation=tf.nn.relu, name='l1', trainable=trainable), x)
            return state.get('l2', lambda: tf.keras.layers.Dense(1, name='l2', trainable=trainable), h)
    online = build_net('online', True)
    target = build_net('target', False)
    return online, target


e_params = state.variables('online')
t_params = state.variables('target')


@tf.function
def run_hard_replace():
    hard_replace = [t.assign(e) for t, e in zip(t_params, e_params)]


@tf.function
def run_soft_replace():
    soft_replace = [t.assign((1 - TAU) * t + TAU * e) for t, e in zip(t_params, e_params)]


optimizer = tf.keras.optimizers.SGD(0.1)
trained_variables = state.variables(trainable=True)


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def train_step(x):
    with tf.GradientTape() as tape:
        def build_net(scope, trainable):
            with state.scope(scope):
                h = state.get('l1', lambda: tf.keras.layers.Dense(5, activation=tf.nn.relu, name='l1', trainable=trainable), x)
                return state.get('l2', lambda: tf.keras.layers.Dense(1, name='l2', trainable=trainable), h)
        online = build_net('online', True)
        loss = tf.reduce_mean(tf.square(online - 1.0))
    gradients = tape.gradient(loss, trained_variables)
    optimizer.apply_gradients([(g, v) for g, v in zip(gradients, trained_variables) if g is not None])


# counters and statistics
episodes = tf.Variable(0, trainable=False, name='episodes', dtype=tf.int32)


@tf.function
def run_count_up():
    count_up = episodes.assign_add(1)
    return count_up


best = tf.Variable(-1e9, trainable=False, name='best')


@tf.function(input_signature=[tf.TensorSpec([], tf.float32)])
def run_keep_best(score):
    keep_best = best.assign(tf.maximum(best, score))
    return keep_best


buffer = tf.Variable(tf.zeros([4]), trainable=False, name='buffer')


@tf.function(input_signature=[
    tf.TensorSpec([], tf.float32),
    tf.TensorSpec([], tf.int32),
])
def run_put(score, position):
    put = buffer.scatter_update(tf.IndexedSlices(score, position))


@tf.function
def run_shrink():
    shrink = buffer.assign_sub(0.5 * buffer)
    return shrink


batch = rs.randn(10, 3)
run_hard_replace()
d = run(x=batch).numpy()
print('after hard replace: %.6f' % abs(d).max())
for i in range(6):
    train_step(x=batch)
    run_soft_replace()
    n = run_count_up().numpy()
    s = float(np.sin(i * 2.0))
    b = run_keep_best(score=s).numpy()
    run_put(score=s, position=i % 4)
    o, t = (value.numpy() for value in compute_online_and_target(x=batch))
    print('%d online %.5f target %.5f best %.4f' % (n, o.mean(), t.mean(), b))
print('shrunk', ' '.join('%.5f' % v for v in run_shrink().numpy()))
print('buffer', ' '.join('%.5f' % v for v in buffer.numpy()))
print('episodes', int(episodes.numpy()))
