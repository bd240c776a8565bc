"""The engine of a Dask cluster that is there: one call a worker at a time, on a worker that we choose.

Dask's own second tries are not used: they are spent by whatever waits on a worker that dies, not by what killed it. So
nothing ever waits on a worker; and where a worker is gone, the one call that it heard is known.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from voicecare.assembly import Choices
from voicecare.errors import InputError, UsageError
from voicecare.qa.batch.engines import Ended
from voicecare.qa.batch.hearing import Job, Outcome, hear
from voicecare.qa.batch.identity import models

WAIT_S = 1.0
LOOK_EVERY_S = 1.0
CONNECT_S = 10.0
PATIENCE_S = 300.0
"""How long a scheduler that is gone is waited for: whoever looks after the cluster starts it again meanwhile."""


class Cluster:
    """The workers of a Dask cluster, each of which does `work`.

    address: of its scheduler, as `tcp://host:8786`. patience_s: how long it is waited for where it is gone.

    Raises:
        UsageError: Dask is not installed. InputError: there is no scheduler.
    """

    def __init__(self, address: str, work: Callable[[Job], Outcome] = hear, patience_s: float = PATIENCE_S) -> None:
        self._work = work
        self._address = address
        self._patience_s = patience_s
        self._client: Any = None
        self._running: dict[Any, tuple[str, Job]] = {}
        self._known: tuple[str, ...] = ()
        self._looked_s = 0.0
        self._connect(CONNECT_S)

    @property
    def workers(self) -> int:
        """How many workers there are."""
        return len(self._workers())

    @property
    def free(self) -> int:
        """How many of them wait."""
        return len(self._waiting())

    def check(self, choices: Choices, expected: Mapping[str, str]) -> None:
        """See that the workers hear with what this machine would.

        Raises:
            InputError: one does not.
        """
        told: Mapping[str, Any] = self._client.run(models, choices, on_error="return")
        for worker, found in told.items():
            if isinstance(found, BaseException):
                raise InputError(f"the worker {worker} cannot hear calls: {type(found).__name__}: {found}")
            other = sorted(name for name in {*found, *expected} if found.get(name) != expected.get(name))
            if other:
                raise InputError(f"the worker {worker} has other models ({', '.join(other)}); install the same there")

    def begin(self, job: Job) -> str:
        """Begin a job; return the worker's address."""
        worker = self._waiting()[0]
        key = f"voicecare-{job.result}-{uuid4().hex}"
        future = self._client.submit(
            self._work, job, key=key, pure=False, retries=0, workers=[worker], allow_other_workers=False
        )
        self._running[future] = (worker, job)
        return worker

    def ended(self) -> list[Ended]:
        """Wait, for a second at most, and return the jobs that are over.

        Raises:
            InputError: the scheduler is gone and does not come back.
        """
        until_s = time.monotonic() + WAIT_S
        while self._running and time.monotonic() < until_s and not any(future.done() for future in self._running):
            time.sleep(0.02)
        if not self._running:
            time.sleep(0.2)
        if self._lost_scheduler():
            lost = [Ended(job, None, "engine") for _, job in self._running.values()]
            self._running.clear()
            self._connect(self._patience_s)
            return lost
        there = set(self._workers())
        over = []
        for future in list(self._running):
            worker, job = self._running[future]
            if future.status == "finished":
                over.append(self._finished(future, job))
            elif future.status in ("cancelled", "lost"):  # a scheduler that came back knows nothing of it
                over.append(Ended(job, None, "engine"))
            elif future.status == "error" or worker not in there:
                over.append(Ended(job, None, "worker", _why(future)))
                with contextlib.suppress(Exception):
                    future.cancel(force=True)
            else:
                continue
            del self._running[future]
        return over

    def close(self) -> None:
        """Let the cluster go; what it still hears for us is called off."""
        with contextlib.suppress(Exception):
            for future in self._running:
                future.cancel(force=True)
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)

    def _finished(self, future: Any, job: Job) -> Ended:  # noqa: ANN401 - Dask's
        try:
            return Ended(job, future.result(timeout=CONNECT_S))
        except Exception as error:  # noqa: BLE001 - its worker went between the end and the asking
            return Ended(job, None, "worker", f"{type(error).__name__}: {error}")

    def _connect(self, patience_s: float) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise UsageError(f"--scheduler needs Dask: pip install 'voicecare[cluster]' ({error})") from error
        until_s = time.monotonic() + patience_s
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close(timeout=0)
        while True:
            try:
                self._client = Client(  # type: ignore[no-untyped-call]
                    self._address, timeout=min(5.0, patience_s), set_as_default=False
                )
            except (OSError, ValueError, TimeoutError) as error:
                if isinstance(error, ValueError):
                    raise UsageError(f"--scheduler {self._address}: not an address; give tcp://HOST:PORT") from error
                if time.monotonic() > until_s:
                    raise InputError(
                        f"there is no scheduler at {self._address}; start one with `dask scheduler`, then run this "
                        "again: what is done stays done"
                    ) from error
                time.sleep(1.0)
            else:
                self._looked_s = 0.0
                return

    def _lost_scheduler(self) -> bool:
        return bool(self._client.status != "running")

    def _workers(self) -> tuple[str, ...]:
        if time.monotonic() - self._looked_s > LOOK_EVERY_S:
            with contextlib.suppress(Exception):
                told = self._client.scheduler_info(n_workers=-1)
                self._known = tuple(sorted(told["workers"]))
            self._looked_s = time.monotonic()
        return self._known

    def _waiting(self) -> list[str]:
        busy = {worker for worker, _ in self._running.values()}
        return [worker for worker in self._workers() if worker not in busy]


def _why(future: Any) -> str:  # noqa: ANN401 - Dask's
    if future.status != "error":
        return ""
    error = future.exception(timeout=CONNECT_S)
    return f"{type(error).__name__}: {error}"
