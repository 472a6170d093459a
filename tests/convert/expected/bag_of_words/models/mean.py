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



class MeanModel(tf.Module):
    def __init__(self, config, vocab_size):
        super().__init__()
        self.config = config
        self.vocab_size = vocab_size
        self.embedding_w = tf.Variable(tf.keras.initializers.GlorotUniform()([self.vocab_size, self.config["embedding_size"]]), name='embedding_w')
        self.output_w = tf.Variable(tf.keras.initializers.GlorotUniform()([self.config["embedding_size"], self.config["num_classes"]]), name='output_w')
        self.output_b = tf.Variable(tf.constant(0.1, shape=[self.config["num_classes"]]), name="output_b")
        self.optimizer = self.get_optimizer()
        self.trainable_params = [self.embedding_w, self.output_w, self.output_b]

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.int32), tf.TensorSpec(None, tf.float32)])
    def compute_predictions(self, inputs, keep_prob):
        embedded = tf.nn.embedding_lookup(self.embedding_w, inputs)
        mean = tf.nn.dropout(tf.reduce_mean(embedded, axis=1), rate=1 - keep_prob)
        logits = tf.nn.bias_add(tf.matmul(mean, self.output_w), self.output_b, name="logits")
        predictions = tf.argmax(logits, axis=-1, name="predictions")
        return predictions

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec(None, tf.float32),
    ])
    def compute_loss_and_predictions(self, inputs, labels, keep_prob):
        l2_loss = tf.constant(0.0)
        embedded = tf.nn.embedding_lookup(self.embedding_w, inputs)
        mean = tf.nn.dropout(tf.reduce_mean(embedded, axis=1), rate=1 - keep_prob)
        l2_loss += tf.nn.l2_loss(self.output_w)
        l2_loss += tf.nn.l2_loss(self.output_b)
        logits = tf.nn.bias_add(tf.matmul(mean, self.output_w), self.output_b, name="logits")
        predictions = tf.argmax(logits, axis=-1, name="predictions")
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels)
        loss = tf.reduce_mean(losses) + self.config["l2_reg_lambda"] * l2_loss
        return loss, predictions

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None], tf.int32),
        tf.TensorSpec(None, tf.float32),
    ])
    def train_step(self, inputs, labels, keep_prob):
        with tf.GradientTape() as tape:
            l2_loss = tf.constant(0.0)
            embedded = tf.nn.embedding_lookup(self.embedding_w, inputs)
            mean = tf.nn.dropout(tf.reduce_mean(embedded, axis=1), rate=1 - keep_prob)
            l2_loss += tf.nn.l2_loss(self.output_w)
            l2_loss += tf.nn.l2_loss(self.output_b)
            logits = tf.nn.bias_add(tf.matmul(mean, self.output_w), self.output_b, name="logits")
            predictions = tf.argmax(logits, axis=-1, name="predictions")
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels)
            loss = tf.reduce_mean(losses) + self.config["l2_reg_lambda"] * l2_loss
        gradients = tape.gradient(loss, self.trainable_params)
        clip_gradients, _ = tf.clip_by_global_norm(gradients, self.config["max_grad_norm"])
        self.optimizer.apply_gradients(zip(clip_gradients, self.trainable_params))
        return loss, predictions

    def get_optimizer(self):
        if self.config["optimization"] == "adam":
            return AdamOptimizer(self.config["learning_rate"])
        return GradientDescentOptimizer(self.config["learning_rate"])

    def train(self, batch, dropout_prob):
        feed_dict = dict(inputs=batch["x"], labels=batch["y"], keep_prob=dropout_prob)
        loss, predictions = (value.numpy() for value in self.train_step(**feed_dict))
        return loss, predictions

    def eval(self, batch):
        feed_dict = dict(inputs=batch["x"], labels=batch["y"], keep_prob=1.0)
        loss, predictions = (value.numpy() for value in self.compute_loss_and_predictions(**feed_dict))
        return loss, predictions

    def infer(self, inputs):
        feed_dict = dict(inputs=inputs, keep_prob=1.0)
        return self.compute_predictions(**feed_dict).numpy()
