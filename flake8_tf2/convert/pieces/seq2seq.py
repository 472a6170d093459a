"""What TensorFlow 1's contrib.seq2seq did for sequences: the loss, and decoding step by step."""

from collections import namedtuple

import tensorflow as tf

NEEDS = {"BasicDecoder": ["BasicDecoderOutput"], "dynamic_decode": ["BasicDecoderOutput"]}

BasicDecoderOutput = namedtuple("BasicDecoderOutput", ["rnn_output", "sample_id"])


def sequence_loss(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    average_across_batch=True,
    sum_over_timesteps=False,
    sum_over_batch=False,
    softmax_loss_function=None,
    name=None,
):
    """Cross entropy of each step, weighted, then averaged over steps and batch, or as asked.

    A sum is divided by the number of weights that are not zero, an average by their sum.
    """
    function = softmax_loss_function or tf.nn.sparse_softmax_cross_entropy_with_logits
    flat = tf.reshape(logits, [-1, logits.shape[2]])
    loss = function(labels=tf.reshape(targets, [-1]), logits=flat) * tf.reshape(weights, [-1])
    loss = tf.reshape(loss, tf.shape(logits)[:2])
    averaged = average_across_batch, average_across_timesteps
    summed = sum_over_batch, sum_over_timesteps
    axes = [axis for axis in (0, 1) if (averaged if any(averaged) else summed)[axis]]
    if not axes:
        return loss
    size = tf.reduce_sum(weights, axes)
    if not any(averaged):
        size = tf.cast(tf.math.count_nonzero(weights, axes), loss.dtype)
    return tf.math.divide_no_nan(tf.reduce_sum(loss, axes), size)


class TrainingHelper:
    """Gives a decoder what it should have said."""

    def __init__(self, inputs, sequence_length, time_major=False, name=None):
        self.inputs = inputs if time_major else tf.transpose(inputs, [1, 0, 2])
        self.sequence_length = tf.convert_to_tensor(sequence_length)

    def initialize(self):
        return self.sequence_length <= 0, self.inputs[0]

    def next_inputs(self, time, sample_ids):
        # Behind the end nothing is read any more: any input will do.
        last = tf.shape(self.inputs)[0] - 1
        finished = time + 1 >= tf.cast(self.sequence_length, tf.int32)
        return finished, self.inputs[tf.minimum(time + 1, last)]


class GreedyEmbeddingHelper:
    """Gives a decoder what it said last, until it says the end token."""

    def __init__(self, embedding, start_tokens, end_token):
        self.embed = embedding if callable(embedding) else lambda ids: tf.gather(embedding, ids)
        self.start_tokens = tf.convert_to_tensor(start_tokens)
        self.end_token = end_token

    def initialize(self):
        return tf.zeros_like(self.start_tokens, tf.bool), self.embed(self.start_tokens)

    def next_inputs(self, time, sample_ids):
        return tf.equal(sample_ids, self.end_token), self.embed(sample_ids)


class BasicDecoder:
    """One step: a cell, a layer on its output, and the most likely symbol."""

    def __init__(self, cell, helper, initial_state, output_layer=None):
        self.cell = cell
        self.helper = helper
        self.initial_state = initial_state
        self.output_layer = output_layer
        self.output_size = cell.output_size
        if output_layer is not None:
            if not output_layer.built:
                output_layer.build([None, cell.output_size])
            self.output_size = output_layer.compute_output_shape([None, cell.output_size])[-1]

    def step(self, inputs, state):
        output, state = self.cell(inputs, state)
        if self.output_layer is not None:
            output = self.output_layer(output)
        return BasicDecoderOutput(output, tf.argmax(output, -1, tf.int32)), state


def dynamic_decode(
    decoder,
    output_time_major=False,
    impute_finished=False,
    maximum_iterations=None,
    parallel_iterations=32,
    swap_memory=False,
    scope=None,
):
    """Runs a decoder until all sequences have ended: outputs, the last state and the lengths."""
    finished, inputs = decoder.helper.initialize()
    cell, state = decoder.cell, decoder.initial_state
    cell.build(inputs.shape[-1], inputs.dtype, f"{scope or 'decoder'}/{cell.scope}")
    if maximum_iterations is not None:
        finished |= maximum_iterations <= 0
    arrays = BasicDecoderOutput(
        tf.TensorArray(
            inputs.dtype, 0, dynamic_size=True, element_shape=[inputs.shape[0], decoder.output_size]
        ),
        tf.TensorArray(tf.int32, 0, dynamic_size=True, element_shape=[inputs.shape[0]]),
    )

    def step(time, arrays, inputs, state, finished, lengths):
        outputs, new = decoder.step(inputs, state)
        ended, inputs = decoder.helper.next_inputs(time, outputs.sample_id)
        if impute_finished:
            going = tf.expand_dims(~finished, 1)
            outputs = BasicDecoderOutput(
                tf.where(going, outputs.rnn_output, tf.zeros_like(outputs.rnn_output)),
                tf.where(finished, 0, outputs.sample_id),
            )
            new = tf.nest.map_structure(lambda a, b: tf.where(going, a, b), new, state)
        lengths = tf.where(finished, lengths, time + 1)
        finished |= ended
        if maximum_iterations is not None:
            finished |= time + 1 >= maximum_iterations
        arrays = BasicDecoderOutput(*(a.write(time, part) for a, part in zip(arrays, outputs)))
        return time + 1, arrays, inputs, new, finished, lengths

    _, arrays, _, state, _, lengths = tf.while_loop(
        lambda time, arrays, inputs, state, finished, lengths: ~tf.reduce_all(finished),
        step,
        (0, arrays, inputs, state, finished, tf.zeros_like(finished, tf.int32)),
        parallel_iterations=parallel_iterations,
    )
    output, ids = (array.stack() for array in arrays)
    if not output_time_major:
        output, ids = tf.transpose(output, [1, 0, 2]), tf.transpose(ids)
    return BasicDecoderOutput(output, ids), state, lengths
