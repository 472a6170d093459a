"""`report --dask`: the page is that of a plain run, whatever becomes of workers, files and the run itself."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flake8_tf2 import cli
from flake8_tf2.overview.store import Facts, Store
from flake8_tf2.overview.survey import Hunk, Noted, SurveyError, Surveyed
from tests.test_cli import write
from tests.test_cli_fix import AFTER, BEFORE, LEFT

distributed = pytest.importorskip("distributed")
spread = pytest.importorskip("flake8_tf2.overview.spread")

#: What a process does with files of these names, in place of reading them.
POISON = """
import os, signal, sys, time
if "flake8_tf2.overview.child" in " ".join(sys.orig_argv):
    from flake8_tf2 import run
    real = run.read_bytes
    def read_bytes(path):
        if path.endswith("kills.py"):
            os.kill(os.getpid(), signal.SIGSEGV)
        while path.endswith("holds.py"):
            pass
        if path.endswith("slow.py"):
            time.sleep(0.2)
        return real(path)
    run.read_bytes = read_bytes
"""


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    """A cluster of two workers, in which some files are poison."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "sitecustomize.py").write_text(POISON)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")]))
        patch.setattr(spread, "_BATCH", 2)
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="localhost:0", silence_logs=logging.CRITICAL
        ) as cluster:
            yield cluster


@pytest.fixture
def report(tmp_path, monkeypatch, capsys, scheduler):
    """A function that runs `report --dask` in a fresh folder; returns its status, its output, and the page."""
    monkeypatch.chdir(tmp_path)

    def run_report(*arguments: str, dask: bool = True) -> tuple[int, str, str]:
        how = [f"--dask={scheduler.scheduler_address}"] if dask else []
        status = cli.main(["report", "--isolated", *how, *arguments])
        out, err = capsys.readouterr()
        page = Path("report.html").read_text(encoding="utf-8") if Path("report.html").exists() else ""
        return status, out + err, re.sub(r'<p class="made">.*', "", page)

    return run_report


FILES = {f"r{n % 3}/f{n}.py": (LEFT, AFTER, BEFORE, b"\xff", "import tensorflow as tf\nx = (")[n % 5] for n in range(12)}


def test_the_page_is_that_of_a_plain_run(report, tmp_path):
    write(tmp_path, FILES)
    (tmp_path / "repositories").write_text("r0\nr2\n\n")
    asked = ["r1", "missing.py", "--paths-from", "repositories"]
    assert report(*asked) == report(*asked, dask=False)
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".parquet"] == ["report.parquet"]


def test_a_file_that_kills_or_holds_its_process(report, tmp_path):
    write(tmp_path, {"a.py": LEFT, "kills.py": LEFT, "holds.py": LEFT, "z.py": LEFT})
    start = time.monotonic()
    status, told, page = report("--time-limit=10", ".")
    took = time.monotonic() - start
    assert took > 10
    assert status == 2
    assert "./kills.py: the process that looked at it was ended, by SIGSEGV\n" in told
    assert "./holds.py: it takes longer than 10 seconds\n" in told
    assert "4 findings in 2 of 4 files" in told
    assert "<code>./kills.py</code>" in page
    again = time.monotonic()
    assert report("--time-limit=10", ".") == (status, told, page)
    assert time.monotonic() - again < took, "a file that failed is not tried again as long as it is as it was"


def test_a_worker_that_is_killed(tmp_path, monkeypatch, scheduler):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {f"{n}slow.py": LEFT for n in range(20)})
    paths = sorted(os.listdir())
    store = Store(tmp_path / "kept", "")
    pids = [worker.process.pid for worker in scheduler.workers.values()]
    done = []
    for path in spread.spread_files(paths, ["--isolated"], scheduler.scheduler_address, store, 60):
        if not done:
            os.kill(pids[0], signal.SIGKILL)
        done.append(path)
    assert sorted(done) == paths
    assert [(r.name, r.error, len(r.findings)) for r in store.read(paths)] == [(path, "", 2) for path in paths]


def test_a_run_goes_on_where_it_stopped(report, tmp_path, monkeypatch):
    write(tmp_path, FILES)
    plain = report(".", dask=False)
    seen = []
    real = Store.add

    def add(self, path, *rest):
        seen.append(path)
        real(self, path, *rest)
        if len(seen) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr(Store, "add", add)
    assert report(".")[0] == 130
    stopped = seen.copy()
    assert report(".") == plain
    assert len(seen) == len(set(seen)) == len(FILES) and seen[:5] == stopped
    Path("r0/f0.py").write_text(AFTER)
    Path("r1/f1.py").unlink()
    write(tmp_path, {"r1/new.py": LEFT})
    changed = report(".")
    assert sorted(seen[len(FILES) :]) == ["./r0/f0.py", "./r1/new.py"]
    assert changed == report(".", dask=False)


def test_what_is_wrong_is_said(report, tmp_path):
    write(tmp_path, {"a.py": LEFT})
    assert report(".")[0] == 1
    assert "report.parquet: it was made with other options" in report("--ignore=TF701", ".")[1]
    assert report("--ignore=TF701", "--parquet=other", ".")[0] == 1
    assert "cannot be spread" in report("-")[1]
    assert "need --dask" in report("--time-limit=3", "a.py", dask=False)[1]
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "part-000001.parquet").write_text("no")
    assert "part-000001.parquet: it is no Parquet file: remove it" in report("--parquet=bad", ".")[1]


def test_a_scheduler_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(spread, "_PATIENCE", 1)
    (tmp_path / "a.py").write_text(LEFT)
    with pytest.raises(SurveyError, match="--dask tcp://127.0.0.1:9: no scheduler answers there"):
        list(spread.spread_files([str(tmp_path / "a.py")], [], "tcp://127.0.0.1:9", Store(tmp_path / "kept", ""), 9))


def test_local_by_the_command(tmp_path):
    write(tmp_path, FILES)
    command = [sys.executable, "-m", "flake8_tf2.cli", "report", "--isolated", "--dask", "local", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith(" left by hand\n")


def test_names_and_texts_of_all_kinds_are_kept(tmp_path):
    path = os.fsdecode(b"\xff\n\xc3\xbc.py")
    noted = Noted("1:2", "TF101", "m", "safe", "l\u202e", [Hunk(["a"], []), Hunk([], ["b"])], "r")
    results = [Surveyed("\\udcff\\u000aü.py", "", 3, [noted], "d", "s"), Surveyed("b", "no \\ud800")]
    store = Store(tmp_path / "kept", "s")
    store.add(path, Facts(1, 2), Surveyed("?", *results[0][1:]))
    store.add("b", Facts(1, 2), Surveyed("b", "no \ud800"))
    store.flush()
    assert Store(tmp_path / "kept", "s").read(["b", path]) == results[::-1]
    assert store.kept() == {path: (1, 2), "b": (1, 2)}
