"""What a live call is heard from: a capture of devices, and whatever else can deliver both legs in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from voicecare.types import AudioBlock, Health


class LiveSource(Protocol):
    """Both legs, live: iterate for hops and for what is to be said about them, in order; ends after `stop`."""

    @property
    def names(self) -> tuple[str, ...]:
        """What is heard, for the record: one name for each leg, or one for both; "" while not known."""
        ...

    def __iter__(self) -> Iterator[AudioBlock | Health]: ...

    def stop(self) -> None:
        """End the call; may be called from any thread."""
        ...
