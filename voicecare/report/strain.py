"""The caller's strain over a call in a few numbers: level and trend apart, and what became of each rise."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voicecare.config import Config
from voicecare.report.rows import common, of_type, spoken, total, union
from voicecare.timebase import Samples, samples, seconds
from voicecare.types import Arousal, Cue, Event, Phrase

SHORTLY_S = 20.0
"""Strain that eases later than this after an acknowledgement is not told as easing after it."""
_SINCE = ("strain_high", "strain_rising")
"""The reasons of a cue that say since when."""
EDGE_ESTIMATES = 6
"""How many estimates, 3 s of caller speech at two a second, make the level at the start and at the end."""
STEADY = 0.1
"""A smaller change from start to end is no trend: about the scatter of the smoothed estimate on calm calls."""


@dataclass(frozen=True, slots=True)
class Rise:
    """One time the caller's strain went up: from reaching "high", or a steep rise, until it was down at "low" again.

    rose_s: when the first such estimate was known, or the "since" of the cue it raised. peak: 0..1. eased_s: None where
    it never came down. recovery_s: from the peak to easing. acknowledged_s: the first acknowledgement by the agent
    within the rise, acknowledged_after_s its delay from the start of the rise, eased_after_s the first one in the 20 s
    before it eased.
    """

    rose_s: float
    peak: float
    peak_s: float
    eased_s: float | None
    recovery_s: float | None
    acknowledged_s: float | None
    acknowledged_after_s: float | None
    eased_after_s: float | None


@dataclass(frozen=True, slots=True)
class StrainNumbers:
    """Strain of a call, 0..1 relative to the caller's own start; None wherever there was no estimate.

    start and end: medians of the first and last six estimates. change: end less start. trend: its name.
    estimated_share: the part 0..1 of the caller's speech that an estimate rests on. rises: None, too, not none.
    """

    start: float | None
    peak: float | None
    peak_s: float | None
    end: float | None
    change: float | None
    trend: Literal["rising", "easing", "steady"] | None
    estimated_share: float | None
    rises: tuple[Rise, ...] | None


def strain_numbers(events: Sequence[Event], config: Config) -> StrainNumbers:
    """Sum up the caller's strain; `config` is the session's, whose "high" and "low" decide what a rise is."""
    known = [(e.at, e.value) for e in of_type(events, Arousal) if e.value is not None]
    if not known:
        return StrainNumbers(None, None, None, None, None, None, _estimated_share(events), None)
    values = [value for _, value in known]
    start, end = statistics.median(values[:EDGE_ESTIMATES]), statistics.median(values[-EDGE_ESTIMATES:])
    peak_at, peak = max(known, key=lambda point: point[1])
    change = end - start
    return StrainNumbers(
        start=round(start, 3),
        peak=round(peak, 3),
        peak_s=seconds(peak_at),
        end=round(end, 3),
        change=round(change, 3),
        trend="rising" if change > STEADY else "easing" if change < -STEADY else "steady",
        estimated_share=_estimated_share(events),
        rises=tuple(_rises(events, config)),
    )


def _rises(events: Sequence[Event], config: Config) -> list[Rise]:
    """Episodes of strain as the cues see them (`speech.strainwatch`), of those long enough to ask for a cue."""
    cues, every_s = config.cues, config.strain.every_s
    answers = [p.span.start for p in of_type(events, Phrase) if p.answers]
    said = [at for cue in of_type(events, Cue) for r in cue.because if r.code in _SINCE for at in r.at[:1]]
    rises: list[Rise] = []
    episode: list[Arousal] = []
    run = longest = 0
    for estimate in [*(e for e in of_type(events, Arousal) if e.value is not None), None]:
        if estimate is not None and _value(estimate) > cues.low:
            presses = _value(estimate) >= cues.high or estimate.trend >= cues.rising_per_10s
            run = run + 1 if presses else 0
            longest = max(longest, run)
            if presses or episode:
                episode.append(estimate)
            continue
        if episode:
            # What a cue told the agent is the moment the report tells, too.
            told = [at for at in said if episode[0].span.start <= at <= episode[0].at]
            if told or longest * every_s >= cues.sustained_s:
                eased_at = None if estimate is None else estimate.at
                rises.append(_rise(min(told, default=episode[0].at), episode, eased_at, answers))
        episode, run, longest = [], 0, 0
    return rises


def _value(estimate: Arousal) -> float:
    return 0.0 if estimate.value is None else estimate.value


def _rise(rose_at: Samples, episode: Sequence[Arousal], eased_at: Samples | None, answers: Sequence[Samples]) -> Rise:
    highest = max(episode, key=_value)
    peak_at, peak = highest.at, _value(highest)
    within = [at for at in answers if at >= rose_at and (eased_at is None or at <= eased_at)]
    first = min(within, default=None)
    shortly = [at for at in within if eased_at is not None and eased_at - at <= samples(SHORTLY_S)]
    return Rise(
        rose_s=seconds(rose_at),
        peak=round(peak, 3),
        peak_s=seconds(peak_at),
        eased_s=None if eased_at is None else seconds(eased_at),
        recovery_s=None if eased_at is None else seconds(eased_at - peak_at),
        acknowledged_s=None if first is None else seconds(first),
        acknowledged_after_s=None if first is None else seconds(first - rose_at),
        eased_after_s=seconds(min(shortly)) if shortly else None,
    )


def _estimated_share(events: Sequence[Event]) -> float | None:
    speech = spoken(events)["caller"]
    if not speech:
        return None
    evidence = union(e.span for e in of_type(events, Arousal) if e.value is not None)
    return round(total(common(speech, evidence)) / total(speech), 3)
