"""TensorFlow 1's exponential moving averages, of variables and of tensors."""

import tensorflow as tf


class ExponentialMovingAverage:
    """Averages that move at each `apply`: average -= (average - value) * (1 - decay)."""

    def __init__(self, decay, num_updates=None, zero_debias=False, name="ExponentialMovingAverage"):
        if zero_debias:
            raise ValueError("zero_debias is not computed here")
        self.decay, self.num_updates, self.name = decay, num_updates, name
        self.variables = []
        self._places = {}  # of variables, and of the tensors of the function that is traced, the average

    def build(self, variables):
        """Makes the averages of variables, which begin at their values."""
        for variable in variables:
            if variable.ref() not in self._places:
                name = f"{variable.name.split(':')[0]}/{self.name}"
                self._add(variable, lambda: tf.Variable(variable, trainable=False, name=name))

    def apply(self, values):
        """Moves the averages of values; those of tensors begin at 0."""
        moved = []
        decay = tf.cast(self.decay, tf.float32)
        if self.num_updates is not None:
            number = tf.cast(self.num_updates, tf.float32)
            decay = tf.minimum(decay, (1.0 + number) / (10.0 + number))
        for position, value in enumerate(values):
            if value.ref() not in self._places:
                self._begin(position, value)
            average = self._places[value.ref()]
            moved.append(average.assign_sub((average - value) * tf.cast(1.0 - decay, average.dtype)))
        return moved

    def average(self, value):
        """The average of a value that was handed to `apply`."""
        return self._places[value.ref()]

    def _begin(self, position, value):
        if len(self.variables) > position:
            self._places[value.ref()] = self.variables[position]
        else:
            self._add(value, lambda: tf.Variable(tf.zeros(value.shape, value.dtype), trainable=False))

    def _add(self, value, make):
        with tf.init_scope():
            self.variables.append(make())
        self._places[value.ref()] = self.variables[-1]
