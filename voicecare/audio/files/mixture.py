"""Finds a leg that is a mix of both parties, beside a leg of one: whose voice is there as loud as at home, or louder.

`leakage` sums what both legs share while the source is the louder one; of a mix it is not. A mix shows elsewhere: the
source is never alone in its leg, the other party is, and they take turns.
"""

from __future__ import annotations

import numpy as np

from voicecare.audio.files.leakage import EARLIEST, LATEST, LEG_RATE_HZ, Leak
from voicecare.types import PARTIES

STRONGEST_DB, LEAST_DB = 30, -3
"""Levels of a source in the other leg against its own that are judged here; weaker ones `leakage` finds."""
ALONE_SHARE = 0.05
"""The source may be alone in its leg for this part of its windows: noise at the edges of its speech."""
CHANGES = 3
"""How often it changes between the same in both legs and the other party alone: music in both legs, once, gives two."""


class MixMeter:
    """Counts windows of a call in which both legs hold the same sound, and those in which one speaks alone."""

    def __init__(self) -> None:
        self._alone = [0, 0]
        self._changes = [0, 0]  # for either party as the source
        self._told: list[bool | None] = [None, None]  # whether the last telling window had the source, per source
        self._steps = np.zeros(121, np.int64)
        """In how many same windows the caller's leg was -60 … 60 dB against the agent's."""
        self._lags = np.zeros(2 * LATEST + 1, np.int64)

    def push(self, step_db: float, lag: int, *, same: bool, apart: bool) -> None:
        """Take a window with sound: the caller's leg against the agent's, and its delay.

        same: whether both legs hold the same sound. apart: whether only one of them holds it.
        """
        if same:
            self._take(0, has_source=True)
            self._take(1, has_source=True)
            self._steps[int(np.clip(np.round(step_db), -60, 60)) + 60] += 1
            self._lags[lag + LATEST] += 1
        elif apart:
            louder = int(step_db > 0)
            self._alone[louder] += 1
            self._take(1 - louder, has_source=False)

    def _take(self, source: int, *, has_source: bool) -> None:
        self._changes[source] += self._told[source] is not None and self._told[source] != has_source
        self._told[source] = has_source

    def leak(self) -> Leak | None:
        """Say whose voice is mixed into the other leg, None where no leg is a mix of both."""
        same = int(self._steps.sum())
        source = int(self._alone[1] < self._alone[0])
        if self._changes[source] < CHANGES or self._alone[source] > ALONE_SHARE * same:
            return None
        usual = np.searchsorted(np.cumsum(self._steps), same / 2) - 60
        gain_db = float(usual if source == 0 else -usual)
        lag = int(np.searchsorted(np.cumsum(self._lags), same / 2)) - LATEST
        lag = lag if source == 0 else -lag
        if not LEAST_DB <= gain_db <= STRONGEST_DB or lag < EARLIEST:
            return None
        return Leak(PARTIES[source], gain_db, max(0.0, 1_000 * lag / LEG_RATE_HZ))
