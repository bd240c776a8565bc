"""The caller's line by itself: whether it is still the line of this call, or has gone."""

from __future__ import annotations

import math
from collections import deque

from voicecare.config import LifeConfig
from voicecare.timebase import HOP, samples

BLOCK = samples(1.0) // HOP
BLOCKS = 60
"""The line's own noise is remembered over a minute of its pauses."""
ENOUGH = 4
"""Seconds of pauses before a line is known."""
LOUDER = 8.0
"""What is louder than the line's known noise by this is something on the line: music, a tone."""
QUIETEST = 1e-12


class Line:
    """Follows the noise of the caller's leg in its pauses; a line that suddenly has none, or far less, has gone.

    Where pauses of the call itself were digital silence (gated, or silence suppressed) silence says nothing.
    """

    def __init__(self, config: LifeConfig) -> None:
        self._digital = 10.0 ** (config.digital_dbfs / 10.0)
        self._softer = 10.0 ** (-config.gone_db / 10.0)
        self._soft = 10.0 ** (config.gone_dbfs / 10.0)
        self._gated_share = config.gated
        self._blocks: deque[float] = deque(maxlen=BLOCKS)
        self._sum, self._size = 0.0, 0
        self._pauses = self._dead = 0  # hops of pauses, and of those without a line, of silences that ended in speech
        self._own = [0, 0]  # the same of the silence that goes on
        self.gone_hops = 0
        """For how many hops the line has been gone."""

    @property
    def is_gated(self) -> bool:
        """Whether silence on this line says nothing."""
        return self._dead > self._gated_share * max(self._pauses, 1)

    def push(self, power: float, *, speaks: bool) -> None:
        """Take the mean square of the next hop, and whether the caller speaks in it."""
        if speaks:
            self._pauses, self._dead = self._pauses + self._own[0], self._dead + self._own[1]
            self._own = [0, 0]
            self.gone_hops = 0
            return
        noise = self.noise
        dead = power < self._digital
        gone = dead or (noise is not None and power < min(noise * self._softer, self._soft))
        self.gone_hops = self.gone_hops + 1 if gone else 0
        self._own[0] += 1
        self._own[1] += dead
        if not gone and (noise is None or power < noise * LOUDER):
            self._remember(power)

    @property
    def noise(self) -> float | None:
        """The usual power of the line's pauses: their lowest tenth; None while not known."""
        if len(self._blocks) < ENOUGH:
            return None
        return sorted(self._blocks)[len(self._blocks) // 10]

    def _remember(self, power: float) -> None:
        # The geometric mean: a click in a second of noise is none of it.
        self._sum += math.log(max(power, QUIETEST))
        self._size += 1
        if self._size == BLOCK:
            self._blocks.append(math.exp(self._sum / BLOCK))
            self._sum, self._size = 0.0, 0
