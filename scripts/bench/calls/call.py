"""A two-party call that is built: clips laid on two legs, the truth noted as they are laid, and its way through a line.

Who speaks when and says what is decided elsewhere: `timed.py` follows people's own timing, `heated.py` a caller's mood.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from scripts.bench.lines.conditions import Condition
from scripts.bench.lines.line import send
from scripts.bench.lines.noise import Talker
from voicecare.timebase import RATE_HZ
from voicecare.types import PARTIES, Floats, Party

Stretch = tuple[int, int]
"""From where to where, in samples."""


@dataclass(frozen=True, slots=True)
class Call:
    """Both legs, float32 (2, n), agent first, at 16 kHz until a line makes it less; and what is true of them.

    truth: where each party speaks, in samples at 16 kHz. story: what else was decided, as `*.truth.json` of data/heated
    has it; empty where there is no story.
    """

    legs: Floats
    truth: dict[Party, list[Stretch]]
    story: dict[str, Any] = field(default_factory=dict)

    def seconds(self) -> dict[Party, list[tuple[float, float]]]:
        """The truth in seconds."""
        return {party: [(a / RATE_HZ, b / RATE_HZ) for a, b in spans] for party, spans in self.truth.items()}

    def segments(self) -> list[dict[str, float | str]]:
        """The truth as `*.truth.json` of built calls has it: channel, start and end in seconds, in order of start."""
        channels = {"agent": "R-agent", "caller": "L-caller"}
        rows = sorted((a, channels[party], b) for party, spans in self.truth.items() for a, b in spans)
        return [
            {"channel": channel, "start": round(a / RATE_HZ, 4), "end": round(b / RATE_HZ, 4)} for a, channel, b in rows
        ]


class CallBuilder:
    """Lays clips on the legs of a call of so many samples."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.legs: Floats = np.zeros((2, length), np.float32)
        self._truth: dict[Party, list[Stretch]] = {party: [] for party in PARTIES}

    def leg(self, party: Party) -> Floats:
        """One leg, to be changed in place."""
        leg: Floats = self.legs[PARTIES.index(party)]
        return leg

    def fits(self, start: int, size: int) -> bool:
        """Whether a clip laid from `start` on ends within the call."""
        return start + size <= self.length

    def lay(self, party: Party, start: int, audio: Floats, speech: Iterable[Stretch]) -> list[Stretch]:
        """Add a clip that speaks in these stretches of its own; return where that is in the call."""
        self.leg(party)[start : start + audio.size] += audio
        laid = [(start + a, start + b) for a, b in speech]
        self._truth[party] += laid
        return laid

    def call(self) -> Call:
        """What has been laid so far, clean."""
        return Call(self.legs, self._truth)


def through(call: Call, condition: Condition, talkers: Sequence[Talker], rng: np.random.Generator) -> Call:
    """Send both legs through a condition; they arrive at its rate. talkers: speakers who take no part, for babble.

    The truth stays at 16 kHz, and moves only where tones come before the call.
    """
    before = round(condition.tones_s * RATE_HZ)
    truth = {party: [(a + before, b + before) for a, b in spans] for party, spans in call.truth.items()}
    return Call(np.asarray(send(call.legs, condition.steps(talkers), rng), np.float32), truth)
