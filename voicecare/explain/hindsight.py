"""Looks back at a recorded call: how strain stood at a moment, and what became of each need for a cue.

`strainwatch` itself is asked about strain. Of `cues` only what it told is at hand, so its limits are asked again of the
cues that were told; the tests hold both against the stages on random calls.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from voicecare.config import CueConfig
from voicecare.speech.cues.budget import Budget
from voicecare.speech.cues.strainwatch import StrainWatch
from voicecare.timebase import HOP, Samples, Span, samples
from voicecare.types import Arousal, Cue, Event, Phrase, Reason, Sentiment, TurnEvent

FateCode: TypeAlias = Literal["shown", "taken_back", "stands", "too_many", "too_soon", "held", "call_ended", "unknown"]


@dataclass(frozen=True, slots=True)
class StrainThen:
    """The caller's strain as it was known at a moment.

    latest: the newest estimate with a value. unknown: an abstention that is newer than it. spell_began: when the spell
    of strain that still lasts was first heard. pressed: caller speech, in samples, over which it has been high or
    rising without a break. asked_s: how long it must be, given the signs beside it. signs: those of joy. troubled,
    negative: utterances with words of trouble, and of negative words, not answered yet. answered: the agent's
    acknowledgement of this spell. due: why an acknowledgement is due, or None.
    """

    latest: Arousal | None
    unknown: Arousal | None
    is_up: bool
    spell_began: Samples | None
    pressed: Samples
    asked_s: float
    signs: tuple[Reason, ...]
    troubled: int
    negative: int
    answered: Phrase | None
    due: tuple[Reason, ...] | None


@dataclass(frozen=True, slots=True)
class ScreenThen:
    """The agent's screen at a moment.

    standing: the cue on it. last: the newest cue the limits count. raised: how many they have counted. left: how many
    may still be spent.
    """

    standing: Cue | None
    last: Cue | None
    raised: int
    left: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a need for a cue.

    code: `shown`; `taken_back` by words that made it a backchannel; `stands`: on screen already; `too_many`;
    `too_soon` after the last one; `held` back for the agent's word; `call_ended`; `unknown`.
    cue: the cue that showed, stood or came last.
    """

    code: FateCode
    cue: Cue | None
    screen: ScreenThen


def strain_then(events: Iterable[Event], caller_speech: Sequence[Span], config: CueConfig, at: Samples) -> StrainThen:
    """How strain stood at `at`; `events` in the order they were told, `caller_speech` disjoint and in time order."""
    watch, speech = StrainWatch(config), _Spoken(caller_speech)
    spoken, pressed_from = 0, None
    latest, unknown, answered, negative = None, None, None, 0
    for event in (e for e in events if isinstance(e, Arousal | Sentiment | Phrase) and e.at <= at):
        counted = max(spoken, speech.by(event.at - HOP))  # an estimate comes before the hop that brings it is counted
        watch.spoke(counted - spoken)
        spoken = counted
        if isinstance(event, Phrase):
            watch.notice(event)
            if event.answers:
                answered, negative = (event if watch.acknowledged(event.span.start) else None), 0
        elif isinstance(event, Sentiment):
            watch.read(event)
            negative += event.label == "negative"
        elif event.value is None:
            unknown = event
        else:
            watch.push(event)
            latest, unknown = event, None
            if event.value <= config.low:
                answered, negative = None, 0
            if not _presses(event, event.value, config):
                pressed_from = None
            elif pressed_from is None:
                pressed_from = spoken
    watch.spoke(speech.by(at) - spoken)
    pressed = 0 if pressed_from is None else speech.by(at) - pressed_from
    return StrainThen(
        latest=latest,
        unknown=unknown,
        is_up=watch.is_up,
        spell_began=watch.spell_began,
        pressed=pressed,
        asked_s=watch.asked_s,
        signs=watch.signs(),
        troubled=len(watch.troubled),
        negative=negative,
        answered=answered,
        due=watch.due(),
    )


def screen_then(cues: Sequence[Cue], config: CueConfig, at: Samples) -> ScreenThen:
    """How the screen stood at `at`; `cues`: one a cue, in the order they were raised."""
    budget = Budget(config)
    counted = [cue for cue in cues if cue.at <= at and _counts(cue, cues)]
    on_it = [cue for cue in cues if cue.at <= at and (cue.cleared_at is None or cue.cleared_at > at)]
    for cue in counted:
        budget.spend(cue.at)
    return ScreenThen(on_it[-1] if on_it else None, counted[-1] if counted else None, len(counted), budget.left(at))


def fate_of_interruption(
    turn: TurnEvent, cues: Sequence[Cue], config: CueConfig, *, revised: bool, end: Samples
) -> Fate:
    """What became of the need for `slow_down` that an interruption by the agent raised.

    turn: as it was first told. revised: words made it a backchannel later. cues: one a cue, in order. end: of the call.
    """
    told = turn.decided_at
    longest = samples(config.hold_s) + samples(config.yield_s)
    naming = [cue for cue in cues if cue.at >= told and _names(cue, turn.span.start)]
    screen = screen_then(cues, config, told)
    if naming and naming[0].at <= told + longest + HOP:
        return Fate("shown", naming[0], screen)
    if revised:
        return Fate("taken_back", None, screen)
    code, cue = _limit("slow_down", screen, config, told)
    if code == "held":
        # It waited to join the cue on screen, and that went first.
        code, cue = _limit("slow_down", replace(screen, standing=None), config, told)
    if code == "held":
        code = "call_ended" if told + longest >= end else "unknown"
    return Fate(code, cue, screen)


def fate_of_strain(cues: Sequence[Cue], config: CueConfig, at: Samples) -> Fate:
    """What kept an acknowledgement that is due at `at` from being asked for then, or which cue asks for it."""
    screen = screen_then(cues, config, at)
    code, cue = _limit("acknowledge", screen, config, at)
    return Fate(code, cue, screen)


def _limit(need: str, screen: ScreenThen, config: CueConfig, at: Samples) -> tuple[FateCode, Cue | None]:
    standing, last = screen.standing, screen.last
    if standing is not None and need in standing.kind:
        return "stands", standing
    if standing is not None and standing.kind != "well_held":
        return "held", standing  # it joins the cue on screen, which asks for no gap
    if last is not None and at - last.at < samples(config.min_gap_s):
        return "too_soon", last
    if not screen.left:
        return "too_many", last
    return "held", None


def _counts(cue: Cue, cues: Sequence[Cue]) -> bool:
    """Whether the limits count a cue: praise does not, nor does one that grew out of the cue before it."""
    grew = any(
        before.cleared_by == "replaced" and before.cleared_at == cue.at and before.kind != "well_held"
        for before in cues
    )
    return cue.kind != "well_held" and not (cue.kind == "slow_down_acknowledge" and grew)


def _names(cue: Cue, onset: Samples) -> bool:
    return any(reason.code == "spoke_over_caller" and onset in reason.at for reason in cue.because)


def _presses(estimate: Arousal, value: float, config: CueConfig) -> bool:
    return value > config.low and (value >= config.high or estimate.trend >= config.rising_per_10s)


class _Spoken:
    """How much of disjoint speech lies before a moment."""

    def __init__(self, speech: Sequence[Span]) -> None:
        self._speech = speech
        self._starts = [span.start for span in speech]
        self._before = [0]
        for span in speech:
            self._before.append(self._before[-1] + span.length)

    def by(self, at: Samples) -> Samples:
        begun = bisect_right(self._starts, at)
        if not begun:
            return 0
        last = self._speech[begun - 1]
        return self._before[begun - 1] + min(at, last.end) - last.start
