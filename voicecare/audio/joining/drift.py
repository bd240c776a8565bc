"""Reading samples between samples: a stretch of audio re-read at a rate a few hundred ppm away, without clicks."""

from __future__ import annotations

import numpy as np

from voicecare.types import Floats

TAPS = 32
"""Length of the windowed sinc: flat to 0.02 dB up to 6.5 kHz at 16 kHz, beyond what any phone line carries."""
HALF = TAPS // 2
PHASES = 512
_KAISER_BETA = 8.0


def _kernels() -> Floats:
    """Build the sinc of every phase, shape (PHASES + 1, TAPS); row p reads p / PHASES after a sample."""
    shift = np.arange(PHASES + 1)[:, None] / PHASES
    distance = np.arange(TAPS)[None, :] - (HALF - 1) - shift
    inside = np.clip(1.0 - (distance / HALF) ** 2, 0.0, None)
    kernels = np.sinc(distance) * np.i0(_KAISER_BETA * np.sqrt(inside)) / np.i0(_KAISER_BETA)
    return np.asarray(kernels / kernels.sum(axis=1, keepdims=True), dtype=np.float32)


_KERNELS = _kernels()


def read_between(window: Floats, first: float, step: float, count: int) -> Floats:
    """Read `count` samples of `window` at the places first, first + step, first + 2 step, ...

    window: float32 (n,). The places need HALF samples of `window` on either side.
    Returns float32 (count,). Whole places at step 1 return the very samples. Between phases the kernel is interpolated
    linearly, which leaves less than -90 dB of error.
    """
    if step == 1.0 and first == int(first):
        return window[int(first) : int(first) + count].copy()
    places = first + step * np.arange(count)
    whole = np.floor(places).astype(np.int64)
    phase = (places - whole) * PHASES
    row = phase.astype(np.int64)
    share = (phase - row).astype(np.float32)[:, None]
    kernels = _KERNELS[row] * (1.0 - share) + _KERNELS[row + 1] * share
    around = np.lib.stride_tricks.sliding_window_view(window, TAPS)[whole - (HALF - 1)]
    return np.asarray(np.einsum("ij,ij->i", around, kernels), dtype=np.float32)
