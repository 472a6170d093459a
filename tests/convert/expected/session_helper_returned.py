"""A regression whose session is made by a helper, and whose tensors live in a dictionary."""
import numpy as np
import tensorflow as tf

tf.config.set_soft_device_placement(True)
for gpu in tf.config.list_physical_devices("GPU"):
    tf.config.experimental.set_memory_growth(gpu, True)


def train(train_step, X, Y, epochs=20):
    for epoch in range(epochs):
        l = train_step(x=X, y=Y).numpy()
        if epoch % 5 == 0:
            print('epoch %d loss %.5f' % (epoch, l))


def predict(compute_pred, X):
    return compute_pred(x=X).numpy()


def main():
    rng = np.random.RandomState(5)
    X = rng.randn(40, 3)
    Y = X.dot([1.0, -2.0, 0.5])
    n_features = 3
    w = tf.Variable(tf.zeros_initializer()([n_features, 1]), name='w')

    @tf.function(input_signature=[tf.TensorSpec([None, n_features], tf.float32)])
    def compute_pred(x):
        pred = tf.squeeze(tf.matmul(x, w), 1)
        return pred

    optimizer = tf.keras.optimizers.Adam(0.1, epsilon=1e-8)

    @tf.function(input_signature=[
        tf.TensorSpec([None, n_features], tf.float32),
        tf.TensorSpec([None], tf.float32),
    ])
    def train_step(x, y):
        with tf.GradientTape() as tape:
            pred = tf.squeeze(tf.matmul(x, w), 1)
            loss = tf.reduce_mean(tf.square(pred - y))
        variables = tape.watched_variables()
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables))
        return loss

    train(train_step, X[:30], Y[:30])
    print('mae %.5f' % np.abs(predict(compute_pred, X[30:]) - Y[30:]).mean())
    print(np.round(w.numpy().ravel(), 4).tolist())


if __name__ == '__main__':
    main()
