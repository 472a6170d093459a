"""The built archives, and the wheel at work outside the checkout."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REQUIREMENTS = {"ast-grep-py", "flake8", "pathspec", "pyyaml", "tomli"}


def setup_cfg():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    return config


def run(*command, cwd, ok=(0,)):
    """Run it as a user would who has no PYTHONPATH; the text that it prints."""
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode in ok, f"{command} exited with {done.returncode}:\n{done.stdout}"
    return done.stdout


def rule_files():
    """Every YAML file of rules/, as a path below it."""
    return {path.relative_to(ROOT / "rules").as_posix() for path in (ROOT / "rules").rglob("*.yaml")}


def test_every_package_is_listed():
    listed = set(setup_cfg()["options"]["packages"].split())
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "flake8_tf2").rglob("__init__.py")}
    assert listed == found | {"flake8_tf2.rules"}


def test_rules_is_a_package():
    assert (ROOT / "rules" / "__init__.py").is_file()


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """The sdist, and the wheel built from it, of a copy of the checkout (a build leaves files behind)."""
    folder = tmp_path_factory.mktemp("build")
    ignore = shutil.ignore_patterns(
        ".git",
        ".tox",
        ".venv",
        "build",
        "dist",
        "*.egg-info",
        "__pycache__",
        ".pytest_cache",
        ".hypothesis",
        ".benchmarks",
    )
    shutil.copytree(ROOT, folder / "source", ignore=ignore)
    run(sys.executable, "-m", "build", "--outdir", folder / "dist", cwd=folder / "source")
    (sdist,) = (folder / "dist").glob("*.tar.gz")
    (wheel,) = (folder / "dist").glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def wheel_names(archives):
    with zipfile.ZipFile(archives[1]) as wheel:
        return set(wheel.namelist())


def dist_info(archives, name):
    with zipfile.ZipFile(archives[1]) as wheel:
        (path,) = [path for path in wheel.namelist() if path.endswith(f".dist-info/{name}")]
        return wheel.read(path)


@pytest.mark.slow
def test_version(archives):
    version = setup_cfg()["metadata"]["version"]
    sdist, wheel = archives
    assert sdist.name == f"flake8_tf2-{version}.tar.gz"
    assert wheel.name == f"flake8_tf2-{version}-py3-none-any.whl"


@pytest.mark.slow
def test_rules_are_in_both_archives(archives, wheel_names):
    with tarfile.open(archives[0]) as sdist:
        sdist_names = {name.partition("/")[2] for name in sdist.getnames()}
    wanted = rule_files() | {"__init__.py"}
    assert {f"rules/{name}" for name in wanted} <= sdist_names
    assert {f"flake8_tf2/rules/{name}" for name in wanted} <= wheel_names


@pytest.mark.slow
def test_wheel_has_every_module_and_data_file(wheel_names):
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "flake8_tf2").rglob("*")
        if path.suffix in (".py", ".txt", ".json", ".jsonl", ".yaml", ".html", ".css", ".js") or path.name == "py.typed"
    }
    assert wanted <= wheel_names


@pytest.mark.slow
def test_wheel_has_nothing_else(wheel_names):
    tops = {name.partition("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"flake8_tf2"}


@pytest.mark.slow
def test_entry_points(archives):
    entry_points = configparser.ConfigParser()
    entry_points.optionxform = str
    entry_points.read_string(dist_info(archives, "entry_points.txt").decode())
    assert dict(entry_points["flake8.extension"]) == {"TF": "flake8_tf2.plugin:Plugin"}
    assert dict(entry_points["console_scripts"]) == {"flake8-tf2": "flake8_tf2.cli:main"}


@pytest.mark.slow
def test_requirements(archives):
    required = message_from_bytes(dist_info(archives, "METADATA")).get_all("Requires-Dist")
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in required if "extra ==" not in line}
    assert names == REQUIREMENTS


@pytest.fixture(scope="module")
def installed(archives, tmp_path_factory):
    """The folder of commands of a fresh environment that has the wheel, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    run(commands / "python", "-m", "pip", "install", archives[1], cwd=folder)
    return commands


@pytest.fixture
def outside(tmp_path):
    """A folder that has the examples, and no checkout above it."""
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "examples")
    return tmp_path


@pytest.mark.slow
def test_flake8_knows_the_plugin(installed, outside):
    assert "flake8-tf2" in run(installed / "flake8", "--version", cwd=outside)


@pytest.mark.slow
def test_flake8_finds_something_in_every_example(installed, outside):
    printed = run(installed / "flake8", "--select", "TF,E9", "examples", cwd=outside, ok=(1,))
    found = [re.match(r"(.+?):\d+:\d+: (\w+) ", line) for line in printed.splitlines()]
    assert all(found), printed
    assert all(re.fullmatch(r"TF\d{3}", match[2]) for match in found)
    places = {Path(match[1]).as_posix().removeprefix("./") for match in found}
    programs = [path for path in (outside / "examples").rglob("*.py") if "tensorflow" in path.read_text("utf-8")]
    assert places == {path.relative_to(outside).as_posix() for path in programs}


@pytest.mark.slow
def test_the_command_finds_the_same(installed, outside):
    place = re.compile(r"^\S+?:\d+:\d+: TF\d{3}", re.MULTILINE)
    by_flake8 = run(installed / "flake8", "--select", "TF,E9", "examples", cwd=outside, ok=(1,))
    by_command = run(installed / "flake8-tf2", "check", "examples", cwd=outside, ok=(1,))
    assert sorted(place.findall(by_command)) == sorted(place.findall(by_flake8))


@pytest.mark.slow
def test_the_command_explains_a_symbol(installed, outside):
    assert "tf.placeholder" in run(installed / "flake8-tf2", "explain", "tf.placeholder", cwd=outside)


@pytest.mark.slow
def test_linting_imports_neither_tensorflow_nor_yaml_nor_ast_grep(installed, outside):
    """TensorFlow is never imported; the parsers of rules, and the extras, only when they are needed."""
    program = "import json, sys; from flake8_tf2 import plugin, cli; print(json.dumps([name for name in sys.modules]))"
    modules = {name.partition(".")[0] for name in json.loads(run(installed / "python", "-c", program, cwd=outside))}
    assert "flake8_tf2" in modules
    assert not modules & {"tensorflow", "keras", "yaml", "ast_grep_py", "pygls", "lsprotocol", "pylsp", "nbformat"}
