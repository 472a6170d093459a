"""Variables and layers that functions make where they compute: made once, found again at each run."""

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
