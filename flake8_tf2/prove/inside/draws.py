"""Randomness that is equal under TF1 and TF2: every random op becomes a function of its arguments.

The value at flat index i is an integer hash of i. It depends on the distribution and the shape, not on seeds or on the
order in which ops are made or run. So initial values and dropout masks agree, and another distribution still shows.
What tells two variables of one shape apart is in `initial`.
Where draws are fresh it also depends on the turn: how many fetches, or calls of functions, the program has made.
"""

import math

import numpy as np

SEED = 1155
#: Ops with this in their names draw.
SCOPE = "flake8_tf2_draw"
_MASK = 0x7FFFFFFF
#: One for each use of the hash, so that they are independent.
_UNIFORM, _NORMAL, _ANGLE, _TRUNCATED, _GUMBEL, _INTEGER, _CANDIDATE = range(1, 8)
#: Giles' polynomial for the inverse of erf, where w = -log(1 - x * x) < 5.
_INVERSE_ERF = (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164,
    0.246640727, 1.50140941,
)  # fmt: skip


class _Numpy(object):
    """The three bit operations of the hash on numpy arrays."""

    both = staticmethod(np.bitwise_and)
    either = staticmethod(np.bitwise_xor)
    shift = staticmethod(np.right_shift)


def mixed(index, salt, ops=_Numpy):
    """A hash of 31 bits for each index (int64). All products stay below 2 ** 62."""
    x = ops.both(index + salt * 0x1E3779B9, index * 0 + _MASK)
    for factor, shift in ((0x45D9F3B, 16), (0x2C1B3C6D, 13), (0x297A2D39, 16)):
        x = ops.either(x, ops.shift(x, index * 0 + shift))
        x = ops.both(x * factor, index * 0 + _MASK)
    return ops.either(x, ops.shift(x, index * 0 + 15))


class Turn(object):
    """number: how many things a program has run; making: how many variables are being made just now."""

    number = 0
    making = 0


class Draws(object):
    """The replacements, as methods with the arguments of the generated ops; `install` puts them in their place."""

    def __init__(self, turn):
        from tensorflow.python.framework import dtypes, ops
        from tensorflow.python.ops import array_ops, gen_bitwise_ops, math_ops, nn_ops, script_ops

        self.turn, self.script = turn, script_ops
        self.array, self.math, self.nn, self.dtypes, self.ops = array_ops, math_ops, nn_ops, dtypes, ops
        self.bits = type(
            "Bits",
            (object,),
            {
                "both": staticmethod(gen_bitwise_ops.bitwise_and),
                "either": staticmethod(gen_bitwise_ops.bitwise_xor),
                "shift": staticmethod(gen_bitwise_ops.right_shift),
            },
        )

    def _hash(self, shape, salt):
        """(hashes as a flat int64 tensor, the shape as a tensor)."""
        shape = self.ops.convert_to_tensor(shape)
        if not shape.dtype.is_integer:  # [] becomes a float
            shape = self.math.cast(shape, self.dtypes.int32)
        count = self.math.reduce_prod(self.math.cast(shape, self.dtypes.int64))
        index = self.math.range(count, dtype=self.dtypes.int64)
        # What a layer or a function of TF2 makes late, TF1 made at the start.
        if self.turn is not None and not self.turn.making:
            # Asked when it is run, not when the graph is made. A prime, so that turns do not just shift the numbers.
            now = self.script.numpy_function(lambda: np.int64(self.turn.number), [], self.dtypes.int64)
            index = index + self.array.reshape(now, []) * 15485863
        return mixed(index, salt, self.bits), shape

    def _unit(self, shape, salt):
        """Numbers between 0 and 1, exclusive, as float64, and the shape."""
        x, shape = self._hash(shape, salt)
        return (self.math.cast(x, self.dtypes.float64) + 0.5) * 2.0**-31, shape

    def _as(self, flat, shape, dtype):
        return self.array.reshape(self.math.cast(flat, dtype), shape)

    def uniform(self, shape, dtype):
        dtype = self.dtypes.as_dtype(dtype)
        x, shape = self._hash(shape, _UNIFORM)
        # As many bits as the type holds: 1 must not come out.
        bits = {"float16": 10, "bfloat16": 7}.get(dtype.name, 24)
        x = self.bits.shift(x, x * 0 + (31 - bits))
        return self._as(self.math.cast(x, self.dtypes.float64) * 2.0**-bits, shape, dtype)

    def normal(self, shape, dtype):
        radius, shape = self._unit(shape, _NORMAL)
        angle = self._unit(shape, _ANGLE)[0]
        z = self.math.sqrt(-2.0 * self.math.log(radius)) * self.math.cos(2.0 * math.pi * angle)
        return self._as(z, shape, dtype)

    def truncated(self, shape, dtype):
        u, shape = self._unit(shape, _TRUNCATED)
        x = (2.0 * u - 1.0) * math.erf(math.sqrt(2.0))  # within two deviations
        w = -self.math.log(1.0 - x * x) - 2.5
        result = w * 0.0
        for factor in _INVERSE_ERF:
            result = result * w + factor
        return self._as(result * x * math.sqrt(2.0), shape, dtype)

    def integer(self, shape, low, high):
        low = self.ops.convert_to_tensor(low)
        x, shape = self._hash(shape, _INTEGER)
        wide = self.dtypes.int64
        start = self.math.cast(low, wide)
        return self._as(start + x % (self.math.cast(high, wide) - start), shape, low.dtype)

    def any_integer(self, shape, dtype):
        x, shape = self._hash(shape, _INTEGER)
        return self._as(x, shape, dtype)

    def shuffled(self, value):
        value = self.ops.convert_to_tensor(value)
        count = self.array.shape(value)[0]
        # As Keras shuffles: in the order of uniform numbers.
        key = self.uniform(self.array.expand_dims(count, 0), self.dtypes.float32)
        order = self.nn.top_k(-key, count).indices
        return self.array.gather(value, order)

    def categorical(self, logits, number, dtype):
        logits = self.math.cast(self.ops.convert_to_tensor(logits), self.dtypes.float64)
        size = self.array.shape(logits)
        shape = self.ops.convert_to_tensor([size[0], self.math.cast(number, self.dtypes.int32), size[1]])
        u, shape = self._unit(shape, _GUMBEL)
        noise = self.array.reshape(-self.math.log(-self.math.log(u)), shape)
        chosen = self.math.argmax(self.array.expand_dims(logits, 1) + noise, 2)
        return self.math.cast(chosen, self.dtypes.as_dtype(dtype or self.dtypes.int64))

    def candidates(self, true_classes, number, unique, limit, logarithmic):
        """What a candidate sampler gives: (sampled, expected counts of the true ones, of the sampled ones)."""
        u = (mixed(np.arange(200 * number + 1000, dtype=np.int64), _CANDIDATE) + 0.5) * 2.0**-31
        drawn = np.floor(np.exp(u * np.log(limit + 1.0)) - 1 if logarithmic else u * limit).astype(np.int64) % limit
        tries = number
        if unique:
            _, first = np.unique(drawn, return_index=True)
            tries = int(np.sort(first)[:number][-1]) + 1
            drawn = drawn[np.sort(first)]
        sampled = self.ops.convert_to_tensor(drawn[:number], self.dtypes.int64)

        def expected(classes):
            x = self.math.cast(classes, self.dtypes.float64)
            if logarithmic:
                p = (self.math.log(x + 2.0) - self.math.log(x + 1.0)) / math.log(limit + 1.0)
            else:
                p = x * 0.0 + 1.0 / limit
            count = -self.math.expm1(tries * self.math.log1p(-p)) if unique else p * number
            return self.math.cast(count, self.dtypes.float32)

        return expected(self.ops.convert_to_tensor(true_classes)), expected(sampled), sampled


def install(turn):
    """Replace the random ops of the TensorFlow that is installed. turn: a Turn where draws are fresh, or None."""
    from tensorflow.python.data.util import random_seed
    from tensorflow.python.framework import dtypes, ops
    from tensorflow.python.ops import (
        gen_candidate_sampling_ops,
        gen_data_flow_ops,
        gen_random_ops,
        gen_stateless_random_ops,
    )

    draws = Draws(turn)
    int64, float32, int32 = dtypes.int64, dtypes.float32, dtypes.int32
    _replace(gen_random_ops, {
        "random_uniform": lambda shape, dtype, seed=0, seed2=0, name=None: draws.uniform(shape, dtype),
        "random_standard_normal": lambda shape, dtype, seed=0, seed2=0, name=None: draws.normal(shape, dtype),
        "truncated_normal": lambda shape, dtype, seed=0, seed2=0, name=None: draws.truncated(shape, dtype),
        "random_uniform_int": lambda shape, minval, maxval, seed=0, seed2=0, name=None:
            draws.integer(shape, minval, maxval),
        "random_shuffle": lambda value, seed=0, seed2=0, name=None: draws.shuffled(value),
        "multinomial": lambda logits, num_samples, seed=0, seed2=0, output_dtype=int64, name=None:
            draws.categorical(logits, num_samples, output_dtype),
    })  # fmt: skip
    _replace(gen_stateless_random_ops, {
        "stateless_random_uniform": lambda shape, seed, dtype=float32, name=None: draws.uniform(shape, dtype),
        "stateless_random_normal": lambda shape, seed, dtype=float32, name=None: draws.normal(shape, dtype),
        "stateless_truncated_normal": lambda shape, seed, dtype=float32, name=None: draws.truncated(shape, dtype),
        "stateless_random_uniform_int": lambda shape, seed, minval, maxval, name=None:
            draws.integer(shape, minval, maxval),
        "stateless_multinomial": lambda logits, num_samples, seed, output_dtype=int64, name=None:
            draws.categorical(logits, num_samples, output_dtype),
    })  # fmt: skip
    try:
        from tensorflow.python.ops import gen_stateless_random_ops_v2
    except ImportError:  # TF1
        pass
    else:
        _replace(gen_stateless_random_ops_v2, {
            "stateless_random_uniform_v2": lambda shape, key, counter, alg, dtype=float32, name=None:
                draws.uniform(shape, dtype),
            "stateless_random_normal_v2": lambda shape, key, counter, alg, dtype=float32, name=None:
                draws.normal(shape, dtype),
            "stateless_truncated_normal_v2": lambda shape, key, counter, alg, dtype=float32, name=None:
                draws.truncated(shape, dtype),
            "stateless_random_uniform_int_v2": lambda shape, key, counter, alg, minval, maxval, name=None:
                draws.integer(shape, minval, maxval),
            "stateless_random_uniform_full_int_v2": lambda shape, key, counter, alg, dtype=int32, name=None:
                draws.any_integer(shape, dtype),
            "stateless_shuffle": lambda value, key, counter, alg, name=None: draws.shuffled(value),
        })  # fmt: skip
    _replace(gen_candidate_sampling_ops, {
        "log_uniform_candidate_sampler": lambda true_classes, num_true, num_sampled, unique, range_max, seed=0,
        seed2=0, name=None: _sampled(draws.candidates(true_classes, num_sampled, unique, range_max, True)),
        "uniform_candidate_sampler": lambda true_classes, num_true, num_sampled, unique, range_max, seed=0,
        seed2=0, name=None: _sampled(draws.candidates(true_classes, num_sampled, unique, range_max, False)),
    })  # fmt: skip
    # What has no replacement draws one stream on both sides, as far as its kernel is the same.
    for module in (gen_random_ops, gen_candidate_sampling_ops, gen_data_flow_ops):
        for name in ("random_gamma", "random_poisson", "random_poisson_v2", "parameterized_truncated_normal",
                     "fixed_unigram_candidate_sampler", "learned_unigram_candidate_sampler",
                     "random_shuffle_queue", "random_shuffle_queue_v2"):  # fmt: skip
            if hasattr(module, name):
                setattr(module, name, seeded(getattr(module, name)))

    def dataset_seed(seed=None):  # Dataset.shuffle
        return tuple(ops.convert_to_tensor(SEED, dtypes.int64) for _ in range(2))

    random_seed.get_seed = dataset_seed
    _shuffle_alike()


def _shuffle_alike():
    """Shuffle a dataset in the same order each time: the versions agree on one order, not on the order of seeds."""
    from tensorflow.python.data.ops import dataset_ops

    def alike(shuffle):
        def shuffled(dataset, buffer_size, seed=None, reshuffle_each_iteration=None, **kwargs):
            return shuffle(dataset, buffer_size, seed, False, **kwargs)

        return shuffled

    for kind in (dataset_ops.DatasetV1, dataset_ops.DatasetV2):
        if "shuffle" in vars(kind):
            kind.shuffle = alike(kind.shuffle)


def _replace(module, functions):
    from tensorflow.python.framework import ops

    def scoped(function):
        def draw(*args, **kwargs):
            with ops.name_scope(SCOPE):
                return function(*args, **kwargs)

        return draw

    for name, function in functions.items():
        if hasattr(module, name):
            setattr(module, name, scoped(function))


def _sampled(found):
    import collections

    true, sampled, candidates = found
    names = ["sampled_candidates", "true_expected_count", "sampled_expected_count"]
    return collections.namedtuple("CandidateSampler", names)(candidates, true, sampled)


def seeded(function):
    """A random op that draws one stream, whatever its seeds are."""

    def draw(*args, **kwargs):
        return function(*args, **dict(kwargs, seed=SEED, seed2=SEED))

    return draw
