"""A card of each kind, and calls as care sees them, for tests and pictures."""

from __future__ import annotations

from voicecare.care import drafts
from voicecare.care.cards import Card, Fact
from voicecare.care.recovery import Recovery
from voicecare.care.seen import CallSeen, CueSeen, StrainSeen
from voicecare.care.thanks import Thanks

NOON_S = 1_795_780_800.0  # a Friday in November 2026

DRAFTS = {
    "welcome": drafts.welcome(),
    "check_in": drafts.check_in(),
    "offer": drafts.offer("@say_it_back", can_breathe=True),
    "break": drafts.on_break(5),
    "ready": drafts.ready(),
    "thanks": drafts.thanks(Thanks(41.0, "Thank you for staying so calm with me, that really helped.", "en"), 0),
    "recovery": drafts.recovered(Recovery(20.0, 60.0, 74.0)),
    "cues": drafts.about_cue(CueSeen(1, "acknowledge", "strain", 72.0, "heeded")),
    "moment": drafts.moment(Fact("eased_after_acknowledgement", 143.0, "answered", 38.0)),
    "intention_kept": drafts.intention_kept("@let_finish", 1),
    "weekly": drafts.weekly()[0],
}
CARDS = {
    kind: Card(number, draft.kind, 0.0, draft.lasts_s, draft.names, draft.choices, draft.text_of)
    for number, (kind, draft) in enumerate(DRAFTS.items(), 1)
}


def strained_call(*, eased: bool, up_s: float = 80.0, thanks: tuple[Thanks, ...] = ()) -> CallSeen:
    """A call of 300 s whose caller is worked up from 60 s on, for `up_s`, or to the end."""
    until_s = 60.0 + up_s if eased else 300.0
    strain = tuple(StrainSeen(at_s, 0.85 if 60 <= at_s < until_s else 0.3) for at_s in range(10, 300, 2))
    cue = CueSeen(1, "acknowledge", "strain", 66.0, "heeded" if eased else "expired")
    return CallSeen(300.0, 0.62, 0.5, strain, thanks, (), (cue,))


def calm_call(thanks: tuple[Thanks, ...] = ()) -> CallSeen:
    """A call of 240 s in which nothing happens."""
    return CallSeen(240.0, 0.62, 0.5, tuple(StrainSeen(float(at_s), 0.3) for at_s in range(10, 240, 2)), thanks)
