"""Batch normalization of many repositories: an ExponentialMovingAverage under tf.cond; CIFAR style collections of losses."""
import numpy as np
import tensorflow as tf


import contextlib
import functools
import re


class ExponentialMovingAverage:
    """Averages that move at each `apply`: average -= (average - value) * (1 - decay)."""

    def __init__(self, decay, num_updates=None, zero_debias=False, name="ExponentialMovingAverage"):
        if zero_debias:
            raise ValueError("zero_debias is not computed here")
        self.decay, self.num_updates, self.name = decay, num_updates, name
        self.variables = []
        self._places = {}  # of variables, and of the tensors of the function that is traced, the average

    def build(self, variables):
        """Makes the averages of variables, which begin at their values."""
        for variable in variables:
            if variable.ref() not in self._places:
                name = f"{variable.name.split(':')[0]}/{self.name}"
                self._add(variable, lambda: tf.Variable(variable, trainable=False, name=name))

    def apply(self, values):
        """Moves the averages of values; those of tensors begin at 0."""
        moved = []
        decay = tf.cast(self.decay, tf.float32)
        if self.num_updates is not None:
            number = tf.cast(self.num_updates, tf.float32)
            decay = tf.minimum(decay, (1.0 + number) / (10.0 + number))
        for position, value in enumerate(values):
            if value.ref() not in self._places:
                self._begin(position, value)
            average = self._places[value.ref()]
            moved.append(average.assign_sub((average - value) * tf.cast(1.0 - decay, average.dtype)))
        return moved

    def average(self, value):
        """The average of a value that was handed to `apply`."""
        return self._places[value.ref()]

    def _begin(self, position, value):
        if len(self.variables) > position:
            self._places[value.ref()] = self.variables[position]
        else:
            self._add(value, lambda: tf.Variable(tf.zeros(value.shape, value.dtype), trainable=False))

    def _add(self, value, make):
        with tf.init_scope():
            self.variables.append(make())
        self._places[value.ref()] = self.variables[-1]


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


class BatchNormalization:
    """Batch normalisation whose moving averages move only where the updates that it collects are run.

    fused: as TF1's fused kernel computes, whose moving variance is of a sample; None: where inputs have four axes.
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer=tf.zeros_initializer(),
        gamma_initializer=tf.ones_initializer(),
        moving_mean_initializer=tf.zeros_initializer(),
        moving_variance_initializer=tf.ones_initializer(),
        fused=None,
        trainable=True,
        updates="update_ops",
        name="batch_normalization",
    ):
        self.axis, self.momentum, self.epsilon = axis, momentum, epsilon
        self.initializers = {
            "gamma": gamma_initializer if scale else None,
            "beta": beta_initializer if center else None,
            "moving_mean": moving_mean_initializer,
            "moving_variance": moving_variance_initializer,
        }
        self.fused, self.trainable, self.updates, self.name = fused, trainable, updates, name
        self.variables = []
        self.gamma = self.beta = None

    @property
    def trainable_variables(self):
        """Its scale and shift."""
        return [v for v in self.variables if v.trainable]

    def build(self, size):
        """Makes the variables, also while a function is being traced."""
        with tf.init_scope(), tf.name_scope(self.name):
            for name, initializer in self.initializers.items():
                if initializer is not None:
                    trained = self.trainable and not name.startswith("moving")
                    variable = tf.Variable(initializer([size]), trainable=trained, name=name)
                    setattr(self, name, variable)
                    self.variables.append(variable)

    def __call__(self, inputs, training=False):
        axis = self.axis[0] if isinstance(self.axis, (list, tuple)) else self.axis
        axis %= len(inputs.shape)
        if not self.variables:
            self.build(inputs.shape[axis])
        fused = self.fused is not False and len(inputs.shape) == 4 or self.fused and len(inputs.shape) == 2
        compute = self._fused if fused and axis == len(inputs.shape) - 1 else self._plain
        if isinstance(training, (bool, int, type(None))):
            outputs, mean, variance = compute(inputs, axis, bool(training))
        else:
            outputs, mean, variance = tf.cond(
                tf.cast(training, tf.bool),
                lambda: compute(inputs, axis, True),
                lambda: compute(inputs, axis, False),
            )
        if not isinstance(training, (bool, int, type(None))) or training:
            self._collect(mean, variance)
        return outputs

    def _collect(self, mean, variance):
        """Collects the updates of both averages; or runs them, where they are collected nowhere."""

        def update(average, value):
            return lambda: average.assign_sub((average - value) * (1.0 - self.momentum))

        for average, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
            if self.updates is None:
                update(average, value)()
            else:
                add_to_collection(self.updates, update(average, value), average.name)

    def _plain(self, inputs, axis, training):
        mean, variance = self.moving_mean + 0.0, self.moving_variance + 0.0
        if training:
            mean, variance = tf.nn.moments(inputs, [a for a in range(len(inputs.shape)) if a != axis])
        shape = [-1 if a == axis else 1 for a in range(len(inputs.shape))]
        arguments = [
            None if v is None else tf.reshape(v, shape) for v in (mean, variance, self.beta, self.gamma)
        ]
        return tf.nn.batch_normalization(inputs, *arguments, self.epsilon), mean, variance

    def _fused(self, inputs, axis, training):
        images = inputs if len(inputs.shape) == 4 else inputs[:, None, None, :]
        ones, zeros = tf.ones_like(self.moving_variance), tf.zeros_like(self.moving_mean)
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=images,
            scale=ones if self.gamma is None else self.gamma,
            offset=zeros if self.beta is None else self.beta,
            mean=tf.zeros([0]) if training else self.moving_mean,
            variance=tf.zeros([0]) if training else self.moving_variance,
            epsilon=self.epsilon,
            is_training=training,
        )
        if not training:
            mean, variance = self.moving_mean + 0.0, self.moving_variance + 0.0
        return outputs if images is inputs else outputs[:, 0, 0, :], mean, variance


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


rs = np.random.RandomState(5)
xs = rs.rand(60, 6, 6, 2) * 2
ys = (xs[:, :3].mean(axis=(1, 2, 3)) > xs[:, 3:].mean(axis=(1, 2, 3))).astype(np.int64)


def batch_norm(x, n_out, phase_train):
    with state.scope('bn'):
        beta = state.new("beta", lambda _: tf.Variable(tf.constant(0.0, shape=[n_out]), name='beta', trainable=True))
        gamma = state.new("gamma", lambda _: tf.Variable(tf.constant(1.0, shape=[n_out]), name='gamma', trainable=True))
        batch_mean, batch_var = tf.nn.moments(x, [0, 1, 2], name='moments')
        ema = state.new("ema", lambda _: ExponentialMovingAverage(decay=0.5))

        def mean_var_with_update():
            ema_apply_op = ema.apply([batch_mean, batch_var])
            with tf.control_dependencies([ema_apply_op]):
                return tf.identity(batch_mean), tf.identity(batch_var)

        mean, var = tf.cond(phase_train, mean_var_with_update,
                            lambda: (ema.average(batch_mean), ema.average(batch_var)))
        return tf.nn.batch_normalization(x, mean, var, beta, gamma, 1e-3)


def _variable_with_weight_decay(name, shape, stddev, wd):
    var = state.get(name, lambda: tf.Variable(tf.keras.initializers.TruncatedNormal(stddev=stddev)(shape), name=name))
    if wd is not None:
        weight_decay = tf.multiply(tf.nn.l2_loss(var), wd, name='weight_loss')
        add_to_collection("graph_losses", weight_decay)
    return var


def inference(images, phase_train):
    with state.scope('conv1'):
        kernel = _variable_with_weight_decay('weights', shape=[3, 3, 2, 4], stddev=5e-2, wd=None)
        conv = tf.nn.conv2d(images, kernel, [1, 1, 1, 1], padding='SAME')
        biases = state.get('biases', lambda: tf.Variable(tf.constant_initializer(0.0)([4]), name='biases'))
        conv1 = tf.nn.relu(batch_norm(tf.nn.bias_add(conv, biases), 4, phase_train), name='conv1')
    with state.scope('local2'):
        reshape = tf.reshape(conv1, [-1, 6 * 6 * 4])
        weights = _variable_with_weight_decay('weights', shape=[6 * 6 * 4, 8], stddev=0.04, wd=0.004)
        local2 = tf.nn.relu(tf.matmul(reshape, weights))
    with state.scope('softmax_linear'):
        weights = _variable_with_weight_decay('weights', [8, 2], stddev=1 / 8.0, wd=0.001)
        softmax_linear = tf.matmul(local2, weights)
    return softmax_linear


def loss(logits, labels):
    cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    cross_entropy_mean = tf.reduce_mean(cross_entropy, name='cross_entropy')
    add_to_collection("graph_losses", cross_entropy_mean)
    return tf.add_n(get_collection("graph_losses"), name='total_loss')


@tf.function(input_signature=[tf.TensorSpec([None, 6, 6, 2], tf.float32), tf.TensorSpec([None], tf.int64)])
def compute_total(x, y):
    phase = tf.constant(False)
    clear_collections("graph_losses")
    with state.label("logits"):
        logits = inference(x, phase)
    total = loss(logits, y)
    return total


global_step = tf.Variable(0, trainable=False)


@tf.function(input_signature=[tf.TensorSpec([None, 6, 6, 2], tf.float32)])
def build(x):
    phase = tf.constant(False)
    with state.label("logits"):
        logits = inference(x, phase)
    state.keep(global_step)


build.get_concrete_function()  # makes the variables of its layers


opt = tf.keras.optimizers.SGD()
variable_averages = ExponentialMovingAverage(0.9, global_step)
trained_variables = state.variables(trainable=True)
variable_averages.build(trained_variables)


@tf.function(input_signature=[tf.TensorSpec([None, 6, 6, 2], tf.float32), tf.TensorSpec([None], tf.int64)])
def train_step(x, y):
    phase = tf.constant(True)
    clear_collections("graph_losses")
    with tf.GradientTape() as tape:
        with state.label("logits"):
            logits = inference(x, phase)
        total = loss(logits, y)
        lr = tf.keras.optimizers.schedules.ExponentialDecay(0.1, 4, 0.5, staircase=True)(global_step)
    variables = tape.watched_variables()
    grads = list(zip(tape.gradient(total, variables), variables))
    opt.learning_rate.assign(lr)
    opt.apply_gradients(grads)
    global_step.assign_add(1)
    variables_averages_op = variable_averages.apply(trained_variables)
    return total


for epoch in range(4):
    for i in range(0, 60, 20):
        t = train_step(x=xs[i:i + 20], y=ys[i:i + 20]).numpy()
    print('epoch %d loss %.5f test %.5f' % (epoch, t, compute_total(x=xs, y=ys).numpy()))
