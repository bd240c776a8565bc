"""How loud the voices around a party are, and how evenly: many who talk at once have no pauses, one voice has many."""

from __future__ import annotations

import math
from collections import deque

from voicecare.config import BystanderConfig
from voicecare.timebase import HOP_S

BLUR = 3
"""Hops over which a level is taken: syllables of one voice stand out, those of six are one."""
_ENOUGH = 30
"""Hops of pauses before their level says anything: a second."""
_SURE = 200
"""What a steady stretch counts for."""
_NOTHING = 1e-12
_SILENT_DB = -70.0


class Ground:
    """Follows mean and deviation of the level of the voices around, from pauses and from stretches that are steady.

    In a room of six talkers 15 dB below the party the level over three hops deviates by 1.7 dB, that of calm and of
    upset speakers over two seconds by 2.5 dB and more (`scripts/bench/turns.py --line babble-15dB`).
    """

    def __init__(self, config: BystanderConfig) -> None:
        self._config = config
        self._learns = HOP_S / config.memory_s
        self._powers: deque[float] = deque([0.0] * BLUR, BLUR)
        self._size = max(1, round(config.steady_s / HOP_S))
        self._window: deque[tuple[float, bool]] = deque()
        self._sum = self._squares = 0.0
        self._voiced = 0
        self._mean_db = self._variance = 0.0
        self._count = 0
        self.is_steady = False
        """Whether the stretch that ends now is a voice, and more even than one voice can be."""

    def push(self, power: float, probability: float) -> float:
        """Take a hop; return its level over the last hops, in dBFS."""
        self._powers.append(power)
        level_db = 10.0 * math.log10(sum(self._powers) / BLUR + _NOTHING)
        is_voice = probability >= self._config.speech
        self._window.append((level_db, is_voice))
        self._sum += level_db
        self._squares += level_db * level_db
        self._voiced += is_voice
        if len(self._window) > self._size:
            gone_db, was_voice = self._window.popleft()
            self._sum -= gone_db
            self._squares -= gone_db * gone_db
            self._voiced -= was_voice
        self._look()
        return level_db

    def learn(self, level_db: float) -> None:
        """Take the level of a hop in which the party pauses."""
        self._count += 1
        share = max(self._learns, 1.0 / self._count)
        apart_db = level_db - self._mean_db if self._count > 1 else 0.0
        self._mean_db = level_db if self._count == 1 else self._mean_db + share * apart_db
        self._variance = (1.0 - share) * (self._variance + share * apart_db * apart_db)

    def limit_db(self, loudest_db: float, *, begins: bool) -> float | None:
        """From which level on a hop is the party's; None while too little is known.

        loudest_db: the loudest that the leg has been. begins: nobody has spoken just before.
        """
        if self._count <= _ENOUGH:
            return None
        config, deviation_db = self._config, math.sqrt(self._variance)
        if deviation_db < config.even_db:
            loudest_db = max(loudest_db, self._mean_db + config.below_db)
        above_db = max(config.least_db, config.spread * deviation_db)
        limit_db = min(loudest_db - config.softer_db, self._mean_db + above_db)
        return limit_db + config.begin_db if begins else limit_db

    def _look(self) -> None:
        size = len(self._window)
        mean_db = self._sum / size
        variance = max(0.0, self._squares / size - mean_db * mean_db)
        self.is_steady = (
            size >= self._size
            and variance < self._config.steady_db**2
            and self._voiced >= self._config.voices * size
            and mean_db > _SILENT_DB
        )
        if self.is_steady:
            self._mean_db, self._variance, self._count = mean_db, variance, max(self._count, _SURE)
