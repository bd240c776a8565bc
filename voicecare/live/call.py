"""One live call: hops in, events to its records and to the screen, and the agent's wishes heeded on the way."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Iterator

import numpy as np

from voicecare.config import Config
from voicecare.cue.face import Face
from voicecare.cue.viewmodel import Wishes
from voicecare.engine import Engine
from voicecare.errors import StageError
from voicecare.live.record import Records
from voicecare.ports import Lane
from voicecare.speech.activity.bleed import LeakProof
from voicecare.speech.pipeline import Edges, Pipeline
from voicecare.speech.redaction.redaction import muted
from voicecare.timebase import Samples
from voicecare.types import AudioBlock, Cue, Event, Health, Heard, Party


class LiveCall:
    """Hears one call with an engine of its own; its time begins with its first hop.

    face: None hears without showing. records: what is kept of it.
    """

    def __init__(
        self, config: Config, edges: Edges, lane: Lane, *, wishes: Wishes, records: Records, face: Face | None
    ) -> None:
        self._engine = Engine(Pipeline(config, edges), lane)
        self._voice = edges.voice
        self._wishes = wishes
        self._records = records
        self._face = face
        self._unshown: set[int] = set()
        self._last_hid: dict[Party, tuple[Heard]] = {}  # the last utterance of which something was hidden
        self._leak_told = False
        self._complete = True
        self.objected = False
        """Whether the caller objected; a new call that the agent begins meanwhile does not take it back."""

    @property
    def now(self) -> Samples:
        """How far the call has been heard."""
        return self._engine.now

    def run(self, early: Iterable[Health], items: Iterable[AudioBlock | Health]) -> None:
        """Hear the call to its end, or until the caller objects.

        early: what was said, and shown, before the first hop.

        Raises:
            StageError: a stage failed; the record says so.
        """
        for said in early:
            self._records.write(dataclasses.replace(said, at=0))
        try:
            for event in self._engine.run(self._hops(items)):
                if self._heeds_objection():
                    break
                self._tell_leak()
                self._tell(event)
        except StageError as error:
            self._tell(Health(self.now, "stage_failed", 1, details={"error": str(error)}))
            raise
        finally:
            self._records.end(self.now, complete=self._complete)

    def _hops(self, items: Iterable[AudioBlock | Health]) -> Iterator[AudioBlock]:
        """The hops of the call, counted from its own start; what capture says about itself is told on the way."""
        base: Samples | None = None
        paused = False
        for item in items:
            if self._heeds_objection():
                return
            if isinstance(item, Health):
                self._tell(dataclasses.replace(item, at=max(0, item.at - (base or 0))))
                continue
            base = item.start if base is None else base
            block = dataclasses.replace(item, start=item.start - base)
            if self._wishes.paused:
                block = AudioBlock(block.start, np.zeros_like(block.samples), gap=True)
            if paused != self._wishes.paused:
                paused = self._wishes.paused
                self._tell(Health(block.start, "not_listening" if paused else "listening", 0, "paused"))
            self._records.hear(block)
            yield block
            if self._face is not None:
                self._face.beat(block.end)

    def _heeds_objection(self) -> bool:
        """Whether the caller objected; said at once, not when the words still asked for have come."""
        if self._wishes.objected and not self.objected:
            self.objected = True
            self._tell(Health(self.now, "not_listening", 1, "caller_objects"))
        return self.objected

    def _tell(self, event: Event) -> None:
        """Record an event and show it; of what may not be kept the sound is silenced, too."""
        told = self._as_shown(event)
        self._complete = self._complete and not (isinstance(event, Health) and event.kind == "stage_failed")
        self._records.write(told)
        if isinstance(told, Heard):
            self._silence(told)
        if self._face is not None:
            self._face.push(told)

    def _silence(self, heard: Heard) -> None:
        """Silence what was hidden of an utterance, and what lies between it and what was hidden shortly before."""
        if not muted((heard,))[heard.channel]:
            return
        for span in muted((*self._last_hid.get(heard.channel, ()), heard))[heard.channel]:
            self._records.mute(heard.channel, span)
        self._last_hid[heard.channel] = (heard,)

    def _tell_leak(self) -> None:
        """Say once a call that the caller is heard in the agent's microphone."""
        leak = self._voice.leak if isinstance(self._voice, LeakProof) else None
        if leak is not None and not self._leak_told:
            self._leak_told = True
            self._tell(Health(self.now, "leak", note="caller", details={"quieter_db": round(-float(leak.gain_db), 1)}))

    def _as_shown(self, event: Event) -> Event:
        """A cue that the agent does not want to see is logged as not shown, to its end."""
        if not isinstance(event, Cue):
            return event
        if event.cleared_at is None and not self._wishes.shows_cues(time.perf_counter()):
            self._unshown.add(event.id)
        return dataclasses.replace(event, shown=False) if event.id in self._unshown else event
