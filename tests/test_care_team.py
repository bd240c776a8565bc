"""A team's table shows nobody: too few are refused, and so are two tables that differ by a few."""

from __future__ import annotations

import itertools
import random

import pytest

from voicecare.care.team import LEAST_AGENTS, Release, Shared, table
from voicecare.errors import UsageError

WEEK = "2026-W48"


def shared(codes, calls=20, week=WEEK):
    return [Shared(code, week, {"calls": calls, "thanks": n, "recoveries": 1}) for n, code in enumerate(codes)]


def test_five_agents_and_ten_calls_make_a_table_of_rounded_counts():
    made, release = table(shared("abcdefg"), WEEK, [])
    assert (made.agents, made.counts["calls"], made.counts["thanks"]) == (5, 140, 20)
    assert release == Release(WEEK, frozenset("abcdefg"))


@pytest.mark.parametrize(
    ("sharing", "said"),
    [
        (shared("abcd"), "4 agents"),
        (shared("abcde", calls=1), "5 calls"),
        ([*shared("abcd", calls=2), Shared("e", WEEK, {"calls": 50})], "more than half"),
        (shared("abcde", week="2026-W47"), "0 agents"),
    ],
)
def test_too_little_is_refused(sharing, said):
    with pytest.raises(UsageError, match=said):
        table(sharing, WEEK, [])


def test_two_tables_that_differ_by_one_agent_are_refused():
    _, release = table(shared("abcdefg"), WEEK, [])
    with pytest.raises(UsageError, match="fewer than 5"):
        table(shared("abcdef"), WEEK, [release])
    table(shared("abcdefg"), WEEK, [release])


def test_no_way_of_taking_tables_apart_leaves_fewer_than_five():
    rng = random.Random(7)
    for _ in range(200):
        agents = "abcdefghijklmnopqrst"
        releases: list[Release] = []
        for _ in range(4):
            chosen = rng.sample(agents, rng.randint(5, 20))
            try:
                releases.append(table(shared(chosen), WEEK, releases)[1])
            except UsageError:
                continue
        for many in (1, 2, 3):
            for some in itertools.permutations(releases, min(many, len(releases))):
                left = some[0].codes
                for other in some[1:]:
                    left = left - other.codes
                assert not left or len(left) >= LEAST_AGENTS
