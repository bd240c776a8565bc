"""How well voicecare itself heard a call: what was lost, which leg was silent, too quiet or too noisy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from voicecare.report.rows import of_type, spoken, total, union
from voicecare.session import Session
from voicecare.timebase import Samples, Span, samples, seconds
from voicecare.types import PARTIES, Health, Party, other

MOMENTARY = ("slept", "caller_objects", "no_words")
"""Notes of health events that say by themselves what happened, and have no end to wait for."""
TROUBLES = (
    "overflow",
    "recogniser_behind",
    "stage_failed",
    "silent_leg",
    "quiet_leg",
    "noisy_leg",
    "not_understood",
    "swapped_legs",
    *MOMENTARY,
)


Legs: TypeAlias = Literal["agent", "caller", "both"]
AT_ONCE_S = 1.0
"""A leg silent since this soon after the start of the call was silent from its start."""
LONG_S = 10.0
"""A leg without any sound for this long from the start of the call is told even where it came alive then."""


UNREAD = ("no_sentiment", "no_phrases", "no_redaction_rules")
"""What may step aside in a language."""


@dataclass(frozen=True, slots=True)
class Listening:
    """How well voicecare itself heard the call.

    lost_s: audio that never arrived, in `gaps` pieces. unheard: stretches voicecare did not listen to, in seconds,
    gaps included. silent_leg: whose leg was silent all along, so that nothing they did is known; quiet_leg, noisy_leg:
    whose leg was too quiet (heard throughout, or in scraps only) or too noisy to be judged by. silent_stretches: a leg,
    and from when to when it held no sound at all, at the start or the end of the call. truncated: the recording stops
    before the call did. mixed_leg: whose leg is a mix of both parties, so that who spoke there is not known.
    swapped_legs: the words suggest that the channels are the wrong way round.
    troubles: how often each of TROUBLES happened; a leg that found its voice again is none.
    language: the call's, chosen or noticed; None where it was not, as with an English-only model. unread: what is not
    read in it, of `UNREAD`.
    """

    gaps: int
    lost_s: float
    unheard: tuple[tuple[float, float], ...]
    truncated: bool
    leak: bool
    troubles: dict[str, int]
    language: str | None = None
    unread: tuple[str, ...] = ()
    silent_leg: Legs | None = None
    quiet_leg: Legs | None = None
    noisy_leg: Legs | None = None
    silent_stretches: tuple[tuple[Party, float, float], ...] = ()
    swapped_legs: bool = False
    mixed_leg: Legs | None = None

    def hears(self, party: Party) -> bool:
        """Whether anything a party said can be known."""
        return self.silent_leg not in (party, "both")


def listening(session: Session) -> Listening:
    """Sum up what the health events of a session say."""
    health = of_type(session.events, Health)
    gaps = [Span(h.at, h.at + max(0, h.amount)) for h in health if h.kind == "gap"]
    deaf: list[Span] = []
    since: dict[str, Health] = {}  # several things may keep voicecare from listening at once, each under its own note
    ended: list[tuple[Health, Samples]] = []
    for event in health:
        if event.kind == "listening":
            began = since.pop(event.note, None)
            if began is not None and began.kind == "not_listening":
                deaf.append(Span(began.at, max(began.at, event.at)))
            elif began is not None:
                ended.append((began, event.at))
        elif event.kind in ("not_listening", "silent_leg") and event.note not in MOMENTARY:
            since.setdefault(event.note, event)
    deaf += [Span(h.at, max(h.at, session.end)) for h in since.values() if h.kind == "not_listening"]
    standing = [h for h in since.values() if h.kind == "silent_leg"]
    counts = Counter(h.note if h.note in MOMENTARY else h.kind for h in health if h.kind != "listening")
    unheard, faint, stretches = _silences(standing, ended, session)
    counts["silent_leg"] = sum(faint.isdisjoint(legs_of(h)) for h in standing)
    counts["quiet_leg"] = max(counts["quiet_leg"], len(faint))
    return Listening(
        gaps=len(gaps),
        lost_s=seconds(total(gaps)),
        unheard=tuple((seconds(s.start), seconds(s.end)) for s in union([*gaps, *deaf])),
        truncated=counts["truncated"] > 0,
        leak=counts["leak"] > 0,
        troubles={code: counts[code] for code in TROUBLES if counts[code]},
        language=next((h.note for h in health if h.kind == "language"), None),
        unread=tuple(h.kind for h in health if h.kind in UNREAD),
        silent_leg=_legs(unheard),
        quiet_leg=_legs(faint.union(*(legs_of(h) for h in health if h.kind == "quiet_leg"))),
        noisy_leg=_legs(leg for h in health if h.kind == "noisy_leg" for leg in legs_of(h)),
        silent_stretches=stretches,
        swapped_legs=counts["swapped_legs"] > 0,
        mixed_leg=_legs(
            other(leg) for h in health if h.kind == "leak" and "mixed_db" in h.details for leg in legs_of(h)
        ),
    )


def legs_of(event: Health) -> tuple[Party, ...]:
    """Whose leg a health event is about: the first one its note names; nobody's where it names none."""
    named = re.search("|".join(PARTIES), event.note)
    return tuple(party for party in PARTIES if named is not None and party == named[0])


def _silences(
    standing: Sequence[Health], ended: Iterable[tuple[Health, Samples]], session: Session
) -> tuple[set[Party], set[Party], tuple[tuple[Party, float, float], ...]]:
    """The legs of which nothing was heard, those heard in scraps only, and when the others were silent."""
    speech = spoken(session.events)
    unheard: set[Party] = set()
    faint: set[Party] = set()
    stretches: set[tuple[Party, float, float]] = set()
    for event in standing:
        start = max(0, event.at - max(0, event.amount))
        for leg in legs_of(event):
            if not speech[leg]:
                unheard.add(leg)
            elif event.amount == 0:  # as loud as silence all along, and something was heard all the same
                faint.add(leg)
            elif start < session.end:
                stretches.add((leg, seconds(start), seconds(session.end)))
    for event, end in ended:
        start = max(0, event.at - max(0, event.amount))
        if start <= samples(AT_ONCE_S) and end - start >= samples(LONG_S):
            stretches |= {(leg, seconds(start), seconds(end)) for leg in legs_of(event)}
    return unheard, faint, tuple(sorted(stretches))


def _legs(parties: Iterable[Party]) -> Legs | None:
    named = set(parties)
    return "both" if len(named) == 2 else next(iter(named), None)
