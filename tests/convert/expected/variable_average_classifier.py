"""The classic MNIST program of a book: moving averages of the weights, regularization, decayed rate."""
import numpy as np
import tensorflow as tf
from absl import app


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


INPUT_NODE, OUTPUT_NODE, LAYER1_NODE = 12, 3, 16
BATCH_SIZE = 20
LEARNING_RATE_BASE, LEARNING_RATE_DECAY = 0.5, 0.9
REGULARIZATION_RATE, TRAINING_STEPS, MOVING_AVERAGE_DECAY = 0.001, 12, 0.99

np.random.seed(2)
data = np.random.rand(80, INPUT_NODE)
labels = np.eye(OUTPUT_NODE)[np.argmax(data[:, :3], 1)]


def inference(input_tensor, avg_class, weights1, biases1, weights2, biases2):
    if avg_class is None:
        layer1 = tf.nn.relu(tf.matmul(input_tensor, weights1) + biases1)
        return tf.matmul(layer1, weights2) + biases2
    else:
        layer1 = tf.nn.relu(tf.matmul(input_tensor, avg_class.average(weights1)) + avg_class.average(biases1))
        return tf.matmul(layer1, avg_class.average(weights2)) + avg_class.average(biases2)


def train():

    weights1 = tf.Variable(tf.random.truncated_normal([INPUT_NODE, LAYER1_NODE], stddev=0.1))
    biases1 = tf.Variable(tf.constant(0.1, shape=[LAYER1_NODE]))
    weights2 = tf.Variable(tf.random.truncated_normal([LAYER1_NODE, OUTPUT_NODE], stddev=0.1))
    biases2 = tf.Variable(tf.constant(0.1, shape=[OUTPUT_NODE]))


    global_step = tf.Variable(0, trainable=False)
    variable_averages = ExponentialMovingAverage(MOVING_AVERAGE_DECAY, global_step)
    variable_averages.build([weights1, biases1, weights2, biases2])


    regularizer = tf.keras.regularizers.L2(REGULARIZATION_RATE / 2)

    def compute_loss_2(x, y_):
        y = inference(x, None, weights1, biases1, weights2, biases2)
        cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(logits=y, labels=tf.argmax(y_, 1))
        cross_entropy_mean = tf.reduce_mean(cross_entropy)
        regularization = regularizer(weights1) + regularizer(weights2)
        loss = cross_entropy_mean + regularization
        return loss

    @tf.function(input_signature=[
        tf.TensorSpec([None, INPUT_NODE], tf.float32),
        tf.TensorSpec([None, OUTPUT_NODE], tf.float32),
    ])
    def compute_loss(x, y_):
        return compute_loss_2(x, y_)

    optimizer = tf.keras.optimizers.SGD()

    @tf.function(input_signature=[
        tf.TensorSpec([None, INPUT_NODE], tf.float32),
        tf.TensorSpec([None, OUTPUT_NODE], tf.float32),
    ])
    def train_step_2(x, y_):
        with tf.GradientTape() as tape:
            loss = compute_loss_2(x, y_)
            learning_rate = tf.keras.optimizers.schedules.ExponentialDecay(LEARNING_RATE_BASE, len(data) / BATCH_SIZE, LEARNING_RATE_DECAY)(global_step)
        variables_averages_op = variable_averages.apply([weights1, biases1, weights2, biases2])
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        optimizer.learning_rate.assign(learning_rate)
        optimizer.apply_gradients(zip(gradients, variables))
        global_step.assign_add(1)
        train_op = tf.no_op(name='train')

    @tf.function(input_signature=[
        tf.TensorSpec([None, INPUT_NODE], tf.float32),
        tf.TensorSpec([None, OUTPUT_NODE], tf.float32),
    ])
    def compute_accuracy(x, y_):
        average_y = inference(x, variable_averages, weights1, biases1, weights2, biases2)
        correct_prediction = tf.equal(tf.argmax(average_y, 1), tf.argmax(y_, 1))
        accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))
        return accuracy

    validate_feed = dict(x=data, y_=labels)
    for i in range(TRAINING_STEPS):
        if i % 4 == 0:
            validate_acc = compute_accuracy(**validate_feed).numpy()
            print("After %d training step(s), validation accuracy using average model is %g " % (i, validate_acc))
        xs, ys = data[i % 4 * 20:i % 4 * 20 + 20], labels[i % 4 * 20:i % 4 * 20 + 20]
        train_step_2(x=xs, y_=ys)
    print('loss %.5f' % compute_loss(**validate_feed).numpy())


def main(argv=None):
    train()


if __name__ == '__main__':
    app.run(main)
