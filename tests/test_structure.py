"""Rules of structure see the shape of the code, whatever stands between its parts."""

from __future__ import annotations

import pytest

from flake8_tf2.lint import lint

HEAD = 'import tensorflow as tf\nmodel = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(3,))])\n'


@pytest.mark.parametrize(
    "call",
    [
        'model.save_weights("best")',
        'model.save_weights(  # here\n    "best",  # (the best\n    overwrite=True)',
        'model.save_weights( \\\n    "best", \\\n    overwrite=True)',
        'model.save_weights(filepath  # here\n    ="best")',
        'done = 1 + \\\n    (model.save_weights("best") or 0)  # )',
    ],
)
def test_comments_and_continued_lines_hide_nothing(call):
    assert [f.code for f in lint(HEAD + call + "\n")] == ["TF764"]


def test_a_hash_in_a_string_is_no_comment():
    assert [f.code for f in lint(HEAD + 'model.save_weights("best#1")\n')] == ["TF764"]
