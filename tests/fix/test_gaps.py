"""What stands between the arguments of a template: no blank is doubled, none is lost."""

from __future__ import annotations

import pytest

from flake8_tf2.fix.apply import fix_source
from flake8_tf2.options import Options

CASES = {
    "keyword behind a comma": (
        "tf.sparse_to_dense(i, [5], v)",
        "tf.raw_ops.SparseToDense(sparse_indices=i, output_shape=[5], sparse_values=v, default_value=0)",
    ),
    "keyword at a line's beginning": (
        "tf.sparse_to_dense(i,\n   [5], v)",
        "tf.raw_ops.SparseToDense(sparse_indices=i,\n   output_shape=[5], sparse_values=v, default_value=0)",
    ),
    "a string written twice": (
        'tf.train.checkpoint_exists("a")',
        'bool(tf.io.gfile.glob(["a" + ".index", "a"]))',
    ),
}


@pytest.mark.parametrize(("before", "after"), CASES.values(), ids=CASES)
def test_gap(before, after):
    fixed = fix_source(f"import tensorflow as tf\nx = {before}\n", "case.py", Options(), unsafe=False).source
    assert fixed == f"import tensorflow as tf\nx = {after}\n"
