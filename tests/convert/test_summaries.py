"""Summaries become values by tag that a step returns, and that a writer writes."""

import pytest

from flake8_tf2.convert.program import convert_source
from flake8_tf2.convert.source import Stuck
from flake8_tf2.convert.summaries import with_summaries
from flake8_tf2.options import Options

HEAD = """import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3])
w = tf.Variable(tf.zeros([3, 1]), name="w")
out = tf.matmul(x, w)
"""


def rewritten(body):
    text, _ = with_summaries(HEAD + body, Options())
    return text.partition("out = tf.matmul(x, w)\n")[2]


def test_a_program_with_a_writer():
    source = HEAD + """loss = tf.reduce_mean(tf.square(out))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
tf.summary.scalar("loss", loss)
merged = tf.summary.merge_all()

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    writer = tf.summary.FileWriter("logs", sess.graph)
    for step in range(3):
        _, summary = sess.run([train, merged], feed_dict={x: [[1.0, 2.0, 3.0]]})
        writer.add_summary(summary, step)
    writer.close()
"""
    converted = convert_source(source)
    assert not converted.reason
    assert converted.source.endswith('''

@tf.function(input_signature=[tf.TensorSpec([None, 3], tf.float32)])
def train_step(x):
    with tf.GradientTape() as tape:
        out = tf.matmul(x, w)
        loss = tf.reduce_mean(tf.square(out))
        merged = dict(scalar={'loss': loss})
    variables = tape.watched_variables()
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return merged


writer = tf.summary.create_file_writer("logs")
with writer.as_default():
    tf.summary.graph(train_step.get_concrete_function().graph)
for step in range(3):
    summary = tf.nest.map_structure(lambda value: value.numpy(), train_step(x=[[1.0, 2.0, 3.0]]))
    write_summaries(writer, summary, step)
writer.close()
''')


@pytest.mark.parametrize(
    "body, tags",
    [
        ('tf.summary.scalar("loss", out)', ["loss"]),
        ('with tf.name_scope("loss"):\n    b = out + 1\ntf.summary.scalar("loss", out)', ["loss_1"]),
        ('with tf.name_scope("loss"):\n    tf.summary.scalar("loss", out)', ["loss/loss"]),
        ('tf.summary.scalar("a", out)\ntf.summary.scalar("A", out)', ["a", "A_1"]),
        ('tf.summary.scalar("w:0", out)', ["w_0"]),
        ('tf.summary.histogram("w", w)', ["w_1"]),
        ('m = tf.reduce_mean(out)\ntf.summary.scalar("mean", m)', ["mean_1"]),
        ('with tf.variable_scope("s"):\n    pass\nwith tf.variable_scope("s"):\n    tf.summary.scalar("a", out)', ["s_1/a"]),
        ('def f(n):\n    with tf.name_scope(n):\n        tf.summary.scalar("a", out)\nf("one")\nf("two")', ["one/a", "two/a"]),
        ('tf.summary.image("i", out)\ntf.summary.image("j", out, max_outputs=1)', ["i/image/", "j/image"]),
    ],
)
def test_tags_are_those_of_tf1(body, tags):
    line = rewritten(body + "\nmerged = tf.summary.merge_all()\n").partition("merged = ")[2]
    for tag in tags:
        assert f"{tag!r}: " in line
    assert line.count(": ") == len(tags)


def test_variables_are_read_when_they_are_summarised():
    assert "= tf.identity(w)\n" in rewritten('tf.summary.histogram("weights", w)\nmerged = tf.summary.merge_all()\n')


def test_a_loop_over_variables_collects_by_name():
    text = rewritten(
        "for v in tf.trainable_variables():\n"
        "    tf.summary.histogram(v.op.name + '/values', v)\n"
        "merged = tf.summary.merge_all()\n"
    )
    assert text == (
        "values_histograms = {}\n"
        "variables = tf.trainable_variables()\n"
        "for v in variables:\n"
        "    values_histograms[v.name[:-2] + '/values'] = tf.identity(v)\n"
        "merged = dict(histogram={**values_histograms})\n"
    )


def test_a_summary_of_python_values():
    text = rewritten(
        "writer = tf.summary.FileWriter('logs')\n"
        "s = tf.Summary(value=[tf.Summary.Value(tag='a', simple_value=1.0)])\n"
        "s.value.add(tag='b', simple_value=2.0)\n"
        "writer.add_summary(s, global_step=7)\n"
    )
    assert text == (
        "writer = tf.summary.create_file_writer('logs')\n"
        "s = dict(scalar={'a': 1.0})\n"
        's["scalar"][\'b\'] = 2.0\n'
        "write_summaries(writer, s, 7)\n"
    )


@pytest.mark.parametrize(
    "body, reason",
    [
        ('tf.summary.scalar(str(1), out)', "the tag of a summary is not known"),
        ('tf.summary.scalar("add", out)', "the tag add depends on names of ops that are not known"),
        ('b = tf.nn.l2_loss(out)\ntf.summary.scalar("l2_loss", b)', "the tag l2_loss depends on names of ops that are not known"),
        ('for i in range(2):\n    tf.summary.scalar("a", out)', "the tag of a summary is not known"),
        ('if out is None:\n    tf.summary.scalar("a", out)', "a summary in a loop or under a condition"),
        ('tf.summary.audio("a", out, 1000)', "tf.summary.audio has no conversion"),
        ('tf.summary.scalar("a", out, family="f")', "family of a summary has no conversion"),
        ('s = tf.summary.merge(tf.get_collection("mine"))', "what is merged is not known"),
        ('tf.summary.FileWriter("a").add_run_metadata(out, "b")', "add_run_metadata of a writer has no conversion"),
        ('def f():\n    tf.summary.scalar("a", out)\n    return out\nb = [f(), f()]', "summaries are made in several functions"),
    ],
)
def test_what_is_refused(body, reason):
    with pytest.raises(Stuck) as stuck:
        rewritten('tf.summary.scalar("first", out)\n' + body + "\n")
    assert stuck.value.reason == reason
