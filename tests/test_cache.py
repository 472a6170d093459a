"""Results that are kept from run to run: found again only where nothing that they depend on has changed."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from flake8_tf2 import baseline, cache, check, cli, registry
from tests.test_cli import PLACEHOLDER, write

RULE = """
code: TF001
name: acme-weights
symbols: [tf.get_variable]
message: "{text}"
tf2: ours
note: ours
cases:
  - before: tf.get_variable("a", [1])
    manual: by hand
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """A function that runs `check` in a fresh folder: what it prints, and how many files it looked at anew."""
    monkeypatch.chdir(tmp_path)
    looked = []
    real = check.lint_bytes
    monkeypatch.setattr(check, "lint_bytes", lambda *args, **rest: looked.append(args[1]) or real(*args, **rest))

    def run_check(*arguments: str, files: dict[str, str | bytes] | None = None) -> tuple[str, int]:
        write(tmp_path, files or {})
        looked.clear()
        baseline.load.cache_clear()  # a process reads what belongs to its settings once
        registry.load.cache_clear()
        cli.main(["check", *arguments])
        return capsys.readouterr().out, len(looked)

    return run_check


FILES = {"a.py": PLACEHOLDER, "b.py": PLACEHOLDER, "c.py": "x = 1\n"}


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "junit"])
def test_a_second_run_prints_the_same(run, form):
    first, looked = run(f"--format={form}", ".", files=FILES)
    assert looked == 3
    again, looked = run(f"--format={form}", ".")
    assert again == first
    if form in ("text", "json", "github"):
        assert looked == 1, "only the file without TensorFlow, where to look is faster"


def test_statistics_and_baselines_stay_right(run, tmp_path):
    first = run("--statistics", ".", files=FILES)[0]
    assert run("--statistics", ".")[0] == first
    run("--write-baseline=known", ".")
    assert run("--baseline=known", "a.py")[0] == ""
    assert run("--baseline=known", "a.py") == ("", 0)
    Path("known").write_text("".join(Path("known").read_text().splitlines(keepends=True)[:1]))
    assert "TF101" in run("--baseline=known", "a.py")[0], "another baseline"


def test_what_misses(run, monkeypatch):
    text = run("a.py", files=FILES)[0]
    assert run("a.py") == (text, 0)
    assert run("b.py")[1] == 1, "the name is in what is printed"
    assert run("--format=json", "a.py")[1] == 1
    assert run("--ignore=TF101", "a.py") == ("", 1)
    assert run("--tf2-target-version=2.16", "a.py")[1] == 1
    assert run("--tf2-hints", "a.py")[1] == 1
    assert run("--no-cache", "a.py") == (text, 1)
    assert run("a.py") == (text, 0)
    write(Path(), {"setup.cfg": "[flake8]\nper-file-ignores = a.py:TF\n"})
    assert run("a.py") == ("", 1)
    os.remove("setup.cfg")
    assert run("a.py", files={"a.py": PLACEHOLDER + "\n"}) == (text, 1), "another content"
    assert run("a.py") == (text, 0)
    for name, module in {
        "sys": SimpleNamespace(version="another", platform=cache.sys.platform),
        "flake8": SimpleNamespace(__version__="another"),
    }.items():
        with monkeypatch.context() as patch:
            patch.setattr(cache, name, module)
            assert run("a.py") == (text, 1)


def test_our_own_code_and_rules_miss(run, tmp_path, monkeypatch):
    package = tmp_path / "package"
    write(package, {"a.py": "", "data/index.txt": "1"})
    monkeypatch.setattr(cache, "__file__", str(package / "cache.py"))
    run("b.py", files=FILES)
    assert run("b.py")[1] == 0
    write(package, {"data/index.txt": "2.0"})
    assert run("b.py")[1] == 1
    write(package, {"sub/new.py": ""})
    assert run("b.py")[1] == 1
    assert run("b.py")[1] == 0


def test_rules_of_the_user_miss(run):
    source = "import tensorflow as tf\nx = tf.get_variable('x', [1])\n"
    rule = {"own/rule.yaml": RULE.replace("{text}", "first")}
    assert "TF001 first" in run("--tf2-rules=own", "a.py", files={"a.py": source, **rule})[0]
    assert run("--tf2-rules=own", "a.py")[1] == 0
    rule = {"own/rule.yaml": RULE.replace("{text}", "other")}
    assert "TF001 other" in run("--tf2-rules=own", "a.py", files=rule)[0]


def entries() -> list[Path]:
    return [path for path in (Path(os.environ["XDG_CACHE_HOME"]) / "flake8-tf2").rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [b"", b"[1", b"\xff\xfe", b"{}", b'["a"]', b"null"])
def test_a_broken_entry_is_a_miss(run, content):
    text = run("a.py", files=FILES)[0]
    (entry,) = entries()
    entry.write_bytes(content)
    assert run("a.py") == (text, 1)
    assert run("a.py") == (text, 0), "and is made anew"


def test_a_folder_that_cannot_be_written_is_no_error(run, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert run("a.py", files=FILES)[0] == run("a.py")[0] != ""
    assert capsys.readouterr().err == ""


def test_a_full_disk_leaves_no_part_of_an_entry(run, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache.os, "replace", full)
    assert "TF101" in run("a.py", files=FILES)[0]
    assert entries() == []


def test_an_error_is_not_kept(run, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(check, "lint_bytes", lambda *_, **__: 1 / 0)
        run("a.py", files=FILES)
    assert "TF101" in run("a.py")[0]


def test_it_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "MOST", 256 * 1000)
    kept = cache.Cache(str(tmp_path), "state")
    keys = [f"00{'0' if n % 16 == 0 else '1'}{n:061x}" for n in range(500)]
    for key in keys:
        kept.put(key, ["x" * 96])
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert 300 < size <= 1000 + 16 * 100
    assert kept.get(keys[-1]) is not None and kept.get(keys[0]) is None


def _put_and_get(folder: str) -> int:
    kept = cache.Cache(folder, "state")
    wrong = 0
    for n in range(300):
        key = f"{n % 3:02x}0{n % 40:061x}"
        kept.put(key, [key, "x" * 5000])
        found = kept.get(key)
        wrong += found is not None and found != [key, "x" * 5000]
    return wrong


def test_runs_at_the_same_time(tmp_path, monkeypatch):
    """Four processes write, read and remove the same entries: each sees a whole entry or none."""
    monkeypatch.setattr(cache, "MOST", 256 * 50_000)
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert pool.map(_put_and_get, [str(tmp_path)] * 4, 1) == [0] * 4
    assert not [path for path in tmp_path.rglob("*.*")], "nothing half written is left"
