"""However TensorFlow is imported. `# expect:` names the columns and codes of the line that it ends."""
import tensorflow as tf
import tensorflow as T
import tensorflow.compat.v1 as tf1  # expect: 8 TF901
from tensorflow import placeholder as ph  # expect: 24 TF101

x = tf.placeholder(tf.float32)  # expect: 5 TF101
y = [T.placeholder(tf.int32), ph("float")]  # expect: 6 TF101, 31 TF101
z = tf.compat.v1.placeholder(tf.float32)  # expect: 5 TF101
w = tf1.placeholder(tf.float32)  # expect: 5 TF101


def build(tf):
    return tf.placeholder(1)


class Model:
    def __init__(self):
        self.tf = tf
        self.inputs = self.tf.placeholder(tf.float32)  # expect: 23 TF101
