"""slice_input_producer for a number of epochs; the loop ends by OutOfRangeError."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(61)
images = rs.rand(14, 6).astype(np.float32)
labels = (images.sum(1) > 3).astype(np.float32)


def main():
    image, label = tf.train.slice_input_producer(
        [tf.constant(images), tf.constant(labels)], num_epochs=3, shuffle=False)
    image = image - 0.5
    image_batch, label_batch = tf.train.batch([image, label], batch_size=5, num_threads=1, capacity=16,
                                              allow_smaller_final_batch=True)

    v = tf.get_variable('v', [6], initializer=tf.random_normal_initializer(stddev=0.2))
    logit = tf.reduce_sum(image_batch * v, axis=1)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=label_batch, logits=logit))
    train = tf.train.AdamOptimizer(0.05).minimize(loss)
    init = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())

    with tf.Session() as sess:
        sess.run(init)
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess=sess, coord=coord)
        step = 0
        try:
            while not coord.should_stop():
                _, l, n = sess.run([train, loss, tf.shape(label_batch)])
                print('step %d: %d examples, loss %.6f' % (step, n[0], l))
                step += 1
        except tf.errors.OutOfRangeError:
            print('Done training for 3 epochs, %d steps.' % step)
        finally:
            # When done, ask the threads to stop.
            coord.request_stop()
        # Wait for threads to finish.
        coord.join(threads)
        print('v %.5f' % sess.run(v).sum())


main()
