'''
A nearest neighbor classifier: no training, one fetch for each test sample.
'''
from __future__ import print_function

import numpy as np
import tensorflow as tf

np.random.seed(21)
kinds = np.random.randn(5, 8)
y_tr = np.random.randint(0, 5, 60)
x_tr = kinds[y_tr] + 0.6 * np.random.randn(60, 8)
y_te = np.random.randint(0, 5, 12)
x_te = kinds[y_te] + 0.6 * np.random.randn(12, 8)
Ytr = np.eye(5)[y_tr]
Yte = np.eye(5)[y_te]


@tf.function(input_signature=[
    tf.TensorSpec([None, 8], tf.float32),
    tf.TensorSpec([8], tf.float32),
])
def compute_distance(xtr, xte):
    # Nearest neighbor by L1 distance
    distance = tf.reduce_sum(tf.abs(tf.add(xtr, tf.negative(xte))), axis=1)
    return distance


@tf.function(input_signature=[
    tf.TensorSpec([None, 8], tf.float32),
    tf.TensorSpec([8], tf.float32),
])
def compute_pred(xtr, xte):
    # Nearest neighbor by L1 distance
    distance = tf.reduce_sum(tf.abs(tf.add(xtr, tf.negative(xte))), axis=1)
    # Prediction: index of the smallest distance
    pred = tf.argmin(distance, axis=0)
    return pred


accuracy = 0.


# loop over test data
for i in range(len(x_te)):
    # Get nearest neighbor
    nn_index = compute_pred(xtr=x_tr, xte=x_te[i, :]).numpy()
    # Compare its class label with the true label
    print("Test", i, "Prediction:", int(np.argmax(Ytr[nn_index])), \
        "True Class:", int(np.argmax(Yte[i])))
    if np.argmax(Ytr[nn_index]) == np.argmax(Yte[i]):
        accuracy += 1./len(x_te)
print("Done!")
print("Accuracy: %.3f" % accuracy)
d = compute_distance(xtr=x_tr, xte=x_te[0]).numpy()
print("Distances: %.4f %.4f %.4f" % (d.min(), d.mean(), d.max()))
