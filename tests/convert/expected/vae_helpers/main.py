import numpy as np

from vae import VariationalAutoencoder

network_architecture = dict(n_hidden=10, n_input=12, n_z=2)


def train(data, batch_size=20, training_epochs=3):
    vae = VariationalAutoencoder(network_architecture, learning_rate=0.01, batch_size=batch_size)
    rng = np.random.RandomState(2)
    for epoch in range(training_epochs):
        avg_cost = 0.
        for start in range(0, len(data), batch_size):
            cost = vae.partial_fit(data[start:start + batch_size], rng.normal(size=(batch_size, 2)))
            avg_cost += cost / len(data) * batch_size
        print("Epoch:", '%04d' % (epoch + 1), "cost=", "{:.6f}".format(avg_cost))
    return vae


vae = train((np.random.RandomState(1).rand(60, 12) > 0.5).astype(np.float32))
print("codes", vae.transform(np.eye(12)[:2]))
print("generated", vae.generate(np.array([[0.5, -0.5]]))[0, :3])
