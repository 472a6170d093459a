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


def read_csv(batch_size, file_name, record_defaults):
    filename_queue = tf.train.string_input_producer([os.path.join(os.getcwd(), file_name)])
    reader = tf.TextLineReader(skip_header_lines=1)
    key, value = reader.read(filename_queue)
    # decode_csv will convert a Tensor from type string (the text line) in
    # a tuple of tensor columns with the specified defaults
    decoded = tf.decode_csv(value, record_defaults=record_defaults)
    # batch actually reads the file and loads "batch_size" rows in a single tensor
    return tf.train.batch(decoded, batch_size=batch_size, capacity=batch_size * 50)


def inputs():
    sepal_length, sepal_width, petal_length, petal_width, label = read_csv(
        10, "data_queue_csv_iris.csv", [[0.0], [0.0], [0.0], [0.0], [""]])
    # convert class names to a 0 based class index.
    label_number = tf.to_int32(tf.argmax(tf.to_int32(tf.stack([
        tf.equal(label, ["setosa"]),
        tf.equal(label, ["versicolor"]),
        tf.equal(label, ["virginica"])
    ])), 0))
    features = tf.transpose(tf.stack([sepal_length, sepal_width, petal_length, petal_width]))
    return features, label_number


W = tf.Variable(tf.zeros([4, 3]), name="weights")
b = tf.Variable(tf.zeros([3]), name="bias")


def combine_inputs(X):
    return tf.matmul(X, W) + b


def inference(X):
    return tf.nn.softmax(combine_inputs(X))


def loss(X, Y):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=combine_inputs(X), labels=Y))


def train(total_loss):
    learning_rate = 0.1
    return tf.train.GradientDescentOptimizer(learning_rate).minimize(total_loss)


def evaluate(sess, X, Y):
    predicted = tf.cast(tf.arg_max(inference(X), 1), tf.int32)
    print(sess.run(tf.reduce_mean(tf.cast(tf.equal(predicted, Y), tf.float32))))


with tf.Session() as sess:
    tf.global_variables_initializer().run()
    X, Y = inputs()
    total_loss = loss(X, Y)
    train_op = train(total_loss)

    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess=sess, coord=coord)

    # actual training loop
    training_steps = 30
    for step in range(training_steps):
        sess.run([train_op])
        # for debugging and learning purposes, see how the loss gets decremented thru training steps
        if step % 10 == 0:
            print("loss: %.5f" % sess.run(total_loss))
    evaluate(sess, X, Y)
    coord.request_stop()
    coord.join(threads)
    sess.close()
os.remove('data_queue_csv_iris.csv')
