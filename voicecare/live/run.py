"""A running day: calls of one source heard one after the other, each by a fresh engine, shown and kept."""

from __future__ import annotations

import dataclasses
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from threading import Timer
from typing import TypeAlias

from voicecare import __version__
from voicecare.assembly import Choices, build_edges, build_intake, build_recogniser, for_call, model_versions
from voicecare.config import Config
from voicecare.cue.face import Face
from voicecare.cue.viewmodel import Wishes
from voicecare.errors import InputError, StageError, failure_boundary
from voicecare.lanes import LiveLane, NoLane, WordsMayFail
from voicecare.live.bysound import calls_by_sound
from voicecare.live.call import LiveCall
from voicecare.live.clearing import Clearing
from voicecare.live.keeping import DAYS, Keep
from voicecare.live.kept import CallHeard, Kept
from voicecare.live.record import Records
from voicecare.ports import Lane, Recogniser
from voicecare.session import Header
from voicecare.source import Item, LiveSource
from voicecare.speech.pipeline import Edges
from voicecare.timebase import RATE_HZ, Samples, samples
from voicecare.types import AudioBlock, CallPhase, Event, Health, Phase

PATIENCE_S = 5.0
"""How much longer than the call asked for is waited for a first sound."""
MOST_FAILURES, FAILURES_WITHIN_S = 3, 3_600.0
"""An engine that failed is replaced by a fresh one; where more than this many fail within an hour of sound, none is."""

Said: TypeAlias = Health | CallPhase
OpenSource: TypeAlias = Callable[[], AbstractContextManager[LiveSource]]
"""How a run gets what it hears: opened when the models are loaded, closed when the run ends, however it ends."""


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What a live run needs to know.

    session: where the events are kept besides, or None. keep, folder, days: what is kept of every call, where, and for
    how long. unmuted: without words sound is kept, although nothing in it can be silenced. seconds: end by itself after
    so much call, or None. whole_output: the caller's leg is all that the output plays, which is said. by_sound: calls
    begin and end by what is heard, because nothing else tells.
    """

    models: Choices = field(default_factory=Choices)
    config: Config = field(default_factory=Config)
    session: Path | None = None
    keep: Keep = "counts"
    folder: Path | None = None
    days: float = DAYS
    unmuted: bool = False
    seconds: float | None = None
    whole_output: bool = False
    by_sound: bool = False


class LiveRun:
    """Hears calls one after the other until stopped; every call has a fresh engine and baseline.

    face: None hears without showing. `stop` and `next_call` may be called from any thread.
    """

    def __init__(self, options: LiveOptions, wishes: Wishes, open_source: OpenSource, face: Face | None = None) -> None:
        self.options = options
        self._wishes = wishes
        self._open_source = open_source
        self.face = face
        self._recogniser: Recogniser | None = None
        self._stopped = False
        self._next = self._ended = self._waits = self._hold = self._erase = False
        self._phase: Phase = "talk"
        self._faults: dict[str, Health] = {}  # what the source said is wrong and has not taken back
        self._source: LiveSource | None = None
        self._call: LiveCall | None = None
        self._failures: deque[Samples] = deque()
        self._passed: Samples = 0  # with what was let pass unheard
        self.heard: Samples = 0
        self.calls: list[CallHeard] = []
        self.kept = Kept(options.folder, options.keep, options.days, options.session, self._tell_not_kept)
        self.failures: list[str] = []
        """What failed although the run went on, a line each."""

    def stop(self) -> None:
        """End the call and the run, also where nothing is heard yet."""
        self._stopped = True
        if self._source is not None:
            self._source.stop()

    def next_call(self) -> None:
        """End this call and begin another; an objection to this one stands."""
        call = self._call
        if call is not None and self._wishes.objected:
            call.object()
        self._next = True

    def end_call(self) -> None:
        """End this call; the next one begins when the telephone says so, or when asked for."""
        self._ended = self._call is not None

    def hold_call(self, *, held: bool) -> None:
        """One party waits, or goes on."""
        self._hold = held and self._call is not None

    def erase_call(self) -> None:
        """Remove what was kept of this call, when it is over, or else of the last one."""
        if self._call is not None:
            self._erase = True
        else:
            self.kept.erase_last()

    def status(self) -> dict[str, str | float | bool]:
        """What happens now, in words of `CallPhase`; how long the call has been heard; what the agent wishes."""
        call = self._call
        return {
            "phase": self._phase,
            "call_s": 0.0 if call is None else round(call.now / RATE_HZ, 1),
            "calls": len(self.calls) + (call is not None),
            "paused": self._wishes.paused,
            "objected": self._wishes.objected,
        }

    def silent(self) -> bool:
        """Whether nothing may be heard now, so that microphone and line can be closed."""
        return self._wishes.paused or self._waits

    def run(self) -> None:
        """Hear until stopped or until the seconds asked for are over.

        Raises:
            InputError: the source or a model cannot start. OutputError: nothing can be kept of the first call.
            StageError: too many engines failed.
        """
        if self.options.models.words and self._recogniser is None:
            threads = max(1, (os.cpu_count() or 2) - 2)
            self._recogniser = build_recogniser(self.options.config, self.options.models, threads)
        self.kept.open()
        with self._open_source() as source:
            self._source = source
            items = self._noted(source)
            if self.options.by_sound:
                items = calls_by_sound(items, self.options.config.life, self._speaking)
            failure: StageError | None = None
            while True:
                if self._stopped:  # also while the models were loaded, when there was no source to stop
                    return
                asked, self._next, self._ended = self._next, False, False
                early, first = self._until_heard(source, items, failure, asked=asked)
                if first is None:
                    if failure is not None and not self._stopped:  # the source failed and has nothing more to give
                        raise failure
                    return
                failure = self._one_call(source, early, chain((first,), items))
                if self._over():
                    return

    def _until_heard(
        self, source: LiveSource, items: Iterator[Item], failure: StageError | None, *, asked: bool
    ) -> tuple[list[Said], AudioBlock | None]:
        """Wait for a call, and for the devices, whose names a record begins with; return what is said until then.

        It is shown at once, and recorded later. failure: why the engine before this one ended, or None. asked: the call
        begins because the agent wants one.

        Raises:
            InputError: the seconds asked for went by and nothing was heard.
        """
        early = self._begun(failure, CallPhase(0, "talk", "asked") if asked else None)
        patience = None if self.options.seconds is None else Timer(self.options.seconds + PATIENCE_S, source.stop)
        if patience is not None:
            patience.start()
        try:
            for item in items:
                if isinstance(item, AudioBlock):
                    return early, item
                if isinstance(item, CallPhase) and item.phase == "talk":
                    self._wishes.new_call()  # the objection was another caller's
                    early = self._begun(None, item)
                    continue
                self._show(item)
                if isinstance(item, Health):
                    early.append(item)
        finally:
            if patience is not None:
                patience.cancel()
        if self.options.seconds is not None and not self.heard and not self._stopped:
            raise InputError(
                f"nothing was heard in {self.options.seconds:g} s; `voicecare doctor` says what is missing"
            )
        return early, None

    def _begun(self, failure: StageError | None, phase: CallPhase | None) -> list[Said]:
        """Show that a call begins, with what is wrong already; return what its record begins with."""
        early: list[Said] = list(self._faults.values())  # of the call before; this one has not heard of it
        if self.options.whole_output:
            early.append(Health(0, "whole_output"))
        if failure is not None:
            early.append(Health(0, "stage_failed", 1, "began_anew"))
        if phase is not None:
            early.append(phase)
        if self.face is not None:
            self.face.begin()
        for said in early:
            self._show(said)
        return early

    def _noted(self, items: Iterable[Item]) -> Iterator[Item]:
        """What the source says, keeping in mind what is wrong with the devices: that outlasts a call."""
        for item in items:
            if isinstance(item, Health) and item.kind == "listening":
                self._faults.pop(item.note, None)
            elif isinstance(item, Health):
                self._faults[item.note] = item
            yield item

    def _one_call(self, source: LiveSource, early: list[Said], items: Iterator[Item]) -> StageError | None:
        """Hear one call to its end; return what failed in the middle where a fresh engine may go on.

        Raises:
            StageError: too many engines have failed.
        """
        began = datetime.now().astimezone()
        lane = self._lane()
        try:
            edges = self._edges()
            records = self._records(source, lane)
            call = self._call = LiveCall(
                self.options.config, edges, lane, wishes=self._wishes, records=records, face=self.face
            )
            call.run(early, self._of_this_call(items))
        except StageError as error:
            if not self._may_begin_anew():
                raise
            self.failures.append(str(error))
            return None if self._next else error
        finally:
            if self._call is not None:
                self.calls.append(CallHeard(began, self._call.now / RATE_HZ, self._call.cues_shown))
            self._call = None
            if self._erase:
                self._erase = False
                self.kept.erase_last()
        if call.objected or self._ended:
            self._wait_for_next(items)
        return None

    def _edges(self) -> Edges:
        try:
            with failure_boundary():
                return build_edges(self.options.config, self.options.models)
        except StageError as error:
            self._show(Health(self.heard, "stage_failed", 1, details={"error": error.note}))
            raise

    def _may_begin_anew(self) -> bool:
        self._failures.append(self._passed)
        while self._passed - self._failures[0] > samples(FAILURES_WITHIN_S):
            self._failures.popleft()
        return len(self._failures) <= MOST_FAILURES

    def _of_this_call(self, items: Iterator[Item]) -> Iterator[Item]:
        """What is heard until this call is over, and that it is."""
        held = self._hold = False
        for item in items:
            if self._next or self._ended:
                yield self._entered(CallPhase(0, "ended", "asked"))
                return
            if held != self._hold:
                held = self._hold
                yield self._entered(CallPhase(0, "hold" if held else "talk", "asked"))
            if self._over():
                return
            yield item
            if isinstance(item, AudioBlock):
                self.heard += item.samples.shape[1]
                self._passed += item.samples.shape[1]
            elif isinstance(item, CallPhase) and self._entered(item).phase == "ended":
                return

    def _entered(self, phase: CallPhase) -> CallPhase:
        self._phase = phase.phase
        return phase

    def _lane(self) -> Lane:
        if self._recogniser is None:
            return NoLane() if self.options.unmuted else Clearing(NoLane(), self.options.config.words)
        lane = LiveLane(for_call(self._recogniser), build_intake(self.options.config))
        words = WordsMayFail(lane, lambda error: self.failures.append(str(error)))
        return Clearing(words, self.options.config.words) if self.options.config.words.redact else words

    def _wait_for_next(self, items: Iterator[Item]) -> None:
        """The caller objected, or the agent ended the call: let everything pass unheard until it is over."""
        self._waits = True
        for item in items:
            if isinstance(item, AudioBlock):
                self._passed += item.samples.shape[1]
            if self._next or self._over() or (isinstance(item, CallPhase) and item.phase == "ended"):
                break
        self._waits = False

    def _speaking(self) -> tuple[bool, bool]:
        return (False, False) if self._call is None else self._call.speaking

    def _over(self) -> bool:
        limit = self.options.seconds
        return self._stopped or (limit is not None and self._passed >= samples(limit))

    def _records(self, source: LiveSource, lane: Lane) -> Records:
        """Open what is kept of a call.

        Raises:
            OutputError: it is the first, and something of it cannot be kept; of a later one that is said.
        """
        header = Header(
            voicecare=__version__,
            lane="live",
            sources=source.names,
            rate_hz=RATE_HZ,
            agent_channel="right" if len(source.names) == 1 else "own device",
            vad=self.options.models.vad,
            recogniser=None if self._recogniser is None or lane.name == "none" else self._recogniser.name,
            models=model_versions(self._recogniser),
            config=dataclasses.asdict(self.options.config),
        )
        return self.kept.records(header)

    def _tell_not_kept(self) -> None:
        """A record failed: the call goes on, and the screen says so."""
        self._show(Health(self.heard, "stage_failed", 1, "not_kept"))

    def _show(self, event: Event) -> None:
        if isinstance(event, CallPhase):
            self._entered(event)
        if self.face is not None:
            self.face.push(event)
