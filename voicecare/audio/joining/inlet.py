"""Raw blocks of a device turned into what a leg takes: float32 mono at 16 kHz, one stream a leg."""

from __future__ import annotations

from typing import Literal

import numpy as np

from voicecare.audio.joining.joining import Stamped
from voicecare.audio.joining.resample import Resampler
from voicecare.audio.joining.wire import Block, Ear
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
        self._resamplers: dict[Party, Resampler] = {}

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
        stamped = [self._stamped(leg, row, block) for leg, row in rows.items()]
        return [s for s in stamped if len(s.samples)]

    def _stamped(self, leg: Party, row: Floats, block: Block) -> Stamped:
        if block.rate_hz == RATE_HZ:
            return Stamped(leg, block.arrived_s, np.ascontiguousarray(row))
        if leg not in self._resamplers:
            self._resamplers[leg] = Resampler(block.rate_hz, 1)
        resampler = self._resamplers[leg]
        samples = resampler.push(row[:, None])[:, 0]
        return Stamped(leg, block.arrived_s - resampler.held_s, samples)
