"""A variational autoencoder: noise is drawn inside the graph at every run; the
decoder is used alone through a second placeholder."""
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


rs = np.random.RandomState(28)
image_dim, hidden_dim, latent_dim = 16, 10, 2
learning_rate, num_steps, batch_size = 0.01, 18, 20

# bars of light on 16 pixels
data = np.zeros((60, image_dim))
for k in range(60):
    c = rs.randint(2, 13)
    data[k, c - 2:c + 3] = [0.3, 0.7, 1.0, 0.7, 0.3]


def glorot_init(shape):
    return tf.random.normal(shape=shape, stddev=1. / tf.sqrt(shape[0] / 2.))


weights = {
    'encoder_h1': tf.Variable(glorot_init([image_dim, hidden_dim])),
    'z_mean': tf.Variable(glorot_init([hidden_dim, latent_dim])),
    'z_std': tf.Variable(glorot_init([hidden_dim, latent_dim])),
    'decoder_h1': tf.Variable(glorot_init([latent_dim, hidden_dim])),
    'decoder_out': tf.Variable(glorot_init([hidden_dim, image_dim]))
}
biases = {
    'encoder_b1': tf.Variable(glorot_init([hidden_dim])),
    'z_mean': tf.Variable(glorot_init([latent_dim])),
    'z_std': tf.Variable(glorot_init([latent_dim])),
    'decoder_b1': tf.Variable(glorot_init([hidden_dim])),
    'decoder_out': tf.Variable(glorot_init([image_dim]))
}


optimizer = RMSPropOptimizer(learning_rate)


@tf.function(input_signature=[tf.TensorSpec([None, image_dim], tf.float32)])
def train_step(input_image):
    with tf.GradientTape() as tape:
        encoder = tf.nn.tanh(tf.matmul(input_image, weights['encoder_h1']) + biases['encoder_b1'])
        z_mean = tf.matmul(encoder, weights['z_mean']) + biases['z_mean']
        z_std = tf.matmul(encoder, weights['z_std']) + biases['z_std']
        # Sampler: Normal (gaussian) random distribution
        eps = tf.random.normal(tf.shape(z_std), dtype=tf.float32, mean=0., stddev=1.0, name='epsilon')
        # z = u + e^(std/2) * eps
        z = z_mean + tf.exp(z_std / 2) * eps
        # Building the decoder
        decoder = tf.nn.tanh(tf.matmul(z, weights['decoder_h1']) + biases['decoder_b1'])
        decoder = tf.nn.sigmoid(tf.matmul(decoder, weights['decoder_out']) + biases['decoder_out'])
        # Define VAE Loss
        def vae_loss(x_reconstructed, x_true):
            encode_decode_loss = x_true * tf.math.log(1e-10 + x_reconstructed) \
                                 + (1 - x_true) * tf.math.log(1e-10 + 1 - x_reconstructed)
            encode_decode_loss = -tf.reduce_sum(encode_decode_loss, 1)
            kl_div_loss = 1 + z_std - tf.square(z_mean) - tf.exp(z_std)
            kl_div_loss = -0.5 * tf.reduce_sum(kl_div_loss, 1)
            return tf.reduce_mean(encode_decode_loss + kl_div_loss)
        loss_op = vae_loss(decoder, input_image)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss_op, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss_op


for i in range(1, num_steps + 1):
    batch_x = data[(i % 3) * batch_size:(i % 3 + 1) * batch_size]
    l = train_step(input_image=batch_x).numpy()
    if i % 6 == 0 or i == 1:
        print('Step %i, Loss: %f' % (i, l))


@tf.function(input_signature=[tf.TensorSpec([None, latent_dim], tf.float32)])
def compute_decoder(noise_input):
    decoder = tf.nn.tanh(tf.matmul(noise_input, weights['decoder_h1']) + biases['decoder_b1'])
    decoder = tf.nn.sigmoid(tf.matmul(decoder, weights['decoder_out']) + biases['decoder_out'])
    return decoder


for a in (-1.0, 0.0, 1.0):
    x_mean = compute_decoder(noise_input=[[a, 0.5]]).numpy()
    print('%+.1f: %.5f %.5f' % (a, x_mean[0].sum(), x_mean[0].max()))
