"""The lines a clip is heard through: every level a leg may have, overdriven, with an offset, coded, gated, in a room.

Every phone line is 8 kHz G.711 µ-law unless its name says otherwise. Levels are of the clip's highest peak. A line's
own noise lies at -80 dBFS: under µ-law that is an idle step now and then, as real legs have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import soxr

from scripts.bench.heard.sounds import music, pink
from scripts.bench.heard.truth import FRAMES_PER_S, Floats, Truth, levels_db, widened
from scripts.bench.lines.line import LINE_HZ, RATE_HZ, Codec, code

IDLE_DBFS = -80.0
PEAK_DBFS = -10.0
OPENED_DB, OPENED_S = 30.0, 0.03
"""A gate passes what is within this of the loudest, and this much around it."""


@dataclass(frozen=True, slots=True)
class HeardLine:
    """One line. codec: None is wide band. overdriven_db: beyond full scale. snr_db: speech over the background."""

    peak_dbfs: float = PEAK_DBFS
    codec: Codec | None = "mulaw"
    overdriven_db: float = 0.0
    offset: float = 0.0
    gated: bool = False
    snr_db: float | None = None
    background: Literal["pink", "music"] = "pink"


LINES: dict[str, HeardLine] = {
    "-3 dBFS": HeardLine(-3.0),
    "-10 dBFS": HeardLine(),
    "-20 dBFS": HeardLine(-20.0),
    "-30 dBFS": HeardLine(-30.0),
    "-40 dBFS": HeardLine(-40.0),
    "-50 dBFS": HeardLine(-50.0),
    "clipped": HeardLine(0.0, overdriven_db=12.0),
    "offset": HeardLine(offset=0.05),
    "alaw": HeardLine(codec="alaw"),
    "amr": HeardLine(codec="amr"),
    "wide": HeardLine(codec=None),
    "gated": HeardLine(gated=True),
    "room 30 dB": HeardLine(snr_db=30.0),
    "room 20 dB": HeardLine(snr_db=20.0),
    "music 15 dB": HeardLine(snr_db=15.0, background="music"),
}

PROMISED = tuple(name for name, line in LINES.items() if line.peak_dbfs >= -40.0 and line.background == "pink")
"""Where everyone must be heard. At -50 dBFS speech is a few steps of µ-law high, and over music: measured only."""


def send(clip: Floats, truth: Truth, line: HeardLine, rng: np.random.Generator) -> Floats:
    """Send a clean 16 kHz leg through a line: float32 at 16 kHz, of the same length, full scale ±1."""
    speech = clip * _open(clip) if line.gated else clip
    rate_hz = RATE_HZ if line.codec is None else LINE_HZ
    sound = (
        speech.astype(np.float64) if line.codec is None else soxr.resample(speech.astype(np.float64), RATE_HZ, LINE_HZ)
    )
    sound *= 10 ** ((line.peak_dbfs + line.overdriven_db) / 20) / (np.abs(sound).max() + 1e-12)
    if line.snr_db is not None:
        sound += (
            _background(line, sound.size, rate_hz, rng) * _speech_rms(sound, truth, rate_hz) * 10 ** (-line.snr_db / 20)
        )
    if not line.gated:
        sound += rng.standard_normal(sound.size) * 10 ** (IDLE_DBFS / 20)
    sound = np.clip(sound + line.offset, -1, 1)
    return sound.astype(np.float32) if line.codec is None else carried(sound, line.codec, clip.size)


def carried(narrow: np.ndarray, codec: Codec, size: int) -> Floats:
    """Code 8 kHz sound and bring it to 16 kHz, `size` samples of it."""
    wide = soxr.resample(code(narrow, codec), LINE_HZ, RATE_HZ)
    return np.pad(wide, (0, max(0, size - wide.size)))[:size].astype(np.float32)


def phone(sound: np.ndarray) -> Floats:
    """A 16 kHz sound over an ordinary phone line at its own level."""
    narrow = soxr.resample(np.asarray(sound, np.float64), RATE_HZ, LINE_HZ)
    return carried(np.clip(narrow, -1, 1), "mulaw", sound.size)


def _background(line: HeardLine, size: int, rate_hz: int, rng: np.random.Generator) -> np.ndarray:
    """Of RMS 1, before, during and after the speech."""
    if line.background == "pink":
        return pink(size, rate_hz, rng)
    wide = music(size * RATE_HZ // rate_hz, rng)
    sound = wide if rate_hz == RATE_HZ else soxr.resample(wide, RATE_HZ, rate_hz)
    return sound / np.sqrt(np.mean(np.square(sound)))


def _speech_rms(sound: np.ndarray, truth: Truth, rate_hz: int) -> float:
    speaking = np.repeat(truth.sure, rate_hz // FRAMES_PER_S)[: sound.size]
    return float(np.sqrt(np.mean(np.square(sound[: speaking.size][speaking])))) if speaking.any() else 0.0


def _open(clip: Floats) -> Floats:
    """The gain of a gate: 1 where the clip is loud, and a little around it, else 0."""
    level_db = levels_db(clip, RATE_HZ)
    loud = widened(level_db > level_db.max() - OPENED_DB, OPENED_S)
    gain = np.repeat(loud, RATE_HZ // FRAMES_PER_S).astype(np.float32)
    return np.pad(gain, (0, clip.size - gain.size))
