"""DDPG as functions: actor and critic with targets, policy gradient by grad_ys, soft updates, noise on the host."""
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


np.random.seed(2)
S_DIM, A_DIM, A_BOUND, TAU, GAMMA, BATCH = 3, 1, 2.0, 0.1, 0.9, 16


def build_a(s, scope, trainable):
    with state.scope(scope):
        init_w = tf.random_normal_initializer(0., 0.3)
        init_b = tf.constant_initializer(0.1)
        net = state.get('l1', lambda: tf.keras.layers.Dense(12, activation=tf.nn.relu, kernel_initializer=init_w, bias_initializer=init_b, name='l1', trainable=trainable), s)
        with state.scope('a'):
            actions = state.get('a', lambda: tf.keras.layers.Dense(A_DIM, activation=tf.nn.tanh, kernel_initializer=init_w, bias_initializer=init_b, name='a', trainable=trainable), net)
            return tf.multiply(actions, A_BOUND, name='scaled_a')


def build_c(s, a, scope, trainable):
    with state.scope(scope):
        n_l1 = 12
        w1_s = state.get('w1_s', lambda: tf.Variable(tf.keras.initializers.GlorotUniform()([S_DIM, n_l1]), trainable=trainable, name='w1_s'))
        w1_a = state.get('w1_a', lambda: tf.Variable(tf.keras.initializers.GlorotUniform()([A_DIM, n_l1]), trainable=trainable, name='w1_a'))
        b1 = state.get('b1', lambda: tf.Variable(tf.keras.initializers.GlorotUniform()([1, n_l1]), trainable=trainable, name='b1'))
        net = tf.nn.relu(tf.matmul(s, w1_s) + tf.matmul(a, w1_a) + b1)
        return state.new("dense", lambda name: tf.keras.layers.Dense(1, trainable=trainable, name=name), net)


@tf.function(input_signature=[tf.TensorSpec([None, S_DIM], tf.float32)])
def compute_a(S):
    with state.scope('Actor'):
        a = build_a(S, scope='eval', trainable=True)
    return a


@tf.function(input_signature=[
    tf.TensorSpec([None, S_DIM], tf.float32),
    tf.TensorSpec([None, S_DIM], tf.float32),
])
def build(S, S_):
    with state.scope('Actor'):
        a = build_a(S, scope='eval', trainable=True)
    with state.scope('Actor'):
        a_ = build_a(S_, scope='target', trainable=False)
    with state.scope('Critic'):
        q = build_c(S, a, scope='eval', trainable=True)
    with state.scope('Critic'):
        q_ = build_c(S_, a_, scope='target', trainable=False)


build.get_concrete_function()  # makes the variables of its layers


ae_params = state.variables('Actor/eval')
at_params = state.variables('Actor/target')
ce_params = state.variables('Critic/eval')
ct_params = state.variables('Critic/target')


@tf.function
def run_soft_replace():
    soft_replace = [[ta.assign((1 - TAU) * ta + TAU * ea), tc.assign((1 - TAU) * tc + TAU * ec)]
                    for ta, ea, tc, ec in zip(at_params, ae_params, ct_params, ce_params)]


def forward(S, a, R, S_):
    with state.scope('Actor'):
        a_ = build_a(S_, scope='target', trainable=False)
    with state.scope('Critic'):
        q = build_c(S, a, scope='eval', trainable=True)
    with state.scope('Critic'):
        q_ = build_c(S_, a_, scope='target', trainable=False)
    q_target = R + GAMMA * q_
    td_error = tf.reduce_mean(tf.math.squared_difference(tf.cast(q, tf.float32), tf.cast(q_target, tf.float32)))
    return td_error


@tf.function
def compute_td_error(S, a, R, S_):
    S = tf.cast(S, tf.float32)
    a = tf.cast(a, tf.float32)
    R = tf.cast(R, tf.float32)
    S_ = tf.cast(S_, tf.float32)
    return forward(S, a, R, S_)


optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)


@tf.function
def train_step_2(S, a, R, S_):
    S = tf.cast(S, tf.float32)
    a = tf.cast(a, tf.float32)
    R = tf.cast(R, tf.float32)
    S_ = tf.cast(S_, tf.float32)
    with tf.GradientTape() as tape:
        td_error = forward(S, a, R, S_)
    gradients = tape.gradient(td_error, ce_params)
    optimizer.apply_gradients(zip(gradients, ce_params))


optimizer_2 = tf.keras.optimizers.Adam(-0.001, epsilon=1e-8)


@tf.function(input_signature=[tf.TensorSpec([None, S_DIM], tf.float32)])
def train_step(S):
    with tf.GradientTape(persistent=True) as tape:
        with state.scope('Actor'):
            a = build_a(S, scope='eval', trainable=True)
            tape.watch(a)
        with state.scope('Critic'):
            q = build_c(S, a, scope='eval', trainable=True)
    a_grads = [tape.gradient(q, a)]
    policy_grads = tape.gradient(a, ae_params, output_gradients=a_grads)
    optimizer_2.apply_gradients(zip(policy_grads, ae_params))


memory = np.zeros((40, S_DIM * 2 + A_DIM + 1), dtype=np.float32)
s = np.random.randn(S_DIM)
var = 1.0
for t in range(40):
    act = compute_a(S=s[np.newaxis, :]).numpy()[0]
    act = np.clip(np.random.normal(act, var), -A_BOUND, A_BOUND)
    s2 = 0.8 * s + 0.1 * act
    memory[t] = np.hstack((s, act, [-np.abs(s2).sum()], s2))
    s = s2 if t % 7 else np.random.randn(S_DIM)
    if t >= BATCH:
        bt = memory[np.random.choice(t, size=BATCH)]
        bs, ba, br, bs_ = bt[:, :S_DIM], bt[:, S_DIM:S_DIM + A_DIM], bt[:, -S_DIM - 1:-S_DIM], bt[:, -S_DIM:]
        run_soft_replace()
        train_step(S=bs)
        train_step_2(S=bs, a=ba, R=br, S_=bs_)
        var *= .995
        if t % 6 == 0:
            print('step %d td %.5f' % (t, compute_td_error(S=bs, a=ba, R=br, S_=bs_).numpy()))
