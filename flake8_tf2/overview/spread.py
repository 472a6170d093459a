"""Surveying many files on the workers of a Dask cluster: what is done is kept, and the next run goes on from there."""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import threading
from concurrent.futures import CancelledError
from typing import Iterator, Sequence

import distributed

from flake8_tf2.overview.child import Child, ChildError, Setup
from flake8_tf2.overview.store import Facts, Store, facts
from flake8_tf2.overview.survey import SurveyError, Surveyed
from flake8_tf2.run import cores

#: Files of a task: it costs a millisecond, and what a killed worker had of one is lost.
_BATCH = 50
#: Tasks that wait at the scheduler.
_WAITING = 2000
#: Seconds to wait for a scheduler.
_PATIENCE = 20


def spread_files(
    paths: Sequence[str], flake8_arguments: list[str], scheduler: str, store: Store, limit: float
) -> Iterator[str]:
    """Survey the files that the store does not have as they are; yields each of all paths when it has them.

    scheduler: its address, a file with it, or `local` for one with a worker on each core. limit: of the time for one
    file, in seconds. A file that ends its process or takes longer has that for its error. Raises SurveyError.
    """
    kept = store.kept()
    to_do: dict[str, Facts] = {}
    for path in paths:
        found = facts(path)
        if found.size >= 0 and kept.get(path) == found:
            yield path
        else:
            to_do[path] = found
    if not to_do:
        return
    setup = Setup(os.getcwd(), tuple(flake8_arguments), limit)
    try:
        with contextlib.closing(_client(scheduler, len(to_do))) as client:
            for path, result in _results(client, list(to_do), setup):
                store.add(path, to_do[path], result)
                yield path
    finally:
        store.flush()


def _client(scheduler: str, files: int) -> distributed.Client:
    try:
        if scheduler == "local":
            workers = min(cores(), -(-files // _BATCH))
            # Its log tells of each worker that ends; what that means for the files is told on the page.
            return distributed.Client(
                n_workers=workers, threads_per_worker=1, dashboard_address="localhost:0", silence_logs=logging.CRITICAL
            )
        where = {"scheduler_file": scheduler} if os.path.isfile(scheduler) else {"address": scheduler}
        return distributed.Client(**where, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SurveyError(f"--dask {scheduler}: no scheduler answers there: {error}") from error


def _results(client: distributed.Client, paths: list[str], setup: Setup) -> Iterator[tuple[str, Surveyed]]:
    """The results of files, as they come."""
    batches = (paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH))
    running = distributed.as_completed(loop=client.loop)
    batch_of = {}

    def submit(batch: list[str]) -> None:
        future = client.submit(survey_batch, batch, setup, pure=False)
        batch_of[future.key] = batch
        running.add(future)

    for batch in itertools.islice(batches, _WAITING):
        submit(batch)
    for future in running:
        batch = batch_of.pop(future.key)
        try:
            yield from zip(batch, future.result())
        except distributed.KilledWorker:  # several workers ended while they had it
            if len(batch) == 1:
                yield batch[0], Surveyed(batch[0], "the workers that looked at it were ended")
            else:
                for path in batch:
                    submit([path])
        except CancelledError as error:
            raise SurveyError("the scheduler is gone; what is done is kept, and the next run goes on") from error
        except (ChildError, ImportError) as error:
            raise SurveyError(f"a worker cannot do it: {error}") from error
        for batch in itertools.islice(batches, 1):
            submit(batch)


_own = threading.local()  # of each thread of a worker


def survey_batch(paths: list[str], setup: Setup) -> list[Surveyed]:
    """The results of files, on a worker: a process of its own looks at them. Raises ChildError."""
    if getattr(_own, "setup", None) != setup:
        if getattr(_own, "child", None):
            _own.child.close()
        _own.setup, _own.child = None, None
        _own.child = Child(setup)
        _own.setup = setup
    return [_own.child.survey(path) for path in paths]
