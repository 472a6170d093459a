"""The data files of the symbol table: their format, and some symbols that everybody knows.

No TensorFlow is needed; tests/tf2/test_symbol_table_installed.py compares with an installed one.
"""

import json
import os

import pytest

DATA = os.path.join(os.path.dirname(__file__), "..", "..", "flake8_tf2", "names", "data")

#: The keys of each file, in the order in which a line has them.
KEYS = {
    "symbols.jsonl": ["name", "kind", "class", "target", "alias", "tf1", "tf2", "params", "v1", "range"],
    "tf2.jsonl": ["name", "kind", "range", "unofficial", "sig"],
    "members.jsonl": ["name", "bases", "members", "gone"],
    "tf2_members.jsonl": ["name", "of", "members"],
    "private.jsonl": ["module", "tf2", "names", "missing"],
}

#: Signatures may be empty, and a class may have no member of its own: that is said, not left out.
MAY_BE_EMPTY = {"tf1", "tf2", "sig"}


def text(filename):
    """One data file."""
    with open(os.path.join(DATA, filename), encoding="utf-8", newline="") as handle:
        return handle.read()


def rows(filename):
    """The lines of one data file."""
    return [json.loads(line) for line in text(filename).splitlines()]


@pytest.fixture(scope="module")
def symbols():
    """{name: line} of symbols.jsonl."""
    return {row["name"]: row for row in rows("symbols.jsonl")}


@pytest.fixture(scope="module")
def tf2():
    """{name: line} of tf2.jsonl."""
    return {row["name"]: row for row in rows("tf2.jsonl")}


@pytest.fixture(scope="module")
def members():
    """{name: line} of members.jsonl."""
    return {row["name"]: row for row in rows("members.jsonl")}


@pytest.mark.parametrize("filename", sorted(KEYS))
def test_format(filename):
    content = text(filename)
    assert content.endswith("\n") and "\r" not in content
    names = []
    for line in content.splitlines():
        row = json.loads(line)
        assert line == json.dumps(row, separators=(",", ":"))
        order = [key for key in KEYS[filename] if key in row]
        assert list(row) == order, line
        assert all(value not in (None, [], {}, "") or key in MAY_BE_EMPTY for key, value in row.items()), line
        names.append(row[KEYS[filename][0]])
    assert names == sorted(set(names))


@pytest.mark.parametrize("filename, limit", [("tf2_members.jsonl", 600), ("private.jsonl", 700)])
def test_size(filename, limit):
    assert len(text(filename)) < limit * 1024


def test_values(symbols, tf2):
    for row in symbols.values():
        assert row["name"] == "tf" or row["name"].startswith("tf.")
        assert not row["name"].startswith(("tf.compat.v1", "tf.compat.v2"))
        assert row["kind"] in ("module", "class", "function", "constant")
        assert row["class"] in ("same", "renamed", "signature", "other", "compat", "gone")
        assert ("target" in row) == (row["class"] == "renamed")
        assert ("tf1" in row) == (row["kind"] in ("class", "function"))
        assert row.get("v1") in (None, False)
        assert "params" not in row or "tf2" in row
        assert row["class"] != "compat" or "v1" not in row
    for row in tf2.values():
        assert row["kind"] in ("module", "class", "function", "constant")
        assert row.get("range") in (None, "<2.21", ">2.16")


def test_targets_and_aliases_exist(symbols, tf2):
    for row in symbols.values():
        if "target" in row:
            assert row["target"] in tf2, row
            assert not row["target"].startswith("tf.compat.v1"), row
        if "alias" in row:
            other = symbols[row["alias"]]
            assert "alias" not in other, row
            assert other["kind"] == row["kind"], row


def test_native_classes_are_in_tf2(symbols, tf2):
    for name, row in symbols.items():
        native = name in tf2 and "unofficial" not in tf2[name] and tf2[name].get("range") != "<2.21"
        assert native == (row["class"] in ("same", "signature", "other")), row


def test_every_native_callable_has_a_signature_somewhere(symbols, tf2):
    for name, row in tf2.items():
        if row["kind"] in ("class", "function"):
            told = (
                name in symbols and "tf1" in symbols[name] and symbols[name]["class"] in ("same", "signature", "other")
            )
            assert told != ("sig" in row), row


def test_params_speak_of_parameters(symbols):
    for row in symbols.values():
        params = row.get("params", {})
        for key in ("renamed", "removed", "moved", "defaults"):
            assert all(is_parameter(name, row["tf1"]) for name in params.get(key, ())), row
        new = list(params.get("added", ())) + list(params.get("renamed", {}).values())
        assert all(is_parameter(name, row["tf2"]) for name in new), row


def is_parameter(name, signature):
    """Does a signature have this parameter?"""
    return any(part.split("=")[0].strip() == name for part in signature.split(","))


@pytest.mark.parametrize(
    "old, new",
    [
        ("tf.log", "tf.math.log"),
        ("tf.random_normal", "tf.random.normal"),
        ("tf.gfile.GFile", "tf.io.gfile.GFile"),
        ("tf.python_io.TFRecordWriter", "tf.io.TFRecordWriter"),
        ("tf.matrix_inverse", "tf.linalg.inv"),
        ("tf.VERSION", "tf.version.VERSION"),
    ],
)
def test_renamed(symbols, old, new):
    assert (symbols[old]["class"], symbols[old]["target"]) == ("renamed", new)


@pytest.mark.parametrize(
    "name, group",
    [
        ("tf.placeholder", "compat"),
        ("tf.Session", "compat"),
        ("tf.to_float", "compat"),
        ("tf.train.Saver", "compat"),
        ("tf.estimator.Estimator", "gone"),
        ("tf.layers.dense", "gone"),
        ("tf.nn.rnn_cell.LSTMCell", "gone"),
        ("tf.float32", "same"),
        ("tf.concat", "same"),
        ("tf.newaxis", "same"),
        ("tf.math", "same"),
        ("tf.reduce_sum", "signature"),
        ("tf.nn.dropout", "signature"),
        ("tf.keras.layers.Dense", "signature"),
        ("tf.summary.scalar", "signature"),
        ("tf.app", "compat"),
        ("tf.contrib", "gone"),
    ],
)
def test_class(symbols, name, group):
    assert symbols[name]["class"] == group


def test_contrib_is_gone(symbols):
    contrib = [row for name, row in symbols.items() if name.startswith("tf.contrib")]
    assert len(contrib) > 2500
    assert {(row["class"], row.get("v1")) for row in contrib} == {("gone", False)}
    assert symbols["tf.estimator.Estimator"]["v1"] is False


def test_params_of_reductions(symbols):
    for name in ("tf.reduce_sum", "tf.reduce_mean", "tf.math.reduce_max"):
        assert symbols[name]["params"]["renamed"] == {"reduction_indices": "axis", "keep_dims": "keepdims"}
    assert symbols["tf.argmax"]["params"]["renamed"] == {"dimension": "axis"}
    assert "output_type" in symbols["tf.argmax"]["params"]["moved"]


def test_another_meaning_is_no_renaming(symbols):
    # rate is 1 - keep_prob; the collections of TF1's summaries are not the step of TF2's.
    assert symbols["tf.nn.dropout"]["params"]["removed"] == ["keep_prob"]
    assert "renamed" not in symbols["tf.nn.dropout"]["params"]
    assert symbols["tf.summary.scalar"]["params"]["renamed"] == {"tensor": "data"}


@pytest.mark.parametrize(
    "name, canonical",
    [
        ("tf.contrib.slim.conv2d", "tf.contrib.layers.conv2d"),
        ("tf.contrib.rnn.LSTMCell", "tf.nn.rnn_cell.LSTMCell"),
        ("tf.contrib.slim.arg_scope", "tf.contrib.framework.arg_scope"),
        ("tf.contrib.framework.nest.flatten", "tf.nest.flatten"),
        ("tf.half", "tf.float16"),
    ],
)
def test_alias(symbols, name, canonical):
    assert symbols[name]["alias"] == canonical


def test_plain_constants_have_no_alias(symbols):
    assert "alias" not in symbols["tf.VERSION"]
    assert "alias" not in symbols["tf.newaxis"]


def test_no_leaks(symbols):
    for leak in (
        "tf.absolute_import",
        "tf.print_function",
        "tf.contrib.slim.math_ops",
        "tf.contrib.slim.six",
        "tf.contrib.layers.python.layers.utils.OrderedDict",
    ):
        assert leak not in symbols


def test_names_real_code_writes(symbols):
    for name in (
        "tf.contrib.layers.python.layers.utils.collect_named_outputs",
        "tf.contrib.slim.nets.vgg.vgg_16",
        "tf.contrib.learn.preprocessing.VocabularyProcessor",
        "tf.contrib.training.HParams",
        "tf.contrib.slim.losses.softmax_cross_entropy",
        "tf.contrib.tensorboard.plugins.projector.visualize_embeddings",
        "tf.pywrap_tensorflow.NewCheckpointReader",
        "tf.flags.DEFINE_string",
        "tf.app.flags.FLAGS",
        "tf.__version__",
    ):
        assert name in symbols


def test_unofficial_names(tf2):
    assert tf2["tf.__path__"]["unofficial"] is True
    assert tf2["tf.tools"]["unofficial"] is True
    assert "unofficial" not in tf2["tf.__version__"]
    assert "unofficial" not in tf2["tf.experimental"]
    assert "tf.python" not in tf2


def test_members(members):
    assert members["tf.Session"]["members"]["run"] == "fetches, feed_dict=None, options=None, run_metadata=None"
    assert "UPDATE_OPS" in members["tf.GraphKeys"]["members"]
    assert "gpu_options" in members["tf.ConfigProto"]["members"]
    assert "TRAIN" in members["tf.estimator.ModeKeys"]["members"]
    assert "make_one_shot_iterator" in members["tf.data.Dataset"]["gone"]
    assert "minimize" in members["tf.train.Optimizer"]["members"]
    assert "minimize" not in members["tf.train.AdamOptimizer"].get("members", {})
    assert members["tf.train.AdamOptimizer"]["bases"][0] == "tf.train.Optimizer"


def test_tf2_members():
    lines = {row["name"]: row for row in rows("tf2_members.jsonl")}
    for row in lines.values():
        assert "of" not in row or row["of"] in lines, row
        seen = set()
        while "of" in row:
            assert row["name"] not in seen
            seen.add(row["name"])
            row = lines[row["of"]]
    assert lines["tf.float32"]["of"] in ("tf.DType", "tf.dtypes.DType")


def test_private_modules(symbols):
    lines = {row["module"]: row for row in rows("private.jsonl")}
    for row in lines.values():
        assert set(row.get("names", {}).values()) <= set(symbols), row
        assert set(row.get("missing", ())) <= set(row.get("names", {})), row
    assert lines["tensorflow.python.ops.rnn_cell"]["names"]["LSTMCell"] == "tf.nn.rnn_cell.LSTMCell"
    assert lines["tensorflow.python.framework.ops"]["names"]["Graph"] == "tf.Graph"
    assert lines["tensorflow.python.ops.array_ops"]["names"]["concat"] == "tf.concat"
    assert "xavier_initializer" in lines["tensorflow.contrib.layers.python.layers.initializers"]["names"]
    assert "tf2" not in lines["tensorflow.contrib.layers.python.layers.initializers"]
    assert lines["tensorflow.python.framework.ops"]["tf2"] is True
