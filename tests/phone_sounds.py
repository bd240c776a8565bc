"""Sounds of telephones, made from numbers: tones of networks, notes, and something like a voice; float32 at 16 kHz."""

import numpy as np

from voicecare.timebase import HOP, RATE_HZ


def tone(length_s, hz, rhythm_s=(1000.0, 0.0), level=0.1):
    """Lines at these frequencies, on and off."""
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    place = np.mod(t, sum(rhythm_s))
    edges = np.cumsum((0.0, *rhythm_s))
    on = sum(((place >= a) & (place < b)) for a, b in zip(edges[::2], edges[1::2], strict=False))
    return (level * on * sum(np.sin(2 * np.pi * one * t) for one in hz)).astype(np.float32)


def tune(length_s, seed=0, level=0.1):
    """Chords that change every .4 s, without a pause: hold music at its plainest."""
    rng = np.random.default_rng(seed)
    notes = 220.0 * 2 ** (np.arange(24) / 12)
    step = round(0.4 * RATE_HZ)
    t = np.arange(step) / RATE_HZ
    shape = np.minimum(1.0, t * 50) * np.exp(-t)
    chords = [
        shape * sum(np.sin(2 * np.pi * k * hz * t) / k for hz in rng.choice(notes, 3, replace=False) for k in (1, 2, 3))
        for _ in range(-(-round(length_s * RATE_HZ) // step))
    ]
    return (level * np.concatenate(chords)[: round(length_s * RATE_HZ)]).astype(np.float32)


def voice(length_s, seed=0, level=0.1, hz=140.0):
    """Harmonics whose pitch wanders, in syllables with gaps between."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    wander = np.interp(
        t, np.arange(0, length_s + 1, 0.15), rng.uniform(0.8, 1.25, len(np.arange(0, length_s + 1, 0.15)))
    )
    phase = 2 * np.pi * np.cumsum(hz * wander) / RATE_HZ
    syllables = np.clip(1.6 * np.sin(2 * np.pi * 3.1 * t), 0.0, 1.0)
    return (level * syllables * sum(np.sin(k * phase) / k for k in range(1, 18))).astype(np.float32)


def silence(length_s):
    """Digital silence."""
    return np.zeros(round(length_s * RATE_HZ), np.float32)


def noise(length_s, level=3e-4, seed=0):
    """A line's own noise."""
    return np.random.default_rng(seed).normal(0, level, round(length_s * RATE_HZ)).astype(np.float32)


def whole(*pieces):
    """Pieces one after the other, as whole hops."""
    joined = np.concatenate(pieces)
    return np.pad(joined, (0, -joined.size % HOP))
