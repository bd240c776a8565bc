"""What phone lines do to a call: noise, leak, level, gain control, codecs, lost packets, tones.

Each condition is one thing done on top of an ordinary G.711 line, so that a table of conditions shows what costs what.
Noise is measured against the level of speech, not of the whole leg.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from scripts.bench.lines.codecs import Codec
from scripts.bench.lines.line import LINE_HZ, Step
from scripts.bench.lines.noise import Noise, Talker
from scripts.bench.lines.steps import Code, Gain, Loss, call_gain, clip, narrow, suppress, to_float32
from scripts.bench.lines.surroundings import Background, Idle, Leak, Loudspeaker, Waiting
from voicecare.timebase import RATE_HZ

Coding: TypeAlias = Literal["wide", "pcm", "mulaw", "alaw", "amr", "opus"]
CODECS: dict[Coding, Codec] = {"mulaw": "mulaw", "alaw": "alaw", "amr": "amr", "opus": "opus"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One kind of line.

    level_db: of speech, against -23 dBFS. leak_db: the other leg, 40 ms late, in this one; room_db: the caller's voice
    in the agent's leg only, from a loudspeaker through a room. loss: share of 20 ms packets.
    idle_dbfs: the line's own noise. tones_s: ring-back and hold music on the caller's leg before the call.
    """

    coding: Coding = "mulaw"
    level_db: float = 0.0
    noise: Noise = "none"
    snr_db: float = 60.0
    leak_db: float | None = None
    room_db: float | None = None
    loss: float = 0.0
    agc: bool = False
    suppression: bool = False
    idle_dbfs: float = -65.0
    tones_s: float = 0.0

    @property
    def rate_hz(self) -> int:
        """The rate of what arrives."""
        return RATE_HZ if self.coding == "wide" else LINE_HZ

    def steps(self, talkers: Sequence[Talker]) -> tuple[Step, ...]:
        """What it does to both legs at 16 kHz. talkers: speakers who take no part, for babble."""
        wanted: list[tuple[Step, bool]] = [
            (Waiting(self.tones_s), self.tones_s > 0),
            (Background(self.noise, self.snr_db, talkers), self.noise != "none"),
            (suppress, self.suppression),
            (call_gain, self.agc),
            (Gain(self.level_db), True),
            (Leak(self.leak_db or 0.0), self.leak_db is not None),
            (Loudspeaker(self.room_db or 0.0), self.room_db is not None),
            (Idle(self.idle_dbfs), True),
            (narrow, self.coding != "wide"),
            (clip, self.coding in CODECS),
            (Code(CODECS.get(self.coding, "none")), self.coding in CODECS),
            (Loss(self.loss), self.loss > 0),
            (clip, True),
            (to_float32, True),
        ]
        return tuple(step for step, is_done in wanted if is_done)


CONDITIONS: dict[str, Condition] = {
    "wide": Condition("wide"),
    "clean": Condition("pcm"),
    "g711": Condition("mulaw"),
    "alaw": Condition("alaw"),
    "amr": Condition("amr"),
    "opus": Condition("opus"),
    "quiet-20dB": Condition(level_db=-20.0),
    "agc": Condition(agc=True, noise="pink", snr_db=25.0),
    "pink-15dB": Condition(noise="pink", snr_db=15.0),
    "pink-5dB": Condition(noise="pink", snr_db=5.0),
    "babble-15dB": Condition(noise="babble", snr_db=15.0),
    "keyboard-15dB": Condition(noise="keyboard", snr_db=15.0),
    "hum-15dB": Condition(noise="hum", snr_db=15.0),
    "leak-20dB": Condition(leak_db=-20.0),
    "leak-30dB": Condition(leak_db=-30.0),
    "room-20dB": Condition(room_db=-20.0),
    "room-10dB": Condition(room_db=-10.0),
    "loss-5%": Condition(loss=0.05),
    "suppressed": Condition(suppression=True, noise="pink", snr_db=25.0),
    "tones": Condition(tones_s=24.0),
}
