"""The phone lines training and benches send clean speech through: 8 kHz, a codec, a level, a gain control, noise.

A line is drawn from a seeded generator, so every clip meets another handset, level and noise, and every run the same.
Levels and noise are wider than notes of call recorders show on purpose: absolute level must carry no weight.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from scripts.bench.lines.codecs import Codec
from scripts.bench.lines.levels import Wave
from scripts.bench.lines.line import Step, send_leg
from scripts.bench.lines.steps import Code, Rms, Widen, band_pass, clip, handset_gain, narrow, to_float32
from scripts.bench.lines.surroundings import BandNoise
from voicecare.types import Floats


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone line. level_dbfs: RMS of the speech; snr_db: in-band white noise; agc: slow automatic gain control."""

    codec: Codec
    level_dbfs: float
    snr_db: float
    agc: bool

    def steps(self, size: int) -> tuple[Step, ...]:
        """What it does to `size` samples at 16 kHz."""
        if self.codec == "none":
            return Rms(self.level_dbfs), clip, to_float32
        gain = (handset_gain,) if self.agc else ()
        level, noise = Rms(self.level_dbfs), BandNoise(self.snr_db)
        return narrow, band_pass, *gain, level, noise, clip, Code(self.codec), Widen(size)


WIDE = Phone("none", -20.0, 60.0, agc=False)
"""No line at all: wide band, at a plain level."""
LINES = {"wide": WIDE, "phone": Phone("mulaw", -20, 40, agc=False), "phone 15 dB": Phone("mulaw", -20, 15, agc=False)}
"""The lines words are heard through."""


def draw(rng: np.random.Generator, codec: Codec | None = None) -> Phone:
    """Draw a line: -38 to -12 dBFS RMS, 15 to 40 dB SNR, gain control in a third, G.711 mostly."""
    usual: tuple[Codec, ...] = ("mulaw", "alaw", "amr")
    drawn = codec or usual[rng.choice(3, p=[0.5, 0.25, 0.25])]
    return Phone(drawn, float(rng.uniform(-38, -12)), float(rng.uniform(15, 40)), bool(rng.random() < 1 / 3))


def send(samples: Wave, line: Phone, rng: np.random.Generator) -> Floats:
    """Send 16 kHz speech through a line; float32 of the same length, 16 kHz, full scale ±1."""
    return np.asarray(send_leg(samples, line.steps(samples.size), rng), np.float32)


def send_call(leg: Floats, line: Phone, rng: np.random.Generator) -> Floats:
    """Send a whole leg of a call: as `send`, but level and noise are set by its speech, not by its pauses."""
    speaking = np.abs(leg) > 0
    share = float(np.mean(speaking)) or 1.0
    quieter_db = 10 * np.log10(share)
    whole = dataclasses.replace(line, level_dbfs=line.level_dbfs + quieter_db, snr_db=line.snr_db + quieter_db)
    return send(leg.astype(np.float64), whole, rng)
