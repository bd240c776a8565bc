"""The call in one to three sentences: what a kind colleague would say of it, as codes every language can word.

It tells the highest rise of the caller's strain, what came just before it and what became of it; then interruptions it
has not told yet. It claims an order in time, never a cause. Nothing is said of the agent but what they did. A call is
called calm only where all of it was heard, and well; else what was not heard is told first. So it is before a rise
where the caller's leg is no ground to judge by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from voicecare.report.listening import Listening
from voicecare.report.strain import Rise, StrainNumbers
from voicecare.timebase import samples
from voicecare.types import Reason

if TYPE_CHECKING:
    from voicecare.types import Party

JUST_BEFORE_S = 15.0
"""An interruption this shortly before a rise is told with it: estimates are smoothed over 6 to 10 s of speech."""
ENOUGH_SHARE = 0.2
"""With an estimate for less of the caller's speech than this, the story does not call strain low."""
ENOUGH_S = 3.0
"""Nor with less speech of the caller than this in all: not even a level at the start (`strain.EDGE_ESTIMATES`)."""
MOST_SENTENCES = 3


class Onset(Protocol):
    """An interruption, as far as the story needs it."""

    @property
    def by(self) -> Party | None:
        """Who started to speak over the other."""

    @property
    def start_s(self) -> float:
        """When."""


class Fate(Protocol):
    """What became of the cues, as far as the story needs it."""

    @property
    def heeded(self) -> int:
        """How many the agent did."""

    @property
    def all_followed(self) -> bool:
        """Whether every one that asked for something was done, and none was kept away."""


def story(
    strain: StrainNumbers,
    interruptions: Sequence[Onset],
    cues: Fate,
    listening: Listening,
    *,
    high: float,
    speech_s: Mapping[Party, float],
    complete: bool,
    end_s: float,
) -> tuple[Reason, ...]:
    """Tell a call; `high` is the strain that is high, `complete` False where the record stops before the call did.

    speech_s: how much each party was heard to speak.
    """
    if not any(speech_s.values()):
        return (Reason("both_silent" if listening.silent_leg == "both" else "nothing_heard"),)
    complete = complete and not listening.truncated
    agent_s = [i.start_s for i in interruptions if i.by == "agent"]
    caller_s = [i.start_s for i in interruptions if i.by == "caller"]
    told: list[Reason] = []
    missed = _missed(listening, end_s, complete=complete)
    if listening.silent_leg is not None:
        told.append(Reason(f"{listening.silent_leg}_unheard"))
    if strain.rises:
        told += _unjudged(listening) if _unjudgeable(listening) else []
        told += _of_rises(strain.rises, agent_s, complete=complete)
    elif listening.hears("caller"):
        told += missed
        told += _of_no_rise(
            strain,
            listening,
            high=high,
            interrupted=bool(interruptions),
            all_heard=not missed,
            speech_s=speech_s,
        )
    told += _of_interruptions(agent_s, caller_s, told)
    if cues.all_followed:
        told.append(_beat("cues_followed", count=cues.heeded))
    return tuple(told[:MOST_SENTENCES])


def _missed(listening: Listening, end_s: float, *, complete: bool) -> list[Reason]:
    """The gravest of what kept voicecare from hearing all of the call, in a sentence, or nothing."""
    told = [] if complete else [_beat("stops_early", end_s)]
    for leg, start_s, stop_s in listening.silent_stretches:
        told.append(_beat(f"{leg}_silent_from", start_s) if stop_s >= end_s else _beat(f"{leg}_silent_until", stop_s))
    if listening.unheard:
        missing_s = sum(stop_s - start_s for start_s, stop_s in listening.unheard)
        first_s = tuple(samples(start_s) for start_s, _ in listening.unheard)
        told.append(Reason("not_all_heard", first_s, missing_s))
    told += _unjudged(listening)
    if "stage_failed" in listening.troubles:
        told.append(Reason("part_failed"))
    return told[:1]


def _unjudged(listening: Listening) -> list[Reason]:
    """The gravest of what makes a leg no ground to judge by, in a sentence, or nothing."""
    legs_of = (
        ("mixed", listening.mixed_leg),
        ("too_quiet", listening.quiet_leg),
        ("too_noisy", listening.noisy_leg),
    )
    return [Reason(f"{legs}_{code}") for code, legs in legs_of if legs is not None][:1]


def _unjudgeable(listening: Listening) -> bool:
    """Whether the caller's leg is too quiet or too noisy to judge the caller by, or not theirs alone."""
    return bool({listening.mixed_leg, listening.quiet_leg, listening.noisy_leg} & {"caller", "both"})


def _of_no_rise(
    strain: StrainNumbers,
    listening: Listening,
    *,
    high: float,
    interrupted: bool,
    all_heard: bool,
    speech_s: Mapping[Party, float],
) -> list[Reason]:
    """Where strain never rose for long: what is known, and never more than was heard."""
    surely = all_heard and all(speech_s.values())  # a party never heard may have been too faint to be
    nobody = [] if interrupted or listening.silent_leg else [Reason("no_interruptions" if surely else "none_heard")]
    if strain.peak is not None and strain.peak_s is not None and strain.peak >= high:
        return [*nobody, _beat("strain_high_briefly", strain.peak_s)]
    if speech_s["caller"] < ENOUGH_S or (strain.estimated_share or 0.0) < ENOUGH_SHARE:
        return [*nobody, Reason("strain_unknown")]
    if _unjudgeable(listening):
        return nobody  # the curve of a leg that cannot be judged is no ground to call anybody calm
    if not all_heard:
        return [*nobody, Reason("strain_low_as_heard")]
    return [Reason("calm_call" if nobody else "strain_stayed_low")]


def _of_rises(rises: Sequence[Rise], agent_s: Sequence[float], *, complete: bool) -> list[Reason]:
    rise = max(rises, key=lambda r: r.peak)
    before = [s for s in agent_s if rise.rose_s - JUST_BEFORE_S <= s <= rise.rose_s]
    told = [_beat("strain_rose", rise.rose_s)]
    if before:
        told = [_beat("strain_rose_after_interruption", rise.rose_s, before[-1])]
    if rise.eased_s is None:
        told.append(Reason("still_up" if complete else "still_up_when_cut"))
    elif rise.eased_after_s is not None:
        told.append(_beat("eased_after_acknowledgement", rise.eased_s, rise.eased_after_s))
    else:
        told.append(_beat("eased", rise.eased_s))
    others = [r.rose_s for r in rises if r is not rise]
    if others:
        later = min(others) > rise.rose_s
        told.append(_beat("rose_again" if later else "rose_besides", *others, count=len(others)))
    return told


def _of_interruptions(agent_s: Sequence[float], caller_s: Sequence[float], told: Sequence[Reason]) -> list[Reason]:
    mentioned = {at for beat in told if beat.code == "strain_rose_after_interruption" for at in beat.at[1:]}
    untold = [s for s in agent_s if samples(s) not in mentioned]
    beats = []
    if untold:
        beats.append(_beat("also_interrupted" if mentioned else "you_interrupted", *untold, count=len(untold)))
    if caller_s:
        beats.append(_beat("caller_interrupted", *caller_s, count=len(caller_s)))
    return beats


def _beat(code: str, *at_s: float, count: int | None = None) -> Reason:
    return Reason(code, at=tuple(samples(s) for s in at_s), value=None if count is None else float(count))
