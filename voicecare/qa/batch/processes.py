"""The engine of one machine: processes, one recogniser thread each.

Each worker is a pool of one, so that a death is known to be of the call it heard, and only that pool is made again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from voicecare.qa.batch.engines import Ended
from voicecare.qa.batch.hearing import Job, Outcome, hear

WAIT_S = 1.0
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
"""Libraries that would start a thread a core in every worker."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


class Processes:
    """So many workers on this machine, each of which does `work`."""

    def __init__(self, count: int, work: Callable[[Job], Outcome] = hear) -> None:
        self._work = work
        self._context = get_context("spawn")
        self._alive, self._life = self._context.Pipe(duplex=False)
        """Each worker holds the reading end; once the writing end is gone, with this process or by `close`, it ends."""
        self._pools = [self._pool() for _ in range(count)]
        self._running: dict[Future[Outcome], tuple[int, Job]] = {}

    @property
    def workers(self) -> int:
        """How many workers there are."""
        return len(self._pools)

    @property
    def free(self) -> int:
        """How many of them wait."""
        return len(self._pools) - len(self._running)

    def begin(self, job: Job) -> str:
        """Begin a job; return the worker's name."""
        busy = {place for place, _ in self._running.values()}
        place = next(place for place in range(len(self._pools)) if place not in busy)
        with _environment():
            try:
                future = self._pools[place].submit(self._work, job)
            except BrokenProcessPool:  # it died while it had nothing to do
                self._pools[place] = self._pool()
                future = self._pools[place].submit(self._work, job)
        self._running[future] = (place, job)
        return f"process {place + 1}"

    def ended(self) -> list[Ended]:
        """Wait, for a second at most, and return the jobs that are over."""
        done, _ = wait(self._running, timeout=WAIT_S, return_when=FIRST_COMPLETED)
        over = []
        for future in done:
            place, job = self._running.pop(future)
            try:
                over.append(Ended(job, future.result()))
            except BrokenProcessPool:
                self._pools[place].shutdown(wait=False)
                self._pools[place] = self._pool()
                over.append(Ended(job, None, "worker"))
            except Exception as error:  # noqa: BLE001 - what a worker could not even tell of is that call's failure
                over.append(Ended(job, None, "worker", f"{type(error).__name__}: {error}"))
        return over

    def close(self) -> None:
        """Let all workers go, also those that hear a call."""
        self._life.close()
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, self._context, initializer=_begin, initargs=(self._alive,))


def _begin(alive: Connection) -> None:
    """Begin a worker's life: Ctrl-C is for who started it, and with that one it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # elsewhere than on Linux there is no such file
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")  # it, not the night, when memory runs out
    threading.Thread(target=_end_with, args=(alive,), daemon=True).start()


def _end_with(alive: Connection) -> None:
    try:
        alive.recv_bytes()
    except (EOFError, OSError):
        os._exit(1)


@contextmanager
def _environment() -> Iterator[None]:
    """What a worker's libraries read when they are loaded."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
