"""An agent whose memory is counted from its first use on, with its variables in collections whose names are held."""
import numpy as np
import tensorflow as tf


import re


COLLECTIONS = {}  # by name, what was added, with its scope


def add_to_collection(names, value, scope=""):
    """Adds a value to a collection, or to several; a variable once. Returns the value."""
    for name in [names] if isinstance(names, str) else names:
        collection = COLLECTIONS.setdefault(name, [])
        if not isinstance(value, tf.Variable) or not any(value is other for other, _ in collection):
            collection.append((value, scope))
    return value


def get_collection(name, scope=None):
    """What was added to a collection, or what of it stands below a scope."""
    return [value for value, place in COLLECTIONS.get(name, ()) if re.match(scope or "", place)]


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


np.random.seed(2)
tf.random.set_seed(2)


class Agent:
    def __init__(self, n_actions, n_features, learning_rate=0.02, memory_size=60, batch_size=16):
        self.n_actions = n_actions
        self.n_features = n_features
        self.lr = learning_rate
        self.memory_size = memory_size
        self.batch_size = batch_size
        self.memory = np.zeros((memory_size, n_features * 2 + 2))
        self.learned = 0
        # where the variables are kept, and how they begin
        names, n_hidden, w_init, b_init = \
            ['live_net', "variables"], 8, \
            tf.random_normal_initializer(0., 0.3), tf.constant_initializer(0.1)
        self.w1 = add_to_collection(['live_net', "variables"], tf.Variable(w_init([self.n_features, n_hidden]), name='live/l1/w1'))
        self.b1 = add_to_collection(['live_net', "variables"], tf.Variable(b_init([1, n_hidden]), name='live/l1/b1'))
        self.w2 = add_to_collection(['live_net', "variables"], tf.Variable(w_init([n_hidden, self.n_actions]), name='live/l2/w2'))
        self.optimizer = RMSPropOptimizer(self.lr)
        names = ['held_net', "variables"]
        self.w1_2 = add_to_collection(['held_net', "variables"], tf.Variable(w_init([self.n_features, n_hidden]), name='held/l1/w1'))
        self.b1_2 = add_to_collection(['held_net', "variables"], tf.Variable(b_init([1, n_hidden]), name='held/l1/b1'))
        self.w2_2 = add_to_collection(['held_net', "variables"], tf.Variable(w_init([n_hidden, self.n_actions]), name='held/l2/w2'))
        self.held = get_collection('held_net')
        self.live = get_collection('live_net')
        self.costs = []

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_q(self, s):
        s = tf.ensure_shape(s, [None, self.n_features])
        h = tf.nn.relu(tf.matmul(s, self.w1) + self.b1)
        q = tf.matmul(h, self.w2)
        return q

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def train_step(self, s, wanted):
        s = tf.ensure_shape(s, [None, self.n_features])
        wanted = tf.ensure_shape(wanted, [None, self.n_actions])
        with tf.GradientTape() as tape:
            h = tf.nn.relu(tf.matmul(s, self.w1) + self.b1)
            q = tf.matmul(h, self.w2)
            loss = tf.reduce_mean(tf.math.squared_difference(wanted, q))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return loss

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def compute_q_held_and_q(self, s_, s):
        s_ = tf.ensure_shape(s_, [None, self.n_features])
        s = tf.ensure_shape(s, [None, self.n_features])
        h = tf.nn.relu(tf.matmul(s, self.w1) + self.b1)
        q = tf.matmul(h, self.w2)
        h = tf.nn.relu(tf.matmul(s_, self.w1_2) + self.b1_2)
        q_held = tf.matmul(h, self.w2_2)
        return q_held, q

    @tf.function
    def run_replace_op(self):
        replace_op = [h.assign(l) for h, l in zip(self.held, self.live)]

    def store(self, s, a, r, s_):
        if not hasattr(self, 'stored'):
            self.stored = 0
        self.memory[self.stored % self.memory_size] = np.hstack((s, [a, r], s_))
        self.stored += 1

    def act(self, s):
        if np.random.uniform() < 0.8:
            return np.argmax(self.compute_q(s=s[np.newaxis]).numpy())
        return np.random.randint(self.n_actions)

    def learn(self):
        if self.learned % 5 == 0:
            self.run_replace_op()
        rows = self.memory[np.random.choice(min(self.stored, self.memory_size), self.batch_size)]
        q_held, q = (value.numpy() for value in self.compute_q_held_and_q(s_=rows[:, -self.n_features:], s=rows[:, :self.n_features]))
        wanted = q.copy()
        actions = rows[:, self.n_features].astype(int)
        wanted[np.arange(self.batch_size), actions] = rows[:, self.n_features + 1] + 0.9 * q_held.max(axis=1)
        cost = self.train_step(s=rows[:, :self.n_features], wanted=wanted).numpy()
        self.costs.append(cost)
        self.learned += 1


agent = Agent(3, 2)
state = np.array([0.5, -0.5])
for step in range(50):
    action = agent.act(state)
    after = np.clip(state + 0.1 * (action - 1) + 0.05 * np.random.randn(2), -1, 1)
    agent.store(state, action, -abs(after).sum(), after)
    state = after
    if step > 15 and step % 2 == 0:
        agent.learn()
print('stored %d, learned %d times' % (agent.stored, agent.learned))
print('costs', ' '.join('%.5f' % c for c in agent.costs[::4]))
print('shown', getattr(agent, 'shown', 'nothing'))
