import tensorflow as tf

import layers


class VariationalAutoencoder(tf.Module):
    """Draws z = mean + sigma * epsilon, trained on the evidence lower bound."""

    def __init__(self, network_architecture, transfer_fct=tf.nn.softplus, learning_rate=0.01, batch_size=20):
        super().__init__()
        self.network_architecture = network_architecture
        self.transfer_fct = transfer_fct
        self.learning_rate = learning_rate
        self.batch_size = batch_size

        weights = self._initialize_weights(**self.network_architecture)
        self.weights_2 = weights["weights_recog"]
        self.biases_2 = weights["biases_recog"]
        self.weights = weights["weights_gener"]
        self.biases = weights["biases_gener"]
        self.optimizer = tf.keras.optimizers.Adam(self.learning_rate, epsilon=1e-8)

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
    ])
    def compute_z_mean(self, x):
        x = tf.ensure_shape(x, [None, self.network_architecture["n_input"]])
        layer_1 = self.transfer_fct(tf.add(tf.matmul(x, self.weights_2['h1']), self.biases_2['b1']))
        z_mean = tf.add(tf.matmul(layer_1, self.weights_2['out_mean']), self.biases_2['out_mean'])
        return z_mean

    @tf.function
    def compute_x_reconstr_mean(self, z):
        z = tf.cast(z, tf.float32)
        layer_1 = self.transfer_fct(tf.add(tf.matmul(z, self.weights['h1']), self.biases['b1']))
        x_reconstr_mean = tf.nn.sigmoid(tf.add(tf.matmul(layer_1, self.weights['out_mean']), self.biases['out_mean']))
        return x_reconstr_mean

    @tf.function(input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None, None], tf.float32),
    ])
    def train_step(self, x, epsilon):
        x = tf.ensure_shape(x, [None, self.network_architecture["n_input"]])
        epsilon = tf.ensure_shape(epsilon, [None, self.network_architecture["n_z"]])
        with tf.GradientTape() as tape:
            layer_1_2 = self.transfer_fct(tf.add(tf.matmul(x, self.weights_2['h1']), self.biases_2['b1']))
            z_mean = tf.add(tf.matmul(layer_1_2, self.weights_2['out_mean']), self.biases_2['out_mean'])
            z_log_sigma_sq = tf.add(tf.matmul(layer_1_2, self.weights_2['out_log_sigma']), self.biases_2['out_log_sigma'])
            z = tf.add(z_mean, tf.multiply(tf.sqrt(tf.exp(z_log_sigma_sq)), epsilon))
            layer_1 = self.transfer_fct(tf.add(tf.matmul(z, self.weights['h1']), self.biases['b1']))
            x_reconstr_mean = tf.nn.sigmoid(tf.add(tf.matmul(layer_1, self.weights['out_mean']), self.biases['out_mean']))
            reconstr_loss = -tf.reduce_sum(
                x * tf.math.log(1e-10 + x_reconstr_mean)
                + (1 - x) * tf.math.log(1e-10 + 1 - x_reconstr_mean), 1)
            latent_loss = -0.5 * tf.reduce_sum(
                1 + z_log_sigma_sq - tf.square(z_mean) - tf.exp(z_log_sigma_sq), 1)
            cost = tf.reduce_mean(reconstr_loss + latent_loss)  # average over batch
        variables = tape.watched_variables()
        gradients = tape.gradient(cost, variables)
        self.optimizer.apply_gradients(zip(gradients, variables))
        return cost

    def _initialize_weights(self, n_hidden, n_input, n_z):
        all_weights = dict()
        all_weights['weights_recog'] = {
            'h1': layers.weight(n_input, n_hidden),
            'out_mean': layers.weight(n_hidden, n_z),
            'out_log_sigma': layers.weight(n_hidden, n_z)}
        all_weights['biases_recog'] = {
            'b1': layers.bias(n_hidden),
            'out_mean': layers.bias(n_z),
            'out_log_sigma': layers.bias(n_z)}
        all_weights['weights_gener'] = {
            'h1': layers.weight(n_z, n_hidden),
            'out_mean': layers.weight(n_hidden, n_input)}
        all_weights['biases_gener'] = {
            'b1': layers.bias(n_hidden),
            'out_mean': layers.bias(n_input)}
        return all_weights

    def partial_fit(self, X, epsilon):
        """Train on a batch; gives its cost."""
        cost = self.train_step(x=X, epsilon=epsilon).numpy()
        return cost

    def transform(self, X):
        return self.compute_z_mean(x=X).numpy()

    def generate(self, z_mu):
        return self.compute_x_reconstr_mean(z=z_mu).numpy()
