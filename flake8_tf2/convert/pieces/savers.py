"""Saving variables to numbered files, as tf.train.Saver did."""

import tensorflow as tf


class Saver:
    """Saves variables by their names, and restores them, also from what TensorFlow 1 saved."""

    def __init__(self, variables, optimizers=(), max_to_keep=5, keep_checkpoint_every_n_hours=10000.0):
        """variables: a function that gives them in the order in which they were made, or by names."""
        self.variables = variables
        self.optimizers = optimizers
        self.max_to_keep = max_to_keep
        self.seconds = keep_checkpoint_every_n_hours * 3600
        self.next_kept = float(tf.timestamp()) + self.seconds
        self.saved = []  # paths and times of what is not deleted yet

    def by_name(self):
        """The variables by names that are their own."""
        given = self.variables()
        named = dict(given) if isinstance(given, dict) else {}
        unnamed = [] if named else list(given)
        for optimizer in self.optimizers:
            if hasattr(optimizer, "slots"):
                named.update(optimizer.slots)
            known = [id(v) for v in (optimizer.learning_rate, *getattr(optimizer, "slots", {}).values())]
            unnamed += [v for v in optimizer.variables if id(v) not in known]
        for variable in unnamed:
            name = wanted = getattr(variable, "path", variable.name).split(":")[0]
            number = 1
            while name in named:
                name = f"{wanted}_{number}"
                number += 1
            named[name] = variable
        return {name: v if isinstance(v, tf.Variable) else v.value for name, v in named.items()}

    def save(self, path, step=None):
        """Saves to a path, with the number of the step behind it; returns the whole path."""
        path = str(path) if step is None else f"{path}-{int(step)}"
        tf.train.Checkpoint(variables=self.by_name()).write(path)
        self.saved = [(old, time) for old, time in self.saved if old != path]
        self.saved.append((path, float(tf.timestamp())))
        if self.max_to_keep and len(self.saved) > self.max_to_keep:
            old, time = self.saved.pop(0)
            if time > self.next_kept:
                self.next_kept += self.seconds
            else:
                for name in tf.io.gfile.glob(f"{old}.index") + tf.io.gfile.glob(f"{old}.data-*"):
                    tf.io.gfile.remove(name)
        folder = path.rpartition("/")[0]
        saved = [path] + [old for old, _ in self.saved if old.rpartition("/")[0] == folder]
        names = [name if name.startswith("/") else name.rpartition("/")[2] for name in saved]
        lines = [f'model_checkpoint_path: "{names[0]}"']
        lines += [f'all_model_checkpoint_paths: "{name}"' for name in names[1:]]
        with tf.io.gfile.GFile(f"{folder}/checkpoint" if folder else "checkpoint", "w") as state:
            state.write("\n".join(lines) + "\n")  # for tf.train.latest_checkpoint
        return path

    def restore(self, path):
        """Gives the variables the values that a file has."""
        reader = tf.train.load_checkpoint(path)
        if reader.has_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"):
            status = tf.train.Checkpoint(variables=self.by_name()).read(path)
            status.assert_existing_objects_matched().expect_partial()
        else:
            for name, variable in self.by_name().items():
                variable.assign(reader.get_tensor(name))
