"""Assign ops of all kinds; a target network that follows softly."""
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


TAU = 0.2
rs = np.random.RandomState(64)


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def run(x):
    def build_net(scope, trainable):
        with state.scope(scope):
            h = state.get('l1', lambda: tf.keras.layers.Dense(5, activation=tf.nn.relu, name='l1', trainable=trainable))(x)
            return state.get('l2', lambda: tf.keras.layers.Dense(1, name='l2', trainable=trainable))(h)
    online = build_net('online', True)
    target = build_net('target', False)
    return online - target


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def compute_online_and_target(x):
    def build_net(scope, trainable):
        with state.scope(scope):
            h = state.get('l1', lambda: tf.keras.layers.Dense(5, activation=tf.nn.relu, name='l1', trainable=trainable))(x)
            return state.get('l2', lambda: tf.keras.layers.Dense(1, name='l2', trainable=trainable))(h)
    online = build_net('online', True)
    target = build_net('target', False)
    return online, target


@tf.function
def run_hard_replace():
    e_params = [*state.variables('online')]
    t_params = [*state.variables('target')]
    hard_replace = [t.assign(e) for t, e in zip(t_params, e_params)]


@tf.function
def run_soft_replace():
    e_params = [*state.variables('online')]
    t_params = [*state.variables('target')]
    soft_replace = [t.assign((1 - TAU) * t + TAU * e) for t, e in zip(t_params, e_params)]


optimizer = tf.keras.optimizers.SGD(0.1)


@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def train_step(x):
    with tf.GradientTape() as tape:
        def build_net(scope, trainable):
            with state.scope(scope):
                h = state.get('l1', lambda: tf.keras.layers.Dense(5, activation=tf.nn.relu, name='l1', trainable=trainable))(x)
                return state.get('l2', lambda: tf.keras.layers.Dense(1, name='l2', trainable=trainable))(h)
        online = build_net('online', True)
        loss = tf.reduce_mean(tf.square(online - 1.0))
    variables = [*state.variables(trainable=True)]
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients([(g, v) for g, v in zip(gradients, variables) if g is not None])


train_step.get_concrete_function()  # makes the variables of its layers and optimizer


# counters and statistics
episodes = tf.Variable(0, trainable=False, name='episodes', dtype=tf.int32)


@tf.function
def run_count_up():
    count_up = episodes.assign_add(1)
    return count_up


best = tf.Variable(-1e9, trainable=False, name='best')


@tf.function(input_signature=[tf.TensorSpec([], tf.float32)])
def run_keep_best(score):
    keep_best = best.assign(tf.maximum(best, score))
    return keep_best


buffer = tf.Variable(tf.zeros([4]), trainable=False, name='buffer')


@tf.function(input_signature=[
    tf.TensorSpec([], tf.float32),
    tf.TensorSpec([], tf.int32),
])
def run_put(score, position):
    put = buffer.scatter_update(tf.IndexedSlices(score, position))


@tf.function
def run_shrink():
    shrink = buffer.assign_sub(0.5 * buffer)
    return shrink


batch = rs.randn(10, 3)
run_hard_replace()
d = run(x=batch).numpy()
print('after hard replace: %.6f' % abs(d).max())
for i in range(6):
    train_step(x=batch)
    run_soft_replace()
    n = run_count_up().numpy()
    s = float(np.sin(i * 2.0))
    b = run_keep_best(score=s).numpy()
    run_put(score=s, position=i % 4)
    o, t = (value.numpy() for value in compute_online_and_target(x=batch))
    print('%d online %.5f target %.5f best %.4f' % (n, o.mean(), t.mean(), b))
print('shrunk', ' '.join('%.5f' % v for v in run_shrink().numpy()))
print('buffer', ' '.join('%.5f' % v for v in buffer.numpy()))
print('episodes', int(episodes.numpy()))
