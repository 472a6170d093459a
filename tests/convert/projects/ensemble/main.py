"""Several networks of one class in one graph, whose predictions are added."""
import numpy as np
import tensorflow as tf

from classifier import Classifier

num_models = 2

rng = np.random.RandomState(0)
x_all = rng.rand(64, 64)
y_all = np.eye(4)[x_all[:, :4].argmax(1)]

sess = tf.Session()
models = []
for m in range(num_models):
    models.append(Classifier(sess, "model" + str(m)))
sess.run(tf.global_variables_initializer())

print('Learning Started!')
for epoch in range(3):
    avg_cost_list = np.zeros(len(models))
    for start in range(0, 64, 16):
        batch_xs, batch_ys = x_all[start:start + 16], y_all[start:start + 16]
        for m_idx, m in enumerate(models):
            c, _ = m.train(batch_xs, batch_ys)
            avg_cost_list[m_idx] += c / 4
    print('Epoch:', '%04d' % (epoch + 1), 'cost =', avg_cost_list)
print('Learning Finished!')

predictions = np.zeros([64, 4])
for m_idx, m in enumerate(models):
    print(m_idx, 'Accuracy:', m.get_accuracy(x_all, y_all))
    predictions += m.predict(x_all)
print('Ensemble accuracy:', np.mean(predictions.argmax(1) == y_all.argmax(1)))
