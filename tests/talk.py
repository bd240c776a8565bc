"""Scripted talk for tests: who speaks when, written as people would, e.g. talk(agent="0-3 4-6", caller="2.1-2.5")."""

from __future__ import annotations

from itertools import count

from voicecare.config import TurnConfig
from voicecare.speech.turns.floor import Floor
from voicecare.speech.turns.turns import Turns
from voicecare.speech.turns.utterances import Utterances
from voicecare.timebase import HOP, RATE_HZ, Samples, Span, samples
from voicecare.types import PARTIES, Party, TurnEvent

EXACT = TurnConfig(length_error_s=0.0, start_error_s=0.0)
"""Scripted speech is known to the sample, so the definitions hold to the sample."""

Talk = dict[Party, list[Span]]


def spans(text: str) -> list[Span]:
    """Read "0-3 4.5-6" as stretches in seconds."""
    pairs = (piece.split("-") for piece in text.split())
    return [Span(samples(float(a)), samples(float(b))) for a, b in pairs]


def talk(agent: str = "", caller: str = "") -> Talk:
    """Both parties' speech."""
    return {"agent": spans(agent), "caller": spans(caller)}


def turn_events(speech: Talk, config: TurnConfig | None = None, end: Samples | None = None) -> list[TurnEvent]:
    """Stream perfect voice activity through the turn stages, hop by hop; every saying of every event, in order."""
    config = config or EXACT
    ids = count(1)
    utterances, turns, floor = Utterances(samples(config.merge_gap_s)), Turns(config, ids), Floor(config, ids)
    last = max([s.end for party in PARTIES for s in speech[party]], default=0)
    end = last + RATE_HZ if end is None else end
    events: list[TurnEvent] = []
    for start in range(0, end, HOP):
        now = start + HOP
        started = []
        for party in PARTIES:
            for span in speech[party]:
                if start <= span.start < now:
                    fresh = utterances.begin(party, span.start)
                    if fresh:
                        started.append(fresh)
                if span.start < now and span.end > start:
                    utterances.extend(party, min(span.end, now))
        started.sort(key=lambda utterance: utterance.start)
        turns.begin(started, utterances)
        events += floor.begin(started, now)
        utterances.settle(now)
        events += turns.push(now)
        events += floor.push(utterances, now, now)
    utterances.settle(end + 10 * RATE_HZ)
    return [*events, *turns.push(end), *floor.finish(end)]


def last_sayings(events: list[TurnEvent]) -> list[TurnEvent]:
    """One event an id, as it was said last."""
    return list({event.id: event for event in events}.values())


def kinds(events: list[TurnEvent], *wanted: str) -> list[tuple[str, str | None, float]]:
    """(kind, by, start in seconds) of the last sayings, in order of start."""
    chosen = [e for e in last_sayings(events) if not wanted or e.kind in wanted]
    return sorted((e.kind, e.by, e.span.start / RATE_HZ) for e in chosen)
