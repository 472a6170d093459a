# refused: tf.contrib.learn
"""A DNNClassifier of contrib.learn with an input function."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import learn

rs = np.random.RandomState(0)
x = rs.randn(40, 3).astype(np.float32)
y = (x[:, 0] > 0).astype(np.int64)


def input_fn():
    return {'x': tf.constant(x)}, tf.constant(y)


columns = [tf.contrib.layers.real_valued_column('x', dimension=3)]
classifier = learn.DNNClassifier(hidden_units=[5], feature_columns=columns, n_classes=2)
classifier.fit(input_fn=input_fn, steps=5)
print(sorted(classifier.evaluate(input_fn=input_fn, steps=1))[:2])
