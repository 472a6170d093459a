"""A Wasserstein GAN: the critic is trained several times, its weights are clipped."""
import numpy as np
import tensorflow as tf


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


class RMSPropOptimizer(Optimizer):
    """RMSProp whose mean of squares starts at 1, with epsilon under the root."""

    def __init__(
        self,
        learning_rate,
        decay=0.9,
        momentum=0.0,
        epsilon=1e-10,
        use_locking=False,
        centered=False,
        name="RMSProp",
    ):
        super().__init__(learning_rate, name, [1.0, 0.0, 0.0] if centered else [1.0, 0.0])
        self.decay = decay
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def dense(self, variable, gradient):
        arguments = {
            "var": variable.handle,
            "ms": self.slot(variable, 0).handle,
            "lr": tf.cast(self.learning_rate, variable.dtype),
            "rho": tf.cast(self.decay, variable.dtype),
            "momentum": tf.cast(self.momentum, variable.dtype),
            "epsilon": tf.cast(self.epsilon, variable.dtype),
            "grad": gradient,
        }
        if self.centered:
            mg, mom = self.slot(variable, 1), self.slot(variable, 2)
            tf.raw_ops.ResourceApplyCenteredRMSProp(mg=mg.handle, mom=mom.handle, **arguments)
        else:
            tf.raw_ops.ResourceApplyRMSProp(mom=self.slot(variable, 1).handle, **arguments)

    def sparse(self, variable, gradient, rows):
        rate, rho = tf.cast(self.learning_rate, variable.dtype), tf.cast(self.decay, variable.dtype)
        squares = self.slot(variable, 0)
        square = self.put(
            squares, rows, tf.gather(squares, rows) * rho + gradient * gradient * (1 - rho)
        )
        if self.centered:
            means = self.slot(variable, 1)
            mean = self.put(means, rows, tf.gather(means, rows) * rho + gradient * (1 - rho))
            square -= mean * mean
        moves = self.slot(variable, 2 if self.centered else 1)
        move = rate * gradient * tf.math.rsqrt(square + tf.cast(self.epsilon, variable.dtype))
        move = self.put(
            moves, rows, tf.gather(moves, rows) * tf.cast(self.momentum, variable.dtype) + move
        )
        variable.scatter_sub(tf.IndexedSlices(move, rows))


mb_size, X_dim, z_dim, h_dim = 16, 4, 2, 12
rng = np.random.RandomState(47)
mixing = rng.randn(2, 4)


def next_real(n):
    return np.tanh(rng.randn(n, 2).dot(mixing))


def xavier_init(size):
    in_dim = size[0]
    xavier_stddev = 1. / tf.sqrt(in_dim / 2.)
    return tf.random.normal(shape=size, stddev=xavier_stddev)


D_W1 = tf.Variable(xavier_init([X_dim, h_dim]))
D_b1 = tf.Variable(tf.zeros(shape=[h_dim]))
D_W2 = tf.Variable(xavier_init([h_dim, 1]))
D_b2 = tf.Variable(tf.zeros(shape=[1]))
theta_D = [D_W1, D_W2, D_b1, D_b2]

G_W1 = tf.Variable(xavier_init([z_dim, h_dim]))
G_b1 = tf.Variable(tf.zeros(shape=[h_dim]))
G_W2 = tf.Variable(xavier_init([h_dim, X_dim]))
G_b2 = tf.Variable(tf.zeros(shape=[X_dim]))
theta_G = [G_W1, G_W2, G_b1, G_b2]


def sample_z(m, n):
    return rng.uniform(-1., 1., size=[m, n])


def generator(z):
    G_h1 = tf.nn.relu(tf.matmul(z, G_W1) + G_b1)
    return tf.nn.tanh(tf.matmul(G_h1, G_W2) + G_b2)


def discriminator(x):
    D_h1 = tf.nn.relu(tf.matmul(x, D_W1) + D_b1)
    return tf.matmul(D_h1, D_W2) + D_b2


@tf.function(input_signature=[tf.TensorSpec([None, z_dim], tf.float32)])
def compute_g_sample(z):
    G_sample = generator(z)
    return G_sample


optimizer = RMSPropOptimizer(1e-3)


@tf.function(input_signature=[
    tf.TensorSpec([None, X_dim], tf.float32),
    tf.TensorSpec([None, z_dim], tf.float32),
])
def train_step(X, z):
    with tf.GradientTape() as tape:
        G_sample = generator(z)
        D_real = discriminator(X)
        D_fake = discriminator(G_sample)
        D_loss = tf.reduce_mean(D_real) - tf.reduce_mean(D_fake)
        loss = -D_loss
    gradients = tape.gradient(loss, theta_D)
    optimizer.apply_gradients(zip(gradients, theta_D))
    return D_loss


optimizer_2 = RMSPropOptimizer(1e-3)


@tf.function(input_signature=[tf.TensorSpec([None, z_dim], tf.float32)])
def train_step_2(z):
    with tf.GradientTape() as tape:
        G_sample = generator(z)
        D_fake = discriminator(G_sample)
        G_loss = -tf.reduce_mean(D_fake)
    gradients = tape.gradient(G_loss, theta_G)
    optimizer_2.apply_gradients(zip(gradients, theta_G))
    return G_loss


@tf.function
def run_clip_d():
    clip_D = [p.assign(tf.clip_by_value(p, -0.1, 0.1)) for p in theta_D]


for it in range(10):
    for _ in range(3):
        X_mb = next_real(mb_size)
        D_loss_curr = train_step(X=X_mb, z=sample_z(mb_size, z_dim)).numpy()
        run_clip_d()
    G_loss_curr = train_step_2(z=sample_z(mb_size, z_dim)).numpy()
    if it % 3 == 0:
        print('Iter: {}; D loss: {:.5}; G_loss: {:.5}'.format(it, D_loss_curr, G_loss_curr))

samples = compute_g_sample(z=[[0.5, -0.5], [0.0, 0.0]]).numpy()
for s in samples:
    print(' '.join('%.5f' % v for v in s))
print('largest weight of the critic: %.3f' % max(np.abs(v).max() for v in tf.nest.map_structure(lambda value: value.numpy(), theta_D)))
