"""Checkpoints with a step number, max_to_keep, a dict of variables, latest_checkpoint."""
import glob
import os
import shutil

import numpy as np
import tensorflow as tf


import re


class Saver:
    """Saves variables by their names, and restores them, also from what TensorFlow 1 saved."""

    def __init__(self, variables, max_to_keep=5, keep_checkpoint_every_n_hours=10000.0):
        """variables: a function that gives them in the order in which they were made, or by names."""
        self.variables = variables
        self.max_to_keep = max_to_keep
        self.seconds = keep_checkpoint_every_n_hours * 3600
        self.next_kept = float(tf.timestamp()) + self.seconds
        self.saved = []  # paths and times of what is not deleted yet

    def by_name(self):
        """The variables by names that are their own: those that TensorFlow 1 gave them."""
        given = self.variables()
        if isinstance(given, dict):
            return {name: self.plain(variable) for name, variable in given.items()}
        named, names = {}, {}
        for wanted, variable in self.parts(given, names):
            variable = self.plain(variable)
            name, number = wanted, 1
            while name in named and variable.ref() not in names:
                name = f"{wanted}_{number}"
                number += 1
            named[names.setdefault(variable.ref(), name)] = variable
        return named

    def parts(self, given, names):
        """Each variable, with the name that TensorFlow 1 gave the first of its kind.

        names: by their references, those of the variables that have been taken already.
        """
        for variable in given:
            yield self.name_of(variable), variable

    @staticmethod
    def plain(variable):
        """The variable of TensorFlow that one of Keras holds."""
        return variable if isinstance(variable, tf.Variable) else variable.value

    def name_of(self, variable):
        """The name of a variable, with the scopes in which it was made."""
        full = self.plain(variable).name.split(":")[0].split("/")
        own = getattr(variable, "path", full[-1]).split("/")  # of a layer: within `full` it may have got a number
        return "/".join(full[: -len(own)] + own)

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
        named = self.by_name()
        if reader.has_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"):
            status = tf.train.Checkpoint(variables=named).read(path)
            status.assert_existing_objects_matched().expect_partial()
            return
        for name, (keys, value) in self.of_tf1(named, reader).items():
            named[name].assign(tf.cast(value(*map(reader.get_tensor, keys)), named[name].dtype))

    def of_tf1(self, named, reader):
        """For each variable by its name, what of a checkpoint of TensorFlow 1 it gets: keys, and what makes the value.

        Whether the checkpoint has the keys is not looked at.
        """
        keys = reader.get_variable_to_shape_map()
        return {name: ([self.key_of(name, keys)], lambda value: value) for name in named}

    @staticmethod
    def key_of(name, keys):
        """The key of a name: layers of tf.contrib had weights and biases, no kernel and bias."""
        old = re.sub("/kernel(?=/|$)", "/weights", re.sub("/bias(?=/|$)", "/biases", name))
        return old if name not in keys and old in keys else name


ckpt_dir = './saver_global_step_ckpt'
weights_dir = './saver_global_step_weights'
for d in (ckpt_dir, weights_dir):
    if os.path.exists(d):
        shutil.rmtree(d)
    os.makedirs(d)

rng = np.random.RandomState(59)
x_data = rng.randn(30, 4)
y_data = x_data.sum(axis=1, keepdims=True) * 0.7

global_step = tf.Variable(0, name='global_step', trainable=False)
w = tf.Variable(tf.zeros([4, 1]), name='weights')
b = tf.Variable(tf.zeros([1]), name='biases')


def initialize_variables():
    """Begins anew, as another session did."""
    global_step.assign(0)
    w.assign(tf.zeros([4, 1]))
    b.assign(tf.zeros([1]))


optimizer = tf.keras.optimizers.SGD(0.1)


@tf.function(input_signature=[
    tf.TensorSpec([None, 4], tf.float32),
    tf.TensorSpec([None, 1], tf.float32),
])
def train_step(x, y):
    with tf.GradientTape() as tape:
        model = tf.matmul(x, w) + b
        loss = tf.reduce_mean(tf.square(model - y))
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    global_step.assign_add(1)
    return loss


saver = Saver(lambda: [global_step, w, b], max_to_keep=2)
weights_only = Saver(lambda: {'w': w})


def train(steps):
    ckpt = tf.train.get_checkpoint_state(ckpt_dir)
    if ckpt and bool(tf.io.gfile.glob([ckpt.model_checkpoint_path + ".index", ckpt.model_checkpoint_path])):
        print('restoring', os.path.basename(ckpt.model_checkpoint_path))
        saver.restore(ckpt.model_checkpoint_path)
    else:
        print('starting')
        initialize_variables()
    for _ in range(steps):
        l = train_step(x=x_data, y=y_data).numpy()
        step = global_step.numpy()
        if step % 2 == 0:
            saver.save(os.path.join(ckpt_dir, 'line.ckpt'), global_step)
            print('step %d loss %.6f saved' % (step, l))
    weights_only.save(os.path.join(weights_dir, 'weights'))


train(5)
train(4)

kept = sorted(os.path.basename(f) for f in glob.glob(ckpt_dir + '/line.ckpt-*.index'))
print(kept)

initialize_variables()
print('zero: %.5f' % w.numpy().sum())
weights_only.restore(os.path.join(weights_dir, 'weights'))
print('restored: %.5f, step %d' % (w.numpy().sum(), global_step.numpy()))
saver.restore(os.path.join(ckpt_dir, kept[0][:-len('.index')]))
print('older: %.5f, step %d' % (w.numpy().sum(), global_step.numpy()))

shutil.rmtree(ckpt_dir)
shutil.rmtree(weights_dir)
