"""Phases inside a call, by sound: the caller's leg rings, or plays music, while nobody is there.

What is heard then is not the caller: it is no speech, teaches no baseline and raises no strain. Hearing comes before
pausing: a voice that may be the caller's ends a hold within a second, and no hold begins on a voice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voicecare.config import LifeConfig
from voicecare.ports import Frames
from voicecare.speech.life.attention import VOICE, WORD, Attention
from voicecare.speech.life.keys import Keys
from voicecare.speech.life.music import Music
from voicecare.speech.life.partials import Partials, Sound
from voicecare.speech.life.tones import Cadence, Tones
from voicecare.timebase import HOP, samples
from voicecare.types import PARTIES, Floats, Phase

_AGENT, _CALLER = PARTIES.index("agent"), PARTIES.index("caller")
_SECOND = (1 << (samples(1.0) // HOP)) - 1
AFTER_MUSIC = samples(1.5) // HOP
"""Without music for so long the agent's words end a hold, too."""
UNCOVERED = 6
"""So many hops of a voice after the music has paused are the caller; as many loud ones without are music again."""

Said = tuple[tuple[float, float], Frames | None]


@dataclass(frozen=True, slots=True)
class Noted:
    """One hop: what is said of it once music and tones are no voices, the phase it begins, and whether one waits."""

    said: Said
    phase: Phase | None = None
    waits: bool = False


class Phases:
    """Follows a call's phases over hops of both legs and what the voice detector says of them.

    A call begins in "talk". "ringing" is music or ring-back before anybody has spoken, "hold" the same later, and what
    is said by a machine between keys pressed and the agent's first words.
    """

    def __init__(self, config: LifeConfig) -> None:
        self._looks_at_all = config.hold
        self._attention = Attention(config)
        self._least = 10.0 ** (config.floor_dbfs / 10.0)
        self._purity = config.purity
        self._music = Music(config)
        self._partials, self._tones = Partials(), Tones(config)
        self._cadence = Cadence(config)
        self._keys = Keys(), Keys()
        self._recent = [0, 0]  # one bit a hop of each party's voice, the newest last
        self._spoke = [False, False]
        self._phase: Phase = "talk"
        self._menu_hops = samples(config.menu_s) // HOP
        self._menu = 0  # hops for which it is still a machine that speaks, after a key was pressed
        self._covers = False  # whether what sounds could cover a voice
        self._voice = self._noise = 0  # hops of each since it does not

    def over(self, stretch: Floats, said: Sequence[Said]) -> list[Noted]:
        """Take the next hops, float32 (2, n * HOP), and what was said of each."""
        if not self._looks_at_all:
            return [Noted(one) for one in said]
        hops = stretch.reshape(2, -1, HOP)
        powers: list[list[float]] = (np.einsum("ijk,ijk->ij", hops, hops) / HOP).tolist()
        looks = [self._attention.push(power, one[0]) for power, one in zip(powers[_CALLER], said, strict=True)]
        sounds = self._partials.over(stretch[_CALLER], powers[_CALLER], [look[0] for look in looks])
        keys = [one.over(leg, power) for one, leg, power in zip(self._keys, stretch, powers, strict=True)]
        return [
            self._hop(
                _without(one, pressed), sound, loud=look[2] and not pressed[_CALLER], key=pressed[_AGENT] and look[1]
            )
            for one, sound, look, *pressed in zip(said, sounds, looks, *keys, strict=True)
        ]

    def _hop(self, said: Said, sound: Sound, *, loud: bool, key: bool) -> Noted:
        (agent, caller), frames = said
        tone = self._tones.push(sound)
        rings = self._cadence.push(tone, sound, self._least) == "ringing"
        if tone is not None:
            caller = 0.0
        self._music.hear(sound, caller, loud=loud and tone is None)
        self._hear(0, agent)
        self._hear(1, caller if sound.purity < self._purity else 0.0)  # where a tone begins or ends it has no name yet
        self._menu = max(0, self._menu - 1)
        if key:
            self._menu = self._menu_hops
        before, self._phase = self._phase, self._next(rings=rings)
        waits = self._phase != "talk"
        if tone is not None or (waits and (self._covers or self._menu > 0)):
            said = (agent, 0.0), frames
        return Noted(said, self._phase if self._phase != before else None, waits)

    def _hear(self, party: int, probability: float) -> None:
        self._recent[party] = ((self._recent[party] << 1) | (probability >= VOICE)) & _SECOND

    def _says_a_word(self, party: int) -> bool:
        return self._recent[party].bit_count() >= WORD

    def _next(self, *, rings: bool) -> Phase:
        """The phase of this hop."""
        if self._phase == "talk":
            return self._waiting(rings=rings)
        if self._menu:
            return self._after_menu()
        if self._is_back():
            self._music.forget()
            return "talk"
        if rings or self._music.plays:
            self._covers, self._voice, self._noise = True, 0, 0
        return self._phase

    def _waiting(self, *, rings: bool) -> Phase:
        """Out of a talk."""
        self._spoke = [spoke or self._says_a_word(party) for party, spoke in enumerate(self._spoke)]
        if self._menu and not self._spoke[0]:
            return "hold"
        if not rings and not self._music.plays:
            return "talk"
        self._covers, self._voice, self._noise = True, 0, 0
        return "hold" if any(self._spoke) else "ringing"

    def _after_menu(self) -> Phase:
        """Out of a machine's menu: only the agent's own words say that somebody is there."""
        self._spoke[0] = self._says_a_word(0)
        self._menu = 0 if self._spoke[0] else self._menu
        return "hold" if self._menu else "talk"

    def _is_back(self) -> bool:
        """Whether the caller, or the agent after the music, speaks."""
        if self._music.silent_hops >= AFTER_MUSIC and self._says_a_word(0):
            return True
        if self._covers:
            if self._music.voice_is_back:
                return True
            if self._music.paused:
                self._covers, self._voice, self._noise = False, 0, 0
            return False
        self._voice += self._recent[1] & 1
        self._noise += self._music.is_unvoiced
        if self._noise > max(UNCOVERED, self._voice):
            self._covers = True
        return self._voice >= UNCOVERED


def _without(said: Said, pressed: Sequence[bool]) -> Said:
    """What is said of a hop, but that a key is nobody's voice."""
    if not any(pressed):
        return said
    (agent, caller), frames = said
    return (0.0 if pressed[_AGENT] else agent, 0.0 if pressed[_CALLER] else caller), frames
