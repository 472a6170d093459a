# refused: tf.estimator.DNNClassifier
"""A canned Estimator on feature columns."""
import numpy as np
import tensorflow as tf

rs = np.random.RandomState(0)
x = rs.randn(40, 3).astype(np.float32)
y = (x[:, 0] > 0).astype(np.int64)

columns = [tf.feature_column.numeric_column('x', shape=[3])]
classifier = tf.estimator.DNNClassifier(hidden_units=[5], feature_columns=columns, n_classes=2)
input_fn = tf.estimator.inputs.numpy_input_fn({'x': x}, y, shuffle=False)
classifier.train(input_fn=input_fn, steps=1)
print(sorted(classifier.evaluate(input_fn=input_fn)))
