"""train_and_evaluate with a model_dir: checkpoints, summaries, and a second run that goes on from the first."""
import time
import os
import shutil

import numpy as np
import tensorflow as tf
import types

from absl import logging


def of_one_rank(labels, predictions):
    """Labels and predictions, either without a last axis that the other has not."""
    labels, predictions = tf.convert_to_tensor(labels), tf.convert_to_tensor(predictions)
    ranks = labels.shape.rank, predictions.shape.rank
    if None not in ranks and ranks[1] == ranks[0] + 1:
        predictions = tf.squeeze(predictions, [-1])
    elif None not in ranks and ranks[0] == ranks[1] + 1:
        labels = tf.squeeze(labels, [-1])
    labels.shape.assert_is_compatible_with(predictions.shape)
    return labels, predictions


class StreamingMean:
    """The mean of all values that it was updated with, weighted; 0 before any."""

    def __init__(self):
        self.total = tf.Variable(0.0, trainable=False, name="total")
        self.count = tf.Variable(0.0, trainable=False, name="count")

    def result(self):
        """The mean so far."""
        return tf.math.divide_no_nan(self.total, tf.maximum(self.count, 0.0))

    def update(self, values, weights=None):
        """Adds values, and returns the mean with them."""
        values = tf.cast(values, tf.float32)
        if weights is None:
            count = tf.cast(tf.size(values), tf.float32)
        else:
            weights = tf.cast(weights, tf.float32) * tf.ones_like(values)
            count = tf.reduce_sum(weights)
            values = values * weights
        self.total.assign_add(tf.reduce_sum(values))
        self.count.assign_add(count)
        return self.result()

    def reset(self):
        """Forgets everything."""
        self.total.assign(0.0)
        self.count.assign(0.0)


class StreamingError(StreamingMean):
    """The mean of an error of predictions: "absolute" or "squared"."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def update(self, labels, predictions, weights=None):
        """Adds labels and predictions of one shape, and returns the mean error with them."""
        labels, predictions = of_one_rank(labels, predictions)
        difference = tf.cast(predictions, tf.float32) - tf.cast(labels, tf.float32)
        return super().update(tf.abs(difference) if self.error == "absolute" else tf.square(difference), weights)


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


def write_summaries(writer, summaries, step=0):
    """Writes values by their kinds and tags: {"scalar": {"loss": 0.5}}."""
    step = int(step)
    with writer.as_default():
        for tag, value in summaries.get("scalar", {}).items():
            tf.summary.scalar(tag, value, step=step)
        for tag, value in summaries.get("histogram", {}).items():
            tf.summary.histogram(tag, value, step=step)
        for tag, value in summaries.get("text", {}).items():
            tf.summary.text(tag, value, step=step)
        for tag, images in summaries.get("image", {}).items():
            for number, image in enumerate(images):
                tf.summary.image(f"{tag}{number}" if tag.endswith("/") else tag, image[tf.newaxis], step=step)


FOLDER = "estimator_train_and_evaluate_model"
shutil.rmtree(FOLDER, ignore_errors=True)

random = np.random.RandomState(11)
xs = random.rand(100, 3).astype(np.float32)
ys = (xs.dot([[1.0], [-2.0], [0.5]]) + 0.3).astype(np.float32)


def input_fn(first, last, repeat):
    dataset = tf.data.Dataset.from_tensor_slices((xs[first:last], ys[first:last]))
    if repeat:
        dataset = dataset.repeat()
    return dataset.batch(20)


def main():
    hparams = types.SimpleNamespace(hidden=6, learning_rate=0.05)
    global_step = tf.Variable(0, trainable=False, dtype=tf.int64, name="global_step")
    hidden_2 = tf.keras.layers.Dense(hparams.hidden, activation=tf.nn.tanh, name="hidden")
    values_2 = tf.keras.layers.Dense(1, name="values")

    @tf.function
    def compute_values(features):
        hidden = hidden_2(features)
        values = values_2(hidden)
        return values

    optimizer = tf.keras.optimizers.Adam(hparams.learning_rate, epsilon=1e-8)
    error_metric = StreamingError("absolute")
    loss_metric = StreamingMean()

    @tf.function
    def update_metrics(features, labels):
        hidden = hidden_2(features)
        values = values_2(hidden)
        loss = tf.reduce_mean(tf.math.squared_difference(tf.cast(values, tf.float32), tf.cast(labels, tf.float32)))
        error_metric.update(labels=labels, predictions=values)
        loss_metric.update(values=loss)

    @tf.function
    def train_step(features, labels):
        with tf.GradientTape() as tape:
            hidden = hidden_2(features)
            values = values_2(hidden)
            loss = tf.reduce_mean(tf.math.squared_difference(tf.cast(values, tf.float32), tf.cast(labels, tf.float32)))
            summaries = dict(histogram={'values_1': values}, scalar={'loss': loss})
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        global_step.assign_add(1)
        return summaries

    saver = Saver(lambda: [global_step, *hidden_2.variables, *values_2.variables], [optimizer], max_to_keep=3)
    writer = tf.summary.create_file_writer(FOLDER)
    eval_writer = tf.summary.create_file_writer(FOLDER + "/eval")

    def evaluate(dataset):
        error_metric.reset()
        loss_metric.reset()
        for x, targets in dataset:
            update_metrics(features=x, labels=targets)
        result = {
            "error": error_metric.result().numpy(),
            "loss": loss_metric.result().numpy(),
            "global_step": global_step.numpy(),
        }
        summary = dict(scalar={})
        for name in ['error', 'loss']:
            summary["scalar"][name] = result[name]
        checkpoint = tf.train.latest_checkpoint(FOLDER)
        if checkpoint:
            summary["text"] = {"checkpoint_path": checkpoint}
        write_summaries(eval_writer, summary, result["global_step"])
        return result

    def predict(dataset):
        for x, _ in dataset:
            yield from compute_values(features=x).numpy()

    train_data = input_fn(0, 80, True)
    train_step.get_concrete_function(features=train_data.element_spec[0], labels=train_data.element_spec[1])  # makes the variables
    latest_checkpoint = tf.train.latest_checkpoint(FOLDER)
    if latest_checkpoint:
        saver.restore(latest_checkpoint)
    saver.save(FOLDER + "/model.ckpt", global_step)
    evaluated = 0
    saved = time.time()
    for number, (x, targets) in enumerate(train_data.take(max(40 - global_step.numpy(), 0))):
        summary = tf.nest.map_structure(lambda value: value.numpy(), train_step(features=x, labels=targets))
        if number % 10 == 0:
            write_summaries(writer, summary, global_step.numpy())
        if time.time() - saved >= 600:
            saver.save(FOLDER + "/model.ckpt", global_step)
            if time.time() - evaluated >= 600:
                logging.info("evaluated: %s", evaluate(input_fn(80, 100, False)))
                evaluated = time.time()
            saved = time.time()
    saver.save(FOLDER + "/model.ckpt", global_step)
    logging.info("evaluated: %s", evaluate(input_fn(80, 100, False)))

    # some more steps
    train_data_2 = input_fn(0, 80, True)
    saver.save(FOLDER + "/model.ckpt", global_step)
    saved = time.time()
    for number, (x, targets) in enumerate(train_data_2.take(max(50 - global_step.numpy(), 0))):
        summary = tf.nest.map_structure(lambda value: value.numpy(), train_step(features=x, labels=targets))
        if number % 10 == 0:
            write_summaries(writer, summary, global_step.numpy())
        if time.time() - saved >= 600:
            saver.save(FOLDER + "/model.ckpt", global_step)
            saved = time.time()
    saver.save(FOLDER + "/model.ckpt", global_step)
    result = evaluate(input_fn(80, 100, False))
    print("step %d error %.6f loss %.6f" % (result["global_step"], result["error"], result["loss"]))
    for value, y in zip(predict(input_fn(90, 93, False)), ys[90:]):
        print("%.5f %.5f" % (value[0], y[0]))
    print(os.path.basename(tf.train.latest_checkpoint(FOLDER)))
    print(sorted(name for name in os.listdir(FOLDER) if name.endswith(".index")))


if __name__ == "__main__":
    main()
    shutil.rmtree(FOLDER)
