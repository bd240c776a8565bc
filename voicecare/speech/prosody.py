"""Prosody of the caller's speech: how high, how lively, how bright the voice is, twice a second of speech.

Only hops in which the caller speaks are kept, so silence and hold music never enter. Everything is free of level (each
step is brought to one loudness first) and lies inside the telephone band, so headset gain, automatic gain control and
the bandwidth of the line say nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicecare.config import StrainConfig
from voicecare.timebase import HOP, RATE_HZ, Samples, Span
from voicecare.types import Floats, PitchTracker

FRAME: Samples = 256
"""One frame every 16 ms, as the pitch tracker counts; its window is twice as long."""
BAND_HZ = (300.0, 3_400.0)
VOICED = 0.5
"""Confidence from which swift-f0 calls a frame voiced."""
F0_RANGE_HZ = (65.0, 520.0)
CONTEXT: Samples = 4 * HOP
"""Speech before each step that the pitch tracker hears again: without it, it misses a tenth of the voiced frames."""
BANDS = 10
FEATURES = (
    "f0_mean",
    "f0_low",
    "f0_high",
    "f0_spread",
    "f0_movement",
    "confidence",
    "voiced_share",
    "flux_mean",
    "flux_spread",
    "alpha",
    "hammarberg",
    "slope_low",
    "slope_high",
    "centroid",
    "bandwidth",
    "entropy",
    "modulation",
    *(f"band_{number}" for number in range(BANDS)),
)
"""The names of the features, in the order of `ProsodyFrame.features`; pitch in semitones, spectra in dB or kHz."""


@dataclass(frozen=True, slots=True, eq=False)
class ProsodyFrame:
    """The prosody of the caller's last few seconds of speech.

    at: when it was known. span: from the first to the last hop of speech it describes (silences lie inside).
    features: float32, shape (len(FEATURES),). quality: 0..1, the trust voicing and noise allow.
    """

    at: Samples
    span: Span
    features: Floats
    quality: float


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """The frames of one step of speech; arrays of one value (or row) a frame."""

    start: Samples
    end: Samples
    f0: npt.NDArray[np.float64]
    voiced: npt.NDArray[np.bool_]
    confidence: npt.NDArray[np.float64]
    bands: npt.NDArray[np.float64]
    shape: npt.NDArray[np.float64]
    energy: npt.NDArray[np.float64]


class Prosody:
    """Turns the caller's speech into one ProsodyFrame a step (`every_s` of speech) over a window (`window_s`)."""

    def __init__(self, config: StrainConfig, pitch: PitchTracker) -> None:
        self._pitch = pitch
        self._step_hops = max(1, round(config.every_s * RATE_HZ / HOP))
        steps = max(1, round(config.window_s / config.every_s))
        self._hops: list[Floats] = []
        self._starts: list[Samples] = []
        self._tail = np.zeros(CONTEXT, np.float32)
        self._window: deque[_Step] = deque(maxlen=steps)
        self._spectrum = _Spectrum()
        self._noise = 0.0

    def push(self, samples: Floats, speaking: bool, start: Samples) -> list[ProsodyFrame]:  # noqa: FBT001 - a state, not a switch
        """Take one hop of the caller's leg: float32, shape (HOP,), at the level it came in."""
        if not speaking:
            self._hear_noise(samples)
            return []
        self._hops.append(samples)
        self._starts.append(start)
        if len(self._hops) < self._step_hops:
            return []
        self._window.append(self._step())
        first, last = self._window[0], self._window[-1]
        features, quality = _describe(list(self._window))
        return [ProsodyFrame(start + HOP, Span(first.start, last.end), features, quality)]

    def _step(self) -> _Step:
        raw = np.concatenate([self._tail, *self._hops])
        start, end = self._starts[0], self._starts[-1] + HOP
        self._hops, self._starts = [], []
        self._tail = raw[-CONTEXT:]
        speech = raw[CONTEXT:]
        level = float(np.sqrt(np.mean(np.square(speech, dtype=np.float64)))) + 1e-9
        audio = (raw * np.float32(0.1 / level)).astype(np.float32)
        f0, confidence = self._pitch.track(audio)
        count = speech.size // FRAME
        f0, confidence = _last(f0, count), _last(confidence, count)
        voiced = (confidence >= VOICED) & (f0 > F0_RANGE_HZ[0]) & (f0 < F0_RANGE_HZ[1])
        bands, shape, energy = self._spectrum.frames(audio[CONTEXT - FRAME :])
        return _Step(start, end, 12 * np.log2(np.maximum(f0, 1.0) / 100.0), voiced, confidence, bands, shape, energy)

    def _hear_noise(self, samples: Floats) -> None:
        pass


class _Spectrum:
    """Spectra of the telephone band, one a frame."""

    def __init__(self) -> None:
        hz = np.fft.rfftfreq(2 * FRAME, 1 / RATE_HZ)
        self._keep = (hz >= BAND_HZ[0]) & (hz <= BAND_HZ[1])
        self.hz = hz[self._keep]
        self._window = np.hanning(2 * FRAME)
        mel = 2595 * np.log10(1 + self.hz / 700)
        edges = np.linspace(mel[0], mel[-1] + 1e-6, BANDS + 1)
        self._bands = np.stack(
            [(mel >= low) & (mel < high) for low, high in zip(edges, edges[1:], strict=False)]
        ).astype(float)
        self._bands /= self._bands.sum(axis=1, keepdims=True)
        low, mid = self.hz < 1_000, self.hz >= 1_000
        self._low, self._mid = low, mid
        self._below_2k = self.hz < 2_000

    def frames(self, audio: Floats) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Take float32 speech, FRAME samples of context first; return bands in dB, shape measures and energy in dB."""
        count = audio.size // FRAME - 1
        strided = np.lib.stride_tricks.sliding_window_view(audio, 2 * FRAME)[::FRAME][:count]
        power = np.abs(np.fft.rfft(strided * self._window, axis=1)[:, self._keep]) ** 2 + 1e-7
        total = power.sum(axis=1)
        db = 10 * np.log10(power)
        bands = 10 * np.log10(power @ self._bands.T)
        share = power / total[:, None]
        amplitude = np.sqrt(share)
        flux = np.r_[0.0, np.sqrt(np.sum(np.diff(amplitude, axis=0) ** 2, axis=1))]
        alpha = 10 * np.log10(power[:, self._low].sum(axis=1) / power[:, self._mid].sum(axis=1))
        hammarberg = db[:, self._below_2k].max(axis=1) - db[:, ~self._below_2k].max(axis=1)
        khz = self.hz / 1_000
        slope_low = _slope(khz[self._low], db[:, self._low])
        slope_high = _slope(khz[self._mid], db[:, self._mid])
        centroid = share @ khz
        bandwidth = np.sqrt(np.maximum(share @ khz**2 - centroid**2, 0.0))
        entropy = -np.sum(share * np.log(share), axis=1)
        shape = np.stack([flux, -alpha, -hammarberg, slope_low, slope_high, centroid, bandwidth, entropy], axis=1)
        return bands - bands.mean(axis=1, keepdims=True), shape, 10 * np.log10(total)


def _slope(khz: npt.NDArray[np.float64], db: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    centred = khz - khz.mean()
    return np.asarray(db @ centred / np.sum(centred**2))


def _last(values: Floats, count: int) -> npt.NDArray[np.float64]:
    return np.asarray(values, np.float64)[-count:]


def _describe(window: list[_Step]) -> tuple[Floats, float]:
    f0, voiced = np.concatenate([s.f0 for s in window]), np.concatenate([s.voiced for s in window])
    shape, bands = np.concatenate([s.shape for s in window]), np.concatenate([s.bands for s in window])
    confidence = np.concatenate([s.confidence for s in window])
    features = np.zeros(len(FEATURES), np.float32)
    if voiced.sum() < 8:
        return features, 0.0
    pitch = f0[voiced]
    low, high = np.percentile(pitch, [10, 90])
    both = voiced[1:] & voiced[:-1]
    movement = np.abs(np.diff(f0))[both].mean() if both.any() else 0.0
    modulation = float(np.mean([s.energy.std() for s in window]))
    spectra = shape[voiced].mean(axis=0)
    features[:] = [
        pitch.mean(),
        low,
        high,
        pitch.std(),
        movement,
        confidence.mean(),
        voiced.mean(),
        spectra[0],
        shape[voiced, 0].std(),
        *spectra[1:],
        modulation,
        *bands[voiced].mean(axis=0),
    ]
    return features, float(min(1.0, voiced.mean() / 0.3))
