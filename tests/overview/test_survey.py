"""What the report has of a file: what ends each finding is what the commands do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flake8_tf2 import cli, settings
from flake8_tf2.overview.survey import Hunk, shown, survey_file

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "docs" / "examples").rglob("*.py"))


def survey(tmp_path, source: str | bytes, name: str = "a.py"):
    path = tmp_path / name
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return survey_file(str(path), settings.read(["--isolated"]))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_is_left_is_what_the_commands_leave(path, tmp_path, capsys):
    """Each remedy against the command that gives it, run on copies of the file."""
    found = survey(tmp_path, path.read_bytes(), path.name).findings
    left = [f.remedy for f in found]
    for options, ended in ((["--check"], {"safe"}), (["--check", "--unsafe"], {"safe", "unsafe"})):
        cli.main(["fix", "--isolated", "--format=json", *options, str(tmp_path / path.name)])
        objects = json.loads(capsys.readouterr().out)
        assert sum(len(o["left"]) for o in objects) == sum(remedy not in ended for remedy in left)


def test_a_program_that_converts_leaves_nothing(tmp_path):
    source = (
        "import tensorflow as tf\nx = tf.placeholder(tf.float32, [None])\ny = tf.log(x)\n"
        "with tf.Session() as sess:\n    print(sess.run(y, feed_dict={x: [1.0]}))\n"
    )
    file = survey(tmp_path, source)
    assert {f.remedy for f in file.findings} == {"safe", "program"}
    assert "-with tf.Session() as sess:" in file.program.splitlines()
    assert not file.stuck


def test_a_program_that_does_not_convert_says_why(tmp_path):
    source = (
        "import tensorflow as tf\nx = tf.placeholder(tf.float32, [None])\nsess = tf.Session()\n"
        "print(sess.run(x, feed_dict=make(sess.graph)))\n"
    )
    file = survey(tmp_path, source)
    assert file.stuck and not file.program
    assert {f.remedy for f in file.findings} == {"manual"}


@pytest.mark.parametrize("source, place, line, hunks", [
    ("import tensorflow as tf\nif a:\n\ty = tf.log(x)\n", "3:6", "\ty = tf.log(x)",
     [Hunk(["\ty = tf.log(x)"], ["\ty = tf.math.log(x)"])]),
    ("import tensorflow as tf\r\ny = tf.to_float(\r\n    x)\r\n", "2:5", "y = tf.to_float(",
     [Hunk(["y = tf.to_float(", "    x)"], ["y = tf.cast(", "    x, tf.float32)"])]),
    ("\ufeffimport tensorflow as tf; y = tf.log(x)", "1:30", "import tensorflow as tf; y = tf.log(x)",
     [Hunk(["import tensorflow as tf; y = tf.log(x)"], ["import tensorflow as tf; y = tf.math.log(x)"])]),
])  # fmt: skip
def test_lines_and_diffs(tmp_path, source, place, line, hunks):
    (finding,) = survey(tmp_path, source).findings
    assert (finding.place, finding.line, finding.hunks) == (place, line, hunks)


def test_an_import_that_a_fix_adds_is_a_part_of_its_diff(tmp_path):
    source = "import tensorflow as tf\n\n\ntf.logging.info('a')\n"
    (finding,) = survey(tmp_path, source).findings
    added, changed = finding.hunks
    assert added == Hunk([], ["from absl import logging"])
    assert changed == Hunk(["tf.logging.info('a')"], ["logging.info('a')"])


def test_lines_without_tensorflow_count(tmp_path):
    assert survey(tmp_path, "x = 1\ny = 2").lines == 2
    assert survey(tmp_path, "").lines == 0


def test_a_file_that_is_no_text(tmp_path):
    file = survey(tmp_path, b"import tensorflow as tf  # caf\xe9\n")
    assert [f.remedy for f in file.findings] == ["manual"]
    assert survey_file(str(tmp_path / "none.py"), settings.read(["--isolated"])).error == "No such file or directory"


def test_what_cannot_be_seen_is_written_out():
    assert shown("a\x1b\u202eb\udcff\tc é 漢") == "a\\u001b\\u202eb\\udcff\tc é 漢"
