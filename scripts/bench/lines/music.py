"""Synthetic hold music, made from a seed: chords with drums, or one instrument alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scripts.bench.lines.levels import Waveform, add, at_dbfs
from voicecare.timebase import RATE_HZ

MUSIC_DBFS = -22.0
CHORDS_HZ = ((220.0, 277.2, 329.6), (196.0, 246.9, 293.7), (174.6, 220.0, 261.6), (164.8, 207.7, 246.9))
SCALE_HZ = (440.0, 493.9, 554.4, 587.3, 659.3, 740.0, 830.6, 880.0)


def music(size: int, rng: np.random.Generator) -> Waveform:
    """Chords, a bass, a melody that wanders over a scale with vibrato, and drums; another tempo every 20 s."""
    return at_dbfs(_joined(size, _bars, rng), MUSIC_DBFS)


def melody(size: int, rng: np.random.Generator) -> Waveform:
    """One instrument alone, rich in harmonics, with vibrato: the music most like a voice."""
    return at_dbfs(_joined(size, _tune, rng), MUSIC_DBFS)


def _joined(size: int, make: Callable[[int, np.random.Generator], Waveform], rng: np.random.Generator) -> Waveform:
    piece = min(size, 20 * RATE_HZ)
    return np.concatenate([make(piece, rng) for _ in range(-(-size // piece))])[:size]


def _bars(size: int, rng: np.random.Generator) -> Waveform:
    out = _tune(size, rng) * 0.5
    beat_s = float(rng.uniform(0.35, 0.7))
    for number, start_s in enumerate(np.arange(0, size / RATE_HZ, beat_s)):
        chord = CHORDS_HZ[number // 4 % len(CHORDS_HZ)]
        for hz in chord:
            add(out, start_s, _note(hz, beat_s * 1.5, 4.0, 4), 0.25)
        if number % 2 == 0:
            add(out, start_s, _note(chord[0] / 2, beat_s * 2, 2.0, 3), 0.5)
        drum = rng.standard_normal(RATE_HZ // 8) * np.exp(-np.arange(RATE_HZ // 8) / (0.02 * RATE_HZ))
        add(out, start_s + (beat_s / 2 if number % 2 else 0.0), drum, 0.15)
    return out


def _tune(size: int, rng: np.random.Generator) -> Waveform:
    out = np.zeros(size)
    at_s, step = 0.0, int(rng.integers(len(SCALE_HZ)))
    octave = float(rng.choice((0.5, 1.0)))
    while at_s < size / RATE_HZ:
        length_s = float(rng.choice((0.2, 0.4, 0.4, 0.8)))
        step = int(np.clip(step + rng.integers(-2, 3), 0, len(SCALE_HZ) - 1))
        if rng.random() < 0.9:
            add(out, at_s, _note(SCALE_HZ[step] * octave, length_s, 1.5, 8, vibrato=0.006), 0.5)
        at_s += length_s
    return out


def _note(hz: float, length_s: float, decay: float, partials: int, vibrato: float = 0.0) -> Waveform:
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    phase = 2 * np.pi * hz * (t + vibrato / (2 * np.pi * 5.5) * np.sin(2 * np.pi * 5.5 * t))
    shape = np.minimum(t * 60, 1) * np.exp(-decay * t) * np.minimum((length_s - t) * 60, 1)
    return np.asarray(shape * sum(np.sin(k * phase) / k for k in range(1, partials + 1) if k * hz < 7_500))
