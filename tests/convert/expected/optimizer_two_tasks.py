"""Two tasks on a shared layer, trained in turn and jointly."""
import numpy as np
import tensorflow as tf

np.random.seed(29)
X_data = np.random.randn(10, 5)
Y1_data = np.random.randn(10, 3)
Y2_data = np.random.randn(10, 3)


# Define the weights for the layers
shared_layer_weights = tf.Variable(tf.random.normal([5, 8]), name="share_W")
Y1_layer_weights = tf.Variable(tf.random.normal([8, 3], stddev=0.3), name="share_Y1")
Y2_layer_weights = tf.Variable(tf.random.normal([8, 3], stddev=0.3), name="share_Y2")


# optimisers
optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([10, 5], tf.float32),
    tf.TensorSpec([10, 3], tf.float32),
    tf.TensorSpec([10, 3], tf.float32),
])
def train_step_3(X, Y1, Y2):
    with tf.GradientTape() as tape:
        # Construct the layers with RELU activations
        shared_layer = tf.nn.relu(tf.matmul(X, shared_layer_weights))
        Y1_layer = tf.nn.relu(tf.matmul(shared_layer, Y1_layer_weights))
        Y2_layer = tf.nn.relu(tf.matmul(shared_layer, Y2_layer_weights))
        # Calculate loss
        Y1_Loss = tf.nn.l2_loss(Y1 - Y1_layer)
        Y2_Loss = tf.nn.l2_loss(Y2 - Y2_layer)
        Joint_Loss = Y1_Loss + Y2_Loss
    variables = tape.watched_variables()
    gradients = tape.gradient(Joint_Loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return Joint_Loss, Y1_Loss, Y2_Loss


optimizer_2 = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([10, 5], tf.float32),
    tf.TensorSpec([10, 3], tf.float32),
])
def train_step(X, Y1):
    with tf.GradientTape() as tape:
        # Construct the layers with RELU activations
        shared_layer = tf.nn.relu(tf.matmul(X, shared_layer_weights))
        Y1_layer = tf.nn.relu(tf.matmul(shared_layer, Y1_layer_weights))
        # Calculate loss
        Y1_Loss = tf.nn.l2_loss(Y1 - Y1_layer)
    variables = tape.watched_variables()
    gradients = tape.gradient(Y1_Loss, variables)
    optimizer_2.apply_gradients(zip(gradients, variables))
    return Y1_Loss


optimizer_3 = tf.keras.optimizers.Adam(0.02, epsilon=1e-8)


@tf.function(input_signature=[
    tf.TensorSpec([10, 5], tf.float32),
    tf.TensorSpec([10, 3], tf.float32),
])
def train_step_2(X, Y2):
    with tf.GradientTape() as tape:
        # Construct the layers with RELU activations
        shared_layer = tf.nn.relu(tf.matmul(X, shared_layer_weights))
        Y2_layer = tf.nn.relu(tf.matmul(shared_layer, Y2_layer_weights))
        Y2_Loss = tf.nn.l2_loss(Y2 - Y2_layer)
    variables = tape.watched_variables()
    gradients = tape.gradient(Y2_Loss, variables)
    optimizer_3.apply_gradients(zip(gradients, variables))
    return Y2_Loss


feeds = dict(X=X_data, Y1=Y1_data, Y2=Y2_data)
for iters in range(12):
    if iters % 2 == 0:
        Y1_loss = train_step(X=X_data, Y1=Y1_data).numpy()
        print("Y1 %.5f" % Y1_loss)
    else:
        Y2_loss = train_step_2(X=X_data, Y2=Y2_data).numpy()
        print("Y2 %.5f" % Y2_loss)
for iters in range(6):
    joint, one, two = (value.numpy() for value in train_step_3(**feeds))
print("joint %.5f = %.5f + %.5f" % (joint, one, two))
print("shared %.5f" % shared_layer_weights.numpy().sum())
