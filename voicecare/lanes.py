"""Where the slow work is done beside the loop: replayed, live, or read back from a recorded session."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from voicecare.errors import StageError
from voicecare.timebase import Samples
from voicecare.types import Delivery, Health, Heard, Recogniser, Request


class NoLane:
    """Does no slow work: no words and no encoder's view."""

    name = "none"

    def submit(self, request: Request) -> None:
        """Let the request go."""

    def due(self, now: Samples) -> list[Delivery]:  # noqa: ARG002 - the Lane Protocol
        """Nothing."""
        return []

    def close(self, now: Samples) -> list[Delivery]:  # noqa: ARG002 - the Lane Protocol
        """Nothing."""
        return []


class ReplayLane:
    """The live model, delivered at a fixed lag on the audio clock: the same call gives the same events every time."""

    name = "replay"

    def __init__(self, recogniser: Recogniser, lag: Samples) -> None:
        self._recogniser = recogniser
        self._lag = lag
        self._worker = ThreadPoolExecutor(1, "recogniser")
        self._pending: deque[tuple[Samples, Future[Heard]]] = deque()

    def submit(self, request: Request) -> None:
        """Start on a request; the audio may run on for the lag meanwhile."""
        self._pending.append((request.at + self._lag, self._worker.submit(self._recogniser.hear, request)))

    def due(self, now: Samples) -> list[Delivery]:
        """Deliver what is due at audio time `now`, waiting for the worker if the replay has outrun it."""
        heard: list[Delivery] = []
        while self._pending and self._pending[0][0] <= now:
            heard.append(replace(self._pending.popleft()[1].result(), arrived=now))
        return heard

    def close(self, now: Samples) -> list[Delivery]:
        """Deliver everything asked for and end the worker."""
        heard: list[Delivery] = [replace(future.result(), arrived=now) for _, future in self._pending]
        self._pending.clear()
        self._worker.shutdown(wait=True, cancel_futures=True)
        return heard


class LiveLane:
    """One worker that may fall behind: never waits, drops its own oldest partial work first, and says so.

    bound: how many requests may wait. Finals are dropped only when nothing else is left to drop.
    """

    name = "live"

    def __init__(self, recogniser: Recogniser, bound: int = 8) -> None:
        self._recogniser = recogniser
        self._bound = bound
        self._lock = threading.Condition()
        self._waiting: deque[Request] = deque()
        self._done: deque[Heard] = deque()
        self._dropped = 0
        self._failure: StageError | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="recogniser", daemon=True)
        self._thread.start()

    def submit(self, request: Request) -> None:
        """Take a request; drops the oldest partial one (else the oldest) when too many wait."""
        with self._lock:
            self._waiting.append(request)
            if len(self._waiting) > self._bound:
                partial = next((r for r in self._waiting if not (r.final and r.want_words)), self._waiting[0])
                self._waiting.remove(partial)
                self._dropped += 1
            self._lock.notify()

    def due(self, now: Samples) -> list[Delivery]:
        """Deliver what is done, stamped with the audio clock; never waits.

        Raises:
            StageError: the recogniser failed.
        """
        with self._lock:
            if self._failure is not None:
                raise self._failure
            heard: list[Delivery] = [replace(h, arrived=now) for h in self._done]
            self._done.clear()
            if self._dropped:
                heard.append(Health(now, "recogniser_behind", self._dropped, "dropped its oldest work to keep up"))
                self._dropped = 0
        return heard

    def close(self, now: Samples) -> list[Delivery]:
        """Finish what waits and end the worker."""
        with self._lock:
            self._closing = True
            self._lock.notify()
        self._thread.join()
        return self.due(now)

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._waiting and not self._closing:
                    self._lock.wait()
                if not self._waiting:
                    return
                request = self._waiting.popleft()
            try:
                heard = self._recogniser.hear(request)
            except StageError as error:
                with self._lock:
                    self._failure = error
                return
            with self._lock:
                self._done.append(heard)


class LoggedLane:
    """Delivers what a recorded session heard, when it heard it: the agent's cues, exactly, without a recogniser."""

    name = "logged"

    def __init__(self, deliveries: Sequence[Delivery]) -> None:
        self._pending = deque(deliveries)

    def submit(self, request: Request) -> None:
        """Ignore the request: its answer is in the log, if there ever was one."""

    def due(self, now: Samples) -> list[Delivery]:
        """Deliver what the session had by `now`."""
        heard: list[Delivery] = []
        while self._pending and _arrival(self._pending[0]) <= now:
            heard.append(self._pending.popleft())
        return heard

    def close(self, now: Samples) -> list[Delivery]:
        """Deliver what came with the end of the call."""
        return self.due(now)


def _arrival(delivery: Delivery) -> Samples:
    return delivery.arrived if isinstance(delivery, Heard) else delivery.at
