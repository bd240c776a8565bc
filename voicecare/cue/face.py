"""What shows a live call: the window, or the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voicecare.timebase import Samples
from voicecare.types import Event


class Face(Protocol):
    """Where a live call is shown; `begin`, `push` and `beat` are called in the engine's thread."""

    def begin(self) -> None:
        """A call begins: nothing shown of the last one stands."""
        ...

    def push(self, event: Event) -> None:
        """Take an event."""
        ...

    def beat(self, at: Samples) -> None:
        """The call has been heard to `at`."""
        ...

    def run(self, work: Callable[[], None]) -> None:
        """Do `work` in a thread of its own and show what happens until it is done."""
        ...
