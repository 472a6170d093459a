"""`check` and `fix` of notebook files: places in cells, and nothing changes but the lines of code that do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from flake8_tf2 import cli
from flake8_tf2.files import Unreadable
from flake8_tf2.notebooks.file import NotebookFile
from tests.test_cli import write

IMPORT = "%matplotlib inline\nimport tensorflow as tf"
PYTHON = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
PROGRAM = [
    "!pip install tensorflow==1.15\nimport tensorflow as tf\nimport numpy as np",
    "x = tf.placeholder(tf.float32, [None, 4], name='x')\ny = tf.placeholder(tf.float32, [None, 1])",
    "# the weights\nw = tf.Variable(tf.zeros([4, 1]))\nloss = tf.reduce_mean(tf.square(tf.matmul(x, w) - y))",
    "train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)",
    "%%bash\nls",
    "xs = np.ones([8, 4], np.float32)\nys = np.ones([8, 1], np.float32)\n\n\n\nfiles = !ls",
    "%%time\nwith tf.Session() as sess:\n    sess.run(tf.global_variables_initializer())\n    for i in range(10):\n"
    "        _, l = sess.run([train, loss], feed_dict={x: xs, y: ys})\n        print('é', i, l)",
]


def notebook(*sources: str, metadata: dict = PYTHON, markdown: bool = True) -> dict:
    """A notebook, with a cell of text at its head, and outputs and metadata that must stay."""
    made = nbformat.v4.new_notebook(metadata=metadata)
    if markdown:
        made.cells.append(nbformat.v4.new_markdown_cell("# tf.log(é)"))
    for source in sources:
        outputs = [nbformat.v4.new_output("stream", text="tf.log(é)\n")]
        made.cells.append(nbformat.v4.new_code_cell(source, outputs=outputs, execution_count=7, metadata={"a": 1.0e5}))
    return json.loads(nbformat.writes(made))


def text_of(*sources: str, **options) -> str:
    return json.dumps(notebook(*sources, **options), indent=1, ensure_ascii=False) + "\n"


def sources(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"] if "outputs" in cell]


@pytest.fixture
def command(tmp_path, monkeypatch, capsys):
    """A function that runs the command in a fresh folder and returns (its exit status, output, errors)."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str, files: dict[str, str | bytes] | None = None) -> tuple[int, str, str]:
        write(tmp_path, files or {})
        status = cli.main(list(arguments))
        return status, *capsys.readouterr()

    return run_command


def test_places_are_those_of_cells(command):
    text = text_of(IMPORT, "é = 'é'; y = tf.log(1.0)", "# x\n!ls\nz = tf.placeholder(y.dtype)")
    status, out, _ = command("check", "a.ipynb", files={"a.ipynb": text})
    assert (status, out.splitlines()) == (1, [
        "a.ipynb:cell 3:1:14: TF701 tf.log is now tf.math.log",
        "a.ipynb:cell 4:3:5: TF101 placeholder is gone: make it a parameter of a tf.function, its dtype and shape a tf.TensorSpec",
    ])  # fmt: skip
    first, second = json.loads(command("check", "--format", "json", "a.ipynb")[1])
    assert (first["cell"], first["line"], first["column"], first["end_column"]) == (3, 1, 14, 20)
    assert [(edit["cell"], edit["start"]["line"]) for edit in first["fix"]["edits"]] == [(3, 1)]
    assert (second["cell"], second["line"]) == (4, 3)


def test_an_edit_of_another_cell_says_so(command):
    text = text_of("from tensorflow import log", "y = log(1.0)")
    _, found = json.loads(command("check", "--format", "json", "a.ipynb", files={"a.ipynb": text})[1])
    assert found["cell"] == 3
    assert {edit["cell"] for edit in found["fix"]["edits"]} == {2, 3}


def test_select_and_noqa_hold(command):
    text = text_of(IMPORT, "y = tf.log(1.0)  # noqa: TF701", "z = tf.to_float(y)")
    assert command("check", "a.ipynb", files={"a.ipynb": text})[1].count("TF") == 1
    assert command("check", "--select", "TF701", "a.ipynb")[:2] == (0, "")


CHANGED = ["y = tf.log(1.0)\r\nprint('ü')", "tf.to_float(y)"]
FIXED = ["y = tf.math.log(1.0)\r\nprint('ü')", "tf.cast(y, tf.float32)"]


@pytest.mark.parametrize("indent", [None, 0, 1, 2, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("end", ["\n", "", "\r\n"])
def test_only_changed_lines_differ(command, tmp_path, indent, ascii_only, end):
    data = notebook(IMPORT, *CHANGED)
    data = dict(reversed(data.items()))  # the order of keys is that of the file
    dump = lambda: json.dumps(data, indent=indent, ensure_ascii=ascii_only).replace("\n", end or "\n") + end  # noqa: E731
    before = dump()
    for cell, source in zip(data["cells"][2:], FIXED):
        cell["source"] = source.splitlines(keepends=True)
    assert command("fix", "a.ipynb", files={"a.ipynb": before.encode()})[0] == 0
    assert (tmp_path / "a.ipynb").read_bytes().decode() == dump()


def test_a_source_that_is_one_string_stays_one(command, tmp_path):
    data = notebook(IMPORT, *CHANGED)
    for cell in data["cells"]:
        cell["source"] = "".join(cell["source"])
    assert command("fix", "a.ipynb", files={"a.ipynb": json.dumps(data)})[0] == 0
    assert sources(tmp_path / "a.ipynb") == [IMPORT, *FIXED]


def test_a_notebook_without_findings_is_not_touched(command, tmp_path):
    text = text_of(IMPORT, "y = tf.math.log(1.0)")
    assert command("fix", "a.ipynb", files={"a.ipynb": text})[0] == 0
    assert (tmp_path / "a.ipynb").read_text("utf-8") == text
    assert command("fix", "--diff", "a.ipynb")[1] == ""


def test_standard_input(tmp_path):
    arguments = [sys.executable, "-m", "flake8_tf2.cli", "fix", "--isolated", "--stdin-display-name", "a.ipynb", "-"]
    text = text_of(IMPORT, CHANGED[1])
    done = subprocess.run(arguments, input=text.encode(), capture_output=True, cwd=tmp_path)
    assert (done.returncode, done.stdout.decode()) == (0, text.replace(CHANGED[1], FIXED[1]))


def test_a_program_is_converted_across_cells(command, tmp_path):
    status, out, err = command("fix", "--program", "a.ipynb", files={"a.ipynb": text_of(*PROGRAM)})
    assert (status, err) == (0, ""), out
    install, inputs, weights, step, shell, data, run = sources(tmp_path / "a.ipynb")
    assert [install, shell, data] == [PROGRAM[0], PROGRAM[4], PROGRAM[5]]
    assert (inputs, weights) == ("", "# the weights\nw = tf.Variable(tf.zeros([4, 1]))")
    assert step.startswith("optimizer = tf.keras.optimizers.SGD(0.1)\n\n\n@tf.function") and "def train_step" in step
    assert run.startswith("%%time\nfor i in range(10):\n    l = train_step(") and run.endswith("print('é', i, l)")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("%time sess.run(train)", "sess, train would be gone"),
        ("print 'a'", "it has cells that do not parse"),
        ("with tf.Session() as s:\n    s.run(later)", "cell 9, line 2: what is run here is not known"),
    ],
)
def test_a_program_that_cannot_be_is_not_converted(command, tmp_path, cell, reason):
    text = text_of(*PROGRAM, cell)
    status, out, _ = command("fix", "--program", "a.ipynb", files={"a.ipynb": text})
    assert status == 1 and "the program was not converted: " in out and reason in out
    assert (tmp_path / "a.ipynb").read_text("utf-8") == text


def test_cells_that_do_not_parse_are_told_and_the_others_fixed(command, tmp_path):
    text = text_of(IMPORT, "print 'a'\ntf.log(1.0)", "x = (", "tf.log(1.0)")
    status, out, _ = command("fix", "a.ipynb", files={"a.ipynb": text})
    assert status == 1
    assert "a.ipynb:cell 3:1:1: TF908 Python 2 code, so nothing in the cell was checked" in out
    assert "a.ipynb:cell 4:1:5: TF907 " in out
    assert sources(tmp_path / "a.ipynb") == [IMPORT, "print 'a'\ntf.log(1.0)", "x = (", "tf.math.log(1.0)"]


def test_cells_in_other_languages_are_left_alone(command, tmp_path):
    data = notebook(IMPORT, "select tf.log(1.0)", "tf.log(1.0)")
    data["cells"][2]["metadata"] = {"vscode": {"languageId": "sql"}}
    assert command("fix", "a.ipynb", files={"a.ipynb": json.dumps(data)})[0] == 0
    assert sources(tmp_path / "a.ipynb") == [IMPORT, "select tf.log(1.0)", "tf.math.log(1.0)"]


def broken(**changes) -> str:
    return json.dumps({**notebook(IMPORT, "tf.log(1.0)"), **changes})


R = {"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is no notebook: "),
        ("import tensorflow as tf\ntf.log(1.0)\n", "it is no notebook: "),
        ("[1]", "it does not say which nbformat"),
        (b'{"nbformat": 4, "\xff": 1}', "it is no notebook: "),
        (broken(nbformat=3), "jupyter nbconvert"),
        (broken(cells=[{"cell_type": "code"}]), "it is no valid notebook: "),
        (broken(cells={}), "it is no valid notebook: "),
        (broken(metadata=R), "its language is R, not Python"),
    ],
)
@pytest.mark.parametrize("arguments", [["check"], ["fix"], ["fix", "--program"]])
def test_what_is_no_notebook_is_told(command, tmp_path, text, reason, arguments):
    content = text if isinstance(text, bytes) else text.encode()
    status, out, err = command(*arguments, "a.ipynb", "b.py", files={"a.ipynb": content, "b.py": "x = 1\n"})
    assert status == 2 and err.startswith("flake8-tf2: a.ipynb: ") and reason in err and "TF" not in out
    assert (tmp_path / "a.ipynb").read_bytes() == content


def test_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "nbformat", None)
    with pytest.raises(Unreadable, match=r"pip install 'flake8-tf2\[notebook\]'"):
        NotebookFile(b"{}")


def test_folders_are_searched_for_notebooks_where_filename_names_them(command):
    text = text_of(IMPORT, CHANGED[1])
    assert command("check", ".", files={"sub/a.ipynb": text})[:2] == (0, "")
    assert "./sub/a.ipynb:cell 3:1:" in command("check", "--filename", "*.py,*.ipynb", ".")[1]


# nbqa


def nbqa(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "nbqa", *arguments], cwd=folder, capture_output=True, text=True)


def test_nbqa_runs_flake8_with_the_plugin(tmp_path):
    write(tmp_path, {"a.ipynb": text_of(IMPORT, "!ls\ny = tf.log(1.0)")})
    done = nbqa(tmp_path, "flake8", "a.ipynb", "--select", "TF")
    assert done.stdout == "a.ipynb:cell_2:2:5: TF701 tf.log is now tf.math.log\n", done.stderr


def test_nbqa_runs_fix(tmp_path):
    write(tmp_path, {"a.ipynb": text_of(IMPORT, "!ls\ny = tf.log(1.0)", "print(y)")})
    bin_folder = Path(sys.executable).parent
    done = nbqa(tmp_path, "--nbqa-shell", f"{bin_folder / 'flake8-tf2'} fix", "a.ipynb")
    assert sources(tmp_path / "a.ipynb") == [IMPORT, "!ls\ny = tf.math.log(1.0)", "print(y)"], done.stderr
