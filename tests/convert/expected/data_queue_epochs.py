"""slice_input_producer for a number of epochs; the loop ends by OutOfRangeError."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(61)
images = rs.rand(14, 6).astype(np.float32)
labels = (images.sum(1) > 3).astype(np.float32)


def main():

    def read_example(image, label):
        image = image - 0.5
        return image, label

    dataset = tf.data.Dataset.from_tensor_slices((tf.constant(images), tf.constant(labels)))
    dataset = dataset.repeat(3)
    dataset = dataset.map(read_example).batch(5)
    iterator = iter(dataset)

    v = tf.Variable(tf.random_normal_initializer(stddev=0.2)([6]), name='v')
    optimizer = tf.keras.optimizers.Adam(0.05, epsilon=1e-8)

    @tf.function
    def train_step():
        with tf.GradientTape() as tape:
            image_batch, label_batch = next(iterator)
            logit = tf.reduce_sum(image_batch * v, axis=1)
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=label_batch, logits=logit))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        with tf.control_dependencies([loss]):
            optimizer.apply_gradients(zip(gradients, variables))
        return loss, tf.shape(label_batch)

    step = 0
    try:
        while True:
            l, n = (value.numpy() for value in train_step())
            print('step %d: %d examples, loss %.6f' % (step, n[0], l))
            step += 1
    except tf.errors.OutOfRangeError:
        print('Done training for 3 epochs, %d steps.' % step)
    # Wait for threads to finish.
    print('v %.5f' % v.numpy().sum())


main()
