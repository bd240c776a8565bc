"""What care may see of a call: the caller's strain, the caller's thanks, who spoke over whom, and the cues.

`seen` is the only way in. Nothing here has a place for the agent's words, and the one text that gets through is a
sentence with which the caller said thank you.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from voicecare.care.thanks import CallerSaid, Thanks, find
from voicecare.config import CueConfig
from voicecare.timebase import RATE_HZ, Samples
from voicecare.types import Arousal, Cue, CueKind, Event, Heard, Party, TurnEvent, TurnKind

About: TypeAlias = Literal["strain", "pace", "interruption", "praise"]
"""What a cue rested on: the caller's strain, the agent's pace, speaking over the caller; or it was praise."""
_ABOUT: dict[str, About] = {"spoke_over_caller": "interruption", "talked_over": "interruption", "pace_up": "pace"}
FRIENDLY = "stays_though_friendly"


@dataclass(frozen=True, slots=True)
class StrainSeen:
    """An estimate of the caller's strain, 0..1, and when it was known, in seconds of the call."""

    at_s: float
    value: float


@dataclass(frozen=True, slots=True)
class TurnSeen:
    """Something that happened between the parties, in seconds of the call."""

    kind: TurnKind
    by: Party | None
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class CueSeen:
    """A cue, in seconds of the call, whether it was on screen, and what became of it.

    friendly: strain stayed though signs were friendly; then the voice may have been merry, not worked up.
    """

    id: int
    kind: CueKind
    about: About
    at_s: float
    cleared_by: Literal["heeded", "eased", "expired", "replaced"] | None
    shown: bool = True
    friendly: bool = False


@dataclass(frozen=True, slots=True)
class CallSeen:
    """One call as care sees it; high and low are the strain that raised a cue in it, and that had eased."""

    length_s: float
    high: float
    low: float
    strain: tuple[StrainSeen, ...] = ()
    thanks: tuple[Thanks, ...] = ()
    turns: tuple[TurnSeen, ...] = ()
    cues: tuple[CueSeen, ...] = ()


def seen(events: Iterable[Event], end: Samples, cues: CueConfig) -> CallSeen:
    """Filter a call's events down to what care may see; `end` is the call's length, `cues` its settings."""
    kept = list(events)
    strain = tuple(StrainSeen(_s(e.at), e.value) for e in kept if isinstance(e, Arousal) and e.value is not None)
    said = [_said(e) for e in kept if isinstance(e, Heard) and e.channel == "caller" and e.final and e.text]
    return CallSeen(
        length_s=_s(end),
        high=cues.high,
        low=cues.low,
        strain=strain,
        thanks=find(said, [(estimate.at_s, estimate.value) for estimate in strain], cues.low),
        turns=tuple(_turns(kept)),
        cues=tuple(_cues(kept)),
    )


def _said(heard: Heard) -> CallerSaid:
    return CallerSaid(_s(heard.span.start), heard.text, heard.language)


def _turns(events: Sequence[Event]) -> Iterable[TurnSeen]:
    settled = {event.id: event for event in events if isinstance(event, TurnEvent)}  # the last says how it ended
    for turn in settled.values():
        yield TurnSeen(turn.kind, turn.by, _s(turn.span.start), _s(turn.span.end))


def _cues(events: Sequence[Event]) -> Iterable[CueSeen]:
    settled = {event.id: event for event in events if isinstance(event, Cue)}
    for cue in settled.values():
        friendly = any(reason.code == FRIENDLY for reason in cue.because)
        yield CueSeen(cue.id, cue.kind, about(cue), _s(cue.at), cue.cleared_by, cue.shown, friendly)


def about(cue: Cue) -> About:
    """What a cue rested on; one that asks for both rests on strain, which is what a level can move."""
    if cue.kind == "well_held":
        return "praise"
    if cue.kind != "slow_down":
        return "strain"
    return next((_ABOUT[reason.code] for reason in cue.because if reason.code in _ABOUT), "interruption")


def _s(at: Samples) -> float:
    return at / RATE_HZ
