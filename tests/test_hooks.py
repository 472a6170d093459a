"""The hooks of .pre-commit-hooks.yaml, run by the real pre-commit on a clone of this checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BEFORE = "import tensorflow as tf\ny = tf.log(x)\n"
AFTER = "import tensorflow as tf\ny = tf.math.log(x)\n"


def run(*command, cwd, **environ):
    """Run it apart from the settings and hooks of who runs the tests; the process when it has ended."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**clean, **environ},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=500,
    )


def commit(folder: Path) -> str:
    """Make a folder a git repository of one commit; its id."""
    author = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-q", "--no-verify", "-m", "all"]):
        done = run("git", *command, cwd=folder)
        assert done.returncode == 0, done.stdout
    return run("git", "rev-parse", "HEAD", cwd=folder).stdout.strip()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_hooks(tmp_path):
    pytest.importorskip("pre_commit")
    hooks, project = tmp_path / "hooks", tmp_path / "project"
    # A copy, for what is not committed yet is to be tested too.
    ignore = shutil.ignore_patterns(".git", ".tox", ".venv", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")
    shutil.copytree(ROOT, hooks, ignore=ignore)
    revision = commit(hooks)
    project.mkdir()
    config = "repos:\n- repo: {}\n  rev: {}\n  hooks:\n  - id: flake8-tf2\n  - id: flake8-tf2-fix\n"
    (project / ".pre-commit-config.yaml").write_text(config.format(hooks.as_posix(), revision), encoding="utf-8")
    (project / "a.py").write_text(BEFORE, encoding="utf-8")
    (project / "notes.txt").write_text(BEFORE, encoding="utf-8")
    commit(project)

    def pre_commit(hook: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "pre_commit", "run", hook, "--all-files"]
        return run(*command, cwd=project, PRE_COMMIT_HOME=str(tmp_path / "home"))

    checked = pre_commit("flake8-tf2")
    assert "a.py:2:5: TF701 " in checked.stdout and "notes.txt" not in checked.stdout, checked.stdout
    assert checked.returncode == 1
    fixed = pre_commit("flake8-tf2-fix")
    assert "files were modified by this hook" in fixed.stdout and "a.py: fixed 1 (TF701 1)" in fixed.stdout
    assert (project / "a.py").read_text(encoding="utf-8") == AFTER
    assert (project / "notes.txt").read_text(encoding="utf-8") == BEFORE
    run("git", "add", "a.py", cwd=project)
    assert pre_commit("flake8-tf2").returncode == pre_commit("flake8-tf2-fix").returncode == 0
