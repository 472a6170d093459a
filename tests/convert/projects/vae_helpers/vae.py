import tensorflow as tf

import layers


class VariationalAutoencoder(object):
    """Draws z = mean + sigma * epsilon, trained on the evidence lower bound."""

    def __init__(self, network_architecture, transfer_fct=tf.nn.softplus, learning_rate=0.01, batch_size=20):
        self.network_architecture = network_architecture
        self.transfer_fct = transfer_fct
        self.learning_rate = learning_rate
        self.batch_size = batch_size

        self.x = tf.placeholder(tf.float32, [None, network_architecture["n_input"]])
        self.epsilon = tf.placeholder(tf.float32, [None, network_architecture["n_z"]])

        self._create_network()
        self._create_loss_optimizer()

        init = tf.global_variables_initializer()
        self.sess = tf.InteractiveSession()
        self.sess.run(init)

    def _create_network(self):
        weights = self._initialize_weights(**self.network_architecture)
        self.z_mean, self.z_log_sigma_sq = self._recognition_network(
            weights["weights_recog"], weights["biases_recog"])
        self.z = tf.add(self.z_mean, tf.multiply(tf.sqrt(tf.exp(self.z_log_sigma_sq)), self.epsilon))
        self.x_reconstr_mean = self._generator_network(weights["weights_gener"], weights["biases_gener"])

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

    def _recognition_network(self, weights, biases):
        layer_1 = self.transfer_fct(tf.add(tf.matmul(self.x, weights['h1']), biases['b1']))
        z_mean = tf.add(tf.matmul(layer_1, weights['out_mean']), biases['out_mean'])
        z_log_sigma_sq = tf.add(tf.matmul(layer_1, weights['out_log_sigma']), biases['out_log_sigma'])
        return (z_mean, z_log_sigma_sq)

    def _generator_network(self, weights, biases):
        layer_1 = self.transfer_fct(tf.add(tf.matmul(self.z, weights['h1']), biases['b1']))
        return tf.nn.sigmoid(tf.add(tf.matmul(layer_1, weights['out_mean']), biases['out_mean']))

    def _create_loss_optimizer(self):
        reconstr_loss = -tf.reduce_sum(
            self.x * tf.log(1e-10 + self.x_reconstr_mean)
            + (1 - self.x) * tf.log(1e-10 + 1 - self.x_reconstr_mean), 1)
        latent_loss = -0.5 * tf.reduce_sum(
            1 + self.z_log_sigma_sq - tf.square(self.z_mean) - tf.exp(self.z_log_sigma_sq), 1)
        self.cost = tf.reduce_mean(reconstr_loss + latent_loss)  # average over batch
        self.optimizer = tf.train.AdamOptimizer(learning_rate=self.learning_rate).minimize(self.cost)

    def partial_fit(self, X, epsilon):
        """Train on a batch; gives its cost."""
        opt, cost = self.sess.run((self.optimizer, self.cost), feed_dict={self.x: X, self.epsilon: epsilon})
        return cost

    def transform(self, X):
        return self.sess.run(self.z_mean, feed_dict={self.x: X})

    def generate(self, z_mu):
        return self.sess.run(self.x_reconstr_mean, feed_dict={self.z: z_mu})
