"""The command `flake8-tf2 prove`."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import pytest

from flake8_tf2.cli import main
from tests.prove import pairs

needs_tensorflow = pytest.mark.skipif(not importlib.util.find_spec("tensorflow"), reason="TensorFlow is not installed")


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text("print('a')\n")
    return str(path)


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["{p}"], "two programs are needed"),
        (["{p}", "{p}", "{p}"], "two programs are needed"),
        (["{p}", "missing.py"], "missing.py: there is no such file"),
        (["{p}", "{p}", "--fix"], "give BEFORE alone"),
        (["{p}", "{p}", "--unsafe"], "--unsafe and --program say what --fix does"),
        (["{p}", "{p}", "--program"], "--unsafe and --program say what --fix does"),
        (["{p}", "--fix", "--jit"], "they need --program"),
        (["{p}", "--record", "a", "--recorded", "b"], "exclude each other"),
        (["{p}", "--recorded", "{p}"], "flake8-tf2: "),
        (["{p}", "--recorded", "missing.json"], "missing.json"),
        (["{p}", "{p}", "--rtol", "-1"], "cannot be negative"),
        (["{p}", "{p}", "--rtol", "0"], "lets nothing agree"),
        (["{p}", "{p}", "--timeout", "0"], "more than 0"),
        (["{p}", "{p}", "--tf1-python", "missing"], "there is no such program"),
        (["{p}", "{p}", "--cwd", "{p}"], "it is no folder"),
        (["{p}", "{p}", "--path", "missing"], "missing: there is no such file"),
    ],
)
def test_wrong_usage(program, capsys, arguments, said):
    assert main(["prove", *(argument.format(p=program) for argument in arguments)]) == 2
    assert said in capsys.readouterr().err


def test_unknown_options(program):
    with pytest.raises(SystemExit) as error:
        main(["prove", program, program, "--format", "xml"])
    assert error.value.code == 2


def test_without_numpy(program):
    start = "import sys; sys.modules['numpy'] = None; from flake8_tf2 import cli; sys.exit(cli.main(sys.argv[1:]))"
    command = [sys.executable, "-c", start, "prove", program, program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("flake8-tf2: ") and "pip install 'flake8-tf2[prove]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interpreter_without_tensorflow(program, capsys, tmp_path):
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\nexec {sys.executable} -S -E -I \"$@\"\n")
    python.chmod(0o755)
    assert main(["prove", program, program, "--tf1-python", str(python), "--tf2-python", str(python)]) == 2
    told = capsys.readouterr().err
    assert "No module named" in told and "an interpreter that has TensorFlow 1.15 and numpy with --tf1-python" in told


@needs_tensorflow
class TestRecorded:
    def prove(self, capsys, *arguments):
        status = main(["prove", *arguments])
        return status, capsys.readouterr().out

    def test_json(self, capsys):
        after = pairs.job("print_format", "after").program
        status, out = self.prove(capsys, after, "--recorded", pairs.recorded("print_format"), "--format", "json")
        found = json.loads(out)
        assert (status, found["verdict"]) == (1, "different")
        assert found["reference"] == "TensorFlow 1.15.5"
        assert found["differences"][0] == {
            "kind": "printed", "where": "line 1", "before": "square of 0 is 0.0", "after": "square of 0 = 0.0",
            "excess": None,
        }  # fmt: skip

    def test_tolerance(self, capsys):
        names = (pairs.job("adam_epsilon", which).program for which in ("before", "after"))
        arguments = [*names, "--recorded", pairs.recorded("adam_epsilon"), "--rtol", "0.2", "--atol", "0.01"]
        assert self.prove(capsys, *arguments)[0] == 0

    def test_a_recording_of_another_program(self, capsys):
        before, after = (pairs.job("chaotic", which).program for which in ("before", "after"))
        assert main(["prove", before, after, "--recorded", pairs.recorded("mlp")]) == 2
        assert "of another program" in capsys.readouterr().err

    def test_other_randomness(self, capsys):
        after = pairs.job("draws", "after").program
        assert main(["prove", after, "--recorded", pairs.recorded("draws"), "--randomness", "own"]) == 2
        assert "--randomness alike" in capsys.readouterr().err


BEFORE = """\
import subprocess
import sys
import helper
import tensorflow as tf
x = tf.placeholder(tf.float32, [])
with tf.Session() as sess:
    print(sys.argv[1:], open("given.txt").read(), helper.NAME, sess.run(tf.log(x), {x: 2.0}))
with open("written.txt", "w") as file:
    file.write("1.5\\n")
"""
AFTER = """\
import subprocess
import sys
import helper
import tensorflow as tf
print(sys.argv[1:], open("given.txt").read(), helper.NAME, tf.math.log(2.0).numpy())
with open("written.txt", "w") as file:
    file.write("1.5\\n")
"""


TRAINING = """\
import tensorflow as tf
x = tf.placeholder(tf.float32, [None])
w = tf.Variable(2.0, name="w")
loss = tf.reduce_mean(tf.square(w * x - 1.0))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(3):
        data = [1.0, 2.0, float(step)]
        _, value = sess.run([train, loss], {x: data})
        print(value)
"""


@needs_tensorflow
class TestWithTensorFlow2InPlaceOf1:
    @pytest.fixture
    def folder(self, tmp_path):
        (tmp_path / "given").mkdir()
        (tmp_path / "given" / "given.txt").write_text("some data")
        (tmp_path / "lib").mkdir()
        (tmp_path / "lib" / "helper.py").write_text("NAME = 'helper'\n")
        (tmp_path / "before.py").write_text(BEFORE)
        (tmp_path / "after.py").write_text(AFTER)
        return tmp_path

    def test_arguments_folder_and_paths(self, folder, capsys):
        shared = ["--cwd", str(folder / "given"), "--path", str(folder / "lib"), "--args", "-v", "--steps=3"]
        assert main(["prove", str(folder / "before.py"), str(folder / "after.py"), *shared]) == 0
        out = capsys.readouterr().out
        assert "tf.compat.v1 of TensorFlow 2." in out and "TF1 itself was not there" in out
        assert "fetched: 1 of 1 values" in out and "files: 1 of 1" in out
        assert [path.name for path in (folder / "given").iterdir()] == ["given.txt"]

    def test_fix(self, tmp_path, capsys):
        path = tmp_path / "before.py"
        path.write_text("import tensorflow as tf\nprint(tf.string_split)\n")
        assert main(["prove", str(path), "--fix"]) in (1, 3)
        assert "fix left 1 findings, the first at line 2" in capsys.readouterr().out

    @pytest.mark.parametrize("options", [[], ["--exact"]])
    def test_fix_of_a_whole_program(self, tmp_path, capsys, options):
        path = tmp_path / "before.py"
        path.write_text(TRAINING)
        assert main(["prove", str(path), "--fix", "--program", *options]) == 0
        out = capsys.readouterr().out
        assert "fetched: 3 of 3 values" in out and "variables: 1 of 1" in out

    def test_a_program_that_is_not_converted(self, tmp_path, capsys):
        path = tmp_path / "before.py"
        path.write_text(TRAINING.replace("sess.run([train", "sess.partial_run([train"))
        assert main(["prove", str(path), "--fix", "--program"]) == 3
        assert "before.py:10 is not converted: " in capsys.readouterr().out

    def test_record(self, folder, capsys):
        recording = str(folder / "recorded.json.gz")
        shared = ["--cwd", str(folder / "given"), "--path", str(folder / "lib")]
        assert main(["prove", str(folder / "before.py"), "--record", recording, *shared]) == 0
        assert "1 fetches, 0 variables, 1 files" in capsys.readouterr().out
        assert main(["prove", str(folder / "after.py"), "--recorded", recording, *shared]) == 0
        assert main(["prove", *(str(folder / n) for n in ("before.py", "after.py")), "--recorded", recording, *shared]) == 0
        (folder / "given" / "given.txt").write_text("other data")
        assert main(["prove", *(str(folder / n) for n in ("before.py", "after.py")), "--recorded", recording, *shared]) == 2
