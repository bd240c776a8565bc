"""The `acknowledge` cues of a call, heard once at many levels of strain, judged against the truth of the call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scripts.bench.measures.classes import auc
from scripts.bench.measures.intervals import poisson_interval, wilson_interval
from scripts.bench.systems.cues import Hearing
from voicecare.timebase import RATE_HZ
from voicecare.types import Arousal

GRACE_S = 8.0
"""Caller speech after a heated stretch in which a smoothed estimate may still be coming down."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Cues of one call against its truth; delays in seconds of call and of caller speech, None where not caught.

    auc: strain inside the heated stretch against strain before and well after it; None for a calm call.
    """

    name: str
    heated: bool
    caught_after_s: float | None
    caught_after_speech_s: float | None
    false_at_s: tuple[float, ...]
    calm_s: float
    auc: float | None


@dataclass(frozen=True, slots=True)
class Point:
    """One level's place on the curve; 95 % intervals: Wilson's of the share, the exact Poisson one of the rate.

    Delays in seconds of caller speech, None where nothing was caught. auc: mean over heated calls.
    """

    high: float
    heated: int
    caught: int
    share_interval: tuple[float, float]
    median_s: float | None
    worst_s: float | None
    false: int
    calm_h: float
    per_hour: float
    per_hour_interval: tuple[float, float]
    auc: float | None


def judge(name: str, truth: dict[str, Any], hearing: Hearing, level: float) -> Outcome:
    """Score a call's cues at one level against its truth (format of data/heated)."""
    spans, at_s = truth["aroused"], hearing.at_s[level]
    inside = [t for t in at_s for a, b in spans if a <= t <= b]
    start = spans[0][0] if spans else 0.0
    length_s = max(segment["end"] for segment in truth["segments"])
    return Outcome(
        name=name,
        heated=bool(spans),
        caught_after_s=inside[0] - start if inside else None,
        caught_after_speech_s=_spoken_s(truth, start, inside[0]) if inside else None,
        false_at_s=tuple(t for t in at_s if _is_calm(truth, t)),
        calm_s=float(sum(_is_calm(truth, t) for t in range(int(length_s)))),
        auc=_auc(truth, hearing.arousal) if spans else None,
    )


def point(level: float, outcomes: list[Outcome]) -> Point:
    """Pool calls at one level."""
    heated = [o for o in outcomes if o.heated]
    delays = sorted(o.caught_after_speech_s for o in heated if o.caught_after_speech_s is not None)
    false, calm_h = sum(len(o.false_at_s) for o in outcomes), sum(o.calm_s for o in outcomes) / 3_600
    fewest, most = poisson_interval(false)
    aucs = [o.auc for o in heated if o.auc is not None]
    return Point(
        high=level,
        heated=len(heated),
        caught=len(delays),
        share_interval=wilson_interval(len(delays), len(heated)),
        median_s=float(np.median(delays)) if delays else None,
        worst_s=delays[-1] if delays else None,
        false=false,
        calm_h=calm_h,
        per_hour=false / calm_h,
        per_hour_interval=(fewest / calm_h, most / calm_h),
        auc=float(np.mean(aucs)) if aucs else None,
    )


def _is_calm(truth: dict[str, Any], t: float) -> bool:
    return all(t < a or (t > b and _spoken_s(truth, b, t) > GRACE_S) for a, b in truth["aroused"])


def _spoken_s(truth: dict[str, Any], start_s: float, end_s: float) -> float:
    own = (s for s in truth["segments"] if s["channel"] == "caller")
    return float(sum(max(0.0, min(end_s, s["end"]) - max(start_s, s["start"])) for s in own))


def _auc(truth: dict[str, Any], arousal: tuple[Arousal, ...]) -> float | None:
    known = [(e.at / RATE_HZ, e.value) for e in arousal if e.value is not None]
    hot = [(v, True) for t, v in known if any(a <= t <= b for a, b in truth["aroused"])]
    calm = [(v, False) for t, v in known if _is_calm(truth, t)]
    if not hot or not calm:
        return None
    values, is_hot = zip(*hot, *calm, strict=True)
    return auc(np.array(is_hot), np.array(values))
