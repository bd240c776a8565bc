"""Who holds the floor, and nobody: response gaps, long silences and monologues. Neutral events, always reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from voicecare.config import TurnConfig
from voicecare.speech.turns.utterances import Utterance, Utterances
from voicecare.timebase import Samples, Span, samples
from voicecare.types import PARTIES, Party, TurnEvent, other


@dataclass(slots=True, eq=False)
class _Reply:
    """An utterance that may answer the other party's; `own` is what its speaker had said before."""

    own: Utterance | None
    before: Utterance
    reply: Utterance


class Floor:
    """Emits `response_gap`, `long_silence` and `monologue`.

    A party holds the floor once an utterance of theirs is longer than a backchannel.
    ids: numbers the events, shared with the other stages that emit turn events.
    """

    def __init__(self, config: TurnConfig, ids: Iterator[int]) -> None:
        self._ids = ids
        self._holding = samples(config.backchannel_s)
        self._long_silence = samples(config.long_silence_s)
        self._monologue_length = samples(config.monologue_s)
        self._replies: list[_Reply] = []
        self._last: dict[Party, Utterance | None] = {"agent": None, "caller": None}
        self._quiet_since: Samples = 0
        self._silence: TurnEvent | None = None
        self._waits_since: Samples | None = None
        self._turn_since: dict[Party, Samples | None] = {"agent": None, "caller": None}
        self._monologue: dict[Party, TurnEvent | None] = {"agent": None, "caller": None}

    def begin(self, started: Sequence[Utterance], now: Samples) -> list[TurnEvent]:
        """Take the utterances that start in this hop, earliest first; of two, only the first can be a reply."""
        if not started:
            return []
        first = started[0]
        before = self._last[other(first.by)]
        at_once = len(started) > 1 and started[1].start == first.start
        if before is not None and not at_once:
            self._replies.append(_Reply(self._last[first.by], before, first))
        for utterance in started:
            self._last[utterance.by] = utterance
        return self._end_silence(first.start, now)

    def push(self, utterances: Utterances, settled: Samples, now: Samples) -> list[TurnEvent]:
        """Say what has become certain; to be asked after every hop."""
        return [
            *self._response_gaps(now),
            *self._silences(utterances, settled, now),
            *self._monologues(utterances, now),
        ]

    def wait(self, since: Samples, now: Samples) -> list[TurnEvent]:
        """One party waits on hold: what happens across that is neither a silence, a reply nor a monologue.

        since: when the waiting began; to be told after every hop of it.
        """
        self._quiet_since = max(self._quiet_since, now)
        if self._waits_since == since:
            return []
        self._waits_since = since
        self._replies = []
        self._last = {"agent": None, "caller": None}
        events = self._end_silence(since, now)
        for party in PARTIES:
            events += self._end_monologue(party)
            self._turn_since[party] = None
        return events

    def finish(self, end: Samples) -> list[TurnEvent]:
        """Close what is open at the end of the call."""
        events = self._end_silence(end, end)
        for party in PARTIES:
            events += self._end_monologue(party)
        return events

    def _response_gaps(self, now: Samples) -> list[TurnEvent]:
        events, waiting = [], []
        for pair in self._replies:
            own_end = -1 if pair.own is None else pair.own.reach
            if pair.before.reach > pair.reply.start or (pair.before.closed and own_end > pair.before.reach):
                continue
            if pair.before.closed:
                gap = Span(pair.before.reach, pair.reply.start)
                events.append(TurnEvent(next(self._ids), "response_gap", pair.reply.by, gap, now))
            else:
                waiting.append(pair)
        self._replies = waiting
        return events

    def _silences(self, utterances: Utterances, settled: Samples, now: Samples) -> list[TurnEvent]:
        for party in PARTIES:
            latest = utterances.latest(party)
            if latest is not None:
                self._quiet_since = max(self._quiet_since, latest.reach)
        if self._silence is None and settled - self._quiet_since >= self._long_silence:
            span = Span(self._quiet_since, settled)
            self._silence = TurnEvent(next(self._ids), "long_silence", None, span, now, closed=False)
            return [self._silence]
        return []

    def _end_silence(self, end: Samples, now: Samples) -> list[TurnEvent]:
        if self._silence is None:
            return []
        span = Span(self._silence.span.start, max(self._silence.span.start, min(end, now)))
        event = replace(self._silence, span=span, closed=True)
        self._silence = None
        return [event]

    def _monologues(self, utterances: Utterances, now: Samples) -> list[TurnEvent]:
        events: list[TurnEvent] = []
        for party in PARTIES:
            utterance = utterances.latest(party)
            if utterance is None or utterance.closed or utterance.length <= self._holding:
                continue
            events += self._end_monologue(other(party))
            self._turn_since[other(party)] = None
            since = self._turn_since[party]
            if since is None:
                since = self._turn_since[party] = utterance.start
            span = Span(since, utterance.reach)
            standing = self._monologue[party]
            if standing is not None:
                self._monologue[party] = replace(standing, span=span)
            elif span.length >= self._monologue_length:
                opened = TurnEvent(next(self._ids), "monologue", party, span, now, closed=False)
                self._monologue[party] = opened
                events.append(opened)
        return events

    def _end_monologue(self, party: Party) -> list[TurnEvent]:
        standing = self._monologue[party]
        self._monologue[party] = None
        return [] if standing is None else [replace(standing, closed=True)]
