"""Noises of a line and of the rooms at its ends, made from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from scripts.bench.lines.levels import Wave, Waveform
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

Noise: TypeAlias = Literal["none", "pink", "babble", "keyboard", "hum"]
Talker: TypeAlias = Sequence[Floats]
"""Clips of one speaker, float32 at 16 kHz."""


def noise(kind: Noise, size: int, talkers: Sequence[Talker], rng: np.random.Generator) -> Wave:
    """Noise at 16 kHz, at no level in particular. talkers: for babble, of which the first six talk."""
    if kind == "babble":
        return babble(size, talkers[:6], rng, np.float32)
    if kind == "keyboard":
        return keyboard(size, rng)
    if kind == "hum":
        return hum(size, rng)
    return _pink(size, RATE_HZ, rng)


def pink(size: int, rate_hz: int, rng: np.random.Generator) -> Waveform:
    """Pink noise of RMS 1, flat below 50 Hz."""
    sound = _pink(size, rate_hz, rng)
    return np.asarray(sound / np.sqrt(np.mean(np.square(sound))))


def _pink(size: int, rate_hz: int, rng: np.random.Generator) -> Waveform:
    spectrum = np.fft.rfft(rng.standard_normal(size))
    hz = np.fft.rfftfreq(size, 1 / rate_hz)
    return np.asarray(np.fft.irfft(spectrum / np.sqrt(np.maximum(hz, 50.0)), size))


def babble(
    size: int,
    talkers: Sequence[Talker],
    rng: np.random.Generator,
    dtype: type[np.float32 | np.float64] = np.float64,
) -> Wave:
    """Everybody at once, each beginning somewhere."""
    out: Wave = np.zeros(size, dtype)
    for clips in talkers:
        talk = np.concatenate([clips[i] for i in rng.permutation(len(clips))])
        out += np.roll(np.resize(talk, size), int(rng.integers(size)))
    return out


def keyboard(size: int, rng: np.random.Generator) -> Waveform:
    """Bouts of 5 to 20 key strokes, six a second, two clicks a stroke."""
    out = np.zeros(size + RATE_HZ)
    click = np.exp(-np.arange(RATE_HZ // 50) / (0.003 * RATE_HZ))
    at = 0.0
    while at < size:
        for _ in range(int(rng.integers(5, 20))):
            for offset, gain in ((0.0, 1.0), (rng.uniform(0.06, 0.1), 0.5)):
                place = int(at + offset * RATE_HZ)
                if place < size:
                    struck = rng.standard_normal(click.size) * click * gain * rng.uniform(0.5, 1.5)
                    out[place : place + click.size] += struck
            at += rng.uniform(0.1, 0.25) * RATE_HZ
        at += rng.uniform(0.5, 4.0) * RATE_HZ
    return out[:size]


def hum(size: int, rng: np.random.Generator) -> Waveform:
    """Mains: 50 Hz and ten harmonics, and a little noise."""
    t = np.arange(size) / RATE_HZ
    mains = sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in range(1, 12))
    return np.asarray(mains + 0.1 * rng.standard_normal(size))


def waiting(size: int) -> Floats:
    """Ring-back (440 + 480 Hz, 2 s of 6) for half the time, then synthetic hold music: a broken chord a second."""
    t = np.arange(size) / RATE_HZ
    ring = (np.sin(2 * np.pi * 440 * t) + np.sin(2 * np.pi * 480 * t)) * (t % 6 < 2)
    chords = []
    since = np.arange(RATE_HZ) / RATE_HZ
    for root_hz in (262.0, 220.0, 175.0, 196.0):
        partials = [(root_hz * step * k, k) for step in (1.0, 1.26, 1.5, 2.0) for k in (1, 2, 3)]
        tones = sum(np.sin(2 * np.pi * hz * since) / k**2 for hz, k in partials)
        chords.append(tones * np.minimum(since * 50, 1) * np.exp(-since * 3))
    music = np.resize(np.concatenate(chords), size)
    return np.asarray(0.05 * np.where(t < size / RATE_HZ / 2, ring, music / 2), np.float32)
