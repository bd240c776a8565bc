"""Where a leg is louder than its own noise: 10 ms frames that place the edges of speech.

A voice detector knows what is speech and is late and blurred about when; on a quiet line the level knows when to a
hundredth of a second, whatever the coding, the gain or the hop the word began in. On a noisy line it knows nothing, and
says so by being loud all along.
"""

from __future__ import annotations

import itertools
from collections import deque

import numpy as np

from voicecare.config import VadConfig
from voicecare.config.loudest import Expected
from voicecare.ports import Frames
from voicecare.timebase import HOP, Samples, samples
from voicecare.types import Floats

FRAME: Samples = samples(0.01)
"""The step of an edge detector, 10 ms."""
SMOOTHED_FRAMES = 5
"""Noise is the least power of this many frames (50 ms) in a row ..."""
BLOCK_FRAMES, BLOCKS = 100, 8
"""... in the last eight seconds: people pause for a moment at least that often."""
FADE = 0.99885
"""The loudest 50 ms are forgotten by half a decibel a second."""


class Loudness:
    """An `EdgeDetector` that hears level alone.

    Noise is followed by minimum statistics (Martin 2001, without his bias correction: the margins are wide), the
    loudest by its slowly fading peak. A frame is loud from `VadConfig.loud_db` above the noise on and stays so down to
    `soft_db` above it, if it is within `depth_db` of the loudest.
    """

    name = "loudness"

    def __init__(self, config: VadConfig) -> None:
        self._legs = tuple(_Leg(config) for _ in range(2))
        self._rest: Floats = np.zeros((2, 0), np.float32)

    def over(self, stretch: Floats) -> list[Frames]:
        """Take the next hops in a row, float32 (2, n * HOP); return the 10 ms frames that each completes, per leg."""
        rest = self._rest.shape[1]
        ends = [(rest + taken) // FRAME for taken in range(0, stretch.shape[1] + 1, HOP)]
        agent, caller = self.frames(stretch)
        return [(agent[begin:end], caller[begin:end]) for begin, end in itertools.pairwise(ends)]

    def frames(self, audio: Floats) -> tuple[list[bool | None], list[bool | None]]:
        """Take float32 (2, n), any n; return the 10 ms frames completed since the last call, per leg."""
        pending = np.concatenate((self._rest, audio), axis=1)
        whole = pending.shape[1] // FRAME
        self._rest = pending[:, whole * FRAME :]
        framed = pending[:, : whole * FRAME].reshape(2, whole, FRAME)
        powers = (np.einsum("ijk,ijk->ij", framed, framed) / FRAME).tolist()
        agent, caller = (leg.push(power) for leg, power in zip(self._legs, powers, strict=True))
        return agent, caller


class _Leg:
    def __init__(self, config: VadConfig) -> None:
        self._silence, self._least = _ratio(config.silence_dbfs), _ratio(config.floor_dbfs)
        self._on, self._off = _ratio(config.loud_db), _ratio(config.soft_db)
        self._stay = self._off / self._on
        self._clear, self._depth = _ratio(config.clear_db), _ratio(-config.depth_db)
        self._expected = Expected(config)
        self._heard, self._peak = 0.0, _ratio(config.voice_dbfs)
        self._recent: deque[float] = deque(maxlen=SMOOTHED_FRAMES)
        self._minimum = self._least_before = float("inf")  # of this block, and of those before
        self._minima: deque[float] = deque(maxlen=BLOCKS - 1)
        self._noise: float | None = None
        self._count = 0
        self._loud = False

    def push(self, powers: list[float]) -> list[bool | None]:
        return [self._frame(power) for power in powers]

    def _frame(self, power: float) -> bool | None:
        self._follow(power)
        noise, peak = self._noise, self._peak
        if noise is None:
            return False
        threshold = max(noise * self._on, peak * self._depth)
        self._loud = power >= (threshold * self._stay if self._loud else threshold)
        if self._loud:
            return True
        return False if peak >= noise * self._clear else None

    def _follow(self, power: float) -> None:
        self._count += 1
        if self._count % BLOCK_FRAMES == 0 and self._minimum < float("inf"):
            self._minima.append(self._minimum)
            self._least_before, self._minimum = min(self._minima), float("inf")
        if power <= self._silence:
            return
        recent = self._recent
        recent.append(power)
        if len(recent) < SMOOTHED_FRAMES:
            return
        mean = sum(recent) / SMOOTHED_FRAMES
        self._minimum = min(self._minimum, mean)
        self._noise = max(self._least, min(self._minimum, self._least_before))
        self._heard = max(self._heard * FADE, mean)
        self._peak = max(self._heard, self._expected.power(self._noise))


def _ratio(level_db: float) -> float:
    """A level as a ratio of powers."""
    return float(10.0 ** (level_db / 10.0))
