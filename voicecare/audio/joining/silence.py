"""A leg that delivers nothing but zeros: a muted microphone, a missing permission, a call on another device."""

from __future__ import annotations

import numpy as np

from voicecare.timebase import Samples, samples
from voicecare.types import PARTIES, AudioBlock, Health, Party

ZERO = 1.5 / 32_768
"""Below one and a half steps of 16 bits there is no microphone and no line, only digital silence."""
AGENT_S = 1.5
"""A microphone that is on is never digitally silent, so this is soon said."""
CALLER_S = 10.0
"""A softphone may send true zeros while the caller listens; longer than this nobody is there, or nothing is heard."""


class SilenceWatch:
    """Says when a leg has been digitally silent for too long (`silent_leg`) and when no more (`listening`)."""

    def __init__(self) -> None:
        self._silent: dict[Party, Samples] = dict.fromkeys(PARTIES, 0)
        self._patience: dict[Party, Samples] = {"agent": samples(AGENT_S), "caller": samples(CALLER_S)}

    def push(self, block: AudioBlock) -> list[Health]:
        """Take the next hop. Lost audio says nothing about the microphone."""
        if block.gap:
            return []
        news: list[Health] = []
        peaks = np.abs(block.samples).max(axis=1)
        for row, party in enumerate(PARTIES):
            before, hop = self._silent[party], block.samples.shape[1]
            now = before + hop if peaks[row] < ZERO else 0
            self._silent[party] = now
            patience = self._patience[party]
            if before < patience <= now:
                news.append(Health(block.end, "silent_leg", now, f"{party}_silent"))
            elif before >= patience and now == 0:
                news.append(Health(block.end, "listening", before, f"{party}_silent"))
        return news
