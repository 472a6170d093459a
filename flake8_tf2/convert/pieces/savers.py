"""Saving variables to numbered files, as tf.train.Saver did."""

import math
import re

import tensorflow as tf

NEEDS = {"TrainingSaver": ["Saver"]}


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


class TrainingSaver(Saver):
    """A saver that saves also what optimizers and moving averages keep."""

    # By Keras' classes: TensorFlow 1's name of an optimizer, and Keras' of its slots in the order of TensorFlow 1.
    KERAS = {
        "Adam": ("Adam", ["momentum", "velocity"]),
        "SGD": ("Momentum", ["momentum"]),
        "Adagrad": ("Adagrad", ["accumulator"]),
        "Adadelta": ("Adadelta", ["accumulated_grad", "accumulated_delta_var"]),
        "Ftrl": ("Ftrl", ["accumulator", "linear"]),
    }

    def __init__(self, variables, owners, **options):
        """owners: the optimizers and averages, in the order in which they were applied."""
        super().__init__(variables, **options)
        self.owners = owners

    def parts(self, given, names):
        """Each variable, and what is kept for it."""
        yield from super().parts(given, names)
        for owner in self.owners:
            for variable, kind, part in self.kept(owner):
                yield f"{names.get(self.plain(variable).ref(), self.name_of(variable))}/{kind}", part
            for variable in owner.variables:
                if variable is not getattr(owner, "learning_rate", None):
                    yield self.name_of(variable), variable

    def kept(self, owner):
        """(a variable, TensorFlow 1's name of what is kept, that) for all variables that an owner knows."""
        if hasattr(owner, "average"):
            averages = [(ref.deref(), average) for ref, average in owner._places.items()]
            return [(v, owner.name, average) for v, average in averages if isinstance(v, tf.Variable)]
        if hasattr(owner, "slots"):
            known = {name: ref.deref() for ref, name in owner._names.items()}
            return [(known[key.rpartition("/")[0]], owner.slot_name, slot) for key, slot in owner.slots.items()]
        kind, slots = self.KERAS.get(type(owner).__name__, ("", []))
        if re.sub(r"_\d+$", "", owner.name).lower() != type(owner).__name__.lower():
            kind = owner.name  # the program gave it one
        every = [[v for v in owner.variables if re.search(f"[_/]{slot}$", v.path)] for slot in slots]
        known = owner._trainable_variables
        return [(known[number], kind, of[number]) for number in range(len(known)) for of in every if of]

    def of_tf1(self, named, reader):
        """As for all savers. Raises ValueError where it is not known which optimizer counted what."""
        keys = reader.get_variable_to_shape_map()
        names = {variable.ref(): name for name, variable in named.items()}
        sources = super().of_tf1(named, reader)
        powers = [key for key in keys if re.search(r"(^|/)beta1_power(_\d+)?$", key)]
        powers.sort(key=lambda key: (len(key), key))  # in the order in which they were made
        for owner in self.owners:
            kept = [names[self.plain(part).ref()] for *_, part in self.kept(owner)]
            scope = self.scope_of([key for name in kept for key in sources[name][0]], keys)
            for name in kept:
                key = scope + sources[name][0][0]
                if type(owner).__name__ == "SGD":  # Keras keeps the step that it will take
                    sources[name] = ([key], lambda value, sgd=owner: -sgd.learning_rate * value)
                else:
                    sources[name] = ([key], lambda value: value)
            if hasattr(owner, "beta1_power"):
                pair = self.next_powers(powers, scope, reader)
                for power, key in zip((owner.beta1_power, owner.beta2_power), pair):
                    sources[names[power.ref()]] = ([key], lambda value: value)
            elif hasattr(owner, "beta_1"):
                pair = self.next_powers(powers, scope, reader)
                sources[names[owner.iterations.value.ref()]] = (pair, lambda *pair, adam=owner: self.steps(pair, adam))
            elif hasattr(owner, "iterations"):  # TensorFlow 1 does not count the steps of others, nor does it matter
                sources[names[owner.iterations.value.ref()]] = ([], lambda: 0)
        return sources

    @staticmethod
    def scope_of(names, keys):
        """Where a checkpoint has what was made for variables: below the scope in which that was, as "scope/", or ""."""
        if not names or names[0] in keys:
            return ""
        ends = [key for key in keys if key.endswith("/" + names[0])]
        longer = ["/" + name for name in names if name.endswith("/" + names[0])]
        scopes = [key[: -len(names[0])] for key in ends if not any(map(key.endswith, longer))]
        scopes = [scope for scope in scopes if all(scope + name in keys for name in names)]
        return scopes[0] if len(scopes) == 1 else ""

    @staticmethod
    def next_powers(powers, scope, reader):
        """The keys of the powers of the betas of the next Adam; they are taken from the list."""
        own = [key for key in powers if key.rpartition("/")[0] == scope[:-1]] or powers
        if not own:
            return ["beta1_power", "beta2_power"]
        if len({key.rpartition("/")[0] for key in own}) > 1 and len({float(reader.get_tensor(key)) for key in own}) > 1:
            raise ValueError(f"which optimizers have {' and '.join(own)} is not known")
        first = own[0]
        powers.remove(first)
        return [first, re.sub(r"beta1(_power(_\d+)?)$", r"beta2\1", first)]

    @staticmethod
    def steps(powers, adam):
        """How many steps Adam has taken, by the powers of its betas: small ones are not exact."""
        for power, beta in zip(map(float, powers), (adam.beta_1, adam.beta_2)):
            if power > 1e-30:
                return round(math.log(power) / math.log(tf.constant(beta, tf.float32).numpy())) - 1
        return math.ceil(math.log(1e-38) / math.log(adam.beta_2))  # so many that they make no difference
