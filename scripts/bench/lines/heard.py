"""The lines a clip is heard through: every level a leg may have, overdriven, with an offset, coded, gated, in a room.

Every phone line is 8 kHz G.711 µ-law unless its name says otherwise. Levels are of the clip's highest peak. A line's
own noise lies at -80 dBFS: under µ-law that is an idle step now and then, as real legs have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from scripts.bench.lines.codecs import Codec
from scripts.bench.lines.frames import Frames
from scripts.bench.lines.levels import Wave
from scripts.bench.lines.line import Step, send_leg
from scripts.bench.lines.steps import Code, Offset, Peak, Widen, clip, gate, narrow, to_float32
from scripts.bench.lines.surroundings import Idle, Under
from voicecare.types import Floats

IDLE_DBFS = -80.0
PEAK_DBFS = -10.0


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

    def steps(self, size: int) -> tuple[Step, ...]:
        """What it does to `size` samples at 16 kHz."""
        band: tuple[Step, ...] = () if self.codec is None else (narrow,)
        under: tuple[Step, ...] = () if self.snr_db is None else (Under(self.background, self.snr_db),)
        arrives: tuple[Step, ...] = (to_float32,) if self.codec is None else (Code(self.codec), Widen(size))
        return (
            *((gate,) if self.gated else ()),
            *band,
            Peak(self.peak_dbfs + self.overdriven_db),
            *under,
            *(() if self.gated else (Idle(IDLE_DBFS),)),
            Offset(self.offset),
            clip,
            *arrives,
        )


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


def send(clean: Floats, speaking: Frames, line: HeardLine, rng: np.random.Generator) -> Floats:
    """Send a clean 16 kHz leg through a line: float32 at 16 kHz, of the same length, full scale ±1.

    speaking: the 10 ms frames that are speech, by which the background is placed.
    """
    return np.asarray(send_leg(clean, line.steps(clean.size), rng, speaking), np.float32)


def phone(sound: Wave) -> Floats:
    """A 16 kHz sound over an ordinary phone line at its own level."""
    steps = (narrow, clip, Code("mulaw"), Widen(sound.size))
    return np.asarray(send_leg(np.asarray(sound, np.float64), steps, np.random.default_rng(0)), np.float32)
