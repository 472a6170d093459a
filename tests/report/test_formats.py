"""The formats of `check`: what CI services and their schemas want, and that places and fixes are right in them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as xml
from pathlib import Path
from urllib.parse import unquote, urlparse

import jsonschema
import pytest

from flake8_tf2 import cli, report
from tests.notebooks.test_file import text_of
from tests.test_plugin import WEIGHTS, WRAPPED

ROOT = Path(__file__).parent.parent.parent
SCHEMA = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
HEAD = "import tensorflow as tf\n"
WIDE = "s = '𝔘é日', tf.log(x), '𝔘'; t = tf.placeholder(1)\n"


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """A function that runs `check` in a fresh folder: what it prints."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **files: str | bytes) -> str:
        for name, content in files.items():
            path = tmp_path / f"{name}.py"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        run.status = cli.main(["check", *arguments])
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize("name", report.FORMATS)
def test_the_exit_status_is_that_of_text(check, name):
    check("--format", name, "t.py", t=HEAD)
    assert check.status == 0
    check("--format", name, "t.py", t=HEAD + WIDE)
    assert check.status == 1
    check("--format", name, "t.py", "missing.py")
    assert check.status == 2


# SARIF


def sarif(text: str) -> dict:
    log = json.loads(text)
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(log)
    return log["runs"][0]


def test_sarif_of_all_examples(check):
    run = sarif(check("--format=sarif", "--tf2-hints", str(ROOT / "docs" / "examples"), str(ROOT / "tests" / "eval")))
    rules = run["tool"]["driver"]["rules"]
    assert len(rules) > 50 and len(run["results"]) > 150
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        path = unquote(urlparse(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]).path)
        assert Path(path).is_file()
    prints = [tuple(result["partialFingerprints"].values()) for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_of_nothing(check):
    run = sarif(check("--format=sarif", "t.py", t=""))
    assert run["results"] == [] and run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_sarif_of_a_file_that_cannot_be_read(check):
    (invocation,) = sarif(check("--format=sarif", "missing.py"))["invocations"]
    assert not invocation["executionSuccessful"]
    assert "No such file" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def cut(source: str, region: dict) -> tuple[int, int]:
    """The part of a text that a region means, by the line ends and the kind of columns that the log declares."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", source))]
    return tuple(starts[region[f"{end}Line"] - 1] + region[f"{end}Column"] - 1 for end in ("start", "end"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_sarif_places_and_replacements_are_those_of_fix(check, tmp_path, end, mark):
    source = (HEAD + WIDE + "y = tf.log(  # é\n    tf.to_float(x))\n").replace("\n", end)
    run = sarif(check("--format=sarif", "t.py", t=(mark + source).encode()))
    assert run["columnKind"] == "unicodeCodePoints" and run["newlineSequences"] == ["\r\n", "\n", "\r"]
    spans, edits = {}, []
    for result in run["results"]:
        start, stop = cut(source, result["locations"][0]["physicalLocation"]["region"])
        spans[result["properties"]["symbol"]] = source[start:stop]
        for change in (c for fix in result.get("fixes", ()) for c in fix["artifactChanges"]):
            assert change["artifactLocation"] == {"uri": "t.py", "uriBaseId": "SRCROOT"}
            edits += [(*cut(source, r["deletedRegion"]), r["insertedContent"]["text"]) for r in change["replacements"]]
    assert spans == {"tf.log": "tf.log", "tf.placeholder": "tf.placeholder", "tf.to_float": "tf.to_float"}
    for start, stop, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[stop:]
    assert cli.main(["fix", "t.py"]) == 1
    assert (tmp_path / "t.py").read_bytes().decode() == mark + source


def test_sarif_fingerprints_stay_when_lines_move(check):
    def prints(source: str) -> list:
        return [result["partialFingerprints"] for result in sarif(check("--format=sarif", "t.py", t=source))["results"]]

    assert prints(HEAD + WIDE) == prints(HEAD + "\n\n" + WIDE)
    assert prints(HEAD + WIDE) == prints(HEAD + WIDE + WIDE)[:2]


def test_sarif_of_a_name_with_blanks(check, tmp_path):
    (tmp_path / "a b#é.py").write_text(HEAD + "tf.log(x)\n")
    (result,) = sarif(check("--format=sarif", "."))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b%23%C3%A9.py"


def test_sarif_of_a_rule_of_the_user(check, tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yaml").write_text(WEIGHTS)
    run = sarif(check("--format=sarif", "--tf2-rules=rules", "t.py", t=WRAPPED))
    assert run["tool"]["driver"]["rules"] == [{"id": "TF001", "name": "acme-weights"}]


# GitHub


def test_github(check, tmp_path):
    (tmp_path / "a,b%.py").write_text(HEAD + "\nx = tf.log(1)\ny = tf.compat.v1.placeholder(1)\n")
    out = check("--format=github", ".", "missing.py")
    renamed, warned, failed = out.splitlines()
    place = "file=a%2Cb%25.py,line=3,col=5,endLine=3,endColumn=11,title=TF701 renamed-symbol"
    assert renamed.startswith(f"::error {place}::tf.log ")
    assert warned.startswith("::warning file=a%2Cb%25.py,line=4,")
    assert failed == "::error file=missing.py,title=flake8-tf2::No such file or directory"


def test_github_has_no_columns_of_several_lines(check):
    (line,) = check("--format=github", "t.py", t=HEAD + "x = (tf\n  .log)(1)\n").splitlines()
    assert "line=2,col=6,endLine=3,title" in line


# JUnit


def test_junit(check):
    out = check("--format=junit", ".", "missing.py", bad=HEAD + "x = '\x0b\0'\n", good="", t=HEAD + WIDE)
    root = xml.fromstring(out)
    assert root.attrib == {"name": "flake8-tf2", "tests": "5", "failures": "3", "errors": "1"}
    suites = {suite.get("name"): [(case.get("name"), [e.tag for e in case]) for case in suite] for suite in root}
    assert suites == {
        "bad.py": [("2:1 TF907 parse-error", ["failure"])],
        "good.py": [("no findings", [])],
        "t.py": [("2:12 TF701 tf.log", ["failure"]), ("2:32 TF101 tf.placeholder", ["failure"])],
        "missing.py": [("cannot be checked", ["error"])],
    }
    failure = root.find(".//testcase[@name='2:12 TF701 tf.log']/failure")
    assert failure.get("type") == "error" and failure.text.startswith("t.py:2:12: TF701 tf.log ")


# Statistics


def test_statistics(check):
    out = check("--statistics", ".", a=HEAD + "tf.log(1)\n" * 12, b=HEAD + "tf.log(1)\ntf.placeholder(1)\n", c="")
    assert out.splitlines() == [
        "findings  safe  unsafe  code   rule",
        "      13    13       0  TF701  renamed-symbol",
        "       1     0       0  TF101  placeholder",
        "      14    13       0         all, in 2 files",
    ]
    assert check.status == 1


def test_statistics_are_no_format(check, capsys):
    assert cli.main(["check", ".", "--statistics", "--format=json"]) == 2
    assert "--statistics prints a table" in capsys.readouterr().err


# Notebooks


def test_a_finding_of_a_notebook_names_its_cell(check, tmp_path):
    """Lines of a cell are no lines of the file: no format may take them for such."""
    (tmp_path / "a.ipynb").write_text(text_of("import tensorflow as tf", "x = tf.log(1.0)"), encoding="utf-8")
    (result,) = sarif(check("--format=sarif", "a.ipynb"))["results"]
    (location,) = result["locations"]
    assert location["logicalLocations"] == [{"fullyQualifiedName": "cell 3:1:5"}]
    assert list(location["physicalLocation"]) == ["artifactLocation"] and "fixes" not in result
    message = "file=a.ipynb,title=TF701 renamed-symbol::cell 3, line 1: tf.log is now tf.math.log"
    assert check("--format=github", "a.ipynb") == f"::error {message}\n"
    suites = xml.fromstring(check("--format=junit", "a.ipynb"))
    assert suites.find(".//failure").text == "a.ipynb:cell 3:1:5: TF701 tf.log is now tf.math.log"


def test_a_baseline_knows_findings_of_notebooks(check, tmp_path):
    (tmp_path / "a.ipynb").write_text(text_of("import tensorflow as tf", "x = tf.log(1.0)"), encoding="utf-8")
    check("--write-baseline", "known.txt", "a.ipynb")
    cells = "import tensorflow as tf", "!ls", "x = tf.log(1.0)\ny = tf.to_float(x)"
    (tmp_path / "a.ipynb").write_text(text_of(*cells), encoding="utf-8")
    assert [line[:24] for line in check("--baseline", "known.txt", "a.ipynb").splitlines()] == ["a.ipynb:cell 4:2:5: TF64"]
