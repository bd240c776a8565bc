"""What a live call is heard from: a capture of devices, and whatever else can deliver both legs in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeAlias

from voicecare.types import AudioBlock, CallPhase, Health

Item: TypeAlias = AudioBlock | Health | CallPhase
"""What a source gives: a hop, what is to be said of the hops, what the telephone does."""


class LiveSource(Protocol):
    """Both legs, live: iterate for hops and for what is to be said about them, in order; ends after `stop`.

    A source that knows when a call runs says so: hops follow a `CallPhase` "talk" and end with an "ended". Of one that
    does not every hop belongs to a call.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """What is heard, for the record: one name for each leg, or one for both; "" while not known."""
        ...

    def __iter__(self) -> Iterator[Item]: ...

    def stop(self) -> None:
        """End the call; may be called from any thread."""
        ...
