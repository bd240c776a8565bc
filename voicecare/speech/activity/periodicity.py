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


class Periodicity:
    """The last 64 ms of both legs, and their likeness to themselves one period ago (normalised autocorrelation)."""

    def __init__(self) -> None:
        self._past: Floats = np.zeros((2, HOPS * HOP // DECIMATION), np.float32)

    def push(self, hop: Floats) -> None:
        """Take the next hop, float32 (2, HOP)."""
        step = HOP // DECIMATION
        self._past[:, :-step] = self._past[:, step:]
        self._past[:, -step:] = hop.reshape(2, step, DECIMATION).mean(axis=2)

    def of(self, leg: int) -> float:
        """How periodic a leg is now, 0..1, over the periods a voice may have."""
        audio = np.diff(self._past[leg].astype(np.float64))
        size = 2 * audio.size
        spectrum = np.fft.rfft(audio, size)
        products = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, size)[_SHORTEST : _LONGEST + 1]
        energy = np.concatenate(([0.0], np.cumsum(audio**2)))
        lags = np.arange(_SHORTEST, _LONGEST + 1)
        both = np.sqrt(energy[audio.size - lags] * (energy[-1] - energy[lags]))
        return float((products / np.maximum(both, 1e-12)).max())
