"""Music on a leg: loud sound without a voice whose partials stay where they are and are struck anew.

Each of the three alone happens in calls without music, too: sobbing and noise are loud without a voice, hum has
partials that stay, a held "ehm" is one. All are counted over the last seconds; the caller is back by what music lacks.
"""

from __future__ import annotations

from collections import deque

from voicecare.config import LifeConfig
from voicecare.speech.life.partials import Sound
from voicecare.timebase import HOP, HOP_S, samples

_MOST, _ALL, _ALWAYS = 0.6, 0.9, 0.95
"""Shares of a stretch: a voice pauses and has consonants."""


class Level:
    """What is loud on a leg: near to its loudest, which fades."""

    def __init__(self, config: LifeConfig) -> None:
        self._fade = 10.0 ** (-config.fade_db_per_s * HOP_S / 10.0)
        self._near = 10.0 ** (-config.near_db / 10.0)
        self.least = 10.0 ** (config.floor_dbfs / 10.0)
        self._loudest = self.least / self._near

    def push(self, power: float) -> bool:
        """Take the mean square of the next hop; whether it is loud."""
        self._loudest = max(self._loudest * self._fade, power)
        return bool(power >= self.least and power >= self._loudest * self._near)


class Music:
    """Counts what speaks for music, and what for a voice that is back from it."""

    def __init__(self, config: LifeConfig) -> None:
        self._config = config
        self._no_voice, self._voice = config.no_voice, config.voice
        self._hops, self._unbroken = _hops(config.music_s), _hops(config.unbroken_s)
        self._back, self._sure, self._pause = _hops(config.back_s), _hops(config.sure_s), _hops(config.pause_s)
        self._kept = max(self._hops, self._unbroken, self._back, self._sure)
        self._all = (1 << self._kept) - 1
        self._unvoiced = self._voiced = self._struck = self._loud = 0  # one bit a hop, the newest last
        self._steady: deque[tuple[int, float]] = deque()
        self._powers: deque[float] = deque(maxlen=self._back)
        self._count = 0
        self.silent_hops = 0
        """Hops since the last loud one."""
        self.is_unvoiced = False
        """Whether the last hop was loud without a voice."""

    def hear(self, sound: Sound, probability: float, *, loud: bool) -> None:
        """Take the next hop, P(speech), and whether it is loud."""
        self._count += 1
        self.is_unvoiced = loud and probability < self._no_voice
        self._loud = ((self._loud << 1) | loud) & self._all
        self._unvoiced = ((self._unvoiced << 1) | self.is_unvoiced) & self._all
        self._voiced = ((self._voiced << 1) | (probability >= self._voice)) & self._all
        self._struck = ((self._struck << 1) | (loud and sound.struck)) & self._all
        self._powers.append(sound.power)
        self.silent_hops = 0 if loud else self.silent_hops + 1
        if loud and sound.steady > 0.0:
            self._steady.append((self._count, sound.steady))

    def forget(self) -> None:
        """What was heard so far was music and is over: it speaks for no more."""
        self._unvoiced = self._struck = self._loud = 0
        self._steady.clear()

    @property
    def paused(self) -> bool:
        """Whether nothing sounds any more that could cover a voice."""
        return self.silent_hops >= self._pause

    @property
    def plays(self) -> bool:
        """Whether the last seconds were music."""
        config = self._config
        struck = _lately(self._struck, self._hops)
        if struck < config.struck:
            return False
        steady = self._steady_since(self._hops)
        if steady >= config.steady and _lately(self._unvoiced, self._hops) >= config.unvoiced * self._hops:
            return True
        if steady >= config.sung and struck > config.struck:
            return True
        return (
            _lately(self._loud, self._unbroken) >= _ALWAYS * self._unbroken
            and _lately(self._struck, self._unbroken) > config.struck
            and self._steady_since(self._unbroken) >= config.unbroken
        )

    @property
    def voice_is_back(self) -> bool:
        """Whether, while it sounds, a voice is there that is none of the music's."""
        config = self._config
        if _lately(self._voiced, self._back) < _MOST * self._back:
            return False
        if self._steady_since(self._back) < config.back_steady and self._dips:
            return True
        sure = _lately(self._voiced, self._sure)
        return sure >= _ALL * self._sure and self._steady_since(self._sure) < config.steady

    @property
    def _dips(self) -> bool:
        return bool(min(self._powers) < max(self._powers) * 10.0 ** (-self._config.dip_db / 10.0))

    def _steady_since(self, hops: int) -> float:
        """The mean share of steady partials over the last hops."""
        while self._steady and self._steady[0][0] <= self._count - self._kept:
            self._steady.popleft()
        return sum(share for at, share in self._steady if at > self._count - hops) / hops


def _hops(length_s: float) -> int:
    return max(1, samples(length_s) // HOP)


def _lately(bits: int, hops: int) -> int:
    """How many of the last hops have their bit set."""
    return (bits & ((1 << hops) - 1)).bit_count()
