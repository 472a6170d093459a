"""TensorFlow 1's optimizers: the same fused updates, slots that start the same, rows of embeddings updated alone."""

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
    """What the optimizers share: a learning rate that may be assigned, and slots beside each variable.

    A subclass says in `update` how a gradient moves a variable. `rows` is empty for a dense gradient;
    for one of single rows it is {"indices": rows}, each row once.
    """

    def __init__(self, learning_rate, name):
        super().__init__()
        if not isinstance(learning_rate, tf.Variable):
            learning_rate = tf.Variable(learning_rate, trainable=False, dtype=tf.float32, name="learning_rate")
        self.learning_rate = learning_rate
        self.slot_name = name
        self.slots = {}  # by their names in TF1's checkpoints: <variable>/Adam, <variable>/Adam_1
        self._names = {}

    def apply_gradients(self, grads_and_vars, global_step=None):
        """Moves each variable that has a gradient, then counts the step."""
        grads_and_vars = [(gradient, variable) for gradient, variable in grads_and_vars if gradient is not None]
        if not grads_and_vars:
            raise ValueError("No gradients provided for any variable.")
        for gradient, variable in grads_and_vars:
            if isinstance(gradient, tf.IndexedSlices):
                rows, places = tf.unique(gradient.indices)
                merged = tf.math.unsorted_segment_sum(gradient.values, places, tf.size(rows))
                self.update(variable, merged, {"indices": rows})
            else:
                self.update(variable, gradient, {})
        self.finish()
        if global_step is not None:
            global_step.assign_add(1)

    def finish(self):
        """Called after all variables were moved."""

    def slot(self, variable, number=0, start=0.0):
        """The variable's slot with this number, made at its first use."""
        key = f"{self._name_of(variable)}/{self.slot_name}" + (f"_{number}" if number else "")
        if key not in self.slots:
            with tf.init_scope(), tf.name_scope(""):
                value = tf.fill(variable.shape, tf.cast(start, variable.dtype))
                self.slots[key] = tf.Variable(value, trainable=False, name=key)
        return self.slots[key]

    def numbers(self, variable, **values):
        """Hyper-parameters in the variable's dtype, by way of float32 as in TF1."""
        return {name: tf.cast(value, variable.dtype) for name, value in values.items()}

    def _name_of(self, variable):
        value = variable if isinstance(variable, tf.Variable) else variable.value  # of a Keras layer
        if value.ref() not in self._names:
            name = getattr(variable, "path", variable.name).split(":")[0]
            while name in self._names.values():  # two variables may have one name
                name += "_1"
            self._names[value.ref()] = name
        return self._names[value.ref()]


class GradientDescentOptimizer(Optimizer):
    """v -= learning_rate * g"""

    def __init__(self, learning_rate, use_locking=False, name="GradientDescent"):
        super().__init__(learning_rate, name)

    def update(self, variable, gradient, rows):
        rate = tf.cast(self.learning_rate, variable.dtype)
        if rows:
            tf.raw_ops.ResourceScatterSub(resource=variable.handle, updates=rate * gradient, **rows)
        else:
            tf.raw_ops.ResourceApplyGradientDescent(var=variable.handle, alpha=rate, delta=gradient)


class MomentumOptimizer(Optimizer):
    """a = momentum * a + g; v -= learning_rate * a. A learning rate that changes does not change a, as it does in Keras."""

    def __init__(self, learning_rate, momentum, use_locking=False, name="Momentum", use_nesterov=False):
        super().__init__(learning_rate, name)
        self.momentum = momentum
        self.use_nesterov = use_nesterov

    def update(self, variable, gradient, rows):
        apply = tf.raw_ops.ResourceSparseApplyMomentum if rows else tf.raw_ops.ResourceApplyMomentum
        apply(
            var=variable.handle,
            accum=self.slot(variable).handle,
            grad=gradient,
            use_nesterov=self.use_nesterov,
            **self.numbers(variable, lr=self.learning_rate, momentum=self.momentum),
            **rows,
        )


class AdamOptimizer(Optimizer):
    """Adam, with the powers of beta1 and beta2 kept in float32."""

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, use_locking=False, name="Adam"):
        super().__init__(learning_rate, name)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.beta1_power = tf.Variable(beta1, trainable=False, dtype=tf.float32, name="beta1_power")
        self.beta2_power = tf.Variable(beta2, trainable=False, dtype=tf.float32, name="beta2_power")

    def update(self, variable, gradient, rows):
        m, v = self.slot(variable, 0), self.slot(variable, 1)
        number = self.numbers(
            variable,
            lr=self.learning_rate,
            beta1=self.beta1,
            beta2=self.beta2,
            epsilon=self.epsilon,
            beta1_power=self.beta1_power,
            beta2_power=self.beta2_power,
        )
        if not rows:
            tf.raw_ops.ResourceApplyAdam(var=variable.handle, m=m.handle, v=v.handle, grad=gradient, **number)
            return
        # The means of all rows decay, and all rows move; only the given ones have a gradient.
        beta1, beta2 = number["beta1"], number["beta2"]
        rate = number["lr"] * tf.sqrt(1 - number["beta2_power"]) / (1 - number["beta1_power"])
        m.assign(m * beta1)
        m.scatter_add(tf.IndexedSlices(gradient * (1 - beta1), **rows))
        v.assign(v * beta2)
        v.scatter_add(tf.IndexedSlices(gradient * gradient * (1 - beta2), **rows))
        variable.assign_sub(rate * m / (tf.sqrt(v) + number["epsilon"]))

    def finish(self):
        self.beta1_power.assign(self.beta1_power * self.beta1)
        self.beta2_power.assign(self.beta2_power * self.beta2)


class AdagradOptimizer(Optimizer):
    """a += g * g; v -= learning_rate * g / sqrt(a)"""

    def __init__(self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name="Adagrad"):
        super().__init__(learning_rate, name)
        self.start = initial_accumulator_value

    def update(self, variable, gradient, rows):
        apply = tf.raw_ops.ResourceSparseApplyAdagrad if rows else tf.raw_ops.ResourceApplyAdagrad
        apply(
            var=variable.handle,
            accum=self.slot(variable, start=self.start).handle,
            grad=gradient,
            **self.numbers(variable, lr=self.learning_rate),
            **rows,
        )


class AdagradDAOptimizer(Optimizer):
    """Adagrad by dual averaging, which moves from zero; it counts by the given global step."""

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
        super().__init__(learning_rate, name)
        self.global_step = global_step
        self.start = initial_gradient_squared_accumulator_value
        self.l1 = l1_regularization_strength
        self.l2 = l2_regularization_strength

    def update(self, variable, gradient, rows):
        apply = tf.raw_ops.ResourceSparseApplyAdagradDA if rows else tf.raw_ops.ResourceApplyAdagradDA
        apply(
            var=variable.handle,
            gradient_accumulator=self.slot(variable, 0).handle,
            gradient_squared_accumulator=self.slot(variable, 1, self.start).handle,
            grad=gradient,
            global_step=tf.cast(self.global_step + 1, tf.int64),
            **self.numbers(variable, lr=self.learning_rate, l1=self.l1, l2=self.l2),
            **rows,
        )


class AdadeltaOptimizer(Optimizer):
    """Adadelta."""

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-8, use_locking=False, name="Adadelta"):
        super().__init__(learning_rate, name)
        self.rho = rho
        self.epsilon = epsilon

    def update(self, variable, gradient, rows):
        apply = tf.raw_ops.ResourceSparseApplyAdadelta if rows else tf.raw_ops.ResourceApplyAdadelta
        apply(
            var=variable.handle,
            accum=self.slot(variable, 0).handle,
            accum_update=self.slot(variable, 1).handle,
            grad=gradient,
            **self.numbers(variable, lr=self.learning_rate, rho=self.rho, epsilon=self.epsilon),
            **rows,
        )


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
        super().__init__(learning_rate, name)
        self.decay = decay
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def update(self, variable, gradient, rows):
        slots = {"ms": self.slot(variable, 0, start=1.0).handle}
        if self.centered:
            apply = tf.raw_ops.ResourceSparseApplyCenteredRMSProp if rows else tf.raw_ops.ResourceApplyCenteredRMSProp
            slots["mg"] = self.slot(variable, 1).handle
        else:
            apply = tf.raw_ops.ResourceSparseApplyRMSProp if rows else tf.raw_ops.ResourceApplyRMSProp
        slots["mom"] = self.slot(variable, len(slots)).handle
        numbers = self.numbers(
            variable, lr=self.learning_rate, rho=self.decay, momentum=self.momentum, epsilon=self.epsilon
        )
        apply(var=variable.handle, grad=gradient, **slots, **numbers, **rows)


class FtrlOptimizer(Optimizer):
    """Follow the regularized leader; it moves from zero."""

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
        super().__init__(learning_rate, name)
        self.power = learning_rate_power
        self.start = initial_accumulator_value
        self.l1 = l1_regularization_strength
        self.l2 = l2_regularization_strength
        self.l2_shrinkage = l2_shrinkage_regularization_strength

    def update(self, variable, gradient, rows):
        apply = tf.raw_ops.ResourceSparseApplyFtrlV2 if rows else tf.raw_ops.ResourceApplyFtrlV2
        apply(
            var=variable.handle,
            accum=self.slot(variable, 0, self.start).handle,
            linear=self.slot(variable, 1).handle,
            grad=gradient,
            **self.numbers(
                variable,
                lr=self.learning_rate,
                lr_power=self.power,
                l1=self.l1,
                l2=self.l2,
                l2_shrinkage=self.l2_shrinkage,
            ),
            **rows,
        )


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

    def update(self, variable, gradient, rows):
        numbers = self.numbers(variable, alpha=self.learning_rate, l1=self.l1, l2=self.l2)
        if rows:
            tf.raw_ops.ResourceSparseApplyProximalGradientDescent(
                var=variable.handle, grad=gradient, **numbers, **rows
            )
        else:
            tf.raw_ops.ResourceApplyProximalGradientDescent(var=variable.handle, delta=gradient, **numbers)


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
        super().__init__(learning_rate, name)
        self.start = initial_accumulator_value
        self.l1 = l1_regularization_strength
        self.l2 = l2_regularization_strength

    def update(self, variable, gradient, rows):
        apply = tf.raw_ops.ResourceSparseApplyProximalAdagrad if rows else tf.raw_ops.ResourceApplyProximalAdagrad
        apply(
            var=variable.handle,
            accum=self.slot(variable, start=self.start).handle,
            grad=gradient,
            **self.numbers(variable, lr=self.learning_rate, l1=self.l1, l2=self.l2),
            **rows,
        )
