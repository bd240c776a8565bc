"""How loud a leg ever is: the scale on which a sound is loud or faint, whatever the gain of the line."""

from __future__ import annotations

from voicecare.config.activity import VadConfig
from voicecare.timebase import HOP_S


class Loudest:
    """The power of a leg's loudest hop, forgotten slowly; before a voice is heard, what one is taken to have.

    That depends on the least power measured so far: a leg with little noise may carry a soft voice.
    """

    def __init__(self, config: VadConfig) -> None:
        self._fade = 10.0 ** (-config.level_fade_db_per_s * HOP_S / 10.0)
        self._silence = 10.0 ** (config.silence_dbfs / 10.0)
        self._expected = Expected(config)
        self._noise = 1.0
        self._heard = 0.0
        self._usual = self._expected.power(self._noise)
        self.power = self._usual

    def push(self, power: float) -> float:
        """Take the mean power of the next hop; return the loudest so far, that hop included."""
        if self._silence < power < self._noise:
            self._noise = power
        self._usual *= self._fade
        self._heard = max(self._heard * self._fade, power)
        self.power = max(self._heard, min(self._usual, self._expected.power(self._noise)))
        return self.power


class Expected:
    """How loud the voice of a leg is taken to be before it is heard, by the leg's noise."""

    def __init__(self, config: VadConfig) -> None:
        self._over = 10.0 ** (config.voice_over_db / 10.0)
        self._least, self._most = 10.0 ** (config.soft_voice_dbfs / 10.0), 10.0 ** (config.voice_dbfs / 10.0)

    def power(self, noise: float) -> float:
        """The mean power of its loudest, given the power of the noise."""
        return float(min(max(noise * self._over, self._least), self._most))
