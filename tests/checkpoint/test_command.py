"""The command `flake8-tf2 checkpoint`: what it says where it writes nothing, and what it writes."""

from __future__ import annotations

import importlib.util
import json
import shutil

import pytest

from flake8_tf2.checkpoint.command import as_text
from flake8_tf2.checkpoint.convert import Outcome, _place, old_prefix
from flake8_tf2.cli import main
from tests.convert import record

needs_tensorflow = pytest.mark.skipif(not importlib.util.find_spec("tensorflow"), reason="TensorFlow is not installed")
LINES = "checkpoint_optimizers"
#: A converted program, and a checkpoint of what it was.
PROGRAM, OLD = record.entry(LINES, kept=True), record.CHECKPOINTS / LINES / "model" / "lines"
TF1 = """import tensorflow as tf
x = tf.placeholder(tf.float32)
w = tf.Variable(1.0)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(w * x, {x: 1.0}))
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.py").write_text(TF1)
    (tmp_path / "stuck.py").write_text(TF1.replace("w = ", "saver = tf.train.import_meta_graph('m.meta')\nw = "))
    (tmp_path / "tf2.py").write_text("import tensorflow as tf\ncheckpoint = tf.train.Checkpoint(w=tf.Variable(1.0))\n")
    (tmp_path / "user.py").write_text("import net\n")
    (tmp_path / "net.py").write_text(TF1)
    (tmp_path / "empty").mkdir()
    for part in OLD.parent.iterdir():
        shutil.copy(part, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["gone", "new", "--program", "plain.py"], "gone: there is no such checkpoint"),
        (["empty", "new", "--program", "plain.py"], "empty has no file `checkpoint`"),
        (["lines.index", "new", "--program", "plain.py"], "lines.index is one file of a checkpoint: name its prefix, lines"),
        (["lines", "lines", "--program", "plain.py"], "lines: there is a checkpoint already"),
        (["lines", ".", "--program", "plain.py"], "lines: there is a checkpoint already"),
        (["lines", "new", "--program", "gone.py"], "gone.py: "),
        (["lines", "new", "--program", "empty"], "empty is a folder: name the file that is run first"),
        (["lines", "new", "--program", "plain.py"], "plain.py makes no tf.train.Saver"),
        (["lines", "new", "--program", "stuck.py"], "stuck.py:3 is not converted: tf.train.import_meta_graph"),
        (["lines", "new", "--program", "tf2.py"], "tf2.py opens no session, and has no saver that `fix --program` wrote"),
        (["lines", "new", "--program", "user.py"], "user.py imports net.py, which is not among the files of --program"),
        (["lines", "new", "--program", "plain.py", "--timeout", "0"], "--timeout must be more than 0"),
    ],
)
def test_what_is_refused(folder, capsys, arguments, said):
    before = sorted(folder.rglob("*"))
    assert main(["checkpoint", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"flake8-tf2: {said}")
    assert sorted(folder.rglob("*")) == before


def test_the_latest_of_a_folder_is_found_also_where_it_was_moved(folder):
    assert str(old_prefix(".")) == "lines"
    (folder / "checkpoint").write_text('model_checkpoint_path: "/elsewhere/lines"\n')
    assert str(old_prefix(".")) == "lines"


def test_a_checkpoint_is_placed_whole_or_not_at_all(folder):
    made = folder / "empty" / "net"
    for suffix in ("index", "data-00000-of-00001"):
        made.with_name(f"net.{suffix}").write_text(suffix)
    (folder / "new").mkdir()
    (folder / "new" / "checkpoint").mkdir()  # so that it cannot be written
    with pytest.raises(OSError):
        _place(made, folder / "new" / "net")
    assert [path.name for path in (folder / "new").iterdir()] == ["checkpoint"]


def test_the_latest_checkpoint_is_named_and_those_before_are_kept(folder):
    for name in ("net-1", "net-2"):
        (folder / "empty" / f"{name}.index").touch()
        _place(folder / "empty" / name, folder / name)
    assert (folder / "checkpoint").read_text() == (
        'model_checkpoint_path: "net-2"\n'
        + "".join(f'all_model_checkpoint_paths: "{name}"\n' for name in ("lines", "net-1", "net-2"))
    )


def test_the_table():
    rows = [
        [{"tf1": ["w"], "variable": "w", "shape": [3, 1]}, {"tf1": ["b1", "b2"], "variable": "n", "shape": []}],
        [{"tf1": ["u"], "variable": "u", "shape": [2]}],
        [{"tf1": ["v"], "variable": "v", "shape": [2], "tf1_shape": [3]}],
        [{"tf1": ["old"], "shape": [5]}],
    ]
    assert as_text(Outcome(*rows, error="shapes differ"), "OLD", "NEW") == (
        "TensorFlow 1  the program  shape\n"
        "w             w            3x1\n"
        "b1, b2        n            scalar\n"
        "missing: u    u            2\n"
        "v, 3          differs: v   2\n"
        "old           left over    5\n"
    )
    assert as_text(Outcome([], [], [], []), "OLD", "NEW") == "NEW: 0 variables of OLD, nothing left over\n"


@needs_tensorflow
@pytest.mark.parametrize(
    "before, after, status, kinds, said",
    [
        (", optimizer_9]", "]", 1, {"went", "left"}, ""),
        ("line('ftrl')", "line('other')", 2, {"went", "missing", "left"}, "lines does not have all that"),
        ("([1]), name='b'", "([2]), name='b'", 2, {"went", "shapes", "left"}, "adam/b is of shape [2] in"),
        ("saver = Train", "raise OSError('no data')\nsaver = Train", 2, set(), "crashed before save or restore all"),
        ("", "", 0, {"went"}, ""),
    ],
    ids=["left", "missing", "shape", "crash", "all"],
)
def test_what_is_told(folder, capsys, before, after, status, kinds, said):
    source = PROGRAM.read_text("utf-8")
    assert before in source
    (folder / "lines.py").write_text(source.replace(before, after) if before else source)
    assert main(["checkpoint", "lines", "new/net", "--program", "lines.py", "--format", "json"]) == status
    told, failed = capsys.readouterr()
    found = json.loads(told)
    assert {kind for kind in ("went", "missing", "shapes", "left") if found[kind]} == kinds
    assert said in failed and bool(said) == bool(failed)
    assert found["written"] == (folder / "new" / "net.index").exists() == (status < 2)
    if status == 2:
        assert not (folder / "new").exists()
    if before.startswith(", optimizer_9"):
        assert [row["tf1"][0] for row in found["left"]] == [
            f"ftrl/{name}/Ftrl{n}" for name in "bw" for n in ("", "_1")
        ]
