"""A regression program in functions, with main()."""
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


def load_data(n=60, seed=9):
    rng = np.random.RandomState(seed)
    x = rng.uniform(-3, 3, (n, 1))
    y = np.sin(x) + 0.1 * rng.randn(n, 1)
    return x.astype(np.float32), y.astype(np.float32)


def inference(x, hidden):
    w1 = state.new("w1", lambda _: tf.Variable(tf.random.normal([1, hidden]), name='w1'))
    b1 = state.new("b1", lambda _: tf.Variable(tf.zeros([hidden]), name='b1'))
    w2 = state.new("w2", lambda _: tf.Variable(tf.random.normal([hidden, 1], stddev=0.2), name='w2'))
    b2 = state.new("b2", lambda _: tf.Variable(tf.zeros([1]), name='b2'))
    return tf.matmul(tf.tanh(tf.matmul(x, w1) + b1), w2) + b2


def loss_fn(pred, target):
    return tf.reduce_mean(tf.math.squared_difference(pred, target), name='loss')


def main():
    x_data, y_data = load_data()

    @tf.function(input_signature=[tf.TensorSpec((None, 1), tf.float32)])
    def compute_pred(x_ph):
        with state.label("pred"):
            pred = inference(x_ph, hidden=10)
        return pred

    rate = 0.03
    optimizer = tf.keras.optimizers.Adam(rate, epsilon=1e-8)

    @tf.function(input_signature=[
        tf.TensorSpec((None, 1), tf.float32),
        tf.TensorSpec((None, 1), tf.float32),
    ])
    def train_step(x_ph, y_ph):
        with tf.GradientTape() as tape:
            with state.label("pred"):
                pred = inference(x_ph, hidden=10)
            loss = loss_fn(pred, y_ph)
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        return loss

    for step in range(30):
        feed = dict(x_ph=x_data, y_ph=y_data)
        value = train_step(**feed).numpy()
        if step % 10 == 0 or step == 29:
            print('step {:3d} loss {:.5f}'.format(step, value))

    probe = np.array([[-1.5], [0.0], [1.5]], dtype=np.float32)
    for p, q in zip(probe.ravel(), compute_pred(x_ph=probe).numpy().ravel()):
        print('f({:+.1f}) = {:+.4f}'.format(p, q))


if __name__ == '__main__':
    main()
