"""Joins a party's speech into utterances: speech with inner silences shorter than half a second."""

from __future__ import annotations

from dataclasses import dataclass

from voicecare.timebase import Samples, Span
from voicecare.types import PARTIES, Party


@dataclass(slots=True, eq=False)
class Utterance:
    """One party's utterance, growing until it is closed.

    reach: the last sample known to be speech; the utterance's end once `closed`.
    """

    by: Party
    start: Samples
    reach: Samples
    closed: bool = False

    @property
    def span(self) -> Span:
        """What is known of it."""
        return Span(self.start, self.reach)

    @property
    def length(self) -> Samples:
        """How long it is known to be."""
        return self.reach - self.start


class Utterances:
    """Follows both parties' utterances while they are spoken.

    An utterance closes when the silence after it can no longer be an inner one: its end lies `merge_gap` before the
    moment up to which voice activity has made up its mind.
    """

    def __init__(self, merge_gap: Samples) -> None:
        self._merge_gap = merge_gap
        self._latest: dict[Party, Utterance | None] = {"agent": None, "caller": None}

    def latest(self, party: Party) -> Utterance | None:
        """The party's newest utterance, open or closed."""
        return self._latest[party]

    def open(self, party: Party) -> Utterance | None:
        """The party's utterance that may still go on."""
        utterance = self._latest[party]
        return utterance if utterance is not None and not utterance.closed else None

    def begin(self, party: Party, start: Samples) -> Utterance | None:
        """Speech of `party` starts; returns the utterance if it is a new one."""
        current = self._latest[party]
        if current is not None and not current.closed and start - current.reach < self._merge_gap:
            current.reach = max(current.reach, start)
            return None
        if current is not None:
            current.closed = True
        fresh = Utterance(party, start, start)
        self._latest[party] = fresh
        return fresh

    def extend(self, party: Party, reach: Samples) -> None:
        """Speech of `party` is known to last until `reach`."""
        current = self._latest[party]
        if current is not None and not current.closed:
            current.reach = max(current.reach, reach)

    def settle(self, settled: Samples) -> list[Utterance]:
        """Close what has ended, given that every start before `settled` is known; returns what closed just now."""
        closed = []
        for party in PARTIES:
            current = self.open(party)
            if current is not None and settled - current.reach >= self._merge_gap:
                current.closed = True
                closed.append(current)
        return closed
