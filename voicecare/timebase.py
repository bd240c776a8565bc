"""Time is integer samples at 16 kHz from sample 0 of the call; seconds exist only at the edges.

Float seconds do not add up (0.090 + 0.240 != 0.330), so two runs could disagree about one instant. Integers cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Samples: TypeAlias = int
"""A time or a length, in samples at 16 kHz. Pervasive enough to deserve its own name."""

RATE_HZ = 16_000
HOP: Samples = 512
"""The pipeline's step, 32 ms: one window of the Silero detector (256 samples at 8 kHz, 512 at 16 kHz)."""
HOP_S = HOP / RATE_HZ


def samples(seconds: float) -> Samples:
    """Convert seconds to the nearest sample."""
    return round(seconds * RATE_HZ)


def seconds(length: Samples) -> float:
    """Convert samples to seconds, rounded to a millisecond so that every edge prints the same digits."""
    return round(length / RATE_HZ, 3)


def clock(at: Samples) -> str:
    """Write a time as people say it.

    >>> clock(16_000 * 72)
    '1:12'
    >>> clock(16_000 * 3_700)
    '1:01:40'
    """
    whole_s = at // RATE_HZ
    minutes, second = divmod(whole_s, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the call, `start` included, `end` excluded, both in samples at 16 kHz."""

    start: Samples
    end: Samples

    def __post_init__(self) -> None:
        """Refuse a stretch that ends before it starts."""
        if self.end < self.start:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")

    @property
    def length(self) -> Samples:
        """How long it lasts, in samples."""
        return self.end - self.start

    def overlap(self, other: Span) -> Samples:
        """How long both last together, in samples.

        >>> Span(0, 10).overlap(Span(8, 20))
        2
        >>> Span(0, 10).overlap(Span(10, 20))
        0
        """
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def shared(self, other: Span) -> Span | None:
        """The stretch both have in common, or None where they only touch.

        >>> Span(0, 10).shared(Span(8, 20))
        Span(start=8, end=10)
        """
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None
