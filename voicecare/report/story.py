"""The call in one to three sentences: what a kind colleague would say of it, as codes every language can word.

It tells the highest rise of the caller's strain, what came just before it and what became of it; then interruptions it
has not told yet. It claims an order in time, never a cause. Nothing is said of the agent but what they did.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from voicecare.report.strain import Rise, StrainNumbers
from voicecare.timebase import samples
from voicecare.types import Reason

if TYPE_CHECKING:
    from voicecare.types import Party

JUST_BEFORE_S = 15.0
"""An interruption this shortly before a rise is told with it: estimates are smoothed over 6 to 10 s of speech."""
ENOUGH_SHARE = 0.2
"""With an estimate for less of the caller's speech than this, the story does not call strain low."""
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
    def shown(self) -> int:
        """How many were on screen."""

    @property
    def heeded(self) -> int:
        """How many the agent did."""


def story(
    strain: StrainNumbers,
    interruptions: Sequence[Onset],
    cues: Fate,
    *,
    high: float,
    anyone_spoke: bool,
    complete: bool,
) -> tuple[Reason, ...]:
    """Tell a call; `high` is the strain that is high, `complete` False where the record stops before the call did."""
    if not anyone_spoke:
        return (Reason("nothing_heard"),)
    agent_s = [i.start_s for i in interruptions if i.by == "agent"]
    caller_s = [i.start_s for i in interruptions if i.by == "caller"]
    told: list[Reason] = []
    if strain.rises:
        told += _of_rises(strain.rises, agent_s, complete=complete)
    elif (strain.estimated_share or 0.0) < ENOUGH_SHARE:
        told += [] if interruptions else [Reason("no_interruptions")]
        told.append(Reason("strain_unknown"))
    elif strain.peak is not None and strain.peak_s is not None and strain.peak >= high:
        told += [] if interruptions else [Reason("no_interruptions")]
        told.append(_beat("strain_high_briefly", strain.peak_s))
    else:
        told.append(Reason("strain_stayed_low" if interruptions else "calm_call"))
    told += _of_interruptions(agent_s, caller_s, told)
    if cues.shown and cues.heeded == cues.shown:
        told.append(_beat("cues_followed", count=cues.shown))
    return tuple(told[:MOST_SENTENCES])


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
    others = [r.rose_s for r in rises if r is not rise and r.rose_s > rise.rose_s]
    if others:
        told.append(_beat("rose_again", *others, count=len(others)))
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
