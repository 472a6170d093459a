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
    shape = t.shape.as_list()
    flat = tf.reshape(t, [-1, shape[3]])
    return tf.matmul(flat, flat, transpose_a=True) / (shape[1] * shape[2])


content_features, style_features = {}, {}

# features in sessions of their own


@tf.function
def run(layer, image):
    image = tf.cast(image, tf.float32)
    net = vgg_like(image)
    return net[layer]


for layer in CONTENT_LAYERS:
    content_features[layer] = run(layer=layer, image=content_np).numpy()


@tf.function(input_signature=[tf.TensorSpec(style_np.shape, tf.float32)])
def run_2(image):
    net = vgg_like(image)
    return gram_matrix(net['conv1'])


@tf.function(input_signature=[tf.TensorSpec(style_np.shape, tf.float32)])
def run_3(image):
    net = vgg_like(image)
    return gram_matrix(net['conv2'])


style_features['conv1'] = run_2(image=style_np).numpy()
style_features['conv2'] = run_3(image=style_np).numpy()

print('features %.4f %.4f' % (content_features['conv2'].sum(), style_features['conv1'].sum()))

initial = tf.random.normal(content_np.shape) * 0.256
image_1 = tf.Variable(initial)


@tf.function
def compute_content_loss():
    net = vgg_like(image_1)
    content_loss = 0.5 * sum(tf.nn.l2_loss(net[l] - content_features[l]) for l in CONTENT_LAYERS)
    return content_loss


@tf.function
def compute_style_loss():
    net = vgg_like(image_1)
    style_loss = 0.0
    for l in STYLE_LAYERS:
        style_loss += tf.reduce_sum(tf.square(gram_matrix(net[l]) - style_features[l]))
    return style_loss


@tf.function
def compute_tv():
    tv = tf.nn.l2_loss(image_1[:, 1:, :, :] - image_1[:, :-1, :, :]) + tf.nn.l2_loss(image_1[:, :, 1:, :] - image_1[:, :, :-1, :])
    return tv


@tf.function
def compute_total():
    net = vgg_like(image_1)
    content_loss = 0.5 * sum(tf.nn.l2_loss(net[l] - content_features[l]) for l in CONTENT_LAYERS)
    style_loss = 0.0
    for l in STYLE_LAYERS:
        style_loss += tf.reduce_sum(tf.square(gram_matrix(net[l]) - style_features[l]))
    tv = tf.nn.l2_loss(image_1[:, 1:, :, :] - image_1[:, :-1, :, :]) + tf.nn.l2_loss(image_1[:, :, 1:, :] - image_1[:, :, :-1, :])
    total = 0.1 * content_loss + style_loss + 0.001 * tv
    return total


optimizer = tf.keras.optimizers.Adam(0.1, epsilon=1e-8)


@tf.function
def train_step_2():
    with tf.GradientTape() as tape:
        net = vgg_like(image_1)
        content_loss = 0.5 * sum(tf.nn.l2_loss(net[l] - content_features[l]) for l in CONTENT_LAYERS)
        style_loss = 0.0
        for l in STYLE_LAYERS:
            style_loss += tf.reduce_sum(tf.square(gram_matrix(net[l]) - style_features[l]))
        tv = tf.nn.l2_loss(image_1[:, 1:, :, :] - image_1[:, :-1, :, :]) + tf.nn.l2_loss(image_1[:, :, 1:, :] - image_1[:, :, :-1, :])
        total = 0.1 * content_loss + style_loss + 0.001 * tv
    variables = tape.watched_variables()
    gradients = tape.gradient(total, variables)
    optimizer.apply_gradients(zip(gradients, variables))


for i in range(10):
    train_step_2()
    if i % 3 == 0:
        print('%d content %.5f style %.5f tv %.5f total %.5f' % (
            i, compute_content_loss().numpy(), compute_style_loss().numpy(), compute_tv().numpy(), compute_total().numpy()))
result = image_1.numpy()
print('image %.5f %.5f' % (result.mean(), result.std()))
