"""A student learns from a teacher that learns, too: no gradient goes into the labels of
softmax_cross_entropy_with_logits, but one goes into those of version 2."""
import numpy as np
import tensorflow as tf


import contextlib
import functools
import re


class Optimizer(tf.Module):
    """What the optimizers share: a learning rate that may be assigned, and the variables' slots.

    A subclass says in `dense` how a gradient moves a variable, and in `sparse` how the gradient
    of some rows does.
    """

    def __init__(self, learning_rate, name, starts=()):
        super().__init__()
        if not isinstance(learning_rate, tf.Variable):
            learning_rate = tf.Variable(
                learning_rate, trainable=False, dtype=tf.float32, name="learning_rate"
            )
        self.learning_rate = learning_rate
        self.slot_name = name
        self.starts = starts  # of each slot, the value before the first step
        self.slots = {}  # by their names in TF1's checkpoints: <variable>/Adam, <variable>/Adam_1
        self._names = {}

    def apply_gradients(self, grads_and_vars, global_step=None):
        """Moves each variable that has a gradient, then counts the step."""
        self.move(grads_and_vars)
        self.finish()
        if global_step is not None:
            global_step.assign_add(1)

    def move(self, grads_and_vars):
        """Moves each variable that has a gradient. Several moves of one step come before `finish`."""
        grads_and_vars = [
            (gradient, variable) for gradient, variable in grads_and_vars if gradient is not None
        ]
        if not grads_and_vars:
            raise ValueError("No gradients provided for any variable.")
        for gradient, variable in grads_and_vars:
            variable = self._known(variable)
            if isinstance(gradient, tf.IndexedSlices):
                # A row that was looked up twice has one gradient, the sum.
                rows, places = tf.unique(gradient.indices)
                self.sparse(
                    variable,
                    tf.math.unsorted_segment_sum(gradient.values, places, tf.size(rows)),
                    rows,
                )
            else:
                self.dense(variable, gradient)

    def finish(self):
        """Called when all variables were moved."""
        return None

    def build(self, variables):
        """Makes all slots now, as for a checkpoint to be loaded; else the first step does."""
        for variable in map(self._known, variables):
            for number in range(len(self.starts)):
                self.slot(variable, number)

    def slot(self, variable, number=0):
        """The variable's slot with this number, made at its first use."""
        key = f"{self._names[variable.ref()]}/{self.slot_name}" + (f"_{number}" if number else "")
        if key not in self.slots:
            with tf.init_scope(), tf.name_scope(""):
                value = tf.fill(variable.shape, tf.cast(self.starts[number], variable.dtype))
                self.slots[key] = tf.Variable(value, trainable=False, name=key)
        return self.slots[key]

    def _known(self, variable):
        """The variable, or that of a Keras layer, with a name that no other variable has."""
        name = getattr(variable, "path", variable.name).split(":")[0]
        if not isinstance(variable, tf.Variable):
            variable = variable.value
        if variable.ref() not in self._names:
            while name in self._names.values():
                name += "_1"
            self._names[variable.ref()] = name
        return variable

    def put(self, variable, rows, value):
        """Writes the rows of a variable or slot; the rows that were written."""
        variable.scatter_update(tf.IndexedSlices(value, rows))
        return value


class GradientDescentOptimizer(Optimizer):
    """v -= learning_rate * g"""

    def __init__(self, learning_rate, use_locking=False, name="GradientDescent"):
        super().__init__(learning_rate, name)

    def dense(self, variable, gradient):
        rate = tf.cast(self.learning_rate, variable.dtype)
        tf.raw_ops.ResourceApplyGradientDescent(var=variable.handle, alpha=rate, delta=gradient)

    def sparse(self, variable, gradient, rows):
        rate = tf.cast(self.learning_rate, variable.dtype)
        variable.scatter_sub(tf.IndexedSlices(rate * gradient, rows))


class State:
    """Variables and layers with TF1's names: each is made when it is first asked for, and kept."""

    def __init__(self):
        self.made = {}
        self.listed = []
        self._scopes, self._places = [], []
        self._counts, self._numbers = [{}], {}
        self._contexts = []
        self._rules = {}

    def scope(self, name):
        """A context below which names stand; entered again, it finds what it made."""
        self._scopes.append(name)
        # With a slash TensorFlow takes the name as it is: entered again, it would get a number.
        return self._enter(name, tf.name_scope(self._full("")))

    def label(self, name):
        """A context that tells apart what has no name of its own; it is no part of names."""
        self._scopes.append("")
        return self._enter(f"{name}:", contextlib.nullcontext())

    def _enter(self, place, context):
        self._places.append(place)
        self._counts.append({})
        self._contexts.append(context)
        context.__enter__()
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._contexts.pop().__exit__(*error)
        self._scopes.pop()
        self._places.pop()
        self._counts.pop()

    def get(self, name, make, *inputs, **options):
        """What has this name; of a layer, what it makes of inputs."""
        return self._called(self._find(self._full(name), make), inputs, options)

    def new(self, name, make, *inputs, **options):
        """The next of this kind: the second within its scope is another than the first."""
        count = self._counts[-1].get(name, 0)
        self._counts[-1][name] = count + 1
        made = self._find((*self._places, name, count), lambda: make(self._unique(name)))
        return self._called(made, inputs, options)

    def keep(self, *objects):
        """List variables, and those of layers and cells, that the program made itself."""
        self.listed += [o for o in tf.nest.flatten(objects) if not any(o is other for other in self.listed)]

    def variables(self, scope="", trainable=False):
        """All variables, or those that are trained, whose names begin with a scope, in the order of TF1."""
        found = {}
        for made in self.listed:
            of_made = [made] if isinstance(made, tf.Variable) else made.variables
            if trainable and not isinstance(made, tf.Variable):
                of_made = getattr(made, "trainable_variables", of_made)  # none of a layer that is not trained
            for v in of_made:
                v = v if isinstance(v, tf.Variable) else v.value  # those of Keras hold one
                if re.match(scope or "", v.name) and (v.trainable or not trainable):
                    found[v.ref()] = v
        return list(found.values())

    def regularize(self, variable, regularizer):
        """Note that a variable has a regularizer; gives back the variable."""
        self._rules.setdefault(variable.ref(), (variable, regularizer))
        return variable

    def regularizers(self, scope=""):
        """The regularization losses of what was made below a scope, as functions."""
        found = dict(self._rules)
        for made in self.listed:
            for v in [] if isinstance(made, tf.Variable) else made.variables:
                if getattr(v, "regularizer", None) is not None:
                    found[v.value.ref()] = (v.value, v.regularizer)
        rules = [(v, rule) for v, rule in found.values() if rule is not None and re.match(scope or "", v.name)]
        return [functools.partial(rule, v) for v, rule in rules]

    def _full(self, name):
        return "/".join([*filter(None, self._scopes), name])

    def _find(self, key, make):
        if key not in self.made:
            with tf.init_scope():
                self.made[key] = make()
            self.listed += [m for m in [self.made[key]] if hasattr(m, "variables") or isinstance(m, tf.Variable)]
        return self.made[key]

    @staticmethod
    def _called(made, inputs, options):
        if not inputs:
            return made
        if isinstance(made, tf.keras.layers.Layer) and not made.built:
            with tf.init_scope():  # in the graph of a function the names of its variables would get numbers
                made.build(inputs[0].shape)
        return made(*inputs, **options)

    def _unique(self, name):
        number = self._numbers.get(self._full(name), 0)
        self._numbers[self._full(name)] = number + 1
        return f"{name}_{number}" if number else name


state = State()


rs = np.random.RandomState(54)
data = rs.randn(30, 5)
true = np.eye(3)[rs.randint(0, 3, 30)]


@tf.function(input_signature=[tf.TensorSpec([None, 5], tf.float32), tf.TensorSpec([None, 3], tf.float32)])
def compute_teach1_and_teach2(x, y):
    def pair(name):
        with state.scope(name):
            teacher = state.get('teacher', lambda: tf.keras.layers.Dense(3, name='teacher', kernel_initializer=tf.random_normal_initializer(stddev=1.0)), x)
            student = state.get('student', lambda: tf.keras.layers.Dense(3, name='student', kernel_initializer=tf.random_normal_initializer(stddev=1.0)), x)
        return teacher, student
    t1, s1 = pair('one')
    t2, s2 = pair('two')
    teach1 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=t1, axis=-1))
    teach2 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=t2, axis=-1))
    return [teach1, teach2]


opt = GradientDescentOptimizer(0.5)


@tf.function(input_signature=[tf.TensorSpec([None, 5], tf.float32), tf.TensorSpec([None, 3], tf.float32)])
def train_step(x, y):
    with tf.GradientTape() as tape:
        def pair(name):
            with state.scope(name):
                teacher = state.get('teacher', lambda: tf.keras.layers.Dense(3, name='teacher', kernel_initializer=tf.random_normal_initializer(stddev=1.0)), x)
                student = state.get('student', lambda: tf.keras.layers.Dense(3, name='student', kernel_initializer=tf.random_normal_initializer(stddev=1.0)), x)
            return teacher, student
        t1, s1 = pair('one')
        soft1 = tf.nn.softmax(t1 / 2.0)
        loss1 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(soft1), logits=s1))
        teach1 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=t1, axis=-1))
        loss = loss1 + teach1
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    opt.apply_gradients(zip(gradients, variables))
    return loss1


@tf.function(input_signature=[tf.TensorSpec([None, 5], tf.float32), tf.TensorSpec([None, 3], tf.float32)])
def train_step_2(x, y):
    with tf.GradientTape() as tape:
        def pair(name):
            with state.scope(name):
                teacher = state.get('teacher', lambda: tf.keras.layers.Dense(3, name='teacher', kernel_initializer=tf.random_normal_initializer(stddev=1.0)), x)
                student = state.get('student', lambda: tf.keras.layers.Dense(3, name='student', kernel_initializer=tf.random_normal_initializer(stddev=1.0)), x)
            return teacher, student
        t2, s2 = pair('two')
        soft2 = tf.nn.softmax(t2 / 2.0)
        loss2 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=soft2, logits=s2, axis=-1))
        teach2 = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=t2, axis=-1))
        loss = loss2 + teach2
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    opt.apply_gradients(zip(gradients, variables))
    return loss2


for i in range(9):
    a = train_step(x=data, y=true).numpy()
    b = train_step_2(x=data, y=true).numpy()
    if i % 4 == 0:
        print(i, 'one %.6f two %.6f' % (a, b))
print('teachers %.6f %.6f' % tuple([value.numpy() for value in compute_teach1_and_teach2(x=data, y=true)]))
