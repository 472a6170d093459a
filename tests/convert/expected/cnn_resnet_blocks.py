"""A small ResNet of functions: batch norm with UPDATE_OPS, weight decay, a decayed rate with momentum."""
import numpy as np
import tensorflow as tf


import contextlib
import functools
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


def run_ops(*ops):
    """Runs the updates among ops."""
    for op in tf.nest.flatten(ops):
        if callable(op):
            op()


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


class Optimizer(tf.Module):
    """What the optimizers share: a learning rate that may be assigned, and the variables' slots.

    A subclass says in `dense` how a gradient moves a variable, and in `sparse` how the gradient
    of some rows does.
    """

    def __init__(self, learning_rate, name, starts=()):
        super().__init__()
        if not isinstance(learning_rate, tf.Variable):
            learning_rate = tf.Variable(
                learning_rate, trainable=False, dtype=tf.float32, name="learning_rate"
            )
        self.learning_rate = learning_rate
        self.slot_name = name
        self.starts = starts  # of each slot, the value before the first step
        self.slots = {}  # by their names in TF1's checkpoints: <variable>/Adam, <variable>/Adam_1
        self._names = {}

    def apply_gradients(self, grads_and_vars, global_step=None):
        """Moves each variable that has a gradient, then counts the step."""
        self.move(grads_and_vars)
        self.finish()
        if global_step is not None:
            global_step.assign_add(1)

    def move(self, grads_and_vars):
        """Moves each variable that has a gradient. Several moves of one step come before `finish`."""
        grads_and_vars = [
            (gradient, variable) for gradient, variable in grads_and_vars if gradient is not None
        ]
        if not grads_and_vars:
            raise ValueError("No gradients provided for any variable.")
        for gradient, variable in grads_and_vars:
            variable = self._known(variable)
            if isinstance(gradient, tf.IndexedSlices):
                # A row that was looked up twice has one gradient, the sum.
                rows, places = tf.unique(gradient.indices)
                self.sparse(
                    variable,
                    tf.math.unsorted_segment_sum(gradient.values, places, tf.size(rows)),
                    rows,
                )
            else:
                self.dense(variable, gradient)

    def finish(self):
        """Called when all variables were moved."""
        return None

    def build(self, variables):
        """Makes all slots now, as for a checkpoint to be loaded; else the first step does."""
        for variable in map(self._known, variables):
            for number in range(len(self.starts)):
                self.slot(variable, number)

    def slot(self, variable, number=0):
        """The variable's slot with this number, made at its first use."""
        key = f"{self._names[variable.ref()]}/{self.slot_name}" + (f"_{number}" if number else "")
        if key not in self.slots:
            with tf.init_scope(), tf.name_scope(""):
                value = tf.fill(variable.shape, tf.cast(self.starts[number], variable.dtype))
                self.slots[key] = tf.Variable(value, trainable=False, name=key)
        return self.slots[key]

    def _known(self, variable):
        """The variable, or that of a Keras layer, with a name that no other variable has."""
        name = getattr(variable, "path", variable.name).split(":")[0]
        if not isinstance(variable, tf.Variable):
            variable = variable.value
        if variable.ref() not in self._names:
            while name in self._names.values():
                name += "_1"
            self._names[variable.ref()] = name
        return variable

    def put(self, variable, rows, value):
        """Writes the rows of a variable or slot; the rows that were written."""
        variable.scatter_update(tf.IndexedSlices(value, rows))
        return value


class MomentumOptimizer(Optimizer):
    """a = momentum * a + g; v -= learning_rate * a

    A new learning rate holds for all of a at once, unlike in Keras.
    """

    def __init__(
        self, learning_rate, momentum, use_locking=False, name="Momentum", use_nesterov=False
    ):
        super().__init__(learning_rate, name, [0.0])
        self.momentum = momentum
        self.use_nesterov = use_nesterov

    def dense(self, variable, gradient):
        tf.raw_ops.ResourceApplyMomentum(
            var=variable.handle,
            accum=self.slot(variable).handle,
            lr=tf.cast(self.learning_rate, variable.dtype),
            grad=gradient,
            momentum=tf.cast(self.momentum, variable.dtype),
            use_nesterov=self.use_nesterov,
        )

    def sparse(self, variable, gradient, rows):
        rate = tf.cast(self.learning_rate, variable.dtype)
        momentum = tf.cast(self.momentum, variable.dtype)
        slot = self.slot(variable)
        a = self.put(slot, rows, tf.gather(slot, rows) * momentum + gradient)
        move = rate * gradient + rate * momentum * a if self.use_nesterov else rate * a
        variable.scatter_sub(tf.IndexedSlices(move, rows))


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


np.random.seed(8)
NUM_CLASSES, WEIGHT_DECAY = 3, 1e-3


def conv_bn_relu(x, filters, stride, training, name):
    with state.scope(name):
        x = state.new("conv2d", lambda name: tf.keras.layers.Conv2D(filters, 3, strides=stride, padding='same', use_bias=False, kernel_initializer=tf.keras.initializers.VarianceScaling(), kernel_regularizer=tf.keras.regularizers.L2(WEIGHT_DECAY / 2), name=name), x)
        x = state.new("batch_normalization", lambda name: BatchNormalization(momentum=0.9, epsilon=1e-5, name=name), x, training=training)
        return tf.nn.relu(x)


def block(x, filters, stride, training, name):
    with state.scope(name):
        shortcut = x
        if stride != 1 or x.shape[-1] != filters:
            shortcut = state.get('shortcut', lambda: tf.keras.layers.Conv2D(filters, 1, strides=stride, padding='same', name='shortcut', kernel_regularizer=tf.keras.regularizers.L2(WEIGHT_DECAY / 2)), x)
        y = conv_bn_relu(x, filters, stride, training, 'conv1')
        y = conv_bn_relu(y, filters, 1, training, 'conv2')
        return y + shortcut


def inference(images, training):
    net = conv_bn_relu(images, 4, 1, training, 'stem')
    for i, (filters, stride) in enumerate([(4, 1), (8, 2)]):
        net = block(net, filters, stride, training, 'block_%d' % (i + 1))
    net = tf.reduce_mean(net, axis=[1, 2])
    return state.get('logits', lambda: tf.keras.layers.Dense(NUM_CLASSES, name='logits'), net)


@tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 3], tf.float32)])
def build(x):
    is_training = False
    logits = inference(x, is_training)


build.get_concrete_function()  # makes the variables of its layers


regularizers = state.regularizers()


@tf.function(input_signature=[
    tf.TensorSpec([None, 8, 8, 3], tf.float32),
    tf.TensorSpec([None], tf.int64),
])
def compute_accuracy(x, y):
    is_training = False
    logits = inference(x, is_training)
    accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))
    return accuracy


global_step = tf.Variable(0, trainable=False)
boundaries = [4, 8]
optimizer = MomentumOptimizer(0.0, momentum=0.9)


@tf.function(input_signature=[
    tf.TensorSpec([None, 8, 8, 3], tf.float32),
    tf.TensorSpec([None], tf.int64),
])
def train_step(x, y):
    is_training = True
    clear_collections("update_ops")
    with tf.GradientTape() as tape:
        logits = inference(x, is_training)
        cross_entropy = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        reg_losses = [regularizer() for regularizer in regularizers]
        loss = cross_entropy + tf.add_n(reg_losses)
        learning_rate = tf.keras.optimizers.schedules.PiecewiseConstantDecay(boundaries, [0.05, 0.02, 0.005])(global_step)
    update_ops = get_collection("update_ops")
    run_ops(update_ops)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.learning_rate.assign(learning_rate)
    optimizer.apply_gradients(zip(gradients, variables))
    global_step.assign_add(1)
    return loss, learning_rate


images = np.random.rand(24, 8, 8, 3)
targets = np.random.randint(0, NUM_CLASSES, 24)
images[np.arange(24), :, :, targets] += 0.5

total = sum(int(np.prod(v.shape.as_list())) for v in state.variables(trainable=True))
print('parameters:', total)
for epoch in range(5):
    for i in range(0, 24, 12):
        l, lr = (value.numpy() for value in train_step(x=images[i:i + 12], y=targets[i:i + 12]))
    acc = compute_accuracy(x=images, y=targets).numpy()
    print('epoch %d loss %.5f rate %.4f accuracy %.3f' % (epoch, l, lr, acc))
