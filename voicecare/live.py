"""A live call: capture, the one engine, and the agent's screen, joined. Holds no logic of its own about calls."""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from threading import Timer
from typing import Protocol

import numpy as np

from voicecare import __version__
from voicecare.assembly import Choices, build_edges, build_recogniser, model_versions
from voicecare.audio.capture import Capture
from voicecare.audio.devices import Choice
from voicecare.config import Config
from voicecare.cue.viewmodel import ViewModel, Wishes
from voicecare.cue.words import Catalogue
from voicecare.engine import Engine
from voicecare.errors import InputError, StageError, UsageError
from voicecare.keeping import DAYS, Keep, open_folder, places
from voicecare.lanes import LiveLane, NoLane
from voicecare.record import Places, Record, Records
from voicecare.session import Header
from voicecare.speech.bleed import LeakProof
from voicecare.speech.pipeline import Pipeline
from voicecare.timebase import RATE_HZ, Samples, samples
from voicecare.types import AudioBlock, Cue, Delivery, Event, Health, Lane, Recogniser, Request

PATIENCE_S = 5.0
"""How much longer than the call asked for is waited for a first sound."""


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What `voicecare live` was asked.

    session: where the events are kept besides, or None. keep, folder, days: what is kept of every call, where, and for
    how long. seconds: end by itself after so much call, or None.
    """

    devices: Choice = field(default_factory=Choice)
    models: Choices = field(default_factory=Choices)
    config: Config = field(default_factory=Config)
    console: bool = False
    session: Path | None = None
    keep: Keep = "counts"
    folder: Path | None = None
    days: float = DAYS
    seconds: float | None = None
    cue_language: str = "en"


class Face(Protocol):
    """Where a live call is shown; `push` and `beat` are called in the engine's thread."""

    def push(self, event: Event) -> None:
        """Take an event."""
        ...

    def beat(self, at: Samples) -> None:
        """The call has been heard to `at`."""
        ...

    def run(self, work: Callable[[], None]) -> None:
        """Do `work` in a thread of its own and show what happens until it is done."""
        ...


class LiveRun:
    """Hears calls one after the other until stopped; every call has a fresh engine and baseline.

    face: None hears without showing. `stop` and `next_call` may be called from any thread.
    """

    def __init__(self, options: LiveOptions, wishes: Wishes, face: Face | None = None) -> None:
        self._options = options
        self._wishes = wishes
        self.face = face
        self._recogniser: Recogniser | None = None
        self._stopped = False
        self._next = False
        self._hidden: set[int] = set()
        self._leak_told = False
        self._folder: Path | None = None
        self.capture: Capture | None = None
        self.heard: Samples = 0
        self.not_kept: list[str] = []
        """Why something that was to be kept was not, a line each."""

    def stop(self) -> None:
        """End the call and the run, also where nothing is heard yet."""
        self._stopped = True
        if self.capture is not None:
            self.capture.stop()

    def next_call(self) -> None:
        """End this call and begin another."""
        self._next = True

    def run(self) -> None:
        """Hear until stopped or until the seconds asked for are over.

        Raises:
            InputError: capture or a model cannot start. OutputError: the session cannot be written.
        """
        if self._options.models.words and self._recogniser is None:
            threads = max(1, (os.cpu_count() or 2) - 2)
            self._recogniser = build_recogniser(self._options.config, self._options.models, threads)
        if self._options.folder is not None:
            self._folder = open_folder(self._options.folder, self._options.days)
        with Capture(self._options.devices) as capture:
            self.capture = capture
            items = iter(capture)
            for number in count(1):
                self._next = False
                early, first = self._until_heard(capture, items)
                if first is None:
                    return
                self._one_call(capture, early, chain((first,), items), number)
                if self._over():
                    return

    def _until_heard(
        self, capture: Capture, items: Iterator[AudioBlock | Health]
    ) -> tuple[list[Health], AudioBlock | None]:
        """Wait for the devices, whose names a record begins with; what is said meanwhile is shown, and recorded later.

        Raises:
            InputError: the seconds asked for went by and nothing was heard.
        """
        early: list[Health] = []
        patience = None if self._options.seconds is None else Timer(self._options.seconds + PATIENCE_S, capture.stop)
        if patience is not None:
            patience.start()
        try:
            for item in items:
                if isinstance(item, AudioBlock):
                    return early, item
                early.append(item)
                if self.face is not None:
                    self.face.push(item)
        finally:
            if patience is not None:
                patience.cancel()
        if self._options.seconds is not None and not self.heard and not self._stopped:
            raise InputError(
                f"nothing was heard in {self._options.seconds:g} s; `voicecare doctor` says what is missing"
            )
        return early, None

    def _one_call(
        self, capture: Capture, early: list[Health], items: Iterator[AudioBlock | Health], number: int
    ) -> None:
        lane: Lane = NoLane() if self._recogniser is None else WordsMayFail(LiveLane(self._recogniser))
        edges = build_edges(self._options.config, self._options.models)
        engine = Engine(Pipeline(self._options.config, edges), lane)
        self._hidden.clear()
        self._leak_told = False
        records = self._records(capture, lane, number)
        complete = True
        for said in early:
            records.write(dataclasses.replace(said, at=0))

        def tell(event: Event) -> None:
            nonlocal complete
            told = self._as_shown(event)
            complete = complete and not (isinstance(event, Health) and event.kind == "stage_failed")
            records.write(told)
            if self.face is not None:
                self.face.push(told)

        try:
            for event in engine.run(self._hops(items, records, tell)):
                if isinstance(edges.voice, LeakProof):
                    self._tell_leak(edges.voice, engine.now, tell)
                if self._wishes.objected:
                    break
                tell(event)
            if self._wishes.objected:
                tell(Health(engine.now, "not_listening", 1, "caller_objects"))
        except StageError as error:
            tell(Health(engine.now, "stage_failed", 1, str(error)))
            raise
        finally:
            records.end(engine.now, complete=complete)
        if self._wishes.objected:
            lane.close(engine.now)  # its answers are not wanted any more
            self._wait_for_next(items)

    def _hops(
        self, items: Iterator[AudioBlock | Health], records: Records, tell: Callable[[Event], None]
    ) -> Iterator[AudioBlock]:
        """The hops of one call, counted from its own start; what capture says about itself is told on the way."""
        base: Samples | None = None
        paused = False
        for item in items:
            if self._over() or self._next or self._wishes.objected:
                return
            if isinstance(item, Health):
                tell(dataclasses.replace(item, at=max(0, item.at - (base or 0))))
            else:
                base = item.start if base is None else base
                block = dataclasses.replace(item, start=item.start - base)
                if self._wishes.paused:
                    block = AudioBlock(block.start, np.zeros_like(block.samples), gap=True)
                if paused != self._wishes.paused:
                    paused = self._wishes.paused
                    tell(Health(block.start, "not_listening" if paused else "listening", 0, "paused"))
                records.hear(block)
                yield block
                self.heard += block.samples.shape[1]
                if self.face is not None:
                    self.face.beat(block.end)

    def _tell_leak(self, voice: LeakProof, now: Samples, tell: Callable[[Event], None]) -> None:
        """Say once a call that the caller is heard in the agent's microphone."""
        if voice.leak is not None and not self._leak_told:
            self._leak_told = True
            tell(Health(now, "leak", voice.leak.lag, f"{voice.leak.gain_db:.0f} dB"))

    def _as_shown(self, event: Event) -> Event:
        """A cue that the agent does not want to see is logged as not shown, to its end."""
        if not isinstance(event, Cue):
            return event
        if event.cleared_at is None and not self._wishes.shows_cues(time.perf_counter()):
            self._hidden.add(event.id)
        return dataclasses.replace(event, shown=False) if event.id in self._hidden else event

    def _wait_for_next(self, items: Iterator[AudioBlock | Health]) -> None:
        """The caller objected: let everything that comes pass unheard until the next call."""
        for _ in items:
            if self._next or self._over():
                return

    def _over(self) -> bool:
        limit = self._options.seconds
        return self._stopped or (limit is not None and self.heard >= samples(limit))

    def _records(self, capture: Capture, lane: Lane, number: int) -> Records:
        header = Header(
            voicecare=__version__,
            lane="live",
            sources=tuple(capture.devices.get(ear, "") for ear in self._options.devices.ears()),
            rate_hz=RATE_HZ,
            agent_channel="right" if self._options.devices.stereo else "own device",
            vad=self._options.models.vad,
            recogniser=None if self._recogniser is None or lane.name == "none" else self._recogniser.name,
            models=model_versions(self._recogniser),
            config=dataclasses.asdict(self._options.config),
        )
        wanted = [] if self._folder is None else [places(self._folder, self._options.keep)]
        if self._options.session is not None:
            path = self._options.session
            wanted.append(Places(events=path if number == 1 else path.with_stem(f"{path.stem}-{number}")))
        return Records([Record(place, header) for place in wanted], self._tell_not_kept)

    def _tell_not_kept(self, why: str) -> None:
        """A record failed in the middle of a call: the call goes on, and the screen says so."""
        self.not_kept.append(why)
        if self.face is not None:
            self.face.push(Health(self.heard, "stage_failed", 1, "not_kept"))


class WordsMayFail:
    """A lane whose failure costs the words, not the call: cues can come from the voice alone."""

    def __init__(self, lane: Lane) -> None:
        self.name = lane.name
        self._lane: Lane = lane

    def submit(self, request: Request) -> None:
        """Pass a request on."""
        self._lane.submit(request)

    def due(self, now: Samples) -> list[Delivery]:
        """Deliver, or say once that there will be no more words."""
        try:
            return self._lane.due(now)
        except StageError:
            self._lane = NoLane()
            return [Health(now, "stage_failed", 1, "no_words")]

    def close(self, now: Samples) -> list[Delivery]:
        """End the lane."""
        try:
            return self._lane.close(now)
        except StageError:
            return [Health(now, "stage_failed", 1, "no_words")]


def hear_live(options: LiveOptions) -> int:
    """Run `voicecare live`: with the cue window, or on the terminal.

    Raises:
        UsageError: options that do not go together. InputError: a device, a package or a model is missing.
        OutputError: the session cannot be written.
    """
    if options.seconds is not None and options.seconds <= 0:
        raise UsageError(f"--seconds {options.seconds}: must be more than 0")
    if options.devices.stereo is not None and (options.devices.agent or options.devices.caller):
        raise UsageError("--stereo DEVICE carries both legs: leave out --agent and --caller")
    catalogue = Catalogue.load(options.cue_language)
    wishes = Wishes()
    model = ViewModel(catalogue, wishes)
    run = LiveRun(options, wishes)
    face = _console(model) if options.console else _desktop(model, run)
    run.face = face
    try:
        face.run(run.run)
    except KeyboardInterrupt:
        run.stop()
    for why in run.not_kept:
        sys.stderr.write(f"voicecare: {why}\n")
    return 1 if run.not_kept else 0


def _console(model: ViewModel) -> Face:
    from rich.console import Console

    from voicecare.cue.console import ConsoleFace

    return ConsoleFace(model, Console())


def _desktop(model: ViewModel, run: LiveRun) -> Face:
    try:
        from voicecare.cue.desktop import Desktop, prepare_platform
        from voicecare.cue.placement import default_path
    except ImportError as error:
        raise InputError(
            f"the cue window needs PySide6 ({error}); pip install 'voicecare[live]', or use --console"
        ) from error
    prepare_platform()
    return Desktop(model, on_new_call=run.next_call, on_quit=run.stop, path=default_path())
