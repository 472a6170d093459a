"""What written functions share becomes a function of its own, and nothing else changes."""

from __future__ import annotations

from flake8_tf2.convert.shared import factored

BOTH = """\
@tf.function
def predict(x):
    # the layers
    h = hidden(x)
    h = tf.nn.relu(h)
    y = out(h)
    return y


@tf.function
def train_step(x, t):
    with tf.GradientTape() as tape:
        h = hidden(x)
        h = tf.nn.relu(h)
        y = out(h)
        loss = tf.reduce_mean(tf.square(y - t))
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss
"""


def test_a_common_beginning_is_a_function():
    assert factored(BOTH, {"predict", "train_step"}) == """\
def forward(x):
    # the layers
    h = hidden(x)
    h = tf.nn.relu(h)
    y = out(h)
    return y


@tf.function
def predict(x):
    return forward(x)


@tf.function
def train_step(x, t):
    with tf.GradientTape() as tape:
        y = forward(x)
        loss = tf.reduce_mean(tf.square(y - t))
    gradients = tape.gradient(loss, variables)
    optimizer.apply_gradients(zip(gradients, variables))
    return loss
"""


def test_only_what_was_written_is_changed():
    assert factored(BOTH, {"predict"}) == BOTH


def test_a_result_that_one_does_not_need_is_no_name_there():
    other = BOTH.replace("    loss = tf", "    loss = tf.reduce_sum(h) + tf")
    text = factored(other, {"predict", "train_step"})
    assert "    return h, y\n" in text
    assert "    _, y = forward(x)\n    return y\n" in text
    assert "        h, y = forward(x)\n" in text


def test_what_begins_otherwise_stays():
    other = BOTH.replace("        h = hidden(x)", "        h = hidden(x, training=True)")
    assert factored(other, {"predict", "train_step"}) == other


def test_a_parameter_that_both_cast_is_cast_where_it_was():
    def cast(name):
        return f"def {name}(x, t):\n    x = tf.cast(x, tf.float32)\n"

    both = BOTH.replace("def predict(x):\n", cast("predict")).replace("def train_step(x, t):\n", cast("train_step"))
    text = factored(both, {"predict", "train_step"})
    assert text.count("x = tf.cast(x, tf.float32)\n") == 2 and "y = forward(x)\n" in text


def test_a_name_that_is_taken_is_not_taken_again():
    assert "def forward_2(x):" in factored("forward = 1\n\n\n" + BOTH, {"predict", "train_step"})


def test_functions_that_share_twice_have_two():
    third = BOTH + """\


@tf.function
def evaluate(x, t):
    h = hidden(x)
    h = tf.nn.relu(h)
    y = out(h)
    loss = tf.reduce_mean(tf.square(y - t))
    error = tf.abs(y - t)
    return loss, error
"""
    text = factored(third, {"predict", "train_step", "evaluate"})
    assert text.count("forward(x)") == 4 and text.count("hidden(x)") == 1


def test_what_stands_before_the_tape_is_no_part_of_it():
    both = BOTH.replace("    # the layers\n", "    clear()\n").replace("    with tf.Grad", "    clear()\n    with tf.Grad")
    assert factored(both, {"predict", "train_step"}) == both


def test_the_tape_is_not_handed_on():
    both = BOTH.replace("        h = tf.nn.relu(h)", "        tape.watch(h)\n        h = tf.nn.relu(h)")
    assert factored(both, {"predict", "train_step"}) == both
