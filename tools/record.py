"""Records the golden results with TensorFlow 1.15.5, in an environment that is made for it.

    python tools/record.py [--check] [RULE...]

Takes the interpreter that TF1_PYTHON names, if it is set; otherwise makes an environment from a CPython 3.7, on
PATH or of pyenv.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from flake8_tf2.prove import record

_PACKAGES = ["tensorflow==1.15.5", "protobuf<3.21", "numpy<1.19"]


def python37() -> str | None:
    """A CPython 3.7."""
    found = shutil.which("python3.7")
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    of_pyenv = sorted(root.glob("3.7.*/bin/python3.7"))
    return str(of_pyenv[-1]) if of_pyenv else found


def main() -> int:
    """Record with TF1_PYTHON, or with an environment that goes away afterwards."""
    given = os.environ.get("TF1_PYTHON")
    if given:
        return record.main(["--python", given, *sys.argv[1:]])
    interpreter = python37()
    if interpreter is None:
        print("no CPython 3.7 here, and TF1_PYTHON does not name a Python with TensorFlow 1.15", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([interpreter, "-m", "venv", folder], check=True)
        python = str(Path(folder, "bin", "python"))
        subprocess.run([python, "-m", "pip", "install", "--quiet", *_PACKAGES], check=True)
        return record.main(["--python", python, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
