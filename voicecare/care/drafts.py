"""What a card would say, before there is room for it: each kind with its answers and how long it may stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voicecare.care.cards import SKIP, CardKind, Fact, Value
from voicecare.care.helps import ITEMS
from voicecare.care.level import ANSWERS
from voicecare.care.recovery import Recovery
from voicecare.care.rest import MINUTES
from voicecare.care.seen import CueSeen
from voicecare.care.thanks import Thanks
from voicecare.timebase import clock, samples

OFFER_S, MOMENT_S, THANKS_S, LINE_S, ASK_S, READY_S = 60.0, 20.0, 20.0, 12.0, 20.0, 60.0
"""How long each stands if nobody answers; then it goes by itself, and that leaves no record."""
CHECK_IN_S = 30.0
NOTE = 140
INTENTIONS = ("breathe_out", "let_finish", "say_it_back")
"""If-then plans to pick from, in the texts' [intention]; or the agent's own words."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A card without its place in time. row: of the diary, where an answer changes one."""

    kind: CardKind
    lasts_s: float
    choices: tuple[str, ...]
    names: Mapping[str, Value] = field(default_factory=dict)
    text_of: int = 0
    row: int = 0


def welcome() -> Draft:
    """The first question, put once: what of care may be on."""
    return Draft("welcome", ASK_S * 6, ("all", "breaks", "none"))


def check_in() -> Draft:
    """Before the shift: an if-then intention, picked or written; or recall one caller who was helped."""
    return Draft("check_in", CHECK_IN_S, (*INTENTIONS, "own", "recall", SKIP), text_of=NOTE)


def offer(intention: str, *, can_breathe: bool) -> Draft:
    """A break, after a hard call; the shift's intention is said again with the first one."""
    choices = (*map(str, MINUTES), *(("breathe",) if can_breathe else ()), "not_now")
    return Draft("offer", OFFER_S, choices, {"intention": intention} if intention else {})


def on_break(minutes: int) -> Draft:
    """The break is on; nothing counts down."""
    return Draft("break", minutes * 60.0, ("back",), {"minutes": minutes})


def ready() -> Draft:
    """The break is over, whenever the agent is ready."""
    return Draft("ready", READY_S, ("fine",))


def thanks(said: Thanks, row: int) -> Draft:
    """The caller's thanks, word for word; row: 0 where they are not kept yet."""
    return Draft("thanks", THANKS_S, ("fine", "remove") if row else ("keep", SKIP), {"text": said.text}, row=row)


def recovered(found: Recovery) -> Draft:
    """One quiet line."""
    return Draft("recovery", LINE_S, ("fine",), {"calm_s": round(found.calm_s)})


def about_cue(cue: CueSeen) -> Draft:
    """Did this cue help?"""
    names: dict[str, Value] = {"cue": cue.kind, "about": cue.about, "at": clock(samples(cue.at_s))}
    return Draft("cues", ASK_S, (*ANSWERS, SKIP), names)


def moment(fact: Fact) -> Draft:
    """One line of fact, two taps, and a line of one's own if one likes."""
    names: dict[str, Value] = {"fact": fact.code, "at": clock(samples(fact.at_s)), "backed_by": fact.backed_by}
    names |= {} if fact.value_s is None else {"value_s": round(fact.value_s)}
    names |= {"call": fact.call} if fact.call else {}
    return Draft("moment", MOMENT_S, ("well", "differently", SKIP), names, NOTE)


def intention_kept(text: str, row: int) -> Draft:
    """At the shift's end: did the moment for the intention come?"""
    return Draft("intention_kept", ASK_S, ("yes", "no", "no_chance", SKIP), {"intention": text}, row=row)


def weekly() -> list[Draft]:
    """The three items of the weekly question."""
    return [Draft("weekly", ASK_S * 2, ("w1", "w2", "w3", "w4", "w5", SKIP), {"item": item}) for item in ITEMS]
