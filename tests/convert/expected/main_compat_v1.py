"""The same kind of program, written against tensorflow.compat.v1."""
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




def make_data():
    rng = np.random.RandomState(93)
    a = rng.uniform(-2, 2, size=(64, 2))
    return a, (a ** 2).sum(axis=1, keepdims=True)


def build_model(x):
    with state.scope('model'):
        h = state.get('h', lambda: tf.keras.layers.Dense(16, activation=tf.nn.tanh, name='h'))(x)
        return state.get('out', lambda: tf.keras.layers.Dense(1, name='out'))(h)


def main():
    x_data, y_data = make_data()

    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
    def compute_prediction(x):
        prediction = build_model(x)
        return prediction

    optimizer = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)

    @tf.function(input_signature=[
        tf.TensorSpec([None, 2], tf.float32),
        tf.TensorSpec([None, 1], tf.float32),
    ])
    def train_step(x, y):
        with tf.GradientTape() as tape:
            prediction = build_model(x)
            loss = tf.reduce_mean(tf.math.squared_difference(tf.cast(prediction, tf.float32), tf.cast(y, tf.float32)))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        return loss

    for i in range(25):
        value = train_step(x=x_data, y=y_data).numpy()
        if i % 8 == 0:
            print('%2d loss %.5f' % (i, value))
    print('f(1, 1) = %.5f' % compute_prediction(x=[[1.0, 1.0]]).numpy()[0, 0])


if __name__ == '__main__':
    main()
