"""Deep Q-learning in a corridor, with a frozen copy of the network."""
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


np.random.seed(1)
tf.random.set_seed(1)


class DeepQNetwork:
    def __init__(self, n_actions, n_features, learning_rate=0.01, reward_decay=0.9, e_greedy=0.9,
                 replace_target_iter=20, memory_size=100, batch_size=16):
        self.n_actions = n_actions
        self.n_features = n_features
        self.lr = learning_rate
        self.gamma = reward_decay
        self.epsilon = e_greedy
        self.replace_target_iter = replace_target_iter
        self.memory_size = memory_size
        self.batch_size = batch_size
        # total learning steps
        self.learn_step_counter = 0
        self.memory = np.zeros((self.memory_size, n_features * 2 + 2))
        self.memory_counter = 0
        w_initializer, b_initializer = tf.random_normal_initializer(0., 0.3), tf.constant_initializer(0.1)
        self.e1 = tf.keras.layers.Dense(20, activation=tf.nn.relu, kernel_initializer=w_initializer, bias_initializer=b_initializer, name='e1')
        self.q = tf.keras.layers.Dense(self.n_actions, kernel_initializer=w_initializer, bias_initializer=b_initializer, name='q')
        self.t1 = tf.keras.layers.Dense(20, activation=tf.nn.relu, kernel_initializer=w_initializer, bias_initializer=b_initializer, name='t1')
        self.t2 = tf.keras.layers.Dense(self.n_actions, kernel_initializer=w_initializer, bias_initializer=b_initializer, name='t2')
        self.build.get_concrete_function()  # makes the variables of its layers

        self.optimizer = RMSPropOptimizer(self.lr)
        self.t_params = [*(v.value for v in self.t1.variables), *(v.value for v in self.t2.variables)]
        self.e_params = [*(v.value for v in self.e1.variables), *(v.value for v in self.q.variables)]
        self.cost_his = []

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.float32)])
    def compute_q_eval(self, s):
        s = tf.ensure_shape(s, [None, self.n_features])
        with tf.name_scope('eval_net/'):
            e1 = self.e1(s)
            q_eval = self.q(e1)
        return q_eval

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def build(self, s, s_):
        s = tf.ensure_shape(s, [None, self.n_features])
        s_ = tf.ensure_shape(s_, [None, self.n_features])
        with tf.name_scope('eval_net/'):
            e1 = self.e1(s)
            q_eval = self.q(e1)
        with tf.name_scope('target_net/'):
            t1 = self.t1(s_)
            q_next = self.t2(t1)

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, ], tf.int32),
        tf.TensorSpec([None, ], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def train_step(self, s, a, r, s_):
        s = tf.ensure_shape(s, [None, self.n_features])
        s_ = tf.ensure_shape(s_, [None, self.n_features])
        with tf.GradientTape() as tape:
            with tf.name_scope('eval_net/'):
                e1 = self.e1(s)
                q_eval = self.q(e1)
            with tf.name_scope('target_net/'):
                t1 = self.t1(s_)
                q_next = self.t2(t1)
            q_target = r + self.gamma * tf.reduce_max(q_next, axis=1, name='Qmax_s_')
            q_target = tf.stop_gradient(q_target)
            a_indices = tf.stack([tf.range(tf.shape(a)[0], dtype=tf.int32), a], axis=1)
            q_eval_wrt_a = tf.gather_nd(params=q_eval, indices=a_indices)
            loss = tf.reduce_mean(tf.math.squared_difference(q_target, q_eval_wrt_a, name='TD_error'))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return loss

    @tf.function
    def run_replace_target_op(self):
        replace_target_op = [t.assign(e) for t, e in zip(self.t_params, self.e_params)]

    def store_transition(self, s, a, r, s_):
        transition = np.hstack((s, [a, r], s_))
        index = self.memory_counter % self.memory_size
        self.memory[index, :] = transition
        self.memory_counter += 1

    def choose_action(self, observation):
        observation = observation[np.newaxis, :]
        if np.random.uniform() < self.epsilon:
            actions_value = self.compute_q_eval(s=observation).numpy()
            action = np.argmax(actions_value)
        else:
            action = np.random.randint(0, self.n_actions)
        return action

    def learn(self):
        if self.learn_step_counter % self.replace_target_iter == 0:
            self.run_replace_target_op()
        sample_index = np.random.choice(min(self.memory_counter, self.memory_size), size=self.batch_size)
        batch_memory = self.memory[sample_index, :]
        cost = self.train_step(s=batch_memory[:, :self.n_features], a=batch_memory[:, self.n_features], r=batch_memory[:, self.n_features + 1], s_=batch_memory[:, -self.n_features:]).numpy()
        self.cost_his.append(cost)
        self.learn_step_counter += 1


def step(position, action):
    position = min(max(position + (1 if action else -1), 0), 5)
    return position, float(position == 5)


def observe(position):
    return np.eye(6)[position]


def run():
    total = 0
    for episode in range(6):
        position = 0
        for count in range(20):
            action = RL.choose_action(observe(position))
            after, reward = step(position, action)
            RL.store_transition(observe(position), action, reward, observe(after))
            if total > 20 and total % 3 == 0:
                RL.learn()
            position = after
            total += 1
            if reward:
                break
        print(episode, total, position)


if __name__ == '__main__':
    RL = DeepQNetwork(2, 6)
    run()
    print(RL.learn_step_counter, RL.cost_his[:3], RL.cost_his[-1])
