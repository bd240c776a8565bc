"""What comes onto a line from around it, each a step of `line.send`: noise, music, the other leg, a loudspeaker.

Noise is placed in two ways on purpose, below speech as such and below what is on the leg: see `steps.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import soxr

from scripts.bench.lines.frames import FRAMES_PER_S
from scripts.bench.lines.levels import SPEECH_DBFS, Wave, amplitude, rms
from scripts.bench.lines.line import Sound
from scripts.bench.lines.music import music
from scripts.bench.lines.noise import Noise, Talker, noise, pink, waiting
from scripts.bench.lines.steps import in_band
from voicecare.timebase import RATE_HZ

LEAK_S = 0.04


@dataclass(frozen=True, slots=True)
class Waiting:
    """Ring-back and hold music on the caller's leg for so long before the call, which comes that much later."""

    length_s: float

    def __call__(self, sound: Sound, _: np.random.Generator) -> Sound:
        before = round(self.length_s * RATE_HZ)
        legs = np.pad(sound.legs, ((0, 0), (before, 0)))
        legs[1, :before] += waiting(before)
        return dataclasses.replace(sound, legs=legs)


@dataclass(frozen=True, slots=True)
class Background:
    """Noise at 16 kHz, so far below the usual level of speech (`SPEECH_DBFS`), on every leg."""

    kind: Noise
    snr_db: float
    talkers: Sequence[Talker]

    def __call__(self, sound: Sound, rng: np.random.Generator) -> Sound:
        def over(leg: Wave) -> Wave:
            made = noise(self.kind, leg.size, self.talkers, rng)
            level = amplitude(SPEECH_DBFS - self.snr_db) / np.sqrt(np.mean(np.square(made)))
            return np.asarray(leg + (made * level).astype(np.float32))

        return sound.each(over)


@dataclass(frozen=True, slots=True)
class Under:
    """Noise or music so far below the speech of the leg itself, before, during and after it."""

    kind: Literal["pink", "music"]
    snr_db: float

    def __call__(self, sound: Sound, rng: np.random.Generator) -> Sound:
        def over(leg: Wave) -> Wave:
            speech = _speech_rms(leg, sound)
            return np.asarray(leg + self._made(leg.size, sound.rate_hz, rng) * speech * amplitude(-self.snr_db))

        return sound.each(over)

    def _made(self, size: int, rate_hz: int, rng: np.random.Generator) -> Wave:
        """Of RMS 1."""
        if self.kind == "pink":
            return pink(size, rate_hz, rng)
        wide = music(size * RATE_HZ // rate_hz, rng)
        made = wide if rate_hz == RATE_HZ else soxr.resample(wide, RATE_HZ, rate_hz)
        return np.asarray(made / np.sqrt(np.mean(np.square(made))))


@dataclass(frozen=True, slots=True)
class BandNoise:
    """White noise in the band of an 8 kHz line, so far below the leg as a whole."""

    snr_db: float

    def __call__(self, sound: Sound, rng: np.random.Generator) -> Sound:
        def over(leg: Wave) -> Wave:
            hiss = in_band(rng.standard_normal(leg.size))
            return np.asarray(leg + hiss * (rms(leg) / (rms(hiss) + 1e-9) * amplitude(-self.snr_db)))

        return sound.each(over)


@dataclass(frozen=True, slots=True)
class Idle:
    """The line's own white noise."""

    dbfs: float

    def __call__(self, sound: Sound, rng: np.random.Generator) -> Sound:
        return sound.each(lambda leg: leg + rng.standard_normal(leg.size) * amplitude(self.dbfs))


@dataclass(frozen=True, slots=True)
class Leak:
    """Each leg's sound in the other, `LEAK_S` later."""

    db: float

    def __call__(self, sound: Sound, _: np.random.Generator) -> Sound:
        legs = sound.legs
        late = np.pad(legs, ((0, 0), (round(LEAK_S * RATE_HZ), 0)))[::-1, : legs.shape[1]]
        return dataclasses.replace(sound, legs=legs + late * amplitude(self.db))


@dataclass(frozen=True, slots=True)
class Loudspeaker:
    """The caller's voice in the agent's leg, from a loudspeaker through a room."""

    db: float

    def __call__(self, sound: Sound, rng: np.random.Generator) -> Sound:
        legs = sound.legs.copy()
        legs[0] += through_a_room(legs[1], rng) * amplitude(self.db)
        return dataclasses.replace(sound, legs=legs)


def through_a_room(leg: Wave, rng: np.random.Generator) -> Wave:
    """Direct sound after 30 ms and 70 ms of decaying reflections, a quarter of a second to -60 dB; level kept."""
    tail = np.arange(RATE_HZ * 7 // 100)
    response = np.concatenate(
        (np.zeros(RATE_HZ * 3 // 100), rng.standard_normal(tail.size) * 0.15 * np.exp(-tail / 580))
    )
    response[RATE_HZ * 3 // 100] = 1.0
    response /= np.sqrt(np.sum(np.square(response)))
    size = leg.size + response.size
    return np.fft.irfft(np.fft.rfft(leg, size) * np.fft.rfft(response, size), size)[: leg.size].astype(np.float32)


def _speech_rms(leg: Wave, sound: Sound) -> float:
    if sound.speaking is None or not sound.speaking.any():
        return 0.0
    speaking = np.repeat(sound.speaking, sound.rate_hz // FRAMES_PER_S)[: leg.size]
    return float(np.sqrt(np.mean(np.square(leg[: speaking.size][speaking])))) if speaking.any() else 0.0
