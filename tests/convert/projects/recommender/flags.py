import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_integer("dim", 4, "size of the factors")
flags.DEFINE_float("learning_rate", 0.02, "step of the optimizer")
flags.DEFINE_float("reg", 0.01, "weight of the penalty")
FLAGS = flags.FLAGS
