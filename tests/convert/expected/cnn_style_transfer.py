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
    shape = features.shape.as_list()
    flat = tf.reshape(features, [-1, shape[3]])
    return tf.matmul(flat, flat, transpose_a=True) / (shape[1] * shape[2])


content = np.random.rand(1, 8, 8, 3).astype(np.float32)
style = np.random.rand(1, 8, 8, 3).astype(np.float32)

content_features, style_grams = {}, {}


@tf.function(input_signature=[tf.TensorSpec((1, 8, 8, 3), tf.float32)])
def run(image):
    built = net(image)
    return built[CONTENT_LAYER]


@tf.function
def run_2(layer, image):
    image = tf.cast(image, tf.float32)
    built = net(image)
    return gram(built[layer])


content_features[CONTENT_LAYER] = run(image=content).numpy()
for layer in STYLE_LAYERS:
    style_grams[layer] = run_2(layer=layer, image=style).numpy()

initial = tf.constant(np.full((1, 8, 8, 3), 0.5, np.float32))
image_1 = tf.Variable(initial)


@tf.function
def compute_content_loss():
    built = net(image_1)
    content_loss = 5.0 * tf.nn.l2_loss(built[CONTENT_LAYER] - content_features[CONTENT_LAYER])
    return content_loss


@tf.function
def compute_style_loss():
    built = net(image_1)
    style_losses = []
    for layer in STYLE_LAYERS:
        style_losses.append(tf.nn.l2_loss(gram(built[layer]) - style_grams[layer]))
    style_loss = 10.0 * tf.add_n(style_losses)
    return style_loss


@tf.function
def compute_tv_loss():
    tv_loss = 0.1 * (tf.nn.l2_loss(image_1[:, 1:, :, :] - image_1[:, :-1, :, :]) +
                     tf.nn.l2_loss(image_1[:, :, 1:, :] - image_1[:, :, :-1, :]))
    return tv_loss


optimizer = tf.keras.optimizers.Adam(0.05, epsilon=1e-8)


@tf.function
def train_step_2():
    with tf.GradientTape() as tape:
        built = net(image_1)
        content_loss = 5.0 * tf.nn.l2_loss(built[CONTENT_LAYER] - content_features[CONTENT_LAYER])
        style_losses = []
        for layer in STYLE_LAYERS:
            style_losses.append(tf.nn.l2_loss(gram(built[layer]) - style_grams[layer]))
        style_loss = 10.0 * tf.add_n(style_losses)
        tv_loss = 0.1 * (tf.nn.l2_loss(image_1[:, 1:, :, :] - image_1[:, :-1, :, :]) +
                         tf.nn.l2_loss(image_1[:, :, 1:, :] - image_1[:, :, :-1, :]))
        loss = content_loss + style_loss + tv_loss
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))


for i in range(10):
    train_step_2()
    if i % 3 == 0:
        print('%d content %.5f style %.5f tv %.5f' % (
            i, compute_content_loss().numpy(), compute_style_loss().numpy(), compute_tv_loss().numpy()))
print('image %.5f' % image_1.numpy().sum())
