"""Is this the same call? Compares when people spoke, so that another call's file is not taken for a bad result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from voicecare.report.annotation import TOLERANCE_S, Annotated, Mark, marks
from voicecare.report.rows import common, spoken, total, union
from voicecare.session import Session
from voicecare.timebase import RATE_HZ, Samples, Span, clock, samples
from voicecare.types import PARTIES, Party

Legs = Mapping[Party, Sequence[Span]]

SAME = 0.5
"""Speech shared beyond chance: a corrected or thinned-out file of the same call lies near 1, another call near 0."""
LEAST_S = 2.0
"""With less room than this between chance and certainty nothing can be told."""
LENGTHS_AGREE_S = 1.0
FEW = 3
"""With fewer marks than this on either side, that none agree proves nothing."""


def speech_in_common(these: Legs, those: Legs, length: Samples) -> float | None:
    """How much of the speech two records share beyond what chance would give, both legs together.

    1 where one holds the other, 0 where they have no more in common than two strangers, below 0 where they avoid each
    other; None where too little is spoken, or too much, to tell. these, those: each party's spans within 0 to `length`.
    """
    shared = room = 0.0
    for party in PARTIES:
        mine, other = union(these[party]), union(those[party])
        chance = total(mine) * total(other) / length if length else 0.0
        shared += total(common(mine, other)) - chance
        room += min(total(mine), total(other)) - chance
    return shared / room if room >= LEAST_S * RATE_HZ else None


def why_another_call(session: Session, file: Annotated) -> str | None:
    """What shows that an annotation file is of another call than a session, in words; None where nothing does.

    Speech decides where the file has any; else the length it states, and whether any mark lies near an event.
    """
    speech = spoken(session.events)
    legs: Legs = {party: speech[party] for party in PARTIES}
    length = max([session.end, *(span.end for spans in file.speech.values() for span in spans)])
    alike = speech_in_common(legs, file.speech, length)
    if alike is not None:
        return None if alike >= SAME else "its speech lies elsewhere"
    if file.end is not None and file.end > session.end + samples(LENGTHS_AGREE_S):
        return f"it is {clock(file.end)} long and the session {clock(session.end)}"
    if file.marks and 2 * sum(mark.at > session.end for mark in file.marks) > len(file.marks):
        return f"most of its marks lie after {clock(session.end)}, where the session ends"
    told = marks(session)
    if min(len(told), len(file.marks)) >= FEW and not _any_near(told, file.marks):
        return "none of its marks lies near an event of the session"
    return None


def _any_near(told: Sequence[Mark], corrected: Sequence[Mark]) -> bool:
    return any(abs(a.at - b.at) <= samples(TOLERANCE_S) for a in told for b in corrected)
