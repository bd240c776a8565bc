"""Where the slow work is done beside the loop: replayed, live, or read back from a recorded session."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from voicecare.errors import StageError, VoicecareError, failure_boundary
from voicecare.ports import Lane, Recogniser
from voicecare.speech.redaction.redaction import Redactor
from voicecare.speech.words.intake import Intake
from voicecare.timebase import Samples
from voicecare.types import Delivery, Health, Heard, Request


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

    def abandon(self) -> None:
        """Nothing waits."""


class ReplayLane:
    """The live model, delivered at a fixed lag on the audio clock: the same call gives the same events every time.

    intake: what every hearing passes before it is delivered; by default it is redacted.
    """

    name = "replay"

    def __init__(self, recogniser: Recogniser, lag: Samples, intake: Intake | None = None) -> None:
        self._recogniser = recogniser
        self._lag = lag
        self._intake = intake or Intake(Redactor())
        self._worker = ThreadPoolExecutor(1, "recogniser")
        self._pending: deque[tuple[Samples, Future[Heard]]] = deque()

    def submit(self, request: Request) -> None:
        """Start on a request; the audio may run on for the lag meanwhile."""
        self._pending.append((request.at + self._lag, self._worker.submit(self._recogniser.hear, request)))

    def due(self, now: Samples) -> list[Delivery]:
        """Deliver what is due at audio time `now`, waiting for the worker if the replay has outrun it.

        Raises:
            StageError: the recogniser failed.
        """
        done: list[Heard] = []
        while self._pending and self._pending[0][0] <= now:
            done.append(_answer(self._pending.popleft()[1]))
        return list(self._intake.take(done, now))

    def close(self, now: Samples) -> list[Delivery]:
        """Deliver everything asked for and end the worker."""
        try:
            return list(self._intake.finish([_answer(future) for _, future in self._pending], now))
        finally:
            self._pending.clear()
            self._worker.shutdown(wait=False, cancel_futures=True)

    def abandon(self) -> None:
        """Drop what waits; what the worker is at is not waited for, and its answer goes nowhere."""
        self._pending.clear()
        self._worker.shutdown(wait=False, cancel_futures=True)


class InTurnLane(ReplayLane):
    """A `ReplayLane` whose audio waits while a request is heard: it takes one core, where the other takes two at times.

    For a worker a core: the recogniser of one would wait for the core of another.
    """

    def submit(self, request: Request) -> None:
        """Hear a request to its end; its answer is delivered when it is due."""
        super().submit(request)
        wait([self._pending[-1][1]])


class LiveLane:
    """One worker that may fall behind: never waits, drops its own oldest partial work first, and says so.

    Work that a newer request of the same party covers is let go without a word: nothing is lost by it. To be used by
    one thread.

    intake: what every hearing passes before it is delivered; by default it is redacted. bound: how many requests may
    wait. Finals are dropped only when nothing else is left to drop.
    """

    name = "live"

    def __init__(self, recogniser: Recogniser, intake: Intake | None = None, bound: int = 8) -> None:
        self._recogniser = recogniser
        self._intake = intake or Intake(Redactor())
        self._bound = bound
        self._worker = ThreadPoolExecutor(1, "recogniser")
        self._waiting: deque[Request] = deque()
        self._running: Future[Heard] | None = None
        self._dropped = 0

    def submit(self, request: Request) -> None:
        """Take a request; drops the oldest partial one (else the oldest) when too many wait."""
        self._waiting = deque(r for r in self._waiting if not _covers(request, r))
        self._waiting.append(request)
        if len(self._waiting) > self._bound:
            self._waiting.remove(next((r for r in self._waiting if not r.final), self._waiting[0]))
            self._dropped += 1
        self._start()

    def due(self, now: Samples) -> list[Delivery]:
        """Deliver what is done, stamped with the audio clock; never waits.

        Raises:
            StageError: the recogniser failed.
        """
        done: list[Heard] = []
        if self._running is not None and self._running.done():
            done = [_answer(self._running)]
            self._running = None
            self._start()
        with failure_boundary():
            return self._said(self._intake.take(done, now), now)

    def close(self, now: Samples) -> list[Delivery]:
        """Finish what waits and end the worker."""
        done: list[Heard] = []
        try:
            while self._running is not None:
                done.append(_answer(self._running))
                self._running = None
                self._start()
        finally:
            self._worker.shutdown(wait=False, cancel_futures=True)
        with failure_boundary():
            return self._said(self._intake.finish(done, now), now)

    def abandon(self) -> None:
        """Drop what waits; what the worker is at is not waited for, and its answer goes nowhere."""
        self._waiting.clear()
        self._running = None
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _start(self) -> None:
        if self._running is None and self._waiting:
            self._running = self._worker.submit(self._recogniser.hear, self._waiting.popleft())

    def _said(self, heard: Sequence[Heard], now: Samples) -> list[Delivery]:
        said: list[Delivery] = list(heard)
        if self._dropped:
            said.append(Health(now, "recogniser_behind", self._dropped))
            self._dropped = 0
        return said


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

    def abandon(self) -> None:
        """Drop what is left of the log."""
        self._pending.clear()


class WordsMayFail:
    """A lane whose failure costs the words, not the call: cues can come from the voice alone.

    failed: told why, once.
    """

    def __init__(self, lane: Lane, failed: Callable[[StageError], None] = lambda _error: None) -> None:
        self.name = lane.name
        self._lane: Lane = lane
        self._failed = failed

    def submit(self, request: Request) -> None:
        """Pass a request on."""
        self._lane.submit(request)

    def due(self, now: Samples) -> list[Delivery]:
        """Deliver, or say once that there will be no more words."""
        try:
            return self._lane.due(now)
        except StageError as error:
            return self._without_words(error, now)

    def close(self, now: Samples) -> list[Delivery]:
        """End the lane."""
        try:
            return self._lane.close(now)
        except StageError as error:
            return self._without_words(error, now)

    def abandon(self) -> None:
        """Drop what waits."""
        self._lane.abandon()

    def _without_words(self, error: StageError, now: Samples) -> list[Delivery]:
        self._lane.abandon()
        self._lane = NoLane()
        self._failed(error)
        return [Health(now, "stage_failed", 1, "no_words")]


def _arrival(delivery: Delivery) -> Samples:
    return delivery.arrived if isinstance(delivery, Heard) else delivery.at


def _answer(work: Future[Heard]) -> Heard:
    """Wait for a hearing; whatever a model runtime raised becomes the one error a lane may raise."""
    error = work.exception()
    if error is None:
        return work.result()
    if isinstance(error, VoicecareError):
        raise error
    kind = type(error).__name__
    raise StageError(f"the recogniser failed ({kind}: {error}); words are missing", f"recogniser: {kind}") from error


def _covers(newer: Request, older: Request) -> bool:
    """Whether what `older` asks for comes with `newer`, too; edges of speech may have moved a little meanwhile."""
    return (
        not older.final
        and newer.channel == older.channel
        and 2 * newer.span.overlap(older.span) > older.span.length
        and (newer.want_words or not older.want_words)
        and (newer.want_voice or not older.want_voice)
    )
