"""A breathing pacer: at which point of which breath one is, told by the time since it began and nothing else.

It keeps nothing, measures nothing and knows nothing of whoever breathes. Slow breathing lowers felt stress a little
(meta-analysis of 12 trials, g -0.35, doi 10.1038/s41598-022-27247-y); sessions under five minutes mostly did not, so a
shorter one is called a moment, not an exercise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from voicecare.errors import UsageError
from voicecare.timebase import RATE_HZ

PhaseKind: TypeAlias = Literal["in", "hold", "more", "out"]
SHORTEST_S, LONGEST_S = 2.0, 12.0
"""Of a breath in or out with one's own numbers."""
MINUTES = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a breath. fills: how full the lungs are at its end, 0 to 1."""

    kind: PhaseKind
    length_s: float
    fills: float


Pattern: TypeAlias = tuple[Phase, ...]
PATTERNS: dict[str, Pattern] = {
    "4-6": (Phase("in", 4.0, 1.0), Phase("out", 6.0, 0.0)),
    "sigh": (Phase("in", 1.0, 0.7), Phase("hold", 0.5, 0.7), Phase("more", 0.5, 1.0), Phase("out", 3.0, 0.0)),
}
"""Six breaths a minute, out longer than in (doi 10.1007/s12671-023-02294-2); and the sigh: a second, small breath in
before a long one out (doi 10.1016/j.xcrm.2022.100895)."""


def own(in_s: float, out_s: float) -> Pattern:
    """A pattern of one's own numbers.

    Raises:
        UsageError: one of them is not 2 to 12 s.
    """
    for name, length_s in (("--in", in_s), ("--out", out_s)):
        if not SHORTEST_S <= length_s <= LONGEST_S:  # also refuses NaN
            raise UsageError(f"{name} {length_s:g}: must be {SHORTEST_S:g} to {LONGEST_S:g} seconds")
    return (Phase("in", in_s, 1.0), Phase("out", out_s, 0.0))


@dataclass(frozen=True, slots=True)
class Breath:
    """Where one is.

    number: of the phase, counted from the beginning. share: of it that is over, 0 to 1. size: how full, 0 to 1, moving
    gently at both ends. ends_s: when the phase ends, in seconds since the beginning. left_s: until it is all over.
    """

    number: int
    kind: PhaseKind
    share: float
    size: float
    ends_s: float
    left_s: float


class Pacer:
    """Tells the breath of a moment; whole breaths only, so it may last a little longer than the minutes asked for."""

    def __init__(self, pattern: Pattern, minutes: float) -> None:
        self.pattern = pattern
        self._breath_s = sum(phase.length_s for phase in pattern)
        breaths = max(1, math.ceil(round(60 * minutes / self._breath_s, 6)))
        self.length_s = breaths * self._breath_s

    def at(self, elapsed_s: float) -> Breath | None:
        """Where one is so many seconds after the beginning; None when it is over."""
        if elapsed_s >= self.length_s:
            return None
        breaths, into_s = divmod(max(0.0, elapsed_s), self._breath_s)
        filled, begins_s = self.pattern[-1].fills, breaths * self._breath_s
        for place, phase in enumerate(self.pattern):
            if into_s < phase.length_s or place == len(self.pattern) - 1:
                share = min(1.0, into_s / phase.length_s)
                gently = (1 - math.cos(math.pi * share)) / 2
                return Breath(
                    int(breaths) * len(self.pattern) + place,
                    phase.kind,
                    share,
                    filled + (phase.fills - filled) * gently,
                    begins_s + phase.length_s,
                    self.length_s - elapsed_s,
                )
            into_s -= phase.length_s
            begins_s += phase.length_s
            filled = phase.fills
        raise AssertionError("a pattern has phases")


LOW_HZ, HIGH_HZ = 196.0, 294.0
LEVEL = 0.02
"""RMS -34 dBFS: beside a voice it is hardly there."""
FADE_S = 0.08


def tone(phase: Phase) -> npt.NDArray[np.float32]:
    """The sound of a phase, float32 mono at 16 kHz: rises while one breathes in, falls while one breathes out."""
    length = round(phase.length_s * RATE_HZ)
    if phase.kind == "hold":
        return np.zeros(length, np.float32)
    begins_hz, ends_hz = (HIGH_HZ, LOW_HZ) if phase.kind == "out" else (LOW_HZ, HIGH_HZ)
    hz = np.geomspace(begins_hz, ends_hz, length)
    place_s = np.arange(length) / RATE_HZ
    fade = np.clip(np.minimum(place_s, place_s[::-1]) / FADE_S, 0.0, 1.0)
    return np.asarray(LEVEL * math.sqrt(2) * fade * np.sin(2 * np.pi * np.cumsum(hz) / RATE_HZ), np.float32)
