"""The files for CI services: they are what the service's schema says, and their commands do what the page says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest
import yaml

from tests.docs import blocks as docs

BLOCKS = [block for path in docs.pages() for block in docs.read(path) if block.mark == "ci"]
KNOWN = "import tensorflow as tf\nx = tf.placeholder(1)\n"
SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}


def commands(block: docs.Block) -> list[str]:
    content = yaml.safe_load(block.text)
    if block.argument == "github":
        return [step["run"] for job in content["jobs"].values() for step in job["steps"] if "run" in step]
    return [command for job in content.values() for command in job["script"]]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_schema(block, tmp_path):
    pytest.importorskip("check_jsonschema")
    path = tmp_path / "ci.yml"
    path.write_text(block.text, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[block.argument], str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_commands(block, tmp_path):
    install, *others = commands(block)
    assert install == "python -m pip install flake8-tf2" and len(others) == 1
    environ = {**os.environ, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}

    def run(command: str) -> subprocess.CompletedProcess:
        shell = ["bash", "-e", "-o", "pipefail", "-c", command]  # as both services do
        return subprocess.run(shell, cwd=tmp_path, env=environ, capture_output=True, text=True)

    (tmp_path / "old.py").write_text(KNOWN)
    assert run("flake8-tf2 check . --write-baseline tf2-baseline.jsonl").returncode == 0
    assert run(others[0]).returncode == 0
    (tmp_path / "new.py").write_text(KNOWN)
    done = run(others[0])
    assert done.returncode == 1 and done.stderr == ""
    if "--format github" in others[0]:
        assert re.fullmatch(r"::error file=new\.py,line=2,.*::placeholder is gone.*\n", done.stdout)
        return
    (report,) = (path for path in tmp_path.iterdir() if path.suffix in (".sarif", ".xml"))
    assert report.name in block.text.split(others[0])[1], "the service is not told of the report"
    if report.suffix == ".sarif":
        (result,) = json.loads(report.read_text())["runs"][0]["results"]
        assert result["ruleId"] == "TF101"
    else:
        assert [case.get("classname") for case in xml.parse(report).iter("testcase") if len(case)] == ["new.py"]


def test_there_are_files_for_both_services():
    assert {block.argument for block in BLOCKS} == set(SCHEMAS)
