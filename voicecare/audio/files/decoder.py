"""What every decoder of recordings offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from voicecare.types import Floats

BLOCK_S = 0.5
"""How much is decoded at a time: long enough that the cost a block has beside its samples vanishes."""


LEAST_BYTES_PER_S = 10
"""No coding of speech takes less, not even of silence (FLAC of 8 kHz: 27; Opus that stops sending: 30)."""
LONGEST_S = 86_400.0


def longest_s(size_bytes: int) -> float:
    """How long the sound of a file of so many bytes can be: beyond it its header lies, or hours of nothing unfold."""
    return min(LONGEST_S, 60.0 + size_bytes / LEAST_BYTES_PER_S)


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something about a file its user should know, as a code of docs/events.md with what its words need.

    truncated: sound is missing at the end of the file.
    """

    code: str
    truncated: bool = False
    details: dict[str, str | float] = field(default_factory=dict, hash=False)


def cut_short(missing_s: float) -> Flaw:
    """Say that the last seconds a header states are not there."""
    return Flaw("cut_short", truncated=True, details={"missing_s": round(missing_s, 3)})


class Decoder(Protocol):
    """One file, decoded as often as it is iterated.

    frames: samples per channel as the file states them; None where it does not, or only guesses.
    start_s: when its sound begins on the clock of its container, 0 or more; 0 where a container has none.
    codec: container and coding in words. flaw: what was wrong with the file, known once it was iterated to its end.
    """

    path: Path
    channels: int
    rate_hz: int
    frames: int | None
    start_s: float
    codec: str
    flaw: Flaw | None

    def __iter__(self) -> Iterator[Floats]:
        """Yield float32 blocks of shape (n, channels), full scale ±1, n > 0."""
        ...
