"""Style transfer in miniature: an image variable is trained against features of fixed weights."""
import numpy as np
import tensorflow as tf

np.random.seed(21)
WEIGHTS = {
    'conv1': (np.random.randn(3, 3, 3, 4).astype(np.float32) * 0.3, np.zeros(4, np.float32)),
    'conv2': (np.random.randn(3, 3, 4, 6).astype(np.float32) * 0.3, np.zeros(6, np.float32)),
}
LAYERS = ('conv1', 'relu1', 'pool1', 'conv2', 'relu2')
CONTENT_LAYER, STYLE_LAYERS = 'relu2', ('relu1', 'relu2')


def net(input_image):
    features = {}
    current = input_image
    for name in LAYERS:
        kind = name[:4]
        if kind == 'conv':
            kernels, bias = WEIGHTS[name]
            conv = tf.nn.conv2d(current, tf.constant(kernels), strides=(1, 1, 1, 1), padding='SAME')
            current = tf.nn.bias_add(conv, bias)
        elif kind == 'relu':
            current = tf.nn.relu(current)
        elif kind == 'pool':
            current = tf.nn.avg_pool(current, ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), padding='SAME')
        features[name] = current
    return features


def gram(features):
    shape = features.get_shape().as_list()
    flat = tf.reshape(features, [-1, shape[3]])
    return tf.matmul(flat, flat, transpose_a=True) / (shape[1] * shape[2])


content = np.random.rand(1, 8, 8, 3).astype(np.float32)
style = np.random.rand(1, 8, 8, 3).astype(np.float32)

content_features, style_grams = {}, {}
with tf.Graph().as_default(), tf.Session() as sess:
    image = tf.placeholder('float', shape=(1, 8, 8, 3))
    built = net(image)
    content_features[CONTENT_LAYER] = built[CONTENT_LAYER].eval(feed_dict={image: content})
    for layer in STYLE_LAYERS:
        style_grams[layer] = sess.run(gram(built[layer]), feed_dict={image: style})

with tf.Graph().as_default():
    initial = tf.constant(np.full((1, 8, 8, 3), 0.5, np.float32))
    image = tf.Variable(initial)
    built = net(image)
    content_loss = 5.0 * tf.nn.l2_loss(built[CONTENT_LAYER] - content_features[CONTENT_LAYER])
    style_losses = []
    for layer in STYLE_LAYERS:
        style_losses.append(tf.nn.l2_loss(gram(built[layer]) - style_grams[layer]))
    style_loss = 10.0 * tf.add_n(style_losses)
    tv_loss = 0.1 * (tf.nn.l2_loss(image[:, 1:, :, :] - image[:, :-1, :, :]) +
                     tf.nn.l2_loss(image[:, :, 1:, :] - image[:, :, :-1, :]))
    loss = content_loss + style_loss + tv_loss
    train_step = tf.train.AdamOptimizer(0.05).minimize(loss)

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(10):
            train_step.run()
            if i % 3 == 0:
                print('%d content %.5f style %.5f tv %.5f' % (
                    i, content_loss.eval(), style_loss.eval(), tv_loss.eval()))
        print('image %.5f' % image.eval().sum())
