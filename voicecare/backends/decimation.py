"""Brings hops at 16 kHz to the rates the voice detector looks at them in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voicecare.types import Floats

REACH = 23
"""Samples at 16 kHz that a filter reaches to either side: it delays by as many, 1.4 ms."""

TOGETHER = 8
"""Windows of one product: those of one hop at 8 kHz."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """`up` samples out for `down` samples in; what lies above `cut_hz` is filtered away."""

    up: int
    down: int
    cut_hz: float
    stride: int


EIGHT_KHZ = Ratio(1, 2, 4_000.0, 64)
"""16 to 8 kHz: flat to 3.4 kHz, 55 dB down from 4.6 kHz."""
SLOWED = Ratio(2, 3, 4_800.0, 96)
"""16 to 10.67 kHz, which a listener who expects 8 kHz hears a third slower and five semitones lower."""


class Decimator:
    """Lowers the rate of both legs by a sinc under a Kaiser window (beta 5), with carried state.

    The delay of `REACH` samples is a twentieth of a hop, left to the measured edge corrections of `VadConfig`.
    """

    def __init__(self, ratio: Ratio) -> None:
        self._stride = ratio.stride
        # Filter and decimation as one product of short windows with one small matrix: half the cost of a convolution
        # for each leg, and it leaves the processor's cache to the model.
        self._matrix = _matrix(ratio)
        self._outputs = int(self._matrix.shape[1])
        self._held: Floats = np.zeros((2, 2 * REACH), np.float32)

    def ready(self, taken: int) -> int:
        """How many samples will have come out once `taken` more have gone in."""
        windows: int = (self._held.shape[1] + taken - 2 * REACH) // self._stride
        return windows * self._outputs

    def push(self, audio: Floats) -> Floats:
        """Take float32 (2, n) at 16 kHz; return float32 (2, m) of what is ready at the lower rate."""
        count = (self._held.shape[1] + audio.shape[1] - 2 * REACH) // self._stride
        # Products are always of the same shape, the last with some lines too many: then a sample is the same sum in
        # the same order however the audio was cut.
        groups = -(-count // TOGETHER)
        spare = np.zeros((2, groups * TOGETHER * self._stride), np.float32)
        padded = np.concatenate((self._held, audio, spare), axis=1)
        self._held = padded[:, count * self._stride : padded.shape[1] - spare.shape[1]]
        if count == 0:
            return padded[:, :0]
        # Overlapping windows of the same memory; numpy's own way to them costs more than the product.
        leg, sample = padded.strides
        step = self._stride * sample
        windows: Floats = np.ndarray(
            (2, groups, TOGETHER, self._matrix.shape[0]), np.float32, padded, 0, (leg, TOGETHER * step, step, sample)
        )
        lowered: Floats = (windows @ self._matrix).reshape(2, -1)
        return lowered[:, : count * self._outputs]


def _matrix(ratio: Ratio) -> Floats:
    """From a stretch of `stride` samples and its surroundings to what it becomes, float32 (window, outputs)."""
    reach = REACH * ratio.up
    cut = 2.0 * ratio.cut_hz / (16_000.0 * ratio.up)
    taps = np.sinc(np.arange(-reach, reach + 1) * cut) * np.kaiser(2 * reach + 1, 5.0)
    taps *= ratio.up / taps.sum()
    outputs = ratio.stride * ratio.up // ratio.down
    fine = np.zeros(((ratio.stride + 2 * REACH) * ratio.up, outputs), np.float32)
    for column in range(outputs):
        start = ratio.down * column
        fine[start : start + taps.size, column] = taps
    # Of the raised rate only every `up`-th sample is not zero.
    return np.ascontiguousarray(fine[:: ratio.up])
