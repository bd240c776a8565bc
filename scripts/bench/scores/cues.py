"""The `acknowledge` cues of a call at many levels of strain from one hearing, and their judgement against the truth.

What the caller's strain is does not depend on the level that raises a cue, so each call is heard once and every level
has a cue stage of its own, which is given exactly what the product's is given. A second row of stages is given the same
but nothing that was read from words.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from voicecare.config import Config, CueConfig
from voicecare.engine import Engine
from voicecare.ports import Lane
from voicecare.speech.cues.cues import Cues
from voicecare.speech.pipeline import Edges, Pipeline
from voicecare.timebase import RATE_HZ, Samples
from voicecare.types import Arousal, AudioBlock, Cue, Event, Pace, Phrase, Sentiment

GRACE_S = 8.0
"""Caller speech after a heated stretch in which a smoothed estimate may still be coming down."""
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Hearing:
    """One call: when `acknowledge` cues came at each level (seconds of call), and the strain as it was told.

    raised: the cues of the product's own level, praise among them.
    """

    at_s: dict[float, tuple[float, ...]]
    arousal: tuple[Arousal, ...]
    raised: tuple[Cue, ...] = ()


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


class CuesAtLevels:
    """Stands where a pipeline's cue stage stands and lets one stage a level hear everything it hears."""

    def __init__(self, config: CueConfig, levels: Iterable[float]) -> None:
        self._stages = {
            level: Cues(dataclasses.replace(config, high=level, low=min(config.low, level - 0.05))) for level in levels
        }
        self._shown: dict[float, list[Cue]] = {level: [] for level in self._stages}

    def push(self, event: Any, now: Samples) -> list[Cue]:
        for level, stage in self._stages.items():
            self._shown[level] += stage.push(event, now)
        return []

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, caller_speaks: bool) -> list[Cue]:
        for level, stage in self._stages.items():
            self._shown[level] += stage.hop(now, length, agent_speaks=agent_speaks, caller_speaks=caller_speaks)
        return []

    def finish(self, end: Samples) -> list[Cue]:
        for level, stage in self._stages.items():
            self._shown[level] += stage.finish(end)
        return []

    def raised(self, level: float) -> tuple[Cue, ...]:
        """The cues of one level, as they were raised."""
        return tuple(cue for cue in self._shown.get(level, ()) if cue.cleared_at is None)

    def acknowledge_s(self) -> dict[float, tuple[float, ...]]:
        """When cues that ask for an acknowledgement were raised, in seconds of call."""
        return {
            level: tuple(cue.at / RATE_HZ for cue in self.raised(level) if "acknowledge" in cue.kind)
            for level in self._stages
        }


class WithAndWithoutWords:
    """Two rows of cue stages: one is given everything, the other nothing that was read from words."""

    def __init__(self, config: CueConfig, levels: Iterable[float]) -> None:
        levels = tuple(levels)
        self.with_words, self.without = CuesAtLevels(config, levels), CuesAtLevels(config, levels)

    def push(self, event: Any, now: Samples) -> list[Cue]:
        if not isinstance(event, Sentiment | Phrase | Pace):
            self.without.push(event, now)
        return self.with_words.push(event, now)

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, caller_speaks: bool) -> list[Cue]:
        self.without.hop(now, length, agent_speaks=agent_speaks, caller_speaks=caller_speaks)
        return self.with_words.hop(now, length, agent_speaks=agent_speaks, caller_speaks=caller_speaks)

    def finish(self, end: Samples) -> list[Cue]:
        self.without.finish(end)
        return self.with_words.finish(end)


def hear(
    blocks: Iterable[AudioBlock], config: Config, edges: Edges, lane: Lane, levels: Iterable[float]
) -> tuple[Hearing, Hearing]:
    """Hear one call through the product's own pipeline and engine; return it without words, and with."""
    pipeline = Pipeline(config, edges)
    cues = WithAndWithoutWords(config.cues, levels)
    pipeline._cues = cues  # type: ignore[assignment]  # noqa: SLF001 - the only stage a level changes
    events: list[Event] = list(Engine(pipeline, lane).run(blocks))
    arousal, own = tuple(e for e in events if isinstance(e, Arousal)), config.cues.high
    without, with_words = (
        Hearing(row.acknowledge_s(), arousal, row.raised(own)) for row in (cues.without, cues.with_words)
    )
    return without, with_words


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


def poisson_interval(count: int) -> tuple[float, float]:
    """The exact 95 % interval of a Poisson mean, from one count (Garwood 1936)."""
    from scipy.stats import chi2

    tail = (1 - CONFIDENCE) / 2
    return float(chi2.ppf(tail, 2 * count) / 2) if count else 0.0, float(chi2.ppf(1 - tail, 2 * count + 2) / 2)


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927); 0 to 1 where nothing was tried."""
    if not count:
        return 0.0, 1.0
    z2 = 1.959964**2
    middle = (hits + z2 / 2) / (count + z2)
    half = np.sqrt(z2 * (hits * (count - hits) / count + z2 / 4)) / (count + z2)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def _is_calm(truth: dict[str, Any], t: float) -> bool:
    return all(t < a or (t > b and _spoken_s(truth, b, t) > GRACE_S) for a, b in truth["aroused"])


def _spoken_s(truth: dict[str, Any], start_s: float, end_s: float) -> float:
    own = (s for s in truth["segments"] if s["channel"] == "caller")
    return float(sum(max(0.0, min(end_s, s["end"]) - max(start_s, s["start"])) for s in own))


def _auc(truth: dict[str, Any], arousal: tuple[Arousal, ...]) -> float | None:
    from scripts.train.fit import auc

    known = [(e.at / RATE_HZ, e.value) for e in arousal if e.value is not None]
    hot = [(v, True) for t, v in known if any(a <= t <= b for a, b in truth["aroused"])]
    calm = [(v, False) for t, v in known if _is_calm(truth, t)]
    if not hot or not calm:
        return None
    values, is_hot = zip(*hot, *calm, strict=True)
    return auc(np.array(is_hot), np.array(values))
