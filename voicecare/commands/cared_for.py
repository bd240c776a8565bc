"""A window beside which care is at home: of each call the window shows, care is told when it is over."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from typing import Protocol

from voicecare import __version__
from voicecare.care.cards import Fact
from voicecare.care.seen import CallSeen, about
from voicecare.commands.caring import call_seen, facts
from voicecare.config import Config
from voicecare.cue.face import Face
from voicecare.session import Header, Session
from voicecare.timebase import RATE_HZ, Samples
from voicecare.types import CallPhase, Cue, Event


class Desk(Protocol):
    """Where care shows itself; called from any thread."""

    def call_rings(self) -> None:
        """A call comes."""
        ...

    def ringing_stopped(self) -> None:
        """Nobody answered it."""
        ...

    def call_begins(self) -> None:
        """A call begins."""
        ...

    def call_ended(self, call: CallSeen, facts: tuple[Fact, ...]) -> None:
        """A call is over."""
        ...

    def told(self, about: str, answer: str) -> None:
        """The agent answered a cue."""
        ...


class CaredFor:
    """A face in front of another one: everything passes, and a call that is over is handed on to care.

    config: the calls' settings. What care may see is worked out in a thread of its own, so that neither the next call
    nor the screen waits for it.
    """

    def __init__(self, face: Face, desk: Desk, config: Config) -> None:
        self.face = face
        self._desk = desk
        self._header = Header(
            voicecare=__version__,
            lane="live",
            sources=(),
            rate_hz=RATE_HZ,
            agent_channel="",
            vad="",
            recogniser=None,
            models={},
            config=dataclasses.asdict(config),
        )
        self._events: list[Event] = []
        self._cues: dict[int, Cue] = {}  # of this call or, until it has one of that number, the one before
        self._end: Samples = 0
        self._rings = False
        self._works: threading.Thread | None = None

    def asked_last(self) -> str:
        """What the last cue that was shown asks for, as the help names it; "" before the first."""
        shown = [cue for cue in self._cues.values() if cue.shown]
        kind = max(shown, key=lambda cue: cue.at).kind if shown else ""
        return "slow-down" if kind == "slow_down_acknowledge" else kind.replace("_", "-")

    def begin(self) -> None:
        """A call begins; where nothing told that the one before is over, it is now."""
        self._over()
        self.face.begin()

    def push(self, event: Event) -> None:
        """Take an event."""
        if isinstance(event, CallPhase):
            self._enter(event)
        else:
            self._events.append(event)
        if isinstance(event, Cue):
            self._cues[event.id] = event
        self.face.push(event)

    def beat(self, at: Samples) -> None:
        """The call has been heard to `at`."""
        if self._end == 0:
            self._desk.call_begins()
        self._end = at
        self.face.beat(at)

    def run(self, work: Callable[[], None]) -> None:
        """Show what happens until `work` is done."""
        self.face.run(work)

    def answered(self, cue_id: int, answer: str) -> None:
        """The agent said of a cue whether it helped."""
        cue = self._cues.get(cue_id)
        if cue is not None:
            self._desk.told(about(cue), "helped" if answer == "helped" else "not_needed")

    def wait(self, at_most_s: float) -> None:
        """Let what is being worked out be finished."""
        if self._works is not None:
            self._works.join(at_most_s)

    def _enter(self, phase: CallPhase) -> None:
        if phase.phase == "ringing":
            self._rings = True
            self._desk.call_rings()
        elif phase.phase == "talk":
            self._rings = False
            self._desk.call_begins()
        elif phase.phase == "ended":
            self._over()
        elif phase.phase == "rest" and self._rings:
            self._rings = False
            self._desk.ringing_stopped()

    def _over(self) -> None:
        events, end = self._events, self._end
        self._events, self._end = [], 0
        if end == 0:
            return
        session = Session(self._header, tuple(events), end, complete=True)
        self._works = threading.Thread(target=self._hand_on, args=(session,), name="care", daemon=True)
        self._works.start()

    def _hand_on(self, session: Session) -> None:
        self._desk.call_ended(call_seen(session), facts(session))
