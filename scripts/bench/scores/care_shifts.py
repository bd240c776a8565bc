"""Shifts of calls through care, with a clock that is counted and not waited for: what is shown, and what is left over.

Lengths of calls are those of 35 real consultations. Gaps: of those that follow at once, within three seconds or after
a while; no recording of real gaps is at hand. Callers are heard ones (`care_calls`); among hard calls are some that end
while the caller is angry, and some whose heat lasts three times as long.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from scripts.bench.scores.care_calls import HeardCall
from scripts.bench.scores.care_figures import Figure, least, most
from voicecare.care.cards import Card, Fact
from voicecare.care.care import Care
from voicecare.care.diary import Diary
from voicecare.care.recovery import is_hard
from voicecare.care.seen import FRIENDLY, CallSeen, CueSeen, StrainSeen
from voicecare.care.thanks import Thanks
from voicecare.config import Config

SHIFT_S = 8 * 3_600.0
DAY_S = 86_400.0
START_S = 1_795_766_400.0
LOOKS_S = (0.0, 1.0, 2.9, 3.0, 5.0, 12.0, 21.0, 40.0, 61.0, 130.0, 301.0, 620.0)
"""When the screen is looked at after a call has ended; in a call and while it rings it is looked at three times."""
AT_ONCE, SOON = 0.35, 0.15
"""Shares of gaps under half a second (back to back, transfers) and under five."""
HARD_CALLS = 0.15
FACT = Fact("eased", 60.0, "at_ease")


@dataclass(frozen=True, slots=True)
class Prototype:
    """A call as care sees it, and whether it was made to be hard."""

    seen: CallSeen
    made_hard: bool
    kind: str


@dataclass(slots=True)
class Tally:
    """What was counted over all shifts. Seconds and counts."""

    shifts: int = 0
    calls: int = 0
    in_call: int = 0
    looks_in_call: int = 0
    offers: list[list[float]] = field(default_factory=list)
    hard_with_room: int = 0
    hard_offered: int = 0
    made_hard: int = 0
    made_hard_seen: int = 0
    not_hard_offers: int = 0
    early: int = 0
    silent_broken: int = 0
    two_at_once: int = 0
    declined: int = 0
    declined_rows: int = 0
    check_ins: Counter[int] = field(default_factory=Counter)
    intentions_said: Counter[int] = field(default_factory=Counter)
    moments: int = 0
    moment_gaps: list[int] = field(default_factory=list)
    cards: Counter[str] = field(default_factory=Counter)
    most_cards: int = 0
    calm_calls_h: float = 0.0
    offers_calm: int = 0


def prototypes(calls: list[HeardCall]) -> list[Prototype]:
    """The calls of a shift: as heard; ended within the heat; with heat three times as long."""
    made = []
    for call in calls:
        made.append(Prototype(as_seen(call), made_hard=False, kind=call.kind))
        if call.aroused:
            start_s, end_s = call.aroused[-1]
            made.append(Prototype(as_seen(call, end_s), made_hard=True, kind=f"{call.kind}, left so"))
            made.append(Prototype(_long(as_seen(call), start_s, end_s), made_hard=True, kind=f"{call.kind}, long"))
    return made


def as_seen(call: HeardCall, end_s: float | None = None) -> CallSeen:
    """A heard call as care sees it; cut where it ends early."""
    end_s = call.length_s if end_s is None else min(end_s, call.length_s)
    cues = Config().cues
    return CallSeen(
        end_s,
        cues.high,
        cues.low,
        tuple(StrainSeen(at_s, value) for at_s, value in call.strain if at_s <= end_s),
        cues=tuple(
            CueSeen(number, "acknowledge", "strain", at_s, "eased", friendly=FRIENDLY in codes)
            for number, (at_s, codes) in enumerate(call.because)
            if at_s <= end_s
        ),
    )


def lengths_s(data: Path) -> list[float]:
    """How long the real consultations lasted."""
    files = sorted(data.glob("calls/primock57-timing/*.timeline.json"))
    return [max(s["end"] for s in json.loads(file.read_text(encoding="utf-8"))["segments"]) for file in files]


def simulate(pool: list[Prototype], lengths: list[float], shifts: int, seed: int) -> Tally:
    """Run so many shifts, each an agent of its own; every tenth has calm callers only."""
    tally = Tally()
    calm = [one for one in pool if not one.made_hard and one.kind in ("calm", "joyful", "elated")]
    hard = [one for one in pool if one.made_hard]
    mild = [one for one in pool if not one.made_hard]
    for number in range(shifts):
        rng = random.Random(seed + number)
        all_calm = number % 10 == 0
        kinds = (calm, calm) if all_calm else (mild, hard)
        _shift(tally, kinds, lengths, rng, all_calm=all_calm)
    return tally


def _shift(
    tally: Tally,
    kinds: tuple[list[Prototype], list[Prototype]],
    lengths: list[float],
    rng: random.Random,
    *,
    all_calm: bool,
) -> None:
    """One agent's first two shifts: in the first the first question is put, the second is counted."""
    diary = Diary(None)
    care = Care(diary, Config())
    now_s = START_S + rng.uniform(0, 3_600)
    care.shift_begins(now_s - DAY_S)
    first = care.card(now_s - DAY_S)
    if first is not None:
        care.answer(first.id, "all", "", now_s - DAY_S + 5)
    care.shift_begins(now_s)
    agent = _Agent(care, diary, tally, rng)
    end_s = now_s + SHIFT_S
    agent.look(now_s, 0.0)
    now_s += 40.0
    since_moment = 99
    while now_s < end_s:
        one = kinds[1] if rng.random() < HARD_CALLS else kinds[0]
        call = _drawn(rng.choice(one), rng.choice(lengths), rng)
        now_s = agent.call(now_s, call, rng)
        tally.calls += 1
        since_moment += 1
        if all_calm:
            tally.calm_calls_h += call.seen.length_s / 3_600
        gap_s = _gap_s(rng)
        if agent.between(now_s, gap_s, call):
            tally.moments += 1
            tally.moment_gaps.append(since_moment)
            since_moment = 0
        now_s += gap_s
    tally.shifts += 1
    tally.offers.append(agent.offers)
    tally.offers_calm += len(agent.offers) if all_calm else 0
    tally.check_ins[agent.check_ins] += 1
    tally.intentions_said[agent.said] += 1
    tally.most_cards = max(tally.most_cards, agent.asked)
    care.shift_ends(end_s)
    diary.close()


class _Agent:
    """An agent who sometimes takes a break, sometimes says "not now", sometimes does not look."""

    def __init__(self, care: Care, diary: Diary, tally: Tally, rng: random.Random) -> None:
        self.care, self.diary, self.tally, self.rng = care, diary, tally, rng
        self.offers: list[float] = []
        self.check_ins = self.said = self.asked = 0
        self._refused, self._silent_until_s, self._hard_s = 0, 0.0, float("-inf")
        self._last: int | None = None
        self._pause_s: float | None = None

    def call(self, now_s: float, call: Prototype, rng: random.Random) -> float:
        """Ring, sometimes in vain, and talk; return when it ended."""
        care, tally = self.care, self.tally
        if self._pause_s is not None and now_s - self._pause_s >= 300:
            self._refused, self._hard_s = 0, float("-inf")
        if rng.random() < 0.7:
            care.call_rings(now_s)
            for after_s in (0.0, 0.2, 4.0):
                tally.looks_in_call += 1
                tally.in_call += care.card(now_s + after_s) is not None
            if rng.random() < 0.05:
                care.ringing_stopped()
                care.call_rings(now_s + 6.0)
            now_s += 7.0
        care.call_begins(now_s)
        length_s = call.seen.length_s
        for share in (0.0, 0.5, 0.99):
            if rng.random() < 0.05:  # another call waits, and gives up: this one goes on
                care.call_rings(now_s + share * length_s)
                care.ringing_stopped()
            tally.looks_in_call += 1
            tally.in_call += care.card(now_s + share * length_s) is not None
        now_s += length_s
        care.call_ended(now_s, call.seen, (FACT,))
        self._pause_s = now_s
        if is_hard(call.seen):
            self._hard_s = now_s
        tally.made_hard += call.made_hard
        tally.made_hard_seen += call.made_hard and is_hard(call.seen)
        return now_s

    def between(self, now_s: float, gap_s: float, call: Prototype) -> bool:
        """Look at the screen until the next call; True if a moment was shown."""
        room = (
            gap_s > 3.0
            and now_s - self._hard_s <= 890
            and now_s + 3 >= self._silent_until_s
            and len(self.offers) < 4
            and (not self.offers or now_s + 3 - self.offers[-1] >= 1_800)
        )
        before, moment = len(self.offers), False
        for after_s in LOOKS_S:
            if after_s < gap_s:
                moment |= self.look(now_s + after_s, after_s)
        if room:
            self.tally.hard_with_room += 1
            self.tally.hard_offered += len(self.offers) > before
        elif len(self.offers) > before and not is_hard(call.seen) and now_s - self._hard_s > 900:
            self.tally.not_hard_offers += 1
        if len(self.offers) > before:
            self._hard_s = float("-inf")
        return moment

    def look(self, now_s: float, after_s: float) -> bool:
        """See what stands, and answer it or not; True if it is a new moment."""
        card = self.care.card(now_s)
        if card is None or card.id == self._last:
            return False
        self._last = card.id
        self.tally.cards[card.kind] += 1
        self.tally.early += card.kind not in ("check_in", "welcome") and after_s < 3.0
        self.asked += card.kind in ("thanks", "recovery", "cues", "moment")
        if card.kind == "offer":
            self._offered(card, now_s)
        elif card.kind == "check_in":
            self.check_ins += 1
            self.care.answer(card.id, self.rng.choice(("let_finish", "own", "skip")), "I stay kind", now_s + 1)
        elif card.kind == "cues":
            self.care.answer(card.id, self.rng.choice(("helped", "not_needed", "skip")), "", now_s + 1)
        elif card.kind in ("moment", "thanks") and self.rng.random() < 0.5:
            self.care.answer(card.id, card.choices[0], "a note", now_s + 1)
        return card.kind == "moment"

    def _offered(self, card: Card, now_s: float) -> None:
        self.offers.append(now_s)
        self.said += "intention" in card.names
        self.tally.silent_broken += now_s < self._silent_until_s
        drawn = self.rng.random()
        if drawn < 0.4:
            before = self.diary.everything()
            self.care.answer(card.id, "not_now", "", now_s + 2)
            self.tally.declined += 1
            self.tally.declined_rows += before != self.diary.everything()
            self._refused += 1
            if self._refused == 2:
                self._refused, self._silent_until_s = 0, now_s + 7_200
        elif drawn < 0.8:
            self.care.answer(card.id, self.rng.choice(("2", "5", "10")), "", now_s + 2)
            self._refused = 0


def _drawn(one: Prototype, length_s: float, rng: random.Random) -> Prototype:
    """A prototype at the end of a call of a real length, with thanks in one call of six."""
    lead_s = max(0.0, length_s - one.seen.length_s)
    thanks = (Thanks(lead_s + 10, "Thank you so much for your help.", "en"),) if rng.random() < 1 / 6 else ()
    seen = dataclasses.replace(
        one.seen,
        length_s=one.seen.length_s + lead_s,
        strain=tuple(StrainSeen(e.at_s + lead_s, e.value) for e in one.seen.strain),
        cues=tuple(dataclasses.replace(cue, at_s=cue.at_s + lead_s) for cue in one.seen.cues),
        thanks=thanks,
    )
    return dataclasses.replace(one, seen=seen)


def _long(seen: CallSeen, start_s: float, end_s: float) -> CallSeen:
    """The same call with its heat three times over."""
    heat_s = end_s - start_s
    hot = [e for e in seen.strain if start_s + 8 <= e.at_s < end_s]
    strain = [e for e in seen.strain if e.at_s < end_s]
    strain += [StrainSeen(e.at_s + turn * heat_s, e.value) for turn in (1, 2) for e in hot]
    strain += [StrainSeen(e.at_s + 2 * heat_s, e.value) for e in seen.strain if e.at_s >= end_s]
    return dataclasses.replace(seen, strain=tuple(strain), length_s=seen.length_s + 2 * heat_s)


def _gap_s(rng: random.Random) -> float:
    drawn = rng.random()
    if drawn < AT_ONCE:
        return rng.uniform(0.0, 0.5)
    if drawn < AT_ONCE + SOON:
        return rng.uniform(0.5, 5.0)
    return min(1_200.0, rng.expovariate(1 / 60))


def figures(tally: Tally, pool: list[Prototype]) -> Iterator[Figure]:
    """The figures of breaks, moments and intentions, and of the budget that all cards share."""
    gaps_s = [later - sooner for offers in tally.offers for sooner, later in pairwise(offers)]
    offers = sum(map(len, tally.offers))
    of = f" of {tally.looks_in_call:,} looks in {tally.calls:,} calls"
    yield most("C1", f"cards in a call or while it rings, {tally.shifts:,} shifts", 0, tally.in_call, of)
    yield most("C1", "cards sooner than 3 s after a call", 0, tally.early)
    yield least("C1", "seconds between two offers, the shortest", 1_800, min(gaps_s, default=1e9))
    yield most("C1", "offers a shift, the most", 4, max(map(len, tally.offers), default=0), f" ({offers:,} offers)")
    share = tally.hard_offered / max(1, tally.hard_with_room)
    yield least(
        "C1",
        "hard calls offered a break when the limits and the gap allow",
        0.9,
        share,
        f" of {tally.hard_with_room:,}",
    )
    yield most("C1", "offers after calls that were not hard", 0, tally.not_hard_offers)
    hours = max(1e-9, tally.calm_calls_h)
    yield most(
        "C1", "offers an hour of calm and merry callers' calls", 1, tally.offers_calm / hours, f" in {hours:,.0f} h"
    )
    made = [one for one in pool if one.made_hard]
    for name in ("long", "left so"):
        of_name = [one for one in made if one.kind.endswith(name)]
        told = sum(is_hard(one.seen) for one in of_name)
        label = {"long": "90 to 150 s of anger or fear", "left so": "a call that ends within it"}[name]
        yield Figure("C1", f"built as hard, {label}: called hard", "-", f"{told} of {len(of_name)}", None)
    yield most("C1", f"rows written by {tally.declined:,} times 'not now'", 0, tally.declined_rows)
    yield most("C1", "offers within 2 h of two 'not now' in a row", 0, tally.silent_broken)
    yield most(
        "C3", "calls asked about, share", 0.25, tally.moments / max(1, tally.calls), f" ({tally.moments:,} moments)"
    )
    yield least("C3", "calls from one moment to the next, the fewest", 4, min(tally.moment_gaps, default=99))
    yield most("C7", "check-ins a shift, the most", 1, max(tally.check_ins))
    yield most("C7", "times the intention is said again a shift, the most", 1, max(tally.intentions_said))
    yield Figure(
        "all", "cards besides breaks a shift, the most", "<= 10", str(tally.most_cards), tally.most_cards <= 10
    )
    kinds = ", ".join(f"{kind} {count / tally.shifts:.1f}" for kind, count in tally.cards.most_common())
    yield Figure("all", "cards a shift, mean", "-", kinds, None)
