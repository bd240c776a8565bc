"""What the agent's screen should show, worked out without a screen: events and the agent's own wishes in, one view out.

Wishes (snooze, pause, objection) are wall-clock matters of this desk, so their time is handed in, in seconds of any
monotonic clock. The window, the tray and the console only draw what `view` says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from voicecare.catalogue.catalogue import Catalogue
from voicecare.types import Cue, Event, Health

Mood: TypeAlias = Literal["listening", "cue", "waiting", "deaf", "snoozed", "paused", "objected", "starting"]
Shape: TypeAlias = Literal["dot", "circle", "triangle", "square", "ring", "bar"]
"""A shape for each level, so that colour is never alone: dot well, circle praise, triangle and square cues, ring deaf,
bar set aside."""
Tone: TypeAlias = Literal["calm", "watch", "high", "muted"]

STALL_S = 1.5
"""Hops come 31 times a second; without one for this long, nobody is listening, whatever the reason."""
NOTICE_S = 6.0
"""How long the screen says at the start of a call that analysis runs, before it shrinks to a dot."""
MOST_REASONS = 2
_ADVICE = (
    "swapped_legs",
    "cue_limit",
    "leak",
    "quiet_leg",
    "noisy_leg",
    "no_words",
    "not_understood",
    "language",
    "no_sentiment",
    "no_phrases",
    "no_redaction_rules",
    "not_kept",
    "began_anew",
    "whole_output",
)
"""What is told beside "listening", for those who ask."""
_BY_KIND = ("leak", "quiet_leg", "noisy_leg", "not_understood", "swapped_legs", "cue_limit", "whole_output")
_NO_FAULT = ("caller_silent", *_ADVICE)
_SHAPES: dict[str, tuple[Shape, Tone]] = {
    "slow_down": ("square", "high"),
    "slow_down_acknowledge": ("square", "high"),
    "acknowledge": ("triangle", "watch"),
    "well_held": ("circle", "calm"),
}
_ANY_CUE: tuple[Shape, Tone] = ("triangle", "watch")


@dataclass(frozen=True, slots=True)
class View:
    """What is on screen: a headline, the lines below it (may be none), a shape and a tone.

    quiet: nothing needs the agent; a dot is enough and the words are for those who ask (tooltip, console).
    cue_id: the cue shown, so that a new one of the same words still draws the eye.
    """

    mood: Mood
    headline: str
    details: tuple[str, ...]
    shape: Shape
    tone: Tone
    quiet: bool
    cue_id: int | None = None


@dataclass(slots=True)
class Wishes:
    """What the agent has asked for; times in seconds of a monotonic clock."""

    snoozed_until_s: float = 0.0
    paused: bool = False
    objected: bool = False

    def shows_cues(self, now_s: float) -> bool:
        """Whether a cue may be shown."""
        return not self.paused and not self.objected and now_s >= self.snoozed_until_s

    def analyses(self) -> bool:
        """Whether the call may be listened to at all."""
        return not self.paused and not self.objected


@dataclass(slots=True)
class ViewModel:
    """Follows a live call for the screen.

    wishes: shared with the app, which stops analysing by them. `push` takes every event, `beat` every hop's moment. To
    be used by one thread at a time.
    """

    catalogue: Catalogue
    wishes: Wishes = field(default_factory=Wishes)
    _cue: Cue | None = None
    _faults: dict[str, str] = field(default_factory=dict)
    _beat_s: float | None = None
    _begun_s: float | None = None

    def beat(self, now_s: float) -> None:
        """A hop was heard just now."""
        self._beat_s = now_s
        if self._begun_s is None:
            self._begun_s = now_s

    @property
    def begun(self) -> bool:
        """Whether anything of the call was heard."""
        return self._begun_s is not None

    def push(self, event: Event) -> None:
        """Take an event of the call; those that change nothing on screen are let go."""
        if isinstance(event, Cue):
            if event.cleared_at is None and event.shown:
                self._cue = event
                self._faults.pop("cue_limit", None)  # there was one left after all
            elif self._cue is not None and event.id == self._cue.id:
                self._cue = None
        elif isinstance(event, Health):
            self._health(event)

    def new_call(self) -> None:
        """Forget the last call; to be called where events are pushed, in their order."""
        self._cue = None
        self._faults.clear()
        self._beat_s = self._begun_s = None

    def view(self, now_s: float) -> View:
        """What to show at `now_s`."""
        if self.wishes.objected:
            return self._still("objected", "caller_objects", "bar")
        if self.wishes.paused:
            return self._still("paused", "paused", "bar")
        if self._beat_s is None and not self._faults:
            return self._still("starting", "starting", "ring")
        deaf = self._deaf(now_s)
        if deaf is not None:
            return deaf
        if now_s < self.wishes.snoozed_until_s:
            minutes = max(1, round((self.wishes.snoozed_until_s - now_s) / 60))
            headline = self.catalogue.say("live", "snoozed", count=minutes)
            return View("snoozed", headline, (), "bar", "muted", quiet=True)
        if self._cue is not None:
            return self._shown(self._cue)
        if self._begun_s is not None and now_s - self._begun_s < NOTICE_S:
            notice = (self.catalogue.say("live", "analysis_runs"),)
            return View("listening", self.catalogue.say("live", "listening"), notice, "dot", "calm", quiet=False)
        if "caller_silent" in self._faults:
            return self._still("waiting", "waiting_for_caller", "dot")
        return View("listening", self.catalogue.say("live", "listening"), self._advice(), "dot", "calm", quiet=True)

    def _health(self, event: Health) -> None:
        if event.kind == "stage_failed":  # its note is a word to say, or names the part that failed
            self._faults[event.note if event.note in _ADVICE else event.kind] = event.kind
        elif event.kind in ("not_listening", "silent_leg"):
            self._faults[event.note or event.kind] = event.kind
        elif event.kind == "listening":
            self._faults.pop(event.note, None)
        elif event.kind in (
            "leak",
            "quiet_leg",
            "noisy_leg",
            "not_understood",
            "swapped_legs",
            "cue_limit",
            "whole_output",
        ):
            self._faults[event.kind] = event.kind
        elif event.kind in ("language", "no_sentiment", "no_phrases", "no_redaction_rules"):
            self._faults[event.kind] = event.note

    def _deaf(self, now_s: float) -> View | None:
        """Why nobody listens; a silent caller is no fault, a leak is advice, and cues can do without words."""
        causes = [note for note in self._faults if note not in _NO_FAULT]
        if self._beat_s is not None and now_s - self._beat_s > STALL_S and not causes:
            causes = ["stalled"]
        if not causes:
            return None
        headline = self.catalogue.say("live", "not_listening")
        return View("deaf", headline, (self.catalogue.say("live", causes[0]),), "ring", "watch", quiet=False)

    def _shown(self, cue: Cue) -> View:
        shape, tone = _SHAPES.get(cue.kind, _ANY_CUE)
        why = tuple(self.catalogue.reason(reason) for reason in cue.because[:MOST_REASONS])
        return View("cue", self.catalogue.cue(cue.kind), why, shape, tone, quiet=False, cue_id=cue.id)

    def _advice(self) -> tuple[str, ...]:
        return tuple(
            self.catalogue.say("live", code, language=self.catalogue.language_name(self._faults[code]))
            for code in _ADVICE
            if code in self._faults
        )

    def _still(self, mood: Mood, code: str, shape: Shape) -> View:
        return View(mood, self.catalogue.say("live", code), (), shape, "muted", quiet=True)
