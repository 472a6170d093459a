import numpy as np

from model import GAN


def main():
    rng = np.random.RandomState(7)
    data = np.tanh(rng.normal(0.4, 0.2, (48, 6))).astype(np.float32)
    gan = GAN()
    gan.train(data, epochs=2)
    samples = gan.sample(np.ones([gan.batch_size, gan.z_dim], np.float32) * 0.1)
    print("mean of samples: %.5f" % samples.mean())


if __name__ == '__main__':
    main()
