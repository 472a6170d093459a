"""The plugin, through the real flake8."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from flake8.main.cli import main as flake8_main

EVAL = sorted((Path(__file__).parent / "eval").glob("*.py"))
PLACEHOLDER = "import tensorflow as tf\nx = tf.placeholder(tf.float32)\n"
FOUND = ["2:5 TF101"]


@pytest.fixture
def flake8(tmp_path, monkeypatch, capsys):
    """A function that runs flake8 in a fresh folder: its findings as `line:column code`, of several files with path."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, files: dict[str, str] | None = None, source: str = "", select: str = "TF,E9") -> list[str]:
        for name, text in {**({"t.py": source} if source else {}), **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        selected = ["--select", select] if select else []
        run.status = flake8_main([*selected, *arguments])
        run.out, run.err = capsys.readouterr()
        found = re.findall(r"^(.+?):(\d+:\d+): ([A-Z]+\d+) ", run.out, re.MULTILINE)
        several = len({path for path, _, _ in found}) > 1
        return [f"{os.path.normpath(path)}:{at} {code}" if several else f"{at} {code}" for path, at, code in found]

    return run


def expected(path: Path) -> list[str]:
    result = []
    for number, line in enumerate(re.split("\n", path.read_text(encoding="utf-8")), 1):
        comment = re.search(r"# expect: (.*)", line)
        if comment:
            result += [f"{number}:{column} {code}" for column, code in re.findall(r"(\d+) (TF\d+)", comment[1])]
    return result


@pytest.mark.parametrize("path", EVAL, ids=lambda path: path.stem)
def test_codes_and_columns(path, flake8):
    assert flake8(str(path)) == expected(path)


# Selecting


@pytest.mark.parametrize("arguments", [
    [], ["--select=TF"], ["--select=TF101"], ["--extend-select=TF1"], ["--ignore=E,TF102"],
    ["--per-file-ignores=other.py:TF"], ["--select=TF1", "--ignore=TF"], ["--extend-ignore=TF102"],
])  # fmt: skip
def test_reported(flake8, arguments):
    assert flake8("t.py", *arguments, source=PLACEHOLDER, select="") == FOUND
    assert flake8.status == 1


@pytest.mark.parametrize("arguments", [
    ["--select=TF102"], ["--select=E9"], ["--ignore=TF101"], ["--ignore=TF"], ["--extend-ignore=TF1"],
    ["--per-file-ignores=t.py:TF101"], ["--per-file-ignores=*.py:TF"], ["--extend-exclude=t.py"],
])  # fmt: skip
def test_not_reported(flake8, arguments):
    assert flake8("t.py", *arguments, source=PLACEHOLDER, select="") == []
    assert flake8.status == 0


def test_noqa_of_a_file(flake8):
    assert flake8("t.py", source="# flake8: noqa\n" + PLACEHOLDER) == []


def test_disable_noqa(flake8):
    assert flake8("t.py", "--disable-noqa", source="import tensorflow as tf\nx = tf.placeholder(1)  # noqa\n") == FOUND


@pytest.mark.parametrize("name", ["setup.cfg", "tox.ini", ".flake8"])
def test_settings_are_read(flake8, name):
    config = """
        [flake8]
        tf2-target-version = 2.16
        tf2-allow-compat-v1 = true
        tf2-extra-roots =
            acme.tf,
            legacy_tf
        per-file-ignores =
            ignored.py: TF101
    """
    source = """\
        import tensorflow.compat.v1 as tf
        from acme import tf as acme
        import legacy_tf
        x = tf.placeholder(tf.float32)
        y = acme.placeholder(tf.float32)
        z = legacy_tf.placeholder(tf.float32)
    """
    files = {name: config, "t.py": source, "ignored.py": PLACEHOLDER}
    assert flake8("t.py", "ignored.py", files=files) == ["5:5 TF101", "6:5 TF101"]


def test_rules_in_settings_are_beside_them(flake8, monkeypatch, tmp_path):
    files = {"setup.cfg": "[flake8]\ntf2-rules = ./rules\n", "rules/weights.yaml": WEIGHTS, "sub/t.py": WRAPPED}
    (tmp_path / "sub").mkdir()
    assert flake8("sub/t.py", files=files) == ["2:5 TF001"]
    monkeypatch.chdir(tmp_path / "sub")
    assert flake8("t.py") == ["2:5 TF001"]


# Options


def test_allow_compat_v1(flake8):
    source = """\
        import tensorflow.compat.v1 as tf
        import tensorflow
        x = tf.placeholder(tf.float32)
        y = tensorflow.placeholder(tf.float32)
        z = tf.contrib.layers.flatten(x)
    """
    assert "3:5 TF101" in flake8("t.py", source=source)
    found = flake8("t.py", "--tf2-allow-compat-v1", source=source)
    assert "3:5 TF101" not in found
    assert "4:5 TF101" in found, "native spelling"
    assert any(place.startswith("5:5 ") for place in found), "compat.v1 does not have contrib"


def test_hints(flake8):
    from flake8_tf2 import registry

    hints = {rule.code for rule in registry.load().rules if rule.severity == "hint"}
    source = (Path(__file__).parent.parent / "docs/examples/script/softmax_digits.py").read_text(encoding="utf-8")
    without = flake8("t.py", source=source)
    assert without and not {place.split()[1] for place in without} & hints
    assert set(without) <= set(flake8("t.py", "--tf2-hints"))


def test_extra_roots(flake8):
    source = "import acme_tf as tf\nx = tf.placeholder(tf.float32)\n"
    assert flake8("t.py", source=source) == []
    assert flake8("t.py", "--tf2-extra-roots=other,acme_tf") == FOUND


@pytest.mark.parametrize("line", ["import acme.deep.tf as tf", "from acme.deep import tf"])
def test_dotted_extra_root(flake8, line):
    assert flake8("t.py", "--tf2-extra-roots=acme.deep.tf", source=f"{line}\nx = tf.placeholder(tf.float32)\n") == FOUND


@pytest.mark.parametrize("arguments, message", [
    (["--tf2-target-version=1.15"], "--tf2-target-version: '1.15' is not a supported TensorFlow 2 version: give 2.16"),
    (["--tf2-target-version=two"], "--tf2-target-version: 'two' is not"),
    (["--tf2-extra-roots=my-tf"], "--tf2-extra-roots: 'my-tf' is not the name of a module"),
    (["--tf2-rules=nowhere"], "nowhere: no such folder of rule files"),
    (["--tf2-rules=t.py"], "t.py: no such folder of rule files"),
])  # fmt: skip
def test_bad_value(flake8, arguments, message):
    assert flake8("t.py", *arguments, source=PLACEHOLDER) == []
    assert flake8.status == 1
    assert message in flake8.out + flake8.err
    assert "Traceback" not in flake8.out + flake8.err


# Rules of one's own

WEIGHTS = """\
code: TF001
name: acme-weights
symbols: [acme.tfutil.weights]
message: "{symbol} is TF1: use acme.keras.weights"
tf2: acme.keras.weights
note: Our wrapper.
cases:
  - {before: import acme.tfutil, manual: by hand}
"""
WRAPPED = "import acme.tfutil\nx = acme.tfutil.weights([3, 3])\n"


@pytest.mark.parametrize("source, place", [
    (WRAPPED, "2:5"),
    ("from acme.tfutil import weights as w\nx = w([3, 3])\n", "2:5"),
    ("from acme import tfutil as u\nx = [u.weights([3, 3])]\n", "2:6"),
])  # fmt: skip
def test_own_rule(flake8, source, place):
    assert flake8("t.py", source=source) == []
    assert f"{place} TF001" in flake8("t.py", "--tf2-rules=rules", files={"rules/a/weights.yaml": WEIGHTS})
    assert "acme.tfutil.weights is TF1: use acme.keras.weights" in flake8.out


def test_own_rule_leaves_others_alone(flake8):
    files = {"rules/weights.yaml": WEIGHTS, "t.py": PLACEHOLDER + "def weights(): ...\nweights()\n"}
    assert flake8("t.py", "--tf2-rules=rules", files=files) == FOUND


def test_own_rule_on_a_symbol_of_tensorflow(flake8):
    rule = WEIGHTS.replace("acme.tfutil.weights", "tf.math.log1p").replace("TF001", "TF002")
    files = {"rules/r.yaml": rule, "t.py": PLACEHOLDER + "y = tf.math.log1p(x)\n"}
    assert flake8("t.py", "--tf2-rules=rules", files=files) == ["2:5 TF101", "3:5 TF002"]


@pytest.mark.parametrize("old, new, message", [
    ("code: TF001", "code: TF101", "TF101 is a rule of flake8-tf2; TF001 to TF099 are free"),
    ("name: acme-weights", "name: placeholder", "placeholder is a rule of flake8-tf2"),
    ("message:", "mesage:", "weights.yaml:4: unknown key 'mesage'"),
    ("note: Our wrapper.", "note: [", "weights.yaml:8: not YAML: "),
])  # fmt: skip
def test_broken_rule_file(flake8, old, new, message):
    files = {"rules/weights.yaml": WEIGHTS.replace(old, new), "t.py": WRAPPED}
    assert flake8("t.py", "--tf2-rules=rules", files=files) == []
    assert flake8.status == 1
    assert message in flake8.out + flake8.err


def test_two_own_rules_of_one_code(flake8):
    files = {"rules/a.yaml": WEIGHTS, "rules/b.yaml": WEIGHTS.replace("acme-weights", "other"), "t.py": WRAPPED}
    assert flake8("t.py", "--tf2-rules=rules", files=files) == []
    assert "b.yaml: TF001 is also used in" in flake8.out + flake8.err


# Standard input, several processes


def test_standard_input(flake8, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PLACEHOLDER.encode())))
    from flake8 import utils

    utils.stdin_get_value.cache_clear()
    assert flake8("-", "--stdin-display-name=shown.py") == FOUND
    assert flake8.out.startswith("shown.py:2:5: TF101 placeholder is gone")


def test_two_processes(tmp_path):
    for number in range(6):
        (tmp_path / f"t{number}.py").write_text(PLACEHOLDER.replace("\nx", "\n" * (number + 1) + "x"), encoding="utf-8")
    command = [sys.executable, "-m", "flake8", "-j2", "--isolated", "--select=TF", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert [line.split(" ")[0] for line in done.stdout.splitlines()] == [f"./t{n}.py:{n + 2}:5:" for n in range(6)]


def test_a_file_that_does_not_parse_is_flake8s(flake8):
    found = flake8("t.py", source="import tensorflow as tf\nprint tf.placeholder\n")
    assert [place.split()[1] for place in found] == ["E999"]
