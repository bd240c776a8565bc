"""What lines do to the sound on them, each a step of `line.send`; all keep place and length unless they say otherwise.

Two gain controls stand side by side on purpose: the weights that ship were trained behind one, the figures of
turn-taking were taken behind the other, and both must stay repeatable.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import soxr

from scripts.bench.lines.codecs import Codec, code
from scripts.bench.lines.frames import FRAMES_PER_S, levels_db, widened
from scripts.bench.lines.levels import Wave, amplitude, rms
from scripts.bench.lines.line import LINE_HZ, Sound
from voicecare.timebase import RATE_HZ

OPENED_DB, OPENED_S = 30.0, 0.03
"""A gate passes what is within this of the loudest, and this much around it."""
MOST_GAIN_DB = 18.0
"""No gain control turns up or down by more."""


def narrow(sound: Sound, _: np.random.Generator) -> Sound:
    """To the 8 kHz of a phone line, float64."""
    return sound.each(lambda leg: soxr.resample(leg.astype(np.float64), RATE_HZ, LINE_HZ), LINE_HZ)


def clip(sound: Sound, _: np.random.Generator) -> Sound:
    """Cut off what is beyond full scale."""
    return sound.each(lambda leg: np.clip(leg, -1, 1))


def to_float32(sound: Sound, _: np.random.Generator) -> Sound:
    """As it is handed over: float32."""
    return sound.each(lambda leg: leg.astype(np.float32))


def band_pass(sound: Sound, _: np.random.Generator) -> Sound:
    """300 to 3,400 Hz of an 8 kHz line."""
    return sound.each(in_band)


def gate(sound: Sound, _: np.random.Generator) -> Sound:
    """Digital silence wherever a 16 kHz leg is not within `OPENED_DB` of its loudest 10 ms, or just beside it."""

    def opened(leg: Wave) -> Wave:
        level_db = levels_db(leg, RATE_HZ)
        loud = widened(level_db > level_db.max() - OPENED_DB, OPENED_S)
        gain = np.repeat(loud, RATE_HZ // FRAMES_PER_S).astype(np.float32)
        return np.asarray(leg * np.pad(gain, (0, leg.size - gain.size)))

    return sound.each(opened)


def suppress(sound: Sound, _: np.random.Generator) -> Sound:
    """A noise gate as headsets have: 20 dB down where 20 ms are within 10 dB of the noise, opened over 50 ms."""

    def quietened(leg: Wave) -> Wave:
        n = leg.size // 320 * 320
        level_db = 10 * np.log10(np.mean(np.square(leg[:n].reshape(-1, 320)), axis=1) + 1e-12)
        wide = np.convolve(level_db > np.percentile(level_db, 20) + 10, np.ones(5), "same") > 0
        gain = np.repeat(np.where(wide, 1.0, 0.1), 320)
        gain = np.convolve(np.pad(gain, (0, leg.size - n), mode="edge"), np.ones(320) / 320, "same")
        return np.asarray(leg * gain, np.float32)

    return sound.each(quietened)


def handset_gain(sound: Sound, _: np.random.Generator) -> Sound:
    """Gain control of an 8 kHz line, sample by sample: towards -20 dBFS over 1 s, as conference bridges do."""
    from scipy.signal import lfilter

    def evened(leg: Wave) -> Wave:
        decay = np.exp(-1 / (1.0 * LINE_HZ))
        power = lfilter([1 - decay], [1, -decay], leg**2, zi=[decay * np.mean(leg[: LINE_HZ // 2] ** 2)])[0]
        gain = 0.1 / np.sqrt(power + 1e-8)
        return np.asarray(leg * np.clip(gain, amplitude(-MOST_GAIN_DB), amplitude(MOST_GAIN_DB)))

    return sound.each(evened)


def call_gain(sound: Sound, _: np.random.Generator) -> Sound:
    """Gain control of a 16 kHz leg, by 10 ms: towards -20 dBFS over about 1 s."""

    def evened(leg: Wave) -> Wave:
        n = leg.size // 160 * 160
        power = np.mean(np.square(leg[:n].reshape(-1, 160)), axis=1)
        smooth, slow = 0.01, np.empty(power.size)
        for i, now in enumerate(power):
            smooth += 0.01 * (now - smooth)
            slow[i] = smooth
        gain = np.clip(0.1 / np.sqrt(slow + 1e-8), amplitude(-MOST_GAIN_DB), amplitude(MOST_GAIN_DB))
        return np.asarray(leg * np.pad(np.repeat(gain, 160), (0, leg.size - n), mode="edge"), np.float32)

    return sound.each(evened)


@dataclass(frozen=True, slots=True)
class Gain:
    """So many decibels louder."""

    db: float

    def __call__(self, sound: Sound, _: np.random.Generator) -> Sound:
        return sound.each(lambda leg: leg * amplitude(self.db))


@dataclass(frozen=True, slots=True)
class Rms:
    """Brings the RMS of a leg to a level."""

    dbfs: float

    def __call__(self, sound: Sound, _: np.random.Generator) -> Sound:
        return sound.each(lambda leg: leg * (amplitude(self.dbfs) / (rms(leg) + 1e-9)))


@dataclass(frozen=True, slots=True)
class Peak:
    """Brings the highest peak of a leg to a level, beyond full scale if wanted; float64 from here on."""

    dbfs: float

    def __call__(self, sound: Sound, _: np.random.Generator) -> Sound:
        return sound.each(
            lambda leg: leg.astype(np.float64) * (amplitude(self.dbfs) / (np.abs(leg.astype(np.float64)).max() + 1e-12))
        )


@dataclass(frozen=True, slots=True)
class Offset:
    """A constant added."""

    by: float

    def __call__(self, sound: Sound, _: np.random.Generator) -> Sound:
        return sound.each(lambda leg: leg + self.by)


@dataclass(frozen=True, slots=True)
class Code:
    """Codes and decodes 8 kHz legs."""

    codec: Codec

    def __call__(self, sound: Sound, _: np.random.Generator) -> Sound:
        return sound.each(lambda leg: code(np.asarray(leg, np.float64), self.codec))


@dataclass(frozen=True, slots=True)
class Loss:
    """Packets of 20 ms lost in bursts of two on average: a lost one is the last one again, at half its level."""

    share: float

    def __call__(self, sound: Sound, rng: np.random.Generator) -> Sound:
        def lossy(leg: Wave) -> Wave:
            leg, lost = leg.copy(), False
            for start in range(160, leg.size - 160, 160):
                lost = bool(rng.random() < (0.5 if lost else self.share / 2 / (1 - self.share)))
                if lost:
                    leg[start : start + 160] = 0.5 * leg[start - 160 : start]
            return leg

        return sound.each(lossy)


@dataclass(frozen=True, slots=True)
class Widen:
    """From 8 to 16 kHz, float32, `size` samples of it."""

    size: int

    def __call__(self, sound: Sound, _: np.random.Generator) -> Sound:
        def widened_to(leg: Wave) -> Wave:
            wide = soxr.resample(leg, LINE_HZ, RATE_HZ).astype(np.float32)
            return np.pad(wide, (0, max(0, self.size - wide.size)))[: self.size]

        return sound.each(widened_to, RATE_HZ)


def in_band(narrowed: Wave) -> Wave:
    """300 to 3,400 Hz of an 8 kHz sound."""
    from scipy.signal import sosfilt

    return np.asarray(sosfilt(_filter(), narrowed))


@functools.cache
def _filter() -> Wave:
    from scipy.signal import butter

    return np.asarray(butter(4, [300, 3_400], "band", fs=LINE_HZ, output="sos"))
