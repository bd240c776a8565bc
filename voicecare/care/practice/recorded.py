"""A recorded caller: the turns of a recording, each waiting for the agent's, or all of it straight through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from voicecare.care.practice.script import Act, AgentsTurn, End, Pause, Resume, Say
from voicecare.timebase import Samples, Span, samples
from voicecare.types import Party

TURN_S = 1.0
"""What the recorded agent said between, and took no longer than this, was no turn: an "mm-hm"."""
WAITS_S = 10.0
"""A recorded caller cannot ask whether anybody is there; after so long they go on."""
PARTING_S = 3.0


def turns(segments: Iterable[tuple[Party, Span]]) -> tuple[list[Span], bool]:
    """The caller's turns of a recording, and whether the agent began it."""
    found: list[Span] = []
    agents: Samples = 0
    first: Party | None = None
    for party, span in sorted(segments, key=lambda segment: segment[1].start):
        first = first or party
        if party == "agent":
            agents += span.length
        elif found and agents < samples(TURN_S):
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
            agents = 0
        else:
            found.append(span)
            agents = 0
    return found, first == "agent"


class TurnByTurn:
    """Says one turn after the other, each when the agent's is over; pauses where the agent speaks over it.

    lines: the names of the turns, in order. agent_first: the agent greets. It is a `Script`.
    """

    def __init__(self, lines: Sequence[str], *, agent_first: bool) -> None:
        self._lines = list(lines)
        self._turn = AgentsTurn(words=False)
        self._waits = agent_first
        self._paused = self._speaks = False

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, playing: bool) -> list[Act]:
        """Let time pass."""
        if playing and not self._paused:
            self._speaks = True
            return []
        if self._speaks:
            self._speaks = False
            self._turn.begin(now)
            if self._paused:
                self._turn.took(now)
        self._turn.hop(now, length, agent_speaks=agent_speaks)
        patience_s = WAITS_S if self._lines or self._paused else PARTING_S
        waited = self._turn.over(now) or self._turn.silent(now) >= samples(patience_s)
        if self._waits and not waited:
            return []
        self._waits = True
        if self._paused:
            self._paused = False
            return [Resume()]
        if not self._lines:
            return [End()]
        self._turn.begin(now)
        return [Say((self._lines.pop(0),))]

    def acknowledged(self, at: Samples) -> None:
        """Nothing: what was recorded is said."""

    def interrupted(self, at: Samples) -> list[Act]:  # noqa: ARG002 - the Script Protocol
        """Pause while the agent speaks."""
        if not self._speaks:
            return []
        self._paused = True
        return [Pause()]

    def understood(self, upto: Samples) -> None:
        """Nothing."""


class Straight:
    """Says all of it in its own time, whatever the agent does. It is a `Script`."""

    def __init__(self, line: str) -> None:
        self._line: str | None = line
        self._ended: Samples | None = None

    def hop(self, now: Samples, length: Samples, *, agent_speaks: bool, playing: bool) -> list[Act]:  # noqa: ARG002 - the Script Protocol
        """Let time pass."""
        if self._line is not None:
            line, self._line = self._line, None
            self._ended = now
            return [Say((line,))]
        if playing or self._ended is None:
            self._ended = now
        return [End()] if now - self._ended >= samples(PARTING_S) else []

    def acknowledged(self, at: Samples) -> None:
        """Nothing."""

    def interrupted(self, at: Samples) -> list[Act]:  # noqa: ARG002 - the Script Protocol
        """Nothing."""
        return []

    def understood(self, upto: Samples) -> None:
        """Nothing."""
