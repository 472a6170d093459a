import numpy as np
import tensorflow as tf

from autoencoder_models.Autoencoder import Autoencoder

data = np.random.RandomState(1).rand(60, 8)
training_epochs = 3
batch_size = 10

autoencoder = Autoencoder(
    n_input=8,
    n_hidden=5,
    transfer_function=tf.nn.softplus,
    optimizer=tf.keras.optimizers.Adam(0.01, epsilon=1e-8))

for epoch in range(training_epochs):
    avg_cost = 0.
    for i in range(6):
        batch = data[i * batch_size:(i + 1) * batch_size]
        avg_cost += autoencoder.partial_fit(batch) / 60 * batch_size
    print("Epoch:", '%d,' % (epoch + 1), "Cost:", "{:.6f}".format(avg_cost))

print("Total cost: {:.6f}".format(autoencoder.calc_total_cost(data)))
print("code", autoencoder.transform(data[:1]), "of", autoencoder.generate().sum())
print("weights", autoencoder.getWeights().shape)
