"""DQN with functions: online and target network, a replay memory, an annealed epsilon."""
import random
from collections import deque

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


class RMSPropOptimizer(Optimizer):
    """RMSProp whose mean of squares starts at 1, with epsilon under the root."""

    def __init__(
        self,
        learning_rate,
        decay=0.9,
        momentum=0.0,
        epsilon=1e-10,
        use_locking=False,
        centered=False,
        name="RMSProp",
    ):
        super().__init__(learning_rate, name, [1.0, 0.0, 0.0] if centered else [1.0, 0.0])
        self.decay = decay
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def dense(self, variable, gradient):
        arguments = {
            "var": variable.handle,
            "ms": self.slot(variable, 0).handle,
            "lr": tf.cast(self.learning_rate, variable.dtype),
            "rho": tf.cast(self.decay, variable.dtype),
            "momentum": tf.cast(self.momentum, variable.dtype),
            "epsilon": tf.cast(self.epsilon, variable.dtype),
            "grad": gradient,
        }
        if self.centered:
            mg, mom = self.slot(variable, 1), self.slot(variable, 2)
            tf.raw_ops.ResourceApplyCenteredRMSProp(mg=mg.handle, mom=mom.handle, **arguments)
        else:
            tf.raw_ops.ResourceApplyRMSProp(mom=self.slot(variable, 1).handle, **arguments)

    def sparse(self, variable, gradient, rows):
        rate, rho = tf.cast(self.learning_rate, variable.dtype), tf.cast(self.decay, variable.dtype)
        squares = self.slot(variable, 0)
        square = self.put(
            squares, rows, tf.gather(squares, rows) * rho + gradient * gradient * (1 - rho)
        )
        if self.centered:
            means = self.slot(variable, 1)
            mean = self.put(means, rows, tf.gather(means, rows) * rho + gradient * (1 - rho))
            square -= mean * mean
        moves = self.slot(variable, 2 if self.centered else 1)
        move = rate * gradient * tf.math.rsqrt(square + tf.cast(self.epsilon, variable.dtype))
        move = self.put(
            moves, rows, tf.gather(moves, rows) * tf.cast(self.momentum, variable.dtype) + move
        )
        variable.scatter_sub(tf.IndexedSlices(move, rows))


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


state_2 = State()


random.seed(1)
np.random.seed(1)
STATE, ACTIONS, GAMMA, BATCH = 4, 2, 0.95, 16
UPDATE_TARGET = 10


def build_net(s, scope, trainable):
    w_init = tf.random_normal_initializer(0., 0.3)
    with state_2.scope(scope):
        h = state_2.new("dense", lambda name: tf.keras.layers.Dense(20, activation=tf.nn.relu, kernel_initializer=w_init, trainable=trainable, name=name), s)
        q = state_2.new("dense", lambda name: tf.keras.layers.Dense(ACTIONS, kernel_initializer=w_init, trainable=trainable, name=name), h)
    return q


def env_step(state, action):
    drift = 0.1 if action == 1 else -0.1
    nxt = state * 0.9 + drift + np.random.randn(STATE) * 0.02
    return nxt, 1.0 - abs(nxt).mean(), bool(np.random.rand() < 0.1)


def main():

    @tf.function(input_signature=[tf.TensorSpec([None, STATE], tf.float32)])
    def compute_q_eval(s):
        q_eval = build_net(s, 'eval_net', True)
        return q_eval

    @tf.function(input_signature=[
        tf.TensorSpec([None, STATE], tf.float32),
        tf.TensorSpec([None, STATE], tf.float32),
    ])
    def build(s, s_):
        q_eval = build_net(s, 'eval_net', True)
        q_next = build_net(s_, 'target_net', False)


    build.get_concrete_function()  # makes the variables of its layers

    optimizer = RMSPropOptimizer(0.005)
    trained_variables = state_2.variables(trainable=True)

    @tf.function(input_signature=[
        tf.TensorSpec([None, STATE], tf.float32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec([None], tf.float32),
        tf.TensorSpec([None, STATE], tf.float32),
        tf.TensorSpec([None], tf.float32),
    ])
    def train_step(s, a, r, s_, done):
        with tf.GradientTape() as tape:
            q_eval = build_net(s, 'eval_net', True)
            q_next = build_net(s_, 'target_net', False)
            target = tf.stop_gradient(r + GAMMA * (1. - done) * tf.reduce_max(q_next, axis=1))
            picked = tf.reduce_sum(q_eval * tf.one_hot(a, ACTIONS), axis=1)
            loss = tf.reduce_mean(tf.math.squared_difference(target, picked))
        gradients = tape.gradient(loss, trained_variables)
        optimizer.apply_gradients([(g, v) for g, v in zip(gradients, trained_variables) if g is not None])
        return loss

    source = 'eval_net'
    target_2 = 'target_net'
    s_vars = state_2.variables(source)
    t_vars = state_2.variables(target_2)

    @tf.function
    def run_replace():
        replace = [t.assign(s) for t, s in zip(t_vars, s_vars)]

    memory = deque(maxlen=200)
    epsilon = 1.0
    run_replace()
    state = np.random.randn(STATE)
    for step in range(60):
        if random.random() < epsilon:
            action = random.randrange(ACTIONS)
        else:
            action = np.argmax(compute_q_eval(s=state[np.newaxis]).numpy())
        nxt, reward, end = env_step(state, action)
        memory.append((state, action, reward, nxt, end))
        state = np.random.randn(STATE) if end else nxt
        if len(memory) >= BATCH:
            batch = random.sample(list(memory), BATCH)
            states, acts, rewards, nexts, ends = [np.array(x) for x in zip(*batch)]
            cost = train_step(s=states, a=acts, r=rewards, s_=nexts, done=ends.astype(np.float32)).numpy()
            epsilon = max(0.1, epsilon * 0.95)
            if step % UPDATE_TARGET == 0:
                run_replace()
                print('step %d cost %.5f epsilon %.3f' % (step, cost, epsilon))
    print('q', compute_q_eval(s=np.ones((1, STATE))).numpy())


if __name__ == '__main__':
    main()
