"""A team's counts from agents who chose to share theirs: never so few, nor in two tables, that one agent shows through.

Two tables that differ by a few agents would show those few: so a table that comes after others is refused unless every
table made before it, and every sum and difference of two, differs from it by none or by many.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from voicecare.errors import UsageError

LEAST_AGENTS, LEAST_CALLS = 5, 10
"""So many agents, and so many calls, stand behind every number."""
MOST_SHARE = 0.5
"""No agent is more than this share of a cell: else the others know nearly what theirs is."""
ROUND_TO = 5
"""Counts are told to the nearest of these."""
COUNTED = ("calls", "thanks", "recoveries", "cues")


@dataclass(frozen=True, slots=True)
class Shared:
    """What one agent shares of one week: a random code in place of a name, and counts."""

    code: str
    week: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Release:
    """Which agents stand behind a table of a week that was made; counts are not kept with it."""

    week: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class TeamTable:
    """One week's counts of a team, rounded, and from how many agents (that, too, to the nearest five, downwards)."""

    week: str
    agents: int
    counts: Mapping[str, int]


def table(shared: Sequence[Shared], week: str, earlier: Sequence[Release]) -> tuple[TeamTable, Release]:
    """Make the table of one week, and what must be remembered of it.

    Raises:
        UsageError: too few agents or calls, one agent is most of it, or an earlier table would give some away.
    """
    of_week = {one.code: one for one in shared if one.week == week}
    codes = frozenset(of_week)
    if len(codes) < LEAST_AGENTS:
        raise UsageError(f"week {week}: {len(codes)} agents share their counts; a table needs {LEAST_AGENTS}")
    calls = [one.counts.get("calls", 0) for one in of_week.values()]
    if sum(calls) < LEAST_CALLS:
        raise UsageError(f"week {week}: {sum(calls)} calls; a table needs {LEAST_CALLS}")
    for name in COUNTED:
        each = [one.counts.get(name, 0) for one in of_week.values()]
        if sum(each) and max(each) > MOST_SHARE * sum(each) and name == "calls":
            raise UsageError(f"week {week}: one agent has more than half of the calls; it would show through")
    known = [release.codes for release in earlier if release.week == week]
    if not _is_safe(codes, known):
        raise UsageError(
            f"week {week}: with a table made before, this one would show the counts of fewer than {LEAST_AGENTS} "
            "agents; make it with the same agents"
        )
    counts = {name: _rounded(sum(one.counts.get(name, 0) for one in of_week.values())) for name in COUNTED}
    agents = len(codes) // ROUND_TO * ROUND_TO
    return TeamTable(week, agents, counts), Release(week, codes)


def _is_safe(codes: frozenset[str], known: Sequence[frozenset[str]]) -> bool:
    """Whether no part that tables can be taken apart into is small: of this and one or two others."""
    for one in known:
        if not _all_large(codes - one, one - codes, codes & one):
            return False
    for one, other in combinations(known, 2):
        parts = [codes]
        for cut in (one, other):
            parts = [piece for part in parts for piece in (part & cut, part - cut)]
        parts += [one - other - codes, other - one - codes, (one & other) - codes]
        if not _all_large(*parts):
            return False
    return True


def _all_large(*parts: frozenset[str]) -> bool:
    return all(not part or len(part) >= LEAST_AGENTS for part in parts)


def _rounded(count: int) -> int:
    return ROUND_TO * round(count / ROUND_TO)
