"""Where a clean recording holds speech, told by level alone, and how much of it was heard.

Level is taken in the voice's band on the phone, 300 to 3,400 Hz: the breaths of calm clips are as loud as their speech,
but below it. Truth comes in two strengths, because no level tells every breath from every soft ending. `sure` is within
25 dB of the recording's loudest 50 ms and 10 dB above its quietest (5 % aside); pauses under 150 ms (closures of
plosives) belong to it, sounds under 60 ms (clicks) do not, nor what stays 15 dB below the loudest for longer than 0.1 s
before or after a stretch, nor stretches apart that never come within 12 dB: mostly breath. `possible` is whatever
sounds at all, to 40 dB below the loudest and 6 dB above the floor. What lies between is asked of nobody: of the frames
25 to 35 dB below the loudest periodicity, which has no say here, finds a quarter to a half voiced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from scripts.bench.lines.frames import FRAME_S, FRAMES_PER_S, Frames, bridged, frames_of, levels_db, runs, widened
from voicecare.types import Floats

Spans: TypeAlias = list[tuple[float, float]]
BAND_HZ = (100.0, 300.0, 3_400.0, 4_000.0)
SURE_DB, OVER_FLOOR_DB = 25.0, 10.0
POSSIBLE_DB, OVER_FLOOR_POSSIBLE_DB = 40.0, 6.0
AT_LEAST_DB = 15.0
"""However high the floor, this far below the loudest is speech still."""
BRIDGED_S, LEAST_S = 0.15, 0.06
WEAK_DB, WEAK_S = 15.0, 0.1
APART_DB = 12.0
NEAR_S = 0.2
"""What is told this near to anything that sounds is no invention."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The 10 ms frames that are speech, and those that may be."""

    sure: Frames
    possible: Frames

    def padded(self, before_s: float, after_s: float) -> Truth:
        """The same with silence around."""
        around = round(before_s * FRAMES_PER_S), round(after_s * FRAMES_PER_S)
        return Truth(np.pad(self.sure, around), np.pad(self.possible, around))

    @property
    def start_s(self) -> float:
        """Where speech begins."""
        return float(np.flatnonzero(self.sure)[0]) * FRAME_S


@dataclass(frozen=True, slots=True)
class Share:
    """What a system heard. heard: of speech; loudest: of its loudest 40 %; invented_s: told where nothing sounds."""

    speech_s: float
    heard: float
    loudest: float
    invented_s: float
    silent_s: float

    @property
    def invented(self) -> float:
        """The share of silence told as speech."""
        return self.invented_s / self.silent_s if self.silent_s else 0.0


def by_level(audio: Floats, rate_hz: int) -> Truth:
    """The truth of a clean clip, by its level in the voice's band: puffs of breath are loudest below it."""
    level_db = levels_db(_in_band(audio, rate_hz), rate_hz)
    smooth_db = 10 * np.log10(np.convolve(10 ** (level_db / 10), np.ones(5) / 5, "valid") + 1e-12)
    loudest_db, floor_db = float(smooth_db.max()), float(np.percentile(smooth_db, 5))
    sure_db = min(max(loudest_db - SURE_DB, floor_db + OVER_FLOOR_DB), loudest_db - AT_LEAST_DB)
    possible_db = min(max(loudest_db - POSSIBLE_DB, floor_db + OVER_FLOOR_POSSIBLE_DB), sure_db)
    sounding = bridged(level_db > sure_db, BRIDGED_S, LEAST_S)
    return Truth(
        _without_weak_ends(sounding, level_db - loudest_db),
        sounding | bridged(level_db > possible_db, BRIDGED_S, 0.0),
    )


def _in_band(audio: Floats, rate_hz: int) -> Floats:
    padded = np.pad(audio, rate_hz // 10)
    hz = np.fft.rfftfreq(padded.size, 1 / rate_hz)
    gain = np.interp(hz, BAND_HZ, (0.0, 1.0, 1.0, 0.0)) ** 2
    return np.fft.irfft(np.fft.rfft(padded) * gain, padded.size)[rate_hz // 10 :][: audio.size].astype(np.float32)


def _without_weak_ends(sounding: Frames, below_db: npt.NDArray[np.float64]) -> Frames:
    """Every stretch from `WEAK_S` before its first strong frame to as long after its last; none that is weak all over.

    below_db: the level of each frame against the loudest.
    """
    kept = np.zeros_like(sounding)
    reach = round(WEAK_S * FRAMES_PER_S)
    for start, end in runs(sounding):
        strong = start + np.flatnonzero(below_db[start:end] > -WEAK_DB)
        if strong.size and below_db[start:end].max() > -APART_DB:
            kept[max(start, int(strong[0]) - reach) : min(end, int(strong[-1]) + 1 + reach)] = True
    return kept


def of_call(leg: Floats, rate_hz: int) -> Truth:
    """The truth of a whole leg of a call on a very clean line: 20 dB above its quiet fifth and above -45 dBFS."""
    level_db = levels_db(leg, rate_hz)
    sure = bridged(level_db > max(float(np.percentile(level_db, 20)) + 20, -45.0), BRIDGED_S, LEAST_S)
    return Truth(sure, sure)


def score(truth: Truth, spans: Iterable[tuple[float, float]], level_db: npt.NDArray[np.float64] | None = None) -> Share:
    """How much of the speech the told spans cover. level_db: of each frame, for the loudest 40 % of speech."""
    told = frames_of(spans, truth.sure.size)
    speech = max(int(truth.sure.sum()), 1)
    loud = truth.sure
    if level_db is not None and truth.sure.any():
        loud = truth.sure & (level_db > np.percentile(level_db[truth.sure], 60))
    silent = ~widened(truth.possible, NEAR_S)
    return Share(
        speech_s=float(truth.sure.sum()) * FRAME_S,
        heard=float((told & truth.sure).sum()) / speech,
        loudest=float((told & loud).sum()) / max(int(loud.sum()), 1),
        invented_s=float((told & silent).sum()) * FRAME_S,
        silent_s=float(silent.sum()) * FRAME_S,
    )
