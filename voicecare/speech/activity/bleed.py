"""The caller's voice heard by the agent's microphone (no headset): how much, how late, and which hops it explains.

Without this every word of the caller would be the agent talking over the caller, the worst false cue there is. The leak
is taken as linear: its impulse response is the caller's leg correlated with the agent's, over the caller's own spectrum
(Wiener), each window weighted by the inverse of the agent's energy, so that the agent's own speech counts little. What
the response predicts is then compared with what the microphone heard, hop by hop.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voicecare.config import BleedConfig
from voicecare.ports import VoiceDetector
from voicecare.timebase import HOP, RATE_HZ, Samples, samples
from voicecare.types import Floats

REACH: Samples = 2_048
"""Longest leak looked for, 128 ms. It is never early: an output is tapped before the loudspeaker has played it."""
WINDOW = 2 * REACH
BEFORE, AFTER = 16, 624
"""The stretch of the response around its peak that is used: direct sound and the first 39 ms of the room."""
NEAR: Samples = 80
"""A peak within 5 ms of the lag taken is that lag."""


@dataclass(frozen=True, slots=True)
class Leak:
    """How the caller reaches the agent's microphone.

    lag: samples at 16 kHz. gain_db: of the caller's leg.
    clarity_db: the peak of the response over what chance makes; the confidence in there being a leak at all.
    """

    lag: Samples
    gain_db: float
    clarity_db: float


class Bleed:
    """Estimates the leak and says of each hop whether the leak explains what the agent's microphone heard."""

    def __init__(self, config: BleedConfig) -> None:
        self._config = config
        self._floor = 10.0 ** (config.floor_dbfs / 10.0)
        self._forget = 0.5 ** (REACH / RATE_HZ / config.memory_s)
        self._agent = np.zeros(REACH, np.float32)
        self._caller = np.zeros(WINDOW, np.float32)
        self._begin(0)
        self._response = np.zeros(BEFORE + AFTER, np.float32)
        self._first: Samples = 0
        self._shares: list[float] = []
        self._hops = 0
        self.leak: Leak | None = None

    def push(self, hop: Floats) -> bool:
        """Take the next hop, float32 (2, HOP); True where the agent's leg holds the leak and little else."""
        return self.over(hop)[0]

    def over(self, stretch: Floats) -> list[bool]:
        """Take the next hops in a row, float32 (2, n * HOP); the same of each."""
        agent, caller = np.concatenate((self._agent, stretch[0])), np.concatenate((self._caller, stretch[1]))
        told = []
        for end in range(HOP, stretch.shape[1] + HOP, HOP):
            self._agent, self._caller = agent[end : end + REACH], caller[end : end + WINDOW]
            self._hops += 1
            if self._hops % (REACH // HOP) == 0:
                self._learn()
            told.append(self.leak is not None and self._explains(self._agent[-HOP:]))
        return told

    def _explains(self, heard: Floats) -> bool:
        self._shares = [*self._shares[-self._config.over_hops + 1 :], self._share(heard)]
        return float(np.mean(self._shares)) > self._config.explained

    def _begin(self, shift: Samples) -> None:
        """Learn afresh, with the caller's leg taken to arrive `shift` later."""
        self._shift = shift
        self._heard: Samples = 0
        self._cross = np.zeros(WINDOW // 2 + 1, np.complex128)
        self._own = np.zeros(WINDOW // 2 + 1)

    def _learn(self) -> None:
        """Take the newest window into the correlation, if the caller can be heard in it."""
        # What the microphone heard now was spoken `shift` ago; compared with what is spoken now, a leak looks weaker.
        spoken = self._caller[REACH - self._shift : WINDOW - self._shift]
        power = float(np.mean(spoken**2))
        if power < self._floor:
            return
        # The caller's own energy bounds the weight of a window whose leak has not arrived yet.
        weight = 1.0 / (float(np.mean(self._agent**2)) + power * self._config.trust)
        windows = np.zeros((3, WINDOW), np.float32)
        windows[0, REACH:], windows[1], windows[2, :REACH] = self._agent, self._caller, spoken
        heard, source, alone = np.fft.rfft(windows)
        self._cross = self._forget * self._cross + weight * heard * np.conj(source)
        self._own = self._forget * self._own + weight * np.abs(alone) ** 2
        self._heard += REACH
        if self._heard >= samples(self._config.least_s):
            self.leak = self._find()

    def _find(self) -> Leak | None:
        own = self._own + self._own.mean() * self._config.regularise
        response = np.fft.irfft(self._cross / own).astype(np.float32)
        energy = np.convolve(response**2, np.ones(BEFORE) / BEFORE, "same")
        peak = int(np.argmax(energy[:REACH]))
        # The second half of the response lies before the caller spoke: what is there is chance.
        chance = float(np.mean(energy[REACH + BEFORE : -BEFORE]))
        clarity_db = 10.0 * np.log10((energy[peak] + 1e-20) / (chance + 1e-20))
        first = max(0, peak - BEFORE)
        used = response[first : peak + AFTER]
        through = float(np.sum(np.abs(np.fft.rfft(used, WINDOW)) ** 2 * self._own) / np.sum(self._own))
        gain_db = 10.0 * np.log10(through + 1e-12)
        if clarity_db < self._config.clarity_db or gain_db < self._config.least_gain_db:
            return None
        if abs(peak - self._shift) > NEAR:
            self._begin(peak)
            return None
        self._response, self._first = used, first
        return Leak(peak, round(float(gain_db), 1), round(float(clarity_db), 1))

    def _share(self, heard: Floats) -> float:
        """The share of the hop's energy that the predicted leak accounts for, 0..1."""
        length = len(self._response)
        end = len(self._caller) - self._first
        predicted = np.convolve(self._caller[end - HOP - length + 1 : end], self._response, "valid")
        energy = float(heard @ heard)
        expected = float(predicted @ predicted)
        if energy <= 0.0 or expected < energy * self._config.least_share:
            return 0.0
        return float(heard @ predicted) ** 2 / (energy * expected)


class LeakProof:
    """A voice detector that does not take the caller's voice in the agent's microphone for the agent.

    It is a `VoiceDetector` around another; `leak` is what was found, for the screen and the log.
    """

    def __init__(self, inner: VoiceDetector, bleed: Bleed) -> None:
        self.name = inner.name
        self._inner = inner
        self._bleed = bleed

    @property
    def leak(self) -> Leak | None:
        """The leak found so far, or None."""
        return self._bleed.leak

    def over(self, stretch: Floats) -> list[tuple[float, float]]:
        """Take the next hops in a row, float32 (2, n * HOP); return P(speech) of agent and caller of each, 0..1."""
        told = zip(self._inner.over(stretch), self._bleed.over(stretch), strict=True)
        return [(0.0 if leaks else agent, caller) for (agent, caller), leaks in told]
