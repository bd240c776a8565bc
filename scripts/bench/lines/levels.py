"""Levels of sound, and how one sound is brought to a level or laid over another."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from voicecare.timebase import RATE_HZ

Wave: TypeAlias = npt.NDArray[np.floating[Any]]
"""Samples of one leg (n,) or of several (k, n), float32 or float64, full scale ±1."""
Waveform: TypeAlias = npt.NDArray[np.float64]
SPEECH_DBFS = -23.0
"""RMS of clean speech in built calls; what a noise's level counts from."""


def amplitude(db: float) -> float:
    """The factor of so many decibels."""
    return float(10 ** (db / 20))


def rms(sound: Wave) -> float:
    """The root mean square."""
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))


def at_dbfs(sound: Waveform, dbfs: float) -> Waveform:
    """The sound at a level (RMS)."""
    return np.asarray(sound * (amplitude(dbfs) / (np.sqrt(np.mean(np.square(sound))) + 1e-12)))


def add(out: Waveform, start_s: float, sound: Waveform, gain: float) -> None:
    """Lay a 16 kHz sound over another from a time on; what reaches beyond its end is dropped."""
    start = round(start_s * RATE_HZ)
    stop = min(out.size, start + sound.size)
    if stop > start:
        out[start:stop] += gain * sound[: stop - start]
