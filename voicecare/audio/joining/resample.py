"""Brings audio of any sample rate to the pipeline's 16 kHz, block by block."""

from __future__ import annotations

import numpy as np

from voicecare.timebase import RATE_HZ
from voicecare.types import Floats

LOUDEST = 65_536.0
"""Beyond this a float sample is damage, not sound: it leaves room for files scaled to 16-bit integers."""


class Resampler:
    """Resamples a stream to 16 kHz without shifting it in time or changing its level.

    The one recipe for files and devices, for a call heard live has the events of its replay: soxr's "HQ", linear phase,
    its delay taken out, so that an impulse stays where it was to within one sample (measured for 6 to 96 kHz in the
    tests).
    """

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._channels = channels
        self._rate_hz = rate_hz
        self._taken = self._given = 0
        self._stream = None
        if rate_hz != RATE_HZ:
            import soxr

            self._stream = soxr.ResampleStream(rate_hz, RATE_HZ, channels, dtype="float32", quality="HQ")

    @property
    def held_s(self) -> float:
        """How much sound has gone in and not come out yet; a live stream is that much older than its last block."""
        return self._taken / self._rate_hz - self._given / RATE_HZ

    def push(self, samples: Floats) -> Floats:
        """Take float32 (n, channels) and return what is ready at 16 kHz, (m, channels), m >= 0.

        Samples that are not finite, or absurd (beyond ±65536), become zeros: one of them would spread through the
        filter over everything near it.
        """
        damaged = ~(np.abs(samples) < LOUDEST)
        if damaged.any():
            samples = np.where(damaged, np.float32(0), samples)
        return self._resample(samples)

    def finish(self) -> Floats:
        """Return what the filter still held, (m, channels)."""
        return self._resample(np.zeros((0, self._channels), np.float32), last=True)

    def _resample(self, samples: Floats, *, last: bool = False) -> Floats:
        if self._stream is None:
            return samples
        resampled: Floats = self._stream.resample_chunk(np.ascontiguousarray(samples), last=last)
        self._taken += len(samples)
        self._given += len(resampled)
        return resampled
