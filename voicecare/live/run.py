"""A live call: capture, the one engine, and the agent's screen, joined. Holds no logic of its own about calls."""

from __future__ import annotations

import dataclasses
import math
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from threading import Timer

from voicecare import __version__, saving
from voicecare.assembly import Choices, build_edges, build_intake, build_recogniser, for_call, model_versions
from voicecare.audio.devices.capture import Capture
from voicecare.audio.devices.choice import Choice
from voicecare.catalogue.catalogue import Catalogue
from voicecare.config import Config
from voicecare.cue.face import Face
from voicecare.cue.typed import TypedWishes
from voicecare.cue.viewmodel import ViewModel, Wishes
from voicecare.cue.windowing import has_screen, prepare_platform
from voicecare.errors import InputError, UsageError
from voicecare.lanes import LiveLane, NoLane, WordsMayFail
from voicecare.live.call import LiveCall
from voicecare.live.keeping import DAYS, Keep, open_folder, places
from voicecare.live.record import Places, Record, Records
from voicecare.ports import Lane, Recogniser
from voicecare.session import Header
from voicecare.terminal import complain
from voicecare.timebase import RATE_HZ, Samples, samples
from voicecare.types import AudioBlock, Event, Health

LONGEST_S = 1e6
"""No call is longer, by far: eleven days."""
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
        self._folder: Path | None = None
        self._faults: dict[str, Health] = {}  # what capture said is wrong and has not taken back
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
            items = self._noted(capture)
            for number in count(1):
                if self._stopped:  # also while the models were loaded, when there was no capture to stop
                    return
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
        for fault in list(self._faults.values()):  # of the call before; this one has not heard of it
            early.append(fault)
            self._show(fault)
        patience = None if self._options.seconds is None else Timer(self._options.seconds + PATIENCE_S, capture.stop)
        if patience is not None:
            patience.start()
        try:
            for item in items:
                if isinstance(item, AudioBlock):
                    return early, item
                early.append(item)
                self._show(item)
        finally:
            if patience is not None:
                patience.cancel()
        if self._options.seconds is not None and not self.heard and not self._stopped:
            raise InputError(
                f"nothing was heard in {self._options.seconds:g} s; `voicecare doctor` says what is missing"
            )
        return early, None

    def _noted(self, items: Iterable[AudioBlock | Health]) -> Iterator[AudioBlock | Health]:
        """What capture says, keeping in mind what is wrong with the devices: that outlasts a call."""
        for item in items:
            if isinstance(item, Health) and item.kind == "listening":
                self._faults.pop(item.note, None)
            elif isinstance(item, Health):
                self._faults[item.note] = item
            yield item

    def _one_call(
        self, capture: Capture, early: list[Health], items: Iterator[AudioBlock | Health], number: int
    ) -> None:
        lane = self._lane()
        call = LiveCall(
            self._options.config,
            build_edges(self._options.config, self._options.models),
            lane,
            wishes=self._wishes,
            records=self._records(capture, lane, number),
            face=self.face,
        )
        call.run(early, self._of_this_call(items))
        if call.objected:
            lane.close(call.now)  # its answers are not wanted any more
            self._wait_for_next(items)

    def _of_this_call(self, items: Iterator[AudioBlock | Health]) -> Iterator[AudioBlock | Health]:
        """What is heard until this call is over."""
        for item in items:
            if self._over() or self._next:
                return
            yield item
            if isinstance(item, AudioBlock):
                self.heard += item.samples.shape[1]

    def _lane(self) -> Lane:
        if self._recogniser is None:
            return NoLane()
        return WordsMayFail(LiveLane(for_call(self._recogniser), build_intake(self._options.config)))

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
        self._show(Health(self.heard, "stage_failed", 1, "not_kept"))

    def _show(self, event: Event) -> None:
        if self.face is not None:
            self.face.push(event)


def hear_live(options: LiveOptions) -> int:
    """Run `voicecare live`: with the cue window, or on the terminal.

    Raises:
        UsageError: options that do not go together. InputError: a device, a package or a model is missing.
        OutputError: the session cannot be written.
    """
    if options.seconds is not None and not 0 < options.seconds <= LONGEST_S:
        raise UsageError(f"--seconds {options.seconds:g}: must be more than 0 and at most {LONGEST_S:g}")
    if not 0 < options.days < math.inf:  # at 0 every call that was ever kept would be removed
        raise UsageError(f"--days {options.days:g}: must be more than 0; to remove one call use voicecare erase CALL")
    if options.session is not None:
        saving.check(options.session)
    if options.devices.stereo is not None and (options.devices.agent or options.devices.caller):
        raise UsageError("--stereo DEVICE carries both legs: leave out --agent and --caller")
    catalogue = Catalogue.load(options.cue_language, "agent")
    wishes = Wishes()
    model = ViewModel(catalogue, wishes)
    run = LiveRun(options, wishes)
    face = _console(model, run) if options.console else _desktop(model, run)
    run.face = face
    _heed_terminal(model, run)
    face.run(run.run)
    for why in run.not_kept:
        complain(why)
    return 1 if run.not_kept else 0


def _heed_terminal(model: ViewModel, run: LiveRun) -> None:
    """Let the agent type wishes where there is a terminal to type in."""
    if sys.stdin is None or not sys.stdin.isatty():
        return
    if hasattr(signal, "SIGTTIN"):  # in the background reading fails, and must not stop the process
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)
    typed = TypedWishes(model, on_new_call=run.next_call, on_quit=run.stop)
    sys.stderr.write(f"{typed.letters}\n")
    typed.listen(sys.stdin.fileno())


def _console(model: ViewModel, run: LiveRun) -> Face:
    from rich.console import Console

    from voicecare.cue.console import ConsoleFace

    return ConsoleFace(model, Console(), on_quit=run.stop)


def _desktop(model: ViewModel, run: LiveRun) -> Face:
    try:
        from voicecare.cue.desktop import Desktop
        from voicecare.cue.placement import default_path
    except ImportError as error:
        raise InputError(
            f"the cue window needs PySide6 ({error}); pip install 'voicecare[live]', or use --console"
        ) from error
    if not has_screen():
        raise InputError("there is no desktop to show the cue window on; start from a desktop, or use --console")
    prepare_platform()
    return Desktop(model, on_new_call=run.next_call, on_quit=run.stop, path=default_path())
