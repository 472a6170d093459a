"""A Gaussian policy of tf.distributions with a critic, held near the policy before it by their divergence."""
import numpy as np
import tensorflow as tf


import contextlib
import functools
import math
import re


class Normal:
    """The normal distributions with these means and standard deviations, which broadcast."""

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Normal"):
        self.loc = tf.convert_to_tensor(loc)
        self.scale = tf.convert_to_tensor(scale, self.loc.dtype)

    def sample(self, sample_shape=(), seed=None):
        """Drawn anew: of each distribution so many that they have this shape, in front of that of the means."""
        sample_shape = tf.reshape(tf.cast(sample_shape, tf.int32), [-1])
        shape = tf.shape(self.mean())
        count = tf.reduce_prod(sample_shape)
        drawn = tf.random.normal(tf.concat([[count], shape], 0), dtype=self.loc.dtype, seed=seed)
        return tf.reshape(drawn * self.scale + self.loc, tf.concat([sample_shape, shape], 0))

    def log_prob(self, value):
        z = (value - self.loc) / self.scale
        return -0.5 * tf.square(z) - (0.5 * math.log(2 * math.pi) + tf.math.log(self.scale))

    def prob(self, value):
        return tf.exp(self.log_prob(value))

    def entropy(self):
        return 0.5 + 0.5 * math.log(2 * math.pi) + tf.math.log(self.stddev())

    def mean(self):
        return self.loc * tf.ones_like(self.scale)

    mode = mean

    def stddev(self):
        return self.scale * tf.ones_like(self.loc)

    def variance(self):
        return tf.square(self.stddev())

    def kl_divergence(self, other):
        """How far another normal distribution is from this."""
        ratio = tf.square(self.scale) / tf.square(other.scale)
        far = tf.square(self.loc - other.loc) / (2 * tf.square(other.scale))
        return far + 0.5 * (ratio - 1 - tf.math.log(ratio))


def kl_divergence(distribution_a, distribution_b, allow_nan_stats=True, name=None):
    """How far one normal distribution is from another."""
    return distribution_a.kl_divergence(distribution_b)


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


rs = np.random.RandomState(6)
BOUND = 2.0


def actor(s, scope, trainable):
    with state.scope(scope):
        h = state.new("dense", lambda name: tf.keras.layers.Dense(12, activation=tf.nn.relu, trainable=trainable, name=name), s)
        mu = BOUND * state.new("dense", lambda name: tf.keras.layers.Dense(1, activation=tf.nn.tanh, trainable=trainable, name=name), h)
        sigma = state.new("dense", lambda name: tf.keras.layers.Dense(1, activation=tf.nn.softplus, trainable=trainable, name=name), h)
        # never quite without noise
        return Normal(loc=mu, scale=sigma + 0.1)


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def run(states):
    pi = actor(states, 'pi', True)
    return pi.mean(), pi.stddev()


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def build(states):
    pi = actor(states, 'pi', True)
    old = actor(states, 'old', False)


build.get_concrete_function()  # makes the variables of its layers


pi_params = state.variables('pi')
old_params = state.variables('old')


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_choice(states):
    pi = actor(states, 'pi', True)
    choice = tf.clip_by_value(tf.squeeze(pi.sample(1), axis=0), -BOUND, BOUND)
    return choice


@tf.function
def run_update_old():
    update_old = [o.assign(p) for p, o in zip(pi_params, old_params)]


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def evaluate(states, actions, advantages):
    pi = actor(states, 'pi', True)
    old = actor(states, 'old', False)
    ratio = pi.prob(actions) / old.prob(actions)
    distance = tf.reduce_mean(kl_divergence(old, pi))
    loss = -tf.reduce_mean(ratio * advantages) + 0.5 * distance - 0.01 * tf.reduce_mean(pi.entropy())
    likely = tf.reduce_mean(pi.log_prob(actions))
    return loss, distance, likely


optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)
trained_variables = state.variables(trainable=True)


@tf.function(input_signature=[
    tf.TensorSpec([None, 3], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(states, actions, advantages):
    with tf.GradientTape() as tape:
        pi = actor(states, 'pi', True)
        old = actor(states, 'old', False)
        ratio = pi.prob(actions) / old.prob(actions)
        distance = tf.reduce_mean(kl_divergence(old, pi))
        loss = -tf.reduce_mean(ratio * advantages) + 0.5 * distance - 0.01 * tf.reduce_mean(pi.entropy())
    gradients = tape.gradient(loss, trained_variables)
    optimizer.apply_gradients([(g, v) for g, v in zip(gradients, trained_variables) if g is not None])


seen = rs.randn(32, 3)
for episode in range(6):
    done = compute_choice(states=seen).numpy()
    reward = -np.square(done - seen[:, :1])
    gain = reward - reward.mean()
    run_update_old()
    for _ in range(3):
        train_step(states=seen, actions=done, advantages=gain)
    l, d, p = (value.numpy() for value in evaluate(states=seen, actions=done, advantages=gain))
    print('episode %d loss %.5f distance %.4f log probability %.4f' % (episode, l, d, p))
m, s = (value.numpy() for value in run(states=seen[:2]))
print('means', m.ravel(), 'deviations', s.ravel())
