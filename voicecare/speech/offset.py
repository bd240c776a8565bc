"""Takes a constant offset out of both legs before anything else hears them."""

from __future__ import annotations

import numpy as np

from voicecare.timebase import HOP_S
from voicecare.types import Floats

MEMORY_S = 2.0
"""The offset is the mean over about this long: far below the slowest sound of a voice (20 Hz)."""
FIRST_S = 0.5
"""Before this much was heard nothing is taken away: the mean of one hop of a deep voice is no offset."""
HARMLESS = 3e-3
"""An offset under -50 dBFS harms nothing: a leg without one stays bit for bit what it was."""


class OffsetRemover:
    """Follows each leg's mean and takes it away; a cheap sound card adds .05 and more.

    With an offset every silence is loud, the leak remover takes one party for the other, and level knows nothing.
    The mean is taken away along a straight line from the last hop's to this one's, so that no hop begins with a step.
    A hop of zeros (lost, muted, gated) has no offset and says nothing of it.
    """

    def __init__(self) -> None:
        self._mean = np.zeros((2, 1), np.float64)
        self._taken = np.zeros((2, 1), np.float64)
        self._heard_s = np.zeros((2, 1), np.float64)

    def push(self, hop: Floats) -> Floats:
        """Take float32 (2, n); return the same without its offset."""
        sounds = hop.any(axis=1, keepdims=True)
        self._heard_s = np.where(sounds, np.minimum(self._heard_s + HOP_S, MEMORY_S), self._heard_s)
        step = np.where(sounds, HOP_S / np.maximum(self._heard_s, HOP_S), 0.0)
        self._mean += (hop.mean(axis=1, keepdims=True, dtype=np.float64) - self._mean) * step
        known = sounds & (self._heard_s >= FIRST_S) & (np.abs(self._mean) > HARMLESS)
        before, self._taken = np.where(sounds, self._taken, 0.0), np.where(known, self._mean, 0.0)
        if not (before.any() or self._taken.any()):
            return hop
        line = np.linspace(0.0, 1.0, hop.shape[1])
        return (hop - (before + (self._taken - before) * line)).astype(np.float32)
