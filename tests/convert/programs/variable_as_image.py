"""Style transfer in miniature: the picture is the only trainable variable, the net is fixed."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(7)
content_np = rs.rand(1, 12, 12, 3).astype(np.float32)
style_np = np.tile(rs.rand(1, 2, 2, 3), (1, 6, 6, 1)).astype(np.float32)
pretrained = {
    'conv1': [rs.randn(3, 3, 3, 5).astype(np.float32) * 0.3, np.zeros(5, np.float32)],
    'conv2': [rs.randn(3, 3, 5, 6).astype(np.float32) * 0.3, np.full(6, 0.1, np.float32)],
}
CONTENT_LAYERS = ['conv2']
STYLE_LAYERS = ['conv1', 'conv2']


def vgg_like(x):
    net = {}
    current = x
    for name in ('conv1', 'conv2'):
        kernel, bias = pretrained[name]
        current = tf.nn.relu(tf.nn.conv2d(current, tf.constant(kernel), strides=(1, 1, 1, 1), padding='SAME') + bias)
        net[name] = current
        current = tf.nn.avg_pool(current, ksize=(1, 2, 2, 1), strides=(1, 2, 2, 1), padding='SAME')
    return net


def gram_matrix(t):
    shape = t.get_shape().as_list()
    flat = tf.reshape(t, [-1, shape[3]])
    return tf.matmul(flat, flat, transpose_a=True) / (shape[1] * shape[2])


content_features, style_features = {}, {}

# features in sessions of their own
with tf.Graph().as_default(), tf.Session() as sess:
    image = tf.placeholder('float', shape=content_np.shape)
    net = vgg_like(image)
    for layer in CONTENT_LAYERS:
        content_features[layer] = net[layer].eval(feed_dict={image: content_np})

with tf.Graph().as_default(), tf.Session() as sess:
    image = tf.placeholder('float', shape=style_np.shape)
    net = vgg_like(image)
    for layer in STYLE_LAYERS:
        style_features[layer] = sess.run(gram_matrix(net[layer]), {image: style_np})

print('features %.4f %.4f' % (content_features['conv2'].sum(), style_features['conv1'].sum()))

with tf.Graph().as_default():
    initial = tf.random_normal(content_np.shape) * 0.256
    image = tf.Variable(initial)
    net = vgg_like(image)
    content_loss = 0.5 * sum(tf.nn.l2_loss(net[l] - content_features[l]) for l in CONTENT_LAYERS)
    style_loss = 0.0
    for l in STYLE_LAYERS:
        style_loss += tf.reduce_sum(tf.square(gram_matrix(net[l]) - style_features[l]))
    tv = tf.nn.l2_loss(image[:, 1:, :, :] - image[:, :-1, :, :]) + tf.nn.l2_loss(image[:, :, 1:, :] - image[:, :, :-1, :])
    total = 0.1 * content_loss + style_loss + 0.001 * tv
    train_step = tf.train.AdamOptimizer(0.1).minimize(total)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for i in range(10):
            train_step.run()
            if i % 3 == 0:
                print('%d content %.5f style %.5f tv %.5f total %.5f' % (
                    i, content_loss.eval(), style_loss.eval(), tv.eval(), total.eval()))
        result = image.eval()
print('image %.5f %.5f' % (result.mean(), result.std()))
