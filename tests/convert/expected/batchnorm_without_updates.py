"""A mistake that is often made: the update ops of batch normalization are never run, so
the moving averages stay as they began. The conversion must not mend it."""
import numpy as np
import tensorflow as tf


COLLECTIONS = {}  # by name, what was added, with its scope


def add_to_collection(names, value, scope=""):
    """Adds a value to a collection, or to several; a variable once. Returns the value."""
    for name in [names] if isinstance(names, str) else names:
        collection = COLLECTIONS.setdefault(name, [])
        if not isinstance(value, tf.Variable) or not any(value is other for other, _ in collection):
            collection.append((value, scope))
    return value


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


rng = np.random.RandomState(3)
xs = rng.randn(60, 4) * 3 + 5
ys = (xs[:, 0] > 5).astype(np.float32)[:, None]


net_layer = tf.keras.layers.Dense(8, name="dense")
net_layer_2 = BatchNormalization(name="batch_normalization")
out_layer = tf.keras.layers.Dense(1, name="dense_1")


@tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32)])
def build(x):
    is_train = False
    net = net_layer(x)
    net = net_layer_2(net, training=is_train)
    net = tf.nn.relu(net)
    # a second mistake: the third argument is noise_shape, so this dropout is never active
    out = out_layer(net)


build.get_concrete_function()  # makes the variables of its layers


def compute_loss_3(x, y, is_train):
    net = net_layer(x)
    net = net_layer_2(net, training=is_train)
    net = tf.nn.relu(net)
    # a second mistake: the third argument is noise_shape, so this dropout is never active
    out = out_layer(net)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(y, out.dtype), logits=out))
    return loss


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss(x, y):
    return compute_loss_3(x, y, is_train=True)


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_loss_2(x, y):
    return compute_loss_3(x, y, is_train=False)


optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = compute_loss_3(x, y, is_train=True)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))


for i in range(15):
    train_step(x=xs, y=ys)
    if i % 5 == 4:
        a = compute_loss(x=xs, y=ys).numpy()
        b = compute_loss_2(x=xs, y=ys).numpy()
        print('step %d: in training mode %.5f, in test mode %.5f' % (i, a, b))
for v in [*(v.value for v in net_layer.variables), *net_layer_2.variables, *(v.value for v in out_layer.variables)]:
    if 'moving' in v.name:
        print(v.name.split(":")[0], v.numpy().tolist())
