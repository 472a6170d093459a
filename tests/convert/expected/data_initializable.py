"""An initializable iterator whose dataset is made from placeholders."""
import tensorflow as tf
import numpy as np

np.random.seed(35)

# load your data or create your data in code
npx = np.random.uniform(-1, 1, (60, 1))                  # x data
npy = np.power(npx, 2) + np.random.normal(0, 0.1, size=npx.shape)      # y data
npx_train, npx_test = np.split(npx, [50])                  # training and test data
npy_train, npy_test = np.split(npy, [50])


def make_iterator(tfx, tfy):
    tfx = tf.cast(tfx, npx_train.dtype)
    tfy = tf.cast(tfy, npy_train.dtype)
    dataset = tf.data.Dataset.from_tensor_slices((tfx, tfy))
    dataset = dataset.map(lambda a, b: (tf.cast(a, tf.float32), tf.cast(b, tf.float32)))
    dataset = dataset.batch(20)                      # batch size you will use
    dataset = dataset.repeat(3)                      # repeat for 3 epochs
    return iter(dataset)


l1_layer = tf.keras.layers.Dense(10, activation=tf.nn.relu)
out_layer = tf.keras.layers.Dense(npy.shape[1])


@tf.function
def compute_loss(bx, by):
    l1 = l1_layer(bx)
    out = out_layer(l1)
    loss = tf.reduce_mean(tf.math.squared_difference(tf.cast(out, tf.float32), tf.cast(by, tf.float32)))
    return loss


def compute_loss_3(iterator):
    # your network
    bx, by = next(iterator)                  # use batch to update
    l1 = l1_layer(bx)
    out = out_layer(l1)
    loss = tf.reduce_mean(tf.math.squared_difference(tf.cast(out, tf.float32), tf.cast(by, tf.float32)))
    return loss


@tf.function
def compute_loss_2(iterator):
    return compute_loss_3(iterator)


optimizer = tf.keras.optimizers.SGD(.1)


@tf.function
def train_step(iterator):
    with tf.GradientTape() as tape:
        loss = compute_loss_3(iterator)
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    with tf.control_dependencies([loss]):
        optimizer.apply_gradients(zip(gradients, variables))
    return loss


# need to initialize the iterator in this case
iterator = make_iterator(tfx=npx_train, tfy=npy_train)

for step in range(101):
    try:
        trainl = train_step(iterator).numpy()                       # train
        if step % 4 == 0:
            # a test: feeds the middle of the graph
            testl = compute_loss(bx=npx_test, by=npy_test).numpy()
            print('step: %i/100' % step, '|train loss: %.5f' % trainl, '|test loss: %.5f' % testl)
    except tf.errors.OutOfRangeError:     # if training takes more than 3 epochs, training will be stopped
        print('Finish the last epoch after', step, 'steps.')
        break

# other data
iterator = make_iterator(tfx=npx_test, tfy=npy_test)
print('test batch %.5f' % compute_loss_2(iterator).numpy())
