"""The command, its report and its exit status; what files of any content do to it."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from flake8.main.cli import main as flake8_main

from flake8_tf2 import cli, registry

PLACEHOLDER = "import tensorflow as tf\nx = tf.placeholder(tf.float32)\n"
COMMAND = [sys.executable, "-m", "flake8_tf2.cli"]


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """A function that runs `check` in a fresh folder: its findings as `path:line:column code`."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, files: dict[str, str | bytes] | None = None) -> list[str]:
        write(tmp_path, files or {})
        run.status = cli.main(["check", *arguments])
        run.out, run.err = capsys.readouterr()
        return re.findall(r"^(.+?:\d+:\d+: TF\d+) ", run.out, re.MULTILINE)

    return run


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def run_command(*arguments: str, cwd: Path, **options) -> subprocess.CompletedProcess:
    return subprocess.run([*COMMAND, *arguments], cwd=cwd, capture_output=True, timeout=60, **options)


def codes() -> dict[str, str]:
    """The codes of the findings of files that cannot be read as Python, by the names of their rules."""
    checks = ("parse_error", "python2", "undecodable")
    return {rule.name: rule.code for rule in registry.load().rules if rule.check in checks}


# Reports and exit status


def test_text(check):
    assert check("t.py", files={"t.py": PLACEHOLDER}) == ["t.py:2:5: TF101"]
    assert check.out.startswith("t.py:2:5: TF101 placeholder is gone: ") and check.out.count("\n") == 1
    assert (check.status, check.err) == (1, "")


def test_nothing_found(check):
    assert check("t.py", files={"t.py": "import tensorflow as tf\nx = tf.constant(1)\n"}) == []
    assert (check.status, check.out, check.err) == (0, "", "")


def test_the_line_is_shown_on_a_terminal(check, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    source = "import tensorflow as tf\nif 1:\n\tx = 'é\x0c', tf.placeholder(\n\t\ttf.float32)\n"
    check("t.py", files={"t.py": source})
    assert check.out.splitlines()[1:] == ["    \tx = 'é ', tf.placeholder(", "    \t          ^^^^^^^^^^^^^^"]


POSITION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["line", "column"],
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
}
APPLICABILITY = {"enum": ["safe", "unsafe", "program", "manual"]}
FINDING = {
    "path": {"type": "string", "minLength": 1},
    "code": {"type": "string", "pattern": r"^TF\d{3}$"},
    "rule": {"type": "string", "pattern": r"^[a-z0-9-]+$"},
    "symbol": {"type": "string"},
    "message": {"type": "string", "maxLength": 120, "pattern": r"^[^\n]+$"},
    "severity": {"enum": ["error", "warning", "hint"]},
    "applicability": APPLICABILITY,
    "certain": {"type": "boolean"},
    "line": {"type": "integer", "minimum": 1},
    "column": {"type": "integer", "minimum": 1},
    "end_line": {"type": "integer", "minimum": 1},
    "end_column": {"type": "integer", "minimum": 1},
    "fix": {"oneOf": [{"type": "null"}, {
        "type": "object",
        "additionalProperties": False,
        "required": ["applicability", "edits"],
        "properties": {
            "applicability": APPLICABILITY,
            "edits": {"type": "array", "minItems": 1, "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["start", "end", "text"],
                "properties": {"start": POSITION, "end": POSITION, "text": {"type": "string"}},
            }},
        },
    }]},
}  # fmt: skip
SCHEMA = {
    "type": "array",
    "items": {"type": "object", "additionalProperties": False, "required": list(FINDING), "properties": FINDING},
}


def test_json(check):
    examples = Path(__file__).parent.parent / "docs" / "examples"
    check("--format=json", str(examples), "bad.py", "--tf2-hints", files={"bad.py": "import tensorflow\nprint 1\n"})
    findings = json.loads(check.out)
    jsonschema.validate(findings, SCHEMA)
    assert check.status == 1
    assert {f["path"] for f in findings} > {"bad.py"}
    for finding in findings:
        path, line = finding["path"], finding["line"]
        if line == finding["end_line"] and finding["symbol"] == "tf.placeholder":
            text = Path(path).read_text(encoding="utf-8").split("\n")[line - 1]
            assert text[finding["column"] - 1 : finding["end_column"] - 1].endswith("placeholder")


def test_json_of_nothing(check):
    check("--format=json", "t.py", files={"t.py": ""})
    assert (json.loads(check.out), check.status) == ([], 0)


@pytest.mark.parametrize("arguments", [[], ["check"], ["chek", "t.py"], ["check", "--format=xml", "t.py"], ["explain"]])
def test_wrong_usage(arguments, capsys):
    try:
        status = cli.main(arguments)
    except SystemExit as end:
        status = end.code
    out, err = capsys.readouterr()
    assert status == 2 and "usage: flake8-tf2" in out + err


@pytest.mark.parametrize("config, arguments, message", [
    ("", ["--tf2-target-version=1.15"], "--tf2-target-version: '1.15' is not"),
    ("", ["--tf2-rules=nowhere"], "nowhere: no such folder of rule files"),
    ("", ["--config=nowhere.cfg"], "config file does not exist: nowhere.cfg"),
    ("", ["--per-file-ignores=t.py"], "per-file-ignores"),
    ("tf2-hints = maybe", [], "Not a boolean: maybe"),
    ("ignore = all of them", [], "'all'"),
])  # fmt: skip
def test_a_wrong_setting(check, config, arguments, message):
    assert check("t.py", *arguments, files={"t.py": PLACEHOLDER, "setup.cfg": f"[flake8]\n{config}\n"}) == []
    assert check.status == 2
    assert check.err.startswith("flake8-tf2: ") and message in check.err


def test_a_missing_file_does_not_stop_the_others(check):
    assert check("missing.py", "t.py", files={"t.py": PLACEHOLDER}) == ["t.py:2:5: TF101"]
    assert (check.status, check.err) == (2, "flake8-tf2: missing.py: No such file or directory\n")


def test_an_unreadable_file_does_not_stop_the_others(check, monkeypatch):
    opened = os.open

    def refuse(path, *rest, **named):
        if os.path.basename(path) == "locked.py":
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest, **named)

    monkeypatch.setattr(os, "open", refuse)
    assert check(".", files={"locked.py": PLACEHOLDER, "t.py": PLACEHOLDER}) == ["./t.py:2:5: TF101"]
    assert (check.status, check.err) == (2, "flake8-tf2: ./locked.py: Permission denied\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_refused_at_once(check, tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    assert check("pipe.py") == []
    assert (check.status, check.err) == (2, "flake8-tf2: pipe.py: Not a regular file\n")


def test_standard_input(check, monkeypatch):
    for arguments, name in (["-"], "stdin"), (["-", "--stdin-display-name=shown.py"], "shown.py"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLACEHOLDER.encode())))
        assert check(*arguments) == [f"{name}:2:5: TF101"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLACEHOLDER.encode())))
    assert check("-", "--stdin-display-name=shown.py", "--extend-exclude=shown.py") == []


def test_a_reader_that_has_enough(tmp_path):
    write(tmp_path, {f"t{n}.py": PLACEHOLDER * 400 for n in range(3)})
    child = subprocess.Popen([*COMMAND, "check", "."], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout.readline().startswith(b"./t0.py:2:5: TF101")
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait(60) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk(tmp_path):
    write(tmp_path, {"t.py": PLACEHOLDER})
    command = [*COMMAND, "check", "t.py"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 2
    assert re.fullmatch(rb"flake8-tf2: .*No space left on device\n", done.stderr)


def test_an_output_that_knows_few_characters(tmp_path):
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    write(tmp_path, {"é日.py": PLACEHOLDER})
    assert run_command("check", ".", cwd=tmp_path, env=environ).stdout.startswith(rb"./\xe9\u65e5.py:2:5: TF101")
    (finding,) = json.loads(run_command("check", ".", "--format=json", cwd=tmp_path, env=environ).stdout)
    assert finding["path"] == "./é日.py"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no file names that are no text")
def test_a_file_name_that_is_no_text(tmp_path):
    (tmp_path / os.fsdecode(b"\xff.py")).write_text(PLACEHOLDER, encoding="utf-8")
    assert run_command("check", ".", cwd=tmp_path).stdout.startswith(rb"./\udcff.py:2:5: TF101")
    assert json.loads(run_command("check", ".", "--format=json", cwd=tmp_path).stdout)[0]["path"] == "./\udcff.py"


# The same as flake8

TREE = {
    "setup.cfg": "[flake8]\nextend-exclude = old\nper-file-ignores =\n  sub/ignored.py: TF101\n  sub/some.py: TF9\n",
    "a.py": PLACEHOLDER,
    "bom.py": b"\xef\xbb\xbf" + PLACEHOLDER.encode(),
    "crlf.py": PLACEHOLDER.replace("\n", "\r\n"),
    "cr.py": PLACEHOLDER.replace("\n", "\r"),
    "latin.py": "# coding: latin-1\nimport tensorflow as tf\né = 'é', tf.placeholder(1)\n".encode("latin-1"),
    "wide.py": "import tensorflow as tf\nx = '日本𝔘é', tf.placeholder(1), 'é'; y = tf.Session()\n",
    "form.py": "import tensorflow as tf\n\x0cx = tf.placeholder(1)\n# \x0b \x1c \u2028 \x85\ny = tf.placeholder(1)\n",
    "end.py": "import tensorflow as tf\nx = tf.placeholder(1)",
    "empty.py": "",
    "blank.py": "\n\n",
    "continued.py": "import tensorflow as tf\nx = tf. \\\n    placeholder(1) \\\n    + 1  # noqa: TF101\ny = 1\n",
    "file_noqa.py": "# flake8: noqa\n" + PLACEHOLDER,
    "quoted_noqa.py": PLACEHOLDER.replace("\n", "  # noqa: TF102\n") + "s = '''\n# noqa\n''', tf.placeholder(1)\n",
    "sub/ignored.py": PLACEHOLDER,
    "sub/some.py": "import tensorflow.compat.v1 as tf\n" + PLACEHOLDER,
    "sub/deep/er.py": PLACEHOLDER,
    "old/t.py": PLACEHOLDER,
    "__pycache__/t.py": PLACEHOLDER,
    "no_python.txt": PLACEHOLDER,
}


@pytest.mark.parametrize("arguments", [
    ["."], ["sub", "a.py"], ["old"], [".", "--select=TF1"], [".", "--ignore=TF1"], [".", "--extend-exclude=sub"],
    [".", "--filename=*.txt"], [".", "--isolated"], [".", "--disable-noqa"], [".", "--tf2-allow-compat-v1"]
])  # fmt: skip
def test_the_same_as_flake8(check, capsys, arguments):
    own = check(*arguments, files=TREE)
    flake8_main([*arguments, "--extend-ignore=C,E,F,W"])
    theirs = re.findall(r"^(.+?:\d+:\d+: TF\d+) ", capsys.readouterr().out, re.MULTILINE)
    assert sorted(own) == sorted(theirs)
    assert bool(own) is (arguments not in (["old"], [".", "--ignore=TF1"]))


def test_the_same_as_flake8_for_the_examples(check, capsys):
    examples = str(Path(__file__).parent.parent / "docs" / "examples")
    own = check(examples)
    flake8_main([examples, "--select=TF"])
    assert own and sorted(own) == sorted(re.findall(r"^(.+?:\d+:\d+: TF\d+) ", capsys.readouterr().out, re.MULTILINE))


# Files that are no Python

UNREADABLE = [
    ("parse-error", 3, "import tensorflow\nx = 1\ndef f(:\n"),
    ("parse-error", 2, "import tensorflow\nx = (\n"),
    ("parse-error", 2, "import tensorflow\nx = '''\n"),
    ("parse-error", 3, "import tensorflow\nif 1:\nx\n"),
    ("parse-error", 2, b"import tensorflow\nx = '\0'\n"),
    ("parse-error", 2, "import tensorflow\n" + "(" * 5000 + ")" * 5000 + "\n"),
    ("python2", 2, "import tensorflow\nprint 'loss', loss\n"),
    ("python2", 4, "import tensorflow\ntry:\n  x\nexcept E, e:\n  pass\n"),
    ("python2", 2, "import tensorflow\nexec 'x = 1'\n"),
    ("python2", 2, "import tensorflow\nraise E, 'x'\n"),
    ("python2", 2, "import tensorflow\nx = 10L\n"),
    ("python2", 2, "import tensorflow\nx = 0777\n"),
    ("python2", 2, "import tensorflow\nx = a <> b\n"),
    ("python2", 4, "import tensorflow\nif x:\n        y\n\tz\n"),
    ("undecodable", 3, b"import tensorflow\n\nx = '\xe9'\n"),
    ("undecodable", 1, b"# \xe9\nimport tensorflow\n"),
    ("undecodable", 1, "# coding: klingon\nimport tensorflow\n"),
    ("undecodable", 1, "# coding: rot13\nimport tensorflow\n"),
    ("undecodable", 1, "# coding: undefined\nimport tensorflow\n"),
    ("undecodable", 1, b"\xef\xbb\xbf# coding: latin-1\nimport tensorflow\n"),
    ("undecodable", 1, PLACEHOLDER.encode("utf-16")),
    ("undecodable", 2, bytes(range(256))),
]


@pytest.mark.parametrize("rule, line, content", UNREADABLE)
def test_a_file_that_is_no_python(check, rule, line, content):
    (found,) = check("bad.py", files={"bad.py": content})
    assert re.sub(r":\d+: ", ": ", found) == f"bad.py:{line}: {codes()[rule]}"
    assert check.status == 1
    assert len(check.out.splitlines()) == 1


def test_a_file_that_is_no_python_does_not_stop_the_others(check):
    found = check(".", files={"bad.py": b"\xff tensorflow", "t.py": PLACEHOLDER, "un.py": "import tensorflow\n("})
    assert [place.split(":")[0] for place in found] == ["./bad.py", "./t.py", "./un.py"]


def test_a_file_that_does_not_parse_honours_settings(check):
    files = {"bad.py": "import tensorflow\nprint 1  # noqa\n", "loud.py": "import tensorflow\nprint 1\n"}
    assert [place[:8] for place in check(".", files=files)] == ["./loud.p"]
    assert check(".", "--ignore=TF9") == []


# Files that nest deeply

DEEP = {
    "chained calls": "x = tf" + ".f(1)" * 3000,
    "elifs": "if a:\n  tf.log(1)\n" + "elif b:\n  tf.log(2)\n" * 3000,
    "a sum": "x = tf.log(1)" + " + tf.log(1)" * 20_000,
    "attributes": "x = tf" + ".a" * 3000,
    "parentheses": "x = " + "(" * 150 + "tf.log(1)" + ")" * 150,
    "lists": "x = " + "[" * 90 + "tf.log(1)" + "]" * 90,
    "calls in calls": "x = " + "f(" * 90 + "tf.log(1)" + ")" * 90,
    "conditions": "x = " + "tf.log(1) if a else " * 2000 + "1",
    "lambdas": "x = " + "lambda: " * 900 + "tf.log(1)",
    "comparisons": "x = tf.log(1)" + " < tf.log(1)" * 3000,
    "nots": "x = " + "not " * 900 + "tf.log(1)",
    "subscripts": "x = tf.log(1)" + "[0]" * 3000,
    "assignments": "x = " * 3000 + "tf.log(1)",
    "names": "x0 = tf.log(1)\n" + "".join(f"x{n + 1} = x{n}\n" for n in range(3000)) + "x3000.eval()",
    "functions": "".join(f"{' ' * n}def f{n}():\n" for n in range(90)) + " " * 90 + "tf.log(1)",
    "functions that call": "".join(f"def f{n}():\n  return f{n + 1}()\n" for n in range(3000)) + "f0().run()",
    "branches of one name": "x = 1\n" + "if a:\n  x = tf.log(x)\n" * 2000 + "x.eval()",
    "calls of itself": "def f(x):\n  return f(f(f(x)))\n" + "f(f(f(1))).run()\n" * 1000,
    "a class of itself": "class A(A): pass\nA().run()",
    "classes": "A0 = tf.Session\n" + "".join(f"class A{n + 1}(A{n}): pass\n" for n in range(2000)) + "A2000().run(1)",
    "an annotation": "x: '" + "a[" * 2000 + "' = tf.log(1)",
    "a long string": "x = tf.log('" + "tensorflow " * 100_000 + "')",
    "one long line": "x = [" + "tf.log(1), " * 20_000 + "]",
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_a_deep_file(check, name):
    start = time.perf_counter()
    found = check("deep.py", files={"deep.py": f"import tensorflow as tf\n{DEEP[name]}\n"})
    assert time.perf_counter() - start < 15
    unreadable = set(codes().values())
    if unreadable & {place.split()[1] for place in found}:
        assert len(found) == 1, "one finding for a file that is not read"
    assert check.err == ""


# Time and memory


def test_start_imports_only_what_it_needs(tmp_path):
    write(tmp_path, {"t.py": PLACEHOLDER})
    program = "import sys; from flake8_tf2 import cli; cli.main(['check', 't.py']); sys.exit(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    modules = set(done.stderr.split())
    assert done.stdout.startswith("t.py:2:5: TF101")
    assert "flake8_tf2.cli" in modules
    assert not modules & {
        "tensorflow", "keras", "yaml", "pathspec", "ast_grep_py", "difflib", "pyflakes", "multiprocessing",
        "flake8_tf2.explain", "flake8_tf2.rulefile", "flake8_tf2.index",
    }  # fmt: skip


PEAK = """
import ast, resource, sys
source = open(sys.argv[2], encoding="utf-8").read()
if sys.argv[1] == "parse":
    import flake8_tf2.settings, flake8_tf2.registry
    flake8_tf2.registry.load()
    ast.parse(source)
else:
    from flake8_tf2 import cli
    del source
    cli.main(["check", sys.argv[2]])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no peak of memory in this way")
@pytest.mark.parametrize("comment", ["", "  # noqa: E501"])
def test_memory_of_a_large_file(tmp_path, comment):
    block = (Path(__file__).parent.parent / "docs/examples/text_classifier/trainer.py").read_text(encoding="utf-8")
    block = block.replace("from __future__", "# from __future__") + f"\n\nx = 1{comment}\n"
    path = tmp_path / "large.py"
    path.write_text(block * (5_000_000 // len(block)), encoding="utf-8")

    def peak(what: str) -> int:
        command = [sys.executable, "-c", PEAK, what, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.stderr.strip().isdigit(), done.stderr
        return int(done.stderr)

    assert peak("check") < 1.3 * peak("parse")
