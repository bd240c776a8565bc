"""What a caller to practise with does next: told of time and turns, it says what is to be played."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from voicecare.timebase import Samples, samples


@dataclass(frozen=True, slots=True)
class Say:
    """Play these lines, one after the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hush:
    """Fall silent: what is left is not said any more."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Fall silent for now."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on where `Pause` stopped."""


@dataclass(frozen=True, slots=True)
class End:
    """The call is over."""


Act: TypeAlias = Say | Hush | Pause | Resume | End


class Script(Protocol):
    """A caller. Everything is told in the order of time, in samples of the call."""

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, playing: bool) -> list[Act]:
        """Let time pass: `length` samples that end at `now`. playing: the caller is still speaking."""
        ...

    def acknowledged(self, at: Samples) -> None:
        """The agent acknowledged."""
        ...

    def interrupted(self, at: Samples) -> list[Act]:
        """The agent spoke over the caller, from `at` on."""
        ...

    def understood(self, upto: Samples) -> None:
        """What the agent said before `upto` is known, acknowledgements and all."""
        ...


SPOKE_S = 0.4
"""A shorter sound is a cough or an "mm-hm"; the floor is still the agent's."""
QUIET_S = 0.9
"""An agent who paused for so long has ended; inner pauses of sentences are mostly shorter."""
UNDERSTOOD_S = 2.8
"""Words come some 2.1 s after they were said (0.5 s to know that they ended, 1.5 s to be recognised); who waits for
them waits no longer than this."""
EDGE_S = 0.6
"""Words are known to the end of a turn if they are to within this of it: edges of speech are seen in two ways."""


class AgentsTurn:
    """Whether the agent has had a turn and ended it, and how long nobody has said anything.

    words: whether the agent's words are waited for.
    """

    def __init__(self, *, words: bool) -> None:
        self._words = words
        self._known: Samples = 0
        self.begin(0)

    def begin(self, now: Samples) -> None:
        """The floor is the agent's from now on; what the agent is saying already counts."""
        self._spoken: Samples = 0
        self._ended: Samples | None = None
        self._since: Samples = now

    def took(self, now: Samples) -> None:
        """The agent took the floor, and is heard to have spoken until now."""
        self._spoken = samples(SPOKE_S)
        self._ended = now

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool) -> None:
        """Let time pass."""
        if agent_speaks:
            self._spoken += length
            self._ended = now

    def understood(self, upto: Samples) -> None:
        """What the agent said before `upto` is known."""
        self._known = max(self._known, upto)

    @property
    def ended(self) -> Samples | None:
        """When the agent last spoke in this turn."""
        return self._ended

    def over(self, now: Samples) -> bool:
        """Whether the agent spoke and has ended."""
        if self._ended is None or self._spoken < samples(SPOKE_S) or now - self._ended < samples(QUIET_S):
            return False
        known = not self._words or self._known >= self._ended - samples(EDGE_S)
        return known or now - self._ended >= samples(UNDERSTOOD_S)

    def silent(self, now: Samples) -> Samples:
        """How long the agent has said nothing in this turn."""
        return now - (self._since if self._ended is None else self._ended)
