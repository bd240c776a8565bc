"""One live call: hops in, events to its records and to the screen, and the agent's wishes heeded on the way."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Iterator
from contextlib import closing

import numpy as np

from voicecare.config import Config
from voicecare.cue.face import Face
from voicecare.cue.viewmodel import Wishes
from voicecare.engine import Engine
from voicecare.errors import StageError, failure_boundary
from voicecare.live.clearing import PATIENCE_S, Clearing
from voicecare.live.record import Records
from voicecare.ports import Lane
from voicecare.source import Item
from voicecare.speech.activity.bleed import LeakProof
from voicecare.speech.pipeline import Edges, Pipeline
from voicecare.speech.redaction.redaction import muted
from voicecare.timebase import Samples, samples
from voicecare.types import AudioBlock, CallPhase, Cue, Event, Health, Heard, Party


class LiveCall:
    """Hears one call with an engine of its own; its time begins with its first hop.

    face: None hears without showing. records: what is kept of it. A `Clearing` as its lane holds sound back until it is
    known what of it may be kept; beside any other lane it is kept as it comes.
    """

    def __init__(
        self, config: Config, edges: Edges, lane: Lane, *, wishes: Wishes, records: Records, face: Face | None
    ) -> None:
        self._engine = Engine(Pipeline(config, edges), lane)
        self._voice = edges.voice
        self._clearing = lane if isinstance(lane, Clearing) else None
        self._wishes = wishes
        self._records = records
        self._face = face
        self._unshown: set[int] = set()
        self._last_hid: dict[Party, tuple[Heard]] = {}  # the last utterance of which something was hidden
        self._leak_told = False
        self._failed = False
        self._to_stop = False
        self._heard_to: Samples = 0
        self._cues: set[int] = set()
        self.objected = False
        """Whether the caller objected; a new call that the agent begins meanwhile does not take it back."""

    @property
    def now(self) -> Samples:
        """How far the call has been heard."""
        return self._engine.now

    @property
    def cues_shown(self) -> int:
        """How many cues the agent saw."""
        return len(self._cues)

    @property
    def speaking(self) -> tuple[bool, bool]:
        """Whether agent and caller spoke in the hop that was heard last."""
        return self._engine.speaking

    def object(self) -> None:
        """The caller objects; may be called from any thread, and stands whatever becomes of the agent's wishes."""
        self._to_stop = True

    def run(self, early: Iterable[Health | CallPhase], items: Iterable[Item]) -> None:
        """Hear the call to its end, or until the caller objects: then what waits is dropped, unheard and unwritten.

        early: what was said, and shown, before the first hop.

        Raises:
            StageError: a stage failed; the record says so, and holds no sound of which it is not known what to hide.
        """
        whole = False
        try:
            for said in early:
                self._failed = self._failed or (isinstance(said, Health) and said.kind == "stage_failed")
                self._records.write(dataclasses.replace(said, at=0))
            with failure_boundary():
                self._hear(items)
            whole = not self._failed
        except StageError as error:
            self._tell(Health(self.now, "stage_failed", 1, details={"error": error.note}))
            raise
        finally:
            self._records.end(self.now, complete=whole)

    def _hear(self, items: Iterable[Item]) -> None:
        with closing(self._engine.run(self._hops(items))) as events:  # the lane ends with it, whoever fails
            for event in events:
                if self._heeds_objection():
                    return
                self._tell_leak()
                self._tell(event)
        if not self.objected:
            self._release(self.now, self.now + 1)

    def _hops(self, items: Iterable[Item]) -> Iterator[AudioBlock]:
        """The hops of the call, counted from its own start; what capture says about itself is told on the way."""
        base: Samples | None = None
        paused = False
        for item in items:
            if self._heeds_objection():
                return
            if isinstance(item, CallPhase) and item.phase == "ended":
                self._tell(dataclasses.replace(item, at=self._heard_to))
                continue
            if isinstance(item, CallPhase):
                self._engine.enter(item)
                continue
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
            self._heard_to = block.end
            yield block
            clear = self.now if self._clearing is None else self._clearing.clear(self.now)
            self._release(clear, self.now - samples(PATIENCE_S))
            if self._face is not None:
                self._face.beat(block.end)
        self._heeds_objection()  # also one that came with the end of the call

    def _release(self, upto: Samples, given_up: Samples) -> None:
        """Let the sound before `upto` be written; stretches that ended before `given_up` untold are silenced first."""
        for party, span in () if self._clearing is None else self._clearing.given_up(given_up):
            self._records.mute(party, span)
        self._records.release(upto)

    def _heeds_objection(self) -> bool:
        """Whether the caller objected; said at once, and everything that waits is dropped."""
        if (self._wishes.objected or self._to_stop) and not self.objected:
            self.objected = True
            pending = None if self._clearing is None else self._clearing.pending
            if pending is not None:
                self._records.forget(pending)
            self._engine.abandon()
            self._tell(Health(self.now, "not_listening", 1, "caller_objects"))
        return self.objected

    def _tell(self, event: Event) -> None:
        """Record an event and show it; of what may not be kept the sound is silenced, too."""
        told = self._as_shown(event)
        if isinstance(told, Cue) and told.shown:
            self._cues.add(told.id)
        self._failed = self._failed or (isinstance(event, Health) and event.kind == "stage_failed")
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
