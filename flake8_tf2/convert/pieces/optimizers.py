"""TensorFlow 1's optimizers: the same updates and slots; of an embedding, only its rows move."""

import tensorflow as tf

NEEDS = {
    "GradientDescentOptimizer": ["Optimizer"],
    "MomentumOptimizer": ["Optimizer"],
    "AdamOptimizer": ["Optimizer"],
    "AdagradOptimizer": ["Optimizer"],
    "AdagradDAOptimizer": ["Optimizer"],
    "AdadeltaOptimizer": ["Optimizer"],
    "RMSPropOptimizer": ["Optimizer"],
    "FtrlOptimizer": ["Optimizer"],
    "ProximalGradientDescentOptimizer": ["Optimizer"],
    "ProximalAdagradOptimizer": ["Optimizer"],
}


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


class MomentumOptimizer(Optimizer):
    """a = momentum * a + g; v -= learning_rate * a

    A new learning rate holds for all of a at once, unlike in Keras.
    """

    def __init__(
        self, learning_rate, momentum, use_locking=False, name="Momentum", use_nesterov=False
    ):
        super().__init__(learning_rate, name, [0.0])
        self.momentum = momentum
        self.use_nesterov = use_nesterov

    def dense(self, variable, gradient):
        tf.raw_ops.ResourceApplyMomentum(
            var=variable.handle,
            accum=self.slot(variable).handle,
            lr=tf.cast(self.learning_rate, variable.dtype),
            grad=gradient,
            momentum=tf.cast(self.momentum, variable.dtype),
            use_nesterov=self.use_nesterov,
        )

    def sparse(self, variable, gradient, rows):
        rate = tf.cast(self.learning_rate, variable.dtype)
        momentum = tf.cast(self.momentum, variable.dtype)
        slot = self.slot(variable)
        a = self.put(slot, rows, tf.gather(slot, rows) * momentum + gradient)
        move = rate * gradient + rate * momentum * a if self.use_nesterov else rate * a
        variable.scatter_sub(tf.IndexedSlices(move, rows))


class AdamOptimizer(Optimizer):
    """Adam, with the powers of beta1 and beta2 kept in float32."""

    def __init__(
        self,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        use_locking=False,
        name="Adam",
    ):
        super().__init__(learning_rate, name, [0.0, 0.0])
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.beta1_power = tf.Variable(beta1, trainable=False, dtype=tf.float32, name="beta1_power")
        self.beta2_power = tf.Variable(beta2, trainable=False, dtype=tf.float32, name="beta2_power")

    def dense(self, variable, gradient):
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self.slot(variable, 0).handle,
            v=self.slot(variable, 1).handle,
            beta1_power=tf.cast(self.beta1_power, variable.dtype),
            beta2_power=tf.cast(self.beta2_power, variable.dtype),
            lr=tf.cast(self.learning_rate, variable.dtype),
            beta1=tf.cast(self.beta1, variable.dtype),
            beta2=tf.cast(self.beta2, variable.dtype),
            epsilon=tf.cast(self.epsilon, variable.dtype),
            grad=gradient,
        )

    def sparse(self, variable, gradient, rows):
        # The means of all rows decay, and all rows move, also those that were not looked up.
        rate = tf.cast(self.learning_rate, variable.dtype)
        beta1, beta2 = tf.cast(self.beta1, variable.dtype), tf.cast(self.beta2, variable.dtype)
        beta1_power = tf.cast(self.beta1_power, variable.dtype)
        rate = rate * tf.sqrt(1 - tf.cast(self.beta2_power, variable.dtype)) / (1 - beta1_power)
        m, v = self.slot(variable, 0), self.slot(variable, 1)
        m.assign(m * beta1)
        m.scatter_add(tf.IndexedSlices(gradient * (1 - beta1), rows))
        v.assign(v * beta2)
        v.scatter_add(tf.IndexedSlices(gradient * gradient * (1 - beta2), rows))
        variable.assign_sub(rate * m / (tf.sqrt(v) + tf.cast(self.epsilon, variable.dtype)))

    def finish(self):
        self.beta1_power.assign(self.beta1_power * self.beta1)
        self.beta2_power.assign(self.beta2_power * self.beta2)


class AdagradOptimizer(Optimizer):
    """a += g * g; v -= learning_rate * g / sqrt(a)"""

    def __init__(
        self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name="Adagrad"
    ):
        super().__init__(learning_rate, name, [initial_accumulator_value])

    def dense(self, variable, gradient):
        tf.raw_ops.ResourceApplyAdagrad(
            var=variable.handle,
            accum=self.slot(variable).handle,
            lr=tf.cast(self.learning_rate, variable.dtype),
            grad=gradient,
        )

    def sparse(self, variable, gradient, rows):
        slot = self.slot(variable)
        a = self.put(slot, rows, tf.gather(slot, rows) + gradient * gradient)
        rate = tf.cast(self.learning_rate, variable.dtype)
        variable.scatter_sub(tf.IndexedSlices(rate * gradient * tf.math.rsqrt(a), rows))


class AdagradDAOptimizer(Optimizer):
    """Adagrad by dual averaging: forgets where a variable started, counts by the global step."""

    def __init__(
        self,
        learning_rate,
        global_step,
        initial_gradient_squared_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="AdagradDA",
    ):
        super().__init__(learning_rate, name, [0.0, initial_gradient_squared_accumulator_value])
        self.global_step = global_step
        self.l1 = l1_regularization_strength
        self.l2 = l2_regularization_strength

    def dense(self, variable, gradient):
        sums, squares = self.slot(variable, 0), self.slot(variable, 1)
        sums.assign_add(gradient)
        squares.assign_add(gradient * gradient)
        variable.assign(self._place(sums, squares, variable.dtype))

    def sparse(self, variable, gradient, rows):
        sums, squares = self.slot(variable, 0), self.slot(variable, 1)
        a = self.put(sums, rows, tf.gather(sums, rows) + gradient)
        b = self.put(squares, rows, tf.gather(squares, rows) + gradient * gradient)
        self.put(variable, rows, self._place(a, b, variable.dtype))

    def _place(self, sums, squares, dtype):
        rate, step = tf.cast(self.learning_rate, dtype), tf.cast(self.global_step + 1, dtype)
        l1, l2 = tf.cast(self.l1, dtype) * step, tf.cast(self.l2, dtype) * step
        return (
            -tf.sign(sums)
            * rate
            * tf.maximum(tf.abs(sums) - l1, 0)
            / (l2 * rate + tf.sqrt(squares))
        )


class AdadeltaOptimizer(Optimizer):
    """Adadelta: two means, of the squares of gradients and of moves."""

    def __init__(
        self, learning_rate=0.001, rho=0.95, epsilon=1e-8, use_locking=False, name="Adadelta"
    ):
        super().__init__(learning_rate, name, [0.0, 0.0])
        self.rho = rho
        self.epsilon = epsilon

    def dense(self, variable, gradient):
        tf.raw_ops.ResourceApplyAdadelta(
            var=variable.handle,
            accum=self.slot(variable, 0).handle,
            accum_update=self.slot(variable, 1).handle,
            lr=tf.cast(self.learning_rate, variable.dtype),
            rho=tf.cast(self.rho, variable.dtype),
            epsilon=tf.cast(self.epsilon, variable.dtype),
            grad=gradient,
        )

    def sparse(self, variable, gradient, rows):
        rate, rho = tf.cast(self.learning_rate, variable.dtype), tf.cast(self.rho, variable.dtype)
        epsilon = tf.cast(self.epsilon, variable.dtype)
        squares, moves = self.slot(variable, 0), self.slot(variable, 1)
        square = self.put(
            squares, rows, tf.gather(squares, rows) * rho + gradient * gradient * (1 - rho)
        )
        mean = tf.gather(moves, rows)
        move = tf.sqrt(mean + epsilon) * tf.math.rsqrt(square + epsilon) * gradient
        self.put(moves, rows, mean * rho + move * move * (1 - rho))
        variable.scatter_sub(tf.IndexedSlices(rate * move, rows))


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


class FtrlOptimizer(Optimizer):
    """Follow the regularized leader, which forgets where a variable started."""

    def __init__(
        self,
        learning_rate,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="Ftrl",
        accum_name=None,
        linear_name=None,
        l2_shrinkage_regularization_strength=0.0,
    ):
        super().__init__(learning_rate, name, [initial_accumulator_value, 0.0])
        self.power = learning_rate_power
        self.l1 = l1_regularization_strength
        self.l2 = l2_regularization_strength
        self.l2_shrinkage = l2_shrinkage_regularization_strength

    def dense(self, variable, gradient):
        tf.raw_ops.ResourceApplyFtrlV2(
            var=variable.handle,
            accum=self.slot(variable, 0).handle,
            linear=self.slot(variable, 1).handle,
            grad=gradient,
            lr=tf.cast(self.learning_rate, variable.dtype),
            l1=tf.cast(self.l1, variable.dtype),
            l2=tf.cast(self.l2, variable.dtype),
            l2_shrinkage=tf.cast(self.l2_shrinkage, variable.dtype),
            lr_power=tf.cast(self.power, variable.dtype),
        )

    def sparse(self, variable, gradient, rows):
        rate, power = (
            tf.cast(self.learning_rate, variable.dtype),
            -tf.cast(self.power, variable.dtype),
        )
        l1, l2 = tf.cast(self.l1, variable.dtype), tf.cast(self.l2, variable.dtype)
        squares, linears = self.slot(variable, 0), self.slot(variable, 1)
        before, place = tf.gather(squares, rows), tf.gather(variable, rows)
        square = self.put(squares, rows, before + gradient * gradient)
        gradient += 2 * tf.cast(self.l2_shrinkage, variable.dtype) * place
        linear = (
            tf.gather(linears, rows) + gradient - (square**power - before**power) / rate * place
        )
        linear = self.put(linears, rows, linear)
        shrunk = tf.sign(linear) * tf.maximum(tf.abs(linear) - l1, 0)
        self.put(variable, rows, -shrunk / (square**power / rate + 2 * l2))


class ProximalGradientDescentOptimizer(Optimizer):
    """Gradient descent that shrinks what it moved, by l1 and l2."""

    def __init__(
        self,
        learning_rate,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="ProximalGradientDescent",
    ):
        super().__init__(learning_rate, name)
        self.l1 = l1_regularization_strength
        self.l2 = l2_regularization_strength

    def dense(self, variable, gradient):
        variable.assign(self._place(variable, gradient, variable.dtype))

    def sparse(self, variable, gradient, rows):
        self.put(variable, rows, self._place(tf.gather(variable, rows), gradient, variable.dtype))

    def _place(self, place, gradient, dtype):
        rate, l1, l2 = (
            tf.cast(self.learning_rate, dtype),
            tf.cast(self.l1, dtype),
            tf.cast(self.l2, dtype),
        )
        moved = place - rate * gradient
        return tf.sign(moved) * tf.maximum(tf.abs(moved) - rate * l1, 0) / (1 + rate * l2)


class ProximalAdagradOptimizer(Optimizer):
    """Adagrad that shrinks what it moved, by l1 and l2."""

    def __init__(
        self,
        learning_rate,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="ProximalAdagrad",
    ):
        super().__init__(learning_rate, name, [initial_accumulator_value])
        self.l1 = l1_regularization_strength
        self.l2 = l2_regularization_strength

    def dense(self, variable, gradient):
        a = self.slot(variable)
        a.assign_add(gradient * gradient)
        variable.assign(self._place(variable, gradient, a, variable.dtype))

    def sparse(self, variable, gradient, rows):
        slot = self.slot(variable)
        a = self.put(slot, rows, tf.gather(slot, rows) + gradient * gradient)
        self.put(
            variable, rows, self._place(tf.gather(variable, rows), gradient, a, variable.dtype)
        )

    def _place(self, place, gradient, a, dtype):
        rate = tf.cast(self.learning_rate, dtype) * tf.math.rsqrt(a)
        moved = place - rate * gradient
        shrunk = tf.maximum(tf.abs(moved) - rate * tf.cast(self.l1, dtype), 0)
        return tf.sign(moved) * shrunk / (1 + rate * tf.cast(self.l2, dtype))
