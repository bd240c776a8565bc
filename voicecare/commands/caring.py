"""Hands a call on to care: what care may see of it, and the lines of fact that `voicecare explain` backs."""

from __future__ import annotations

from collections.abc import Iterator

from voicecare.care.cards import Fact
from voicecare.care.seen import CallSeen, seen
from voicecare.explain.account import account
from voicecare.report.rows import of_type, settled
from voicecare.report.strain import strain_numbers
from voicecare.session import Session, recorded_config
from voicecare.timebase import Samples, samples, seconds
from voicecare.types import Cue, TurnEvent

MOST = 4
"""Moments looked into; each costs a look through the call."""
JUST_BEFORE: Samples = samples(0.1)


def call_seen(session: Session) -> CallSeen:
    """What care may see of a call."""
    return seen(session.events, session.end, recorded_config(session.header.config).cues)


def facts(session: Session, name: str = "") -> tuple[Fact, ...]:
    """Lines of fact about a call, the kindest first, each backed by a line of `explain`; others are left out.

    name: of the session, if it was kept, so that a page can lead to it.
    """
    backed: list[Fact] = []
    for fact, asked_at in _candidates(session, name):
        if len(backed) == MOST:
            break
        lines = {line.code for section in account(session, asked_at) for line in section.lines}
        if fact.backed_by in lines:
            backed.append(fact)
    return tuple(backed)


def _candidates(session: Session, name: str) -> Iterator[tuple[Fact, Samples]]:
    """Facts that may be told, each with the moment `explain` must be asked about."""
    rises = strain_numbers(session.events, recorded_config(session.header.config)).rises or ()
    for rise in rises:
        if rise.eased_s is not None and rise.eased_after_s is not None:
            after_s = rise.eased_s - rise.eased_after_s
            fact = Fact("eased_after_acknowledgement", rise.eased_s, "answered", after_s, name)
            yield fact, samples(rise.eased_s) - JUST_BEFORE
    for cue in of_type(settled(session.events), Cue):
        if cue.kind == "slow_down" and cue.shown and cue.cleared_by == "heeded" and cue.cleared_at is not None:
            yield Fact("gave_floor", seconds(cue.cleared_at), "went_heeded", None, name), cue.at
    for rise in rises:
        if rise.eased_s is None:
            yield Fact("stayed_up", rise.peak_s, "episode", None, name), samples(rise.peak_s)
        elif rise.eased_after_s is None:
            yield Fact("eased", rise.eased_s, "at_ease", None, name), samples(rise.eased_s)
    for turn in of_type(settled(session.events), TurnEvent):
        if turn.kind == "interruption" and turn.by == "agent":
            yield Fact("spoke_over", seconds(turn.span.start), "it_was_interruption", None, name), turn.span.start
