"""A sound that can be found again: played into an output, looked for in its loopback."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voicecare.timebase import RATE_HZ, Samples
from voicecare.types import Floats

LENGTH_S = 0.5
FROM_HZ, TO_HZ = 400.0, 3_200.0
LEVEL_DBFS = -26.0
"""Quiet enough for an ear with a headset on."""
COHERENT = 0.15
"""The share of what is heard there that must be the chirp; of speech at most 0.02 is (a minute of a call)."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the chirp was found, in samples of what was heard, and how loud, in dB of what was played."""

    at: Samples
    gain_db: float


def chirp() -> Floats:
    """Make the sound, float32 mono at 16 kHz."""
    time_s = np.arange(round(LENGTH_S * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * (FROM_HZ * time_s + (TO_HZ - FROM_HZ) / (2 * LENGTH_S) * time_s**2)
    fade = np.minimum(1.0, np.minimum(time_s, time_s[::-1]) / 0.02)
    return np.asarray(10 ** (LEVEL_DBFS / 20) * np.sqrt(2) * fade * np.sin(phase), np.float32)


def find(heard: Floats) -> Found | None:
    """Look for the chirp in float32 mono at 16 kHz; None where it is not."""
    sound = chirp()
    if len(heard) <= len(sound):
        return None
    length = 1 << (len(heard) + len(sound)).bit_length()
    match = np.fft.irfft(np.fft.rfft(heard, length) * np.conj(np.fft.rfft(sound, length)))[: len(heard) - len(sound)]
    peak = int(np.argmax(np.abs(match)))
    strength = float(abs(match[peak]))
    there = heard[peak : peak + len(sound)]
    energy = float(sound @ sound)
    if strength**2 < COHERENT * energy * float(there @ there) or strength == 0.0:
        return None
    return Found(peak, round(float(20 * np.log10(strength / energy)), 1))
