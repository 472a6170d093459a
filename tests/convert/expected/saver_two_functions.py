"""One function trains and saves, another builds the net again in an empty graph and restores it."""
import os
import shutil
import numpy as np
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
            return
        known = {}
        powers = sorted(key for key in reader.get_variable_to_shape_map() if "beta1_power" in key)
        for optimizer in self.optimizers:
            known.update(self.of_tf1(optimizer, reader, powers))
        for name, variable in self.by_name().items():
            value = known[name] if name in known else reader.get_tensor(name)
            variable.assign(tf.cast(value, variable.dtype))

    def of_tf1(self, optimizer, reader, powers):
        """What TensorFlow 1 saved for an optimizer of Keras, by the names that its variables have here.

        powers: the names of what each Adam saved of its steps, which are used up in order.
        """
        slots = {
            "Adam": {"momentum": "Adam", "velocity": "Adam_1"},
            "SGD": {"momentum": "Momentum"},
            "Adagrad": {"accumulator": "Adagrad"},
            "Adadelta": {"accumulated_grad": "Adadelta", "accumulated_delta_var": "Adadelta_1"},
            "Ftrl": {"accumulator": "Ftrl", "linear": "Ftrl_1"},
        }.get(type(optimizer).__name__, {})
        found = {}
        paths = {getattr(v, "path", v.name).split(":")[0] for v in optimizer.variables}
        for key in reader.get_variable_to_shape_map():
            name, _, last = key.rpartition("/")
            for slot, old in slots.items():
                for own in (name, f"{name}_0"):  # of a layer, and of a tf.Variable
                    path = f"{optimizer.name}/{own.replace('/', '_')}_{slot}"
                    if last == old and path in paths:
                        found[path] = reader.get_tensor(key)
                        if old == "Momentum":  # Keras keeps the step that it will take
                            found[path] = -optimizer.learning_rate * found[path]
        if f"{optimizer.name}/iteration" in paths:
            steps = 0.0
            if type(optimizer).__name__ == "Adam" and powers:
                power = reader.get_tensor(powers.pop(0))  # beta1 to one more than the steps
                steps = tf.round(tf.math.log(power) / tf.math.log(optimizer.beta_1)) - 1
            found[f"{optimizer.name}/iteration"] = steps
        return found


os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

points = np.linspace(-1, 1, 40)[:, np.newaxis]
values = points ** 2 - 0.3 * points
folder = './two_functions'


if not os.path.isdir(folder):
    os.makedirs(folder)
print('training')
hidden_layer = tf.keras.layers.Dense(8, activation=tf.nn.tanh, name="dense")
outputs_layer = tf.keras.layers.Dense(1, name="dense_1")


def forward(inputs_2, targets_2):
    hidden = hidden_layer(inputs_2)
    outputs = outputs_layer(hidden)
    loss_2 = tf.reduce_mean(tf.math.squared_difference(tf.cast(outputs, tf.float32), tf.cast(targets_2, tf.float32)))
    return outputs, loss_2


@tf.function(input_signature=[
    tf.TensorSpec(points.shape, tf.float32),
    tf.TensorSpec(values.shape, tf.float32),
])
def compute_outputs_and_loss_2(inputs_2, targets_2):
    outputs, loss_2 = forward(inputs_2, targets_2)
    return outputs, loss_2


optimizer = tf.keras.optimizers.Adam(0.05, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec(points.shape, tf.float32),
    tf.TensorSpec(values.shape, tf.float32),
])
def train_step(inputs_2, targets_2):
    with tf.GradientTape() as tape:
        _, loss_2 = forward(inputs_2, targets_2)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss_2, variables)
    optimizer.apply_gradients(zip(gradients, variables))


train_step.get_concrete_function()  # makes the variables of its layers and optimizer


saver_2 = Saver(lambda: [*hidden_layer.variables, *outputs_layer.variables], [optimizer])
for step in range(20):
    train_step(inputs_2=points, targets_2=values)
saver_2.save(os.path.join(folder, 'params'))
result_2, hidden = (value.numpy() for value in compute_outputs_and_loss_2(inputs_2=points, targets_2=values))
print('saved loss %.5f, first %.5f' % (hidden, result_2[0, 0]))
print('restoring')
hidden__layer = tf.keras.layers.Dense(8, activation=tf.nn.tanh, name="dense")
outputs__layer = tf.keras.layers.Dense(1, name="dense_1")


@tf.function(input_signature=[
    tf.TensorSpec(points.shape, tf.float32),
    tf.TensorSpec(values.shape, tf.float32),
])
def compute_outputs__and_loss_(inputs, targets):
    hidden_ = hidden__layer(inputs)
    outputs_ = outputs__layer(hidden_)
    loss_ = tf.reduce_mean(tf.math.squared_difference(tf.cast(outputs_, tf.float32), tf.cast(targets, tf.float32)))
    return outputs_, loss_


compute_outputs__and_loss_.get_concrete_function()  # makes the variables of its layers


# no initializer: all variables are restored
saver = Saver(lambda: [*hidden__layer.variables, *outputs__layer.variables])
saver.restore(os.path.join(folder, 'params'))
result, loss = (value.numpy() for value in compute_outputs__and_loss_(inputs=points, targets=values))
print('restored loss %.5f, first %.5f' % (loss, result[0, 0]))
shutil.rmtree(folder)
