"""TensorFlow 1's normal distribution, which TF2 left to TensorFlow Probability."""

import math

import tensorflow as tf


class Normal:
    """The normal distributions with these means and standard deviations, which broadcast."""

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Normal"):
        self.loc = tf.convert_to_tensor(loc)
        self.scale = tf.convert_to_tensor(scale, self.loc.dtype)

    def sample(self, sample_shape=(), seed=None):
        """Drawn anew: of each distribution so many that they have this shape, in front of that of the means."""
        sample_shape = tf.reshape(tf.cast(sample_shape, tf.int32), [-1])
        shape = tf.shape(self.mean())
        count = tf.reduce_prod(sample_shape)
        drawn = tf.random.normal(tf.concat([[count], shape], 0), dtype=self.loc.dtype, seed=seed)
        return tf.reshape(drawn * self.scale + self.loc, tf.concat([sample_shape, shape], 0))

    def log_prob(self, value):
        z = (value - self.loc) / self.scale
        return -0.5 * tf.square(z) - (0.5 * math.log(2 * math.pi) + tf.math.log(self.scale))

    def prob(self, value):
        return tf.exp(self.log_prob(value))

    def entropy(self):
        return 0.5 + 0.5 * math.log(2 * math.pi) + tf.math.log(self.stddev())

    def mean(self):
        return self.loc * tf.ones_like(self.scale)

    mode = mean

    def stddev(self):
        return self.scale * tf.ones_like(self.loc)

    def variance(self):
        return tf.square(self.stddev())

    def kl_divergence(self, other):
        """How far another normal distribution is from this."""
        ratio = tf.square(self.scale) / tf.square(other.scale)
        far = tf.square(self.loc - other.loc) / (2 * tf.square(other.scale))
        return far + 0.5 * (ratio - 1 - tf.math.log(ratio))


def kl_divergence(distribution_a, distribution_b, allow_nan_stats=True, name=None):
    """How far one normal distribution is from another."""
    return distribution_a.kl_divergence(distribution_b)
