"""Savers, and initializers that are run again."""

import pytest

from flake8_tf2.convert.program import convert_source

HEAD = """import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3])
w = tf.Variable(tf.zeros([3, 1]), name="w")
loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0))
train = tf.train.{optimizer}(0.1).minimize(loss)
"""
SGD, ADAM = (HEAD.format(optimizer=name) for name in ("GradientDescentOptimizer", "AdamOptimizer"))
RUN = """sess = tf.Session()
sess.run(tf.global_variables_initializer())
print(sess.run([train, loss], {x: [[1.0, 2.0, 3.0]]})[1])
"""


def converted(body, head=SGD):
    result = convert_source(head + body)
    assert not result.reason
    return result.source


def reason(body, head=SGD):
    result = convert_source(head + body)
    assert result.source == head + body
    return result.reason


def test_a_saver_saves_all_that_was_made_before_it():
    text = converted(
        'saver = tf.train.Saver(max_to_keep=2)\nlate = tf.Variable(0.0, name="late")\n'
        + RUN
        + 'path = saver.save(sess, "model/net", global_step=3, write_meta_graph=False)\nsaver.restore(sess, path)\n'
    )
    assert "saver = Saver(lambda: [w], max_to_keep=2)\n" in text
    assert text.endswith('path = saver.save("model/net", 3)\nsaver.restore(path)\n')


def test_an_optimizer_with_slots_is_built_and_saved():
    text = converted("saver = tf.train.Saver()\n" + RUN + 'saver.save(sess, "net")\n', ADAM)
    assert "saver = TrainingSaver(lambda: [w], [optimizer])\n" in text
    assert text.index("train_step.get_concrete_function()") < text.index("saver = ")


def test_variables_that_are_saved_have_the_names_of_tf1():
    head = """import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3])
with tf.variable_scope("a"):
    hidden = tf.layers.dense(tf.layers.dense(x, 4, name="fc"), 4)
with tf.name_scope("out"):
    w = tf.Variable(tf.zeros([4, 1]), name="w")
with tf.name_scope("out"):
    b = tf.Variable(tf.zeros([1]), name="b")
loss = tf.reduce_mean(tf.square(tf.matmul(hidden, w) + b))
train = tf.train.AdamOptimizer(0.1, name="Own").minimize(loss)
average = tf.train.ExponentialMovingAverage(0.9)
move = average.apply([w])
saver = tf.train.Saver()
"""
    text = converted(RUN.replace("[train, loss]", "[train, loss, move]") + 'saver.save(sess, "net")\n', head)
    assert "name='out/w'" in text and "name='out_1/b'" in text
    assert "    with tf.name_scope('a/'):\n" in text and 'Dense(4, name="dense")' in text
    assert "Adam(0.1, name=\"Own\", epsilon=1e-8)" in text
    assert "[*fc.variables, *hidden_layer.variables, w, b], [optimizer, average])" in text


def test_cells_in_a_list_are_saved():
    head = """import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 5, 3])
cells = [tf.nn.rnn_cell.GRUCell(4) for _ in range(2)]
with tf.variable_scope("a"):
    outputs, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(cells), x, dtype=tf.float32)
loss = tf.reduce_mean(outputs)
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
saver = tf.train.Saver()
"""
    text = converted(RUN.replace("[[1.0, 2.0, 3.0]]", "np.ones([1, 5, 3])") + 'saver.save(sess, "net")\n', head)
    assert "lambda: [*(v for part in tf.nest.flatten(cells) for v in part.variables)]" in text
    assert "with tf.name_scope('a/'):\n" in text


@pytest.mark.parametrize(
    "given, saved",
    [
        ("{'weights': w}", "lambda: {'weights': w}"),
        ("[w]", "lambda: [w]"),
        ("tf.trainable_variables()", "lambda: [w]"),
        ("tf.global_variables()", "lambda: [w]"),
    ],
)
def test_lists_of_variables(given, saved):
    text = converted(f"saver = tf.train.Saver({given})\n{RUN}saver.restore(sess, 'net')\n")
    assert f"saver = Saver({saved})\n" in text


def test_an_initializer_before_a_restore_goes():
    text = converted(
        "saver = tf.train.Saver()\ninit = tf.global_variables_initializer()\n" + RUN
        + 'saver.save(sess, "net")\nsess = tf.Session()\nsess.run(init)\nsaver.restore(sess, "net")\n'
    )  # fmt: skip
    assert text.endswith('saver.save("net")\nsaver.restore("net")\n')


@pytest.mark.parametrize("behind", ["print(sess.run(w))\n", "if w.name:\n    saver.restore(sess, 'net')\n"])
def test_an_initializer_that_is_run_again_begins_anew(behind):
    text = converted("saver = tf.train.Saver()\n" + RUN + "sess.run(tf.global_variables_initializer())\n" + behind, ADAM)
    assert '''

def initialize_variables():
    """Begins anew, as another session did."""
    w.assign(tf.zeros([3, 1]))
    for variable in optimizer.variables:
        if variable is not optimizer.learning_rate:
            variable.assign(tf.zeros_like(variable))
''' in text
    assert text.count("\ninitialize_variables()\n") == 1


def test_what_numpy_drew_once_is_kept():
    head = SGD.replace("import tensorflow as tf", "import numpy as np\nimport tensorflow as tf")
    head = head.replace("tf.zeros([3, 1])", "np.random.randn(3, 1).astype(np.float32)")
    text = converted(RUN + "sess.run(tf.global_variables_initializer())\nprint(sess.run(w))\n", head)
    assert "\nw_at_first = w.numpy()\n" in text
    assert "    w.assign(w_at_first)\n" in text


def test_initializers_in_functions_that_are_called_twice_begin_anew():
    text = converted(
        "def start(sess):\n    sess.run(tf.global_variables_initializer())\n    print(sess.run(w))\n\n\n"
        "sess = tf.Session()\nstart(sess)\nprint(sess.run([train, loss], {x: [[1.0, 2.0, 3.0]]})[1])\nstart(sess)\n"
    )
    assert "    initialize_variables()\n" in text


@pytest.mark.parametrize(
    "body, why",
    [
        ("saver = tf.train.Saver()\n" + RUN + "saver.export_meta_graph('a')\n", "export_meta_graph of a saver has no conversion"),
        ("saver = tf.train.Saver()\n" + RUN + "saver.save(sess, 'a', latest_filename='b')\n", "latest_filename of a saver has no conversion"),
        ("saver = tf.train.Saver(sharded=True)\n" + RUN + "saver.save(sess, 'a')\n", "sharded of a saver has no conversion"),
        ("saver = tf.train.Saver()\n" + RUN + "print(open('a.meta'))\n", "a file with the graph is used, which TF2 does not write"),
        ("for i in open('a'):\n    saver = tf.train.Saver()\n" + RUN, "a saver is made in a loop or under a condition"),
        ("saver = tf.train.import_meta_graph('a.meta')\n" + RUN, "tf.train.import_meta_graph has no conversion"),
        (
            "saver = tf.train.Saver()\n\n\ndef keep(saver, sess):\n    saver.save(sess, 'a')\n\n\n" + RUN + "keep(saver, sess)\n",
            "what saves here is not known",
        ),
    ],
)
def test_what_is_refused(body, why):
    assert reason(body) == why


def test_seeds_are_not_drawn_again():
    head = SGD.replace("tf.zeros([3, 1])", "tf.random_normal([3, 1], seed=1)")
    body = RUN + "sess.run(tf.global_variables_initializer())\nprint(sess.run(w))\n"
    assert reason(body, head) == "variables are initialised more than once, by random numbers of a seed"


def test_layers_are_named_in_the_order_of_tf1_where_a_loop_makes_some():
    layers = "for units in SIZES:\n    net = tf.layers.dense(net, units)\nlast = tf.layers.dense(net, 1)\n"
    run = RUN.replace("[train, loss]", "[last, last]")
    before = "SIZES = [4, 4]\nnet = x\n" + layers
    assert "last_layer = tf.keras.layers.Dense(1)\n" in converted(before + run)
    text = converted(before + "saver = tf.train.Saver()\n" + run + 'saver.save(sess, "net")\n')
    assert 'state.new("dense", lambda name: tf.keras.layers.Dense(1, name=name), net)' in text


def test_metrics_are_reset_where_local_variables_are_initialised_again():
    body = (
        "value, update = tf.metrics.mean(loss)\nother, _ = tf.metrics.mean(2 * loss)\nsess = tf.Session()\n"
        "sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])\n"
        "for _ in range(2):\n    sess.run(tf.local_variables_initializer())\n"
        "    sess.run(update, {x: [[1.0, 2.0, 3.0]]})\n    print(sess.run([value, other]))\n"
    )
    text = converted(body)
    assert text.count("value_metric.reset()") == text.count("other_metric.reset()") == 1
