"""What happened between the parties of a call whose speech is known, by the definitions of docs/events.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from voicecare.types import PARTIES, Party

Spans: TypeAlias = Sequence[tuple[float, float]]
Legs: TypeAlias = Mapping[Party, Spans]
"""Speech of both parties, in seconds."""
Kind: TypeAlias = Literal["dual_start", "backchannel", "early_reply", "interruption"]

MERGE_GAP_S, DUAL_START_S, BACKCHANNEL_S, EARLY_REPLY_S, HELD_FLOOR_S = 0.5, 0.25, 1.0, 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Said:
    """An event between the parties: start of the second speaker, and when it was known (None: after the call)."""

    kind: str
    by: Party
    start_s: float
    decided_s: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a system made of one call: its speech, its overlap in seconds, its events."""

    legs: Legs
    overlap_s: float
    events: tuple[Said, ...]


def utterances(spans: Spans) -> list[tuple[float, float]]:
    """Speech with inner silences shorter than half a second."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < MERGE_GAP_S:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def reference(legs: Legs) -> list[Said]:
    """What happened between the parties, by definition."""
    events: list[Said] = []
    for by, across in (PARTIES, PARTIES[::-1]):
        for b_start, b_end in utterances(legs[by]):
            for a_start, a_end in utterances(legs[across]):
                if a_start <= b_start < a_end:
                    events.append(Said(kind(a_start, a_end, b_start, b_end), by, b_start))
    return sorted(events, key=lambda event: event.start_s)


def kind(a_start: float, a_end: float, b_start: float, b_end: float) -> Kind:
    """What an utterance B is that starts inside an utterance A of the other."""
    if b_start - a_start < DUAL_START_S:
        return "dual_start"
    if b_end <= a_end and b_end - b_start <= BACKCHANNEL_S:
        return "backchannel"
    if a_end - b_start <= EARLY_REPLY_S:
        return "early_reply"
    return "interruption" if b_start - a_start >= HELD_FLOOR_S else "dual_start"


def overlap_s(legs: Legs) -> float:
    """How long both parties' utterances last together."""
    return sum(
        max(0.0, min(b, d) - max(a, c)) for a, b in utterances(legs["agent"]) for c, d in utterances(legs["caller"])
    )
