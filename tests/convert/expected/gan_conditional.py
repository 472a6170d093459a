"""A conditional GAN: labels joined to both inputs, label smoothing, logits losses."""
import numpy as np
import tensorflow as tf


class State:
    """Variables and layers by name: each is made when it is first asked for, and kept."""

    def __init__(self):
        self.made = {}
        self._path = []
        self._counts = [{}]
        self._names = []

    def scope(self, name):
        """A context below which names stand; entered again, it finds what it made."""
        self._path.append(name)
        self._counts.append({})
        self._names.append(tf.keras.name_scope(name))
        self._names[-1].__enter__()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._names.pop().__exit__(*error)
        self._path.pop()
        self._counts.pop()

    def get(self, name, make):
        """What has this name."""
        path = "/".join([*self._path, name])
        if path not in self.made:
            with tf.init_scope():
                self.made[path] = make()
        return self.made[path]

    def new(self, name, make):
        """The next of this name: the second within its scope is another than the first."""
        count = self._counts[-1].get(name, 0)
        self._counts[-1][name] = count + 1
        return self.get(f"{name}_{count}" if count else name, make)

    def variables(self, prefix="", trainable=False):
        """All variables below a path, or those that are trained, in the order in which they were made."""
        found = []
        for path, made in self.made.items():
            if path.startswith(prefix):
                found += [made] if isinstance(made, tf.Variable) else made.variables
        found = [v if isinstance(v, tf.Variable) else v.value for v in found]  # those of Keras hold one
        return [v for v in found if v.trainable or not trainable]


state = State()


tf.random.set_seed(1)
np.random.seed(1)

# Hyper Parameters
BATCH_SIZE = 20
LR_G = 0.003           # learning rate for generator
LR_D = 0.003           # learning rate for discriminator
N_NOISE = 4
N_POINTS = 9
PAINT = np.vstack([np.linspace(-1, 1, N_POINTS) for _ in range(BATCH_SIZE)])


def artist_works_with_labels():     # two kinds of curves
    a = np.random.uniform(1, 2, size=BATCH_SIZE)[:, np.newaxis]
    paintings = a * np.power(PAINT, 2) + (a-1)
    labels = (a - 1) > 0.5          # upper paintings (1), lower paintings (0)
    return paintings, labels.astype(np.float32)


G_l1_layer = tf.keras.layers.Dense(24, activation=tf.nn.relu)
G_out_layer = tf.keras.layers.Dense(N_POINTS)


def forward(G_in, art_labels):
    G_art = tf.concat((G_in, art_labels), 1)
    with tf.keras.name_scope('Generator'):
        G_l1 = G_l1_layer(G_art)
    with tf.keras.name_scope('Generator'):
        G_out = G_out_layer(G_l1)
    return G_out


@tf.function(input_signature=[
    tf.TensorSpec([None, N_NOISE], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def compute_g_out(G_in, art_labels):
    return forward(G_in, art_labels)


optimizer = tf.keras.optimizers.Adam(LR_D, beta_1=0.5, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, N_NOISE], tf.float32),
    tf.TensorSpec([None, N_POINTS], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step_2(G_in, real_art, art_labels):
    with tf.GradientTape() as tape:
        G_out = forward(G_in, art_labels)
        def discriminator(art, reuse=False):
            with state.scope('Discriminator'):
                both = tf.concat((art, art_labels), 1)
                l0 = state.get('l', lambda: tf.keras.layers.Dense(24, activation=tf.nn.leaky_relu, name='l'))(both)
                return state.get('out', lambda: tf.keras.layers.Dense(1, name='out'))(l0)
        logit_real = discriminator(real_art)
        logit_fake = discriminator(G_out, reuse=True)
        D_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(tf.ones_like(logit_real), logit_real.dtype) * (1 - 0.1) + 0.5 * 0.1, logits=logit_real)) + \
            tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(tf.zeros_like(logit_fake), logit_fake.dtype), logits=logit_fake))
    t_vars = [*(v.value for v in G_l1_layer.trainable_variables), *(v.value for v in G_out_layer.trainable_variables), *state.variables(trainable=True)]
    d_vars = [var for var in t_vars if var.name.startswith('Discriminator')]
    gradients = tape.gradient(D_loss, d_vars)
    optimizer.apply_gradients(zip(gradients, d_vars))
    return D_loss


optimizer_2 = tf.keras.optimizers.Adam(LR_G, beta_1=0.5, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([None, N_NOISE], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(G_in, art_labels):
    with tf.GradientTape() as tape:
        G_out = forward(G_in, art_labels)
        def discriminator(art, reuse=False):
            with state.scope('Discriminator'):
                both = tf.concat((art, art_labels), 1)
                l0 = state.get('l', lambda: tf.keras.layers.Dense(24, activation=tf.nn.leaky_relu, name='l'))(both)
                return state.get('out', lambda: tf.keras.layers.Dense(1, name='out'))(l0)
        logit_fake = discriminator(G_out, reuse=True)
        G_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.cast(tf.ones_like(logit_fake), logit_fake.dtype), logits=logit_fake))
    t_vars = [*(v.value for v in G_l1_layer.trainable_variables), *(v.value for v in G_out_layer.trainable_variables), *state.variables(trainable=True)]
    g_vars = [var for var in t_vars if var.name.startswith('Generator')]
    gradients = tape.gradient(G_loss, g_vars)
    optimizer_2.apply_gradients(zip(gradients, g_vars))
    return G_loss


for step in range(12):
    artist_paintings, labels = artist_works_with_labels()
    G_ideas = np.random.randn(BATCH_SIZE, N_NOISE)
    Dl = train_step_2(G_in=G_ideas, real_art=artist_paintings, art_labels=labels).numpy()
    for _ in range(2):
        Gl = train_step(G_in=G_ideas, art_labels=labels).numpy()
    if step % 4 == 3:
        print('step %d D loss %.5f G loss %.5f' % (step, Dl, Gl))

# one picture of each kind from the same noise
z = np.random.randn(1, N_NOISE)
for label in (0, 1):
    art = compute_g_out(G_in=z, art_labels=[[label]]).numpy()
    print('label', label, ' '.join('%.3f' % v for v in art[0, ::4]))
