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


class Autoencoder(tf.Module):
    def __init__(self, n_input, n_hidden, transfer_function=tf.nn.softplus, optimizer=None):
        super().__init__()
        self.optimizer = optimizer
        self.state = State()
        self.n_input = n_input
        self.n_hidden = n_hidden
        self.transfer = transfer_function

        with self.state.label("network_weights"):
            network_weights = self._initialize_weights()
        self.weights = network_weights

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_hidden(self, x):
        x = tf.ensure_shape(x, [None, self.n_input])
        hidden = self.transfer(tf.add(tf.matmul(x, self.weights['w1']), self.weights['b1']))
        return hidden

    @tf.function
    def compute_reconstruction(self, hidden):
        hidden = tf.cast(hidden, tf.float32)
        reconstruction = tf.add(tf.matmul(hidden, self.weights['w2']), self.weights['b2'])
        return reconstruction

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_reconstruction_2(self, x):
        x = tf.ensure_shape(x, [None, self.n_input])
        hidden = self.transfer(tf.add(tf.matmul(x, self.weights['w1']), self.weights['b1']))
        reconstruction = tf.add(tf.matmul(hidden, self.weights['w2']), self.weights['b2'])
        return reconstruction

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_cost(self, x):
        x = tf.ensure_shape(x, [None, self.n_input])
        hidden = self.transfer(tf.add(tf.matmul(x, self.weights['w1']), self.weights['b1']))
        reconstruction = tf.add(tf.matmul(hidden, self.weights['w2']), self.weights['b2'])
        # cost
        cost = 0.5 * tf.reduce_sum(tf.pow(tf.subtract(reconstruction, x), 2.0))
        return cost

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def train_step(self, x):
        x = tf.ensure_shape(x, [None, self.n_input])
        with tf.GradientTape() as tape:
            hidden = self.transfer(tf.add(tf.matmul(x, self.weights['w1']), self.weights['b1']))
            reconstruction = tf.add(tf.matmul(hidden, self.weights['w2']), self.weights['b2'])
            # cost
            cost = 0.5 * tf.reduce_sum(tf.pow(tf.subtract(reconstruction, x), 2.0))
        variables = tape.watched_variables()
        gradients = tape.gradient(cost, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return cost

    def _initialize_weights(self):
        all_weights = dict()
        all_weights['w1'] = self.state.get("w1", lambda: tf.Variable(tf.keras.initializers.GlorotUniform()([self.n_input, self.n_hidden]), name='w1'))
        all_weights['b1'] = self.state.new("Variable", lambda name: tf.Variable(tf.zeros([self.n_hidden], dtype=tf.float32), name=name))
        all_weights['w2'] = self.state.new("Variable", lambda name: tf.Variable(tf.zeros([self.n_hidden, self.n_input], dtype=tf.float32), name=name))
        all_weights['b2'] = self.state.new("Variable", lambda name: tf.Variable(tf.zeros([self.n_input], dtype=tf.float32), name=name))
        return all_weights

    def partial_fit(self, X):
        cost = self.train_step(x=X).numpy()
        return cost

    def calc_total_cost(self, X):
        return self.compute_cost(x=X).numpy()

    def transform(self, X):
        return self.compute_hidden(x=X).numpy()

    def generate(self, hidden=None):
        if hidden is None:
            hidden = np.ones([1, self.n_hidden])
        return self.compute_reconstruction(hidden=hidden).numpy()

    def reconstruct(self, X):
        return self.compute_reconstruction_2(x=X).numpy()

    def getWeights(self):
        return self.weights['w1'].numpy()
