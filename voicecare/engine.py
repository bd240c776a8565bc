"""The one loop: hops in, slow work beside, events out. The same for live and replay."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from itertools import islice

from voicecare.errors import failure_boundary
from voicecare.ports import Lane
from voicecare.speech.pipeline import Output, Pipeline
from voicecare.timebase import Samples
from voicecare.types import AudioBlock, CallPhase, Delivery, Event, Health, Request


class Engine:
    """Runs a pipeline over a source and a lane; iterate `run` for the events in order.

    It is the boundary of every failure: whatever the source, a stage or the lane raises leaves `run` as an error that
    was raised on purpose. Its lane ends with it, however it ends.

    ahead: how many hops of the source are listened to at once. One where audio comes as it is spoken; a recording is
    heard faster in long stretches, and gives the same events.
    """

    def __init__(self, pipeline: Pipeline, lane: Lane, ahead: int = 1) -> None:
        self._pipeline = pipeline
        self._lane = lane
        self._ahead = ahead
        self._abandoned = False
        self._phases: deque[CallPhase] = deque()
        self.now: Samples = 0

    def run(self, source: Iterable[AudioBlock]) -> Generator[Event, None, None]:
        """Hear the source to its end.

        Raises:
            StageError: a stage failed; what was yielded before still counts.
        """
        try:
            with failure_boundary():
                yield from self._heard(source)
        finally:
            self._lane.abandon()

    def abandon(self) -> None:
        """Drop everything that waits, at once: when the source ends nothing more is heard, scored or told of it."""
        self._abandoned = True
        self._lane.abandon()

    def enter(self, phase: CallPhase) -> None:
        """Let the call enter a phase that is known otherwise than by its sound; it does so with the next hop.

        The event that is yielded, and kept in the session, bears that hop's start: a replay of the session with
        `LoggedLane` enters it with the same hop.
        """
        self._phases.append(phase)

    @property
    def speaking(self) -> tuple[bool, bool]:
        """Whether agent and caller spoke in the last hop."""
        return self._pipeline.speaking

    def _heard(self, source: Iterable[AudioBlock]) -> Iterator[Event]:
        blocks = iter(source)
        while stretch := list(islice(blocks, self._ahead)):
            for listened in self._pipeline.listen(stretch):
                start = listened.block.start
                while self._phases:
                    phase = dataclasses.replace(self._phases.popleft(), at=start)
                    yield from self._sort(self._pipeline.push_phase(phase))
                yield from self._deliver(self._lane.due(start))
                self.now = listened.block.end
                yield from self._sort(self._pipeline.push_audio(listened))
        if self._abandoned:
            return
        yield from self._sort(self._pipeline.last_requests())
        yield from self._deliver(self._lane.close(self.now))
        yield from self._sort(self._pipeline.finish())

    def _deliver(self, deliveries: Iterable[Delivery]) -> Iterator[Event]:
        for delivery in deliveries:
            if isinstance(delivery, Health):
                yield delivery
            elif isinstance(delivery, CallPhase):
                yield from self._sort(self._pipeline.push_phase(delivery))
            else:
                yield from self._sort(self._pipeline.push_heard(delivery))

    def _sort(self, outputs: Iterable[Output]) -> Iterator[Event]:
        for output in outputs:
            if isinstance(output, Request):
                self._lane.submit(output)
            else:
                yield output
