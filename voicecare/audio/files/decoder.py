"""What every decoder of recordings offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
    """Something about a file its user should know; `truncated` where sound is missing at its end."""

    note: str
    truncated: bool = False


class Decoder(Protocol):
    """One file, decoded as often as it is iterated.

    frames: samples per channel as the file states them; None where it does not, or only guesses.
    codec: container and coding in words. flaw: what was wrong with the file, known once it was iterated to its end.
    """

    path: Path
    channels: int
    rate_hz: int
    frames: int | None
    codec: str
    flaw: Flaw | None

    def __iter__(self) -> Iterator[Floats]:
        """Yield float32 blocks of shape (n, channels), full scale ±1, n > 0."""
        ...
