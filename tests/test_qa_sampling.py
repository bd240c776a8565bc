"""A sample that stands for all calls, and groups that are too small to be shown."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecare.qa.sampling import Stratum, draw, margin, mean, stratum
from voicecare.qa.smallgroups import LEAST, Member, large_enough, shown

CALM, HEATED = Stratum("morning", "en", "low"), Stratum("morning", "en", "high")


def frame(calm: int, heated: int):
    return [(f"c{n}", CALM) for n in range(calm)] + [(f"h{n}", HEATED) for n in range(heated)]


def test_each_stratum_gives_its_share_but_at_least_two():
    chosen = draw(frame(980, 20), 50, seed=1)
    heated = [one for one in chosen if one.stratum == HEATED.text]
    assert (len(chosen), len(heated)) == (51, 2)
    assert {one.chance for one in heated} == {2 / 20}


def test_the_same_seed_draws_the_same_calls_and_another_one_others():
    assert draw(frame(100, 10), 20, seed=3) == draw(reversed(frame(100, 10)), 20, seed=3)
    assert draw(frame(100, 10), 20, seed=3) != draw(frame(100, 10), 20, seed=4)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 60), st.integers(0, 60), st.integers(1, 80), st.integers(0, 9))
def test_the_weights_of_a_sample_add_up_to_all_calls(calm, heated, size, seed):
    chosen = draw(frame(calm, heated), size, seed)
    assert len({one.call for one in chosen}) == len(chosen)
    assert sum(one.weight for one in chosen) == pytest.approx(calm + heated)


def test_drawing_more_of_the_heated_calls_does_not_tilt_a_figure():
    truth = 20 / 1000  # of 980 calm calls none has it, of 20 heated ones all
    found = []
    for seed in range(40):
        chosen = draw(frame(980, 20), 60, seed)
        found.append(mean([(one, float(one.stratum == HEATED.text)) for one in chosen], draws=10).value)
    assert np.mean(found) == pytest.approx(truth, abs=1e-9)


def test_the_interval_holds_the_truth_about_19_times_in_20():
    draws, hits = 120, 0
    population = np.random.default_rng(5).random(2000) < 0.3
    calls = [(str(n), Stratum("", "", "low" if n % 2 else "high")) for n in range(2000)]
    for seed in range(draws):
        chosen = draw(calls, 120, seed)
        estimate = mean([(one, float(population[int(one.call)])) for one in chosen], draws=300)
        hits += estimate.low <= population.mean() <= estimate.high
    assert hits / draws > 0.88


def test_the_margin_is_said_before_any_result():
    assert margin(96) == pytest.approx(0.1, abs=0.001)
    assert margin(0) == 1.0


def test_a_call_belongs_to_part_of_the_day_language_and_band():
    assert stratum(datetime(2026, 11, 27, 13, 5, tzinfo=UTC), "de", 0.7) == Stratum("afternoon", "de", "high")
    assert stratum(None, None, None).text == "-/-/-"


def members(name: str, calls: int, agents: int):
    return [Member(f"{name}{n}", f"{name}{n % agents}" if agents else None) for n in range(calls)]


def test_a_group_is_shown_from_five_calls_and_five_agents_on():
    assert not large_enough(members("a", 4, 0))
    assert large_enough(members("a", 5, 0))
    assert not large_enough(members("a", 50, 4))
    assert large_enough(members("a", 5, 5))
    assert not large_enough([*members("a", 10, 1), Member("x")])  # a single agent and calls of nobody known


def test_what_the_total_less_the_shown_would_give_away_is_hidden_too():
    groups = {"large": members("l", 40, 8), "middle": members("m", 12, 6), "one agent": members("o", 30, 1)}
    assert shown(groups) == {"large"}


groups = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.integers(0, 12), st.integers(0, 8)), min_size=1, max_size=6
).map(lambda sizes: {name: members(name, calls, agents) for name, (calls, agents) in sizes.items()})


@settings(max_examples=200, deadline=None)
@given(groups)
def test_neither_a_shown_group_nor_the_hidden_rest_is_ever_small(groups):
    kept = shown(groups)
    assert all(large_enough(groups[name]) for name in kept)
    hidden = [member for name, group in groups.items() if name not in kept for member in group]
    assert not kept or not hidden or len({m.call for m in hidden}) >= LEAST
