import numpy as np

from mlp import MLP

if __name__ == '__main__':
    rng = np.random.RandomState(0)
    x = rng.rand(48, 6)
    y = x[:, :3].argmax(1)

    model = MLP(6)
    model.build()

    for epoch in range(3):
        for i in range(0, 48, 12):
            feed_dict = dict(x=x[i:i + 12], y=y[i:i + 12])
            loss = model.train_step(**feed_dict).numpy()
        accuracy, hidden = (value.numpy() for value in model.evaluate(x=x, y=y))
        print('epoch %d loss %.6f accuracy %.3f hidden %.5f' % (epoch, loss, accuracy, hidden.mean()))
