"""Keys of a telephone pressed in the call: two tones of the keypad's grid, which a voice detector takes for a voice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voicecare.timebase import HOP, RATE_HZ, samples
from voicecare.types import Floats

ROWS_HZ = (697.0, 770.0, 852.0, 941.0)
COLUMNS_HZ = (1_209.0, 1_336.0, 1_477.0, 1_633.0)
"""The keypad's grid (ITU-T Q.23)."""
KEY = 0.7
"""This share of a hop's energy lies in one row and one column of a key that fills it, coded twice or with noise 14 dB
below it, too; in 2.3 hours of speech no hop has it (scripts/bench/keys.py)."""
EACH = 0.05
"""And the weaker of the two has at least this part of it; telephones are within 6 dB (ITU-T Q.24)."""
AROUND = 0.3
"""Beside such a hop, where the key begins or ends or the next one comes, less will do ..."""
BESIDE = samples(0.3) // HOP
"""... for so many hops: people press the next within that."""
_LEAST = 1e-6
"""The least mean power worth looking at, -60 dBFS."""
_TIME_S = np.arange(HOP, dtype=np.float64) / RATE_HZ
_WAVES: Floats = np.concatenate(
    [[np.cos(2 * np.pi * hz * _TIME_S), np.sin(2 * np.pi * hz * _TIME_S)] for hz in ROWS_HZ + COLUMNS_HZ]
).T.astype(np.float32) * np.float32(np.sqrt(2.0 / HOP))


class Keys:
    """Says of each hop of one leg whether it is a key; what is said of a hop knows nothing later."""

    def __init__(self) -> None:
        self._left = 0  # hops for which less will do

    def over(self, leg: Floats, powers: Sequence[float]) -> list[bool]:
        """Take the next hops of the leg, float32 (n * HOP,), and their mean squares."""
        lines = np.square(leg.reshape(-1, HOP) @ _WAVES).reshape(-1, len(ROWS_HZ) + len(COLUMNS_HZ), 2).sum(axis=2)
        row, column = lines[:, : len(ROWS_HZ)].max(axis=1), lines[:, len(ROWS_HZ) :].max(axis=1)
        both = row + column
        shares = (both * (np.minimum(row, column) > EACH * both)).tolist()
        return [self._hop(share, HOP * power) for share, power in zip(shares, powers, strict=True)]

    def _hop(self, share: float, energy: float) -> bool:
        self._left -= 1
        if energy < HOP * _LEAST:
            return False
        if share >= KEY * energy:
            self._left = BESIDE + 1
            return True
        return self._left > 0 and share >= AROUND * energy
