"""The rest of care's figures: pages, switches over a month, tables that somebody tries to take apart, effects."""

from __future__ import annotations

import itertools
import random
import statistics
import time
from collections.abc import Iterator
from datetime import date

from scripts.bench.scores.care_figures import Figure, least, most
from voicecare.care.care import Care
from voicecare.care.day import day
from voicecare.care.diary import Diary, day_of
from voicecare.care.helps import Group, effect, needed
from voicecare.care.page import render
from voicecare.care.team import LEAST_AGENTS, Release, Shared, table
from voicecare.care.wording import Texts
from voicecare.config import Config
from voicecare.errors import UsageError

NOON_S = 1_795_780_800.0
DAY_S = 86_400.0
DAYS, CALLS = 200, 120


def figures(seed: int) -> Iterator[Figure]:
    """Pages of random days of 120 calls each."""
    rng, texts = random.Random(seed), Texts.load()
    slowest_s, with_good, told_good, wrong_order, two = 0.0, 0, 0, 0, 0
    for number in range(DAYS):
        with Diary(None) as diary:
            good = _day(diary, rng, CALLS)
            began_s = time.perf_counter()
            page = day(diary, date.fromisoformat(day_of(NOON_S)), texts, Config())
            html = render(page, texts)
            if number:  # the first loads the template engine
                slowest_s = max(slowest_s, time.perf_counter() - began_s)
        with_good += good
        told_good += bool(page.good)
        two += html.count('class="try"') > 1
        wrong_order += 'id="try"' in html and 'id="good"' in html and html.index('id="try"') < html.index('id="good"')
    yield most("C4", f"seconds to build the page of a day of {CALLS} calls, the slowest of {DAYS}", 1, slowest_s)
    yield least("C4", "days with something good whose page begins with it, share", 1, told_good / max(1, with_good))
    yield most("C4", "pages whose suggestion comes before the good things, or that have two", 0, wrong_order + two)


def switched() -> Iterator[Figure]:
    """A month of shifts after care was switched off, or its first question closed."""
    asked = 0
    for closed in (True, False):
        with Diary(None) as diary:
            care = Care(diary, Config())
            care.shift_begins(NOON_S)
            card = care.card(NOON_S)
            if card is not None and not closed:
                care.answer(card.id, "none", "", NOON_S + 1)
            else:
                care.card(NOON_S + 600)
            for number in range(1, 30):
                care = Care(diary, Config())  # a restart every day
                care.shift_begins(NOON_S + number * DAY_S)
                asked += care.card(NOON_S + number * DAY_S) is not None
    yield most("C10", "questions within 30 days of being closed or answered with 'nothing', restarts between", 0, asked)


def teams(seed: int) -> Iterator[Figure]:
    """Tables of random sets of agents, taken apart by every difference and meet of up to three."""
    rng, smallest, made, refused = random.Random(seed), 99, 0, 0
    for _ in range(300):
        releases: list[Release] = []
        for _ in range(5):
            chosen = rng.sample(range(24), rng.randint(3, 24))
            shared = [Shared(str(code), "2026-W48", {"calls": 30}) for code in chosen]
            try:
                releases.append(table(shared, "2026-W48", releases)[1])
                made += 1
            except UsageError:
                refused += 1
        for some in itertools.permutations(releases, min(3, len(releases))):
            smallest = min([smallest, *_parts([release.codes for release in some])])
    yield least(
        "C11",
        "agents in the smallest part that tables can be taken apart into",
        LEAST_AGENTS,
        smallest,
        f" ({made} tables, {refused} refused)",
    )


def compared(seed: int) -> Iterator[Figure]:
    """How often the interval of two groups' difference holds the truth."""
    rng, held, rounds = random.Random(seed), 0, 4_000
    for _ in range(rounds):
        a, b = ([rng.gauss(mean, 1.0) for _ in range(14)] for mean in (0.35, 0.0))
        found = effect(*(Group(len(x), statistics.mean(x), statistics.stdev(x)) for x in (a, b)))
        held += found.least <= 0.35 <= found.most
    share = held / rounds
    yield Figure(
        "C12",
        "intervals of 95 % that hold the truth, two groups of 14",
        ".94 to .96",
        f"{share:.3f}",
        0.94 <= share <= 0.96,
    )
    yield Figure("C12", "agents a group needs for an effect of .35", "said first", str(needed(0.35)), None)


def _parts(sets: list[frozenset[str]]) -> Iterator[int]:
    first, *rest = sets
    pieces = [first]
    for other in rest:
        pieces = [piece for part in pieces for piece in (part & other, part - other)]
    return (len(piece) for piece in pieces if piece)


def _day(diary: Diary, rng: random.Random, calls: int) -> bool:
    """A day's rows; True if something good is among them."""
    share = rng.random()
    good = False
    for number in range(calls):
        if rng.random() > share:
            continue
        kind, now_s = rng.choice(("thanks", "recovery", "well", "differently", "missed")), NOON_S + number
        good |= kind in ("thanks", "recovery", "well")
        if kind == "thanks":
            diary.add("thanks", now_s, text="Thank you so much for your help.", language="en")
        elif kind == "recovery":
            diary.add("recoveries", now_s, calm_s=60)
        elif kind == "missed":
            diary.add("intentions", now_s, text="@let_finish", kept="no")
        else:
            diary.add("moments", now_s, fact="eased", went=kind, note="a note" if rng.random() < 0.5 else "")
    return good
