"""Convolutions of several widths over the words, max pooling over time."""
import tensorflow as tf

from base import BaseModel


class TextCnnModel(BaseModel):
    def __init__(self, config):
        super(TextCnnModel, self).__init__(config)
        self.build_model()
        self.finish()

    def build_model(self):
        config = self.config

        with tf.name_scope("embedding"):
            embedding_w = tf.get_variable(
                "embedding_w", shape=[config.vocab_size, config.embedding_size],
                initializer=tf.contrib.layers.xavier_initializer())
            embedded_words = tf.nn.embedding_lookup(embedding_w, self.inputs)
            embedded_words = tf.expand_dims(embedded_words, -1)

        pooled_outputs = []
        for i, filter_size in enumerate(config.filter_sizes):
            with tf.name_scope("conv-maxpool-%s" % filter_size):
                filter_shape = [filter_size, config.embedding_size, 1,
                                config.num_filters]
                W = tf.Variable(
                    tf.truncated_normal(filter_shape, stddev=0.1), name="W")
                b = tf.Variable(
                    tf.constant(0.1, shape=[config.num_filters]), name="b")
                conv = tf.nn.conv2d(embedded_words, W, strides=[1, 1, 1, 1],
                                    padding="VALID", name="conv")
                h = tf.nn.relu(tf.nn.bias_add(conv, b), name="relu")
                pooled = tf.nn.max_pool(
                    h,
                    ksize=[1, config.sequence_length - filter_size + 1, 1, 1],
                    strides=[1, 1, 1, 1], padding="VALID", name="pool")
                pooled_outputs.append(pooled)

        num_filters_total = config.num_filters * len(config.filter_sizes)
        h_pool = tf.concat(pooled_outputs, 3)
        h_pool_flat = tf.reshape(h_pool, [-1, num_filters_total])

        with tf.name_scope("dropout"):
            h_drop = tf.nn.dropout(h_pool_flat, self.keep_prob)

        with tf.name_scope("output"):
            output_w = tf.get_variable(
                "output_w", shape=[num_filters_total, config.num_classes],
                initializer=tf.contrib.layers.xavier_initializer())
            output_b = tf.Variable(
                tf.constant(0.1, shape=[config.num_classes]), name="output_b")
            self.l2_loss += tf.nn.l2_loss(output_w)
            self.l2_loss += tf.nn.l2_loss(output_b)
            self.logits = tf.nn.xw_plus_b(h_drop, output_w, output_b, name="logits")
