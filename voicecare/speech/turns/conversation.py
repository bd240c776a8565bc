"""Who speaks when, and what that means between the two: voice activity, utterances, turns and the floor, in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from voicecare.config import TurnConfig, VadConfig
from voicecare.speech.activity.vad import Onset, VoiceActivity
from voicecare.speech.turns.floor import Floor
from voicecare.speech.turns.turns import Turns
from voicecare.speech.turns.utterances import Utterance, Utterances
from voicecare.timebase import HOP, Samples, Span, samples
from voicecare.types import PARTIES, Party, Segment, TurnEvent


@dataclass(frozen=True, slots=True)
class Step:
    """What one hop of the conversation brought.

    events: to be told. closed: the utterances that ended, for those who wait for whole ones.
    """

    events: tuple[Segment | TurnEvent, ...]
    closed: tuple[Utterance, ...]


class Conversation:
    """Follows a two-party conversation hop by hop."""

    def __init__(self, vad: VadConfig, turns: TurnConfig) -> None:
        ids = count(1)
        self._vad = VoiceActivity(vad)
        self._utterances = Utterances(samples(turns.merge_gap_s))
        self._turns = Turns(turns, ids)
        self._floor = Floor(turns, ids)

    def speaking(self, party: Party) -> bool:
        """Whether the last hop of a party was speech."""
        return self._vad.speaking(party)

    def open(self, party: Party) -> Utterance | None:
        """The party's utterance that may still go on."""
        return self._utterances.open(party)

    def push(
        self,
        start: Samples,
        probabilities: tuple[float, float],
        edges: tuple[Sequence[bool | None], Sequence[bool | None]] | None = None,
    ) -> Step:
        """Take the hop that starts at `start`: P(speech) of agent and caller, and an edge detector's frames."""
        now = start + HOP
        events = self._speech(self._vad.push(start, probabilities, edges), now)
        for party in PARTIES:
            reach = self._vad.reach(party)
            if reach is not None:
                self._utterances.extend(party, reach)
        return self._settle(events, self._vad.settled, now)

    def wait(self, since: Samples, now: Samples) -> list[TurnEvent]:
        """One party has been waiting on hold since then; to be told after every hop of it."""
        return self._floor.wait(since, now)

    def acknowledge_only(self, by: Party, span: Span, now: Samples) -> list[TurnEvent]:
        """The words of `span` are acknowledgements only."""
        return self._turns.acknowledge_only(by, span, now)

    def finish(self, end: Samples) -> Step:
        """End the call: every utterance closes and every open event is told how it ended."""
        events = self._speech(self._vad.finish(), end)
        # Far enough ahead that no silence can be an inner one any more.
        step = self._settle(events, end + samples(3600.0), end)
        return Step((*step.events, *self._floor.finish(end)), step.closed)

    def _speech(self, said: Sequence[Onset | Segment], now: Samples) -> list[Segment | TurnEvent]:
        fresh: list[Utterance] = []
        for one in said:
            if isinstance(one, Segment):
                self._utterances.extend(one.channel, one.span.end)
                continue
            started = self._utterances.begin(one.channel, one.start)
            if started is not None:
                fresh.append(started)
        fresh.sort(key=lambda utterance: utterance.start)
        self._turns.begin(fresh, self._utterances)
        return [*(one for one in said if isinstance(one, Segment)), *self._floor.begin(fresh, now)]

    def _settle(self, events: list[Segment | TurnEvent], settled: Samples, now: Samples) -> Step:
        closed = self._utterances.settle(settled)
        events += self._turns.push(now)
        if settled <= now:
            events += self._floor.push(self._utterances, settled, now)
        return Step(tuple(events), tuple(closed))
