"""Prosody of the caller's speech: how high, how lively and how bright the voice is, twice a second of speech.

Only hops in which the caller speaks are kept, so silence and hold music never enter. Everything is free of level (each
step is brought to one loudness first) and lies inside the telephone band, so headset gain, automatic gain control and
the bandwidth of the line say next to nothing.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from voicecare.config import StrainConfig
from voicecare.ports import PitchTracker
from voicecare.speech.strain.spectra import FRAME, Spectra
from voicecare.timebase import HOP, RATE_HZ, Samples, Span
from voicecare.types import Floats

FEATURES = ("f0_mean", "f0_movement", "flux", "change", "contrast", "brightness")
"""The names of `ProsodyFrame.features`, in order:

f0_mean: mean F0 of voiced frames, in semitones above 100 Hz.
f0_movement: mean change of F0 from one 32 ms frame to the next, in Hz (at most 60): lively against flat.
flux: mean change of the short (32 ms) amplitude spectrum, normalised to its sum, 0..2.
change: mean change of the long (64 ms) spectrum's shape, in dB.
contrast: how far harmonics stand out of the smoothed spectrum of voiced frames, in dB.
brightness: centroid of voiced frames, in kHz.

Chosen among 60 candidates for how they carry from one corpus to others through phone lines; more features, or spectral
balance in bands, fitted the training corpus better and the others worse.
"""
MELODY = ("f0_spread", "f0_move", "f0_rises", "f0_skew")
"""The names of `ProsodyFrame.melody`, in order, of voiced 32 ms frames:

f0_spread: standard deviation of F0, in semitones. f0_move: mean change from one frame to the next, in semitones.
f0_rises: share of those changes that go up. f0_skew: how much further the highest tenth lies above the median than the
lowest below it, in semitones.

They tell joy (wide, swinging) from anger and fear (pressed), which the six of strain do not (models/tone.md).
"""
VOICED = 0.5
"""Confidence from which swift-f0 calls a frame voiced."""
F0_RANGE_HZ = (65.0, 520.0)
LEAST_VOICED = 8
"""Voiced frames (16 ms) below which nothing is said about a window."""
LEAST_MOVES = 6
"""Changes of F0 below which a melody is not told."""
FULLY_VOICED, CLEAN_DB = 0.25, 10.0
"""Quality is full from this share of voiced frames and this ratio of speech to the line's noise on."""
QUIETEST_DB = -90.0
CONTEXT: Samples = 4 * HOP
"""Speech before each step that the pitch tracker hears again; without it, it misses a tenth of the voiced frames."""
_PITCH_HOP: Samples = 2 * FRAME
_LONGEST_MOVE_HZ = 60.0
_NOISE_KEEP = math.exp(-HOP / RATE_HZ)
"""The line's noise is averaged over about a second of the caller's pauses."""


@dataclass(frozen=True, slots=True, eq=False)
class ProsodyFrame:
    """The prosody of the caller's last few seconds of speech.

    at: when it was known. span: from the first to the last hop of speech it describes (pauses lie inside).
    features: float32, shape (len(FEATURES),). quality: 0..1, the trust that voicing and the line's noise allow.
    melody: float32, shape (len(MELODY),), over `StrainConfig.melody_s`; None where too little of it is voiced.
    """

    at: Samples
    span: Span
    features: Floats
    quality: float
    melody: Floats | None = None


class _Step(NamedTuple):
    """One step of speech, reduced: sums and counts of each feature, so that windows of any length are ratios.

    tones: F0 in semitones above 100 Hz, one value per 32 ms, not a number where unvoiced.
    """

    span: Span
    sums: npt.NDArray[np.float64]
    counts: npt.NDArray[np.float64]
    voiced: int
    snr_db: float
    tones: npt.NDArray[np.float64]


class Prosody:
    """Turns the caller's speech into one ProsodyFrame a step (`every_s` of speech) over a window (`window_s`)."""

    def __init__(self, config: StrainConfig, pitch: PitchTracker) -> None:
        self._pitch = pitch
        self._spectra = Spectra()
        self._hops_a_step = max(1, round(config.every_s * RATE_HZ / HOP))
        self._hops: list[Floats] = []
        self._starts: list[Samples] = []
        self._tail = np.zeros(CONTEXT, np.float32)
        self._window: deque[_Step] = deque(maxlen=max(1, round(config.window_s / config.every_s)))
        self._tones: deque[npt.NDArray[np.float64]] = deque(maxlen=max(1, round(config.melody_s / config.every_s)))
        self._noise_db = QUIETEST_DB

    def push(self, samples: Floats, speaking: bool, start: Samples) -> list[ProsodyFrame]:  # noqa: FBT001 - a state
        """Take the next hop of the caller's leg, float32 (HOP,), as loud as it came; return a frame at a step's end."""
        if not speaking:
            # In dB, so that the first moments of speech before voice activity is sure of it weigh little.
            level_db = _power_db(float(samples @ samples) / HOP)
            self._noise_db = level_db + _NOISE_KEEP * (self._noise_db - level_db)
            return []
        self._hops.append(samples)
        self._starts.append(start)
        if len(self._hops) < self._hops_a_step:
            return []
        step = self._reduce()
        self._window.append(step)
        self._tones.append(step.tones)
        span = Span(self._window[0].span.start, self._window[-1].span.end)
        features, quality = _describe(self._window)
        return [ProsodyFrame(start + HOP, span, features, quality, melody_of(np.concatenate(self._tones)))]

    def begin_anew(self) -> None:
        """Describe no more of what was heard so far; the line's noise stays known."""
        self._hops, self._starts = [], []
        self._window.clear()
        self._tones.clear()

    def _reduce(self) -> _Step:
        span = Span(self._starts[0], self._starts[-1] + HOP)
        raw = np.concatenate([self._tail, *self._hops])
        self._hops, self._starts, self._tail = [], [], raw[-CONTEXT:]
        speech = raw[CONTEXT:]
        power = float(speech @ speech) / speech.size + 1e-12
        audio = raw * np.float32(0.1 / math.sqrt(power))
        f0_hz, confidence = self._pitch.track(audio)
        voiced = (confidence >= VOICED) & (f0_hz > F0_RANGE_HZ[0]) & (f0_hz < F0_RANGE_HZ[1])
        voiced, f0_hz = voiced[-(speech.size // FRAME) :], f0_hz[-(speech.size // FRAME) :]
        # The pitch tracker has one value per 32 ms and gives it twice.
        both = voiced[::2][1:] & voiced[::2][:-1]
        moves_hz = np.minimum(np.abs(np.diff(f0_hz[::2]))[both], _LONGEST_MOVE_HZ)
        heard = self._spectra.measure(audio, CONTEXT)
        loud, count = heard.loud, int(voiced.sum())
        sums = [
            float(np.sum(12 * np.log2(f0_hz[voiced] / 100.0))),
            float(moves_hz.sum()),
            float(heard.flux[loud].sum()),
            float(heard.change_db[loud].sum()),
            float(heard.contrast_db[voiced].sum()),
            float(heard.centroid_khz[voiced].sum()),
        ]
        counts = [count, moves_hz.size, int(loud.sum()), int(loud.sum()), count, count]
        tones = np.where(voiced[::2], 12 * np.log2(np.maximum(f0_hz[::2], 1.0) / 100.0), np.nan)
        snr_db = _power_db(power) - self._noise_db
        return _Step(span, np.array(sums), np.array(counts, np.float64), count, snr_db, tones)


def melody_of(tones: npt.NDArray[np.float64]) -> Floats | None:
    """Describe how F0 moves, float32 (len(MELODY),), or None where too little of it is voiced.

    tones: F0 in semitones, one value per 32 ms, not a number where unvoiced.
    """
    moves = np.diff(tones)
    moves = moves[~np.isnan(moves)]
    if moves.size < LEAST_MOVES:
        return None
    heard = tones[~np.isnan(tones)]
    low, middle, high = np.percentile(heard, (10, 50, 90))
    skew = (high - middle) - (middle - low)
    return np.array([heard.std(), np.abs(moves).mean(), (moves > 0).mean(), skew], np.float32)


def _describe(window: deque[_Step]) -> tuple[Floats, float]:
    """Return the features of a window and their quality, 0 where too little of it is voiced."""
    sums, counts = np.sum([step.sums for step in window], axis=0), np.sum([step.counts for step in window], axis=0)
    voiced = sum(step.voiced for step in window)
    if voiced < LEAST_VOICED or counts.min() < 1:
        return np.zeros(len(FEATURES), np.float32), 0.0
    share = voiced * FRAME / sum(step.span.length for step in window)
    snr_db = sum(step.snr_db for step in window) / len(window)
    quality = min(1.0, share / FULLY_VOICED) * min(1.0, max(0.0, snr_db / CLEAN_DB))
    return (sums / counts).astype(np.float32), quality


def _power_db(power: float) -> float:
    return max(QUIETEST_DB, 10 * math.log10(power + 1e-12))
