"""What a setting may be, said with its type: `min_gap_s: Seconds` is 0 or more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeAlias

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Within:
    """Bounds of a number, both allowed; `above` leaves `least` itself out, where something is divided by the number."""

    least: float
    most: float
    above: bool = False

    def allow(self, value: float) -> bool:
        """Whether a value lies within."""
        return self.least <= value <= self.most and not (self.above and value == self.least)

    def __str__(self) -> str:
        most = f"at most {self.most:g}"
        if self.above:
            return f"more than {self.least:g}, {most}"
        return f"{self.least:g} or more, {most}"


Seconds: TypeAlias = Annotated[float, Within(0.0, DAY_S)]
"""A length of time; 0 switches off what it stands for."""
SomeSeconds: TypeAlias = Annotated[float, Within(0.0, DAY_S, above=True)]
"""A step, a memory or a weight in seconds that something is divided by."""
Share: TypeAlias = Annotated[float, Within(0.0, 1.0)]
"""A share, a probability, a confidence, or strain."""
Polarity: TypeAlias = Annotated[float, Within(-1.0, 1.0)]
"""Sentiment, from negative to positive."""
Decibels: TypeAlias = Annotated[float, Within(-200.0, 200.0)]
"""A level or a difference of levels; 16 bit hold 96 dB."""
Score: TypeAlias = Annotated[float, Within(-100.0, 100.0)]
"""A logit, a log probability, or standard deviations."""
Ratio: TypeAlias = Annotated[float, Within(0.0, 1000.0)]
"""So many times, or so many a second."""
Weight: TypeAlias = Annotated[float, Within(0.0, 1000.0, above=True)]
"""What something is divided by or started from."""
Count: TypeAlias = Annotated[int, Within(0, 100_000)]
"""So many; 0 is none."""
SomeCount: TypeAlias = Annotated[int, Within(1, 100_000)]
"""So many, at least one."""
