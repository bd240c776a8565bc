"""Which hops are worth a closer look: looking costs, and most of a call is plainly speech or silence."""

from __future__ import annotations

from voicecare.config import LifeConfig
from voicecare.speech.life.music import Level
from voicecare.timebase import HOP, samples

VOICE = 0.5
"""A probability of speech that counts as somebody speaking."""
OPENING = samples(3.0) // HOP
OPENING_MOST = samples(60.0) // HOP
"""Until both parties have spoken this long, or there was so much sound, every sound of the caller's leg is looked at:
telephones ring at the beginning of a call."""
WORD = samples(0.3) // HOP
"""So much voice of the agent is a word; until then the agent's leg is listened to for keys being pressed."""
SUSPECT = 8
"""So many loud hops without a voice within `LifeConfig.music_s` are worth looking at what they are ..."""
STAYS = samples(10.0) // HOP
"""... for this long: a song has verses."""
DOUBT = 0.4
"""Later a hop is looked at whose probability of speech is below this."""


class Attention:
    """Says of each hop whether the caller's and the agent's leg are looked at, from level and P(speech) alone."""

    def __init__(self, config: LifeConfig) -> None:
        self._level = Level(config)
        self._no_voice = config.no_voice
        self._window = (1 << max(1, samples(config.music_s) // HOP)) - 1
        self._unvoiced = 0
        self._spoken = [0, 0]
        self._left = OPENING_MOST
        self._looks = 0

    def push(self, power: float, probabilities: tuple[float, float]) -> tuple[bool, bool, bool]:
        """Take the caller's mean square and P(speech) of agent and caller.

        Returns whether the caller's leg is looked at, whether the agent's is, and whether the caller's is loud.
        """
        agent, caller = probabilities
        loud = self._level.push(power)
        self._unvoiced = ((self._unvoiced << 1) | (loud and caller < self._no_voice)) & self._window
        self._looks = STAYS if self._unvoiced.bit_count() >= SUSPECT else self._looks - 1
        opening = self._left > 0 and min(self._spoken) < OPENING
        if opening:
            self._left -= loud
            self._spoken[0] += agent >= VOICE
            self._spoken[1] += caller >= VOICE
        looked = opening or self._looks > 0 or (loud and caller < DOUBT)
        return looked, self._spoken[0] < WORD and self._left > 0, loud
