"""What silences a finding, and what does not."""
import tensorflow as tf

a = tf.placeholder(tf.float32)  # noqa
b = tf.placeholder(tf.float32)  # noqa: TF101
c = tf.placeholder(tf.float32)  # NOQA:TF101
d = tf.placeholder(tf.float32)  # noqa: E501,TF101
e = tf.placeholder(tf.float32)  # noqa: E501 TF101
f = tf.placeholder(tf.float32)  # noqa: TF
g = tf.placeholder(tf.float32)  # noqa: TF1
h = tf.placeholder(tf.float32)  # told: noqa below # noqa: TF101
i = tf.placeholder(tf.float32)  # noqa: TF102  # expect: 5 TF101
j = tf.placeholder(tf.float32)  # noqa: E501  # expect: 5 TF101
k = tf.placeholder(tf.float32)  # no qa  # expect: 5 TF101
m = dict(
    first=tf.placeholder(tf.float32),  # noqa: TF101
    second=tf.placeholder(tf.float32),  # expect: 12 TF101
)  # noqa: of this line only
n = tf.placeholder(tf.float32, name="""
  a name of two lines
""")  # noqa: TF101
o = tf.placeholder(tf.float32, name="# noqa")
p = tf.placeholder(tf.float32) + \
    1  # noqa: TF101
if tf.placeholder(tf.bool):  # expect: 4 TF101
    q = 1  # noqa
