"""Raw blocks of a device turned into what a leg takes: float32 mono at 16 kHz, one stream a leg."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from voicecare.audio.joining import Stamped
from voicecare.audio.wire import Block, Ear
from voicecare.timebase import RATE_HZ
from voicecare.types import Floats, Party

FULL_SCALE = 32_768.0


class Inlet:
    """Splits, mixes down and resamples the blocks of all devices.

    agent_channel: which channel of a two-channel device (`both`) is the agent.
    """

    def __init__(self, agent_channel: Literal["left", "right"] = "right") -> None:
        self._channel: dict[Party, int] = {
            "agent": 1 if agent_channel == "right" else 0,
            "caller": 0 if agent_channel == "right" else 1,
        }
        self._resamplers: dict[Party, Any] = {}

    def opened(self, ear: Ear) -> None:
        """A device was opened again: nothing of the old stream may run on into the new one."""
        for leg in list(self._resamplers):
            if ear in ("both", leg):
                del self._resamplers[leg]

    def push(self, block: Block) -> list[Stamped]:
        """Turn a block into what each of its legs takes; empty while a resampler fills."""
        frames = np.frombuffer(block.payload, "<i2").reshape(-1, block.channels).astype(np.float32) / FULL_SCALE
        if block.ear == "both":
            rows: dict[Party, Floats] = {leg: frames[:, channel] for leg, channel in self._channel.items()}
        else:
            rows = {block.ear: frames.mean(axis=1, dtype=np.float32)}
        stamped = [Stamped(leg, block.arrived_s, self._at_16_khz(leg, row, block.rate_hz)) for leg, row in rows.items()]
        return [s for s in stamped if len(s.samples)]

    def _at_16_khz(self, leg: Party, row: Floats, rate_hz: int) -> Floats:
        if rate_hz == RATE_HZ:
            return np.ascontiguousarray(row)
        if leg not in self._resamplers:
            import soxr

            self._resamplers[leg] = soxr.ResampleStream(rate_hz, RATE_HZ, 1, dtype="float32", quality="MQ")
        return np.asarray(self._resamplers[leg].resample_chunk(row), np.float32)
