"""The one loop: hops in, slow work beside, events out. The same for live and replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voicecare.ports import Lane
from voicecare.speech.pipeline import Output, Pipeline
from voicecare.timebase import Samples
from voicecare.types import AudioBlock, Delivery, Event, Health, Request


class Engine:
    """Runs a pipeline over a source and a lane; iterate `run` for the events in order."""

    def __init__(self, pipeline: Pipeline, lane: Lane) -> None:
        self._pipeline = pipeline
        self._lane = lane
        self.now: Samples = 0

    def run(self, source: Iterable[AudioBlock]) -> Iterator[Event]:
        """Hear the source to its end.

        Raises:
            StageError: a stage failed; what was yielded before still counts.
        """
        for block in source:
            yield from self._deliver(self._lane.due(block.start))
            self.now = block.end
            yield from self._sort(self._pipeline.push_audio(block))
        yield from self._sort(self._pipeline.last_requests())
        yield from self._deliver(self._lane.close(self.now))
        yield from self._sort(self._pipeline.finish())

    def _deliver(self, deliveries: Iterable[Delivery]) -> Iterator[Event]:
        for delivery in deliveries:
            if isinstance(delivery, Health):
                yield delivery
            else:
                yield from self._sort(self._pipeline.push_heard(delivery))

    def _sort(self, outputs: Iterable[Output]) -> Iterator[Event]:
        for output in outputs:
            if isinstance(output, Request):
                self._lane.submit(output)
            else:
                yield output
