"""The one loop: hops in, slow work beside, events out. The same for live and replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from voicecare.ports import Lane
from voicecare.speech.pipeline import Output, Pipeline
from voicecare.timebase import Samples
from voicecare.types import AudioBlock, Delivery, Event, Health, Request


class Engine:
    """Runs a pipeline over a source and a lane; iterate `run` for the events in order.

    ahead: how many hops of the source are listened to at once. One where audio comes as it is spoken; a recording is
    heard faster in long stretches, and gives the same events.
    """

    def __init__(self, pipeline: Pipeline, lane: Lane, ahead: int = 1) -> None:
        self._pipeline = pipeline
        self._lane = lane
        self._ahead = ahead
        self.now: Samples = 0

    def run(self, source: Iterable[AudioBlock]) -> Iterator[Event]:
        """Hear the source to its end.

        Raises:
            StageError: a stage failed; what was yielded before still counts.
        """
        blocks = iter(source)
        while stretch := list(islice(blocks, self._ahead)):
            for listened in self._pipeline.listen(stretch):
                yield from self._deliver(self._lane.due(listened.block.start))
                self.now = listened.block.end
                yield from self._sort(self._pipeline.push_audio(listened))
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
