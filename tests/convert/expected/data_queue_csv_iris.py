import os
import numpy as np
import tensorflow as tf

# make a csv with a header
rng = np.random.RandomState(0)
with open('data_queue_csv_iris.csv', 'w') as f:
    f.write('sl,sw,pl,pw,kind\n')
    for i in range(30):
        k = i % 3
        f.write(','.join('%.2f' % v for v in rng.normal(k, 0.3, 4)) + ',%s\n' % ['setosa', 'versicolor', 'virginica'][k])


W = tf.Variable(tf.zeros([4, 3]), name="weights")
b = tf.Variable(tf.zeros([3]), name="bias")


def combine_inputs(X):
    return tf.matmul(X, W) + b


def inference(X):
    return tf.nn.softmax(combine_inputs(X))


def loss(X, Y):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=combine_inputs(X), labels=Y))


def evaluate():
    print(run().numpy())


batch_size = 10
file_name = "data_queue_csv_iris.csv"
record_defaults = [[0.0], [0.0], [0.0], [0.0], [""]]
# batch actually reads the file and loads "batch_size" rows in a single tensor

def read_example(value):
    # decode_csv will convert a Tensor from type string (the text line) in
    # a tuple of tensor columns with the specified defaults
    decoded = tf.io.decode_csv(value, record_defaults=record_defaults)
    return tuple(decoded)

dataset = tf.data.Dataset.from_tensor_slices([os.path.join(os.getcwd(), file_name)])
dataset = dataset.repeat()
dataset = dataset.flat_map(lambda name: tf.data.TextLineDataset(name).skip(1))
dataset = dataset.map(read_example).batch(batch_size, drop_remainder=True)
iterator = iter(dataset)


def forward():
    sepal_length, sepal_width, petal_length, petal_width, label = next(iterator)
    # convert class names to a 0 based class index.
    Y = tf.cast(tf.argmax(tf.cast(tf.stack([
        tf.equal(label, ["setosa"]),
        tf.equal(label, ["versicolor"]),
        tf.equal(label, ["virginica"])
    ]), tf.int32), 0), tf.int32)
    X = tf.transpose(tf.stack([sepal_length, sepal_width, petal_length, petal_width]))
    return Y, X


@tf.function
def run():
    Y, X = forward()
    predicted = tf.cast(tf.argmax(inference(X), axis=1), tf.int32)
    return tf.reduce_mean(tf.cast(tf.equal(predicted, Y), tf.float32))


@tf.function
def compute_total_loss():
    Y, X = forward()
    total_loss = loss(X, Y)
    return total_loss


learning_rate = 0.1
optimizer = tf.keras.optimizers.SGD(learning_rate)


@tf.function
def train_step():
    with tf.GradientTape() as tape:
        Y, X = forward()
        total_loss = loss(X, Y)
    variables = tape.watched_variables()
    gradients = tape.gradient(total_loss, variables)
    with tf.control_dependencies([total_loss]):
        optimizer.apply_gradients(zip(gradients, variables))


# actual training loop
training_steps = 30
for step in range(training_steps):
    train_step()
    # for debugging and learning purposes, see how the loss gets decremented thru training steps
    if step % 10 == 0:
        print("loss: %.5f" % compute_total_loss().numpy())
evaluate()
os.remove('data_queue_csv_iris.csv')
