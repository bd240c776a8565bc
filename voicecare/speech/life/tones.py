"""Tones of the network: which tone a hop holds, and what their on and off says (ring-back, busy, a line without end).

Frequencies and cadences differ by country, their limits do not: ITU-T E.180 gives ring-back .67 to 2.5 s of tone and 3
to 6 s of silence (also as a pair of .4 s), busy and congestion a cycle of at most 1.1 s, half of it tone.
The tone is 400 to 450 Hz nearly everywhere (E.180), 350, 440, 480 and 620 Hz in pairs in North America.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from voicecare.config import LifeConfig
from voicecare.speech.life.partials import Sound
from voicecare.timebase import HOP, samples

Tone: TypeAlias = Literal["network", "information", "other"]
"""network: dial, ring-back, busy. information: one of the three that rise before "the number you have dialled ..."
(E.180: 950, 1,400, 1,800 Hz)."""
Signal: TypeAlias = Literal["ringing", "over"]

NETWORK_HZ = (330.0, 640.0)
INFORMATION_HZ = ((890.0, 1_010.0), (1_360.0, 1_460.0), (1_760.0, 1_860.0))
DRIFT_HZ = 2.0
"""From one hop to the next a tone moves by less, also a pair that beats; of speech one stretch of 130 ms in four
minutes does (78 minutes)."""
SAME_HZ = 8.0
"""One rhythm is one tone: some networks change it by 5 Hz, a tune by a semitone (20 Hz and more here)."""
SWAY = 2.0
"""And its power changes by less than this factor."""
_BLURRED = 6
"""Hops in which a tone comes or goes: two windows at each end, and an echo."""
LONG = 3
"""A tone without a name as low as a voice must have stayed so many times as long."""
_SILENCE, _ENDS = 0.03, 3
"""A tone is followed by something 15 dB softer within so many hops; notes fade."""
_TOGETHER = 16
"""The three of special information follow each other within so many hops (ITU-T E.180: 30 ms)."""
STEADY = 0.9
"""A ring tone of many lines: this share of it is steady."""


class Tones:
    """Names the tone of each hop, once it has stayed for `LifeConfig.tone_hops`.

    One hop fewer is enough where networks have their tones: congestion of some lasts .165 s.
    """

    def __init__(self, config: LifeConfig) -> None:
        self._purity, self._stays = config.purity, config.tone_hops
        self._before: Sound | None = None
        self._age = 0

    def push(self, sound: Sound) -> Tone | None:
        """Take the next hop."""
        if sound.purity < self._purity:
            self._before, self._age = None, 0
            return "other" if sound.steady >= STEADY and _is_high(sound.lines) else None
        self._age = self._age + 1 if self._before is not None and _same(sound, self._before) else 1
        self._before = sound
        if self._age < self._stays - 1:
            return None
        tone = _named(sound.lines)
        if tone == "other" and not _is_high(sound.lines) and self._age < LONG * self._stays:
            return None
        return tone if self._age >= self._stays or tone == "network" else None


def _same(sound: Sound, before: Sound) -> bool:
    if not before.power / SWAY < sound.power < before.power * SWAY:
        return False
    lines = zip(sorted(sound.lines), sorted(before.lines), strict=True)
    return all((one == 0.0) == (other == 0.0) and abs(one - other) < DRIFT_HZ for one, other in lines)


def _is_high(lines: tuple[float, float]) -> bool:
    """Whether a tone lies above what people speak at: a held vowel of a deep voice is two lines, too."""
    return min(line for line in lines if line) >= NETWORK_HZ[0] if any(lines) else False


def _named(lines: tuple[float, float]) -> Tone:
    low, high = sorted(lines)
    if low == 0.0:
        if NETWORK_HZ[0] <= high <= NETWORK_HZ[1]:
            return "network"
        return "information" if any(a <= high <= b for a, b in INFORMATION_HZ) else "other"
    return "network" if NETWORK_HZ[0] <= low and high <= NETWORK_HZ[1] else "other"


class Cadence:
    """Says what the tones of one leg mean by how long they last and pause; said again as long as it goes on.

    "ringing": the other end rings. "over": busy, congestion, disconnect, dial tone or special information.
    """

    def __init__(self, config: LifeConfig) -> None:
        self._ring = samples(config.ring_s) // HOP
        self._endless = samples(config.steady_tone_s) // HOP
        self._busy = config.busy
        self._lead = config.tone_hops - 2
        self._else = 0  # hops of another sound since the last one of tone
        self._on = self._off = 0  # hops of tone, and since the last one
        self._short = 0  # short tones in a row with short pauses
        self._pitch = self._power = 0.0
        self._apart = 0  # hops since the last tone of special information
        self._rung = False
        self._rose = 0  # how many of the three of special information have been heard

    def push(self, tone: Tone | None, sound: Sound, lowest: float) -> Signal | None:
        """Take the next hop's tone; `lowest`: the power from which a hop is a sound."""
        self._apart += 1
        if tone == "information":
            if self._apart > _TOGETHER:
                self._rose = 0
            self._rose = self._next(sound.lines[0])
            self._apart = 0
        if tone == "network":
            return self._tone(sound)
        self._off = min(self._off + 1, self._ring + 1)
        if self._on:
            self._pause(sound.power)
        self._else += sound.power >= lowest
        if self._else > _BLURRED + self._lead:
            self._short, self._rung = 0, False  # something else sounds: no cadence
        if self._off > self._ring:
            self._short = 0
        if self._rose == len(INFORMATION_HZ):
            return "over"
        if self._rung and self._off == self._ring:
            return "ringing"
        return None

    def _tone(self, sound: Sound) -> Signal | None:
        pitch = min(line for line in sound.lines if line)
        if abs(pitch - self._pitch) > SAME_HZ:  # another tone: a tune, no rhythm
            self._on = self._short = 0
        self._pitch, self._power = pitch, sound.power
        if not self._on:
            self._on = self._lead
        self._on += 1
        self._off = self._else = 0
        if self._on >= self._endless:
            return "over"
        return "ringing" if self._on >= self._ring and self._short < self._busy - 1 else None

    def _pause(self, power: float) -> None:
        """A tone has ended: with a pause, or as notes do, which sound on and are no rhythm."""
        if power > _SILENCE * self._power:
            if self._off > _ENDS:
                self._on = self._short = 0
                self._rung = False
            return
        self._rung = self._on * 4 >= self._ring and self._short < 2
        self._short = self._short + 1 if self._on < self._ring else 0
        self._on = 0

    def _next(self, pitch: float) -> int:
        place = next(at for at, (low, high) in enumerate(INFORMATION_HZ) if low <= pitch <= high)
        return place + 1 if place <= self._rose else self._rose

    @property
    def busy(self) -> bool:
        """Whether so many short tones came in a row that the call is over."""
        return self._short >= self._busy
