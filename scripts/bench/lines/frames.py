"""Sound in frames of 10 ms: their levels, and the stretches of those that are on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from scripts.bench.lines.levels import Wave

Frames: TypeAlias = npt.NDArray[np.bool_]
FRAME_S = 0.01
FRAMES_PER_S = 100


def levels_db(audio: Wave, rate_hz: int) -> npt.NDArray[np.float64]:
    """The level of every whole frame, in dBFS."""
    frame = rate_hz // FRAMES_PER_S
    framed = audio[: audio.size // frame * frame].reshape(-1, frame)
    return np.asarray(10 * np.log10(np.mean(np.square(framed, dtype=np.float64), axis=1) + 1e-12))


def runs(on: Frames, gap_s: float = 0.0) -> list[tuple[int, int]]:
    """The stretches that are on, in frames, gaps up to `gap_s` closed."""
    places = np.flatnonzero(on)
    if not places.size:
        return []
    cuts = np.flatnonzero(np.diff(places) > round(gap_s * FRAMES_PER_S) + 1)
    starts, ends = places[np.r_[0, cuts + 1]], places[np.r_[cuts, places.size - 1]] + 1
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def bridged(on: Frames, gap_s: float, least_s: float) -> Frames:
    """Close gaps up to `gap_s`; then drop what is shorter than `least_s`."""
    out = np.zeros_like(on)
    for start, end in runs(on, gap_s):
        if end - start >= round(least_s * FRAMES_PER_S):
            out[start:end] = True
    return out


def widened(on: Frames, by_s: float) -> Frames:
    """Every stretch longer by `by_s` at both ends."""
    reach = round(by_s * FRAMES_PER_S)
    return np.convolve(on, np.ones(2 * reach + 1), "same") > 0.5 if on.size > 2 * reach else on | on.any()


def frames_of(spans: Iterable[tuple[float, float]], count: int) -> Frames:
    """Which of `count` frames lie in spans of seconds."""
    told = np.zeros(count, np.bool_)
    for start_s, end_s in spans:
        told[round(start_s * FRAMES_PER_S) : max(round(start_s * FRAMES_PER_S), round(end_s * FRAMES_PER_S))] = True
    return told
