"""A student learns from a teacher that learns, too: no gradient goes into the labels of
softmax_cross_entropy_with_logits, but one goes into those of version 2."""
import numpy as np
import tensorflow as tf


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
        self.finish()
        if global_step is not None:
            global_step.assign_add(1)

    def finish(self):
        """Called when all variables were moved."""

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


rs = np.random.RandomState(54)
data = rs.randn(30, 5)
true = np.eye(3)[rs.randint(0, 3, 30)]


@tf.function(input_signature=[tf.TensorSpec([None, 5], tf.float32), tf.TensorSpec([None, 3], tf.float32)])
def compute_teach1_and_teach2(x, y):
    def pair(name):
        with state.scope(name):
            teacher = state.get('teacher', lambda: tf.keras.layers.Dense(3, name='teacher', kernel_initializer=tf.random_normal_initializer(stddev=1.0)))(x)
            student = state.get('student', lambda: tf.keras.layers.Dense(3, name='student', kernel_initializer=tf.random_normal_initializer(stddev=1.0)))(x)
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
                teacher = state.get('teacher', lambda: tf.keras.layers.Dense(3, name='teacher', kernel_initializer=tf.random_normal_initializer(stddev=1.0)))(x)
                student = state.get('student', lambda: tf.keras.layers.Dense(3, name='student', kernel_initializer=tf.random_normal_initializer(stddev=1.0)))(x)
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
                teacher = state.get('teacher', lambda: tf.keras.layers.Dense(3, name='teacher', kernel_initializer=tf.random_normal_initializer(stddev=1.0)))(x)
                student = state.get('student', lambda: tf.keras.layers.Dense(3, name='student', kernel_initializer=tf.random_normal_initializer(stddev=1.0)))(x)
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
