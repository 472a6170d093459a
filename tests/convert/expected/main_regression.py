"""A regression program in functions, with main()."""
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


def load_data(n=60, seed=9):
    rng = np.random.RandomState(seed)
    x = rng.uniform(-3, 3, (n, 1))
    y = np.sin(x) + 0.1 * rng.randn(n, 1)
    return x.astype(np.float32), y.astype(np.float32)


def inference(x, hidden):
    w1 = state.new("w1", lambda: tf.Variable(tf.random.normal([1, hidden]), name='w1'))
    b1 = state.new("b1", lambda: tf.Variable(tf.zeros([hidden]), name='b1'))
    w2 = state.new("w2", lambda: tf.Variable(tf.random.normal([hidden, 1], stddev=0.2), name='w2'))
    b2 = state.new("b2", lambda: tf.Variable(tf.zeros([1]), name='b2'))
    return tf.matmul(tf.tanh(tf.matmul(x, w1) + b1), w2) + b2


def loss_fn(pred, target):
    return tf.reduce_mean(tf.math.squared_difference(pred, target), name='loss')


def main():
    x_data, y_data = load_data()

    @tf.function(input_signature=[tf.TensorSpec((None, 1), tf.float32)])
    def compute_pred(x_ph):
        with state.scope("pred"):
            pred = inference(x_ph, hidden=10)
        return pred

    rate = 0.03
    optimizer = tf.keras.optimizers.Adam(rate, epsilon=1e-8)

    @tf.function(input_signature=[
        tf.TensorSpec((None, 1), tf.float32),
        tf.TensorSpec((None, 1), tf.float32),
    ])
    def train_step(x_ph, y_ph):
        with tf.GradientTape() as tape:
            with state.scope("pred"):
                pred = inference(x_ph, hidden=10)
            loss = loss_fn(pred, y_ph)
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        return loss

    for step in range(30):
        feed = dict(x_ph=x_data, y_ph=y_data)
        value = train_step(**feed).numpy()
        if step % 10 == 0 or step == 29:
            print('step {:3d} loss {:.5f}'.format(step, value))

    probe = np.array([[-1.5], [0.0], [1.5]], dtype=np.float32)
    for p, q in zip(probe.ravel(), compute_pred(x_ph=probe).numpy().ravel()):
        print('f({:+.1f}) = {:+.4f}'.format(p, q))


if __name__ == '__main__':
    main()
