"""What the agent's screen should show, worked out without a screen: events and the agent's own wishes in, one view out.

Wishes (snooze, pause, objection) are wall-clock matters of this desk, so their time is handed in, in seconds of any
monotonic clock. The window, the tray and the console only draw what `view` says.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from voicecare.catalogue.catalogue import Catalogue
from voicecare.cue.faults import Faults
from voicecare.cue.reading import reading_s
from voicecare.cue.view import Mood, Shape, Size, Tone, View
from voicecare.timebase import Samples
from voicecare.types import CallPhase, Cue, Event, Health, Phase, Reason

STALL_S = 1.5
"""Hops come 31 times a second; without one for this long, nobody is listening, whatever the reason."""
NOTICE_S = 6.0
"""How long the screen says in full that a call is listened to, or that it is not, before it shrinks."""
ENDED_S = 4.0
"""How long the end of a call is shown."""
_CAVEATS = ("voice_only", "views_differ", "population_baseline", "too_little_speech", "too_noisy")
"""Reasons that weaken, not give one: for those who ask."""
_SHAPES: dict[str, tuple[Shape, Tone]] = {
    "slow_down": ("square", "high"),
    "slow_down_acknowledge": ("square", "high"),
    "acknowledge": ("triangle", "watch"),
    "well_held": ("circle", "calm"),
}
_ANY_CUE: tuple[Shape, Tone] = ("triangle", "watch")


@dataclass(slots=True)
class Wishes:
    """What the agent has asked for; times in seconds of a monotonic clock.

    Snooze and pause are the agent's: they outlast calls until their time is over or they are taken back. An objection
    is a caller's, and ends with that call. erased: what was kept of the call that was objected to is gone.
    """

    snoozed_until_s: float = 0.0
    paused: bool = False
    objected: bool = False
    erased: bool = False

    def shows_cues(self, now_s: float) -> bool:
        """Whether a cue may be shown."""
        return not self.paused and not self.objected and now_s >= self.snoozed_until_s

    def analyses(self) -> bool:
        """Whether the call may be listened to at all."""
        return not self.paused and not self.objected

    def new_call(self) -> None:
        """Another caller: the objection was the last one's; snooze and pause stay."""
        self.objected = self.erased = False


@dataclass(slots=True)
class ViewModel:
    """Follows a live call for the screen.

    wishes: shared with the app, which stops analysing by them. `push` takes every event, `beat` every hop's moment. To
    be used by one thread at a time. Without a `CallPhase` everything is one call after the other, as the agent says.
    """

    catalogue: Catalogue
    wishes: Wishes = field(default_factory=Wishes)
    last_cue: int | None = None
    """The last cue that was shown in this call or, after it, in the one before; an answer is about it."""
    _phase: Phase | None = None
    _talk_at: Samples | None = None
    _cue: Cue | None = None
    _seen_s: float | None = None  # since when the cue has been on screen
    _followed: bool = False  # it is over, and stands only to be read
    _faults: Faults = field(init=False)
    _beat_s: float | None = None
    _begun_s: float | None = None
    _over: bool = False  # the call is over, and nobody has looked yet
    _ended_s: float = float("-inf")
    _mood: Mood | None = None
    _mood_since_s: float = 0.0

    def __post_init__(self) -> None:
        """Begin without a fault."""
        self._faults = Faults(self.catalogue)

    def beat(self, now_s: float) -> None:
        """A hop was heard just now."""
        self._beat_s = now_s
        if self._begun_s is None:
            self._begun_s = now_s
            self.last_cue = None

    @property
    def begun(self) -> bool:
        """Whether anything of the call was heard."""
        return self._begun_s is not None

    def push(self, event: Event) -> None:
        """Take an event of the call; those that change nothing on screen are let go."""
        if isinstance(event, Cue):
            self._take_cue(event)
        elif isinstance(event, Health):
            self._faults.push(event)
        elif isinstance(event, CallPhase):
            self._take_phase(event)

    def new_call(self) -> None:
        """Forget the last call; to be called where events are pushed, in their order."""
        self._cue = None
        self._faults.forget()
        self._beat_s = self._begun_s = self._talk_at = None

    def view(self, now_s: float) -> View:
        """What to show at `now_s`."""
        view = self._view(now_s)
        if view.mood != self._mood:
            self._mood, self._mood_since_s = view.mood, now_s
        return view

    def moving(self) -> View:
        """What to show while the agent chooses another place for it."""
        details = (self._say("move_how"), self._say("move_keys"))
        return View("moving", self._say("move"), details, "dot", "calm", "words")

    def _take_cue(self, cue: Cue) -> None:
        if cue.cleared_at is None and cue.shown:
            self._cue, self._seen_s, self._followed = cue, None, False
            self.last_cue = cue.id
            self._faults.forget("cue_limit")  # there was one left after all
        elif cue.cleared_at is not None and self._cue is not None and cue.id == self._cue.id:
            if cue.cleared_by in ("heeded", "eased") and self._seen_s is not None:
                self._followed = True
            else:
                self._cue = None

    def _take_phase(self, event: CallPhase) -> None:
        if event.phase == "talk" and self._talk_at is None:
            self._talk_at = event.at
        if event.phase in ("rest", "ended"):
            self._cue = None
            self._faults.forget()
            self._beat_s = self._begun_s = self._talk_at = None
            self._over = self._over or event.phase == "ended"
        self._phase = event.phase

    def _view(self, now_s: float) -> View:
        if self._phase in ("rest", "ended"):
            return self._between(now_s)
        if not self.wishes.analyses():
            return self._stopped(now_s)
        if self._phase == "ringing":
            return self._quiet("ringing", "ringing", "dot")
        if self._phase == "hold":
            return self._quiet("hold", "hold", "bar", "label")
        deaf = self._deaf(now_s)
        if deaf is not None:
            return deaf
        if self._beat_s is None:
            return self._quiet("starting", "starting", "ring")
        return self._heard(now_s)

    def _heard(self, now_s: float) -> View:
        """The call is listened to."""
        if now_s < self.wishes.snoozed_until_s:
            return self._snoozed(now_s)
        cue = self._cue_now(now_s)
        if cue is not None:
            return self._shown(cue)
        if self._begun_s is not None and now_s - self._begun_s < NOTICE_S:
            notice = (self._say("analysis_runs"),)
            return View("listening", self._say("listening"), notice, "dot", "calm", "words", self._faults.advice())
        if self._faults.caller_silent:
            return self._quiet("waiting", "waiting_for_caller", "dot")
        return View("listening", self._say("listening"), self._faults.advice(), "dot", "calm", "dot")

    def _between(self, now_s: float) -> View:
        """No call runs: nothing is heard, and nothing is said of a microphone that is closed."""
        if self._over:
            self._over, self._ended_s = False, now_s
        if now_s - self._ended_s < ENDED_S:
            return self._quiet("ended", "ended", "dot", "label")
        said = []
        if self.wishes.paused:
            said.append(self._say("paused"))
        elif now_s < self.wishes.snoozed_until_s:
            said.append(self._say("snoozed", count=self._minutes(now_s)))
        broken = self._faults.at_rest()
        if broken is not None:
            return View("deaf", self._say("no_watch"), (broken,), "ring", "watch", "words", tuple(said))
        return View("rest", self._say("rest"), tuple(said), "bar" if self.wishes.paused else "dot", "muted", "none")

    def _deaf(self, now_s: float) -> View | None:
        """Why nobody listens; cues can do without words."""
        cause = self._faults.deafness()
        if cause is None and self._beat_s is not None and now_s - self._beat_s > STALL_S:
            cause = self._say("stalled")
        if cause is None:
            return None
        return View("deaf", self._say("not_listening"), (cause,), "ring", "watch", "words")

    def _stopped(self, now_s: float) -> View:
        """Nobody listens because somebody asked for it: said in full at first, and never without a word."""
        mood: Mood = "objected" if self.wishes.objected else "paused"
        code, how = "paused", "paused_how"
        shape: Shape = "bar"
        if mood == "objected":
            code, shape = "caller_objects", "cross"
            how = "caller_objects_erased" if self.wishes.erased else "caller_objects_how"
        size: Size = "words" if self._lasted_s(mood, now_s) < NOTICE_S else "label"
        return View(mood, self._say(code), (self._say(how),), shape, "muted", size)

    def _snoozed(self, now_s: float) -> View:
        headline = self._say("snoozed", count=self._minutes(now_s))
        return View("snoozed", headline, (self._say("snoozed_how"),), "moon", "muted", "label")

    def _cue_now(self, now_s: float) -> Cue | None:
        """The cue to show: it stands, or it was followed before it could be read."""
        cue = self._cue
        if cue is None:
            return None
        if self._seen_s is None:
            self._seen_s = now_s
        shown = (self.catalogue.cue(cue.kind), *self._why(cue))
        if self._followed and now_s - self._seen_s >= reading_s(*shown):
            self._cue = None
        return self._cue

    def _shown(self, cue: Cue) -> View:
        shape, tone = _SHAPES.get(cue.kind, _ANY_CUE)
        mood: Mood = "cue"
        if self._followed:
            mood, shape, tone = "done", "check", "calm"
        more = tuple(self.catalogue.reason(self._of_call(reason)) for reason in cue.because)
        return View(mood, self.catalogue.cue(cue.kind), self._why(cue), shape, tone, "words", more, cue.id)

    def _why(self, cue: Cue) -> tuple[str, ...]:
        """One reason in plain words: figures and moments are for those who ask."""
        plain = self.catalogue.messages["pill"]
        told = [reason for reason in cue.because if reason.code not in _CAVEATS]
        for reason in told:
            if reason.code in plain:
                return (self.catalogue.say("pill", reason.code, **self.catalogue.fields(reason)),)
        return tuple(self.catalogue.reason(self._of_call(reason)) for reason in told[:1])

    def _of_call(self, reason: Reason) -> Reason:
        """The same, its moments counted from the call's start, as the softphone's own timer counts."""
        start = self._talk_at or 0
        return dataclasses.replace(reason, at=tuple(max(0, at - start) for at in reason.at))

    def _lasted_s(self, mood: Mood, now_s: float) -> float:
        return now_s - self._mood_since_s if self._mood == mood else 0.0

    def _minutes(self, now_s: float) -> int:
        return max(1, round((self.wishes.snoozed_until_s - now_s) / 60))

    def _quiet(self, mood: Mood, code: str, shape: Shape, size: Size = "dot") -> View:
        return View(mood, self._say(code), (), shape, "muted", size)

    def _say(self, code: str, **fields: int) -> str:
        return self.catalogue.say("live", code, **fields)
