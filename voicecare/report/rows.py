"""What a session says of each thing in the end: one row per turn and cue, however often it was told."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import TypeVar

from voicecare.timebase import Samples, Span
from voicecare.types import Cue, Event, Heard, Segment, TurnEvent

E = TypeVar("E")


def settled(events: Iterable[Event]) -> tuple[Event, ...]:
    """Keep one event per turn and cue: the last said, known since the first was said, at the first's place.

    A turn is said when it is decided and again when its end is known; a cue when it shows and again when it clears.
    """
    rows: dict[object, Event] = {}
    for number, event in enumerate(events):
        key = (type(event), event.id) if isinstance(event, TurnEvent | Cue) else number
        first = rows.get(key)
        if isinstance(event, TurnEvent) and isinstance(first, TurnEvent):
            rows[key] = dataclasses.replace(event, decided_at=first.decided_at)
        elif isinstance(event, Cue) and isinstance(first, Cue):
            rows[key] = dataclasses.replace(event, at=first.at, because=event.because or first.because)
        else:
            rows[key] = event
    return tuple(rows.values())


def of_type(events: Iterable[Event], kind: type[E]) -> list[E]:
    """Pick the events of one type, in order."""
    return [event for event in events if isinstance(event, kind)]


def spoken(events: Iterable[Event]) -> dict[str, list[Span]]:
    """Give each party's speech as disjoint spans in time order."""
    segments = of_type(events, Segment)
    return {who: union(s.span for s in segments if s.channel == who) for who in ("agent", "caller")}


def words(events: Iterable[Event], party: str) -> list[tuple[Span, str]]:
    """The words a party said, in time order, none over another: what begins before the last one ended begins then."""
    said = sorted((w.span, w.text) for h in of_type(events, Heard) if h.final and h.channel == party for w in h.words)
    apart: list[tuple[Span, str]] = []
    reached = 0
    for span, text in said:
        start = max(span.start, reached)
        if span.end > start and text.strip():
            apart.append((Span(start, span.end), " ".join(text.split())))
            reached = span.end
    return apart


def union(spans: Iterable[Span]) -> list[Span]:
    """Join spans that touch or overlap.

    >>> union([Span(8, 20), Span(0, 10), Span(30, 31)])
    [Span(start=0, end=20), Span(start=30, end=31)]
    """
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        elif span.length:
            joined.append(span)
    return joined


def total(spans: Iterable[Span]) -> Samples:
    """Add up the lengths of spans."""
    return sum(span.length for span in spans)


def common(these: Sequence[Span], those: Sequence[Span]) -> list[Span]:
    """Intersect two lists of disjoint spans in time order, in one pass.

    >>> common([Span(0, 10), Span(20, 30)], [Span(5, 25)])
    [Span(start=5, end=10), Span(start=20, end=25)]
    """
    shared: list[Span] = []
    i = j = 0
    while i < len(these) and j < len(those):
        both = these[i].shared(those[j])
        if both is not None:
            shared.append(both)
        if these[i].end <= those[j].end:
            i += 1
        else:
            j += 1
    return shared
