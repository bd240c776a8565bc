"""Takes a constant offset out of both legs before anything else hears them."""

from __future__ import annotations

import numpy as np

from voicecare.timebase import HOP, HOP_S, Samples
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
        self._legs = (_Leg(), _Leg())

    def push(self, hop: Floats) -> Floats:
        """Take float32 (2, n); return the same without its offset."""
        return self.over(hop, hop.shape[1])

    def over(self, stretch: Floats, length: Samples = HOP) -> Floats:
        """Take the next hops in a row, float32 (2, n * length); return the same without their offset."""
        hops = stretch.reshape(2, -1, length)
        sums = np.add.reduce(hops, axis=2, dtype=np.float64).tolist()
        steps = [
            [leg.push(total / length, one) for total, one in zip(totals, own, strict=True)]
            for leg, totals, own in zip(self._legs, sums, hops, strict=True)
        ]
        if not any(any(map(any, own)) for own in steps):
            return stretch
        taken = np.array(steps)
        line = np.linspace(0.0, 1.0, length)
        offsets = taken[:, :, :1] + (taken[:, :, 1:] - taken[:, :, :1]) * line
        # What has no offset, or none any more, stays as it is to the last bit.
        level = np.where(taken.any(axis=2, keepdims=True), (hops - offsets).astype(np.float32), hops)
        return np.asarray(level.reshape(stretch.shape), np.float32)


class _Leg:
    def __init__(self) -> None:
        self._mean = self._taken = self._heard_s = 0.0

    def push(self, mean: float, samples: Floats) -> tuple[float, float]:
        """Take a hop's mean and samples; return what to take away at its beginning and at its end."""
        if mean == 0.0 and not samples.any():
            self._taken = 0.0
            return 0.0, 0.0
        self._heard_s = min(self._heard_s + HOP_S, MEMORY_S)
        self._mean += (mean - self._mean) * HOP_S / self._heard_s
        known = self._heard_s >= FIRST_S and abs(self._mean) > HARMLESS
        before, self._taken = self._taken, self._mean if known else 0.0
        return before, self._taken
