"""How much a sound repeats itself as a voice does: what tells a voice from breath, whatever its pitch or level."""

from __future__ import annotations

import numpy as np

from voicecare.timebase import HOP, RATE_HZ
from voicecare.types import Floats

DECIMATION = 4
"""To 4 kHz: the harmonics that repeat most clearly lie below 2 kHz."""
HOPS = 2
"""Over 64 ms: five periods of the deepest voice."""
LOWEST_HZ, HIGHEST_HZ = 70, 650
_SHORTEST = RATE_HZ // DECIMATION // HIGHEST_HZ
_LONGEST = RATE_HZ // DECIMATION // LOWEST_HZ
_LAGS = np.arange(_SHORTEST, _LONGEST + 1)
_STEP = HOP // DECIMATION


class Periodicity:
    """The last 64 ms of both legs, and their likeness to themselves one period ago (normalised autocorrelation)."""

    def __init__(self) -> None:
        self._past: Floats = np.zeros((2, HOPS * _STEP), np.float32)

    def push(self, stretch: Floats) -> None:
        """Take the next hops, float32 (2, n * HOP)."""
        slow = stretch.reshape(2, -1, DECIMATION).mean(axis=2)
        self._past = np.concatenate((self._past[:, -HOPS * _STEP :], slow), axis=1)

    def of(self, leg: int, *, before: int = 0) -> float:
        """How periodic a leg was at the end of a hop, 0..1, over the periods a voice may have.

        before: how many hops before the last one; all of the last stretch can be asked for.
        """
        end = self._past.shape[1] - before * _STEP
        audio = np.diff(self._past[leg, end - HOPS * _STEP : end].astype(np.float64))
        size = 2 * audio.size
        spectrum = np.fft.rfft(audio, size)
        products = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, size)[_SHORTEST : _LONGEST + 1]
        energy = np.concatenate(([0.0], np.cumsum(audio**2)))
        both = np.sqrt(energy[audio.size - _LAGS] * (energy[-1] - energy[_LAGS]))
        return float((products / np.maximum(both, 1e-12)).max())
