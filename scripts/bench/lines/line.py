"""One phone line as a list of steps: the one simulator that training and every bench send speech through.

A step does one thing that lines do (`steps.py`): it narrows the band, levels, adds noise, codes. Which steps a line
has is written where its figures are made: `phone.py` draws handsets for training, `conditions.py` spoils whole calls,
`heard.py` asks who is heard. Random draws are made step by step, leg by leg, so a seed always gives the same line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from scripts.bench.lines.frames import Frames
from scripts.bench.lines.levels import Wave
from voicecare.timebase import RATE_HZ

LINE_HZ = 8_000


@dataclass(frozen=True, slots=True)
class Sound:
    """What travels along a line.

    legs: (k, n), agent first where there are two. speaking: the 10 ms frames in which somebody speaks, where known.
    """

    legs: Wave
    rate_hz: int = RATE_HZ
    speaking: Frames | None = None

    def each(self, change: Callable[[Wave], Wave], rate_hz: int | None = None) -> Sound:
        """The same with every leg changed, one after the other."""
        return dataclasses.replace(
            self, legs=np.stack([change(leg) for leg in self.legs]), rate_hz=rate_hz or self.rate_hz
        )


Step: TypeAlias = Callable[[Sound, np.random.Generator], Sound]


def send(legs: Wave, steps: Iterable[Step], rng: np.random.Generator, speaking: Frames | None = None) -> Wave:
    """Send 16 kHz sound, (k, n), along a line; return what arrives, at the rate the last step leaves it at."""
    sound = Sound(legs, speaking=speaking)
    for step in steps:
        sound = step(sound, rng)
    return sound.legs


def send_leg(leg: Wave, steps: Iterable[Step], rng: np.random.Generator, speaking: Frames | None = None) -> Wave:
    """As `send`, for one leg, (n,)."""
    arrived: Wave = send(leg[np.newaxis], steps, rng, speaking)[0]
    return arrived
