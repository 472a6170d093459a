"""A process that surveys files one by one, so that a file that kills it, or holds it, is told from the others."""

from __future__ import annotations

import faulthandler
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from typing import NamedTuple

from flake8_tf2.overview.survey import Surveyed


class Setup(NamedTuple):
    """What a process needs to know. folder: the working folder; limit: of the time for one file, in seconds."""

    folder: str
    flake8_arguments: tuple[str, ...]
    limit: float


class ChildError(Exception):
    """The process could not start; the message says why."""


class Child:
    """Surveys files in a process of its own, and starts another where that ends. Raises ChildError."""

    def __init__(self, setup: Setup):
        self._setup = setup
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", "flake8_tf2.overview.child"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            reason = self._ask(self._setup)
        except (EOFError, OSError):
            reason = f"{' '.join(command)} ended with status {self._process.wait()}"
        if reason:
            raise ChildError(reason)

    def _ask(self, question: object) -> object:
        pickle.dump(question, self._process.stdin)
        self._process.stdin.flush()
        return pickle.load(self._process.stdout)

    def survey(self, path: str) -> Surveyed:
        """The result of a file; where the process did not outlive it, that is its error."""
        start = time.monotonic()
        try:
            return self._ask(path)
        except (EOFError, OSError, pickle.UnpicklingError):
            status = self._process.wait()
            took = time.monotonic() - start
        self.close()
        self._start()
        if took >= self._setup.limit:
            return Surveyed(path, f"it takes longer than {self._setup.limit:g} seconds")
        return Surveyed(path, f"the process that looked at it was ended, {_ended(status)}")

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        try:
            self._process.stdin.close()
        except OSError:  # what was to be written has nowhere to go
            pass


def _ended(status: int) -> str:
    try:
        return f"by {signal.Signals(-status).name}"
    except ValueError:
        return f"with status {status}"


def main() -> None:
    """Answer a `Setup`, and then paths, on standard input, until that ends: so it does when who asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asks ends this process
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else gets between them
    questions: queue.SimpleQueue = queue.SimpleQueue()

    def listen() -> None:
        try:
            while True:
                questions.put(pickle.load(sys.stdin.buffer))
        except (EOFError, OSError):
            os._exit(0)  # also in the middle of a file

    threading.Thread(target=listen, daemon=True).start()

    def answer(with_: object) -> None:
        pickle.dump(with_, answers)
        answers.flush()

    setup: Setup = questions.get()
    try:
        work = _surveying(setup)
    except Exception as error:  # told where the command was given
        answer(f"{type(error).__name__}: {error}")
        return
    answer("")
    with open(os.devnull, "w") as nowhere:
        while True:
            path = questions.get()
            faulthandler.dump_traceback_later(setup.limit, exit=True, file=nowhere)  # whatever holds it
            result = work(path)
            faulthandler.cancel_dump_traceback_later()
            answer(result)


def _surveying(setup: Setup):
    from flake8_tf2 import collector, settings
    from flake8_tf2.overview.survey import survey_file

    os.chdir(setup.folder)
    collector.gc.set_threshold(*collector.SELDOM)
    read = settings.read(list(setup.flake8_arguments))
    return lambda path: survey_file(path, read)


if __name__ == "__main__":
    main()
